"""Narrowings of their own for lists: what waits, and what is late."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

from models import (
    Breach,
    BreachState,
    Call,
    Case,
    Conversation,
    DataRequest,
    HandOver,
    Monitoring,
    MonitoringState,
    Report,
    RoleChange,
    ServiceComplaint,
    Termination,
    Visit,
)
from portal.access import roster
from portal.casework import call_back, calls, clock, forwards, holds, timing, visits
from portal.db import db
from portal.indonesia import dates
from portal.screens.filters import Only
from portal.wording import lazy as _l

DAYS_AHEAD = timedelta(days=7)


def late_reports(now: datetime) -> ColumnElement[bool]:
    """Reports over their thirty minutes, as the office counts them now."""
    return clock.overdue(timing.of(db.session()), now)


def _late_complaints(now: datetime) -> ColumnElement[bool]:
    return clock.late_complaints(timing.of(db.session()), now)


def _unreviewed(now: datetime) -> ColumnElement[bool]:
    return Case.emergency_reason.is_not(None) & Case.reviewed_at.is_(None)


def _late_monitoring(now: datetime) -> ColumnElement[bool]:
    scheduled = Monitoring.state == MonitoringState.scheduled
    return scheduled & (Monitoring.due_on < dates.local_date(now))


def _soon_monitoring(now: datetime) -> ColumnElement[bool]:
    scheduled = Monitoring.state == MonitoringState.scheduled
    return scheduled & (Monitoring.due_on <= dates.local_date(now) + DAYS_AHEAD)


def _late_request(now: datetime) -> ColumnElement[bool]:
    return DataRequest.state.in_(holds.OPEN_REQUESTS) & (DataRequest.due_at < now)


def _late_breach(now: datetime) -> ColumnElement[bool]:
    return (Breach.state == BreachState.found) & (Breach.due_at < now)


WAITING_REPORTS = Only("", "menunggu", _l("Menunggu keputusan"), lambda now: clock.waiting())
LATE_REPORTS = Only("", "terlambat", _l("Lewat 30 menit"), late_reports)
LATE_CASES = Only("", "terlambat", _l("Lewat waktu respons"), clock.overdue_response)
URGENT_REPORTS = Only(
    "", "mendesak", _l("Mendesak"), lambda now: Report.conversation.has(Conversation.urgent)
)
TO_CALL_BACK = Only("", "hubungi", _l("Perlu dihubungi kembali"), lambda now: call_back.waiting())
OPEN_CALLS = Only("", "terbuka", _l("Catatan belum ditutup"), lambda now: calls.unclosed())
LATE_VISITS = Only("", "terlambat", _l("Lewat 10 menit"), visits.late)
FORWARDED_REPORTS = Only(
    "", "penerusan", _l("Penerusan belum diterima"), lambda now: forwards.waiting()
)
UNREVIEWED_CASES = Only("", "ditinjau", _l("Persetujuan darurat belum ditinjau"), _unreviewed)
UNEXPLAINED = Only(
    "",
    "tanpa_penyebab",
    _l("Terlambat tanpa penyebab"),
    lambda now: Report.decided_late & Report.delay_cause.is_(None),
)
ON_DUTY = Only("", "sekarang", _l("Berlaku sekarang"), roster.in_force)
UNACCEPTED = Only("", "menunggu", _l("Belum diterima"), lambda now: HandOver.accepted_at.is_(None))
LATE_COMPLAINTS = Only("", "terlambat", _l("Lewat batas waktu"), _late_complaints)
LATE_MONITORING = Only("", "terlambat", _l("Lewat jatuh tempo"), _late_monitoring)
SOON_MONITORING = Only("", "dekat", _l("Jatuh tempo dalam 7 hari"), _soon_monitoring)
LATE_REQUESTS = Only("", "terlambat", _l("Lewat batas waktu"), _late_request)
LATE_BREACHES = Only("", "terlambat", _l("Lewat 3 x 24 jam"), _late_breach)
OPEN_ROLE_CHANGES = Only(
    "", "menunggu", _l("Menunggu keputusan"), lambda now: RoleChange.decision.is_(None)
)
OPEN_PROPOSALS = Only(
    "", "menunggu", _l("Menunggu keputusan"), lambda now: Termination.decision.is_(None)
)


def late_report(row: Report, now: datetime) -> bool:
    """Whether a report is over time, or was forwarded and nobody has accepted it."""
    one = clock.of_report(row, now)
    return (one.running and one.over) or forwards.is_waiting(row)


def late_case(row: Case, now: datetime) -> bool:
    """Whether a case was not visited in time."""
    one = clock.response(row, now)
    return one is not None and one.over


def late_complaint(row: ServiceComplaint, now: datetime) -> bool:
    """Whether the next step of a complaint is over its working days."""
    due = clock.complaint_due(row, timing.of(db.session()))
    return due is not None and due[1] <= now


def late_request(row: DataRequest, now: datetime) -> bool:
    """Whether somebody waits for an answer longer than the law allows."""
    return row.state in holds.OPEN_REQUESTS and row.due_at < now


def late_breach(row: Breach, now: datetime) -> bool:
    """Whether a notice is overdue."""
    return row.state is BreachState.found and row.due_at < now


def late_monitoring(row: Monitoring, now: datetime) -> bool:
    """Whether a contact is overdue."""
    return row.state is MonitoringState.scheduled and row.due_on < dates.local_date(now)


def to_call_back(row: Call) -> bool:
    """Whether a missed call waits for a decision."""
    return call_back.is_waiting(row)


def late_visit(row: Visit, now: datetime) -> bool:
    """Whether somebody at the counter waits, or has waited, longer than promised."""
    return visits.clock_of(row, now).over
