"""How long records are kept, and what the night does with those whose time is over.

Each record that has ended belongs to a class by rule; the class says how many years, the rule
from which day. The day is written on the record and announced for at least thirty days, so that
a supervisor can place a hold; then the record is erased, in a transaction of its own. The years
are the office's to set (`RetentionClass`), with its archivist's schedule (UU 27/2022 art. 42-44;
UU 43/2009; UU 1/2023 art. 136-137 on how long children's cases can be prosecuted).
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from models import (
    Case,
    CaseStatus,
    ComplaintStatus,
    DataRequest,
    Report,
    ReportStatus,
    RequestState,
    RetentionClass,
    ServiceComplaint,
    Victim,
)
from portal import queue
from portal.access import scope
from portal.casework import erasing, holds, old_talks
from portal.indonesia import dates

log = logging.getLogger(__name__)

JOB = "erase"
NOTICE = timedelta(days=30)
NIGHT = range(0, 5)
BATCH = 500
R = ReportStatus


@dataclass(frozen=True)
class Kind:
    """A kind of record: in which states it has ended, and how those are spelt."""

    model: Any
    state: str
    ended: frozenset[Any]


KINDS: tuple[Kind, ...] = (
    Kind(Case, "status", holds.ENDED_CASE),
    Kind(Report, "status", frozenset({R.referred, R.information, R.duplicate, R.spam})),
    Kind(ServiceComplaint, "status", frozenset({ComplaintStatus.selesai})),
    Kind(
        DataRequest,
        "state",
        frozenset({RequestState.done, RequestState.refused}) | {RequestState.lifted},
    ),
)
KIND_OF = {kind.model: kind for kind in KINDS}

# --- which class, and from which day ----------------------------------------------------------


def class_of(subject: Any) -> str:
    """The code of the class an ended record belongs to."""
    return CLASSES[type(subject)](subject)


UNHANDLED, ADULTS, CHILDREN = "kasus_tidak_ditangani", "kasus_dewasa", "kasus_anak"


def _class_of_case(case: Case) -> str:
    if case.status is not CaseStatus.closed:
        return UNHANDLED
    ages = [victim.age_at_incident for victim in case.victims]
    grown = bool(ages) and all(age is not None and age >= dates.ADULT_AGE for age in ages)
    return ADULTS if grown else CHILDREN


CLASSES: dict[type[Any], Callable[[Any], str]] = {
    Case: _class_of_case,
    Report: lambda report: f"laporan_{report.status.value}",
    ServiceComplaint: lambda complaint: "pengaduan_layanan",
    DataRequest: lambda request: "permohonan_data",
}
CODES = frozenset(
    {UNHANDLED, ADULTS, CHILDREN, "pengaduan_layanan", "permohonan_data", old_talks.CLASS}
    | {f"laporan_{status.value}" for status in KIND_OF[Report].ended}
)


def missing_classes(session: Session) -> list[str]:
    """The classes the rules know and the office's table lacks: such records are never dated."""
    return sorted(CODES - set(session.scalars(select(RetentionClass.code))))


def ended_on(subject: Any) -> date:
    """The day from which the years of its class are counted."""
    return STARTS[type(subject)](subject)


def _end_of_case(case: Case) -> date:
    end = dates.local_date(case.closed_at or case.status_since)
    return _grown_up_by(end, case.victims)


def _end_of_report(report: Report) -> date:
    end = dates.local_date(report.decided_at or report.received_at)
    return _grown_up_by(end, report.victims)


def _grown_up_by(end: date, victims: list[Victim]) -> date:
    """The end of the work, for a child no earlier than the eighteenth birthday."""
    return max([end, *filter(None, map(_grown_up, victims))])


def _grown_up(victim: Victim) -> date | None:
    """When a victim turns eighteen, as well as it is known."""
    if victim.person.birth_date is not None:
        return years_after(victim.person.birth_date, dates.ADULT_AGE)
    if victim.age_at_incident is None:
        return None
    then = _incident(victim.case or victim.report)
    return years_after(then, max(0, dates.ADULT_AGE - victim.age_at_incident)) if then else None


def _incident(holder: Case | Report | None) -> date | None:
    if holder is None:
        return None
    if holder.incident_date is not None:
        return holder.incident_date
    known = holder.opened_at if isinstance(holder, Case) else holder.received_at
    return dates.local_date(known)


STARTS: dict[type[Any], Callable[[Any], date]] = {
    Case: _end_of_case,
    Report: _end_of_report,
    ServiceComplaint: lambda row: dates.local_date(row.answered_at or row.received_at),
    DataRequest: lambda request: dates.local_date(request.closed_at),
}


def years_after(day: date, years: int) -> date:
    """The same day so many years later; for a leap day the last of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def until(subject: Any, years: int, today: date) -> date:
    """The first day on which an ended record may be erased: never without thirty days' notice."""
    return max(years_after(ended_on(subject), years), today + NOTICE)


# --- every night --------------------------------------------------------------------------------


def nightly(session: Session, now: datetime) -> int:
    """Date what has ended, and ask for the erasure of what is due; by day nothing happens.

    Everything is read before the first row is written: on SQLite nobody else can write after it.
    """
    if dates.local(now).hour not in NIGHT:
        return 0
    with scope.system(session):
        overdue = [(row.__tablename__, row.id) for row in due(session, dates.local_date(now))]
        date_all(session, now)
        for table, key in overdue:
            queue.enqueue(session, JOB, {"table": table, "id": key})
        return len(overdue)


def date_all(session: Session, now: datetime) -> int:
    """Write on ended records until when they are kept, and take it off reopened ones."""
    years = _years(session)
    if missing := missing_classes(session):
        log.error("retention classes are missing: %s", ", ".join(missing))
    today = dates.local_date(now)
    undated = [one for kind in KINDS for one in _undated(session, kind, years)]
    found = [(kind, row.id, _dated(row, years, today)) for kind, row in undated]
    reopened = [one for kind in KINDS for one in _reopened(session, kind)]
    for kind, key, values in (*found, *reopened):
        _write(session, kind.model, kind.model.id == key, values)
    return len(found)


def _years(session: Session) -> dict[str, int]:
    return {row.code: row.years for row in session.scalars(select(RetentionClass))}


def _undated(session: Session, kind: Kind, years: dict[str, int]) -> Iterator[tuple[Kind, Any]]:
    """The records of a kind that have ended and have no day yet, at most a batch."""
    row = kind.model
    wanted = select(row.id).where(row.retain_until.is_(None), row.erased_at.is_(None))
    wanted = wanted.where(getattr(row, kind.state).in_(kind.ended)).order_by(row.id)
    found = (one for one in _each(session, row, wanted) if class_of(one) in years)
    return islice(((kind, one) for one in found), BATCH)


def _dated(subject: Any, years: dict[str, int], today: date) -> dict[str, Any]:
    code = class_of(subject)
    return {"retention_class": code, "retain_until": until(subject, years[code], today)}


def _reopened(session: Session, kind: Kind) -> Iterator[tuple[Kind, int, dict[str, Any]]]:
    row, state = kind.model, getattr(kind.model, kind.state)
    wanted = select(row.id).where(row.retain_until.is_not(None), state.not_in(kind.ended))
    for key in session.scalars(wanted):
        yield kind, key, {"retention_class": None, "retain_until": None}


def _each(session: Session, model: Any, keys: Select[Any]) -> Iterator[Any]:
    """The rows with these keys, one at a time: nobody knows how many are passed over."""
    for key in session.scalars(keys).all():
        yield session.scalars(select(model).where(model.id == key)).one()


def _write(session: Session, row: Any, where: ColumnElement[bool], values: dict[str, Any]) -> None:
    """Past the objects: whoever edits the record meanwhile is not stale for it."""
    wanted = update(row).where(where).values(values)
    session.execute(wanted, execution_options={"synchronize_session": False})


def undate(session: Session, code: str) -> None:
    """The years of a class have changed: its records are dated, and announced, anew."""
    with scope.system(session):  # who sets the years sees no case
        for kind in KINDS:
            mine = (kind.model.retention_class == code) & kind.model.erased_at.is_(None)
            _write(session, kind.model, mine, {"retain_until": None})


def query(model: Any, day: date) -> Select[Any]:
    """The records of a kind that may be erased on `day`, the longest overdue first."""
    wanted = select(model).where(model.retain_until <= day, model.erased_at.is_(None))
    return wanted.order_by(model.retain_until, model.id)


def due(session: Session, day: date) -> Iterator[Any]:
    """The records that may be erased on `day` and are not held, at most a batch of each kind."""
    for kind in KINDS:
        keys = query(kind.model, day).with_only_columns(kind.model.id)
        found = (row for row in _each(session, kind.model, keys) if _may(session, row, day))
        yield from islice(found, BATCH)


def counts(session: Session, day: date) -> Counter[tuple[date, str]]:
    """How many records' time is over on `day`, held or not, by their day and class."""
    found: Counter[tuple[date, str]] = Counter()
    for kind in KINDS:
        until, code = kind.model.retain_until, func.coalesce(kind.model.retention_class, "")
        here = query(kind.model, day).with_only_columns(until, code, func.count()).order_by(None)
        for last, name, count in session.execute(here.group_by(until, code)):
            found[last, name] += count
    return found


def erase_due(session: Session, payload: dict[str, Any]) -> bool:
    """Erase one record if its time is really over and nothing keeps it; whether it was erased."""
    if payload["table"] == old_talks.TABLE:
        return old_talks.erase_due(session, payload)
    with scope.system(session):
        subject = session.get_one(erasing.ROOTS[payload["table"]], payload["id"])
        now = datetime.now(dates.WIB)
        ground, today = subject.retention_class or "", dates.local_date(now)
        return erasing.erase(
            session, subject, ground, now, may=lambda: may_erase(session, subject, today)
        )


def may_erase(session: Session, subject: Any, today: date) -> bool:
    """Whether a record is due, still ended, and not held; its day is computed anew.

    A birth date was corrected, a victim added, a case reopened and closed again: where the years
    end later than was written, the new day is written, and announced, instead.
    """
    if not _may(session, subject, today):
        return False
    years, code = _years(session), class_of(subject)
    if code in years and years_after(ended_on(subject), years[code]) <= today:
        return True
    values = _dated(subject, years, today) if code in years else {"retain_until": None}
    _write(session, type(subject), type(subject).id == subject.id, values)
    return False


def _may(session: Session, subject: Any, today: date) -> bool:
    kind = KIND_OF[type(subject)]
    over = subject.retain_until is not None and subject.retain_until <= today
    ended = getattr(subject, kind.state) in kind.ended
    return over and ended and not holds.blocking(session, subject)
