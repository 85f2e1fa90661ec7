"""What the clock and the roster leave waiting on the first page."""

import models as m
from portal.screens import narrow
from portal.screens.home_queue import Queue
from portal.wording import lazy as _l

HANDED = Queue(
    _l("Serah terima untuk saya"),
    m.HandOver,
    lambda me, now: [m.HandOver.to_id == me.id, m.HandOver.accepted_at.is_(None)],
    "to=saya&menunggu=ya",
    "clipboard-list",
    m.HandOver.at,
)
UNEXPLAINED = Queue(
    _l("Terlambat tanpa penyebab"),
    m.Report,
    lambda me, now: [narrow.UNEXPLAINED.condition(m.Report, ["ya"])],
    "tanpa_penyebab=ya",
    "hourglass",
    m.Report.decided_at,
)
LATE_COMPLAINTS = Queue(
    _l("Pengaduan layanan lewat batas"),
    m.ServiceComplaint,
    lambda me, now: [narrow.LATE_COMPLAINTS.condition(m.ServiceComplaint, ["ya"])],
    "terlambat=ya",
    "message",
    alarming=True,
)
