"""Telephone calls: picked up or rung in, talked through with notes as they are typed, ended, and
perhaps a report.

Every call stands in the one inbox as a message of kind `call`. Its conversation is that with the
caller's number, as long as nobody else answers there: who picks up a call has not therefore read
what was told to a colleague. Without a number, or beside a colleague's talk, it has one of its own.
`ringing` follows the telephone system, `call_history` tells what is known of a number, `call_back`
what becomes of a missed call.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from models import (
    Call,
    CallState,
    Conversation,
    Direction,
    Message,
    Officer,
    Report,
    TalkState,
)
from portal.casework import conversations, correspondents, talk_rules
from portal.casework.call_places import CHANNEL, KIND, key_of, message_of, name_of, settle
from portal.casework.conversations import Incoming
from portal.casework.correspondents import PHONE
from portal.casework.lifecycle import WRITERS_WAIT, Refused
from portal.protection import audit
from portal.wording import _

# Nobody told anything that could be worked on; in a silent one perhaps nobody could speak.
EMPTY = frozenset({"diam", "terputus", "iseng", "kasar", "salah_sambung", "spam"})
SILENT = ("diam", "terputus")
# So long a call goes on at most: what was forgotten is not taken for the one that rings now.
LONGEST = timedelta(hours=2)

# --- begun ----------------------------------------------------------------------------------------


def pick_up(session: Session, officer: Officer, now: datetime) -> Call:
    """The call `officer` has at the ear: the one that goes on, the one that rings, or a new one.

    One that rings is theirs at their extension, or when it is the only one that rings at a
    telephone of nobody's. The caller commits.
    """
    if going_on := current(session, officer, now):
        return going_on
    if rings := _ringing_for(session, officer, now):
        return take(session, rings, officer, now)
    return open_one(session, Direction.masuk, officer, now)


def open_one(
    session: Session, direction: Direction, officer: Officer, now: datetime, number: str = ""
) -> Call:
    """A call that `officer` begins to note by hand: it is being talked."""
    call = new(session, direction, now, officer=officer)
    call.state, call.answered_at, call.number = CallState.talking, now, number or None
    answered(call)
    session.flush()
    settle(session, call, now)
    return call


def current(session: Session, officer: Officer, now: datetime) -> Call | None:
    """The call in which `officer` talks now."""
    mine = select(Call).where(
        Call.officer_id == officer.id,
        Call.state == CallState.talking,
        Call.ended_at.is_(None),
        Call.started_at > now - LONGEST,
    )
    return session.scalars(mine.order_by(Call.id.desc()).limit(1)).first()


def new(
    session: Session,
    direction: Direction,
    now: datetime,
    officer: Officer | None = None,
    external_key: str | None = None,
) -> Call:
    """A call and its message in a conversation of its own, flushed; it rings."""
    call = Call(
        conversation=conversations.apart(session, CHANNEL, now, owner=officer),
        direction=direction,
        state=CallState.ringing,
        officer=officer,
        started_at=now,
        external_key=external_key,
    )
    session.add(call)
    session.flush()
    _enter(session, call, officer, now)
    return call


def _enter(session: Session, call: Call, officer: Officer | None, now: datetime) -> None:
    """The message that stands for it in the inbox; what was said is written there at the end."""
    details = json.dumps({"call": call.id})
    if call.direction is Direction.masuk:
        said = Incoming("", now, KIND, name_of(call), details=details)
        conversations.take_in(session, call.conversation, said, now)
        return
    talk = call.conversation
    if officer is not None:
        message = conversations.speak(session, talk, officer, "", now)
    else:
        message = conversations.note(session, talk, None, "", now)
    message.kind, message.details, message.external_key = KIND, details, key_of(call)
    session.flush()


def take(session: Session, call: Call, officer: Officer, now: datetime) -> Call:
    """`officer` takes a call that nobody has: it rings, or was answered at an unknown telephone.

    Raises Refused where a colleague has it, or it was missed.
    """
    lock(session, call)
    if call.officer_id not in (None, officer.id) or call.state is CallState.missed:
        raise Refused(_("Panggilan ini sudah ditangani petugas lain atau sudah berakhir."))
    call.officer = officer
    call.answered_at = call.answered_at or now
    call.state = CallState.talking
    answered(call)
    session.flush()
    audit.record(session, "call_taken", officer, call)
    settle(session, call, now)
    return call


def answered(call: Call) -> None:
    """Nobody waits in the conversation any more; it is the answering officer's."""
    talk = call.conversation
    talk.waiting_since = None
    if call.officer is not None:
        talk.owner, talk.state = call.officer, TalkState.open


def lock(session: Session, call: Call) -> None:
    """Writers of this call wait for one another: the officer who types, the telephone system."""
    session.flush()
    session.refresh(call, with_for_update=WRITERS_WAIT)


def _ringing_for(session: Session, officer: Officer, now: datetime) -> Call | None:
    rings = session.scalars(ringing(now)).all()
    mine = [one for one in rings if officer.extension in extensions(one)]
    nobodys = [one for one in rings if not known_extensions(session, one)]
    return mine[0] if mine else nobodys[0] if len(nobodys) == 1 else None


RINGS = timedelta(minutes=3)


def ringing(now: datetime) -> Select[Call]:
    """The calls that ring, the longest first; what rings longer than anybody lets it is over."""
    rings = (Call.state == CallState.ringing, Call.direction == Direction.masuk)
    return select(Call).where(*rings, Call.started_at > now - RINGS).order_by(Call.id)


def extensions(call: Call) -> list[str]:
    """The telephones at which it rings or was answered, the answering one first."""
    return extensions_in(call.extension)


def extensions_in(stored: str | None) -> list[str]:
    """The telephones that a call keeps as one text."""
    return (stored or "").split()


def known_extensions(session: Session, call: Call) -> list[Officer]:
    """Whose telephones these are."""
    at = extensions(call)
    known = select(Officer).where(Officer.extension.in_(at), Officer.active)
    return list(session.scalars(known)) if at else []


# --- talked through ---------------------------------------------------------------------------


def unclosed() -> ColumnElement[bool]:
    """The calls that are being talked, or whose notes nobody has closed."""
    return Call.state == CallState.talking


def is_open(call: Call, officer: Officer) -> bool:
    """Whether `officer` may still write in it: it is theirs and not ended yet."""
    return call.officer_id == officer.id and call.state is CallState.talking


def spelt(typed: str) -> str | None:
    """A number as it is kept, however it was typed; None for none."""
    return correspondents.spelt(PHONE, typed) if typed.strip() else None


def jot(session: Session, call: Call, officer: Officer, notes: str, number: str, kind: str) -> None:
    """What is being typed, as it stands now. Raises Refused once the call has ended."""
    lock(session, call)
    if not is_open(call, officer):
        raise Refused(_("Panggilan ini sudah ditutup: tambahkan catatan susulan."))
    call.notes = notes or None
    call.number = spelt(number)
    call.kind = kind or None
    session.flush()


def close(session: Session, call: Call, officer: Officer, now: datetime) -> None:
    """The call is over and its notes stand: from here on they are only added to."""
    if not is_open(call, officer):
        raise Refused(_("Panggilan ini sudah ditutup."))
    call.state = CallState.ended
    call.ended_at = call.ended_at or now
    settle(session, call, now)
    message, talk = message_of(session, call), call.conversation
    if message is not None:
        message.body = call.notes or ""
    talk.waiting_since, talk.state = None, TalkState.done
    if _nobody_told(talk):
        talk.owner = None  # so that whoever hears this silence again sees the earlier ones
    session.flush()
    audit.record(session, "call_ended", officer, call, kind=call.kind or "")


def _nobody_told(talk: Conversation) -> bool:
    calls = all(one.kind in EMPTY and not one.notes for one in talk.calls)
    return calls and not talk.links and len(talk.messages) == len(talk.calls)


def became(session: Session, call: Call, report: Report, officer: Officer, now: datetime) -> None:
    """A report was made of it, in this same transaction; the call ends with it."""
    if call.report_id is not None:
        raise Refused(_("Panggilan ini sudah menjadi laporan."))
    talk_rules.refuse_passing(session, call.conversation, officer)
    call.report = report
    conversations.link(session, call.conversation, officer, report=report)
    if call.state is CallState.talking:
        call.kind = report.call_kind or call.kind
        close(session, call, officer, now)
    session.flush()


def supplement(session: Session, call: Call, officer: Officer, text: str, now: datetime) -> Message:
    """Something more about a call that has ended: beside its notes, never over them."""
    message = conversations.note(session, call.conversation, officer, text, now)
    message.reply_to_key = key_of(call)
    session.flush()
    audit.record(session, "note_written", officer, call)
    return message


def supplements(session: Session, call: Call) -> list[Message]:
    """What was added to its notes later, in order."""
    added = select(Message).where(Message.reply_to_key == key_of(call))
    return list(session.scalars(added.order_by(Message.at, Message.id)))
