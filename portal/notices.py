"""Content-free notices for officers, written with the change they speak of.

A notice says that something waits and where, never about whom: it may be read
over a shoulder. It is a row of the same transaction as its cause.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Conversation, Notice, Officer, Report, Role
from portal.access import scope
from portal.queue import enqueue
from portal.wording import lazy

MAIL = "mail_notice"

KINDS = {
    "report_new": lazy("Laporan baru menunggu di kotak masuk"),
    "report_message": lazy("Pesan baru dari pelapor"),
    "report_joined": lazy("Sebuah laporan digabungkan ke kasus lama"),
    "report_resumed": lazy("Sebuah laporan dibuka kembali"),
    "report_forwarded": lazy("Sebuah laporan diteruskan kepada Anda"),
    "forward_accepted": lazy("Laporan yang Anda teruskan sudah diterima"),
    "forward_returned": lazy("Laporan yang Anda teruskan dikembalikan dengan alasan"),
    "case_waiting": lazy("Sebuah kasus menunggu verifikasi"),
    "case_returned": lazy("Sebuah kasus dikembalikan kepada Anda"),
    "order_issued": lazy("Anda disebut dalam surat perintah baru"),
    "order_voided": lazy("Surat perintah untuk Anda dibatalkan"),
    "emergency_approval": lazy("Persetujuan darurat menunggu peninjauan"),
    "outreach_reported": lazy("Hasil penjangkauan sudah dilaporkan"),
    "termination_proposed": lazy("Usulan terminasi menunggu keputusan"),
    "termination_refused": lazy("Usulan terminasi belum disetujui"),
    "monitoring_scheduled": lazy("Monitoring tiga bulan sudah dijadwalkan"),
    "monitoring_missed": lazy("Monitoring terlewat: lakukan dan catat hasilnya"),
    "victim_in_danger": lazy("Hasil monitoring perlu segera dibaca dan diputuskan"),
    "case_reopened": lazy("Sebuah kasus dibuka kembali"),
    "case_handed_over": lazy("Sebuah kasus dialihkan kepada Anda"),
    "case_closed": lazy("Sebuah kasus selesai"),
    "letter_issued": lazy("Sebuah surat ditujukan kepada Anda"),
    "consent_withdrawn": lazy("Persetujuan dicabut: periksa rujukan dan layanannya"),
    "data_request": lazy("Permohonan baru tentang data pribadi"),
    "data_request_due": lazy("Batas waktu permohonan data pribadi hampir atau sudah lewat"),
    "breach_found": lazy("Kegagalan pelindungan data dicatat: batas pemberitahuan 3 x 24 jam"),
    "breach_due": lazy("Batas pemberitahuan kegagalan pelindungan data hampir atau sudah lewat"),
    "no_supervisor": lazy("Sebuah urusan tidak mempunyai supervisor yang dapat memutuskan"),
    "officer_excluded": lazy("Seorang petugas dikecualikan: periksa siapa yang meneruskan"),
    "break_glass": lazy("Akses darurat: sebuah kasus dibuka dengan alasan tertulis"),
    "officer_left": lazy("Seorang petugas dinonaktifkan, pekerjaannya dialihkan"),
    "orphaned": lazy("Tidak ada pengganti: tentukan siapa yang meneruskan"),
    "case_entrusted": lazy("Sebuah kasus diserahkan kepada Anda"),
    "report_entrusted": lazy("Sebuah laporan diserahkan kepada Anda"),
    "role_asked": lazy("Perubahan peran menunggu persetujuan admin kedua"),
    "role_decided": lazy("Permintaan perubahan peran sudah diputuskan"),
    "link_issued": lazy("Tautan kata sandi dibuat: laporkan bila tidak ada yang memintanya"),
    "file_infected": lazy("Virus ditemukan di berkas yang diserahkan; isinya sudah dihapus"),
    "file_infected_admin": lazy("Pemeriksa virus menemukan berkas berbahaya; isinya sudah dihapus"),
    "complaint_new": lazy("Pengaduan layanan baru"),
    "message_new": lazy("Pesan baru di kotak masuk"),
    "call_missed": lazy("Panggilan tak terjawab menunggu keputusan"),
    "message_unread": lazy("Sebuah pesan masuk tidak dapat dibaca: periksa kotak masuk"),
    "identity_check": lazy("Nomor atau akun pengirim berubah: periksa ulang identitasnya"),
    "send_failed": lazy("Sebuah jawaban tidak sampai: periksa percakapannya"),
    "channel_trouble": lazy("Kiriman sebuah kanal perlu diperiksa"),
    "channel_stopped": lazy("Pengiriman pesan dihentikan: periksa kesehatan kanal"),
    "talk_handed_over": lazy("Sebuah percakapan dialihkan kepada Anda"),
    "talk_taken_over": lazy("Percakapan Anda diambil alih rekan"),
    "talk_returned": lazy("Sebuah percakapan kembali ke antrean"),
    "talk_woken": lazy("Percakapan yang Anda tunda menunggu lagi"),
}

# Of these an officer hears by e-mail, too: that something waits, and nothing else.
MAILED = {
    *("victim_in_danger", "emergency_approval", "monitoring_missed", "orphaned", "no_supervisor"),
    *("break_glass", "data_request_due", "breach_found", "breach_due"),
}


def tell(
    session: Session,
    officers: Iterable[Officer | None],
    kind: str,
    *,
    report: Report | None = None,
    case: Case | None = None,
    conversation: Conversation | None = None,
    but: Officer | None = None,
) -> None:
    """Leave a notice of `kind` for each of `officers` once, except for `but` (who acted).

    Nobody is told of a row they cannot open (any more): not who is kept from it, nor who has
    left. Raises KeyError for a kind that has no sentence.
    """
    KINDS[kind]
    session.flush()
    about = {"report": report, "case": case, "conversation": conversation}
    rows = [row for row in about.values() if row is not None]
    for officer in dict.fromkeys(one for one in officers if one is not None and one is not but):
        if all(scope.sees(session, officer, row) for row in rows):
            announce(session, Notice(officer=officer, kind=kind, **about))


def announce(session: Session, notice: Notice) -> None:
    """Leave this notice, and have it mailed where its kind is in `MAILED` and there is an address.

    Whether mail can be sent at all is asked when its job runs.
    """
    session.add(notice)
    if notice.kind in MAILED and notice.officer.email:
        session.flush()
        enqueue(session, MAIL, {"notice_id": notice.id})


def all_in(session: Session, *roles: Role) -> list[Officer]:
    """Every active officer of these roles."""
    query = select(Officer).where(Officer.role.in_(roles), Officer.active)
    return list(session.scalars(query.order_by(Officer.id)))
