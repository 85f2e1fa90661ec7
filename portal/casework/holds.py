"""Legal hold: what must not be erased although its time is over, and until when not.

A hold lies on a case, a report, a complaint or a person, and keeps everything that hangs
together with it. A person who just asked for their data is kept, too, until they have an answer.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, object_session

from models import (
    Base,
    Case,
    CaseStatus,
    DataRequest,
    LegalHold,
    Officer,
    Person,
    Report,
    Reporter,
    ReportStatus,
    RequestKind,
    RequestState,
    ServiceComplaint,
    Suspect,
    Victim,
)
from portal.access import scope
from portal.casework.lifecycle import WRITERS_WAIT, Refused, lock
from portal.protection import audit
from portal.wording import _

OPEN_REQUESTS = (RequestState.received, RequestState.working)
ENDED_CASE = frozenset({CaseStatus.closed, CaseStatus.rejected, CaseStatus.referred})
RUNNING_REPORT = frozenset({ReportStatus.new, ReportStatus.in_progress})


def faults(hold: LegalHold) -> dict[str, str]:
    """What is wrong with a new hold: field → sentence.

    What it lies on is locked: an erasure that has begun is waited for, and seen.
    """
    targets: tuple[Any, ...] = (hold.case, hold.report, hold.complaint, hold.person)
    on = [one for one in targets if one is not None]
    if len(on) != 1:
        return {"case": _("Pilih tepat satu: kasus, laporan, pengaduan layanan, atau orang.")}
    session = object_session(on[0])
    if session is not None:
        with session.no_autoflush:  # the hold itself is not ready to be stored
            lock_together(session, on[0])
    if on[0].erased_at:
        return {"case": _("Data ini sudah dihapus; tidak ada yang dapat ditahan.")}
    return {}


# --- in which order -------------------------------------------------------------------------


def lock_together(session: Session, subject: Base, how: Any = WRITERS_WAIT) -> None:
    """Lock `subject` and the cases and reports that would go, or be held, with it.

    Always cases before reports before people, each by number, so that an erasure by night, one
    on request and a new hold wait for each other instead of standing in each other's way.
    """
    with scope.system(session):
        for row in together(session, subject):
            session.refresh(row, with_for_update=how)


def together(session: Session, subject: Any) -> list[Any]:
    """What is locked with `subject`, in the order of locking, itself among it."""
    if isinstance(subject, Person):
        cases, reports = around(session, subject)
    else:
        found: Case | None = (
            subject if isinstance(subject, Case) else getattr(subject, "case", None)
        )
        cases = [found] if found is not None else []
        reports = [subject] if isinstance(subject, Report) else []
    below = [one for case in cases for one in case.reports]
    kinds: tuple[set[Any], ...] = (set(cases), {*reports, *below})
    rows = [row for kind in kinds for row in sorted(kind, key=lambda one: one.id)]
    return rows if subject in rows else [*rows, subject]


# --- what is held -----------------------------------------------------------------------------


def obstacles(hold: LegalHold) -> list[str]:
    """Why a hold cannot be lifted."""
    return [_("Penahanan ini sudah dicabut.")] if hold.lifted_at else []


def lift(
    session: Session,
    hold: LegalHold,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """End a hold. Raises Refused without a reason, or when it has ended already."""
    lock(session, hold, version)
    if stops := obstacles(hold):
        raise Refused(*stops)
    if not reason.strip():
        raise Refused(_("Tuliskan alasannya."))
    hold.lifted_at, hold.lift_reason = now, reason.strip()
    audit.record(session, "hold_lifted", actor, hold)
    session.flush()


def blocking(session: Session, subject: Base) -> bool:
    """Whether a hold, an unanswered request, or its own force keeps `subject` from being erased."""
    if isinstance(subject, DataRequest) and in_force(subject):
        return True
    with scope.system(session):
        return _kept(session, *_reach(session, subject))


def _kept(session: Session, on: list[ColumnElement[bool]], people: list[int]) -> bool:
    held = select(LegalHold.id).where(or_(*on), LegalHold.lifted_at.is_(None)).limit(1)
    if session.scalar(held) is not None:
        return True
    asked = select(DataRequest.id).where(
        DataRequest.person_id.in_(people),
        DataRequest.state.in_(OPEN_REQUESTS),
        DataRequest.kind != RequestKind.erasure,
    )
    return session.scalar(asked.limit(1)) is not None


def in_force(request: DataRequest) -> bool:
    """Whether a restriction of processing that was granted still holds."""
    return request.kind is RequestKind.restriction and request.state is RequestState.done


def restricted(session: Session, person: Person | None) -> bool:
    """Whether somebody's data may be kept but not used further (UU 27/2022 art. 11, 41)."""
    if person is None:
        return False
    granted = select(DataRequest.id).where(
        DataRequest.person_id == person.id,
        DataRequest.kind == RequestKind.restriction,
        DataRequest.state == RequestState.done,
    )
    with scope.system(session):
        return session.scalar(granted.limit(1)) is not None


def _reach(session: Session, subject: Base) -> tuple[list[ColumnElement[bool]], list[int]]:
    """Where a hold would lie that keeps `subject`, and whose requests would."""
    if isinstance(subject, ServiceComplaint):
        return [LegalHold.complaint_id == subject.id], []
    if isinstance(subject, DataRequest):
        people = [subject.person_id] if subject.person_id else []
        return [LegalHold.person_id.in_(people)], []
    if isinstance(subject, Person):
        return _of_person(session, subject)
    return _of_holder(subject)


def _of_holder(subject: Any) -> tuple[list[ColumnElement[bool]], list[int]]:
    """Of a case or a report."""
    reports = [one.id for one in subject.reports] if isinstance(subject, Case) else [subject.id]
    people = [person.id for person in people_of(subject)]
    on: list[ColumnElement[bool]] = [
        LegalHold.report_id.in_(reports),
        LegalHold.person_id.in_(people),
    ]
    if isinstance(subject, Case):
        on.append(LegalHold.case_id == subject.id)
    return on, people


def _of_person(session: Session, person: Person) -> tuple[list[ColumnElement[bool]], list[int]]:
    cases, reports = around(session, person)
    return [
        LegalHold.person_id == person.id,
        LegalHold.case_id.in_([one.id for one in cases]),
        LegalHold.report_id.in_([one.id for one in reports]),
    ], [person.id]


def people_of(subject: Case | Report) -> list[Person]:
    """Everybody who stands in a case or report: harmed, accused, telling, and their guardians."""
    reports = subject.reports if isinstance(subject, Case) else [subject]
    holders: list[Any] = [subject, *(one for one in reports if one is not subject)]
    found = [row.person for one in holders for row in (*one.victims, *one.suspects)]
    found += [one.reporter.person for one in reports if one.reporter]
    known = [person for person in found if person is not None]
    guardians = [person.guardian for person in known if person.guardian is not None]
    return list(dict.fromkeys([*known, *guardians]))


def standing(session: Session, person: Person) -> tuple[list[Case], list[Report]]:
    """The cases and the reports in which a person stands, as far as the session sees."""
    victims = select(Victim).where(Victim.person_id == person.id)
    suspects = select(Suspect).where(Suspect.person_id == person.id)
    told = select(Reporter).where(Reporter.person_id == person.id)
    rows: list[Any] = [row for query in (victims, suspects) for row in session.scalars(query)]
    reports = [row.report for row in (*rows, *session.scalars(told)) if row.report]
    cases = [row.case for row in rows if row.case] + [one.case for one in reports if one.case]
    return list(dict.fromkeys(cases)), list(dict.fromkeys(reports))


def around(session: Session, person: Person) -> tuple[list[Case], list[Report]]:
    """Where a person stands, or is needed as the guardian of somebody who stands there."""
    people = [person, *wards(session, person)]
    found = [standing(session, one) for one in people]
    cases = dict.fromkeys(case for these, _reports in found for case in these)
    return list(cases), list(dict.fromkeys(report for _cases, these in found for report in these))


def wards(session: Session, person: Person) -> list[Person]:
    """Those whose guardian a person is."""
    wanted = select(Person).where(Person.guardian_id == person.id, Person.erased_at.is_(None))
    return list(session.scalars(wanted))


def running(subject: Case | Report) -> bool:
    """Whether work on a case or report goes on."""
    if isinstance(subject, Case):
        return subject.status not in ENDED_CASE
    return subject.status in RUNNING_REPORT
