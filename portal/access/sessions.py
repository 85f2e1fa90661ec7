"""Sessions of officers, kept here and not in the browser, which holds a random token alone.

A session ends by idle time, by its absolute end, by sign-out, by being revoked,
by a new password and by disabling its officer. What it carries (flashes, tokens
of forms, a challenge) is sealed in its row. A session that is not `complete`
knows the password alone and opens nothing but the page of the second step.
(OWASP ASVS 5.0, chapter 7)
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session, joinedload

from models import Officer, OfficerSession
from portal.access import scope
from portal.protection import audit, sealing, vault

# How long it is still known whose an ended session was: so long are late forms kept.
REMEMBERED = timedelta(hours=10)
STEP = timedelta(minutes=10)
BROWSERS = (
    *(("edg", "Edge"), ("opr/", "Opera"), ("samsungbrowser", "Samsung Internet")),
    *(("firefox", "Firefox"), ("chrome", "Chrome"), ("safari", "Safari")),
)
SYSTEMS = (
    *(("android", "Android"), ("iphone", "iPhone"), ("ipad", "iPad"), ("windows", "Windows")),
    *(("mac os", "macOS"), ("cros", "ChromeOS"), ("linux", "Linux")),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: idle, and at most."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Browser:
    """From where somebody signs in, in words their officer recognises."""

    device: str
    place: str


def device_label(user_agent: str) -> str:
    """`Firefox, Android`: enough to recognise one's own browser in a list."""
    lower = user_agent.casefold()
    found = [next((label for sign, label in known if sign in lower), "") for known in _KNOWN]
    return ", ".join(filter(None, found)) or "?"


_KNOWN = (BROWSERS, SYSTEMS)


def mark(officer: Officer) -> str:
    """What a session must carry to be this officer's: another after each change of password."""
    secret = f"{officer.uuid}:{officer.password_hash}:{officer.active}"
    return vault.keyed_hash("session-mark", secret).hex()


def _hash(token: str) -> str:
    return vault.keyed_hash("officer-session", token).hex()


# --- beginning and finding --------------------------------------------------------------------


def begin(
    session: Session,
    officer: Officer,
    now: datetime,
    limits: Limits,
    browser: Browser,
    complete: bool = True,
) -> tuple[str, OfficerSession]:
    """A new session with a new token; one that is not `complete` lasts some minutes."""
    token = secrets.token_urlsafe(32)
    longest = limits.longest if complete else STEP
    row = OfficerSession(
        token_hash=_hash(token),
        officer=officer,
        complete=complete,
        mark=mark(officer),
        device=browser.device,
        place=browser.place,
        seen_at=now,
        idle_until=now + min(limits.idle, longest),
        ends_at=now + longest,
    )
    session.add(row)
    session.flush()
    return token, row


def find(session: Session, token: str, now: datetime) -> OfficerSession | None:
    """The living session of this token, its officer loaded; None for anything else."""
    with scope.system(session):
        row = session.scalar(
            select(OfficerSession)
            .options(joinedload(OfficerSession.officer))
            .where(OfficerSession.token_hash == _hash(token), *_living(now))
        )
    if row is None or not row.officer.active:
        return None
    return row if hmac.compare_digest(row.mark, mark(row.officer)) else None


def _living(now: datetime) -> tuple[Any, ...]:
    return (
        OfficerSession.ended_at.is_(None),
        OfficerSession.idle_until > now,
        OfficerSession.ends_at > now,
    )


def living(session: Session, officer: Officer, now: datetime) -> list[OfficerSession]:
    """Where this officer is signed in now, the latest first."""
    wanted = select(OfficerSession).where(
        OfficerSession.officer_id == officer.id, OfficerSession.complete, *_living(now)
    )
    with scope.system(session):
        return list(session.scalars(wanted.order_by(OfficerSession.seen_at.desc())))


def remembered(session: Session, token: str, now: datetime) -> OfficerSession | None:
    """The session this token once opened, for a while after its end: it opens nothing now."""
    wanted = select(OfficerSession).where(
        OfficerSession.token_hash == _hash(token),
        OfficerSession.complete,
        OfficerSession.seen_at > now - REMEMBERED,
    )
    with scope.system(session):
        return session.scalar(wanted)


# --- going on -----------------------------------------------------------------------------


def touch(row: OfficerSession, now: datetime, limits: Limits) -> None:
    """Its officer is at work: the idle time begins anew, the absolute end stays."""
    row.seen_at, row.idle_until = now, min(now + limits.idle, row.ends_at)


def store(session: Session, row_id: int, uuid: Any, content: str) -> None:
    """Seal what the session carries into its row, if it has not ended meanwhile."""
    sealed = sealing.seal_column(OfficerSession, "content", uuid, content)
    _change(session, row_id, content=sealed)


# --- ending ---------------------------------------------------------------------------------


def end(session: Session, row: OfficerSession, now: datetime, why: str) -> bool:
    """End a session; whether it was this call that ended it (of two at once, one)."""
    return _change(session, row.id, ended_at=now, ended_why=why, content=None)


def _change(session: Session, row_id: int, **values: Any) -> bool:
    session.flush()
    with scope.system(session):
        done = session.execute(
            update(OfficerSession)
            .where(OfficerSession.id == row_id, OfficerSession.ended_at.is_(None))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    return cast(CursorResult[Any], done).rowcount == 1


def revoke(
    session: Session, row: OfficerSession, actor: Officer | None, now: datetime, why: str
) -> None:
    """End a session on somebody's word, and say so in the log."""
    if end(session, row, now, why):
        audit.record(session, "session_ended", actor, row, reason=why)


def revoke_all(
    session: Session,
    officer: Officer,
    actor: Officer | None,
    now: datetime,
    why: str,
    but: int | None = None,
) -> int:
    """End every session of `officer` except the one with the key `but`; how many."""
    wanted = select(OfficerSession).where(
        OfficerSession.officer_id == officer.id,
        OfficerSession.id != (but or 0),
        OfficerSession.ended_at.is_(None),
    )
    with scope.system(session):
        rows = list(session.scalars(wanted))
    for row in rows:
        revoke(session, row, actor, now, why)
    return len(rows)


# --- a chore of the clock ---------------------------------------------------------------------


def sweep(session: Session, now: datetime) -> None:
    """Write down which sessions ended by time or with their officer; forget old ones."""
    with scope.system(session):
        over = select(OfficerSession).where(OfficerSession.ended_at.is_(None), ~_still(now))
        for row in list(session.scalars(over)):
            revoke(session, row, None, now, _why(row, now))
        old = OfficerSession.ended_at < now - REMEMBERED
        session.execute(delete(OfficerSession).where(old))


def _still(now: datetime) -> Any:
    active = OfficerSession.officer.has(Officer.active)
    return (OfficerSession.idle_until > now) & (OfficerSession.ends_at > now) & active


def _why(row: OfficerSession, now: datetime) -> str:
    if not row.officer.active:
        return "disabled"
    return "age" if row.ends_at <= now else "idle"
