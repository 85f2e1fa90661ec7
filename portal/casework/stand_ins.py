"""Who takes over: the colleague of the same role with the fewest open cases, never one who is
kept from the case."""

from collections.abc import Container
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AccessGrant, Case, CaseStatus, GrantKind, Officer, Report, ReportStatus, Role
from portal.access import gate, scope
from portal.casework import oversight
from portal.notices import all_in
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
