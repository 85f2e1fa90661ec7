"""Forwarded to UPT PPA: a report waits there for the named officer, who accepts or returns it.

Until then it is nobody's at ease: it stands in red wherever it is listed, for whoever gave it and
for whoever is to take it. `reports` forwards and accepts.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import CaseEvent, Officer, Report, ReportStatus
from portal.casework.lifecycle import advance, permit
from portal.notices import tell


def waiting() -> ColumnElement[bool]:
    """The reports that were forwarded and that nobody has accepted yet."""
    return (
        Report.forwarded_to_id.is_not(None)
        & Report.forward_accepted_at.is_(None)
        & (Report.status == ReportStatus.in_progress)
    )


def is_waiting(report: Report) -> bool:
    """Whether this report was forwarded and nobody has accepted it yet."""
    given = report.forwarded_to_id is not None and report.forward_accepted_at is None
    return given and report.status is ReportStatus.in_progress


def return_forward(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """The officer it was forwarded to returns it, with a reason: it is its owner's again.

    Whoever gave it is told. Raises Refused without a reason.
    """
    rule = permit(session, report, "return_forward", actor, version)
    givers = [_giver(session, report), report.owner]
    report.forwarded_to = report.forwarded_at = None
    report.forward_returned_at, report.forward_return_reason = now, reason.strip() or None
    advance(session, report, rule, actor, now, note=report.forward_return_reason)
    tell(session, givers, "forward_returned", report=report, but=actor)


def _giver(session: Session, report: Report) -> Officer | None:
    """Who forwarded it last."""
    given = select(CaseEvent).where(CaseEvent.report_id == report.id, CaseEvent.kind == "forward")
    last = session.scalars(given.order_by(CaseEvent.at.desc(), CaseEvent.id.desc()).limit(1))
    event = last.first()
    return event.actor if event else None
