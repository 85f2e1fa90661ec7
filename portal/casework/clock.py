"""The thirty minutes, and how fast everything else must be answered.

The service standard promises a decision 30 minutes after a report arrived; the clock runs from
arrival to the supervisor's first decision on the case, or to the report's other outcome. The
counter has 10 minutes. A risk has its own response time (data standard: darurat 1 hour, tinggi 3,
sedang 1 day, rendah 3 days). Which minutes count is set by the office: `timing`; a pause with its
cause does not count: `pauses`.

Being late is a comparison of a stored moment with one that is worked out from now, so that a list
of a million rows is narrowed by an index whatever hours the office keeps.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy.orm import Session, object_session

from models import (
    Case,
    CaseStatus,
    Channel,
    ComplaintStatus,
    Conversation,
    Report,
    Risk,
    ServiceComplaint,
    TalkState,
)
from portal.access import scope
from portal.casework import forwards, timing
from portal.casework.timing import COUNTER, DECISION, Timing
from portal.indonesia import workdays
from portal.indonesia.dates import local_date, start_of_day_utc
from portal.indonesia.hours import Counting

__all__ = ["COUNTER", "DECISION"]
RESPONSE = {
    Risk.darurat: timedelta(hours=1),
    Risk.tinggi: timedelta(hours=3),
    Risk.sedang: timedelta(days=1),
    Risk.rendah: timedelta(days=3),
}
BEFORE_VISIT = {CaseStatus.identified, CaseStatus.returned, CaseStatus.approved}
# LAPOR!: taken up, answered and closed within so many working days of the arrival.
COMPLAINT_DAYS = {"processed_at": 3, "answered_at": 5, "closed_at": 10}


@dataclass(frozen=True, slots=True)
class Clock:
    """How long something took or has been waiting, and what was promised.

    `since`: when a watch that shows `elapsed` now would have been started. `counting`: whether
    every minute counts right now; not in a pause, nor while the office is closed.
    """

    started: datetime
    stopped: datetime | None
    limit: timedelta
    elapsed: timedelta
    since: datetime
    counting: bool = True

    @property
    def over(self) -> bool:
        """Whether the promise is broken."""
        return self.elapsed > self.limit

    @property
    def running(self) -> bool:
        """Whether somebody is still waiting."""
        return self.stopped is None


# --- one row ------------------------------------------------------------------------------------


def of_report(report: Report, now: datetime) -> Clock:
    """The 30-minute clock of a report at `now` (aware), without what was paused."""
    counting = counting_of(report)
    until = report.decided_at or report.paused_since or now
    elapsed = counting.between(report.clock_from, until)
    running = report.paused_since is None and counting.is_open(now)
    since = until - elapsed
    return Clock(report.received_at, report.decided_at, DECISION, elapsed, since, running)


def counting_of(report: Report) -> Counting:
    """Which minutes count for a report; of an emergency every one."""
    case = report.case
    emergency = bool(report.danger_now) or (case is not None and case.risk is Risk.darurat)
    return _timing(report).counting(report.channel, emergency)


def _timing(row: Report | Conversation) -> Timing:
    session = object_session(row)
    return timing.made({}) if session is None else timing.of(session)


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


def of_answer(talk: Conversation, now: datetime) -> Clock | None:
    """How long somebody has been waiting for an answer in a conversation; None when nobody is."""
    if talk.waiting_since is None:
        return None
    set_so = _timing(talk)
    counting = set_so.counting(talk.channel, talk.urgent)
    elapsed = counting.between(talk.waiting_since, now)
    since, running = now - elapsed, counting.is_open(now)
    return Clock(talk.waiting_since, None, set_so.answer, elapsed, since, running)


def answers_late(talk: Conversation, now: datetime) -> bool:
    """Whether somebody has been waiting for an answer longer than was promised."""
    waits = of_answer(talk, now)
    return waits is not None and waits.over


def of_forwarding(report: Report, now: datetime) -> Clock | None:
    """How long a forwarded report has waited for the officer it was forwarded to."""
    if report.forwarded_at is None:
        return None
    limit = _timing(report).forward
    return _clock(report.forwarded_at, report.forward_accepted_at, limit, now)


def _clock(started: datetime, stopped: datetime | None, limit: timedelta, now: datetime) -> Clock:
    return Clock(started, stopped, limit, (stopped or now) - started, started)


# --- many rows ----------------------------------------------------------------------------------
# Each takes `part`: what share of the limit has gone by; 1 is the promise itself.


def waiting() -> ColumnElement[bool]:
    """The reports whose clock is running."""
    return Report.decided_at.is_(None)


def overdue(set_so: Timing, now: datetime, part: float = 1) -> ColumnElement[bool]:
    """The reports that have waited longer than the standard promises, and are not paused."""
    emergency = or_(Report.danger_now.is_(True), Report.case.has(Case.risk == Risk.darurat))
    late = _earlier(Report.clock_from, Report.channel, emergency, set_so, now, DECISION * part)
    return waiting() & late & Report.paused_since.is_(None)


def _earlier(
    column: Any,
    channel: Any,
    emergency: Any,
    set_so: Timing,
    now: datetime,
    length: timedelta,
) -> ColumnElement[bool]:
    """Whether more than `length` has counted since the moment in `column`."""
    always = timing.EVERY_MINUTE.before(now, length)
    office = set_so.office.before(now, length)
    every_minute = or_(channel.in_(set_so.open_always), emergency)
    return and_(column < always, or_(column < office, every_minute))


def overdue_at_the_counter(now: datetime, part: float = 1) -> ColumnElement[bool]:
    """Visitors whose report nobody has taken within ten minutes."""
    untaken = Report.taken_at.is_(None) & (Report.channel == Channel.datang_langsung)
    return waiting() & untaken & (Report.received_at < now - COUNTER * part)


def overdue_response(now: datetime, part: float = 1) -> ColumnElement[bool]:
    """Cases that were not visited within the time that their risk allows."""
    late = (
        and_(Case.risk == risk, Case.opened_at < now - limit * part)
        for risk, limit in RESPONSE.items()
    )
    return Case.status.in_(BEFORE_VISIT) & or_(false(), *late)


def overdue_answer(set_so: Timing, now: datetime, part: float = 1) -> ColumnElement[bool]:
    """Conversations in which somebody waits too long; a report that just came has its own clock."""
    just_came = Conversation.report.has(
        (Report.received_at == Conversation.waiting_since) & Report.decided_at.is_(None)
    )
    asleep = Conversation.snooze_until > now
    late = _earlier(
        *(Conversation.waiting_since, Conversation.channel, Conversation.urgent),
        *(set_so, now, set_so.answer * part),
    )
    here = and_(
        Conversation.state.in_(set(TalkState) - {TalkState.done}),
        Conversation.dismissed_at.is_(None),
        Conversation.merged_into_id.is_(None),
        Conversation.erased_at.is_(None),
    )
    return late & here & or_(Conversation.snooze_until.is_(None), ~asleep) & ~just_came


def overdue_forwarding(set_so: Timing, now: datetime, part: float = 1) -> ColumnElement[bool]:
    """Forwarded reports that wait too long over there; every minute counts."""
    return forwards.waiting() & (Report.forwarded_at < now - set_so.forward * part)


# --- complaints about the service, in working days ------------------------------------------------


def complaint_due(row: ServiceComplaint, set_so: Timing) -> tuple[str, datetime] | None:
    """The next step of a complaint and the moment by which it must be done; None when closed."""
    if row.status is ComplaintStatus.selesai:
        return None
    days = COMPLAINT_DAYS.items()
    step = next((one for one, _days in days if getattr(row, one) is None), "closed_at")
    return step, start_of_day_utc(complaint_day(row, step, set_so) + workdays.DAY)


def complaint_day(row: ServiceComplaint, step: str, set_so: Timing) -> date:
    """The last day on which `step` of a complaint is in time."""
    arrived = local_date(row.received_at)
    return workdays.workdays_after(arrived, COMPLAINT_DAYS[step], set_so.days_off)


def overdue_complaint(
    step: str, set_so: Timing, now: datetime, part: float = 1
) -> ColumnElement[bool]:
    """Complaints whose `step` is late; with a `part`, those that have come as far (in days)."""
    count = COMPLAINT_DAYS[step]
    today = local_date(now)
    if part < 1:  # the days that were used up, this one with them
        count, today = max(1, round(count * part)), today + workdays.DAY
    first = workdays.workdays_before(today, count, set_so.days_off)
    undone = getattr(ServiceComplaint, step).is_(None)
    open_ = ServiceComplaint.status != ComplaintStatus.selesai
    return open_ & undone & (ServiceComplaint.received_at < start_of_day_utc(first))


def late_complaints(set_so: Timing, now: datetime) -> ColumnElement[bool]:
    """Complaints that are late with any step."""
    return or_(*(overdue_complaint(step, set_so, now) for step in COMPLAINT_DAYS))


# --- the end ------------------------------------------------------------------------------------


def stop(report: Report, now: datetime) -> None:
    """An outcome stops the clock of `report`; later ones change nothing."""
    if report.decided_at is None:
        report.decided_late = of_report(report, now).over
        report.decided_at = now


def stop_for(session: Session, case: Case, now: datetime) -> None:
    """A first decision on `case` stops the clocks of its reports; later ones change nothing."""
    wanted = select(Report).where(Report.case_id == case.id, waiting())
    with scope.system(session):
        for report in session.scalars(wanted).all():
            late = of_report(report, now).over
            session.execute(  # the act that decides is in the log; this is when its clock stopped
                # nosemgrep: bulk-past-the-audit
                update(Report)
                .where(Report.id == report.id, waiting())
                .values(decided_at=now, decided_late=late)
            )
