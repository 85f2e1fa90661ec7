"""What a browser holds of a session, and what of it stays here.

Visitors keep Flask's signed cookie (the token of forms, flashes). From the
password on, the cookie is a random token and nothing else; what the session
carries is sealed in its row (`portal.access.sessions`). Every step up (password,
second factor, asked again, new password) begins a new row with a new token.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Request, Response, current_app, request
from flask import session as current_session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy.exc import DBAPIError

from models import Officer, OfficerSession
from portal.access import sessions
from portal.access.passkeys import Site
from portal.access.sessions import Browser, Limits
from portal.config import Settings
from portal.db import db, mark_reading

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
WAS, SURE = "was", "sure"
# Where Flask-WTF keeps the token of forms: pages that stand open go on working for their officer.
FORMS = "csrf_token"
SURE_FOR = timedelta(minutes=5)
LONGEST_ADDRESS = 60

_json = TaggedJSONSerializer()


def now() -> datetime:
    """The moment, for everything that ends by the clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings say about signing in."""

    env: str
    limits: Limits
    public_url: str
    open_to_all: frozenset[str]


def init_sessions(app: Flask, settings: Settings, open_to_all: frozenset[str]) -> None:
    """Give `app` its sessions."""
    limits = Limits(
        timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.session_hours)
    )
    app.extensions["sign_in"] = Policy(settings.env, limits, settings.public_url, open_to_all)
    app.session_interface = Sessions()


def policy() -> Policy:
    """The policy of this application."""
    found: Policy = current_app.extensions["sign_in"]
    return found


def site() -> Site:
    """For whom passkeys are made. Without https (the demo) the port may be any."""
    known = urlsplit(policy().public_url)
    secure = known.scheme == "https"
    origin = f"https://{known.netloc}" if secure else request.host_url.rstrip("/")
    return Site(known.hostname or "localhost", origin)


def address() -> str:
    """From where the request comes."""
    return (request.remote_addr or "")[:LONGEST_ADDRESS]


# --- the session of a request -------------------------------------------------------------------


class BrowserSession(SecureCookieSession):
    """A visitor's session, or, with a `row`, an officer's."""

    row: OfficerSession | None = None
    token = ""
    place: tuple[int, UUID] | None = None
    failure: DBAPIError | None = None

    def adopt(self, row: OfficerSession, token: str) -> None:
        """From here on this is the session of `row`."""
        self.row, self.token, self.place = row, token, (row.id, row.uuid)

    def drop(self) -> None:
        """Forget everything but which session it was: it opens nothing any more."""
        was = self.token or self.get(WAS, "")
        self.clear()
        self.row, self.token, self.place = None, "", None
        if was:
            self[WAS] = was


class Sessions(SecureCookieSessionInterface):
    """Opens and saves both kinds."""

    session_class = BrowserSession

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """The session of the request's cookie; a dead token opens an empty one."""
        if request.path.startswith(f"{app.static_url_path}/"):
            return BrowserSession()
        token = request.cookies.get(self.get_cookie_name(app), "")
        if TOKEN.fullmatch(token):
            return _of_officer(token)
        found = super().open_session(app, request)
        return found if isinstance(found, BrowserSession) else BrowserSession()

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Seal what changed; set the cookie of a new token."""
        if session is None or session.failure:
            return
        if session.place is None:
            super().save_session(app, session, response)
            return
        response.vary.add("Cookie")
        if session.modified and not response.is_streamed:
            _seal(session)
        if session.token != request.cookies.get(self.get_cookie_name(app)):
            response.set_cookie(
                self.get_cookie_name(app),
                session.token,
                httponly=True,
                secure=self.get_cookie_secure(app),
                samesite=self.get_cookie_samesite(app),
            )


def _of_officer(token: str) -> BrowserSession:
    mark_reading()
    try:
        row = sessions.find(db.session(), token, now())
    except DBAPIError as failure:
        broken = BrowserSession()
        broken.failure = failure
        return broken
    if row is None:
        return BrowserSession({WAS: token})
    opened = BrowserSession(_json.loads(row.content) if row.content else {})
    opened.adopt(row, token)
    return opened


def _seal(session: BrowserSession) -> None:
    """In a transaction of its own: what a view left unsaved is never saved by this."""
    if session.place:
        db.session.rollback()
        sessions.store(db.session(), *session.place, _json.dumps(dict(session)))
        db.session.commit()


# --- steps up and down --------------------------------------------------------------------------


def here() -> BrowserSession:
    """The session of this request."""
    found: BrowserSession = current_session._get_current_object()  # type: ignore[attr-defined]
    return found


def step_up(
    officer: Officer,
    complete: bool = True,
    content: Mapping[str, Any] | None = None,
    renews: bool = True,
) -> bool:
    """A new session with a new token, in place of the present one. The caller commits.

    False, and nothing done, where the present one has ended meanwhile (two at once),
    unless `renews` says that this is known.
    """
    session, present = here(), db.session()
    ended = session.row is None or sessions.end(present, session.row, now(), "renewed")
    if renews and not ended:
        return False
    agent = sessions.device_label(request.user_agent.string)
    browser = Browser(agent, address())
    token, row = sessions.begin(present, officer, now(), policy().limits, browser, complete)
    was_in = session.row is not None and session.row.complete
    forms = {FORMS: session[FORMS]} if was_in and FORMS in session else {}
    session.clear()
    session.adopt(row, token)
    session.update(forms | dict(content or {}))
    return True


def is_sure() -> bool:
    """Whether the officer has just proven again who they are."""
    return here().row is not None and float(here().get(SURE, 0)) > now().timestamp()


def sure_until() -> float:
    """What `SURE` holds after the officer proved who they are."""
    return (now() + SURE_FOR).timestamp()
