"""From the form of an act to the function of the casework that does it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Case, Monitoring, Officer, Report
from portal.casework import cases, identifying, monitoring, outreach, reports, termination
from portal.indonesia import dates
from portal.screens import uploads

Do = Callable[[Session, Any, Officer, datetime, Any, int | None], Any]

# --- acts that only need a reason or a note ---------------------------------------------------


def with_why(act: Callable[..., Any], name: str | None = None) -> Do:
    """`act(…, [name,] reason, version)`."""

    def do(
        db: Session, row: Any, who: Officer, at: datetime, form: Any, version: int | None
    ) -> Any:
        named = () if name is None else (name,)
        return act(db, row, who, at, *named, form.why, version=version)

    return do


def with_note(act: Callable[..., Any]) -> Do:
    """`act(…, note, version)`."""

    def do(
        db: Session, row: Any, who: Officer, at: datetime, form: Any, version: int | None
    ) -> Any:
        return act(db, row, who, at, note=form.note.data, version=version)

    return do


def bare(act: Callable[..., Any]) -> Do:
    """`act(…, version)`."""

    def do(
        db: Session, row: Any, who: Officer, at: datetime, form: Any, version: int | None
    ) -> Any:
        return act(db, row, who, at, version=version)

    return do


# --- acts with answers of their own -----------------------------------------------------------


def approve(
    db: Session, case: Case, who: Officer, at: datetime, form: Any, version: int | None
) -> Any:
    """The surat perintah as it was filled in."""
    plan = cases.OrderPlan(
        officers=form.officers.chosen,
        counsellor=form.counsellor.chosen,
        task=form.task.data,
        place=form.place.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        basis=form.basis.data,
        safe_meeting_point=form.safe_meeting_point.data,
        contact_reason=form.contact_reason.data,
    )
    emergency = form.emergency_reason.data if "emergency_reason" in form else None
    return cases.approve(db, case, who, at, plan, version, emergency)


def set_out(
    db: Session, case: Case, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    """The departure, with a reason where the hour is not a safe one."""
    why = form.contact_reason.data if "contact_reason" in form else None
    outreach.start_outreach(db, case, who, at, version, why)


def report_outreach(
    db: Session, case: Case, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    """What the outreach found, with its files."""
    found = outreach.Findings(
        visited_on=form.visited_on.data,
        victim_met=form.victim_met.data,
        assessment=form.assessment.data,
        risk=form.risk.data,
        needs=form.needs.data or [],
        plan=form.plan.data,
        place=form.place.data,
    )
    visit = next((one for one in reversed(case.outreaches) if one.reported_at is None), None)
    outreach.report_outreach(db, case, who, at, found, dates.local_date(at), version)
    uploads.attach(db, form.files.checked, who, "laporan", case=case, outreach=visit)


def propose(
    db: Session, case: Case, who: Officer, at: datetime, form: Any, version: int | None
) -> Any:
    """The counsellor's proposal."""
    proposal = termination.Proposal(
        reason=form.reason.data,
        summary=form.summary.data,
        agreement=form.agreement.data,
        agreement_note=form.agreement_note.data,
    )
    return termination.propose(db, case, who, at, proposal, version)


def hand_over(
    db: Session, case: Case, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    """To the counsellor who was chosen."""
    cases.hand_over(db, case, who, at, form.to.chosen, form.reason.data, version)


def forward(
    db: Session, report: Report, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    """To the officer who was chosen."""
    reports.forward(db, report, who, at, form.to.chosen, version)


def identify(
    db: Session, report: Report, who: Officer, at: datetime, form: Any, version: int | None
) -> Any:
    """A new case, with the form of its identification where it is asked for."""
    found = reports.Identification(
        risk=form.risk.data,
        note=form.note.data,
        violence_kinds=form.violence_kinds.data or [],
    )
    if form.issue.data:
        return identifying.identify(db, report, who, at, found, version)[0]
    return reports.identify(db, report, who, at, found, version)


def record(
    db: Session, contact: Monitoring, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    """A contact of the monitoring, with its files."""
    visit = monitoring.Visit(
        done_on=form.done_on.data,
        method=form.method.data,
        wellbeing=form.wellbeing.data,
        safety=form.safety.data,
        needs=form.needs.data,
        recurrence=form.recurrence.data,
        notes=form.notes.data,
    )
    why, today = form.contact_reason.data, dates.local_date(at)
    monitoring.record(db, contact, who, at, visit, today, version, why)
    uploads.attach(db, form.files.checked, who, "laporan", case=contact.case)
