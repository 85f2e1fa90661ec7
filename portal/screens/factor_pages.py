"""Getting a second factor, and giving one up: an app, a passkey, recovery codes.

Open to an officer who has just proven again who they are, and to one who gave
the password and has no factor yet where one is compulsory.
"""

import io
from typing import Any

import segno
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from models import Officer
from portal.access import factors, passkeys
from portal.access.factors import LastFactor, WrongCode
from portal.db import db
from portal.screens import browser_session as browser
from portal.screens import door, second_step
from portal.screens.sign_in import HOME, current_officer, half_way
from portal.wording import _, lazy

SECRET = "totp"
ACCOUNT = "account.index"

blueprint = Blueprint("factors", __name__, url_prefix="/masuk/faktor")


class AppForm(Form):
    """What the app shows once it knows the secret."""

    code = StringField(
        lazy("Kode 6 angka dari aplikasi"),
        [InputRequired(lazy("Tulis kode yang ditunjukkan aplikasi.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class KeyForm(Form):
    """What the passkey answered, and its name."""

    label = StringField(
        lazy("Nama untuk kunci ini"),
        [InputRequired(lazy("Beri nama, misalnya “Ponsel kantor”.")), Length(max=60)],
    )
    credential = HiddenField(validators=[Length(max=passkeys.LONGEST_ANSWER)])


# --- who may ----------------------------------------------------------------------------------


@blueprint.before_request
def _only_who_may() -> AnyResponse | None:
    officer = half_way()
    if officer is not None:
        return redirect(url_for("second_step.ask")) if factors.of(db.session(), officer) else None
    if current_officer() is None:
        return redirect(url_for("sign_in.sign_in"))
    if browser.is_sure():
        return None
    target = request.path if request.method == "GET" else url_for(ACCOUNT)
    return second_step.to_make_sure(target)


def _who() -> Officer:
    officer = half_way() or current_officer()
    return officer if officer is not None else abort(401)


# --- getting one ------------------------------------------------------------------------------


@blueprint.get("/")
def choose() -> str:
    """Which one."""
    return render_template("factor_choice.html", compulsory=half_way() is not None)


@blueprint.route("/aplikasi", methods=["GET", "POST"])
def by_app() -> Any:
    """An app that shows codes: scan, then prove it."""
    officer, form, here = _who(), AppForm(request.form), browser.here()
    secret = here.get(SECRET) or factors.new_secret()
    here[SECRET] = secret
    if request.method == "POST" and form.validate():
        try:
            factors.enrol_totp(db.session(), officer, secret, form.code.data or "", browser.now())
        except WrongCode:
            form.code.errors = [_("Kode itu tidak cocok. Periksa jam ponsel Anda, lalu coba lagi.")]
        else:
            here.pop(SECRET)
            return _added(officer, factors.TOTP)
    spelled = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return render_template("factor_app.html", form=form, secret=spelled)


@blueprint.get("/aplikasi/qr.svg")
def qr() -> Response:
    """The secret as a picture, for the app's camera."""
    secret = browser.here().get(SECRET) or abort(404)
    out = io.BytesIO()
    segno.make(factors.uri(_who(), secret), error="m").save(out, kind="svg", scale=5, light="#fff")
    return Response(out.getvalue(), mimetype="image/svg+xml")


@blueprint.route("/kunci", methods=["GET", "POST"])
def by_key() -> Any:
    """A passkey of this device, or a security key."""
    officer, form, here = _who(), KeyForm(request.form), browser.here()
    challenge = here.pop(second_step.CHALLENGE, "")
    if request.method == "POST" and form.validate():
        answer, label = form.credential.data or "", form.label.data or ""
        try:
            passkeys.enrol(db.session(), officer, browser.site(), challenge, answer, label)
        except WrongCode:
            form.form_errors.append(_("Kunci itu tidak dapat didaftarkan. Coba sekali lagi."))
        else:
            return _added(officer, factors.PASSKEY)
    options, here[second_step.CHALLENGE] = passkeys.creation(db.session(), officer, browser.site())
    return render_template("factor_key.html", form=form, options=options)


def _added(officer: Officer, kind: str) -> AnyResponse:
    """With the first factor come recovery codes; who was half way in is in now."""
    session, target = db.session(), browser.here().get(door.NEXT, HOME)
    codes = [] if factors.codes_left(session, officer) else factors.make_codes(session, officer)
    session.commit()
    if half_way() is not None:
        target = door.admit(officer, kind, target)
    else:
        target = url_for(ACCOUNT)
        flash(_("Langkah kedua ditambahkan. Akhiri sesi lain bila tidak Anda kenali."), "success")
    return _codes_page(codes, target) if codes else redirect(target, 303)


# --- recovery codes, and giving up ------------------------------------------------------------


@blueprint.post("/kode")
def new_codes() -> AnyResponse:
    """Ten fresh recovery codes; older ones are void."""
    officer = current_officer() or abort(404)
    if not factors.of(db.session(), officer):
        abort(404)
    codes = factors.make_codes(db.session(), officer)
    db.session.commit()
    return _codes_page(codes, url_for(ACCOUNT))


def _codes_page(codes: list[str], target: str) -> AnyResponse:
    """Shown this once."""
    return make_response(render_template("recovery_codes.html", codes=codes, target=target))


@blueprint.post("/<int:number>/hapus")
def remove(number: int) -> AnyResponse:
    """Give a factor up."""
    officer = current_officer() or abort(404)
    try:
        factors.remove(db.session(), officer, number, browser.policy().env)
    except LookupError:
        abort(404)
    except LastFactor:
        flash(_("Langkah kedua wajib. Tambahkan yang baru sebelum menghapus yang ini."), "error")
    else:
        db.session.commit()
        flash(_("Langkah kedua dihapus."), "success")
    return redirect(url_for(ACCOUNT), 303)
