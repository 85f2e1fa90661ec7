"""Links with which officers set their passwords: random, once, for a day.

An administrator hands the link over and never learns the password. A new link
takes the place of an older one. It replaces the password alone: whoever has a
second factor still needs it. (OWASP ASVS 5.0, 6.4)
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from models import Officer, OfficerLink
from portal.access import scope, sign_in
from portal.protection import audit, vault

LIFE = timedelta(hours=24)


class NoLink(LookupError):
    """The link was used, replaced, is too old, or never was one."""


def _hash(token: str) -> str:
    return vault.keyed_hash("officer-link", token).hex()


def issue(session: Session, officer: Officer, actor: Officer | None, now: datetime) -> str:
    """The token of a new link for `officer`; an older one opens nothing any more."""
    with scope.system(session):
        session.execute(delete(OfficerLink).where(OfficerLink.officer_id == officer.id))
    token = secrets.token_urlsafe(32)
    session.add(OfficerLink(officer_id=officer.id, token_hash=_hash(token), expires_at=now + LIFE))
    session.flush()
    audit.record(session, "link_issued", actor, officer)
    return token


def owner(session: Session, token: str, now: datetime) -> Officer:
    """Whose password this link sets; `NoLink` if nobody's."""
    wanted = (
        select(Officer)
        .join(OfficerLink, OfficerLink.officer_id == Officer.id)
        .where(*_good(token, now), Officer.active)
    )
    with scope.system(session):
        officer = session.scalar(wanted)
    if officer is None:
        raise NoLink
    return officer


def _good(token: str, now: datetime) -> tuple[Any, ...]:
    return (
        OfficerLink.token_hash == _hash(token),
        OfficerLink.used_at.is_(None),
        OfficerLink.expires_at > now,
    )


def use(session: Session, token: str, password: str, now: datetime) -> Officer:
    """Set the password of the link's officer; every session of theirs ends.

    Raises `NoLink`, also for the second of two at once, and `sign_in.WeakPassword`,
    after which the link is as good as before.
    """
    officer = owner(session, token, now)
    sign_in.refuse_weak(officer, password)
    with scope.system(session):
        taken = session.execute(update(OfficerLink).where(*_good(token, now)).values(used_at=now))
    if cast(CursorResult[Any], taken).rowcount != 1:
        raise NoLink
    audit.record(session, "link_used", officer, officer)
    sign_in.change_password(session, officer, officer, password, now)
    return officer


def purge(session: Session, now: datetime) -> None:
    """Forget links nobody can use. A chore of the clock."""
    with scope.system(session):
        session.execute(delete(OfficerLink).where(OfficerLink.expires_at < now))
