"""The end of a shift: what is open goes over as a list, to somebody who accepts it.

The list is frozen as tables, keys and states: what the rows say is read through the scope of
whoever looks. Nothing changes hands by it; each row is taken over by its own act.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import (
    Call,
    CallState,
    Conversation,
    HandOver,
    Officer,
    Report,
    ReportStatus,
    Role,
    TalkState,
)
from portal.casework import forwards
from portal.casework.lifecycle import Refused, lock
from portal.notices import tell
from portal.protection import audit
from portal.wording import _
from portal.wording import lazy as _l

RECEIVERS = (Role.petugas, Role.supervisor)
MOST = 200
# Why something stands on the list.
WHY: dict[str, Any] = {
    "unclaimed": _l("Laporan belum diambil"),
    "mine": _l("Laporan sedang diidentifikasi"),
    "forwarded": _l("Laporan diteruskan, belum diterima"),
    "paused": _l("Laporan dijeda"),
    "waiting": _l("Percakapan menunggu jawaban"),
    "call_back": _l("Panggilan tak terjawab untuk dihubungi kembali"),
}


class Item(NamedTuple):
    """One line of the list as it is kept."""

    why: str
    table: str
    id: int
    state: str


def open_items(session: Session, officer: Officer) -> list[Item]:
    """What is open for whoever goes home, within the scope of the session; oldest first."""
    return [
        Item(why, model.__tablename__, row.id, _state(row))
        for why, model, condition, order in _open(officer)
        for row in session.scalars(select(model).where(condition).order_by(order).limit(MOST))
    ]


def _open(officer: Officer) -> list[tuple[str, type[Any], ColumnElement[bool], Any]]:
    working, mine = Report.status == ReportStatus.in_progress, Report.owner_id == officer.id
    unheard = Conversation.owner_id.is_(None) | (Conversation.owner_id == officer.id)
    answering = (
        Conversation.waiting_since.is_not(None)
        & (Conversation.state != TalkState.done)
        & Conversation.dismissed_at.is_(None)
        & Conversation.merged_into_id.is_(None)
    )
    missed = (Call.state == CallState.missed) & Call.called_back_at.is_(None)
    paused = Report.paused_since
    return [
        ("unclaimed", Report, Report.status == ReportStatus.new, Report.received_at),
        ("mine", Report, working & mine & paused.is_(None), Report.received_at),
        ("forwarded", Report, forwards.waiting(), Report.forwarded_at),
        ("paused", Report, paused.is_not(None), paused),
        ("waiting", Conversation, answering & unheard, Conversation.waiting_since),
        ("call_back", Call, missed, Call.started_at),
    ]


def _state(row: Any) -> str:
    return str((row.status if isinstance(row, Report) else row.state).value)


def hand(
    session: Session, row: HandOver, officer: Officer, now: datetime, items: list[Item]
) -> None:
    """Fill a new hand-over with what is open, and tell whoever it goes to."""
    row.by, row.at = officer, now
    row.items = [item._asdict() for item in items]
    tell(session, [row.to], "hand_over", but=officer)


def faults(row: HandOver, officer: Officer | None) -> dict[str, str]:
    """What is wrong with a new one, as sentences by field."""
    receiver = row.to
    if receiver is None or receiver is officer or receiver.role not in RECEIVERS:
        return {"to": _("Pilih petugas atau supervisor lain yang menerima.")}
    return {}


def obstacles(row: HandOver, officer: Officer) -> list[str]:
    """Why this officer may not accept it now; empty when they may."""
    if row.to_id != officer.id:
        return [_("Hanya yang menerima serah terima ini yang dapat melakukannya.")]
    return [_("Serah terima ini sudah diterima.")] if row.accepted_at else []


def accept(
    session: Session, row: HandOver, officer: Officer, now: datetime, version: int | None = None
) -> None:
    """The one it goes to has read the list and goes on from there. Raises Refused."""
    lock(session, row, version)
    if stops := obstacles(row, officer):
        raise Refused(*stops)
    row.accepted_at = now
    audit.record(session, "act", officer, row, act="accept", to="accepted")
    session.flush()
