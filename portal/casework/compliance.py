"""The sheet of a month: how far the promises of time were kept, and why not.

Figures of the whole office, nobody's name. What is counted is what arrived (was opened, begun,
forwarded) in that month of Malang; time counts as on the clocks themselves (`clock`). A line says
how many there were, how many kept the limit, how many did not (those that wait over it still among
them), how many wait within it, and of those that have ended the median and the 90th percentile
(nearest rank: the smallest time that at least nine of ten did not exceed).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Case,
    CaseStatus,
    Channel,
    ClockPause,
    Conversation,
    Direction,
    Message,
    Report,
    Risk,
    ServiceComplaint,
    Visit,
)
from portal.access import scope
from portal.casework import clock, timing
from portal.casework.clock import Clock
from portal.indonesia.dates import local_date, start_of_day_utc
from portal.indonesia.workdays import DAY, add_months, is_workday

UNVISITED = {CaseStatus.rejected, CaseStatus.referred}
UNKNOWN = ""


@dataclass(frozen=True)
class Line:
    """One line of figures; `name` is a code, empty for all of them together."""

    name: str
    number: int
    kept: int
    over: int
    waiting: int
    median: timedelta | None
    ninetieth: timedelta | None


@dataclass(frozen=True)
class Cause:
    """How often something was the cause (a code, empty where nobody said), and how long in all."""

    name: str
    number: int
    length: timedelta = timedelta()


@dataclass(frozen=True)
class Sheet:
    """The figures of one month."""

    decisions: list[Line]
    delays: list[Cause]
    counter: list[Line]
    responses: list[Line]
    forwards: list[Line]
    answers: list[Line]
    complaints: list[Line]
    pauses: list[Cause]


def sheet(session: Session, month: date, now: datetime) -> Sheet:
    """The sheet of the month in which `month` lies, as it stands at `now`. Sees the whole office:
    whoever shows it asks for the permission `compliance.*`."""
    first = month.replace(day=1)
    span = start_of_day_utc(first), start_of_day_utc(add_months(first, 1))
    with scope.system(session):
        reports = _within_span(session, Report, Report.received_at, span, selectinload(Report.case))
        return Sheet(
            decisions=_decisions(reports, now),
            delays=_delays(reports),
            counter=_counter(session, reports, span, now),
            responses=_responses(session, span, now),
            forwards=_forwards(session, span, now),
            answers=_answers(session, span, now),
            complaints=_complaints(session, span, now),
            pauses=_pauses(session, span, now),
        )


def _within_span(
    session: Session,
    model: type[Any],
    column: Any,
    span: tuple[datetime, datetime],
    *options: Any,
) -> list[Any]:
    wanted = select(model).where(column >= span[0], column < span[1]).options(*options)
    return list(session.scalars(wanted))


def line(name: str, clocks: Iterable[Clock]) -> Line:
    """The figures of some clocks."""
    known = list(clocks)
    over = sum(one.over for one in known)
    waiting = sum(one.running and not one.over for one in known)
    ended = sorted(one.elapsed for one in known if not one.running)
    return Line(name, len(known), len(known) - over - waiting, over, waiting, *_spread(ended))


def _spread(ended: Sequence[timedelta]) -> tuple[timedelta | None, timedelta | None]:
    if not ended:
        return None, None
    middle = median(one.total_seconds() for one in ended)
    return timedelta(seconds=middle), ended[ceil(len(ended) * 0.9) - 1]


# --- reports ------------------------------------------------------------------------------------


def _decisions(reports: Sequence[Report], now: datetime) -> list[Line]:
    clocks = [(one.channel, clock.of_report(one, now)) for one in reports]
    lines = [line(way.value, (one for on, one in clocks if on is way)) for way in Channel]
    return [*lines, line(UNKNOWN, (one for _way, one in clocks))]


def _delays(reports: Sequence[Report]) -> list[Cause]:
    counted = Counter(one.delay_cause or UNKNOWN for one in reports if one.decided_late)
    return [Cause(name, number) for name, number in counted.most_common()]


def _counter(
    session: Session, reports: Sequence[Report], span: tuple[datetime, datetime], now: datetime
) -> list[Line]:
    visits = _within_span(session, Visit, Visit.arrived_at, span)
    called = (_simple(one.arrived_at, one.called_at or one.ended_at, now) for one in visits)
    taken = (clock.at_the_counter(one, now) for one in reports)
    return [line("visit", called), line("report", (one for one in taken if one is not None))]


def _simple(begun: datetime, ended: datetime | None, now: datetime) -> Clock:
    return Clock(begun, ended, clock.COUNTER, (ended or now) - begun, begun)


def _forwards(session: Session, span: tuple[datetime, datetime], now: datetime) -> list[Line]:
    sent = _within_span(session, Report, Report.forwarded_at, span)
    clocks = (clock.of_forwarding(one, now) for one in sent)
    return [line(UNKNOWN, (one for one in clocks if one is not None))]


# --- cases --------------------------------------------------------------------------------------


def _responses(session: Session, span: tuple[datetime, datetime], now: datetime) -> list[Line]:
    opened = _within_span(session, Case, Case.opened_at, span, selectinload(Case.outreaches))
    clocks = [(one.risk, _response(one, now)) for one in opened if _is_visited(one)]
    return [line(risk.value, (one for of, one in clocks if of is risk)) for risk in reversed(Risk)]


def _is_visited(row: Case) -> bool:
    """Whether somebody is to go there: not where the case was turned down before."""
    return bool(_starts(row)) or row.status not in UNVISITED


def _starts(row: Case) -> list[datetime]:
    return [one.started_at for one in row.outreaches if one.started_at is not None]


def _response(row: Case, now: datetime) -> Clock:
    started, limit = min(_starts(row), default=None), clock.RESPONSE[row.risk]
    return Clock(row.opened_at, started, limit, (started or now) - row.opened_at, row.opened_at)


# --- conversations --------------------------------------------------------------------------------


def _answers(session: Session, span: tuple[datetime, datetime], now: datetime) -> list[Line]:
    """First answers: from the first word somebody sent to the first word of the office."""
    begun = (Conversation.began_at >= span[0]) & (Conversation.began_at < span[1])
    words = (
        select(
            Conversation.channel,
            Conversation.urgent,
            _first(Direction.masuk),
            _first(Direction.keluar),
        )
        .join(Message, Message.conversation_id == Conversation.id)
        .where(begun, Conversation.dismissed_at.is_(None))
        .group_by(Conversation.id, Conversation.channel, Conversation.urgent)
    )
    set_so = timing.of(session)
    asked = [row for row in session.execute(words) if row[2] is not None]
    return [line(UNKNOWN, (_answer(set_so, *row, now) for row in asked))]


def _first(direction: Direction) -> ColumnElement[datetime]:
    return func.min(case((Message.direction == direction, Message.at)))


def _answer(
    set_so: timing.Timing,
    channel: Channel,
    urgent: bool,
    asked: datetime,
    answered: datetime | None,
    now: datetime,
) -> Clock:
    elapsed = set_so.counting(channel, urgent).between(asked, answered or now)
    return Clock(asked, answered, set_so.answer, elapsed, asked)


# --- complaints about the service -----------------------------------------------------------------


def _complaints(session: Session, span: tuple[datetime, datetime], now: datetime) -> list[Line]:
    """Each step in working days after the day of arrival."""
    rows = _within_span(session, ServiceComplaint, ServiceComplaint.received_at, span)
    off = timing.of(session).days_off
    return [
        line(step, (_step(one, step, count, off, now) for one in rows))
        for step, count in clock.COMPLAINT_DAYS.items()
    ]


def _step(
    row: ServiceComplaint, step: str, count: int, off: frozenset[date], now: datetime
) -> Clock:
    done = getattr(row, step)
    begins, ends = local_date(row.received_at), local_date(done or now)
    passed = sum(is_workday(begins + DAY * n, off) for n in range(1, (ends - begins).days + 1))
    return Clock(row.received_at, done, DAY * count, DAY * passed, row.received_at)


# --- what did not count ---------------------------------------------------------------------------


def _pauses(session: Session, span: tuple[datetime, datetime], now: datetime) -> list[Cause]:
    found: dict[str, Cause] = {}
    for pause in _within_span(session, ClockPause, ClockPause.from_at, span):
        before = found.get(pause.cause, Cause(pause.cause, 0))
        lasted = (pause.until_at or now) - pause.from_at
        found[pause.cause] = replace(
            before, number=before.number + 1, length=before.length + lasted
        )
    return sorted(found.values(), key=lambda one: (-one.number, one.name))
