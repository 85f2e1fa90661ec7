"""Answering in a conversation: whose turn it is, whether it may leave, and what is kept of it.

Whoever answers has taken the conversation, has seen what was said last, and goes through the rule
of safe contact. What must travel (WhatsApp, e-mail) is queued in the same transaction as the
message; nothing is ever written by the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    CannedAnswer,
    CaseEvent,
    Channel,
    Conversation,
    Direction,
    Message,
    Officer,
    Sending,
    SendState,
)
from portal.casework import agreements, contact, conversations, correspondents, lifecycle
from portal.casework.contact_words import FETCHED, Obstacle
from portal.protection import audit
from portal.queue import enqueue
from portal.wording import _

JOB = "send_message"
WINDOW = timedelta(hours=24)  # WhatsApp: free text only so long after somebody wrote
TWICE = timedelta(minutes=2)
# What leaves the house by itself once it is written, and the names it can be addressed to.
ADDRESSES: dict[Channel, tuple[str, ...]] = {
    Channel.whatsapp: (correspondents.PHONE, correspondents.ACCOUNT),
    Channel.email: (correspondents.EMAIL,),
}
# Where an answer is read at `/lacak`; every other way is a call or a visit, kept as an attempt.
FETCHED_AT_LACAK = frozenset(Channel) - ADDRESSES.keys()


class Overtaken(lifecycle.Refused):
    """Somebody wrote in the meantime: look again, then send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an officer wants to say.

    Args:
        text: as it will be read.
        seen: id of the last message on the officer's screen; 0 skips the question.
        reason: why all the same, against the agreement on safe contact.
        template: an approved template, the only way outside WhatsApp's window; `text` is then how
            it reads, `parameters` what stands in its gaps.
        quote: the message that is answered.
    """

    text: str
    seen: int = 0
    reason: str | None = None
    template: CannedAnswer | None = None
    parameters: Sequence[str] = ()
    quote: Message | None = None


def way(talk: Conversation) -> str:
    """The channel of safe contact by which an answer in this conversation travels."""
    return talk.channel.value if travels(talk) else FETCHED


def travels(talk: Conversation) -> bool:
    """Whether an answer leaves the house (it may be seen by whoever holds the phone)."""
    return talk.channel in ADDRESSES and talk.report_id is None


def can_be_read(talk: Conversation) -> bool:
    """Whether a written answer reaches anybody: by its channel, or at `/lacak` of a report."""
    return travels(talk) or talk.report_id is not None


def window_closes(talk: Conversation) -> datetime | None:
    """Until when free text may be sent; None where there is no such limit."""
    if talk.channel is not Channel.whatsapp or talk.report_id is not None:
        return None
    return talk.last_inbound_at + WINDOW if talk.last_inbound_at else talk.began_at


def last_heard(session: Session, talk: Conversation) -> int:
    """The id of the newest message of the thread that is no internal note; 0 for none."""
    members = [one.id for one in conversations.family(session, talk)]
    said = select(func.max(Message.id)).where(
        Message.conversation_id.in_(members), Message.direction != Direction.internal
    )
    return session.scalar(said) or 0


def obstacles(
    session: Session, talk: Conversation, officer: Officer, answer: Answer, now: datetime
) -> list[str]:
    """Why this answer may not leave at all, whatever reason is written; empty if it may be tried.

    Sentences: somebody else's conversation, WhatsApp's window, no address to send to.
    """
    against = []
    if talk.owner_id != officer.id:
        against.append(_("Ambil alih percakapan ini sebelum menjawab."))
    closes = window_closes(talk)
    if closes is not None and now >= closes and answer.template is None:
        against.append(
            _("Jendela 24 jam WhatsApp sudah tertutup: hanya templat yang disetujui dapat dikirim.")
        )
    if not can_be_read(talk):
        against.append(_("Tidak ada yang membaca jawaban tertulis di sini: hubungi kembali."))
    if travels(talk) and _address(talk) is None:
        against.append(_("Alamat atau nomor untuk membalas tidak diketahui."))
    return against


def reply(
    session: Session, talk: Conversation, officer: Officer, answer: Answer, now: datetime
) -> Message:
    """The answer as a message, on its way where it must travel. The caller commits.

    Raises Refused (not one's turn, window closed), Overtaken (somebody wrote since), and
    contact.NotPermitted (the agreement is against it and no reason was written).
    """
    if against := obstacles(session, talk, officer, answer, now):
        raise lifecycle.Refused(*against)
    if answer.seen and last_heard(session, talk) > answer.seen:
        raise Overtaken(_("Ada pesan baru sejak halaman ini dibuka. Baca dahulu, lalu kirim."))
    if travels(talk):
        found = hindrances(session, talk, answer.text, now)
        contact.settle(
            session, wish(session, talk, officer, answer.text, now), found, answer.reason
        )
    message = conversations.speak(session, talk, officer, answer.text, now)
    if answer.quote is not None and answer.quote.conversation.channel is talk.channel:
        message.reply_to_key = answer.quote.external_key
    if travels(talk):
        _queue(session, talk, message, answer, now)
    if talk.report is not None:
        event = CaseEvent(report=talk.report, kind="message_out", actor=officer, at=now)
        session.add(event)
    audit.record(session, "message_sent", officer, talk)
    session.flush()
    return message


# So long after somebody wrote, an answer by the same way is what they asked for.
ASKED_FOR = timedelta(hours=24)


def hindrances(session: Session, talk: Conversation, text: str, now: datetime) -> list[Obstacle]:
    """Everything that agreements have against an answer. Who writes without one may be answered
    where they wrote, while it is fresh; what was agreed holds, and so do the words."""
    channel, heard = way(talk), talk.last_inbound_at
    against = agreements.obstacles(session, agreements.of(session, talk), channel, now, text)
    if heard is not None and now - heard < ASKED_FOR and channel == talk.channel.value:
        against = [one for one in against if one.code != "not_asked"]
    return against


def wish(
    session: Session, talk: Conversation, officer: Officer, text: str, now: datetime
) -> contact.Wish:
    """Whom this answer would reach, as it is kept."""
    person = agreements.alone(agreements.of(session, talk))
    return contact.Wish(person, way(talk), officer, now, talk, text)


def _queue(
    session: Session, talk: Conversation, message: Message, answer: Answer, now: datetime
) -> None:
    kind, value = _address(talk) or ("", "")
    sending = Sending(
        message=message,
        to_kind=kind,
        to_value=value,
        status=SendState.queued,
        template=answer.template.template if answer.template else None,
        language=answer.template.language if answer.template else None,
        parameters="\n".join(answer.parameters) or None,
        not_after=None if answer.template else window_closes(talk),
    )
    session.add(sending)
    session.flush()
    enqueue(session, JOB, {"sending_id": sending.id}, now)


def _address(talk: Conversation) -> tuple[str, str] | None:
    """The best name to write to: a number before an account, as the channel prefers."""
    somebody: Any = talk.correspondent
    for kind in ADDRESSES.get(talk.channel, ()):
        value = correspondents.value_of(somebody, kind) if somebody else None
        if value:
            return kind, value
    return None
