"""The line of help under a field, where its label does not say it all.

Keys as in `texts`: the attribute, or `Model.attribute` first.
"""

from typing import Any

from portal.screens import (
    clock_texts,
    cue_texts,
    invitation_texts,
    rights_texts,
    signatory_texts,
    talk_texts,
)
from portal.wording import lazy as _l

HELPS: dict[str, Any] = {
    "username": _l("Untuk masuk. Huruf kecil, angka, titik, atau tanda hubung."),
    "nip": _l("Dicetak pada surat dinas."),
    "Officer.name": _l(
        "Menentukan dari kasus mana ia dikecualikan: kelak hanya diubah oleh operator server."
    ),
    "Officer.position": _l("Dicetak pada surat dinas."),
    "active": _l("Yang tidak aktif tidak ditawarkan lagi; data lama tetap ada."),
    "Officer.active": _l("Petugas yang tidak aktif tidak dapat masuk; catatannya tetap ada."),
    "code": _l("Disimpan dalam data dan tidak pernah diubah. Huruf kecil, angka, garis bawah."),
    "position": _l("Angka kecil tampil lebih dahulu."),
    "alias": _l("Bila nama sebenarnya belum diketahui atau dirahasiakan."),
    "nik": _l("16 angka. Yang tidak cocok akan ditandai, tetapi tetap disimpan."),
    "kk": _l("16 angka."),
    "birth_date": _l("Kosongkan bila tidak diketahui, lalu isi perkiraan usia."),
    "estimated_age": _l("Hanya bila tanggal lahir tidak diketahui."),
    "phone": _l("Contoh: 0812 3456 7890. Nomor luar negeri dengan tanda + dan kode negara."),
    "region": _l("Ketik nama kelurahan atau kecamatan."),
    "guardian": _l("Orang yang sudah tercatat. Ketik sebagian namanya."),
    "SafeContact.address": _l("Nomor, surel, atau alamat yang tidak diketahui pelaku."),
    "code_word": _l(
        "Diucapkan petugas lebih dahulu, agar yang menjawab tahu siapa yang menghubungi."
    ),
    "who_may_answer": _l("Nama atau hubungan orang yang boleh menerima pesan."),
    "from_time": _l("Waktu Indonesia Barat (WIB)."),
    "narrative": _l("Tulis seperti yang diceritakan: siapa, apa, di mana, kapan, bagaimana."),
    "incident_date": _l("Bila hanya bulan atau tahun yang diketahui, isi hari pertamanya."),
    "incident_precision": _l("Seberapa tepat tanggal di atas diketahui."),
    "violence_kinds": _l("Boleh lebih dari satu."),
    "previously_reported": _l("Boleh lebih dari satu."),
    "outside_city": _l("Kejadian di luar Kota Malang biasanya dirujuk."),
    "identity_card_reason": _l("Wajib bila kartu identitas menyusul."),
    "age_at_incident": _l("Dihitung dari tanggal lahir dan tanggal kejadian bila dikosongkan."),
    "gbvims_type": _l("Tanyakan menurut urutan daftar dan berhenti pada jawaban ya yang pertama."),
    "tppo_kinds": _l("Hanya untuk perdagangan orang (TPPO)."),
    "tpks_kinds": _l("Hanya untuk kekerasan seksual, menurut UU 12/2022."),
    "description": _l("Ciri, kebiasaan, atau tempat ia dapat ditemukan. Tidak ada yang wajib."),
    "Victim.person": _l(
        "Orang yang sudah tercatat. Ketik sebagian nama, NIK, atau nomor teleponnya."
    ),
    "Suspect.person": _l("Orang yang sudah tercatat. Kosongkan bila tidak dikenal."),
    "SafeContact.person": _l("Orang yang sudah tercatat. Ketik sebagian namanya."),
    "case": _l("Ketik sebagian nomor kasus."),
    "victim": _l("Ketik sebagian nama korban atau nomor kasusnya."),
    "given_on": _l("Kosongkan hanya bila ada dasar hukum tanpa persetujuan."),
    "legal_basis": _l("UU 27/2022: hanya bila persetujuan tidak dapat diminta."),
    "for_sharing": _l("Pilih lembaganya di bawah; tanpa pilihan berarti semua lembaga mitra."),
    "officer": _l("Ketik sebagian nama petugas."),
    "partner": _l("Ketik sebagian nama lembaga."),
    "result": _l("Wajib bila layanan sudah selesai."),
    "Intervention.done_on": _l("Wajib bila layanan sudah selesai."),
    "Referral.result": _l("Apa yang dilakukan lembaga mitra."),
    "consent": _l("Tanpa persetujuan, isi dasar hukumnya."),
    "state_reason": _l("Wajib bila rujukan ditolak."),
    "contact": _l("Nomor telepon atau surel, bila ingin dijawab."),
    "answer": _l("Akan dibaca oleh yang mengadu."),
    "Referral.answer": _l("Bagaimana kebutuhan ini dijawab."),
    "DayOff.source": _l("Keputusan atau kebiasaan yang menetapkan hari libur ini."),
    **rights_texts.HELPS,
    **talk_texts.HELPS,
    **cue_texts.HELPS,
    **(clock_texts.HELPS | invitation_texts.HELPS | signatory_texts.HELPS),
    "file": _l("Foto, PDF, rekaman suara, video, atau dokumen kantor."),
}


def of(model: type[Any], name: str) -> Any:
    """The help of a field, an empty text where none is needed."""
    return HELPS.get(f"{model.__name__}.{name}", HELPS.get(name, ""))
