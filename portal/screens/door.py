"""The door: signing in with a password, signing out, staying, and forms that came too late."""

from datetime import timedelta

from flask import (
    Blueprint,
    abort,
    after_this_request,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from models import Officer
from portal.access import delays, factors, scope, sessions
from portal.access import sign_in as access
from portal.db import READING, db
from portal.protection import cookies
from portal.screens import browser_session as browser
from portal.screens import kept
from portal.screens.sign_in import HOME, current_officer, half_way, is_ours
from portal.wording import _, lazy

NEXT = "next"
DEVICE, DEVICE_FOR = "perangkat", timedelta(days=180)
# Not "cookies": that would take the proof that this browser is known, with which nobody else can
# keep its officer out, and sign the officer out of other services of the same domain.
LEAVE_NOTHING = '"cache", "storage"'

blueprint = Blueprint("sign_in", __name__)


class SignInForm(Form):
    """User name and password."""

    username = StringField(
        lazy("Nama pengguna"), [InputRequired(lazy("Tulis nama pengguna Anda.")), Length(max=200)]
    )
    password = PasswordField(
        lazy("Kata sandi"), [InputRequired(lazy("Tulis kata sandi Anda.")), Length(max=1000)]
    )


# --- in -----------------------------------------------------------------------------------


@blueprint.route("/masuk", methods=["GET", "POST"])
def sign_in() -> AnyResponse:
    """The sign-in page; every failure reads the same."""
    if current_officer():
        return redirect(_next())
    form = SignInForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            officer = authenticate(form.username.data or "", form.password.data or "")
        except delays.TooSoon as wait:
            return _page(form, wait)
        if officer is not None:
            return _let_in(officer)
        form.form_errors.append(_("Nama pengguna atau kata sandi tidak cocok."))
    return _page(form)


def _page(form: Form, wait: delays.TooSoon | None = None) -> AnyResponse:
    if wait is not None:
        form.form_errors.append(wait_sentence(wait))
    page = make_response(render_template("sign_in.html", form=form, demo_accounts=_demo_accounts()))
    return slowed(page, wait) if wait else page


def slowed(page: AnyResponse, wait: delays.TooSoon) -> AnyResponse:
    """429, and when to try again."""
    page.status_code = 429
    page.headers["Retry-After"] = str(wait.seconds)
    return page


def wait_sentence(wait: delays.TooSoon) -> str:
    """The same for names that exist and names that do not."""
    return _("Terlalu banyak percobaan. Tunggu %(n)s detik, lalu coba lagi.", n=wait.seconds)


def authenticate(username: str, password: str) -> Officer | None:
    """The officer with this password, or None; counted, logged and committed either way.

    Raises `TooSoon` while tries are slowed down: then nothing was checked.
    """
    session, device = db.session(), known_device(username)
    tries = delays.for_password(username, browser.address(), device)
    count(tries)
    session.info[READING] = True  # the hash takes its time: nobody waits for a lock meanwhile
    officer = access.authenticate(session, username, password, browser.address())
    if officer is not None:
        delays.forgive(session, tries, browser.now())
    session.commit()
    return officer


def count(tries: list[delays.Bucket]) -> None:
    """Count a try before it is judged; `TooSoon` with nothing written."""
    try:
        delays.count(db.session(), tries, browser.now())
        db.session.commit()
    except delays.TooSoon:
        db.session.rollback()
        raise


def known_device(username: str) -> str | None:
    """Whether this officer has signed in with this browser before, as its number."""
    return delays.known_device(_device_cookie(), username)


def is_known() -> bool:
    """Whether whom this request concerns has signed in with this browser before."""
    officer = half_way() or current_officer()
    name = officer.username if officer is not None else request.form.get("username", "")
    return known_device(name) is not None


def _device_cookie() -> str:
    return cookies.read(DEVICE)


def _let_in(officer: Officer) -> AnyResponse:
    """With the password alone: to the second step, to get one, or in."""
    session, target = db.session(), _next()
    has_factor = bool(factors.of(session, officer))
    if not has_factor and not factors.demanded(officer, browser.policy().env):
        return redirect(admit(officer, factors.NONE, target))
    browser.step_up(officer, complete=False, content={NEXT: target})
    session.commit()
    return redirect(url_for("second_step.ask" if has_factor else "factors.choose"))


def admit(officer: Officer, factor: str, target: str = HOME) -> str:
    """Sign `officer` in, with a new token, and commit; where to go then.

    400 where the session that led here was used up by another request.
    """
    if not browser.step_up(officer):
        db.session.rollback()
        abort(400)
    access.signed_in(db.session(), officer, factor, browser.now(), browser.address())
    db.session.commit()
    remember_device(officer)
    return url_for("sign_in.resume") if kept.kept(officer.id) else target


def remember_device(officer: Officer) -> None:
    """Let this browser prove next time that the officer has been here."""
    value = delays.remember_device(_device_cookie(), officer.username)

    @after_this_request
    def _give(response: AnyResponse) -> AnyResponse:
        return cookies.give(response, DEVICE, value, "Strict", DEVICE_FOR)


def _next() -> str:
    """Where the officer wanted to go, if that is a page of ours."""
    target = request.args.get("next", "")
    return target if is_ours(target) else HOME


def _demo_accounts() -> list[tuple[str, str]]:
    if browser.policy().env != "demo":
        return []
    with scope.system(db.session()):
        wanted = select(Officer).where(Officer.active, Officer.demo).order_by(Officer.id)
        officers = db.session.scalars(wanted)
        return [(officer.username, officer.position or officer.name) for officer in officers]


# --- out ----------------------------------------------------------------------------------


@blueprint.post("/keluar")
def sign_out() -> AnyResponse:
    """End the session here; then ask the browser to forget what it can."""
    officer, here = current_officer(), browser.here()
    if here.row is not None:
        sessions.end(db.session(), here.row, browser.now(), "signed_out")
    if officer is not None:
        access.sign_out(db.session(), officer)
    db.session.commit()
    here.drop()
    response = redirect(url_for("sign_in.sign_in"), 303)
    response.headers["Clear-Site-Data"] = LEAVE_NOTHING
    return cookies.take(response, kept.COOKIE)


# --- staying --------------------------------------------------------------------------------


@blueprint.route("/masuk/sesi", methods=["GET", "POST"])
def stay() -> AnyResponse:
    """How many seconds are left (asking is no activity); with POST, stay."""
    row = browser.here().row
    if row is None or not row.complete:
        abort(401)
    if request.method == "POST":
        sessions.touch(row, browser.now(), browser.policy().limits)
        db.session.commit()
        return redirect(url_for("sign_in.stay"), 303)
    return jsonify(left=seconds_left(), longest=row.idle_until >= row.ends_at)


def seconds_left() -> int:
    """Until the session of this request ends, if nobody does anything."""
    row = browser.here().row
    return int((row.idle_until - browser.now()).total_seconds()) if row is not None else 0


# --- forms that came too late ---------------------------------------------------------------


@blueprint.get("/masuk/lanjutkan")
def resume() -> AnyResponse | str:
    """What was typed before the session ended, to be sent again or thrown away."""
    officer = current_officer()
    if officer is None:
        return redirect(url_for("sign_in.sign_in"))
    forms = kept.kept(officer.id)
    return render_template("resume.html", forms=forms, home=HOME) if forms else redirect(HOME)


@blueprint.post("/masuk/lanjutkan/<number>/buang")
def discard(number: str) -> AnyResponse:
    """Throw a kept form away."""
    officer = current_officer()
    if officer is not None:
        kept.forget(officer.id, number)
    return redirect(url_for("sign_in.resume"), 303)
