"""What waits for intake: reports, calls that nobody answered, people at the counter."""

from datetime import datetime

import models as m
from models import Officer
from models import ReportStatus as R
from portal.casework import forwards
from portal.screens import inbox_views, narrow
from portal.screens.home_queue import Conditions, Queue
from portal.wording import lazy as _l


def _my_reports(me: Officer, now: datetime) -> Conditions:
    return [m.Report.status == R.in_progress, m.Report.owner_id == me.id]


def _urgent(me: Officer, now: datetime) -> Conditions:
    waiting, urgent = narrow.WAITING_REPORTS, narrow.URGENT_REPORTS
    return [one.condition(m.Report, ["ya"]) for one in (waiting, urgent)]


def _forwarded(me: Officer, now: datetime) -> Conditions:
    mine = m.Report.forwarded_to_id == me.id
    return [mine, m.Report.forward_accepted_at.is_(None), m.Report.status == R.in_progress]


UNCLAIMED = Queue(
    _l("Laporan belum diambil"),
    m.Report,
    lambda me, now: [m.Report.status == R.new],
    "status=new",
    "inbox",
    m.Report.received_at,
)
LATE_REPORTS = Queue(
    _l("Laporan lewat 30 menit"),
    m.Report,
    lambda me, now: [narrow.late_reports(now)],
    "terlambat=ya",
    "hourglass",
    m.Report.received_at,
    alarming=True,
)
URGENT = Queue(
    _l("Laporan mendesak"),
    m.Report,
    _urgent,
    "mendesak=ya&menunggu=ya",
    "urgent",
    m.Report.received_at,
    alarming=True,
)
FORWARDED = Queue(
    _l("Diteruskan kepada saya"),
    m.Report,
    _forwarded,
    "forwarded_to=saya&status=in_progress",
    "phone-incoming",
    m.Report.forwarded_at,
    alarming=True,
)
UNACCEPTED = Queue(
    _l("Penerusan belum diterima"),
    m.Report,
    lambda me, now: [forwards.waiting()],
    "penerusan=ya",
    "arrow-right",
    m.Report.forwarded_at,
    alarming=True,
)
MY_REPORTS = Queue(
    _l("Sedang saya identifikasi"),
    m.Report,
    _my_reports,
    "owner=saya&status=in_progress",
    "clipboard-list",
    m.Report.received_at,
)
TO_CALL_BACK = Queue(
    _l("Perlu dihubungi kembali"),
    m.Call,
    lambda me, now: [narrow.TO_CALL_BACK.condition(m.Call, ["ya"])],
    "hubungi=ya",
    "phone-incoming",
    m.Call.started_at,
    alarming=True,
)
OPEN_CALLS = Queue(
    _l("Catatan panggilan belum ditutup"),
    m.Call,
    lambda me, now: [narrow.OPEN_CALLS.condition(m.Call, ["ya"])],
    "terbuka=ya",
    "phone",
)
LATE_VISITS = Queue(
    _l("Menunggu di loket lebih dari 10 menit"),
    m.Visit,
    lambda me, now: [narrow.LATE_VISITS.condition(m.Visit, ["ya"])],
    "terlambat=ya",
    "user-plus",
    m.Visit.arrived_at,
    alarming=True,
)
TALKS = Queue(
    _l("Percakapan menunggu kita"),
    m.Conversation,
    lambda me, now: inbox_views.conditions("menunggu", me, now),
    "tampilan=menunggu",
    "messages",
    m.Conversation.waiting_since,
)
MY_TALKS = Queue(
    _l("Percakapan saya"),
    m.Conversation,
    lambda me, now: inbox_views.conditions("saya", me, now),
    "tampilan=saya",
    "messages",
)
INBOX = (TALKS, URGENT, UNCLAIMED, LATE_REPORTS, FORWARDED, UNACCEPTED)
DOORS = (TO_CALL_BACK, OPEN_CALLS, LATE_VISITS)
