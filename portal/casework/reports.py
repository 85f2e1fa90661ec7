"""What happens to a report: taken, forwarded, identified, joined, or ended otherwise.

Each function is one act of step 2 or 3 of the service standard: it asks the
lifecycle, changes the rows, leaves timeline, audit entry and notices, and does not
commit. `version` is the version of the report the form was opened with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Attachment,
    Case,
    CaseStatus,
    Intervention,
    Monitoring,
    Officer,
    Person,
    Referral,
    Report,
    Risk,
    Role,
    Suspect,
    Victim,
)
from portal import numbering
from portal.access import gate, scope
from portal.casework import clock, conflicts, oversight, pauses, people
from portal.casework.lifecycle import Refused, advance, lock, permit
from portal.indonesia.dates import local_date
from portal.notices import tell, tell_on_duty
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
# Nobody but a supervisor meets it yet, or it happened again and supervisors may reopen the case.
WAITING_OR_AGAIN = {CaseStatus.identified, CaseStatus.monitoring}
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
    conflicts.refuse_kept(session, report, [to])
    report.owner = report.owner or actor
    report.taken_at = report.taken_at or now
    report.forwarded_to, report.forwarded_at = to, now
    report.forward_accepted_by = report.forward_accepted_at = None
    report.forward_returned_at = report.forward_return_reason = None
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
    pauses.over(session, report, now)
    if not report.victims:
        raise Refused(_("Catat dahulu siapa korbannya, walau namanya belum diketahui."))
    with scope.system(session):  # a petugas loses sight of it the moment it becomes a case
        case = _open(session, report, actor, now, found)
        _settle(session, report, case)
        _keep_out(session, report, case, now)
        advance(session, report, rule, actor, now, note=found.note).case = case
    tell_on_duty(session, [Role.supervisor], "case_waiting", now, case=case, but=actor)
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
    """The report's people and files are the case's from here on, but for whom it knows already."""
    harmed, accused = list(case.victims), list(case.suspects)
    report.case = case
    for victim in report.victims:
        if not _among(victim.person, harmed):
            victim.case = case
            _age(victim, report, case)
    for suspect in report.suspects:
        if not _among(suspect.person, accused):
            suspect.case = case
    for attachment in report.attachments:
        attachment.case = case
    session.flush()


def _keep_out(session: Session, report: Report, case: Case, now: datetime) -> None:
    """Who is kept from the report is kept from the case, and so is whoever bears a name in it."""
    conflicts.follow(session, report, case, now)
    conflicts.screen(session, case, now)
    oversight.supervisors(session, case, now)


def _among(person: Person | None, known: Iterable[Victim | Suspect]) -> bool:
    present = [one.person for one in known if one.person]
    return person is not None and any(people.same(person, one) for one in present)


def _age(victim: Victim, report: Report, case: Case) -> None:
    """Age at the date of the incident: a birth date decides, an estimate only where none stands."""
    day = report.incident_date or case.incident_date
    if victim.age_at_incident is None or (victim.person.birth_date and day):
        told = local_date(report.received_at)
        victim.age_at_incident = people.age_at(victim.person, day, told)


def join(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    case: Case,
    note: str | None = None,
    version: int | None = None,
) -> None:
    """Join a report to an existing case (kasus lama); its clock ends here.

    Who stands in the case already is not added a second time. Raises Refused for an ended case.
    """
    lock(session, case)
    rule = permit(session, report, "join", actor, version)
    if case.status in ENDED:
        raise Refused(_("Kasus itu sudah berakhir: minta supervisor membukanya kembali."))
    _settle(session, report, case)
    _keep_out(session, report, case, now)
    _stop(session, report, now)
    advance(session, report, rule, actor, now, note=note).case = case
    told = [case.counsellor or case.identified_by]
    if case.status in WAITING_OR_AGAIN:
        told += oversight.supervisors(session, case, now)
    tell(session, told, "report_joined", case=case, but=actor)


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
    _stop(session, report, now)
    if report.outcome_reason is None:
        raise Refused(_("Tuliskan alasannya."))
    advance(session, report, rule, actor, now, note=report.outcome_reason)


def _stop(session: Session, report: Report, now: datetime) -> None:
    """Its own outcome ends the pause of a report, and then its clock."""
    pauses.over(session, report, now)
    clock.stop(report, now)


def resume(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """A supervisor takes an ended report up again, with a reason; its clock runs on.

    A joined report leaves its case with all it brought. Raises Refused where the case already
    serves a victim it brought.
    """
    joined = report.case
    if joined is not None:
        lock(session, joined)
    rule = permit(session, report, "resume", actor, version)
    if joined is not None:
        _release(session, report, joined)
        conflicts.part(session, report, joined, now)
    kept = gate.kept_out(session, report)
    if report.owner is None or not report.owner.active or report.owner.id in kept:
        report.owner = actor
    report.case = report.decided_at = report.outcome_reason = report.outcome_by_id = None
    report.decided_late = None
    advance(session, report, rule, actor, now, note=reason).case = joined
    tell(session, [report.owner], "report_resumed", report=report, but=actor)


def _release(session: Session, report: Report, case: Case) -> None:
    brought = [victim for victim in report.victims if victim.case_id == case.id]
    if _served(session, brought):
        raise Refused(
            _("Korban dari laporan ini sudah dilayani dalam kasus itu: laporan tetap di sana.")
        )
    parts: list[Victim | Suspect | Attachment] = [*brought, *report.suspects, *report.attachments]
    for part in parts:
        part.case = None


def _served(session: Session, victims: Sequence[Victim]) -> bool:
    keys = [victim.id for victim in victims]
    return any(
        session.scalar(select(work.id).where(work.victim_id.in_(keys)).limit(1)) is not None
        for work in (Intervention, Referral, Monitoring)
    )
