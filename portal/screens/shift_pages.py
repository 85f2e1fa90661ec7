"""The roster, and the hand-over at the end of a shift."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from models import (
    Call,
    CallState,
    Conversation,
    DutyKind,
    HandOver,
    Report,
    ReportStatus,
    TalkState,
)
from portal import labels
from portal.access import roster
from portal.casework import handing_over
from portal.indonesia import dates
from portal.screens import edge, links, titles
from portal.screens.acted_page import ActedPage
from portal.wording import _

TABLES: dict[str, type[Any]] = {one.__tablename__: one for one in (Report, Conversation, Call)}
STATES: dict[str, type[Any]] = {
    "report": ReportStatus,
    "conversation": TalkState,
    "call": CallState,
}


class HandOverPage(ActedPage):
    """A list that is made of what is open, handed to a colleague who accepts it."""

    details_template = "screens/hand_over.html"
    create_template = "screens/hand_over_form.html"

    def before_save(self: Any, form: Any, row: HandOver, created: bool) -> None:
        """What is open at this moment."""
        items = handing_over.open_items(edge.session(), edge.me())
        handing_over.hand(edge.session(), row, edge.me(), edge.now(), items)

    def details_facts(self: Any, row: HandOver) -> dict[str, Any]:
        """The acts, and the lines as they were; what they lead to by this officer's own scope."""
        return {**super().details_facts(row), "lines": lines(row.items)}

    def open_now(self: Any) -> list[list[Any]]:
        """What would go over, for the page that asks to whom."""
        found = handing_over.open_items(edge.session(), edge.me())
        return lines([one._asdict() for one in found])


def lines(items: list[dict[str, Any]]) -> list[list[Any]]:
    """Why, which row, and its state then; nothing of a row that is out of sight."""
    seen = {(table, row.id): row for table in TABLES for row in _rows(table, items)}
    met = [(one, seen.get((one["table"], one["id"]))) for one in items]
    return [[_why(one), _named(row), _state(one)] for one, row in met if row is not None]


def _rows(table: str, items: list[dict[str, Any]]) -> list[Any]:
    model: Any = TABLES[table]
    keys = [one["id"] for one in items if one["table"] == table]
    return list(edge.session().scalars(select(model).where(model.id.in_(keys)))) if keys else []


def _why(item: dict[str, Any]) -> str:
    return str(handing_over.WHY.get(item["why"], item["why"]))


def _named(row: Any) -> Any:
    if isinstance(row, Call):
        return dates.moment(row.started_at)
    return links.link(row, titles.of(row))


def _state(item: dict[str, Any]) -> str:
    known = labels.LABELS.get(STATES[item["table"]], {})
    return str(known.get(item["state"], item["state"]))


# --- who is there -------------------------------------------------------------------------------


def today(now: datetime) -> list[tuple[str, str]]:
    """Who is on duty, on leave or stands in now, for the first page."""
    session = edge.session()
    shown = ((DutyKind.piket, _on_duty), (DutyKind.plh, _stands_in), (DutyKind.cuti, _on_leave))
    found = ((labels.label(kind), roster.of(session, now, kind), told) for kind, told in shown)
    return [(label, ", ".join(map(told, rows))) for label, rows, told in found if rows]


def _on_duty(row: Any) -> str:
    return _("%(name)s sampai %(when)s", name=row.officer.name, when=_until(row.until_at))


def _stands_in(row: Any) -> str:
    return _("%(name)s untuk %(other)s", name=row.officer.name, other=row.stands_for.name)


def _on_leave(row: Any) -> str:
    return _("%(name)s sampai %(when)s", name=row.officer.name, when=_until(row.until_at))


def _until(moment: datetime) -> str:
    day = dates.local_date(moment)
    return dates.clock_time(moment) if day == dates.today() else dates.short_date(day)
