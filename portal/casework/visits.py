"""The counter: a queue number of the day, called within ten minutes, served, and perhaps a report.

The day is that of Malang; its numbers have no gap, however many desks give them out at once.
Nothing is asked of somebody who comes: the number alone is called out and shown.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Officer, Report, Visit
from portal.access import scope
from portal.casework.clock import COUNTER, Clock
from portal.casework.lifecycle import Refused
from portal.indonesia import dates
from portal.protection import audit
from portal.wording import _

UNKNOWN = "tidak_diketahui"
REPORTED, ABSENT = "laporan", "tidak_hadir"
TRIES = 50


def arrive(
    session: Session,
    officer: Officer,
    now: datetime,
    purpose: str = UNKNOWN,
    urgent: bool = False,
    note: str | None = None,
) -> Visit:
    """Somebody comes: the next number of the day. `officer` gave it out; the clock begins."""
    facts = {"purpose": purpose, "urgent": urgent, "note": note, "arrived_at": now}
    day = dates.local_date(now)
    for _try in range(TRIES):
        try:
            with session.begin_nested():
                visit = Visit(day=day, queue_number=_next(session, day), **facts)
                session.add(visit)
                session.flush()
                return visit
        except IntegrityError:  # another desk was faster: the number after
            continue
    raise Refused(_("Nomor antrean sedang banyak diambil. Coba sekali lagi."))


def _next(session: Session, day: date) -> int:
    last = select(func.max(Visit.queue_number)).where(Visit.day == day)
    with scope.system(session):  # a number is taken whoever may meet the visit
        return (session.scalar(last) or 0) + 1


def waiting(now: datetime) -> Select[Visit]:
    """Who waits today, in the order in which they are called: the urgent first."""
    here = (Visit.day == dates.local_date(now), Visit.called_at.is_(None), _open())
    return select(Visit).where(*here).order_by(Visit.urgent.desc(), Visit.queue_number)


def called(now: datetime) -> Select[Visit]:
    """Who was called today and is being served, the last one called first."""
    here = (Visit.day == dates.local_date(now), Visit.called_at.is_not(None), _open())
    return select(Visit).where(*here).order_by(Visit.called_at.desc(), Visit.id.desc())


def _open() -> ColumnElement[bool]:
    return Visit.ended_at.is_(None)


def clock_of(visit: Visit, now: datetime) -> Clock:
    """The 10-minute clock of a visitor, from arrival until the number is called."""
    stopped = visit.called_at or visit.ended_at
    elapsed = (stopped or now) - visit.arrived_at
    return Clock(visit.arrived_at, stopped, COUNTER, elapsed, visit.arrived_at)


def late(now: datetime) -> ColumnElement[bool]:
    """Who waits longer than the standard promises."""
    return Visit.called_at.is_(None) & _open() & (Visit.arrived_at < now - COUNTER)


def call_next(session: Session, officer: Officer, now: datetime) -> Visit | None:
    """Call the next number to `officer`'s desk; None where nobody waits. No two desks call one."""
    following = waiting(now).limit(1).with_for_update(skip_locked=True)
    visit = session.scalars(following).first()
    if visit is not None:
        visit.called_at, visit.officer = now, officer
        session.flush()
        audit.record(session, "visit_called", officer, visit)
    return visit


def finish(
    session: Session,
    visit: Visit,
    officer: Officer,
    now: datetime,
    outcome: str,
    note: str | None = None,
) -> None:
    """The visit ends: served, or gone without having been. Raises Refused the second time."""
    session.flush()
    session.refresh(visit, with_for_update=True)
    if visit.ended_at is not None:
        raise Refused(_("Kunjungan ini sudah selesai."))
    visit.ended_at, visit.outcome = now, outcome
    visit.officer = visit.officer or officer
    visit.note = note or visit.note
    session.flush()
    audit.record(session, "visit_ended", officer, visit, outcome=outcome)


def became(session: Session, visit: Visit, report: Report, officer: Officer, now: datetime) -> None:
    """A report was made of it, in this same transaction; the visit ends with it."""
    if visit.report_id is not None:
        raise Refused(_("Kunjungan ini sudah menjadi laporan."))
    visit.report = report
    visit.called_at = visit.called_at or now
    if visit.ended_at is None:
        finish(session, visit, officer, now, REPORTED)
    session.flush()
