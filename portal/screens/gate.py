"""The gate: whatever is not declared open is for officers.

A form posted after its session ended is kept (`kept.py`) and offered again once
its officer has signed in.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, flash, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from models import OfficerSession
from portal.access import scope, sessions
from portal.config import Settings
from portal.db import db, flush_at_once
from portal.protection.web import expired_form
from portal.screens import browser_session as browser
from portal.screens import door, factor_pages, kept, link_pages, second_step
from portal.screens.sign_in import HOME, current_officer, login
from portal.wording import _, language, lazy, set_language

RENEWED_AFTER = timedelta(seconds=30)
DOORS = (door.blueprint, second_step.blueprint, factor_pages.blueprint, link_pages.blueprint)
# Why a session ended → what is said of it; of a sign-out nothing.
ENDED: dict[str | None, Any] = {
    None: lazy("Sesi Anda berakhir karena tidak ada kegiatan. Silakan masuk lagi."),
    "idle": lazy("Sesi Anda berakhir karena tidak ada kegiatan. Silakan masuk lagi."),
    "age": lazy("Sesi Anda sudah berlangsung selama yang diizinkan. Silakan masuk lagi."),
    "revoked": lazy("Sesi Anda diakhiri. Silakan masuk lagi."),
    "password": lazy("Kata sandi Anda diganti. Silakan masuk lagi."),
}


def init_sign_in(app: Flask, settings: Settings, open_to_all: Collection[str]) -> None:
    """Close `app` but for the blueprints and endpoints in `open_to_all`.

    Call it after `protect`, so that forms are checked before anybody is let in.
    """
    doors = [one.name for one in DOORS]
    browser.init_sessions(app, settings, frozenset({"static", *doors, *open_to_all}))
    login.init_app(app)
    for one in DOORS:
        app.register_blueprint(one)
    app.context_processor(_language)
    app.before_request(_enter)
    app.after_request(_forget_sent)
    app.register_error_handler(CSRFError, _on_expired_form)


def _language() -> dict[str, str]:
    """What the pages around signing in call `language`."""
    return {"language": language()} if _at_a_door() else {}


def _at_a_door() -> bool:
    return request.blueprint in [one.name for one in DOORS]


def _enter() -> AnyResponse | None:
    """Before every view: on whose behalf the database is read, and whether this page is open."""
    if request.endpoint == "static":
        return None
    if failure := browser.here().failure:
        raise failure
    officer = current_officer()
    scope.view_as(db.session(), officer)
    set_language(officer.language if officer else "id")
    if officer is None:
        return None if _is_open() else _to_sign_in()
    _go_on()
    return None


def _go_on() -> None:
    """Begin the idle time anew; not with each request, which would write each time.

    No page waits for it while others write: the next one begins it anew as well.
    """
    row = browser.here().row
    if row is not None and _is_activity() and browser.now() - row.seen_at > RENEWED_AFTER:
        sessions.touch(row, browser.now(), browser.policy().limits)
        if flush_at_once(db.session()):
            db.session.commit()
        else:
            db.session.rollback()


def _is_open() -> bool:
    open_to_all = browser.policy().open_to_all
    return request.endpoint is None or bool({request.endpoint, request.blueprint} & open_to_all)


def _is_activity() -> bool:
    """A page that asks by itself whether there is news is not somebody at work.

    How much time is left is never asked by somebody; browsers of old do not tell them apart.
    """
    if request.endpoint == "sign_in.stay":
        return False
    return request.method != "GET" or request.headers.get("Sec-Fetch-Dest") != "empty"


# --- a form that came too late --------------------------------------------------------------


def _to_sign_in() -> AnyResponse:
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        abort(401)
    if request.method == "GET":
        _say_why()
        back = request.full_path.rstrip("?")
        return redirect(url_for("sign_in.sign_in", next=back if back != HOME else None))
    return _keep_and(url_for("sign_in.sign_in"))


def _say_why() -> None:
    was = _ended()
    if was is not None and was.ended_why in ENDED:
        flash(str(ENDED[was.ended_why]))


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
    """The officer of this browser, even if the session has ended since."""
    officer = current_officer()
    if officer is not None:
        return officer.id
    was = _ended()
    return was.officer_id if was is not None else None


def _ended() -> OfficerSession | None:
    token = session.get(browser.WAS, "")
    return sessions.remembered(db.session(), token, browser.now()) if token else None


def _on_expired_form(error: CSRFError) -> AnyResponse:
    """The token is of an earlier session: keep the form if one of our own pages sent it."""
    officer = current_officer()
    if not _from_our_page() or _at_a_door() or _whose() is None:
        return expired_form(error)
    return _keep_and(url_for("sign_in.resume" if officer else "sign_in.sign_in"))


def _from_our_page() -> bool:
    """The browser itself says so: no other site can. One too old to tell is refused."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _forget_sent(response: Response) -> Response:
    """A kept form is kept no longer once it was taken (a redirect follows) or is open again."""
    if request.method != "POST" or response.status_code not in (200, 302, 303, 422):
        return response  # nor is the body looked at of what was too large to be read
    done = (200, 422) if kept.REOPEN in request.form else (302, 303)
    taken = response.status_code in done and kept.MARK in request.form
    officer = current_officer() if taken else None
    if officer is not None:
        kept.forget(officer.id, request.form[kept.MARK])
    return response
