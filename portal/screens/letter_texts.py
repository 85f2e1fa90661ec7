"""What stands on the screens of the letter register."""

from typing import Any

from portal.letters.progress import Progress
from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "about": _l("Mengenai"),
    "signature": _l("Keadaan tanda tangan"),
    "versions": _l("Sidik jari setiap versi (SHA-256)"),
    "verified_at": _l("Alamat pemeriksaan keaslian"),
    "replaces": _l("Menggantikan"),
    "replaced_by": _l("Digantikan oleh"),
    "Letter.number": _l("Nomor urut"),
}
EVENTS: dict[str, Any] = {
    "letter_replaced": _l("Surat diganti"),
    "letters_printed": _l("Surat dicetak atau diunduh bersama"),
}
PROGRESS: dict[Progress, Any] = {
    Progress.menunggu_paraf: _l("Menunggu paraf"),
    Progress.menunggu_tanda_tangan: _l("Menunggu tanda tangan"),
    Progress.dikembalikan: _l("Dikembalikan"),
    Progress.elektronik: _l("Ditandatangani elektronik"),
    Progress.pena: _l("Ditandatangani dengan pena"),
    Progress.tanpa: _l("Tidak menunggu"),
}
