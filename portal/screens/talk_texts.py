"""What the screens of conversations call their columns, tables and events."""

from typing import Any

from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "conversation": _l("Percakapan"),
    "Conversation.state": _l("Keadaan"),
    "Conversation.owner": _l("Petugas"),
    "began_at": _l("Dimulai"),
    "last_at": _l("Pesan terakhir"),
    "last_inbound_at": _l("Terakhir ditulis pelapor"),
    "waiting_since": _l("Menunggu kita sejak"),
    "urgent": _l("Mendesak"),
    "labels": _l("Tanda"),
    "snooze_until": _l("Ditunda sampai"),
    "snooze_reason": _l("Alasan ditunda"),
    "dismissed_by": _l("Bukan pengaduan menurut"),
    "dismissed_at": _l("Ditandai bukan pengaduan"),
    "dismissal_reason": _l("Alasan bukan pengaduan"),
    "dismissal_agreed_by": _l("Disetujui oleh"),
    "merged_into": _l("Digabungkan ke"),
    "split_from": _l("Dipisahkan dari"),
    "correspondent": _l("Pengirim"),
    "CannedAnswer.title": _l("Judul"),
    "CannedAnswer.text": _l("Teks"),
    "CannedAnswer.template": _l("Nama templat WhatsApp"),
    "CannedAnswer.language": _l("Bahasa teks"),
}
HELPS: dict[str, Any] = {
    "CannedAnswer.text": _l(
        "Baris pertama netral: tidak menyebut kantor, kekerasan, atau nama. "
        "Pada templat, {1} dan {2} adalah bagian yang diisi petugas."
    ),
    "CannedAnswer.template": _l(
        "Hanya untuk templat yang sudah disetujui WhatsApp; kosongkan untuk teks biasa."
    ),
    "CannedAnswer.language": _l("Kode bahasa templat, misalnya id."),
}
TABLE_LABELS: dict[str, Any] = {
    "conversation": _l("Percakapan"),
    "conversation_link": _l("Hubungan percakapan"),
    "correspondent": _l("Pengirim pesan"),
    "canned_answer": _l("Jawaban siap pakai"),
}
EVENTS: dict[str, Any] = {"talk_act": _l("Tindakan pada percakapan")}
ACTS: dict[str, Any] = {
    "take": _l("Ambil"),
    "take_over": _l("Ambil alih"),
    "hand_over": _l("Alihkan"),
    "finish": _l("Tandai selesai"),
    "reopen": _l("Buka kembali"),
    "snooze": _l("Tunda"),
    "wake": _l("Akhiri penundaan"),
    "label": _l("Tanda"),
    "link": _l("Hubungkan"),
    "unlink": _l("Lepaskan hubungan"),
    "check_identity": _l("Identitas diperiksa"),
    "uncheck_identity": _l("Cabut pemeriksaan identitas"),
    "dismiss": _l("Bukan pengaduan"),
    "agree": _l("Setujui: bukan pengaduan"),
    "restore": _l("Cabut “bukan pengaduan”"),
    "merge": _l("Gabungkan"),
    "unmerge": _l("Batalkan penggabungan"),
    "split": _l("Pisahkan pesan"),
    "rejoin": _l("Kembalikan pesan ke asalnya"),
}
