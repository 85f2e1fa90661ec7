"""What the columns of the clock, the roster and the hand-over are called."""

from typing import Any

from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "clock": _l("Waktu tunggu"),
    "delay_cause": _l("Penyebab keterlambatan"),
    "cause": _l("Penyebab"),
    "due": _l("Batas waktu"),
    "processed_at": _l("Mulai diproses"),
    "ServiceComplaint.closed_at": _l("Ditutup"),
    "Duty.kind": _l("Jadwal"),
    "from_at": _l("Mulai"),
    "until_at": _l("Sampai"),
    "stands_for": _l("Menggantikan"),
    "HandOver.at": _l("Waktu"),
    "HandOver.by": _l("Diserahkan oleh"),
    "to": _l("Diserahkan kepada"),
    "accepted_at": _l("Diterima"),
    "open_count": _l("Yang terbuka"),
}
HELPS: dict[str, Any] = {
    "stands_for": _l("Hanya untuk pelaksana harian (plh.): supervisor atau pimpinan."),
    "Duty.from_at": _l("Waktu Indonesia Barat (WIB)."),
    "HandOver.to": _l("Ketik sebagian nama petugas yang menggantikan Anda."),
    "HandOver.note": _l("Yang perlu diketahui penerima. Jangan menulis nama korban atau pelapor."),
}
TABLE_LABELS: dict[str, Any] = {
    "duty": _l("Jadwal piket"),
    "hand_over": _l("Serah terima"),
    "clock_pause": _l("Jeda waktu"),
}
