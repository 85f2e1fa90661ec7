"""Home, the standard, the blank form, the language, and the quick way out."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.casework import drafts
from portal.db import db
from portal.letters import blank_form as form_pendaftaran
from portal.protection import cookies
from portal.protection.parameters import stays_here
from portal.public import visit
from portal.public.site import NEUTRAL, everything, site
from portal.wording import LANGUAGES


@site.get("/")
def home() -> str:
    """Help first: whom to call now, then how to report."""
    return render_template("public/home.html")


@site.get("/standar-pelayanan")
def standard() -> str:
    """The published service standard."""
    return render_template("public/standard.html")


@site.get("/formulir.pdf")
def blank_form() -> Response:
    """The Form Pendaftaran to print and fill in by hand."""
    response = make_response(form_pendaftaran.render(db.session()))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="formulir.pdf"'
    return response


@site.post("/bahasa")
def choose_language() -> Response:
    """Remember the language and return to the page it was chosen on."""
    code, back = request.form.get("bahasa", ""), request.form.get("kembali", "")
    response = redirect(back if stays_here(back) else "/", 303)
    if code in LANGUAGES:
        # Until the browser is closed: a cookie that stays would tell of the visit.
        cookies.give(response, visit.LANGUAGE_COOKIE, code)
    return response


@site.post("/keluar-cepat")
def leave() -> Response:
    """Destroy the draft, forget the visit, go to the neutral page."""
    with everything() as session:
        drafts.discard(session, drafts.REPORT, visit.form_token())
        db.session.commit()
    return visit.forget_everything(redirect(url_for("public.elsewhere"), 303))


@site.get("/cuaca")
def elsewhere() -> Response:
    """A page about nothing that leads out of the house.

    A form may only lead to our own pages (form-action of the Content-Security-Policy), so the
    last step outwards is a refresh; with JavaScript the browser goes there by itself. Whoever comes
    by Back (`kota`) stays here, and may say that they want to return.
    """
    response = make_response(render_template("public/elsewhere.html"))
    if "kota" not in request.args:
        response.headers["Refresh"] = f"0; url={NEUTRAL}"
    return response


@site.post("/kembali")
def come_back() -> Response:
    """Somebody who left in a hurry is here again and safe."""
    return visit.come_back(redirect(url_for("public.home"), 303))
