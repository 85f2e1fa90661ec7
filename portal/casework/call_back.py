"""A missed call: whether it may be called back, and what became of it.

Never by itself. The number of a missed call is told to the officer whom the rule of safe contact
let through, for an hour, like that of anybody else; where nothing was agreed with whoever has the
number, only against a written reason.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import (
    Call,
    CallState,
    ContactAttempt,
    Direction,
    Officer,
    Person,
    TalkState,
)
from portal.casework import agreements, calls, contact
from portal.casework.contact_words import Obstacle
from portal.casework.lifecycle import Refused
from portal.protection import audit
from portal.wording import _

WAY = "telepon"
# The line was engaged or nobody was there: it is still to be called back.
REACHED, NOT_REACHED, LEFT = "tersambung", "tidak_dijawab", "tidak_jadi"


def waiting() -> ColumnElement[bool]:
    """The calls that nobody answered and about which nothing was decided yet."""
    missed = (Call.state == CallState.missed) & (Call.direction == Direction.masuk)
    return missed & Call.called_back_at.is_(None)


def is_waiting(call: Call) -> bool:
    """Whether this missed call still waits for a decision."""
    missed = call.state is CallState.missed and call.direction is Direction.masuk
    return missed and call.called_back_at is None


def obstacles(session: Session, call: Call, now: datetime) -> list[Obstacle]:
    """What stands against calling back; the no of anybody who has the number counts."""
    return agreements.obstacles(session, _agreed(session, call), WAY, now)


def _agreed(session: Session, call: Call) -> agreements.Agreed:
    return agreements.of(session, call.conversation, [call.number] if call.number else [])


def permit(
    session: Session, call: Call, officer: Officer, now: datetime, reason: str | None
) -> ContactAttempt:
    """The gate before a missed call is called back; the attempt, as it is kept.

    Raises Refused where there is no number or it is decided, contact.NotPermitted without a reason
    that is needed.
    """
    if not is_waiting(call) or not call.number:
        raise Refused(_("Panggilan ini tidak menunggu dihubungi kembali."))
    against = obstacles(session, call, now)
    wish = contact.Wish(_person(session, call), WAY, officer, now, call.conversation)
    return contact.settle(session, wish, against, reason)


def refuse(
    session: Session, call: Call, officer: Officer, now: datetime, against: Sequence[Obstacle]
) -> None:
    """Keep that somebody wanted to call back and was held back."""
    wish = contact.Wish(_person(session, call), WAY, officer, now, call.conversation)
    contact.refuse(session, wish, against)


def _person(session: Session, call: Call) -> Person | None:
    return agreements.alone(_agreed(session, call))


def attempt(session: Session, call: Call, officer: Officer, now: datetime) -> ContactAttempt | None:
    """The attempt for which this officer was let through and has not said how it went."""
    mine = select(ContactAttempt).where(
        ContactAttempt.conversation_id == call.conversation_id,
        ContactAttempt.channel == WAY,  # whoever may write may not therefore call
        ContactAttempt.officer_id == officer.id,
        ContactAttempt.outcome.is_(None),
    )
    last = session.scalars(mine.order_by(ContactAttempt.id.desc()).limit(1)).first()
    return last if last is not None and contact.is_open(last, officer, now) else None


def conclude(
    session: Session,
    call: Call,
    officer: Officer,
    now: datetime,
    outcome: str,
    note: str | None,
) -> None:
    """How calling back went. Who was not reached is still to be called; else it is done."""
    calls.lock(session, call)
    made = attempt(session, call, officer, now)
    if made is None:
        raise Refused(_("Izin menghubungi sudah berakhir: mintalah sekali lagi."))
    contact.conclude(session, made, officer, outcome, note)
    if outcome != NOT_REACHED:
        _settle(session, call, officer, now, outcome)


def reached(session: Session, call: Call, officer: Officer, now: datetime) -> Call:
    """Somebody answers: the attempt succeeded, and what is said is noted in a call of its own."""
    conclude(session, call, officer, now, REACHED, None)
    return calls.open_one(session, Direction.keluar, officer, now, call.number or "")


def leave(session: Session, call: Call, officer: Officer, now: datetime, reason: str) -> None:
    """It is not called back, for a written reason. Raises Refused."""
    calls.lock(session, call)
    if not is_waiting(call):
        raise Refused(_("Panggilan ini tidak menunggu dihubungi kembali."))
    calls.supplement(session, call, officer, reason, now)
    _settle(session, call, officer, now, LEFT)


def _settle(session: Session, call: Call, officer: Officer, now: datetime, how: str) -> None:
    call.called_back_at, call.called_back_by, call.called_back_how = now, officer, how
    talk = call.conversation
    if not any(is_waiting(one) for one in talk.calls):
        talk.waiting_since = None
        talk.state = TalkState.done
    session.flush()
    audit.record(session, "called_back", officer, call, how=how)
