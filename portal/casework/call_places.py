"""Where a call stands in the one inbox: as a message, in the conversation with its number.

Nobody reads what a colleague was told by picking up a telephone: where another officer answers
already in the conversation with this number, the call stands in one of its own beside it, split
from it, for a supervisor to merge.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from models import Call, Channel, Conversation, Correspondent, Message, TalkState
from portal.access import scope
from portal.casework import conversations, correspondents
from portal.casework.correspondents import PHONE, KnownAs

CHANNEL, KIND = Channel.telepon, "call"


def name_of(call: Call) -> str:
    """What the message of a call is called outside, once for each call."""
    return f"{KIND}:{call.uuid}"


def key_of(call: Call) -> str:
    """The outside key of the message that stands for a call; its supplements answer to it."""
    return conversations.external_key(CHANNEL.value, name_of(call))


def message_of(session: Session, call: Call) -> Message | None:
    """The message that stands for this call in the inbox."""
    return conversations.by_key(session, key_of(call))


def of_messages(session: Session, messages: Sequence[Message]) -> dict[int, Call]:
    """The calls that these messages stand for, by the id of the message, as far as in sight."""
    named = {one.id: _call_id(one) for one in messages if one.kind == KIND}
    keys = [key for key in named.values() if key]
    wanted = select(Call).where(Call.id.in_(keys)).options(selectinload(Call.officer))
    found = {one.id: one for one in session.scalars(wanted)} if keys else {}
    return {message: found[key] for message, key in named.items() if key in found}


def _call_id(message: Message) -> int | None:
    details = json.loads(message.details or "{}")
    found = details.get("call") if isinstance(details, dict) else None
    return found if isinstance(found, int) else None


def settle(session: Session, call: Call, now: datetime) -> None:
    """Put a call where it belongs by its number, as far as that is known."""
    if not call.number:
        return
    with scope.system(session):
        somebody = correspondents.meet(session, [KnownAs(PHONE, call.number)], now)
        _place(session, call, somebody)
        session.flush()


def _place(session: Session, call: Call, somebody: Correspondent) -> None:
    here, known = call.conversation, _known_talk(session, somebody)
    if known is None and here.correspondent is None:
        known = _claim(session, here, somebody)
    if known is None or known is here or not alone(session, call):
        return
    if _joins(session, call, known):
        _move(session, call, known)
    elif here.correspondent is None:
        here.correspondent, here.split_from = somebody, known


def _known_talk(session: Session, somebody: Correspondent) -> Conversation | None:
    """The conversation by telephone with this number, where it was merged into another that."""
    found = session.scalar(
        select(Conversation).where(
            Conversation.correspondent_id == somebody.id,
            Conversation.channel == CHANNEL,
            Conversation.split_from_id.is_(None),
            Conversation.report_id.is_(None),
        )
    )
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def _claim(session: Session, here: Conversation, somebody: Correspondent) -> Conversation | None:
    """Nobody has talked with this number yet: this is the talk, unless another was faster."""
    try:
        with session.begin_nested():
            here.correspondent = somebody
            session.flush()
        return None
    except IntegrityError:
        session.refresh(here)
        return _known_talk(session, somebody)


def alone(session: Session, call: Call) -> bool:
    """Whether nothing but this call stands in its conversation."""
    said = select(Message.external_key).where(Message.conversation_id == call.conversation_id)
    return set(session.scalars(said)) == {key_of(call)}


def _joins(session: Session, call: Call, known: Conversation) -> bool:
    if call.officer is None:
        return known.owner_id is None
    mine = known.owner_id in (None, call.officer_id)
    return mine and scope.sees(session, call.officer, known)


def _move(session: Session, call: Call, known: Conversation) -> None:
    here, message = call.conversation, message_of(session, call)
    if message is not None:
        message.moved_from_id, message.conversation = here.id, known
    call.conversation = known
    known.last_at = max(known.last_at, here.last_at)
    known.last_inbound_at = max(
        (one for one in (known.last_inbound_at, here.last_inbound_at) if one), default=None
    )
    known.waiting_since = known.waiting_since or here.waiting_since
    known.urgent = known.urgent or here.urgent
    known.owner, known.state = call.officer or known.owner, here.state
    here.merged_into, here.state, here.waiting_since = known, TalkState.done, None


def leave(session: Session, call: Call) -> None:
    """Out of a talk that it had joined while it rang: whoever answers must not read that."""
    message, known = message_of(session, call), call.conversation
    if message is None or message.moved_from_id is None:
        return
    here = session.get_one(Conversation, message.moved_from_id)
    message.conversation, message.moved_from_id = here, None
    call.conversation, here.merged_into = here, None
    here.correspondent, here.split_from = known.correspondent, known
    session.flush()
