"""A chat that was exported from a telephone, brought into its conversation, each message once.

What the office wrote on that telephone stands there as written by whoever imports it, and says so.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Channel,
    Conversation,
    Direction,
    Message,
    Officer,
    TalkState,
)
from portal.access import scope
from portal.casework import (
    conversations,
    correspondents,
    cues,
    deliveries,
    enclosures,
    hearing,
    marks,
)
from portal.casework.chat_lines import Changed, New, Plan, Said, minute_of, plan
from portal.casework.conversations import Incoming
from portal.casework.correspondents import KnownAs
from portal.protection import audit, files, vault

CHANNEL = "chat_export"


# --- kept -----------------------------------------------------------------------------------------


def keep(
    session: Session,
    body: bytes,
    known_as: KnownAs,
    name: str,
    choices: Mapping[str, str],
    officer: Officer,
    now: datetime,
) -> Conversation:
    """Keep an export byte for byte and have it read after the commit; the conversation it goes to.

    Args:
        known_as: a number, or the name of a chat whose number nobody knows.
        choices: codes alone: `office` (place of the office's own name in the export, empty for
            none) and `order` of dates.
    """
    with scope.system(session):
        talk = talk_of(session, known_as, name, now)
        if talk.owner_id is None and (talk.began_at == now or scope.sees(session, officer, talk)):
            talk.owner, talk.state = officer, TalkState.open
        delivery = deliveries.store(session, CHANNEL, body, choices, now, officer, talk.id)
        if delivery.received_at != now:  # the very same file once more: other answers may count
            delivery.body, delivery.purged_at, delivery.headers = body, None, dict(choices)
            delivery.by, delivery.conversation_id = officer, talk.id
            deliveries.read_again(session, delivery, officer, now)
        audit.record(session, "chat_imported", officer, talk)
        if talk.owner is not officer:
            hearing.tell(session, talk, hearing.NEW)
        session.flush()
    return talk


def is_another(session: Session, known_as: KnownAs, said: Sequence[Said], office: str) -> bool:
    """Whether somebody else goes by this name of a chat already: not one message is the same.

    A number says who it is; of two chats called "Ibu" nobody knows.
    """
    if known_as.kind != correspondents.CHAT:
        return False
    with scope.system(session):
        somebody = correspondents.find(session, known_as)
        talks = somebody.conversations if somebody else []
        return bool(talks) and not any(plan(session, talk, said, office).known for talk in talks)


def talk_of(session: Session, known_as: KnownAs, name: str, now: datetime) -> Conversation:
    """The conversation by WhatsApp with whoever goes by this name, begun if need be."""
    somebody = correspondents.meet(session, [known_as], now, name)
    return conversations.with_somebody(session, somebody, Channel.whatsapp, now)


# --- brought in -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bringing:
    """Who imports what into which conversation, with the files that came along."""

    talk_id: int
    officer_id: int
    last_answer: datetime | None
    limits: files.Limits
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    too_large: frozenset[str] = frozenset()


def last_answer(session: Session, talk: Conversation, found: Plan) -> datetime | None:
    """When the office spoke last in the conversation, on the telephone or here."""
    wanted = select(func.max(Message.at)).where(
        Message.conversation_id == talk.id, Message.direction == Direction.keluar
    )
    times = [new.said.at for new in found.new if new.side is Direction.keluar]
    return max(filter(None, [session.scalar(wanted), *times]), default=None)


def key_of(talk_id: int, new: New) -> str:
    """Names a message of an export however often and however much longer it is exported."""
    said = new.said
    at = minute_of(said.at).isoformat()
    parts = (str(talk_id), at, new.side.value, said.sender, said.text, said.file, str(new.nth))
    state = f"{said.kind}:{said.omitted:d}{said.deleted:d}"
    return "e:" + hashlib.sha256("\0".join((*parts, state)).encode("utf-8", "replace")).hexdigest()


def add(session: Session, new: New, bringing: Bringing) -> Message:
    """One message of an export into its conversation. The caller commits."""
    talk = session.get_one(Conversation, bringing.talk_id)
    officer = session.get_one(Officer, bringing.officer_id)
    message = SIDES[new.side](session, talk, officer, new, bringing)
    message.details = _details(new, officer)
    message.external_key = vault.keyed_hash("external-id", key_of(talk.id, new)).hex()
    session.flush()
    _file(session, message, new.said, bringing, officer)
    if new.said.deleted:
        _mark(session, message, marks.REVOKE, new.said)
    if new.said.edited:
        _mark(session, message, marks.EDIT, new.said)
    return message


def change(session: Session, changed: Changed, bringing: Bringing) -> None:
    """What became of a message that is here already. The caller commits."""
    message = session.get_one(Message, changed.message.id)
    officer = session.get_one(Officer, bringing.officer_id)
    if changed.said.deleted:
        _mark(session, message, marks.REVOKE, changed.said)
    elif changed.said.edited:
        _mark(session, message, marks.EDIT, changed.said)
        if message.direction is Direction.masuk:
            cues.read(session, message, changed.said.text)
    else:
        for left_out in [one for one in message.remote_files if one.trouble == "left_out"]:
            session.delete(left_out)
        _file(session, message, changed.said, bringing, officer)


def _mark(session: Session, message: Message, kind: str, said: Said) -> None:
    if message.external_key is None:  # written here, not yet named outside
        key = vault.keyed_hash("external-id", f"own:{message.uuid}").hex()
        message.external_key = key
    body = said.text if kind == marks.EDIT else None
    marks.leave(session, message.external_key, kind, said.at, body=body)


def _heard(
    session: Session, talk: Conversation, _officer: Officer, new: New, bringing: Bringing
) -> Message:
    """Somebody spoke; what the office has answered since calls nobody."""
    said, now = new.said, datetime.now(UTC)
    incoming = Incoming(said.text, said.at, said.kind)
    settled = bringing.last_answer is not None and said.at <= bringing.last_answer
    if settled:
        return hearing.file_away(session, talk, incoming, now)
    return conversations.take_in(session, talk, incoming, now)


def _answered(
    session: Session, talk: Conversation, officer: Officer, new: New, bringing: Bringing
) -> Message:
    """The office spoke, on its telephone: whoever imports it vouches for it."""
    before = (talk.last_at, talk.waiting_since, talk.state)
    said = new.said
    message = conversations.speak(session, talk, officer, said.text, said.at, said.kind)
    talk.last_at = max(before[0], said.at)
    heard = talk.last_inbound_at
    if heard is not None and heard > said.at:
        talk.waiting_since, talk.state = before[1], before[2]
    return message


def _spoken(
    session: Session, talk: Conversation, _officer: Officer, new: New, _bringing: Bringing
) -> Message:
    """The chat itself spoke: a number changed, somebody left."""
    return conversations.note(session, talk, None, new.said.text, new.said.at)


SIDES: Mapping[Direction, Callable[..., Message]] = {
    Direction.masuk: _heard,
    Direction.keluar: _answered,
    Direction.internal: _spoken,
}


def _details(new: New, officer: Officer) -> str:
    said = new.said
    told = {
        "source": CHANNEL,
        "sender": said.sender,
        "file": said.file,
        "imported_by": officer.id,
        "written_on_phone": new.side is Direction.keluar,
    }
    return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)


def _file(
    session: Session, message: Message, said: Said, bringing: Bringing, officer: Officer
) -> None:
    if not said.file and not said.omitted:
        return
    data = bringing.files.get(said.file)
    if data:
        enclosures.enclose(session, message, said.file, data, bringing.limits, officer)
        return
    large = said.file in bringing.too_large
    trouble = enclosures.TOO_LARGE if large else enclosures.LEFT_OUT
    enclosures.missing(session, message, said.file, trouble)
