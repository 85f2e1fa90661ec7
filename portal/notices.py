"""Content-free notices for officers, written with the change they speak of.

A notice says that something waits and where, never about whom: it may be read
over a shoulder. It is a row of the same transaction as its cause.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Conversation, Notice, Officer, Report, Role
from portal.access import roster, scope
from portal.protection import audit_writing
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
    "letter_to_initial": lazy("Sebuah surat menunggu paraf Anda"),
    "letter_to_sign": lazy("Sebuah surat menunggu tanda tangan Anda"),
    "letter_returned": lazy("Sebuah surat Anda dikembalikan: periksa alasannya"),
    "letter_held": lazy("Sebuah surat menunggu orang yang tidak dapat menandatanganinya"),
    "letter_signed": lazy("Sebuah surat yang Anda terbitkan sudah ditandatangani"),
    "certificate_ends": lazy("Sertifikat tanda tangan Anda hampir berakhir"),
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
    "report_soon": lazy("Sebuah laporan hampir lewat batas 30 menit"),
    "report_over": lazy("Sebuah laporan lewat batas 30 menit"),
    "counter_soon": lazy("Tamu di loket hampir menunggu 10 menit"),
    "counter_over": lazy("Tamu di loket menunggu lebih dari 10 menit"),
    "forward_soon": lazy("Laporan yang diteruskan kepada Anda menunggu penerimaan"),
    "forward_over": lazy("Laporan yang diteruskan belum diterima siapa pun"),
    "response_soon": lazy("Sebuah kasus hampir lewat waktu responsnya"),
    "response_over": lazy("Sebuah kasus lewat waktu responsnya"),
    "answer_soon": lazy("Sebuah percakapan menunggu jawaban, batasnya hampir lewat"),
    "answer_over": lazy("Sebuah percakapan menunggu jawaban melewati batasnya"),
    "pause_over": lazy("Jeda waktu sebuah laporan berlangsung terlalu lama"),
    "complaint_soon": lazy("Batas waktu pengaduan layanan hampir lewat"),
    "complaint_over": lazy("Batas waktu pengaduan layanan sudah lewat"),
    "hand_over": lazy("Serah terima piket menunggu Anda terima"),
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
    *("report_soon", "report_over", "counter_soon", "counter_over", "forward_soon"),
    *("forward_over", "response_soon", "response_over", "answer_soon", "answer_over"),
    *("pause_over", "complaint_soon", "complaint_over"),
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

    Whoever stands in (plh.) for one of them hears it as well. Nobody is told of a row they cannot
    open (any more): not who is kept from it, nor who has left. Raises KeyError for a kind that has
    no sentence.
    """
    KINDS[kind]
    session.flush()
    about = {"report": report, "case": case, "conversation": conversation}
    meant = [one for one in officers if one is not None]
    meant += roster.stand_ins(session, meant, audit_writing.now(session))
    for officer in dict.fromkeys(one for one in meant if one is not but):
        if _may_open(session, officer, about.values()):
            announce(session, Notice(officer=officer, kind=kind, **about))


def tell_on_duty(
    session: Session,
    roles: Iterable[Role],
    kind: str,
    now: datetime,
    *,
    but: Officer | None = None,
    **about: Any,
) -> None:
    """As `tell`, for those of `roles` who are first to ask (`on_duty`)."""
    told = on_duty(session, roles, now, about.values(), but)
    tell(session, told, kind, but=but, **about)


def on_duty(
    session: Session,
    roles: Iterable[Role],
    now: datetime | None = None,
    rows: Iterable[Any] = (),
    but: Officer | None = None,
) -> list[Officer]:
    """Those of `roles` who are on duty and can open `rows`.

    Where nobody of them is on duty, those who are not on leave; where all are, all.
    """
    session.flush()
    known = [one for one in all_in(session, *roles) if one is not but]
    able = [one for one in known if _may_open(session, one, rows)]
    return roster.first_of(session, able, now or audit_writing.now(session))


def _may_open(session: Session, officer: Officer, rows: Iterable[Any]) -> bool:
    return all(scope.sees(session, officer, row) for row in rows if row is not None)


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
