"""The one inbox: every channel's messages stand in conversations, and nobody's is forgotten.

A conversation is what is said with somebody by one channel: about one report at `/lacak`, or in a
chat, by telephone, by e-mail. What comes in opens it again, wakes it, takes back that it was no
complaint, and lets the clock of the answer run; what goes out stops that clock. `answering` says
who may answer, `talk_acts` what officers do with conversations, `correspondents` who is behind one.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    Channel,
    Conversation,
    ConversationLink,
    Correspondent,
    Direction,
    Message,
    Officer,
    Report,
    TalkState,
)
from portal.access import scope
from portal.casework import cues, pauses
from portal.casework.threads import family as family
from portal.casework.threads import note as note
from portal.casework.threads import said, whole
from portal.indonesia import dates
from portal.protection import vault

NUMBER = "PC-{year}-{id:06d}"


class Incoming(NamedTuple):
    """One thing that somebody sent, as the channel tells it.

    `at` is when it was written there (aware); `external_id` names it at the channel, so that it is
    kept once; `details` is JSON text of what is no text (a place, a contact, a button).
    """

    body: str
    at: datetime
    kind: str = "text"
    external_id: str | None = None
    reply_to: str | None = None
    details: str | None = None


# --- which conversation ---------------------------------------------------------------------------


def of_report(session: Session, report: Report, now: datetime) -> Conversation:
    """The conversation at `/lacak` about this report, begun when there is none yet."""
    known = select(Conversation).where(Conversation.report_id == report.id)
    with scope.system(session):  # whoever is kept from it begins no second one
        found = session.scalar(known) if report.id and report.conversation is None else None
    if found is not None:
        return found
    if report.conversation is None:
        report.conversation = _begun(report.channel, report.received_at, report=report)
        report.conversation.owner = report.owner
        session.add(report.conversation)
        _number(session, report.conversation, now)
    return report.conversation


def begin(session: Session, report: Report, now: datetime) -> Conversation:
    """The conversation of a report that has just come: somebody waits for the office."""
    talk = of_report(session, report, now)
    talk.last_inbound_at = talk.waiting_since = report.received_at
    session.flush()
    return talk


def with_somebody(
    session: Session, somebody: Correspondent, channel: Channel, now: datetime
) -> Conversation:
    """The conversation with a correspondent by `channel`, begun when there is none yet.

    Two workers that begin it at the same time begin one: the table refuses the second.
    """
    wanted = select(Conversation).where(
        Conversation.correspondent_id == somebody.id,
        Conversation.channel == channel,
        Conversation.split_from_id.is_(None),
        Conversation.report_id.is_(None),
    )
    found = session.scalar(wanted)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            begun = _begun(channel, now, correspondent=somebody)
            session.add(begun)
            _number(session, begun, now)
            return begun
    except IntegrityError:
        return session.scalars(wanted).one()


def apart(session: Session, channel: Channel, now: datetime, **about: Any) -> Conversation:
    """A conversation of its own: with nobody known yet (a hidden number), or split from another."""
    begun = _begun(channel, now, **about)
    session.add(begun)
    _number(session, begun, now)
    return begun


def _begun(channel: Channel, now: datetime, **about: Any) -> Conversation:
    return Conversation(
        number=f"~{uuid4().hex[:28]}",
        channel=channel,
        began_at=now,
        last_at=now,
        labels=[],
        **about,
    )


def _number(session: Session, conversation: Conversation, now: datetime) -> None:
    """The primary key's own number, so that two that begin at once never meet in a counter."""
    session.flush()
    conversation.number = NUMBER.format(year=dates.local(now).year, id=conversation.id)
    session.flush()


def link(
    session: Session,
    conversation: Conversation,
    officer: Officer | None,
    **about: Any,
) -> None:
    """Say that a conversation is about `report=` or `case=` too, and all that reads as one with it:
    who is kept from the matter is kept from every part. A second time changes nothing."""
    session.flush()
    wanted = tuple(about[name].id if about.get(name) else None for name in ("report", "case"))
    with scope.system(session):
        for one in family(session, conversation):
            if wanted not in {(link.report_id, link.case_id) for link in one.links}:
                session.add(ConversationLink(conversation=one, by=officer, **about))
        session.flush()


# --- what is said ---------------------------------------------------------------------------------


def external_key(channel: str, external_id: str) -> str:
    """The keyed hash of a channel's own id of a message (those of WhatsApp spell out a number)."""
    return vault.keyed_hash("external-id", f"{channel}:{external_id}").hex()


def take_in(
    session: Session, conversation: Conversation, incoming: Incoming, now: datetime
) -> Message:
    """A message of somebody outside; the same one again where the channel tells it once more.

    Urgent words raise the conversation. Changes nothing else: who is told and which files it brings
    is up to the caller, who commits.
    """
    message, new = kept(session, conversation, incoming)
    if new:
        for one in whole(conversation):
            _heard(one, incoming.at, now)
        pauses.heard(session, conversation, now)
        cues.read(session, message)
    return message


def kept(session: Session, conversation: Conversation, incoming: Incoming) -> tuple[Message, bool]:
    """What somebody sent as a message, and whether it is new; nothing else comes of it."""
    given = incoming.external_id
    outside = external_key(conversation.channel.value, given) if given else None
    if outside and (known := by_key(session, outside)):
        return known, False
    quoted = incoming.reply_to
    message = Message(
        conversation=conversation,
        report=conversation.report,
        direction=Direction.masuk,
        kind=incoming.kind,
        body=incoming.body,
        details=incoming.details,
        external_id=given,
        external_key=outside,
        reply_to_key=external_key(conversation.channel.value, quoted) if quoted else None,
        at=incoming.at,
    )
    session.add(message)
    session.flush()
    return message, True


def by_key(session: Session, outside: str) -> Message | None:
    """The message with this outside id (its keyed hash)."""
    return session.scalar(select(Message).where(Message.external_key == outside))


def _heard(conversation: Conversation, at: datetime, now: datetime) -> None:
    """Somebody is waiting: it stands where officers look, whatever was decided about it before."""
    said = min(at, now)
    conversation.last_at = max(conversation.last_at, said)
    conversation.last_inbound_at = max(conversation.last_inbound_at or said, said)
    conversation.waiting_since = min(conversation.waiting_since or now, now)
    conversation.snooze_until = conversation.snooze_reason = None
    conversation.dismissed_at = conversation.dismissed_by = None
    conversation.dismissal_reason = conversation.dismissal_agreed_by = None
    if conversation.state is not TalkState.new:
        conversation.state = TalkState.open if conversation.owner_id else TalkState.new


def speak(
    session: Session,
    conversation: Conversation,
    officer: Officer,
    text: str,
    now: datetime,
    kind: str = "text",
) -> Message:
    """What an officer says outwards: nobody waits any more. Sends nothing by itself."""
    message = said(session, conversation, officer, text, now, Direction.keluar, kind)
    for one in whole(conversation):
        _answered(one, now)
    session.flush()
    return message


def _answered(conversation: Conversation, now: datetime) -> None:
    conversation.last_at = now
    conversation.waiting_since = None
    if conversation.state is not TalkState.done:
        conversation.state = TalkState.waiting
