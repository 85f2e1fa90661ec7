"""Signing in and out, and the gate: whatever is not declared open is for officers.

A session ends after idle minutes. A form posted after that is kept (`kept.py`)
and offered again once its officer has signed in.
"""

import time
from collections.abc import Collection
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from models import Officer
from portal.access import scope
from portal.access import sign_in as access
from portal.config import Settings
from portal.db import db
from portal.protection.web import expired_form
from portal.screens import kept
from portal.wording import _, lazy, set_language

HOME = "/admin/"
SEEN, LAST, USER = "seen", "last", "_user_id"
RENEWED_AFTER = 30

blueprint = Blueprint("sign_in", __name__)
login = LoginManager()


class Account(UserMixin):
    """An officer as Flask-Login wants to see one."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer

    def __getattr__(self, name: str) -> Any:
        """For templates: the officer's name, role and language."""
        return getattr(self.officer, name)

    def get_id(self) -> str:
        """What the session keeps: no longer valid once the password changes."""
        return f"{self.officer.id}:{access.session_mark(self.officer)}"


class SignInForm(Form):
    """User name and password."""

    username = StringField(
        lazy("Nama pengguna"), [InputRequired(lazy("Tulis nama pengguna Anda.")), Length(max=200)]
    )
    password = PasswordField(
        lazy("Kata sandi"), [InputRequired(lazy("Tulis kata sandi Anda.")), Length(max=1000)]
    )


def init_sign_in(app: Flask, settings: Settings, open_to_all: Collection[str]) -> None:
    """Close `app` but for the blueprints and endpoints in `open_to_all`.

    Call it after `protect`, so that forms are checked before anybody is let in.
    """
    app.config["IDLE_SECONDS"] = settings.idle_minutes * 60
    app.config["DEMO"] = settings.demo
    app.config["OPEN_TO_ALL"] = frozenset({"static", blueprint.name, *open_to_all})
    login.session_protection = None  # an officer's telephone changes its address all day
    login.init_app(app)
    app.register_blueprint(blueprint)
    app.before_request(_enter)
    app.after_request(_forget_sent)
    app.register_error_handler(CSRFError, _on_expired_form)


# --- who is here ----------------------------------------------------------------------------


def current_officer() -> Officer | None:
    """The officer who signed in and is still active, or None."""
    return current_user.officer if current_user and current_user.is_authenticated else None


@login.user_loader
def _load(identity: str) -> Account | None:
    number = identity.partition(":")[0]
    if _is_idle() or not number.isdecimal():
        return None
    with scope.system(db.session()):
        officer = db.session.get(Officer, int(number))
    account = Account(officer) if officer is not None and officer.active else None
    return account if account and account.get_id() == identity else None


def _config(name: str) -> Any:
    return current_app.config[name]


def _is_idle() -> bool:
    return time.time() - float(session.get(SEEN, 0)) > float(_config("IDLE_SECONDS"))


def _enter() -> AnyResponse | None:
    """Before every view: on whose behalf the database is read, and whether this page is open."""
    officer = current_officer()
    scope.view_as(db.session(), officer)
    set_language(officer.language if officer else "id")
    if officer is None:
        return None if _is_open() else _to_sign_in()
    if _is_activity() and time.time() - session[SEEN] > RENEWED_AFTER:
        session[SEEN] = int(time.time())
    return None


def _is_open() -> bool:
    open_to_all = _config("OPEN_TO_ALL")
    return request.endpoint is None or bool({request.endpoint, request.blueprint} & open_to_all)


def _is_activity() -> bool:
    """A page that asks by itself whether there is news is not somebody at work."""
    return request.method != "GET" or request.headers.get("Sec-Fetch-Dest") != "empty"


# --- a form that came too late --------------------------------------------------------------


def _to_sign_in() -> AnyResponse:
    if request.method == "GET" and request.headers.get("Sec-Fetch-Dest") != "empty":
        if USER in session:
            flash(_("Sesi Anda berakhir karena tidak ada kegiatan. Silakan masuk lagi."))
        back = request.full_path.rstrip("?")
        return redirect(url_for("sign_in.sign_in", next=back if back != HOME else None))
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        abort(401)
    return _keep_and(url_for("sign_in.sign_in"))


def _keep_and(target: str) -> AnyResponse:
    """Keep the form whose token was right or that came from our own page, then go to `target`."""
    token = kept.keep(_whose())
    response = redirect(target, 303)
    if token is None:
        return response
    if current_officer() is None:
        flash(_("Sesi Anda sudah berakhir. Isian Anda disimpan dan kembali setelah Anda masuk."))
    return kept.give_cookie(response, token)


def _whose() -> int | None:
    """The officer of this session, even if it has ended since."""
    number = str(session.get(USER, "")).partition(":")[0]
    return int(number) if number.isdecimal() else session.get(LAST)


def _on_expired_form(error: CSRFError) -> AnyResponse:
    """The token is of an earlier session: keep the form if one of our own pages sent it."""
    officer = current_officer()
    if not _from_our_page(officer) or request.blueprint == blueprint.name or _whose() is None:
        return expired_form(error)
    return _keep_and(url_for("sign_in.resume" if officer else "sign_in.sign_in"))


def _from_our_page(officer: Officer | None) -> bool:
    """No other site can say so; browsers too old to tell send no cookie from elsewhere."""
    return request.headers.get("Sec-Fetch-Site", "same-origin" if officer else "") == "same-origin"


def _forget_sent(response: Response) -> Response:
    """A kept form that was sent again and taken (a redirect follows) is kept no longer."""
    taken = request.method == "POST" and response.status_code in (302, 303)
    officer = current_officer() if taken and kept.MARK in request.form else None
    if officer is not None:
        kept.forget(officer.id, request.form[kept.MARK])
    return response


# --- the pages ------------------------------------------------------------------------------


@blueprint.route("/masuk", methods=["GET", "POST"])
def sign_in() -> AnyResponse | str:
    """The sign-in page; every failure reads the same."""
    if current_officer():
        return redirect(_next())
    form = SignInForm(request.form)
    if request.method == "POST" and form.validate():
        officer = access.authenticate(db.session(), form.username.data, form.password.data)
        db.session.commit()
        if officer is not None:
            return _let_in(officer)
        form.form_errors.append(_("Nama pengguna atau kata sandi tidak cocok."))
    return render_template("sign_in.html", form=form, demo_accounts=_demo_accounts())


def _let_in(officer: Officer) -> AnyResponse:
    """Begin a new session; nothing of the one before stays."""
    session.clear()
    login_user(Account(officer))
    session[SEEN], session[LAST] = int(time.time()), officer.id
    return redirect(url_for("sign_in.resume") if kept.kept(officer.id) else _next())


def _next() -> str:
    """Where the officer wanted to go, if that is a page of ours."""
    target = request.args.get("next", "")
    ours = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if ours and target.isprintable() and not _is_door(target) else HOME


def _is_door(target: str) -> bool:
    return target.startswith(("/masuk", "/keluar"))


def _demo_accounts() -> list[tuple[str, str]]:
    if not _config("DEMO"):
        return []
    with scope.system(db.session()):
        officers = db.session.scalars(select(Officer).where(Officer.active).order_by(Officer.id))
        return [(officer.username, officer.position or officer.name) for officer in officers]


@blueprint.post("/keluar")
def sign_out() -> AnyResponse:
    """End the session."""
    officer = current_officer()
    session.clear()
    if officer is not None:
        session[LAST] = officer.id
        access.sign_out(db.session(), officer)
        db.session.commit()
    return redirect(url_for("sign_in.sign_in"), 303)


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
