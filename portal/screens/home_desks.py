"""What waits on the first page of each role, as data: figures that lead to lists, and the oldest
rows of the most important. Every count and every row is under the scope of its officer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

import models as m
from models import CaseStatus, Decision, InterventionState, JobState, Officer, ReportStatus, Role
from portal.casework import monitoring, signing
from portal.indonesia import dates
from portal.screens import narrow
from portal.screens.home_clock import HANDED, LATE_COMPLAINTS, UNEXPLAINED
from portal.screens.home_intake import (
    DOORS,
    FORWARDED,
    INBOX,
    LATE_REPORTS,
    MY_REPORTS,
    MY_TALKS,
    TALKS,
    UNACCEPTED,
    UNCLAIMED,
    URGENT,
)
from portal.screens.home_queue import Conditions, Queue, Where
from portal.wording import lazy as _l

C, R = CaseStatus, ReportStatus


# --- conditions ---------------------------------------------------------------------------------


def _cases(*states: CaseStatus) -> Where:
    return lambda me, now: [m.Case.status.in_(states)]


def _led(*states: CaseStatus) -> Where:
    return lambda me, now: [m.Case.status.in_(states), m.Case.counsellor_id == me.id]


def _unreviewed(me: Officer, now: datetime) -> Conditions:
    waiting = m.Case.emergency_reason.is_not(None) & m.Case.reviewed_at.is_(None)
    return [waiting, m.Case.approved_by_id != me.id]


def _refused(me: Officer, now: datetime) -> Conditions:
    refused = select(m.Termination.case_id).where(m.Termination.decision == Decision.refused)
    return [*_led(C.handling)(me, now), m.Case.id.in_(refused)]


def _services(state: InterventionState) -> Where:
    return lambda me, now: [m.Intervention.state == state, m.Intervention.officer_id == me.id]


def _disabled(me: Officer, now: datetime) -> Conditions:
    return [m.Officer.active.is_(False)]


# --- the queues -----------------------------------------------------------------------------------

RETURNED = Queue(
    _l("Kasus dikembalikan untuk dilengkapi"),
    m.Case,
    _cases(C.returned),
    "status=returned",
    "arrow-back-up",
    m.Case.status_since,
)
TO_VERIFY = Queue(
    _l("Menunggu verifikasi"),
    m.Case,
    _cases(C.identified),
    "status=identified",
    "rubber-stamp",
    m.Case.status_since,
)
PROPOSALS = Queue(
    _l("Usulan terminasi"),
    m.Case,
    _cases(C.termination_proposed),
    "status=termination_proposed",
    "flag",
    m.Case.status_since,
)
EMERGENCIES = Queue(
    _l("Persetujuan darurat untuk ditinjau"),
    m.Case,
    _unreviewed,
    "ditinjau=ya",
    "shield-check",
    m.Case.approved_at,
    alarming=True,
)
LATE_CASES = Queue(
    _l("Kasus lewat waktu respons"),
    m.Case,
    lambda me, now: [narrow.LATE_CASES.condition(m.Case, ["ya"])],
    "terlambat=ya",
    "alert-triangle",
    alarming=True,
)
TO_START = Queue(
    _l("Surat perintah untuk dimulai"),
    m.Case,
    _cases(C.approved),
    "status=approved",
    "walk",
    m.Case.status_since,
)
TO_REPORT = Queue(
    _l("Penjangkauan untuk dilaporkan"),
    m.Case,
    _cases(C.outreach),
    "status=outreach",
    "route",
    m.Case.status_since,
)
HANDLING = Queue(
    _l("Dalam penanganan"),
    m.Case,
    _led(C.handling),
    "status=handling&counsellor=saya",
    "heart-handshake",
    m.Case.status_since,
)
PROPOSED = Queue(
    _l("Menunggu keputusan terminasi"),
    m.Case,
    _led(C.termination_proposed),
    "status=termination_proposed&counsellor=saya",
    "flag",
)
REFUSED = Queue(
    _l("Usulan terminasi ditolak"),
    m.Case,
    _refused,
    "status=handling&counsellor=saya",
    "hand-stop",
    m.Case.status_since,
)
MONITORED = Queue(
    _l("Dalam monitoring"),
    m.Case,
    _led(C.monitoring),
    "status=monitoring&counsellor=saya",
    "eye",
)
LATE_CONTACTS = Queue(
    _l("Monitoring lewat jatuh tempo"),
    m.Monitoring,
    lambda me, now: [monitoring.overdue(dates.local_date(now))],
    "terlambat=ya",
    "alert-triangle",
    alarming=True,
)
CONTACTS = Queue(
    _l("Monitoring dalam 7 hari"),
    m.Monitoring,
    lambda me, now: [narrow.SOON_MONITORING.condition(m.Monitoring, ["ya"])],
    "dekat=ya",
    "calendar-event",
    m.Monitoring.due_on,
)
PLANNED = Queue(
    _l("Layanan direncanakan"),
    m.Intervention,
    _services(InterventionState.planned),
    "state=planned&officer=saya",
    "calendar",
    m.Intervention.planned_on,
)
ONGOING = Queue(
    _l("Layanan berjalan"),
    m.Intervention,
    _services(InterventionState.ongoing),
    "state=ongoing&officer=saya",
    "stethoscope",
    m.Intervention.planned_on,
)
LETTERS = Queue(
    _l("Surat untuk atau dari Anda"),
    m.Letter,
    lambda me, now: [],
    "",
    "mail",
    m.Letter.dated.desc(),
)
TO_SIGN = Queue(
    _l("Surat menunggu paraf atau tanda tangan Anda"),
    m.Letter,
    lambda me, now: [signing.waiting(me)],
    "",
    "rubber-stamp",
    page="signing_desk.index",
    quiet=True,
)
FAILED_JOBS = Queue(
    _l("Pekerjaan latar yang gagal"),
    m.Job,
    lambda me, now: [m.Job.state == JobState.failed],
    "state=failed",
    "activity",
    m.Job.run_at,
    alarming=True,
)
DISABLED = Queue(
    _l("Petugas nonaktif"), m.Officer, _disabled, "active=tidak", "user-x", m.Officer.name
)
ROLE_REQUESTS = Queue(
    _l("Permintaan peran menunggu admin kedua"),
    m.RoleChange,
    lambda me, now: [m.RoleChange.decision.is_(None)],
    "menunggu=ya",
    "user-question",
)
ENTRIES = Queue(
    _l("Catatan audit terbaru"),
    m.AuditEntry,
    lambda me, now: [],
    "",
    "shield-check",
    m.AuditEntry.id.desc(),
)

DESKS: Mapping[Role, Sequence[Queue]] = {
    Role.petugas: (HANDED, *INBOX, *DOORS, MY_REPORTS, RETURNED, TO_SIGN),
    Role.supervisor: (
        *(
            TALKS,
            URGENT,
            TO_SIGN,
            TO_VERIFY,
            PROPOSALS,
            EMERGENCIES,
            LATE_REPORTS,
            UNCLAIMED,
            FORWARDED,
        ),
        *(UNACCEPTED, *DOORS, LATE_CASES, LATE_CONTACTS, HANDED, UNEXPLAINED, LATE_COMPLAINTS),
    ),
    Role.penjangkau: (TO_SIGN, TO_START, TO_REPORT),
    Role.konselor: (
        *(
            MY_TALKS,
            TO_SIGN,
            LATE_CONTACTS,
            CONTACTS,
            TO_START,
            TO_REPORT,
            HANDLING,
            REFUSED,
            PROPOSED,
            MONITORED,
        ),
    ),
    Role.pendamping: (TO_SIGN, TO_START, TO_REPORT, PLANNED, ONGOING),
    Role.pimpinan: (TO_SIGN, LETTERS),
    Role.admin: (ROLE_REQUESTS, FAILED_JOBS, DISABLED),
    Role.auditor: (ENTRIES,),
}
