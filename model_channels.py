"""The tables of the channels and of the clock: who writes or calls, what is said, what is awaited.

A part of `models`, which everybody imports them from; the same rules hold.
"""

import uuid as uuid_module
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from model_base import *

if TYPE_CHECKING:
    from models import Attachment, Case, Message, Officer, Person, Report

# --- channels: who writes or calls, and what is said ----------------------------------------------


class Correspondent(Row, Versioned, Base, named_by="id"):
    """Somebody behind a number or an address: not yet a person, and never proof of one."""

    name: Mapped[SecretText | None]
    person_id: Mapped[PersonRef | None]
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[OfficerRef | None]
    checked_how: Mapped[Code | None]

    person: Mapped["Person | None"] = relationship()
    checked_by: Mapped["Officer | None"] = relationship()
    aliases: Mapped[list["Alias"]] = rows("correspondent", "Alias.id")
    conversations: Mapped[list["Conversation"]] = rows("correspondent", "Conversation.id")


class Alias(Row, Base, named_by="kind"):
    """A number, address or account somebody is known by, found by its keyed hash.

    `ended_at`: it has passed on to another account, and proves nothing any more.
    """

    __table_args__ = (
        Index(
            "uq_alias_in_use",
            *("kind", "key"),
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    correspondent_id: Mapped[int] = mapped_column(ForeignKey("correspondent.id"), index=True)
    kind: Mapped[Code]
    key: Mapped[Digest]
    value: Mapped[SecretText]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    correspondent: Mapped[Correspondent] = relationship(back_populates="aliases")


class Conversation(Row, Versioned, Base, named_by="number"):
    """What is said with somebody by one channel: at `/lacak` about one report, or in a chat.

    Merging only points at another conversation, splitting moves messages that remember where they
    stood: both can be undone. `waiting_since`: since when nobody has answered.
    """

    __table_args__ = (
        CheckConstraint("(snooze_until IS NULL) = (snooze_reason IS NULL)", name="snoozed_why"),
        CheckConstraint("(dismissed_at IS NULL) = (dismissed_by_id IS NULL)", name="dismissed_by"),
        CheckConstraint("dismissal_agreed_by_id <> dismissed_by_id", name="two_pairs_of_eyes"),
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        Index("ix_conversation_state", "state", "waiting_since", "id"),
        Index("ix_conversation_owner_state", "owner_id", "state", "waiting_since"),
        Index(
            "uq_conversation_one_a_channel",
            *("correspondent_id", "channel"),
            unique=True,
            sqlite_where=text("split_from_id IS NULL AND report_id IS NULL"),
            postgresql_where=text("split_from_id IS NULL AND report_id IS NULL"),
        ),
    )

    number: Mapped[str] = mapped_column(String(30), unique=True)
    channel: Mapped[Channel]
    state: Mapped[TalkState] = mapped_column(default=TalkState.new)
    correspondent_id: Mapped[int | None] = mapped_column(ForeignKey("correspondent.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    began_at: Mapped[datetime] = mapped_column(index=True)
    last_at: Mapped[datetime] = mapped_column(index=True)
    last_inbound_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None] = mapped_column(index=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    labels: Mapped[Codes]
    snooze_until: Mapped[datetime | None]
    snooze_reason: Mapped[SecretText | None]
    dismissed_by_id: Mapped[OfficerRef | None]
    dismissed_at: Mapped[datetime | None]
    dismissal_reason: Mapped[SecretText | None]
    dismissal_agreed_by_id: Mapped[OfficerRef | None]
    merged_into_id: Mapped[TalkRef | None]
    split_from_id: Mapped[TalkRef | None]
    erased_at: Mapped[datetime | None]

    correspondent: Mapped[Correspondent | None] = relationship(back_populates="conversations")
    report: Mapped["Report | None"] = relationship(back_populates="conversation")
    owner: Mapped["Officer | None"] = relationship(foreign_keys="Conversation.owner_id")
    dismissed_by: Mapped["Officer | None"] = relationship(
        foreign_keys="Conversation.dismissed_by_id"
    )
    dismissal_agreed_by: Mapped["Officer | None"] = relationship(
        foreign_keys="Conversation.dismissal_agreed_by_id"
    )
    merged_into: Mapped["Conversation | None"] = relationship(
        remote_side="Conversation.id", foreign_keys="Conversation.merged_into_id"
    )
    split_from: Mapped["Conversation | None"] = relationship(
        remote_side="Conversation.id", foreign_keys="Conversation.split_from_id"
    )
    messages: Mapped[list["Message"]] = relationship(
        back_populates="conversation",
        foreign_keys="Message.conversation_id",
        order_by="(Message.at, Message.id)",
    )
    links: Mapped[list["ConversationLink"]] = rows("conversation", "ConversationLink.id")
    calls: Mapped[list["Call"]] = rows("conversation", "Call.id")


class ConversationLink(Row, Base):
    """A report or a case that a conversation is about; one phone may speak for several."""

    __table_args__ = (
        CheckConstraint("(report_id IS NULL) <> (case_id IS NULL)", name="to_one"),
        UniqueConstraint("conversation_id", "report_id"),
        UniqueConstraint("conversation_id", "case_id"),
    )

    conversation_id: Mapped[TalkRef]
    report_id: Mapped[ReportRef | None]
    case_id: Mapped[CaseRef | None]
    by_id: Mapped[OfficerRef | None]

    conversation: Mapped[Conversation] = relationship(back_populates="links")
    report: Mapped["Report | None"] = relationship()
    case: Mapped["Case | None"] = relationship()
    by: Mapped["Officer | None"] = relationship()


class Seat(Base):
    """An officer at a conversation: read up to which message, last there, last seen writing."""

    __table_args__ = (UniqueConstraint("conversation_id", "officer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    officer_id: Mapped[OfficerRef]
    read_id: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime | None]
    writing_at: Mapped[datetime | None]

    officer: Mapped["Officer"] = relationship()


class Sending(Row, Versioned, Base, named_by="status"):
    """A message on its way out. A send that timed out is `unknown` and never sent again by itself.

    `row.uuid` travels with the message, so that a status finds it whatever became of the answer.
    """

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), unique=True)
    to_kind: Mapped[Code]
    to_value: Mapped[SecretText]
    template: Mapped[Short | None]
    language: Mapped[Code | None]
    parameters: Mapped[SecretText | None]
    status: Mapped[SendState] = mapped_column(default=SendState.queued, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    not_after: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    error_code: Mapped[Code | None]
    error: Mapped[SecretText | None]

    message: Mapped["Message"] = relationship(back_populates="sending")


class MessageMark(Row, Base, named_by="kind"):
    """What became of a message elsewhere: edited, withdrawn, a reaction, sent, delivered, failed.

    It may come before the message itself, so it knows it by its outside id alone.
    """

    target_key: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[Code]
    at: Mapped[datetime]
    actor_key: Mapped[Digest | None]
    body: Mapped[SecretText | None]
    code: Mapped[Code | None]


class RemoteFile(Row, Base, named_by="state"):
    """A file of a message that still lies elsewhere, or what became of it."""

    message_id: Mapped[MessageRef]
    media_id: Mapped[SecretText]
    mime: Mapped[Short | None]
    sha256: Mapped[Digest | None]
    filename: Mapped[SecretText | None]
    state: Mapped[MediaState] = mapped_column(default=MediaState.pending, index=True)
    expires_at: Mapped[datetime | None]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"), index=True)
    trouble: Mapped[Code | None]

    message: Mapped["Message"] = relationship(back_populates="remote_files")
    attachment: Mapped["Attachment | None"] = relationship()


class ChannelDelivery(Row, Base, named_by="id"):
    """What a channel brought, byte for byte, kept before it is understood; each once.

    Waiting while `processed_at` is empty, in quarantine with a `trouble` for `admin` to see.
    """

    __table_args__ = (
        UniqueConstraint("channel", "sha256"),
        Index("ix_channel_delivery_waiting", "processed_at", "received_at"),
    )

    channel: Mapped[Code]
    sha256: Mapped[Digest]
    body: Mapped[SecretBytes | None] = mapped_column(deferred=True)
    headers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    received_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    seen: Mapped[int] = mapped_column(default=1)
    items: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    processed_at: Mapped[datetime | None]
    trouble: Mapped[Code | None] = mapped_column(index=True)
    by_id: Mapped[OfficerRef | None]
    conversation_id: Mapped[TalkRef | None]
    purged_at: Mapped[datetime | None]

    by: Mapped["Officer | None"] = relationship()


class ChannelItem(Base):
    """The ledger: whoever writes the key of an item first has processed it, in one transaction."""

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("channel_delivery.id"), index=True)
    path: Mapped[str] = mapped_column(String(60))
    kind: Mapped[Code]
    digest: Mapped[Digest]
    conflicts: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(default=now)


class ChannelCursor(Base):
    """How far a channel that must be asked was read, and how asking went."""

    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    trouble: Mapped[Code | None]


class Call(Row, Versioned, Base, named_by="started_at"):
    """A telephone call, from the telephone system or opened by hand; notes as they are typed."""

    __table_args__ = (Index("ix_call_state_started_at", "state", "started_at"),)

    conversation_id: Mapped[TalkRef]
    external_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    direction: Mapped[Direction]
    state: Mapped[CallState]
    number: Mapped[SecretText | None]
    extension: Mapped[Short | None]
    officer_id: Mapped[OfficerRef | None]
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cause: Mapped[Code | None]
    kind: Mapped[Code | None]
    notes: Mapped[SecretText | None]
    report_id: Mapped[ReportRef | None]
    called_back_at: Mapped[datetime | None]
    called_back_by_id: Mapped[OfficerRef | None]
    called_back_how: Mapped[Code | None]

    conversation: Mapped[Conversation] = relationship(back_populates="calls")
    officer: Mapped["Officer | None"] = relationship(foreign_keys="Call.officer_id")
    report: Mapped["Report | None"] = relationship()
    called_back_by: Mapped["Officer | None"] = relationship(foreign_keys="Call.called_back_by_id")


class Visit(Row, Versioned, Base, named_by="queue_number"):
    """Somebody at the counter: a queue number of the day, and the ten minutes from arrival."""

    __table_args__ = (UniqueConstraint("day", "queue_number"),)

    day: Mapped[date]
    queue_number: Mapped[int]
    purpose: Mapped[Code] = mapped_column(default="tidak_diketahui")
    urgent: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime] = mapped_column(index=True)
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Code | None]
    officer_id: Mapped[OfficerRef | None]
    note: Mapped[SecretText | None]
    report_id: Mapped[ReportRef | None]

    officer: Mapped["Officer | None"] = relationship()
    report: Mapped["Report | None"] = relationship()


class CannedAnswer(Row, Versioned, Base, named_by="title"):
    """A reviewed text for the composer, or a template that WhatsApp has approved (`template`)."""

    title: Mapped[Short]
    text: Mapped[str]
    template: Mapped[str | None] = mapped_column(String(200), unique=True)
    language: Mapped[Code] = mapped_column(default="id")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Cue(Versioned, Base, named_by="pattern"):
    """Words that ask for haste. A rule as data: it only points, a human decides."""

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[Code]
    language: Mapped[Code]
    pattern: Mapped[str] = mapped_column(String(200), unique=True)
    active: Mapped[bool] = mapped_column(default=True)


class CueFinding(Row, Base, named_by="category"):
    """Words of a message or report that asked for haste, and whether somebody agreed."""

    __table_args__ = (
        CheckConstraint("report_id IS NOT NULL OR message_id IS NOT NULL", name="of_something"),
        CheckConstraint("(accepted IS NULL) = (decided_at IS NULL)", name="decided_when"),
    )

    message_id: Mapped[MessageRef | None]
    report_id: Mapped[ReportRef | None]
    cue_id: Mapped[int | None] = mapped_column(ForeignKey("cue.id"), index=True)
    category: Mapped[Code]
    words: Mapped[SecretText]
    accepted: Mapped[bool | None]
    decided_by_id: Mapped[OfficerRef | None]
    decided_at: Mapped[datetime | None]

    message: Mapped["Message | None"] = relationship(back_populates="findings")
    report: Mapped["Report | None"] = relationship()
    cue: Mapped[Cue | None] = relationship()
    decided_by: Mapped["Officer | None"] = relationship()


class SurveyAnswer(Base):
    """What somebody thought of the service (PermenPANRB 14/2017); nothing leads back to them."""

    __table_args__ = {"sqlite_with_rowid": False}  # the order of answers would lead back

    id: Mapped[uuid_module.UUID] = mapped_column(Uuid, primary_key=True, default=uuid_module.uuid4)
    year: Mapped[int] = mapped_column(index=True)
    month: Mapped[int]
    channel: Mapped[Code]
    scores: Mapped[list[int]] = mapped_column(Json)


# --- the clock --------------------------------------------------------------------------------


class ClockPause(Row, Base, named_by="cause"):
    """A time that the office could not use, with its cause: it does not count."""

    __table_args__ = (CheckConstraint("until_at >= from_at", name="times_in_order"),)

    report_id: Mapped[ReportRef]
    cause: Mapped[Code]
    note: Mapped[SecretText | None]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    by_id: Mapped[OfficerRef]

    report: Mapped["Report"] = relationship(back_populates="pauses")
    by: Mapped["Officer"] = relationship()


class ClockAlarm(Base):
    """A warning or an escalation that was given: each at most once."""

    __table_args__ = (UniqueConstraint("subject_table", "subject_id", "step", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_table: Mapped[Code]
    subject_id: Mapped[int]
    step: Mapped[Code]
    level: Mapped[Code]
    at: Mapped[datetime] = mapped_column(index=True)


class Duty(Row, Versioned, Base, named_by="officer"):
    """The roster: who is on duty (piket), on leave (cuti), or stands in (plh.) for whom."""

    __table_args__ = (
        CheckConstraint("until_at > from_at", name="times_in_order"),
        CheckConstraint("kind <> 'plh' OR stands_for_id IS NOT NULL", name="stands_for_somebody"),
    )

    officer_id: Mapped[OfficerRef]
    kind: Mapped[DutyKind]
    from_at: Mapped[datetime] = mapped_column(index=True)
    until_at: Mapped[datetime] = mapped_column(index=True)
    stands_for_id: Mapped[OfficerRef | None]
    note: Mapped[SecretText | None]

    officer: Mapped["Officer"] = relationship(foreign_keys="Duty.officer_id")
    stands_for: Mapped["Officer | None"] = relationship(foreign_keys="Duty.stands_for_id")


class HandOver(Row, Versioned, Base, named_by="at"):
    """The end of a shift: what was open then (ids and states), handed to whom, and the answer."""

    by_id: Mapped[OfficerRef]
    to_id: Mapped[OfficerRef | None]
    at: Mapped[datetime] = mapped_column(index=True)
    items: Mapped[list[Any]] = mapped_column(Json, default=list)
    note: Mapped[SecretText | None]
    accepted_at: Mapped[datetime | None]

    by: Mapped["Officer"] = relationship(foreign_keys="HandOver.by_id")
    to: Mapped["Officer | None"] = relationship(foreign_keys="HandOver.to_id")
