"""The first page of the officers' side: what waits for this officer, oldest first, what is over
time, and what the office told them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from sqlalchemy import func, select

import models as m
from models import CaseStatus, Officer, Report, Role
from portal import health, labels, notices
from portal.access import scope
from portal.access.permissions import may
from portal.casework import clock, forwards, visits
from portal.config import Settings
from portal.indonesia import dates
from portal.protection.backup import schedule
from portal.screens import computed, edge, narrow, shift_pages, titles
from portal.screens.home_desks import DESKS
from portal.screens.home_queue import Queue
from portal.screens.register import Start
from portal.wording import _

MOST = 8
MOST_NOTICES = 5


@dataclass(frozen=True)
class Line:
    """One waiting row: where it leads, what it is, since when somebody waits, how late it is."""

    address: str
    title: str
    text: str = ""
    since: datetime | None = None
    limit: int = 0
    waited: str = ""
    late: bool = False


@dataclass(frozen=True)
class Shown:
    """A queue as it stands on the page."""

    queue: Queue
    count: int
    address: str
    lines: Sequence[Line]


class Home(Start):
    """The first page, filled for each role."""

    template = "screens/home.html"

    def facts(self) -> dict[str, Any]:
        """Figures, lists, notices; for the head of the office the numbers by state."""
        officer, now = edge.me(), edge.now()
        return {
            "page_title": _("Beranda"),
            "queues": _queues(officer, now),
            "quick": _quick(officer),
            "numbers": _numbers(now) if officer.role is Role.pimpinan else [],
            "notices": _notices(officer),
            "roster": shift_pages.today(now),
            "backup": _backup(now) if officer.role is Role.admin else None,
        }


def _queues(officer: Officer, now: datetime) -> list[Shown]:
    shown = [_shown(queue, officer, now) for queue in DESKS[officer.role]]
    return [one for one in shown if one.count or not one.queue.quiet]


def _shown(queue: Queue, officer: Officer, now: datetime) -> Shown:
    where = queue.where(officer, now)
    count = edge.session().scalar(select(func.count(queue.model.id)).where(*where)) or 0
    address = url_for(queue.page or f"{queue.model.__tablename__}.index_view")
    full = f"{address}?{queue.query}" if queue.query else address
    return Shown(queue, count, full, _lines(queue, where, now) if count else [])


def _lines(queue: Queue, where: Sequence[Any], now: datetime) -> list[Line]:
    if queue.order is None:
        return []
    wanted = select(queue.model).where(*where).order_by(queue.order, queue.model.id).limit(MOST)
    tell = TELLERS[queue.model]
    return [tell(row, now) for row in edge.session().scalars(wanted)]


# --- a row in a line ------------------------------------------------------------------------------


def _timed(one: clock.Clock | None) -> dict[str, Any]:
    if one is None:
        return {}
    minutes = int(one.limit.total_seconds() // 60)
    since, waited = one.since if one.counting else None, dates.duration(one.elapsed)
    return {"since": since, "limit": minutes, "waited": waited, "late": one.over}


def _report(row: Report, now: datetime) -> Line:
    danger = _("dalam bahaya") if row.danger_now else ""
    given = row.forwarded_to if forwards.is_waiting(row) else None
    to = _("diteruskan kepada %(name)s", name=given.name) if given else ""
    parts = (labels.label(row.channel), row.owner.name if row.owner else "", to, danger)
    text = " · ".join(part for part in parts if part)
    timed = _timed(clock.of_report(row, now)) if row.decided_at is None else {}
    timed["late"] = bool(given) or timed.get("late", False)
    return Line(edge.page_of("report", row.id), row.number, text, **timed)


def _case(row: m.Case, now: datetime) -> Line:
    risk = _("risiko %(risk)s", risk=labels.label(row.risk).lower())
    since = _("sejak %(date)s", date=dates.short_date(dates.local_date(row.status_since)))
    text = " · ".join((labels.label(row.status), risk, since))
    return Line(edge.page_of("case", row.id), row.number, text, **_timed(clock.response(row, now)))


def _contact(row: m.Monitoring, now: datetime) -> Line:
    late = row.due_on < dates.local_date(now)
    due = _("jatuh tempo %(date)s", date=dates.weekday_date(row.due_on))
    overdue = _("lewat jatuh tempo") if late else ""
    text = " · ".join(part for part in (row.case.number, due, overdue) if part)
    address = url_for("monitoring.details_view", id=row.id)
    return Line(address, _("Monitoring ke-%(n)s", n=row.sequence), text, late=late)


def _service(row: m.Intervention, now: datetime) -> Line:
    day = dates.short_date(row.planned_on) if row.planned_on else ""
    text = " · ".join(part for part in (row.case.number, day) if part)
    return Line(edge.page_of("intervention", row.id), titles.of(row), text)


def _letter(row: m.Letter, now: datetime) -> Line:
    text = f"{labels.label(row.kind)} · {dates.short_date(row.dated)}"
    return Line(edge.page_of("letter", row.id), row.printed, text)


def _job(row: m.Job, now: datetime) -> Line:
    title = str(computed.JOBS.get(row.kind, row.kind))
    return Line(edge.page_of("job", row.id), title, row.error or "")


def _handed(row: m.HandOver, now: datetime) -> Line:
    count = _("%(n)s yang terbuka", n=len(row.items))
    text = f"{row.by.name} · {count}"
    return Line(edge.page_of("hand_over", row.id), dates.moment(row.at), text)


def _officer(row: m.Officer, now: datetime) -> Line:
    return Line(edge.page_of("officer", row.id), row.name, labels.label(row.role))


def _entry(row: m.AuditEntry, now: datetime) -> Line:
    who = row.actor.name if row.actor else _("sistem")
    title = str(computed.EVENTS.get(row.event, row.event))
    return Line(edge.page_of("audit_entry", row.id), title, f"{who} · {dates.moment(row.at)}")


def _call(row: m.Call, now: datetime) -> Line:
    """A call by its time: its number stands nowhere but where it may be called."""
    since = dates.moment(row.started_at)
    return Line(edge.page_of("call", row.id), since, labels.label(row.state), late=True)


def _visit(row: m.Visit, now: datetime) -> Line:
    title = _("Nomor %(number)s", number=row.queue_number)
    return Line(edge.page_of("visit", row.id), title, "", **_timed(visits.clock_of(row, now)))


def _talk(row: m.Conversation, now: datetime) -> Line:
    text = " · ".join((labels.label(row.channel), row.owner.name if row.owner else _("baru")))
    timed = _timed(clock.of_answer(row, now)) if row.waiting_since else {}
    return Line(edge.page_of("conversation", row.id), row.number, text, **timed)


TELLERS: dict[type[Any], Callable[[Any, datetime], Line]] = {
    m.Report: _report,
    m.Case: _case,
    m.Call: _call,
    m.Visit: _visit,
    m.Conversation: _talk,
    m.Monitoring: _contact,
    m.Intervention: _service,
    m.Letter: _letter,
    m.Job: _job,
    m.Officer: _officer,
    m.HandOver: _handed,
    m.AuditEntry: _entry,
}


# --- besides --------------------------------------------------------------------------------------


def _quick(officer: Officer) -> list[tuple[str, str, str]]:
    """Ways to type a report in: icon, label, address."""
    if not may(officer, "report.create"):
        return []
    ways = (
        ("phone-incoming", _("Telepon"), "telepon"),
        ("user-plus", _("Datang langsung"), "datang_langsung"),
        ("message", _("WhatsApp"), "whatsapp"),
        ("mail", _("Surel"), "email"),
        ("world", _("Media sosial"), "media_sosial"),
        ("building", _("Rujukan lembaga"), "rujukan"),
    )
    return [(icon, text, url_for("report.create_view", kanal=way)) for icon, text, way in ways]


def _backup(now: datetime) -> tuple[str, bool] | None:
    """When the newest backup was made, and whether that is too long ago; None when they are off."""
    settings: Settings = current_app.extensions["settings"]
    if settings.backups is None:
        return None
    last = schedule.newest(settings.backups, now)
    told = (
        _("Cadangan terakhir: %(when)s", when=dates.moment(last))
        if last
        else _("Belum ada cadangan")
    )
    return told, bool(health.backup_trouble(settings))


def _numbers(now: datetime) -> list[tuple[str, int]]:
    """Cases by state and what is over time, for the whole office: numbers alone, no row."""
    session = edge.session()
    with scope.system(session):
        counted = select(m.Case.status, func.count(m.Case.id)).group_by(m.Case.status)
        by_state: dict[CaseStatus, int] = dict(session.execute(counted).all())
        late = session.scalar(select(func.count(Report.id)).where(narrow.late_reports(now))) or 0
        waiting = session.scalar(select(func.count(Report.id)).where(clock.waiting())) or 0
    reports = [(_("Laporan menunggu keputusan"), waiting), (_("Laporan lewat 30 menit"), late)]
    return reports + [(labels.label(one), by_state.get(one, 0)) for one in CaseStatus]


def _notices(officer: Officer) -> list[dict[str, Any]]:
    """The newest notices that were not read yet."""
    unread = select(m.Notice).where(m.Notice.officer_id == officer.id, m.Notice.read_at.is_(None))
    rows = edge.session().scalars(unread.order_by(m.Notice.id.desc()).limit(MOST_NOTICES))
    return [
        {"text": str(notices.KINDS.get(row.kind, row.kind)), "when": dates.moment(row.at)}
        for row in rows
    ]
