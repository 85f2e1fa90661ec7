"""How long records are kept, and what the night does with those whose time is over.

Each record that has ended belongs to a class by rule; the class says how many years, the rule
from which day. The day is written on the record and announced for at least thirty days, so that
a supervisor can place a hold; then the record is erased, in a transaction of its own. The years
are the office's to set (`RetentionClass`), with its archivist's schedule (UU 27/2022 art. 42-44;
UU 43/2009; UU 1/2023 art. 136-137 on how long children's cases can be prosecuted).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from models import (
    Case,
    CaseStatus,
    ComplaintStatus,
    DataRequest,
    Erasure,
    Report,
    ReportStatus,
    RequestState,
    RetentionClass,
    ServiceComplaint,
    Victim,
)
from portal import queue
from portal.access import scope
from portal.casework import erasing, holds
from portal.indonesia import dates
from portal.protection import erasures

JOB = "erase"
NOTICE = timedelta(days=30)
NIGHT = range(0, 5)
BATCH = 500
R, C = ReportStatus, CaseStatus


@dataclass(frozen=True)
class Kind:
    """A kind of record: in which states it has ended, and how those are spelt."""

    model: Any
    state: str
    ended: frozenset[Any]


KINDS: tuple[Kind, ...] = (
    Kind(Case, "status", frozenset({C.closed, C.rejected, C.referred})),
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


def _class_of_case(case: Case) -> str:
    if case.status is not C.closed:
        return "kasus_tidak_ditangani"
    ages = [victim.age_at_incident for victim in case.victims]
    grown = bool(ages) and all(age is not None and age >= dates.ADULT_AGE for age in ages)
    return "kasus_dewasa" if grown else "kasus_anak"


CLASSES: dict[type[Any], Callable[[Any], str]] = {
    Case: _class_of_case,
    Report: lambda report: f"laporan_{report.status.value}",
    ServiceComplaint: lambda complaint: "pengaduan_layanan",
    DataRequest: lambda request: "permohonan_data",
}


def ended_on(subject: Any) -> date:
    """The day from which the years of its class are counted."""
    return STARTS[type(subject)](subject)


def _end_of_case(case: Case) -> date:
    """The end of the work, for a child no earlier than the eighteenth birthday."""
    end = dates.local_date(case.closed_at or case.status_since)
    return max([end, *filter(None, map(_grown_up, case.victims))])


def _grown_up(victim: Victim) -> date | None:
    """When a victim turns eighteen, as well as it is known."""
    if victim.person.birth_date is not None:
        return years_after(victim.person.birth_date, dates.ADULT_AGE)
    if victim.age_at_incident is None or victim.case is None:
        return None
    then = victim.case.incident_date or dates.local_date(victim.case.opened_at)
    return years_after(then, max(0, dates.ADULT_AGE - victim.age_at_incident))


STARTS: dict[type[Any], Callable[[Any], date]] = {
    Case: _end_of_case,
    Report: lambda report: dates.local_date(report.decided_at or report.received_at),
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
    """Date what has ended, and ask for the erasure of what is due; by day nothing happens."""
    if dates.local(now).hour not in NIGHT:
        return 0
    with scope.system(session):
        date_all(session, now)
        today = dates.local_date(now)
        overdue = [row for row in due(session, today) if may_erase(session, row, today)]
        for row in overdue:
            queue.enqueue(session, JOB, {"table": row.__tablename__, "id": row.id})
        return len(overdue)


def date_all(session: Session, now: datetime) -> int:
    """Write on ended records until when they are kept, and take it off reopened ones."""
    years = {row.code: row.years for row in session.scalars(select(RetentionClass))}
    today = dates.local_date(now)
    return sum(_date(session, kind, years, today) for kind in KINDS)


def _date(session: Session, kind: Kind, years: dict[str, int], today: date) -> int:
    row, state = kind.model, getattr(kind.model, kind.state)
    reopened = row.retain_until.is_not(None) & state.not_in(kind.ended)
    _write(session, row, reopened, {"retention_class": None, "retain_until": None})
    undated = select(row).where(
        row.retain_until.is_(None), row.erased_at.is_(None), state.in_(kind.ended)
    )
    found = session.scalars(undated.order_by(row.id).limit(BATCH)).all()
    for one in found:
        code = class_of(one)
        if code in years:
            values = {"retention_class": code, "retain_until": until(one, years[code], today)}
            _write(session, row, row.id == one.id, values)
    return len(found)


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
    """The records that may be erased on `day`, at most a batch of each kind."""
    for kind in KINDS:
        yield from session.scalars(query(kind.model, day).limit(BATCH))


def erase_due(session: Session, payload: dict[str, Any]) -> None:
    """Erase one record if its time is really over and nothing keeps it."""
    with scope.system(session):
        subject = session.get_one(erasing.ROOTS[payload["table"]], payload["id"])
        now = datetime.now(dates.WIB)
        if may_erase(session, subject, dates.local_date(now)):
            erasing.erase(session, subject, subject.retention_class or "", now)


def may_erase(session: Session, subject: Any, today: date) -> bool:
    """Whether a record is due, still ended, and not held."""
    kind = KIND_OF[type(subject)]
    over = subject.retain_until is not None and subject.retain_until <= today
    ended = getattr(subject, kind.state) in kind.ended
    return over and ended and not holds.blocking(session, subject)


# --- after a restore ----------------------------------------------------------------------------


def replay(session: Session, lines: Iterable[str]) -> int:
    """Erase anew what the signed lines name; how many rows a restored backup had brought back.

    Twice the same changes nothing. Holds do not count: what was erased was erased. Raises
    `erasures.Forged` before anything is done when a line is not this portal's. The caller commits.
    """
    told = list(erasures.read(lines))
    with scope.system(session):
        return sum(_again(session, line) for line in told)


def _again(session: Session, line: erasures.Line) -> bool:
    model, at = erasing.ROOTS[line.table], datetime.fromisoformat(line.at)
    known = select(Erasure.id).where(Erasure.uuid == UUID(line.erasure))
    subject = session.scalar(select(model).where(model.uuid == UUID(line.subject)))
    if subject is None or subject.erased_at is not None:
        return False
    twin = None if session.scalar(known) is not None else UUID(line.erasure)
    return erasing.erase(session, subject, line.ground, at, erasure=twin)
