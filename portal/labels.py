"""What closed codes are called: every member of the enums that the rules know.

The editable lists (`CodeItem`) carry their own labels; an enum whose codes also
stand in such a list names it in `LISTS`, so that a screen can show the office's
own word. Used by screens, letters and the public site alike.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import models as m
from models import CodeItem
from portal.wording import language
from portal.wording import lazy as _l

# By class first: members of different lists may be equal as text.
LABELS: dict[type[StrEnum], dict[str, Any]] = {
    m.Role: {
        "petugas": _l("Petugas pengaduan"),
        "supervisor": _l("Supervisor"),
        "penjangkau": _l("Petugas penjangkauan"),
        "konselor": _l("Konselor"),
        "pendamping": _l("Pendamping"),
        "pimpinan": _l("Pimpinan"),
        "admin": _l("Admin"),
        "auditor": _l("Auditor"),
    },
    m.Scan: {
        "unscanned": _l("Tidak diperiksa (tanpa pemeriksa virus)"),
        "quarantined": _l("Karantina, menunggu pemeriksaan"),
        "clean": _l("Aman menurut pemeriksa virus"),
        "infected": _l("Bervirus, isinya dihapus"),
    },
    m.Channel: {
        "website": _l("Situs web"),
        "whatsapp": _l("WhatsApp"),
        "telepon": _l("Telepon"),
        "datang_langsung": _l("Datang langsung"),
        "rujukan": _l("Rujukan lembaga"),
        "media_sosial": _l("Media sosial"),
        "email": _l("Surel"),
    },
    m.ReportStatus: {
        "new": _l("Baru"),
        "in_progress": _l("Sedang diidentifikasi"),
        "identified": _l("Menjadi kasus baru"),
        "joined": _l("Digabungkan ke kasus lama"),
        "referred": _l("Dirujuk ke luar"),
        "information": _l("Permintaan informasi"),
        "duplicate": _l("Laporan ganda"),
        "spam": _l("Bukan pengaduan"),
    },
    m.CaseStatus: {
        "identified": _l("Teridentifikasi, menunggu verifikasi"),
        "returned": _l("Dikembalikan"),
        "rejected": _l("Ditolak"),
        "referred": _l("Dirujuk"),
        "approved": _l("Disetujui, surat perintah terbit"),
        "outreach": _l("Penjangkauan"),
        "handling": _l("Penanganan"),
        "termination_proposed": _l("Usulan terminasi"),
        "monitoring": _l("Terminasi, monitoring 3 bulan"),
        "closed": _l("Selesai"),
    },
    m.Risk: {
        "rendah": _l("Rendah"),
        "sedang": _l("Sedang"),
        "tinggi": _l("Tinggi"),
        "darurat": _l("Darurat"),
    },
    m.Direction: {
        "masuk": _l("Dari pelapor"),
        "keluar": _l("Kepada pelapor"),
        "internal": _l("Catatan intern"),
    },
    m.IdentityCard: {
        "dilampirkan": _l("Dilampirkan"),
        "menyusul": _l("Menyusul"),
        "tidak_ada": _l("Tidak ada"),
    },
    m.OutreachState: {
        "assigned": _l("Ditugaskan"),
        "started": _l("Dimulai"),
        "reported": _l("Dilaporkan"),
        "cancelled": _l("Dibatalkan"),
    },
    m.InterventionState: {
        "planned": _l("Direncanakan"),
        "ongoing": _l("Sedang berjalan"),
        "done": _l("Selesai"),
        "cancelled": _l("Dibatalkan"),
    },
    m.ReferralState: {
        "diajukan": _l("Diajukan"),
        "diterima": _l("Diterima"),
        "ditolak": _l("Ditolak"),
        "selesai": _l("Selesai"),
    },
    m.Agreement: {
        "setuju": _l("Setuju"),
        "tidak_setuju": _l("Tidak setuju"),
        "tidak_dapat_dimintai": _l("Tidak dapat dimintai persetujuan"),
    },
    m.Decision: {"approved": _l("Disetujui"), "refused": _l("Ditolak")},
    m.MonitoringState: {
        "scheduled": _l("Dijadwalkan"),
        "done": _l("Selesai"),
        "excused": _l("Ditiadakan dengan alasan"),
        "cancelled": _l("Dibatalkan"),
    },
    m.Safety: {
        "aman": _l("Aman"),
        "khawatir": _l("Khawatir"),
        "dalam_bahaya": _l("Dalam bahaya"),
        "tidak_diketahui": _l("Tidak diketahui"),
    },
    m.LetterKind: {
        "surat_perintah": _l("Surat perintah"),
        "berita_acara": _l("Berita acara penjangkauan"),
        "formulir_penerimaan": _l("Formulir penerimaan pengaduan"),
        "formulir_identifikasi": _l("Formulir identifikasi kasus"),
        "surat_persetujuan": _l("Surat persetujuan"),
        "surat_rujukan": _l("Surat rujukan"),
        "surat_undangan": _l("Surat undangan atau pemanggilan"),
        "nota_terminasi": _l("Nota dinas terminasi"),
        "nota_akhir": _l("Nota dinas akhir"),
        "laporan_bulanan": _l("Laporan bulanan"),
    },
    m.StepPart: {"paraf": _l("Paraf"), "tanda_tangan": _l("Tanda tangan")},
    m.Capacity: {
        "definitif": _l("Pejabat definitif"),
        "plt": _l("Plt. (pelaksana tugas)"),
        "plh": _l("Plh. (pelaksana harian)"),
        "atas_nama": _l("a.n. (atas nama)"),
    },
    m.Invited: {"undangan": _l("Undangan"), "pemanggilan": _l("Pemanggilan")},
    m.Handing: {
        "diserahkan": _l("Diserahkan langsung di kantor"),
        "diantar": _l("Diantar ke rumah"),
        "pos": _l("Dikirim lewat pos"),
        "lembaga": _l("Lewat lembaga mitra"),
    },
    m.LetterState: {
        "valid": _l("Berlaku"),
        "void": _l("Dibatalkan"),
        "erased": _l("Isi dihapus sesuai masa simpan"),
    },
    m.LetterForm: {
        "naskah": _l("Naskah"),
        "bertanda_tangan": _l("Bertanda tangan elektronik"),
    },
    m.SignedBy: {
        "portal": _l("Di portal"),
        "elektronik": _l("Tanda tangan elektronik"),
        "pena": _l("Dengan pena"),
    },
    m.ComplaintStatus: {
        "diterima": _l("Diterima"),
        "diproses": _l("Diproses"),
        "dijawab": _l("Dijawab"),
        "selesai": _l("Selesai"),
    },
    m.RequestKind: {
        "access": _l("Akses dan salinan"),
        "correction": _l("Perbaikan"),
        "erasure": _l("Penghapusan"),
        "withdrawal": _l("Penarikan persetujuan"),
        "restriction": _l("Pembatasan pemrosesan"),
    },
    m.RequestState: {
        "received": _l("Diterima"),
        "working": _l("Ditangani"),
        "done": _l("Dipenuhi"),
        "refused": _l("Ditolak"),
        "lifted": _l("Pembatasan diakhiri"),
    },
    m.BreachState: {
        "found": _l("Ditemukan"),
        "notified": _l("Sudah diberitahukan"),
        "closed": _l("Ditutup"),
    },
    m.Conflict: {
        "terlapor": _l("Terlapor adalah petugas itu"),
        "korban": _l("Korban adalah petugas itu"),
        "pelapor": _l("Pelapor adalah petugas itu"),
        "kerabat": _l("Kerabat korban, terlapor, atau pelapor"),
        "lainnya": _l("Benturan kepentingan lain"),
    },
    m.GrantKind: {
        "darurat": _l("Akses darurat"),
        "serah_terima": _l("Serah terima"),
    },
    m.RoleRequest: {
        "peran": _l("Perubahan peran"),
        "aktivasi": _l("Aktivasi petugas"),
    },
    m.ContactState: {
        "refused": _l("Ditolak"),
        "permitted": _l("Sesuai kesepakatan"),
        "overridden": _l("Di luar kesepakatan, dengan alasan"),
    },
    m.TalkState: {
        "new": _l("Baru"),
        "open": _l("Ditangani"),
        "waiting": _l("Menunggu pelapor"),
        "done": _l("Selesai"),
    },
    m.CallState: {
        "ringing": _l("Berdering"),
        "talking": _l("Berbicara"),
        "ended": _l("Selesai"),
        "missed": _l("Tak terjawab"),
    },
    m.DutyKind: {
        "piket": _l("Piket"),
        "cuti": _l("Cuti"),
        "plh": _l("Pelaksana harian (plh.)"),
    },
    m.JobState: {
        "waiting": _l("Menunggu"),
        "running": _l("Sedang dikerjakan"),
        "done": _l("Selesai"),
        "failed": _l("Gagal"),
    },
}
# Enums whose codes an office may also label and order in its own lists.
LISTS: dict[type[StrEnum], str] = {
    m.Channel: "channel",
    m.Risk: "risk",
    m.ReferralState: "referral_state",
    m.Safety: "safety",
    m.LetterKind: "letter_kind",
    m.ComplaintStatus: "complaint_status",
}


def label(member: StrEnum) -> str:
    """The label of an enum member in the language in force, as in `label(Role.konselor)`.

    Raises KeyError for an enum or a member without one, so that none is forgotten.
    """
    return str(LABELS[type(member)][member.value])


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Every code of an enum with its label, in the order of its members."""
    return [(member.value, label(member)) for member in kind]


def code_label(session: Session, list_name: str, code: str | None) -> str:
    """The label of one code of an editable list; the code itself where the list lost it.

    One query each time: whoever shows many rows reads the list once instead
    (`portal.casework.lists.labels`).
    """
    if code is None:
        return ""
    wanted = select(CodeItem).where(CodeItem.list_name == list_name, CodeItem.code == code)
    item = session.scalar(wanted)
    return code if item is None else item.label_en if language() == "en" else item.label
