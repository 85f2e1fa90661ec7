"""Which supervisors answer for a case: whoever decided on it, and somebody else where none is left.

A case that concerns every supervisor of the office is never silently without one: the head of the
office and the admins are told, so that another supervisor is appointed.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import AccessGrant, Case, GrantKind, Officer, Report, Role
from portal.access import gate, scope
from portal.notices import all_in, tell
from portal.protection import audit
from portal.wording import _

ALARM = timedelta(days=14)


def supervisors(session: Session, case: Case, now: datetime) -> list[Officer]:
    """The active supervisors who meet `case`; an emergency access does not count.

    Where none of those who decided on it is left, it is handed to all who are not kept from it.
    Empty only where nobody remains; then the head and the admins are told.
    """
    session.flush()
    everyone = all_in(session, Role.supervisor)
    meeting = [one for one in everyone if scope.keeps(session, one, case)]
    return meeting or _entrusted(session, case, now)


def unconcerned(session: Session, subject: Case | Report) -> list[Officer]:
    """The active supervisors who are not kept from `subject`, whether or not they meet it."""
    kept = gate.kept_out(session, subject)
    return [one for one in all_in(session, Role.supervisor) if one.id not in kept]


def _entrusted(session: Session, case: Case, now: datetime) -> list[Officer]:
    free = unconcerned(session, case)
    for one in free:
        hand_to(session, one, case, now, _("Supervisor yang memutuskan kasus ini sudah tidak ada."))
    tell(session, free, "case_entrusted", case=case)
    if not free:
        nobody_left(session)
    return free


def hand_to(
    session: Session,
    officer: Officer,
    case: Case,
    now: datetime,
    reason: str,
    by: Officer | None = None,
    until: datetime | None = None,
) -> AccessGrant:
    """Open `case` to `officer` as if it had been theirs; for good, or `until` then."""
    grant = AccessGrant(officer=officer, case=case, kind=GrantKind.serah_terima, reason=reason)
    grant.by, grant.at, grant.until = by, now, until
    session.add(grant)
    audit.record(session, "case_entrusted", by, case, officer=officer.id)
    session.flush()
    return grant


def alarm(session: Session, case: Case, now: datetime, kind: str) -> None:
    """Somebody is in danger: tell every supervisor who is not kept out, whoever decided before.

    Those who decided may be away; for two weeks the others can act as well.
    """
    supervisors(session, case, now)
    everyone = unconcerned(session, case)
    for one in everyone:
        if not scope.sees(session, one, case):
            why = str(_("Keselamatan korban perlu diputuskan oleh siapa pun yang ada."))
            hand_to(session, one, case, now, why, until=now + ALARM)
    tell(session, everyone, kind, case=case)


def nobody_left(session: Session) -> None:
    """Say, without a word about the case, that a supervisor is missing."""
    tell(session, all_in(session, Role.pimpinan, Role.admin), "no_supervisor")


def remains(session: Session, subject: Case | Report) -> bool:
    """Whether a supervisor is left who may decide; if not, the head and the admins are told."""
    if unconcerned(session, subject):
        return True
    nobody_left(session)
    return False
