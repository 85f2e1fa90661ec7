"""Warnings before a limit, for whoever is in charge; after it, for the supervisors on duty.

Each is given at most once: whoever writes its row of `ClockAlarm` gives it, so that several workers
may keep this clock and any of them may be killed. An alarm that was given before the present
waiting began is given anew (a second question in a conversation, a second forwarding). What is
overtaken by its escalation is not warned of any more, and of many at once, as after a standstill,
one notice speaks: there is no storm. Nothing is sent to a reporter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, false, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    Case,
    CaseStatus,
    ClockAlarm,
    ClockPause,
    Conversation,
    Officer,
    Report,
    Role,
    ServiceComplaint,
    Visit,
)
from portal import notices
from portal.access import roster
from portal.casework import clock, timing
from portal.casework.timing import Timing

SOON, OVER = "soon", "over"
BATCH = 200
MANY = 5
Told = Sequence[Officer | Role | None]


@dataclass(frozen=True)
class Watch:
    """Something that is awaited: which rows are late, since when, and who is in charge of one.

    `late` is asked for a share of the limit. `about` says which row a notice points at.
    """

    step: str
    kind: str
    model: type[Any]
    since: Any
    late: Callable[[Timing, datetime, float], ColumnElement[bool]]
    charge: Callable[[Any], Told]
    about: Callable[[Any], dict[str, Any]] = lambda row: {}


def run(session: Session, now: datetime) -> int:
    """Give every alarm that is due, each once; how many. A chore of the clock."""
    set_so = timing.of(session)
    given = 0
    for watch in WATCHES:
        over = _claimed(session, watch, watch.late(set_so, now, 1), OVER, now)
        _tell(session, watch, OVER, [(one, [Role.supervisor]) for one in over], now)
        early = watch.late(set_so, now, set_so.warning) & ~watch.late(set_so, now, 1)
        soon = _claimed(session, watch, early, SOON, now)
        _tell(session, watch, SOON, [(one, watch.charge(one)) for one in soon], now)
        given += len(over) + len(soon)
    return given


# --- each once ----------------------------------------------------------------------------------


def _claimed(
    session: Session, watch: Watch, late: ColumnElement[bool], level: str, now: datetime
) -> list[Any]:
    """The rows whose alarm of this level falls to this worker."""
    given = select(ClockAlarm.id).where(
        ClockAlarm.subject_table == watch.model.__tablename__,
        ClockAlarm.subject_id == watch.model.id,
        ClockAlarm.step == watch.step,
        ClockAlarm.level == level,
        ClockAlarm.at >= watch.since,
    )
    due = select(watch.model).where(late, ~given.exists()).order_by(watch.since).limit(BATCH)
    found = session.scalars(due).all()
    return [row for row in found if _is_ours(session, watch, row, level, now)]


def _is_ours(session: Session, watch: Watch, row: Any, level: str, now: datetime) -> bool:
    key = {
        "subject_table": watch.model.__tablename__,
        "subject_id": row.id,
        "step": watch.step,
        "level": level,
    }
    earlier = and_(*(getattr(ClockAlarm, name) == value for name, value in key.items()))
    began = getattr(row, watch.since.key)
    # nosemgrep: bulk-past-the-audit
    again = update(ClockAlarm).where(earlier, ClockAlarm.at < began).values(at=now)
    if cast(CursorResult[Any], session.execute(again)).rowcount == 1:
        return True
    try:
        with session.begin_nested():
            session.add(ClockAlarm(**key, at=now))
            session.flush()
    except IntegrityError:  # another worker was faster
        return False
    return True


# --- to whom ------------------------------------------------------------------------------------


def _tell(
    session: Session, watch: Watch, level: str, rows: Sequence[tuple[Any, Told]], now: datetime
) -> None:
    """One notice a row; where nothing can be pointed at, or of very many, one for all."""
    kind = f"{watch.kind}_{level}"
    if rows and (len(rows) > MANY or not watch.about(rows[0][0])):
        everybody = list(dict.fromkeys(who for _row, told in rows for who in told))
        _to(session, everybody, kind, now, {})
        return
    for row, told in rows:
        _to(session, told, kind, now, watch.about(row))


def _to(session: Session, told: Told, kind: str, now: datetime, about: dict[str, Any]) -> None:
    """Officers by name; roles by the roster, also in the place of somebody on leave."""
    named = [one for one in told if isinstance(one, Officer)]
    absent = roster.away(session, now)
    roles = {one for one in told if isinstance(one, Role)}
    roles |= {one.role for one in named if one.id in absent or not one.active}
    notices.tell(session, named, kind, **about)
    if roles:
        notices.tell_on_duty(session, sorted(roles), kind, now, **about)


def _of_report(report: Report) -> Told:
    if report.case_id is not None:
        return [Role.supervisor]
    return [report.owner or Role.petugas]


def _of_case(case: Case) -> Told:
    if case.status is CaseStatus.identified:
        return [Role.supervisor]
    if case.status is CaseStatus.returned:
        return [case.identified_by]
    orders = [one for one in case.orders if one.voided_at is None]
    return [case.counsellor, *(one.officer for order in orders for one in order.assignments)]


def _overlong(set_so: Timing, now: datetime, part: float) -> ColumnElement[bool]:
    """A pause is escalated alone: whoever began it knows."""
    if part < 1:
        return false()
    return ClockPause.until_at.is_(None) & (ClockPause.from_at < now - set_so.longest_pause)


def _uncalled(set_so: Timing, now: datetime, part: float) -> ColumnElement[bool]:
    waiting = Visit.called_at.is_(None) & Visit.ended_at.is_(None)
    return waiting & (Visit.arrived_at < now - clock.COUNTER * part)


def _complaint(step: str) -> Watch:
    return Watch(
        step,
        "complaint",
        ServiceComplaint,
        ServiceComplaint.received_at,
        lambda set_so, now, part: clock.overdue_complaint(step, set_so, now, part),
        lambda row: [Role.supervisor],
    )


WATCHES = (
    Watch(
        "decision",
        "report",
        Report,
        Report.received_at,
        clock.overdue,
        _of_report,
        lambda row: {"report": row},
    ),
    Watch(
        "counter",
        "counter",
        Report,
        Report.received_at,
        lambda set_so, now, part: clock.overdue_at_the_counter(now, part),
        lambda row: [Role.petugas],
        lambda row: {"report": row},
    ),
    Watch("counter", "counter", Visit, Visit.arrived_at, _uncalled, lambda row: [Role.petugas]),
    Watch(
        "forward",
        "forward",
        Report,
        Report.forwarded_at,
        clock.overdue_forwarding,
        lambda row: [row.forwarded_to],
        lambda row: {"report": row},
    ),
    Watch(
        "response",
        "response",
        Case,
        Case.opened_at,
        lambda set_so, now, part: clock.overdue_response(now, part),
        _of_case,
        lambda row: {"case": row},
    ),
    Watch(
        "answer",
        "answer",
        Conversation,
        Conversation.waiting_since,
        clock.overdue_answer,
        lambda row: [row.owner or Role.petugas],
        lambda row: {"conversation": row},
    ),
    Watch(
        "pause",
        "pause",
        ClockPause,
        ClockPause.from_at,
        _overlong,
        lambda row: [],
        lambda row: {"report": row.report},
    ),
    *map(_complaint, clock.COMPLAINT_DAYS),
)
