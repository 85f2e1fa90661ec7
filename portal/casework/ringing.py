"""What the telephone system tells: it rings, somebody answers, somebody hangs up.

The events of a call may come in any order and more than once; what they say is put together and
the state of the call follows from it. The office never answers the telephone system with more than
"heard": nobody who calls is refused, and nobody is called back by the clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Call, CallState, Direction, Officer, Role
from portal.access import scope
from portal.casework import call_places, calls, conversations, correspondents, hearing
from portal.casework.correspondents import PHONE

# Whoever answers at such a desk answers for intake; at any other telephone the call is nobody's.
ANSWERING = (Role.petugas, Role.supervisor)
FORGOTTEN = timedelta(minutes=10)
BATCH = 200
MISSED = "call_missed"

Told = Literal["newCall", "answer", "hangup"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event as the telephone system tells it.

    Args:
        call: its own name of the call.
        number: of the other side; None where it is hidden.
        extensions: the telephones of the office that are meant, the answering one first.
        cause: why it was hung up, a code.
    """

    told: Told
    call: str
    direction: Direction
    number: str | None = None
    extensions: tuple[str, ...] = ()
    cause: str | None = None


def hear(session: Session, event: Event, now: datetime) -> Call:
    """Put one event to what is known of its call. The caller commits; once more changes nothing."""
    call = _call(session, event, now)
    calls.lock(session, call)
    before = call.state
    _fill(session, call, event, now)
    call.state = state_of(call)
    session.flush()
    call_places.settle(session, call, now)
    if call.state is CallState.missed and before is not CallState.missed:
        hearing.tell(session, call.conversation, MISSED)
    return call


def _call(session: Session, event: Event, now: datetime) -> Call:
    """The call of this name, made by whichever of its events comes first."""
    key = conversations.external_key("cti", event.call)
    known = select(Call).where(Call.external_key == key)
    found = session.scalar(known)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return calls.new(session, event.direction, now, external_key=key)
    except IntegrityError:  # another event of it, at the same moment
        return session.scalars(known).one()


def _fill(session: Session, call: Call, event: Event, now: datetime) -> None:
    if event.number and not call.number:
        call.number = correspondents.spelt(PHONE, event.number)
    if event.told == "answer":
        call.answered_at = call.answered_at or now
    if event.told == "hangup":
        call.ended_at = call.ended_at or now
        call.cause = event.cause or call.cause
    _note_telephones(session, call, event)


def _note_telephones(session: Session, call: Call, event: Event) -> None:
    """Where it rings, until somebody has answered: then there."""
    answers = event.told == "answer"
    if event.extensions and (answers or not call.extension):
        call.extension = " ".join(event.extensions)[:200]
    begins = call.direction is Direction.keluar and event.told == "newCall"
    if call.officer is None and (answers or begins):
        whose = _officer(session, event.extensions)
        if whose is not None:
            if not scope.sees(session, whose, call.conversation):
                call_places.leave(session, call)
            call.officer = call.conversation.owner = whose
    if answers and call.state is not CallState.ended:
        calls.answered(call)


def _officer(session: Session, extensions: tuple[str, ...]) -> Officer | None:
    at = select(Officer).where(Officer.extension.in_(extensions), Officer.active)
    known = session.scalars(at.where(Officer.role.in_(ANSWERING))).all() if extensions else []
    return min(known, key=lambda one: extensions.index(one.extension or ""), default=None)


def state_of(call: Call) -> CallState:
    """The state that follows from what is known, in whichever order it was told.

    Whoever talked ends a call themselves, with their notes: the telephone system only says that
    the line is free again.
    """
    if call.state is CallState.ended and call.officer is not None:
        return CallState.ended
    if call.answered_at is not None:
        free = call.ended_at is not None and call.officer is None
        return CallState.ended if free else CallState.talking
    if call.ended_at is None:
        return CallState.ringing
    return CallState.missed if call.direction is Direction.masuk else CallState.ended


def tidy(session: Session, now: datetime) -> int:
    """What rings for ten minutes was given up, though nobody told: it counts as missed."""
    rings = select(Call).where(Call.state == CallState.ringing, Call.started_at < now - FORGOTTEN)
    forgotten = session.scalars(rings.limit(BATCH)).all()
    for call in forgotten:
        call.ended_at = now
        call.state = state_of(call)
        if call.state is CallState.missed:
            hearing.tell(session, call.conversation, MISSED)
    return len(forgotten)
