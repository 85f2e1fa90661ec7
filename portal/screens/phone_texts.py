"""What the screens of telephone and counter call their columns, tables and events, and show."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import models as m
from portal.casework import visits
from portal.indonesia import dates, phone
from portal.wording import _
from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "forwarded_at": _l("Diteruskan pada"),
    "forwarded_to": _l("Diteruskan kepada"),
    "forward_accepted_at": _l("Penerusan diterima pada"),
    "forward_accepted_by": _l("Penerusan diterima oleh"),
    "call_kind": _l("Jenis panggilan"),
    "referring_institution": _l("Lembaga perujuk"),
    "referring_letter": _l("Nomor dan tanggal surat rujukan"),
    "forward_returned_at": _l("Penerusan dikembalikan pada"),
    "forward_return_reason": _l("Alasan penerusan dikembalikan"),
    "Call.state": _l("Keadaan"),
    "Call.direction": _l("Arah"),
    "Call.kind": _l("Jenis panggilan"),
    "Call.number": _l("Nomor penelepon"),
    "Call.notes": _l("Catatan"),
    "Call.cause": _l("Sebab terputus"),
    "extension": _l("Pesawat telepon"),
    "called_back_at": _l("Diputuskan pada"),
    "called_back_by": _l("Diputuskan oleh"),
    "called_back_how": _l("Hasil"),
    "queue_number": _l("Nomor antrean"),
    "Visit.purpose": _l("Keperluan"),
    "Visit.urgent": _l("Mendesak"),
    "Visit.outcome": _l("Hasil"),
    "arrived_at": _l("Datang"),
    "called_at": _l("Dipanggil"),
    "Visit.ended_at": _l("Selesai"),
    "Call.ended_at": _l("Selesai"),
}
TABLE_LABELS: dict[str, Any] = {"call": _l("Panggilan"), "visit": _l("Kunjungan")}
EVENTS: dict[str, Any] = {
    "call_taken": _l("Panggilan diangkat"),
    "call_ended": _l("Panggilan ditutup"),
    "called_back": _l("Panggilan tak terjawab diputuskan"),
    "visit_called": _l("Nomor antrean dipanggil"),
    "visit_ended": _l("Kunjungan selesai"),
}
DIRECTIONS = {"masuk": _l("Masuk"), "keluar": _l("Keluar"), "internal": _l("Intern")}


def _number(row: m.Call, style: str) -> str:
    """Enough to tell it from others: a number is shown whole where it may be called alone."""
    return phone.masked(row.number) if row.number else _("disembunyikan")


def _clock(row: m.Visit, style: str) -> str:
    one = visits.clock_of(row, datetime.now(UTC))
    text = dates.duration(one.elapsed)
    return _("%(time)s (lewat waktu)", time=text) if one.over else text


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "Call.number": _number,
    "Call.direction": lambda row, style: str(DIRECTIONS[row.direction.value]),
    "Visit.clock": _clock,
}
