"""What happens to a report: taken, forwarded, identified, joined, or ended otherwise.

Each function is one act of step 2 or 3 of the service standard: it asks the
lifecycle, changes the rows, leaves timeline, audit entry and notices, and does not
commit. `version` is the version of the report the form was opened with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import Case, CaseStatus, Officer, Report, Risk, Role, Victim
from portal import numbering
from portal.access import scope
from portal.casework.lifecycle import Refused, advance, permit
from portal.indonesia.dates import age_on, local_date
from portal.notices import all_in, tell
from portal.wording import _

COPIED = (
    "narrative",
    "wishes",
    "incident_date",
    "incident_precision",
    "incident_time",
    "place_kind",
    "place",
    "region_code",
    "outside_city",
    "violence_kinds",
    "previously_reported",
)
ENDED = {CaseStatus.rejected, CaseStatus.referred, CaseStatus.closed}
OUTCOMES = ("referred", "information", "duplicate", "spam")


def take(
    session: Session, report: Report, actor: Officer, now: datetime, version: int | None = None
) -> None:
    """`actor` takes an unclaimed report; from here on it is theirs."""
    rule = permit(session, report, "take", actor, version)
    report.owner, report.taken_at = actor, now
    advance(session, report, rule, actor, now)


def forward(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    to: Officer,
    version: int | None = None,
) -> None:
    """Forward to UPT PPA: to whom and when; the named officer accepts it there."""
    rule = permit(session, report, "forward", actor, version)
    if not to.active or to.role not in (Role.petugas, Role.supervisor) or to.id == actor.id:
        raise Refused(_("Pilih petugas atau supervisor lain yang aktif."))
    report.owner = report.owner or actor
    report.taken_at = report.taken_at or now
    report.forwarded_to, report.forwarded_at = to, now
    report.forward_accepted_by = report.forward_accepted_at = None
    advance(session, report, rule, actor, now, note=to.name)
    tell(session, [to], "report_forwarded", report=report, but=actor)


def accept_forward(
    session: Session, report: Report, actor: Officer, now: datetime, version: int | None = None
) -> None:
    """The officer it was forwarded to accepts and owns the report."""
    rule = permit(session, report, "accept_forward", actor, version)
    giver = report.owner
    report.owner = report.forward_accepted_by = actor
    report.forward_accepted_at = now
    advance(session, report, rule, actor, now)
    tell(session, [giver], "forward_accepted", report=report, but=actor)


@dataclass(frozen=True, slots=True)
class Identification:
    """What the officer found out: the risk, and what the report did not say yet."""

    risk: Risk
    note: str | None = None
    violence_kinds: Sequence[str] = ()


def identify(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    found: Identification,
    version: int | None = None,
) -> Case:
    """Identification of a report as a new case, which then waits for verification.

    Raises Refused when nobody is named as harmed: an unknown victim is still one victim.
    """
    rule = permit(session, report, "identify", actor, version)
    if not report.victims:
        raise Refused(_("Catat dahulu siapa korbannya, walau namanya belum diketahui."))
    case = _open(session, report, actor, now, found)
    _settle(session, report, case)
    advance(session, report, rule, actor, now, note=found.note).case = case
    tell(session, all_in(session, Role.supervisor), "case_waiting", case=case, but=actor)
    return case


def _open(
    session: Session, report: Report, actor: Officer, now: datetime, found: Identification
) -> Case:
    year = local_date(now).year
    number = numbering.take(session, "kasus", year)
    case = Case(
        number=f"KS-{year}-{number:05d}",
        status=CaseStatus.identified,
        status_since=now,
        risk=found.risk,
        opened_at=now,
        identified_by=actor,
        **{name: getattr(report, name) for name in COPIED},
    )
    case.violence_kinds = list(found.violence_kinds) or list(report.violence_kinds)
    session.add(case)
    session.flush()
    return case


def _settle(session: Session, report: Report, case: Case) -> None:
    """The report's people and files are the case's from here on."""
    report.case = case
    present = {victim.person_id for victim in case.victims}
    for victim in report.victims:
        if victim.person_id not in present:
            victim.case = case
            _age(victim, case)
    for part in (*report.suspects, *report.attachments):
        part.case = case
    session.flush()


def _age(victim: Victim, case: Case) -> None:
    """Age at the date of the incident (SIMFONI), from the birth date where both are known."""
    if victim.age_at_incident is not None:
        return
    birth, day = victim.person.birth_date, case.incident_date
    if birth and day and birth <= day:
        victim.age_at_incident = age_on(birth, day)
    else:
        victim.age_at_incident = victim.person.estimated_age


def join(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    case: Case,
    note: str | None = None,
    version: int | None = None,
) -> None:
    """Join a report to an existing case (kasus lama); its clock ends here."""
    rule = permit(session, report, "join", actor, version)
    if case.status in ENDED:
        raise Refused(_("Kasus itu sudah berakhir: minta supervisor membukanya kembali."))
    _settle(session, report, case)
    report.decided_at = report.decided_at or now
    advance(session, report, rule, actor, now, note=note).case = case
    tell(session, [case.counsellor or case.identified_by], "report_message", case=case, but=actor)


def dismiss(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    outcome: str,
    reason: str,
    version: int | None = None,
) -> None:
    """End a report as `referred`, `information`, `duplicate` or `spam`, with its reason."""
    rule = permit(session, report, f"dismiss_{outcome}", actor, version)
    report.outcome_reason = reason.strip() or None
    report.outcome_by_id = actor.id
    report.decided_at = report.decided_at or now
    if report.outcome_reason is None:
        raise Refused(_("Tuliskan alasannya."))
    advance(session, report, rule, actor, now, note=report.outcome_reason)


def resume(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """A supervisor takes an ended report up again, with a reason.

    Of a joined report the link to the case ends; what was taken over there stays there.
    """
    rule = permit(session, report, "resume", actor, version)
    report.case = None
    report.owner = report.owner or actor
    advance(session, report, rule, actor, now, note=reason)
    with scope.system(session):
        tell(session, [report.owner], "report_message", report=report, but=actor)
