"""Pauses of the thirty minutes, and why a decision came late: each with its cause.

A pause is a time that the office could not use. There is one at a time; it ends by the hand of an
officer, with the next act that moves the report on, and by itself when the reporter writes; one
that lasts too long is told to the supervisors (`alarms`). An emergency is never paused.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import ClockPause, Conversation, Officer, Report
from portal.access import scope
from portal.casework import clock
from portal.casework.lifecycle import advance, permit


def begin(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    cause: str,
    note: str | None = None,
    version: int | None = None,
) -> ClockPause:
    """Stop the clock of a report for a while. `cause` is a code of the list `pause_cause`."""
    rule = permit(session, report, "pause", actor, version)
    pause = ClockPause(report=report, cause=cause, note=note, from_at=now, by=actor)
    session.add(pause)
    report.paused_since = now
    advance(session, report, rule, actor, now, note=note)
    return pause


def end(
    session: Session, report: Report, actor: Officer, now: datetime, version: int | None = None
) -> None:
    """Let the clock of a report run on."""
    rule = permit(session, report, "go_on", actor, version)
    over(session, report, now)
    advance(session, report, rule, actor, now)


def explain(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    cause: str,
    note: str | None = None,
    version: int | None = None,
) -> None:
    """Why the decision came late: a code of the list `delay_cause`, for the compliance sheet."""
    rule = permit(session, report, "explain_delay", actor, version)
    report.delay_cause = cause
    advance(session, report, rule, actor, now, note=note)


def over(session: Session, report: Report, now: datetime) -> None:
    """The pause of `report` has ended, if there is one: what it lasted does not count."""
    if report.paused_since is None:
        return
    counting = clock.counting_of(report)
    lasted = counting.between(report.paused_since, now)
    if lasted:
        report.clock_from = counting.after(report.clock_from, lasted)
    report.paused_since = None
    still = (ClockPause.report_id == report.id, ClockPause.until_at.is_(None))
    with scope.system(session):
        # nosemgrep: bulk-past-the-audit
        session.execute(update(ClockPause).where(*still).values(until_at=now))


def heard(session: Session, conversation: Conversation, now: datetime) -> None:
    """The reporter has written: nobody waits for them any more, the clock runs on."""
    linked = [one.report_id for one in conversation.links if one.report_id]
    keys = [*linked, *([conversation.report_id] if conversation.report_id else [])]
    paused = select(Report).where(Report.id.in_(keys), Report.paused_since.is_not(None))
    with scope.system(session):
        for report in session.scalars(paused).all() if keys else ():
            over(session, report, now)
