"""The toy application: the screens of `toy`, the pages without a menu, a strict policy."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, redirect, render_template, request
from flask_admin import Admin
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import Form, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired

from portal.protection.headers import send_headers
from tests.templates import toy

FRAME = {
    "officer_name": "Sari Dewi",
    "officer_role": "Petugas",
    "notices_url": "/pemberitahuan",
    "notices_count": 3,
    "menu_counts": {"/admin/file/": 4},
    "languages": [("id", "Bahasa Indonesia", "/bahasa"), ("en", "English", "/bahasa")],
}


class SignIn(Form):
    username = StringField("Nama pengguna", [InputRequired("Isi nama pengguna.")])
    password = PasswordField("Kata sandi", [InputRequired("Isi kata sandi.")])


class Quick(Form):
    note = TextAreaField("Catatan", description="Tulis sambil mendengarkan.")


def add_pages(app: Flask, posted: list[dict[str, Any]]) -> None:
    """The pages that are not generated; `posted` keeps what reached them."""

    @app.route("/masuk", methods=["GET", "POST"])
    def sign_in() -> str:
        form = SignIn(request.form)
        if request.method == "POST":
            form.validate()
        return render_template("sign_in.html", form=form, demo_accounts=[("petugas", "Petugas")])

    @app.get("/galat")
    def error() -> str:
        sentence = "Halaman yang Anda cari tidak ada, atau bukan untuk Anda."
        return render_template("error.html", title="Halaman tidak ditemukan", sentence=sentence)

    @app.post("/draf")
    def draft() -> Response:
        token = request.headers.get("X-CSRFToken")
        posted.append({"draft": request.form["note"], "token": token})
        return jsonify(fields={})

    @app.post("/kirim")
    def send() -> Any:
        posted.append({"sent": request.form["note"]})
        return redirect("/cepat")

    @app.get("/cepat")
    def quick() -> str:
        return render_template("quick.html", form=Quick())


def make_app(folder: Path) -> Flask:
    """The application; `app.extensions["posted"]` is what its forms sent."""
    app = Flask("portal")
    app.config |= {
        "SECRET_KEY": "hanya untuk uji coba",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/toy.sqlite3",
    }
    here = FileSystemLoader(Path(__file__).with_name("pages"))
    app.jinja_loader = ChoiceLoader([app.jinja_loader, here])
    toy.db.init_app(app)
    Babel(app, default_locale="id")
    CSRFProtect(app)
    admin = Admin(app, name="Ruang Aman")
    admin.add_view(toy.FileScreen(toy.File, toy.db, name="Perkara", endpoint="file"))
    admin.add_view(
        toy.WorkerScreen(toy.Worker, toy.db, name="Petugas", endpoint="worker", category="Kantor")
    )
    app.extensions["posted"] = []
    add_pages(app, app.extensions["posted"])
    app.context_processor(lambda: FRAME)

    send_headers(app, https=False)
    with app.app_context():
        toy.db.create_all()
        toy.fill()
    return app
