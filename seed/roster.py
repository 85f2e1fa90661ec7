"""What the demo shows of the clock: the roster of two weeks, a pause, causes of delay."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from models import Duty, DutyKind, Report, ReportStatus
from portal.casework import pauses
from portal.indonesia.dates import local_date, start_of_day_utc
from portal.indonesia.workdays import DAY, is_workday
from seed.stage import MINUTE, Stage, Story

WEEKS = 14
SHIFT = (8, 16)
CAUSES = ("banyak_laporan", "kurang_petugas", "data_tidak_lengkap", "supervisor_tidak_ada")
EXPLAINED = 8


def tell(stage: Stage, end: datetime) -> Story:
    """The roster stands from Monday; in the last hour somebody looks after causes and pauses."""
    today = local_date(end)
    monday = today - DAY * today.weekday()
    yield min(start_of_day_utc(monday), end - 3 * 60 * MINUTE)
    _write(stage, monday)
    yield end - 35 * MINUTE
    _explain(stage)
    yield end - 30 * MINUTE
    _pause(stage)


def _write(stage: Stage, monday: date) -> None:
    """Intake and supervisors take turns; one is on leave, and somebody stands in for the head."""
    days = [monday + DAY * n for n in range(WEEKS)]
    for n, day in enumerate(one for one in days if is_workday(one, stage.days_off)):
        for role in ("petugas", "supervisor"):
            name = role if n % 2 == 0 else f"{role}2"
            _enter(stage, name, DutyKind.piket, day)
    friday = monday + DAY * 11
    _enter(stage, "pimpinan", DutyKind.cuti, friday)
    _enter(stage, "supervisor", DutyKind.plh, friday, stands_for=stage["pimpinan"])


def _enter(stage: Stage, username: str, kind: DutyKind, day: date, **more: object) -> None:
    opens, closes = (start_of_day_utc(day) + timedelta(hours=hour) for hour in SHIFT)
    officer = stage[username]
    stage.session.add(Duty(officer=officer, kind=kind, from_at=opens, until_at=closes, **more))


def _explain(stage: Stage) -> None:
    """Most late decisions have a cause; the rest waits on the supervisor's first page."""
    late = select(Report).where(Report.decided_late.is_(True), Report.delay_cause.is_(None))
    rows = stage.session.scalars(late.order_by(Report.id.desc()).limit(EXPLAINED)).all()
    for n, report in enumerate(rows[2:]):
        cause = CAUSES[n % len(CAUSES)]
        pauses.explain(stage.session, report, stage["supervisor"], stage.now, cause)


def _pause(stage: Stage) -> None:
    """One report waits for word from its reporter."""
    mine = (
        Report.status == ReportStatus.in_progress,
        Report.owner_id == stage["petugas"].id,
        Report.danger_now.is_not(True),
    )
    report = stage.session.scalars(select(Report).where(*mine).order_by(Report.id)).first()
    if report is not None:
        pauses.begin(stage.session, report, stage["petugas"], stage.now, "menunggu_pelapor")
