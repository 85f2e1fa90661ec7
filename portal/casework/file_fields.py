"""What a person's file tells of each kind of row: a table, for people and for machines alike.

Columns about other people, officers' names and working notes are not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import models as m
from portal.wording import lazy as _l


@dataclass(frozen=True)
class Field:
    """A column at `path`: its name in the JSON, what people call it, the list of its codes."""

    path: str
    label: Any
    list_name: str = ""

    @property
    def name(self) -> str:
        """The key in the JSON."""
        return self.path.replace(".", "_")


TITLES: Mapping[str, Any] = {
    "identity": _l("Identitas"),
    "safe_contact": _l("Kontak aman"),
    "harmed": _l("Sebagai korban"),
    "cases": _l("Kasus"),
    "reports": _l("Laporan tentang Anda"),
    "told": _l("Laporan yang Anda sampaikan"),
    "consents": _l("Persetujuan"),
    "services": _l("Layanan"),
    "referrals": _l("Rujukan"),
    "invitations": _l("Undangan"),
    "monitoring": _l("Monitoring"),
    "letters": _l("Surat"),
    "known_as": _l("Nomor dan alamat yang dipakai menghubungi kami"),
    "chats": _l("Percakapan dengan kami"),
}
_REPORT = (
    Field("number", _l("Nomor")),
    Field("received_at", _l("Diterima")),
    Field("channel", _l("Saluran")),
)
FIELDS: Mapping[str, Sequence[Field]] = {
    "identity": (
        Field("name", _l("Nama")),
        Field("alias", _l("Nama panggilan atau alias")),
        Field("nik", _l("NIK")),
        Field("kk", _l("Nomor KK")),
        Field("birth_place", _l("Tempat lahir")),
        Field("birth_date", _l("Tanggal lahir")),
        Field("estimated_age", _l("Perkiraan usia (tahun)")),
        Field("sex", _l("Jenis kelamin"), "sex"),
        Field("address", _l("Alamat")),
        Field("region.name", _l("Kecamatan atau kelurahan")),
        Field("phone", _l("Nomor telepon")),
        Field("email", _l("Surel")),
        Field("education", _l("Pendidikan"), "pendidikan"),
        Field("occupation", _l("Pekerjaan"), "pekerjaan"),
        Field("religion", _l("Agama"), "agama"),
        Field("marital_status", _l("Status perkawinan"), "status_perkawinan"),
        Field("disabilities", _l("Disabilitas"), "disabilitas"),
        Field("citizenship", _l("Kewarganegaraan"), "kewarganegaraan"),
        Field("children", _l("Jumlah anak")),
        Field("guardian_relation", _l("Hubungan wali"), "hubungan_wali"),
    ),
    "safe_contact": (
        Field("channel", _l("Cara menghubungi"), "contact_channel"),
        Field("address", _l("Nomor atau alamat yang aman")),
        Field("days", _l("Hari yang aman"), "hari"),
        Field("code_word", _l("Kata sandi percakapan")),
        Field("shared_phone", _l("Telepon dipakai bersama orang lain")),
        Field("letter_allowed", _l("Surat boleh dikirim ke rumah")),
        Field("visit_allowed", _l("Petugas boleh datang ke rumah")),
    ),
    "harmed": (
        Field("age_at_incident", _l("Usia saat kejadian")),
        Field("violence_kinds", _l("Bentuk kekerasan"), "bentuk_kekerasan"),
        Field("gbvims_type", _l("Jenis menurut GBVIMS"), "gbvims_type"),
        Field("tpks_kinds", _l("Jenis kekerasan seksual (UU TPKS)"), "jenis_tpks"),
        Field("tppo_kinds", _l("Jenis perdagangan orang"), "jenis_tppo"),
        Field("needs", _l("Layanan yang dibutuhkan"), "kebutuhan"),
    ),
    "cases": (
        Field("number", _l("Nomor")),
        Field("status", _l("Keadaan")),
        Field("opened_at", _l("Dibuka")),
        Field("closed_at", _l("Selesai pada")),
        Field("incident_date", _l("Tanggal kejadian")),
        Field("retain_until", _l("Disimpan sampai")),
    ),
    "reports": _REPORT,
    "told": (
        *_REPORT,
        Field("reporter.relation", _l("Hubungan dengan korban"), "reporter_relation"),
        Field("reporter.anonymous", _l("Tidak ingin disebut namanya")),
    ),
    "consents": (
        Field("given_by", _l("Diberikan oleh"), "consent_giver"),
        Field("given_on", _l("Tanggal persetujuan")),
        Field("for_services", _l("Untuk layanan")),
        Field("for_sharing", _l("Untuk dibagikan kepada lembaga")),
        Field("for_statistics", _l("Untuk statistik tanpa identitas")),
        Field("withdrawn", _l("Dicabut untuk")),
        Field("legal_basis", _l("Dasar hukum tanpa persetujuan"), "legal_basis"),
    ),
    "services": (
        Field("service", _l("Jenis pelayanan"), "jenis_pelayanan"),
        Field("state", _l("Keadaan")),
        Field("partner.name", _l("Lembaga mitra")),
        Field("planned_on", _l("Direncanakan tanggal")),
        Field("done_on", _l("Dilaksanakan tanggal")),
    ),
    "referrals": (
        Field("partner.name", _l("Lembaga mitra")),
        Field("service", _l("Jenis pelayanan"), "jenis_pelayanan"),
        Field("state", _l("Keadaan")),
        Field("referred_on", _l("Tanggal rujukan")),
        Field("answered_on", _l("Tanggal jawaban")),
    ),
    "invitations": (
        Field("form", _l("Bentuk")),
        Field("at", _l("Hari dan jam")),
        Field("place", _l("Tempat")),
        Field("handing", _l("Cara penyampaian")),
        Field("cancelled_at", _l("Dibatalkan pada")),
    ),
    "monitoring": (
        Field("sequence", _l("Monitoring ke")),
        Field("state", _l("Keadaan")),
        Field("due_on", _l("Jatuh tempo")),
        Field("done_on", _l("Dilaksanakan tanggal")),
        Field("method", _l("Cara"), "monitoring_method"),
        Field("wellbeing", _l("Keadaan korban"), "wellbeing"),
        Field("safety", _l("Keamanan")),
    ),
    "letters": (
        Field("printed", _l("Nomor surat")),
        Field("kind", _l("Jenis")),
        Field("dated", _l("Tanggal surat")),
        Field("state", _l("Keadaan")),
    ),
    "known_as": (
        Field("kind", _l("Jenis")),
        Field("value", _l("Nomor atau alamat")),
        Field("seen_at", _l("Terakhir dipakai")),
    ),
    "chats": (
        Field("number", _l("Nomor")),
        Field("channel", _l("Saluran")),
        Field("began_at", _l("Dimulai")),
        Field("last_at", _l("Pesan terakhir")),
    ),
}
# Free texts, which may speak of others as well: chosen one by one.
STORIES: Mapping[type[Any], Sequence[tuple[str, Any]]] = {
    m.Person: (("notes", _l("Catatan tentang Anda")),),
    m.Victim: (("condition", _l("Keadaan Anda")), ("wishes", _l("Keinginan Anda"))),
    m.Case: (("narrative", _l("Kronologi kasus")), ("wishes", _l("Harapan"))),
    m.Report: (("narrative", _l("Kronologi laporan")), ("wishes", _l("Harapan"))),
    m.Message: (("body", _l("Pesan")),),
    m.Outreach: (("assessment", _l("Hasil asesmen")), ("plan", _l("Rencana penanganan"))),
    m.Intervention: (("goal", _l("Tujuan layanan")), ("result", _l("Hasil layanan"))),
    m.Referral: (("purpose", _l("Tujuan rujukan")), ("result", _l("Hasil rujukan"))),
    m.Invitation: (("purpose", _l("Acara undangan")),),
    m.Termination: (("summary", _l("Ringkasan penanganan")),),
    m.Monitoring: (("needs", _l("Kebutuhan")), ("notes", _l("Catatan monitoring"))),
}
# What in the log counts as looking.
LOOKS: Mapping[str, Any] = {
    "viewed": _l("Dilihat"),
    "downloaded": _l("Lampiran diunduh"),
    "letter_opened": _l("Surat dibuka"),
    "exported": _l("Diekspor"),
    "file_given": _l("Berkas ini disusun"),
}
