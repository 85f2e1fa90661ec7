"""Monitoring: three contacts with each victim in the three months after termination.

Step 7 of the service standard. The dates come from `portal.indonesia.workdays`
(1 and 2 months: the next working day; 3 months: the last working day on or
before), with the office's table of days off.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from models import (
    Case,
    CaseEvent,
    CaseStatus,
    DayOff,
    Monitoring,
    MonitoringState,
    Officer,
    Role,
    Safety,
    Termination,
    Victim,
)
from portal.casework import contact_acts, oversight
from portal.casework.lifecycle import Refused, lock
from portal.indonesia.dates import local_date
from portal.indonesia.workdays import add_months, monitoring_dates
from portal.notices import tell
from portal.protection import audit
from portal.wording import _

BATCH = 200

Plan = list[tuple[Victim, int, date]]


def plan(session: Session, case: Case, day: date) -> Plan:
    """Who is to be contacted when, if `case` is terminated on `day`: three dates a victim."""
    dates = monitoring_dates(day, _days_off(session, day))
    numbered = list(enumerate(dates, start=1))
    return [(victim, sequence, due) for victim in case.victims for sequence, due in numbered]


def schedule(session: Session, termination: Termination, planned: Plan) -> None:
    """Open the contacts of `planned`."""
    for victim, sequence, due_on in planned:
        visit = Monitoring(
            case=termination.case,
            victim=victim,
            termination=termination,
            sequence=sequence,
            due_on=due_on,
        )
        session.add(visit)
    session.flush()


def _days_off(session: Session, day: date) -> frozenset[date]:
    within = DayOff.day.between(day, add_months(day, 4))
    return frozenset(session.scalars(select(DayOff.day).where(within)))


def cancel_open(case: Case) -> None:
    """A reopened case needs no more contacts of the old termination."""
    for visit in case.monitorings:
        if visit.state is MonitoringState.scheduled:
            visit.state = MonitoringState.cancelled


@dataclass(frozen=True, slots=True)
class Visit:
    """How a contact went. `recurrence`: did the violence happen again (None: not known)."""

    done_on: date
    method: str
    wellbeing: str
    safety: Safety
    needs: str | None = None
    recurrence: bool | None = None
    notes: str | None = None


def obstacles(monitoring: Monitoring, officer: Officer) -> list[str]:
    """Why `officer` may not record or excuse this contact now; empty when they may."""
    case = monitoring.case
    leads = officer.role is Role.supervisor or case.counsellor_id == officer.id
    if not (officer.active and leads):
        return [_("Monitoring dilakukan konselor penanggung jawab kasus.")]
    if case.status is not CaseStatus.monitoring:
        return [_("Kasus ini tidak sedang dalam masa monitoring.")]
    if monitoring.state is not MonitoringState.scheduled:
        return [_("Monitoring ini sudah diselesaikan.")]
    return []


def record(
    session: Session,
    monitoring: Monitoring,
    actor: Officer,
    now: datetime,
    visit: Visit,
    today: date,
    version: int | None = None,
    contact_reason: str | None = None,
) -> None:
    """Write down a contact; "in danger" is told to all supervisors, who may reopen the case.

    `contact_reason`: why the victim was reached in a way or on a day that was not agreed.
    """
    _permit(session, monitoring, actor, version)
    if visit.done_on > today:
        raise Refused(_("Tanggal kontak tidak boleh di masa depan."))
    decided = monitoring.termination.decided_at
    if decided is not None and visit.done_on < local_date(decided):
        raise Refused(_("Tanggal kontak tidak boleh sebelum terminasi."))
    made = contact_acts.Made(visit.method, visit.done_on, contact_reason)
    contact_acts.permit_made(session, monitoring.case, monitoring.victim.person, made, actor, now)
    for name in Visit.__dataclass_fields__:
        setattr(monitoring, name, getattr(visit, name))
    monitoring.officer, monitoring.state = actor, MonitoringState.done
    _note(session, monitoring, actor, now, "monitoring_done", None)
    if visit.safety is Safety.dalam_bahaya or visit.recurrence:
        oversight.alarm(session, monitoring.case, now, "victim_in_danger")


def excuse(
    session: Session,
    monitoring: Monitoring,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """A contact that could not be made, with its reason: it no longer holds up the closing."""
    _permit(session, monitoring, actor, version)
    if not reason.strip():
        raise Refused(_("Tuliskan alasannya."))
    monitoring.excuse_reason = reason.strip()
    monitoring.officer, monitoring.state = actor, MonitoringState.excused
    _note(session, monitoring, actor, now, "monitoring_excused", reason.strip())


def _permit(session: Session, monitoring: Monitoring, actor: Officer, version: int | None) -> None:
    lock(session, monitoring.case)
    lock(session, monitoring, version)
    sentences = obstacles(monitoring, actor)
    if sentences:
        raise Refused(*sentences)


def _note(
    session: Session,
    monitoring: Monitoring,
    actor: Officer,
    now: datetime,
    kind: str,
    note: str | None,
) -> None:
    session.add(CaseEvent(case=monitoring.case, at=now, kind=kind, actor=actor, note=note))
    audit.record(session, "act", actor, monitoring, act=kind, to=monitoring.state.value)
    session.flush()


def escalate(session: Session, now: datetime) -> int:
    """Tell counsellor and supervisors, once, of each contact that was missed; how many.

    A batch at a time. A form that is open on such a contact stays valid: its version is the same.
    """
    unsaid = (overdue(local_date(now)), Monitoring.escalated_at.is_(None))
    missed = session.scalars(select(Monitoring).where(*unsaid).limit(BATCH)).all()
    said = [contact for contact in missed if _says_it(session, contact, now)]
    for case in {contact.case for contact in said}:
        told = [case.counsellor, *oversight.supervisors(session, case, now)]
        tell(session, told, "monitoring_missed", case=case)
    return len(said)


def _says_it(session: Session, contact: Monitoring, now: datetime) -> bool:
    """Whether this worker is the one to tell: several keep the same clock."""
    still = (Monitoring.id == contact.id, Monitoring.escalated_at.is_(None))
    # nosemgrep: bulk-past-the-audit
    claim = update(Monitoring).where(*still).values(escalated_at=now)
    return cast(CursorResult[Any], session.execute(claim)).rowcount == 1


def due(today: date) -> ColumnElement[bool]:
    """The contacts that are due by `today`."""
    return (Monitoring.state == MonitoringState.scheduled) & (Monitoring.due_on <= today)


def overdue(today: date) -> ColumnElement[bool]:
    """The contacts whose day has passed."""
    return (Monitoring.state == MonitoringState.scheduled) & (Monitoring.due_on < today)


def open_contacts(case: Case) -> int:
    """How many contacts still hold up the closing of `case`."""
    return sum(visit.state is MonitoringState.scheduled for visit in case.monitorings)
