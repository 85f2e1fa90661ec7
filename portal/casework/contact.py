"""Safe contact: how somebody may be reached without harm, in words and as a rule.

Every path that leaves the office asks `permit` (or one of its kin) first. What was never asked is
not allowed: a call to a shared telephone can cost more than a late answer. Only the reporter's own
look at the portal (`lewat_lacak`) is always open, since nothing reaches them there that they did
not fetch. Against an obstacle stands only a written reason, and that is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models import (
    Case,
    ContactAttempt,
    ContactState,
    Conversation,
    Officer,
    Person,
    Report,
    SafeContact,
)
from portal.casework import lists
from portal.casework.contact_rule import allowed, found, obstacles, text_obstacles
from portal.casework.contact_words import Moment, Obstacle
from portal.casework.lifecycle import Refused
from portal.protection import audit
from portal.wording import _

__all__ = ["allowed", "found", "obstacles", "permit", "text_obstacles"]

# Long enough for a call and a second try, too short for a list of numbers.
OPEN_FOR = timedelta(hours=1)


class NotPermitted(Refused):
    """The agreement is against it and no reason was written; `obstacles` say what stands there."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(*(one.sentence for one in obstacles))
        self.obstacles = list(obstacles)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to reach whom, by which way, when, in which matter, in which words."""

    person: Person | None
    channel: str
    officer: Officer | None
    at: datetime
    about: Case | Report | Conversation
    text: str | None = None


def permit(
    session: Session,
    person: Person,
    channel: str,
    officer: Officer | None,
    now: datetime,
    reason: str | None = None,
    *,
    about: Case | Report,
    text: str | None = None,
) -> ContactAttempt:
    """The gate before anything leaves for `person` over `channel`: the attempt, as it is kept.

    Agreed: go ahead. Not agreed: only with a written `reason` of an officer, which is kept,
    audited and shown on the case. Changes nothing else and does not commit.

    Args:
        officer: who acts; None for the portal itself, which has no reasons.
        text: what will be said in writing, if anything.

    Raises NotPermitted.
    """
    against = hindrances(session, person.safe_contact, channel, now, text)
    wish = Wish(person, channel, officer, now, about, text)
    return settle(session, wish, against, reason if officer else None)


def hindrances(
    session: Session, contact: SafeContact | None, channel: str, at: Moment, text: str | None = None
) -> list[Obstacle]:
    """Everything against it: the way, the time and, where something is written, the words."""
    against = found(contact, channel, at)
    if text:
        own = [name for name in lists.office(session).values() if name and "\n" not in name]
        against += text_obstacles(contact, text, own)
    return against


def settle(
    session: Session, wish: Wish, against: Sequence[Obstacle], reason: str | None
) -> ContactAttempt:
    """Keep what was wished as permitted or overridden. Raises NotPermitted."""
    why = (reason or "").strip()
    if against and not why:
        raise NotPermitted(against)
    state = ContactState.overridden if against else ContactState.permitted
    return _keep(session, wish, state, against, why if against else None)


def refuse(session: Session, wish: Wish, against: Sequence[Obstacle]) -> ContactAttempt:
    """Keep that somebody tried, and was held back."""
    return _keep(session, wish, ContactState.refused, against)


def _keep(
    session: Session,
    wish: Wish,
    state: ContactState,
    against: Sequence[Obstacle],
    reason: str | None = None,
) -> ContactAttempt:
    attempt = ContactAttempt(
        person=wish.person,
        channel=wish.channel,
        officer=wish.officer,
        at=wish.at,
        **_matter(wish.about),
        wording=wish.text,
        state=state,
        obstacles=[one.code for one in against],
        override_reason=reason,
    )
    session.add(attempt)
    session.flush()
    facts = {"channel": wish.channel, "obstacles": attempt.obstacles}
    audit.record(session, f"contact_{state.value}", wish.officer, attempt, **facts)
    return attempt


def _matter(about: Case | Report | Conversation) -> dict[str, Any]:
    """What an attempt is about: the conversation with its report, a report with its case."""
    if isinstance(about, Conversation):
        report = about.report
        return {"conversation": about, "report": report, "case": report.case if report else None}
    if isinstance(about, Report):
        return {"report": about, "case": about.case}
    return {"case": about}


def is_open(attempt: ContactAttempt, officer: Officer, now: datetime) -> bool:
    """Whether number and code word are told to `officer` for this attempt (still)."""
    let_through = attempt.state is not ContactState.refused and attempt.outcome is None
    return let_through and attempt.officer_id == officer.id and now - attempt.at < OPEN_FOR


def conclude(
    session: Session, attempt: ContactAttempt, officer: Officer, outcome: str, note: str | None
) -> None:
    """How the attempt went, once, by whoever made it. Raises Refused."""
    if attempt.officer_id != officer.id or attempt.state is ContactState.refused:
        raise Refused(_("Hasilnya dicatat oleh petugas yang menghubungi."))
    if attempt.outcome is not None:
        raise Refused(_("Hasil kontak ini sudah dicatat."))
    attempt.outcome, attempt.note = outcome, note
    session.flush()
    audit.record(session, "contact_concluded", officer, attempt, outcome=outcome)
