"""Break-glass: a case opened in an emergency, with a written reason, for some hours.

One case at a time, told to the supervisors at once, shown on the case and in the log, and ended
early by a supervisor. No answer tells a case that does not exist from one that must not.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AccessGrant, Case, CaseEvent, GrantKind, Officer, Role, Setting
from portal.access import gate, scope
from portal.access.permissions import may
from portal.casework import oversight
from portal.casework.lifecycle import Refused, lock
from portal.notices import tell
from portal.protection import audit
from portal.wording import _

SETTING, HOURS, MOST_HOURS = "break_glass_hours", 4, 24
DAY, TRIES = timedelta(days=1), 5
SHORTEST = 10


def hours(session: Session) -> int:
    """How long such access lasts: as the office set it, within reason."""
    text = session.scalar(select(Setting.value).where(Setting.key == SETTING)) or ""
    known = int(text) if text.strip().isdigit() and len(text.strip()) < 4 else HOURS
    return min(max(known, 1), MOST_HOURS)


def break_glass(
    session: Session, officer: Officer, number: str, reason: str, now: datetime
) -> Case | None:
    """Open the case `number` to `officer` and return it; None where there is none for them.

    A case they meet anyway is returned as it is. Every attempt is kept, so whoever calls this
    commits in either case. Raises Refused without a real reason, for a role that works on no
    case, and beyond a few attempts a day: then a supervisor decides.
    """
    _check(session, officer, reason, now)
    with scope.system(session):
        case = session.scalar(select(Case).where(Case.number == number.strip().upper()))
    if case is not None and scope.sees(session, officer, case):
        return case
    if case is not None and case.id in gate.kept_cases(session, officer):
        case = None
    with scope.system(session):
        _open(session, officer, case, reason.strip(), now)
    return case


def _check(session: Session, officer: Officer, reason: str, now: datetime) -> None:
    if not may(officer, "access_grant.create"):
        raise Refused(_("Peran Anda tidak dapat melakukan tindakan ini."))
    if len(reason.strip()) < SHORTEST:
        raise Refused(_("Tuliskan alasan yang jelas: siapa yang terancam dan mengapa sekarang."))
    if _attempts(session, officer, now) >= TRIES:
        raise Refused(_("Batas akses darurat hari ini sudah tercapai. Hubungi supervisor."))


def _attempts(session: Session, officer: Officer, now: datetime) -> int:
    mine = (AccessGrant.officer_id == officer.id, AccessGrant.kind == GrantKind.darurat)
    lock(session, officer)  # attempts made at the same moment count one after the other
    with scope.system(session):
        counted = select(func.count(AccessGrant.id)).where(*mine, AccessGrant.at > now - DAY)
        return session.scalar(counted) or 0


def _open(
    session: Session, officer: Officer, case: Case | None, reason: str, now: datetime
) -> None:
    told: list[Officer] = []
    if case is not None:  # before the access opens the case: it must not count as theirs
        told = [one for one in oversight.supervisors(session, case, now) if one is not officer]
    until = now + timedelta(hours=hours(session))
    grant = AccessGrant(
        officer=officer, case=case, kind=GrantKind.darurat, reason=reason, at=now, until=until
    )
    session.add(grant)
    if case is None:
        grant.ended_at = now
        audit.record(session, "break_glass_refused", officer)
        return
    session.add(CaseEvent(case=case, at=now, kind="break_glass", actor=officer))
    audit.record(session, "break_glass", officer, case, until=until.isoformat())
    tell(session, told, "break_glass", case=case)
    if not told:  # nobody besides them could look at it
        oversight.nobody_left(session)


def in_force(grant: AccessGrant, now: datetime) -> bool:
    """Whether this grant opens its case at `now`."""
    return grant.ended_at is None and (grant.until is None or grant.until > now)


def of_case(session: Session, case: Case) -> list[AccessGrant]:
    """Who opened `case` in an emergency, newest first."""
    opened = (AccessGrant.case_id == case.id, AccessGrant.kind == GrantKind.darurat)
    return list(session.scalars(select(AccessGrant).where(*opened).order_by(AccessGrant.id.desc())))


def obstacles(grant: AccessGrant, officer: Officer) -> list[str]:
    """Why `officer` may not end this access; empty when they may."""
    if not officer.active or officer.role is not Role.supervisor:
        return [_("Akses diakhiri oleh supervisor.")]
    return [_("Akses ini sudah berakhir.")] if grant.ended_at else []


def end(
    session: Session,
    grant: AccessGrant,
    actor: Officer,
    now: datetime,
    version: int | None = None,
) -> None:
    """A supervisor ends an access early."""
    lock(session, grant, version)
    if sentences := obstacles(grant, actor):
        raise Refused(*sentences)
    grant.ended_at, grant.ended_by = now, actor
    audit.record(session, "break_glass_ended", actor, grant.case, officer=grant.officer_id)
    session.flush()
