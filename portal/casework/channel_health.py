"""How the channels are doing, in figures: for `flask channels status` and for `admin`.

Counted are the entries of the ledger, each once however often it was delivered.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import (
    Call,
    ChannelCursor,
    ChannelDelivery,
    ChannelItem,
    MediaState,
    Officer,
    RemoteFile,
    Sending,
    SendState,
)
from portal.casework import calls, channel_state

QUARANTINE = ("malformed", "foreign", "unreadable")
LEFT = (SendState.accepted, SendState.sent, SendState.delivered, SendState.read)
REFUSALS = ("unsigned", "wrong_signature", "too_large")
LONG_PENDING = timedelta(hours=1)
LATELY, MOST_TELEPHONES = timedelta(days=30), 20


def _count(session: Session, model: Any, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def _items(session: Session, beginning: str, *where: ColumnElement[bool]) -> int:
    wanted = select(func.count()).select_from(ChannelItem).join(ChannelDelivery)
    return session.scalar(wanted.where(ChannelItem.kind.startswith(beginning), *where)) or 0


def waiting() -> ColumnElement[bool]:
    """What has come and was not read to its end yet."""
    return ChannelDelivery.processed_at.is_(None)


def quarantined() -> ColumnElement[bool]:
    """What somebody must look at before it is understood."""
    return ChannelDelivery.trouble.in_(QUARANTINE)


def status(session: Session) -> dict[str, int]:
    """What `flask channels status --json` tells (the contract names its keys).

    `calls` are the telephone's calls, and what WhatsApp told of its own.
    """
    whatsapp = ChannelDelivery.channel == "whatsapp"
    telephone = _count(session, Call, Call.external_key.is_not(None))
    return {
        "deliveries": _count(session, ChannelDelivery),
        "waiting": _count(session, ChannelDelivery, waiting()),
        "quarantined": _count(session, ChannelDelivery, quarantined()),
        "messages_in": _items(session, "msg:"),
        "messages_out": _count(session, Sending, Sending.status.in_(LEFT))
        + _items(session, "echo:"),
        "statuses": _items(session, "status:"),
        "calls": _items(session, "call:", whatsapp) + telephone,
    }


class Channel(NamedTuple):
    """One channel for `admin`: when it last brought something, and what was refused."""

    name: str
    last: datetime | None
    refused: dict[str, Any]
    stopped: str | None
    asked: datetime | None
    answered: datetime | None


def channels(session: Session, names: tuple[str, ...]) -> list[Channel]:
    """Each of these channels."""
    return [_channel(session, name) for name in names]


def _channel(session: Session, name: str) -> Channel:
    newest = select(func.max(ChannelDelivery.last_seen_at)).where(ChannelDelivery.channel == name)
    asked = session.get(ChannelCursor, channel_state.inward(name))
    figures = channel_state.figures(session, channel_state.inward(name))
    return Channel(
        name,
        session.scalar(newest),
        {what: figures[what] for what in REFUSALS if what in figures},
        channel_state.stopped(session, name),
        asked.asked_at if asked else None,
        asked.answered_at if asked else None,
    )


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the longest waits to be read."""
    return session.scalar(select(func.min(ChannelDelivery.received_at)).where(waiting()))


def pending_files(session: Session, now: datetime) -> tuple[int, int]:
    """Files that are still to be fetched, and those of them that are overdue."""
    pending = RemoteFile.state == MediaState.pending
    overdue = RemoteFile.created_at < now - LONG_PENDING
    return _count(session, RemoteFile, pending), _count(session, RemoteFile, pending, overdue)


def unsure(session: Session) -> tuple[int, int]:
    """Messages of which nobody knows whether they left, and those that wait to leave."""
    unknown = Sending.status == SendState.unknown
    return _count(session, Sending, unknown), _count(
        session, Sending, Sending.status == SendState.queued
    )


def unassigned_telephones(session: Session, now: datetime) -> list[str]:
    """Telephones of the office at which calls were answered lately, and that belong to no officer:
    until `admin` says whose they are, the screen of a call opens for nobody."""
    answered = (Call.answered_at.is_not(None), Call.officer_id.is_(None))
    told = (Call.external_key.is_not(None), Call.started_at > now - LATELY)
    wanted = select(Call.extension).where(*answered, *told, Call.extension.is_not(None)).distinct()
    answering = {calls.extensions_in(named)[0] for named in session.scalars(wanted) if named}
    known = select(Officer.extension).where(Officer.extension.in_(answering), Officer.active)
    return sorted(answering - set(session.scalars(known)))[:MOST_TELEPHONES]
