"""What leaves the house: each message once, in its turn, and never against what was agreed since.

A transport (`portal.jobs.TRANSPORTS`) makes the call and says how it went (`outcomes`); everything
else is decided here. `sending` is committed before the call, so that a message whose call nobody
saw the end of is `unknown`, and is never sent again by itself: whoever wrote it decides. What has
to wait waits in its own conversation's order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Channel, ContactAttempt, Conversation, Message, Sending, SendState
from portal import notices
from portal.casework import (
    answering,
    channel_state,
    conversations,
    hearing,
    marks,
    send_errors,
)
from portal.casework.outcomes import Accepted, Failed, Outcome, Retry, Stopped, Unknown
from portal.queue import enqueue

FAILED = "send_failed"
TRIES = 8  # with the pauses below about an hour
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=20)
LONGEST_CALL = timedelta(minutes=1)
# How often it is asked whether an earlier message of the conversation has left.
BEHIND, LONGEST_BEHIND = timedelta(seconds=3), timedelta(minutes=5)
# What channels tell → how far that is.
STATUSES = {
    "sent": SendState.sent,
    "delivered": SendState.delivered,
    "read": SendState.read,
    "played": SendState.read,
    "failed": SendState.failed,
}
UNDER_WAY = (SendState.queued, SendState.sending)
# How far a message has come; one that failed may turn out to have arrived after all.
RANK = {
    name: rank
    for rank, name in enumerate(
        ("queued", "sending", "unknown", "accepted", "sent", "failed", "delivered", "read")
    )
}


Transport = Callable[[Session, Sending], Outcome]


# --- the job ------------------------------------------------------------------------------------


def work(session: Session, payload: Mapping[str, Any], transports: Mapping[str, Transport]) -> None:
    """Send one message: the job. Commits before and after the call, so it needs a session alone."""
    sending, now = session.get(Sending, payload["sending_id"]), datetime.now(UTC)
    if sending is None:
        return
    if sending.status is SendState.sending:
        _begun_before(session, sending, now)
        return
    if sending.status is not SendState.queued or channel_state.stopped(session, _channel(sending)):
        return
    if _waits_for_another(session, sending):
        age = now - sending.message.at
        _later(session, sending, now + min(max(BEHIND, age / 10), LONGEST_BEHIND))
        return
    if refusal := _refusal(session, sending, now):
        _end(session, sending, *refusal)
        return
    sending.status, sending.begun_at = SendState.sending, now
    sending.attempts += 1
    session.commit()
    outcome = transports[_channel(sending)](session, sending)
    settle(session, sending, outcome, datetime.now(UTC))


def _begun_before(session: Session, sending: Sending, now: datetime) -> None:
    """A call may still be going on beside us; else whoever began it did not live to see its end."""
    end = sending.begun_at + LONGEST_CALL if sending.begun_at else now
    if now < end:
        _later(session, sending, end)
    else:
        settle(session, sending, Unknown(), now)


def _channel(sending: Sending) -> str:
    return sending.message.conversation.channel.value


def _waits_for_another(session: Session, sending: Sending) -> bool:
    """Whether something that was written earlier in this conversation has not left yet."""
    talk = sending.message.conversation_id
    earlier = (
        select(Sending.id)
        .join(Sending.message)
        .where(Message.conversation_id == talk, Sending.id < sending.id)
        .where(Sending.status.in_(UNDER_WAY))
    )
    return session.scalar(earlier.limit(1)) is not None


def _refusal(
    session: Session, sending: Sending, now: datetime
) -> tuple[SendState, str, str | None] | None:
    """Why this may not leave any more: its time is over, or what was agreed has changed since."""
    if sending.not_after is not None and now >= sending.not_after:
        return SendState.failed, "window", None
    message = sending.message
    talk = message.conversation
    against = answering.hindrances(session, talk, message.body, now)
    accepted = _overridden(session, message)
    new = [one.sentence for one in against if one.code not in accepted]
    return (SendState.cancelled, "forbidden", " ".join(new)) if new else None


def _overridden(session: Session, message: Message) -> set[str]:
    """The obstacles that its writer has given a reason against."""
    kept = select(ContactAttempt.obstacles).where(
        ContactAttempt.conversation_id == message.conversation_id,
        ContactAttempt.officer_id == message.author_id,
        ContactAttempt.at == message.at,
    )
    return {code for codes in session.scalars(kept) for code in codes or ()}


def _later(session: Session, sending: Sending, at: datetime) -> None:
    enqueue(session, answering.JOB, {"sending_id": sending.id}, at)
    session.flush()


def _end(session: Session, sending: Sending, state: SendState, code: str, text: str | None) -> None:
    """It does not arrive: its writer is told."""
    sending.status, sending.error_code, sending.error = state, code, text
    session.flush()
    if code in send_errors.ALARMING:
        hearing.alarm(session)
    told = [sending.message.author]
    notices.tell(session, told, FAILED, conversation=sending.message.conversation)


# --- how it went ----------------------------------------------------------------------------------


def settle(session: Session, sending: Sending, outcome: Outcome, now: datetime) -> None:
    """Keep how a call went, and what follows; a status that was faster than the answer stays."""
    match outcome:
        case Accepted(external_id):
            _accept(session, sending, external_id, now)
        case Retry(code, after):
            _try_again(session, sending, code, after, now)
        case Failed(code, text):
            _end(session, sending, SendState.failed, code, text)
        case Unknown():
            if sending.status is SendState.sending:
                _end(session, sending, SendState.unknown, "unknown", None)
        case Stopped(code):
            sending.status, sending.error_code = SendState.queued, code
            channel_state.stop(session, _channel(sending), code, now)
    session.flush()


def _accept(session: Session, sending: Sending, external_id: str, now: datetime) -> None:
    name_outside(session, sending, external_id)
    advance(sending, SendState.accepted)
    sending.error_code = sending.error = None
    _catch_up(session, sending, now)


def name_outside(session: Session, sending: Sending, external_id: str) -> None:
    """Note under which name the channel knows a message from now on."""
    message = sending.message
    if message.external_key is None:
        key = conversations.external_key(_channel(sending), external_id)
        message.external_id, message.external_key = external_id, key
        session.flush()


def _try_again(
    session: Session, sending: Sending, code: str, after: timedelta | None, now: datetime
) -> None:
    if sending.attempts >= TRIES:
        _end(session, sending, SendState.failed, code, None)
        return
    pause = after or min(FIRST_PAUSE * 2 ** (sending.attempts - 1), LONGEST_PAUSE)
    sending.status, sending.error_code = SendState.queued, code
    _later(session, sending, now + pause)


def advance(sending: Sending, state: SendState) -> bool:
    """Let a message come further, never back; whether it did."""
    if sending.status is SendState.cancelled or RANK[state] <= RANK[sending.status]:
        return False
    sending.status = state
    return True


def put(sending: Sending, state: SendState, code: str | None) -> None:
    """Say what an officer has decided about a message."""
    sending.status, sending.error_code, sending.error = state, code, None


def queued(session: Session, channel: str) -> list[int]:
    """The messages that wait to leave by a channel, in the order they were written."""
    wanted = select(Sending.id).join(Sending.message).join(Message.conversation)
    waiting = (Sending.status == SendState.queued, Conversation.channel == Channel(channel))
    return list(session.scalars(wanted.where(*waiting).order_by(Sending.id)))


# --- what the channel tells later -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Status:
    """What a channel tells of a message that left: its name there, how far it came, why not.

    `ours` is the uuid that travelled with it.
    """

    external_id: str
    name: str
    at: datetime
    code: str | None = None
    ours: str | None = None


def heard_of(session: Session, channel: str, status: Status, now: datetime) -> None:
    """Keep a status; the message it is about comes further, if it is known already."""
    key = conversations.external_key(channel, status.external_id)
    marks.leave(session, key, status.name, status.at, code=status.code)
    sending = _about(session, key, status.ours)
    if sending is not None:
        if status.external_id:
            name_outside(session, sending, status.external_id)
        _apply(session, sending, status.name, status.code, now)


def _about(session: Session, key: str, ours: str | None) -> Sending | None:
    message = conversations.by_key(session, key)
    if message is not None:
        return message.sending
    try:
        wanted = UUID(ours or "")
    except ValueError:
        return None
    return session.scalar(select(Sending).where(Sending.uuid == wanted))


def _apply(session: Session, sending: Sending, name: str, code: str | None, now: datetime) -> None:
    state = STATUSES.get(name)
    if state is None or not advance(sending, state):
        return
    sending.error_code = code if state is SendState.failed else None
    if state is SendState.failed:
        _end(session, sending, state, code or "failed", None)
        _stop_for(session, sending, code, now)
    session.flush()


def _stop_for(session: Session, sending: Sending, code: str | None, now: datetime) -> None:
    known = send_errors.ERRORS.get(code or "")
    if known is not None and known.do is send_errors.Do.stop:
        channel_state.stop(session, _channel(sending), str(code), now)


def _catch_up(session: Session, sending: Sending, now: datetime) -> None:
    """Statuses that were faster than the answer to the call."""
    key = sending.message.external_key
    for mark in marks.of_key(session, key) if key else ():
        _apply(session, sending, mark.kind, mark.code, now)


def why(sending: Sending) -> str:
    """What its writer is told about a message that did not simply arrive."""
    known = send_errors.sentence(sending.error_code)
    return " ".join(filter(None, (known, sending.error)))
