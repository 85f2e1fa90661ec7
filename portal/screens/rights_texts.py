"""What the screens of rights and retention call their columns, acts and events.

`texts`, `helps` and `computed` take these in; they stand apart because there are many.
"""

from typing import Any

from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "DataRequest.kind": _l("Permohonan"),
    "due_at": _l("Batas waktu"),
    "asked_by": _l("Diajukan oleh"),
    "asker_name": _l("Nama pemohon"),
    "identity_check": _l("Pemeriksaan identitas"),
    "identity_note": _l("Catatan tentang pemohon"),
    "wish": _l("Yang dimohonkan"),
    "DataRequest.person": _l("Orang yang dimaksud"),
    "DataRequest.answer": _l("Jawaban"),
    "DataRequest.officer": _l("Dicatat oleh"),
    "DataRequest.closed_at": _l("Dijawab pada"),
    "refusal_ground": _l("Dasar penolakan"),
    "file_given_at": _l("Berkas disusun pada"),
    "retention_class": _l("Golongan penyimpanan"),
    "retain_until": _l("Disimpan sampai"),
    "erased_at": _l("Dihapus pada"),
    "RetentionClass.label": _l("Golongan"),
    "RetentionClass.outcome": _l("Yang terjadi"),
    "years": _l("Lama simpan (tahun)"),
    "starts": _l("Dihitung sejak"),
    "RetentionClass.basis": _l("Dasar hukum"),
    "complaint": _l("Pengaduan layanan"),
    "placed_by": _l("Ditahan oleh"),
    "lifted_at": _l("Dicabut pada"),
    "lift_reason": _l("Alasan dicabut"),
    "Erasure.at": _l("Dihapus pada"),
    "subject_table": _l("Jenis data"),
    "subject_uuid": _l("Tanda pengenal baris"),
    "ground": _l("Dasar"),
    "Breach.happened": _l("Apa yang terjadi, kapan, dan bagaimana"),
    "found_at": _l("Ditemukan"),
    "data_kinds": _l("Data yang terungkap"),
    "people_affected": _l("Jumlah orang"),
    "measures": _l("Penanganan dan pemulihan"),
    "agency_told_at": _l("Lembaga diberi tahu"),
    "people_told_at": _l("Orangnya diberi tahu"),
    "told_how": _l("Catatan pemberitahuan"),
    "Breach.closed_at": _l("Ditutup pada"),
    "withdrawn": _l("Dicabut untuk"),
    "withdrawal_note": _l("Catatan pencabutan"),
}
HELPS: dict[str, Any] = {
    "DataRequest.kind": _l("UU 27/2022: tindak lanjut paling lambat 3 x 24 jam."),
    "DataRequest.person": _l("Kosongkan bila belum ditemukan; supervisor menghubungkannya."),
    "identity_check": _l("Berkas tidak diserahkan sebelum identitas pemohon diperiksa."),
    "identity_note": _l("Nomor yang aman, hubungan dengan orangnya, surat yang diperlihatkan."),
    "years": _l("Perubahan berlaku paling cepat 30 hari lagi; yang jatuh tempo dapat ditahan."),
    "LegalHold.reason": _l("Selama ditahan tidak ada yang dihapus, juga atas permohonan."),
    "LegalHold.case": _l("Pilih salah satu saja: kasus, laporan, pengaduan, atau orang."),
    "Breach.happened": _l("Tanpa nama korban: catatan ini dibaca pimpinan dan admin."),
    "found_at": _l("Batas 3 x 24 jam dihitung dari saat ini (UU 27/2022 Pasal 46)."),
    "people_affected": _l("Kosongkan bila belum diketahui."),
    "measures": _l("Yang sudah dan akan dilakukan; masuk ke rancangan pemberitahuan."),
}
EVENTS: dict[str, Any] = {
    "consent_withdrawn": _l("Persetujuan dicabut"),
    "request_moved": _l("Permohonan data diproses"),
    "file_given": _l("Berkas pribadi disusun"),
    "hold_lifted": _l("Penahanan dicabut"),
    "erased": _l("Data dihapus"),
    "forgotten": _l("Kunci rincian log dihancurkan"),
    "breach_moved": _l("Kegagalan data diproses"),
    "breach_draft": _l("Rancangan pemberitahuan dibuat"),
}
TABLE_LABELS: dict[str, Any] = {
    "data_request": _l("Permohonan data"),
    "legal_hold": _l("Penahanan hukum"),
    "retention_class": _l("Masa simpan"),
    "erasure": _l("Penghapusan"),
    "breach": _l("Kegagalan pelindungan data"),
}
ROOTS: dict[str, Any] = {
    "case": _l("Kasus"),
    "report": _l("Laporan"),
    "person": _l("Orang"),
    "service_complaint": _l("Pengaduan layanan"),
    "data_request": _l("Permohonan data"),
    "conversation": _l("Percakapan"),
}
JOBS: dict[str, Any] = {
    "erase": _l("Menghapus data yang lewat masa simpan"),
    "finish_erasure": _l("Memusnahkan berkas yang dihapus"),
}
# kinds of notices → the list in which one finds what they speak of
NOTICES = {
    **dict.fromkeys(("data_request", "data_request_due"), "data_request"),
    **dict.fromkeys(("breach_found", "breach_due"), "breach"),
}
GROUNDS: dict[str, Any] = {"permohonan": _l("Permohonan orangnya")}
