"""Who takes over: the colleague of the same role with the fewest open cases, never one who is
kept from the case."""

from collections.abc import Container, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AccessGrant, Case, CaseStatus, GrantKind, Officer, Report, ReportStatus, Role
from portal.access import gate, scope
from portal.casework import oversight, signing, signing_held, talk_follow
from portal.notices import all_in, tell
from portal.protection import audit
from portal.wording import _

ENDED = (CaseStatus.rejected, CaseStatus.referred, CaseStatus.closed)


def workload(session: Session, officer: Officer) -> int:
    """How many open cases an officer works on, with the reports they are identifying."""
    cases = select(func.count(Case.id)).where(
        Case.status.not_in(ENDED), scope.visible(Case, officer)
    )
    owned = (Report.owner_id == officer.id, Report.status == ReportStatus.in_progress)
    with scope.system(session):
        reports = session.scalar(select(func.count(Report.id)).where(*owned)) or 0
        return reports + (session.scalar(cases) or 0)


class Colleagues:
    """The active officers of one role, and who of them has least to do."""

    def __init__(self, session: Session, role: Role, but: Officer) -> None:
        known = [one for one in all_in(session, role) if one.id != but.id]
        self.load = {one: workload(session, one) for one in known}

    def least_busy(self, kept: Container[int]) -> Officer | None:
        """The one with the fewest cases who is not among `kept`; counted as given one more."""
        free = [one for one in self.load if one.id not in kept]
        chosen = min(free, key=lambda one: (self.load[one], one.id), default=None)
        if chosen is not None:
            self.load[chosen] += 1
        return chosen


def intake_of(session: Session, case: Case, now: datetime) -> list[Officer]:
    """Who completes a returned case: whoever identified it, else another officer of intake to
    whom it is handed, else the supervisors."""
    session.flush()
    if scope.sees(session, case.identified_by, case):
        return [case.identified_by]
    colleagues = Colleagues(session, Role.petugas, case.identified_by)
    chosen = colleagues.least_busy(gate.kept_out(session, case))
    if chosen is None:
        return oversight.supervisors(session, case, now)
    oversight.hand_to(session, chosen, case, now, _("Yang mengidentifikasi kasus ini tidak ada."))
    return [chosen]


def dismiss(session: Session, case: Case, now: datetime) -> None:
    """The case waits for verification again: intake that stood in meets it no longer."""
    lent = select(AccessGrant).where(
        AccessGrant.case_id == case.id,
        AccessGrant.kind == GrantKind.serah_terima,
        AccessGrant.ended_at.is_(None),
        AccessGrant.officer.has(Officer.role == Role.petugas),
    )
    with scope.system(session):
        for grant in session.scalars(lent):
            grant.ended_at = now
        session.flush()


def go_on_without(
    session: Session,
    subject: Case | Report,
    kept: Sequence[Officer],
    now: datetime,
    actor: Officer | None = None,
) -> None:
    """Whoever is kept out leaves nothing lying: it passes to a colleague, the supervisors are told.

    Where no supervisor remains, the head and the admins are told.
    """
    with scope.system(session):
        session.flush()
        case = subject if isinstance(subject, Case) else subject.case
        if case is not None:
            told = oversight.supervisors(session, case, now)
            tell(session, told, "officer_excluded", case=case, but=actor)
            if case.status is CaseStatus.returned and case.identified_by in kept:
                tell(session, intake_of(session, case, now), "case_returned", case=case)
        elif isinstance(subject, Report) and oversight.remains(session, subject):
            told = oversight.unconcerned(session, subject)
            tell(session, told, "officer_excluded", report=subject, but=actor)
        if isinstance(subject, Report) and subject.owner is not None and subject.owner in kept:
            _pass_on(session, subject, subject.owner)
        talk_follow.release_about(session, subject, kept, now)
        for officer in kept:
            signing.pass_over(session, officer, actor, subject)
            signing_held.tell_of(session, officer, now, subject)


def _pass_on(session: Session, report: Report, owner: Officer) -> None:
    """The clock of the report runs on: a colleague goes on with it, or the supervisors are told."""
    if report.status is not ReportStatus.in_progress:
        return
    colleagues = Colleagues(session, owner.role, owner)
    heir = colleagues.least_busy(gate.kept_out(session, report))
    if heir is None:
        tell(session, oversight.unconcerned(session, report), "orphaned", report=report)
        return
    report.owner = heir
    audit.record(session, "case_entrusted", None, report, officer=heir.id)
    tell(session, [heir], "report_entrusted", report=report)
