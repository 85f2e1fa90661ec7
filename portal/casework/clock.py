"""The thirty minutes, and how fast a case must be answered.

The service standard promises a decision 30 minutes after a report arrived; the
clock runs from arrival to the supervisor's first decision on the case, or to the
report's other outcome. The counter has 10 minutes. A risk has its own response
time (data standard: darurat 1 hour, tinggi 3, sedang 1 day, rendah 3 days).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from models import Case, CaseStatus, Channel, Report, Risk
from portal.access import scope

DECISION = timedelta(minutes=30)
COUNTER = timedelta(minutes=10)
RESPONSE = {
    Risk.darurat: timedelta(hours=1),
    Risk.tinggi: timedelta(hours=3),
    Risk.sedang: timedelta(days=1),
    Risk.rendah: timedelta(days=3),
}
BEFORE_VISIT = {CaseStatus.identified, CaseStatus.returned, CaseStatus.approved}


@dataclass(frozen=True, slots=True)
class Clock:
    """How long something took or has been waiting, and what was promised."""

    started: datetime
    stopped: datetime | None
    limit: timedelta
    elapsed: timedelta

    @property
    def over(self) -> bool:
        """Whether the promise is broken."""
        return self.elapsed > self.limit

    @property
    def running(self) -> bool:
        """Whether somebody is still waiting."""
        return self.stopped is None


def of_report(report: Report, now: datetime) -> Clock:
    """The 30-minute clock of a report at `now` (aware)."""
    return _clock(report.received_at, report.decided_at, DECISION, now)


def at_the_counter(report: Report, now: datetime) -> Clock | None:
    """The 10-minute clock of a visitor, from arrival until somebody has taken the report."""
    if report.channel is not Channel.datang_langsung:
        return None
    return _clock(report.received_at, report.taken_at, COUNTER, now)


def response(case: Case, now: datetime) -> Clock | None:
    """The response clock of a case by its risk, from identification to the visit's start."""
    if case.status not in BEFORE_VISIT:
        return None
    return _clock(case.opened_at, None, RESPONSE[case.risk], now)


def _clock(started: datetime, stopped: datetime | None, limit: timedelta, now: datetime) -> Clock:
    return Clock(started, stopped, limit, (stopped or now) - started)


def waiting() -> ColumnElement[bool]:
    """The reports whose clock is running."""
    return Report.decided_at.is_(None)


def overdue(now: datetime) -> ColumnElement[bool]:
    """The reports that have waited longer than the standard promises."""
    return Report.decided_at.is_(None) & (Report.received_at < now - DECISION)


def stop_for(session: Session, case: Case, now: datetime) -> None:
    """A first decision on `case` stops the clocks of its reports; later ones change nothing."""
    with scope.system(session):
        session.execute(  # the act that decides is in the log; this is when its clock stopped
            # nosemgrep: bulk-past-the-audit
            update(Report).where(Report.case_id == case.id, waiting()).values(decided_at=now)
        )
