"""The words of the log: what it notes of exclusions, emergency accesses, leavers and roles."""

from typing import Any

from portal.screens import invitation_texts
from portal.wording import lazy as _l

TABLE_LABELS: dict[str, Any] = {
    "contact_attempt": _l("Upaya menghubungi"),
    "exclusion": _l("Pengecualian"),
    "access_grant": _l("Akses darurat"),
    "role_change": _l("Permintaan peran"),
    "order": _l("Surat perintah"),
    "order_officer": _l("Petugas yang diperintah"),
    "outreach": _l("Penjangkauan"),
    "termination": _l("Terminasi"),
    "audit_entry": _l("Catatan audit"),
    "case_event": _l("Perjalanan kasus"),
    "notice": _l("Pemberitahuan"),
    "region": _l("Wilayah"),
    "job": _l("Pekerjaan latar"),
    "cue": _l("Kata mendesak"),
    "cue_finding": _l("Temuan kata mendesak"),
    "survey_answer": _l("Survei kepuasan"),
    **invitation_texts.TABLE_LABELS,
}
EVENTS: dict[str, Any] = {
    "excluded": _l("Petugas dikecualikan"),
    "exclusion_lifted": _l("Pengecualian dicabut"),
    "break_glass": _l("Akses darurat dibuka"),
    "break_glass_refused": _l("Akses darurat tidak menemukan kasus"),
    "break_glass_ended": _l("Akses darurat diakhiri"),
    "case_entrusted": _l("Diserahkan kepada petugas lain"),
    "officer_disabled": _l("Petugas dinonaktifkan"),
    "role_asked": _l("Perubahan peran diminta"),
    "role_decided": _l("Perubahan peran diputuskan"),
    "cue_decided": _l("Kata mendesak dinilai"),
    "code_reissued": _l("Kode rahasia baru diterbitkan"),
    **invitation_texts.EVENTS,
}
JOBS: dict[str, Any] = {
    "screen_officer": _l("Mencari benturan kepentingan seorang petugas"),
}
FACTS: dict[str, Any] = {
    "page": _l("halaman"),
    "act": _l("tindakan"),
    "to": _l("menjadi"),
    "kind": _l("jenis"),
    "number": _l("nomor"),
    "channel": _l("saluran"),
    "via": _l("lewat"),
    "found": _l("ditemukan"),
    "reason": _l("alasan"),
    "table": _l("daftar"),
    "filters": _l("saringan"),
    "rows": _l("baris"),
    "letters": _l("jumlah surat"),
    "format": _l("jenis berkas"),
    "why": _l("alasan"),
    "officer": _l("petugas"),
    "until": _l("sampai"),
    "moved": _l("diserahkan"),
    "orphaned": _l("tanpa pengganti"),
    "role": _l("peran"),
    "factor": _l("langkah kedua"),
    "place": _l("tempat"),
    "left": _l("sisa"),
    "category": _l("golongan"),
    "proof": _l("bukti identitas"),
    "way": _l("cara"),
    "accepted": _l("mendesak"),
}
