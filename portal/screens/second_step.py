"""The second step of signing in, and the same questions again before something grave.

Nothing here is open to somebody who has not given the password. What proves the
step is a code of the app, a recovery code or a passkey.
"""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from models import Officer
from portal.access import delays, factors, passkeys
from portal.access.factors import WrongCode
from portal.db import db
from portal.screens import browser_session as browser
from portal.screens import door
from portal.screens.sign_in import HOME, current_officer, half_way, is_ours
from portal.wording import _, lazy

CHALLENGE = "challenge"
FEW_CODES = 4

blueprint = Blueprint("second_step", __name__)


class CodeForm(Form):
    """A code, or what a passkey answered."""

    code = StringField(
        lazy("Kode dari aplikasi, atau kode pemulihan"),
        [Length(max=100)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )
    credential = HiddenField(validators=[Length(max=passkeys.LONGEST_ANSWER)])


class SureForm(CodeForm):
    """The password as well."""

    password = PasswordField(
        lazy("Kata sandi"),
        [InputRequired(lazy("Tulis kata sandi Anda.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


def prove(officer: Officer, form: CodeForm) -> str:
    """The kind of factor the form proves; `WrongCode` or `TooSoon`. Counted and committed."""
    session, now = db.session(), browser.now()
    challenge = browser.here().pop(CHALLENGE, "")
    try:
        if form.credential.data:
            answer = form.credential.data
            return passkeys.check(session, officer, browser.site(), challenge, answer, now)
        return _prove_by_code(officer, form.code.data or "")
    finally:
        session.commit()


def _prove_by_code(officer: Officer, code: str) -> str:
    """Slowed down like a password; a passkey needs no such thing, it cannot be guessed."""
    session, now = db.session(), browser.now()
    tries = delays.for_second_factor(officer.username, door.known_device(officer.username))
    door.count(tries)
    kind = factors.check(session, officer, code, now)
    delays.forgive(session, tries, now)
    return kind


def passkey_options(officer: Officer) -> str:
    """What the page asks the browser to sign (JSON), its challenge kept; empty without passkeys."""
    session = db.session()
    if not factors.of(session, officer, factors.PASSKEY):
        return ""
    options, challenge = passkeys.request(session, officer, browser.site())
    browser.here()[CHALLENGE] = challenge
    return options


# --- signing in -----------------------------------------------------------------------------


@blueprint.route("/masuk/langkah-kedua", methods=["GET", "POST"])
def ask() -> AnyResponse:
    """After the password: the second step."""
    officer = half_way()
    if officer is None or not factors.of(db.session(), officer):
        return redirect(url_for("sign_in.sign_in"))
    form, target = CodeForm(request.form), browser.here().get(door.NEXT, HOME)
    if request.method == "GET" or not form.validate():
        return _page(officer, form)
    try:
        kind = prove(officer, form)
    except delays.TooSoon as wait:
        form.form_errors.append(door.wait_sentence(wait))
        return door.slowed(_page(officer, form), wait)
    except WrongCode:
        form.form_errors.append(_wrong())
        return _page(officer, form)
    response = redirect(door.admit(officer, kind, target))
    _count_codes(officer, kind)
    return response


def _page(officer: Officer, form: CodeForm) -> AnyResponse:
    options = passkey_options(officer)
    return make_response(
        render_template("second_step.html", form=form, options=options, sure=False)
    )


def _wrong() -> str:
    return _("Kode itu tidak cocok atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi.")


def _count_codes(officer: Officer, kind: str) -> None:
    """Say when recovery codes run out."""
    left = factors.codes_left(db.session(), officer)
    if kind == factors.RECOVERY:
        flash(_("Kode pemulihan itu sudah terpakai. Sisa %(n)s kode.", n=left), "warning")
    if kind == factors.RECOVERY and left < FEW_CODES:
        flash(_("Buat kode pemulihan baru di halaman “Akun saya”."), "warning")


# --- asked again ----------------------------------------------------------------------------


@blueprint.route("/masuk/pastikan", methods=["GET", "POST"])
def make_sure() -> AnyResponse:
    """Password and factor again, before factors are changed or a link is issued."""
    officer = current_officer()
    if officer is None:
        return redirect(url_for("sign_in.sign_in"))
    form, target = SureForm(request.form), request.args.get("next", "")
    if request.method == "GET" or not form.validate():
        return _sure_page(officer, form)
    try:
        fits = _is_it(officer, form)
    except delays.TooSoon as wait:
        form.form_errors.append(door.wait_sentence(wait))
        return door.slowed(_sure_page(officer, form), wait)
    if not fits:
        form.form_errors.append(_("Kata sandi atau kode tidak cocok."))
        return _sure_page(officer, form)
    browser.step_up(officer, content={browser.SURE: browser.sure_until()})
    db.session.commit()
    return redirect(target if _may_follow(target) else HOME, 303)


def _may_follow(target: str) -> bool:
    """A page of the officers' side, or one of those that ask for this."""
    return is_ours(target) or (target.startswith("/masuk/faktor/") and "\\" not in target)


def _is_it(officer: Officer, form: SureForm) -> bool:
    if door.authenticate(officer.username, form.password.data or "") is None:
        return False
    try:
        return not factors.of(db.session(), officer) or bool(prove(officer, form))
    except WrongCode:
        return False


def _sure_page(officer: Officer, form: SureForm) -> AnyResponse:
    has_factor = bool(factors.of(db.session(), officer))
    options = passkey_options(officer)
    page = render_template(
        "second_step.html", form=form, options=options, sure=True, has_factor=has_factor
    )
    return make_response(page)


def to_make_sure(target: str) -> AnyResponse:
    """To the page that asks again, and then on to `target`."""
    return redirect(url_for("second_step.make_sure", next=target), 303)
