"""The views of the inbox as data, their counters, and the order in which people wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

import models as m
from models import Conversation, Officer, TalkState
from portal.access.work import one_of
from portal.casework import correspondents, talk_reading
from portal.screens import edge
from portal.screens.keyset import Order
from portal.wording import lazy as _l

T = Conversation
Conditions = Sequence[ColumnElement[bool]]
LAST = datetime(9999, 1, 1, tzinfo=UTC)  # whoever waits for nothing stands at the end


@dataclass(frozen=True)
class View:
    """One way to look at the inbox: what it holds, and whether it is a queue (the longest wait
    first) or a memory (the latest first)."""

    label: Any
    where: Any
    queue: bool = True


def _awake(now: datetime) -> ColumnElement[bool]:
    return or_(T.snooze_until.is_(None), T.snooze_until <= now)


SHOWN = and_(T.merged_into_id.is_(None), T.erased_at.is_(None))
NOT_HIDDEN = T.dismissal_agreed_by_id.is_(None)
GOING_ON = T.state != TalkState.done

VIEWS: Mapping[str, View] = {
    "menunggu": View(
        _l("Menunggu kita"),
        lambda me, now: [
            NOT_HIDDEN,
            _awake(now),
            one_of(T.state, (TalkState.new, TalkState.open)),
        ],
    ),
    "baru": View(_l("Baru"), lambda me, now: [NOT_HIDDEN, _awake(now), T.state == TalkState.new]),
    "saya": View(
        _l("Milik saya"), lambda me, now: [NOT_HIDDEN, _awake(now), GOING_ON, T.owner_id == me.id]
    ),
    "pelapor": View(
        _l("Menunggu pelapor"),
        lambda me, now: [NOT_HIDDEN, _awake(now), T.state == TalkState.waiting],
        queue=False,
    ),
    "ditunda": View(_l("Ditunda"), lambda me, now: [T.snooze_until > now, GOING_ON], queue=False),
    "selesai": View(
        _l("Selesai"), lambda me, now: [NOT_HIDDEN, T.state == TalkState.done], queue=False
    ),
    "bukan": View(
        _l("Bukan pengaduan"), lambda me, now: [T.dismissed_at.is_not(None)], queue=False
    ),
}
FIRST = "menunggu"


def conditions(name: str, officer: Officer, now: datetime) -> Conditions:
    """What belongs to a view."""
    return [SHOWN, *VIEWS[name].where(officer, now)]


def counts(officer: Officer, now: datetime) -> dict[str, int]:
    """How much stands in each view, in one statement."""
    sums = [
        func.count(case((and_(*VIEWS[name].where(officer, now)), 1))).label(name) for name in VIEWS
    ]
    row = edge.session().execute(select(*sums).select_from(T).where(SHOWN)).one()
    return dict(zip(VIEWS, row, strict=True))


def waiting_for(officer: Officer, now: datetime) -> int:
    """How many conversations this officer would look at now: unread, theirs or nobody's."""
    where = [*conditions(FIRST, officer, now), talk_reading.unread_by(officer)]
    mine = or_(T.owner_id == officer.id, T.owner_id.is_(None))
    return edge.session().scalar(select(func.count(T.id)).where(*where, mine)) or 0


def found_by(term: str) -> ColumnElement[bool]:
    """By its number, that of its report, or a telephone number however it is written."""
    like = T.number.icontains(term, autoescape=True)
    of_report = T.report.has(m.Report.number.icontains(term, autoescape=True))
    key = correspondents.key(correspondents.PHONE, term)
    known = select(m.Alias.correspondent_id).where(
        m.Alias.kind == correspondents.PHONE, m.Alias.key == key
    )
    return or_(like, of_report, T.correspondent_id.in_(known))


class Waiting(Order):
    """Urgent before the rest, then whoever has waited longest."""

    @property
    def columns(self) -> list[Any]:
        """Three columns instead of one."""
        calm = case((T.urgent, 0), else_=1).label("calm")
        since = func.coalesce(T.waiting_since, LAST, type_=T.waiting_since.type).label("since")
        return [calm, since, T.id]

    def values(self, row: Any) -> list[Any]:
        """Where `row` stands by them."""
        return [0 if row.urgent else 1, row.waiting_since or LAST, row.id]


def order(name: str) -> Order:
    """The order of a view."""
    if VIEWS[name].queue:
        return Waiting(T.waiting_since, T.id)
    return Order(T.last_at, T.id, descending=True)
