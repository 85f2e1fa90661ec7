"""What invitations are called on the officers' screens."""

from typing import Any

from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "suspect": _l("Terlapor"),
    "invitations": _l("Undangan"),
    "form": _l("Bentuk"),
    "invitee": _l("Yang diundang"),
    "handing": _l("Cara penyampaian"),
    "bring": _l("Yang dibawa"),
    "cancelled_at": _l("Dibatalkan pada"),
    "cancel_reason": _l("Alasan pembatalan"),
    "Invitation.address": _l("Alamat pada surat"),
    "Invitation.at": _l("Hari dan jam"),
    "Invitation.purpose": _l("Acara"),
}
HELPS: dict[str, Any] = {
    "suspect": _l("Kosongkan bila yang diundang bukan terlapor."),
    "Invitation.victim": _l("Kosongkan bila yang diundang bukan korban."),
    "invitee": _l("Dikosongkan: nama korban, terlapor, atau lembaga yang dipilih di atas."),
    "form": _l("Terlapor dipanggil; semua yang lain diundang."),
    "Invitation.address": _l(
        "Satu baris setiap baris surat. Untuk korban: hanya alamat yang aman."
    ),
    "Invitation.at": _l("Waktu Indonesia Barat (WIB)."),
    "Invitation.purpose": _l("Kepada korban tanpa menyebut masalahnya, misalnya: pertemuan."),
    "bring": _l("Misalnya kartu identitas. Boleh dikosongkan."),
    "handing": _l("Surat kepada korban ke rumah hanya bila itu aman menurut kontak amannya."),
}
TABLE_LABELS: dict[str, Any] = {"invitation": _l("Undangan")}
EVENTS: dict[str, Any] = {"invitation_cancelled": _l("Undangan dibatalkan")}
