from flask import request
from flask_admin import expose

from portal.db import db
from portal.protection import audit


@expose("/details/")
def looked_at(row):
    row.seen = True
    # ruleid: commit-on-get
    db.session.commit()


@blueprint.route("/buka/<code>")
def opened(code):
    # ruleid: commit-on-get
    edge.session().commit()


@blueprint.get("/buka/<code>")
def got(code):
    # ruleid: commit-on-get
    db.session.commit()


@expose("/isi/", methods=("GET", "POST"))
def both(row):
    form = Form(request.form)
    # ruleid: commit-on-get
    db.session.commit()
    if request.method == "POST" and form.validate():
        # ok: commit-on-get
        db.session.commit()


@blueprint.route("/isi", methods=["GET", "POST"])
def early(row):
    if request.method != "POST":
        return "form"
    # ok: commit-on-get
    db.session.commit()


@blueprint.route("/ubah", methods=["GET", "POST"])
def late(row):
    form = Form(request.form)
    if request.method == "GET" or not form.validate():
        return "form"
    # ok: commit-on-get
    db.session.commit()


@expose("/hapus/", methods=("POST",))
def posted(row):
    # ok: commit-on-get
    db.session.commit()


@expose("/rincian/")
def noted(row):
    if row.personal:
        audit.record(db.session(), "viewed", me(), row)
        # ok: commit-on-get
        db.session.commit()


def helper(session):
    # ok: commit-on-get
    session.commit()
