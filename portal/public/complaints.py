"""`/pengaduan-layanan`: complaints about the service itself, and what became of them."""

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.casework import service_complaints
from portal.casework.receipts import LONGEST_INPUT
from portal.db import db
from portal.public import summary, visit
from portal.public.checks import clean
from portal.public.fields import Lists
from portal.public.forms import ComplaintForm
from portal.public.site import everything, site

Answer = str | Response | tuple[str, int]
FORM = visit.COMPLAINT_FORM


@site.get("/pengaduan-layanan")
def complain() -> Answer:
    """The form, the other ways to complain, and the way to the answer."""
    with everything() as session:
        if service_complaints.was_sent(session, visit.form_token(FORM)):
            visit.new_form(FORM)
    return _page(_form())


@site.post("/pengaduan-layanan")
def send_complaint() -> Answer:
    """Take the complaint in, once; show its receipt."""
    own, form = visit.is_own_form(FORM), _form()
    valid = form.validate()
    if not valid or not own:
        return _page(form, late=valid), 422 if not valid else 200
    with everything() as session:
        service_complaints.receive(
            session,
            body=form["body"].data,
            name=form["name"].data,
            contact=form["contact"].data,
            token=visit.form_token(FORM),
            now=visit.now(),
        )
        db.session.commit()
    return redirect(url_for("public.complaint_sent"), 303)


@site.get("/pengaduan-layanan/selesai")
def complaint_sent() -> Answer:
    """The receipt, for fifteen minutes."""
    with everything() as session:
        receipt = service_complaints.receipt_again(session, visit.form_token(FORM), visit.now())
    if receipt is None:
        return redirect(url_for("public.complain"), 303)
    return render_template("public/complaint_receipt.html", receipt=receipt)


@site.get("/pengaduan-layanan/status")
def complaint_status() -> Answer:
    """Ask for number and code."""
    return render_template("public/complaint_status.html", number="", found=None, wrong=False)


@site.post("/pengaduan-layanan/status")
def find_complaint() -> Answer:
    """Status and answer of a complaint, or the one sentence for everything else."""
    number, code = (clean(request.form.get(name))[:LONGEST_INPUT] for name in ("nomor", "kode"))
    with everything() as session:
        found = service_complaints.find(session, number, code)
    page = render_template(
        "public/complaint_status.html", number=number, found=found, wrong=found is None
    )
    return page, 200 if found else 422


def _form() -> ComplaintForm:
    posted = {name: request.form.getlist(name) for name in request.form}
    return ComplaintForm(MultiDict(posted), Lists(db.session()))


def _page(form: ComplaintForm, late: bool = False) -> str:
    return render_template(
        "public/complaint.html",
        form=form,
        problems=summary.problems(form),
        late=late,
        csrf=visit.field_for(visit.form_token(FORM)),
    )
