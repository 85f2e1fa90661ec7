"""What the holder of a receipt may see: status in plain words, what happened, the messages.

Number and code open it, nothing else: an exact look-up, a comparison of keyed hashes in constant
time, one answer for every way of being wrong. What leaves here are plain values; internal notes,
officers' names and the reasons written for colleagues never do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Attachment,
    CaseEvent,
    CaseStatus,
    Direction,
    Message,
    Report,
    ReportStatus,
)
from portal.casework import attachments, intake, receipts, survey
from portal.casework.arrival import FileFacts
from portal.wording import lazy as _l

LONGEST_NUMBER = 30
OUT = Direction.keluar
TWICE = timedelta(minutes=1)

REPORT_SENTENCES: dict[ReportStatus, Any] = {
    ReportStatus.new: _l("Laporan Anda sudah kami terima dan menunggu dibaca petugas."),
    ReportStatus.in_progress: _l("Petugas sedang membaca dan mempelajari laporan Anda."),
    ReportStatus.identified: _l("Laporan Anda sedang kami tangani."),
    ReportStatus.joined: _l("Laporan Anda kami satukan dengan laporan yang sudah kami tangani."),
    ReportStatus.referred: _l(
        "Laporan Anda kami arahkan ke lembaga yang berwenang. Penjelasannya ada pada pesan."
    ),
    ReportStatus.information: _l(
        "Pertanyaan Anda sudah kami tanggapi. Tulis pesan di bawah bila masih perlu bantuan."
    ),
    ReportStatus.duplicate: _l(
        "Laporan ini sama dengan laporan lain yang sudah kami terima dan kami tangani di sana."
    ),
    ReportStatus.spam: _l(
        "Laporan ini sudah diperiksa dan ditutup. Bila itu keliru, tulis pesan di bawah."
    ),
}
CASE_SENTENCES: dict[CaseStatus, Any] = {
    CaseStatus.identified: _l("Laporan Anda sudah dipelajari dan menunggu persetujuan."),
    CaseStatus.returned: _l("Laporan Anda sedang dilengkapi petugas sebelum disetujui."),
    CaseStatus.rejected: _l(
        "Laporan Anda belum dapat kami tangani di sini. Tulis pesan di bawah bila perlu penjelasan."
    ),
    CaseStatus.referred: _l(
        "Laporan Anda kami arahkan ke lembaga yang berwenang. Tulis pesan di bawah bila perlu"
        " penjelasan."
    ),
    CaseStatus.approved: _l("Laporan Anda disetujui. Petugas sudah ditunjuk untuk membantu."),
    CaseStatus.outreach: _l("Petugas yang ditunjuk sedang menjangkau korban."),
    CaseStatus.handling: _l("Korban sedang didampingi dan menerima layanan."),
    CaseStatus.termination_proposed: _l("Korban sedang didampingi dan menerima layanan."),
    CaseStatus.monitoring: _l(
        "Layanan utama selesai. Kami masih memantau keadaan korban selama tiga bulan."
    ),
    CaseStatus.closed: _l(
        "Penanganan selesai. Anda tetap dapat menulis kepada kami kapan saja di halaman ini."
    ),
}
STEPS: dict[str, Any] = {
    "received": _l("Laporan diterima."),
    "take": _l("Petugas mulai membaca laporan."),
    "forward": _l("Laporan diteruskan ke UPT PPA."),
    "identify": _l("Laporan dipelajari dan diajukan untuk disetujui."),
    "join": _l("Laporan disatukan dengan laporan yang sudah ditangani."),
    "dismiss_referred": _l("Laporan diarahkan ke lembaga yang berwenang."),
    "dismiss_information": _l("Laporan ditanggapi."),
    "dismiss_duplicate": _l("Laporan disatukan dengan laporan yang sama."),
    "dismiss_spam": _l("Laporan ditutup."),
    "resume": _l("Laporan dibuka kembali."),
    "message_in": _l("Anda menulis pesan."),
    "message_out": _l("Kantor menjawab."),
    "approve": _l("Laporan disetujui dan petugas ditunjuk."),
    "reject": _l("Laporan belum dapat ditangani di sini."),
    "refer": _l("Laporan diarahkan ke lembaga yang berwenang."),
    "reconsider": _l("Laporan dipelajari kembali."),
    "start_outreach": _l("Petugas mulai menjangkau korban."),
    "report_outreach": _l("Pendampingan dan layanan dimulai."),
    "terminate": _l("Layanan utama selesai, pemantauan tiga bulan dimulai."),
    "reopen": _l("Pendampingan dibuka kembali."),
    "close": _l("Penanganan selesai."),
    "code_reissued": _l("Kode rahasia baru diterbitkan. Kode lama tidak berlaku lagi."),
}


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Paper:
    """A file in the conversation. The office's can be fetched by `handle` unless `kept_back`."""

    name: str
    handle: str = ""
    kept_back: str = ""


@dataclass(frozen=True)
class Word:
    """One message as the reporter sees it; `new` is an answer nobody has read here before."""

    at: datetime
    body: str
    from_office: bool
    files: tuple[Paper, ...]
    new: bool = False


@dataclass(frozen=True)
class Track:
    """All that the page at `/lacak` shows."""

    number: str
    received_at: datetime
    status: str
    lines: tuple[Line, ...]
    words: tuple[Word, ...]
    card_missing: bool
    news: int
    asks_opinion: bool


def open_with(session: Session, number: str, code: str) -> tuple[int, str] | None:
    """Id and mark of the report that this receipt opens; None for every way of being wrong."""
    wanted = number.strip().upper()[:LONGEST_NUMBER]
    report = session.scalar(select(Report).where(Report.number == wanted))
    fits = receipts.opens(report.receipt_hash if report else None, code)
    if report is None or not report.receipt_hash or not fits:
        return None
    return report.id, receipts.mark(report.receipt_hash)


def still_open(session: Session, report_id: int, mark: str) -> bool:
    """Whether a visit that was opened with a code may go on: not after a new one was issued."""
    report = _report(session, report_id)
    return report is not None and mark == receipts.mark(report.receipt_hash)


def track(session: Session, report_id: int, now: datetime) -> Track | None:
    """The page of one report, its answers thereby read; None if it is gone."""
    report = _report(session, report_id)
    if report is None:
        return None
    words = tuple(_words(_theirs(report)))
    intake.mark_read(session, report, Direction.keluar, now)
    return Track(
        number=report.number,
        received_at=report.received_at,
        status=str(_sentence(report)),
        lines=tuple(_lines(report)),
        words=words,
        card_missing=not any(file.kind == "kartu_identitas" for file in report.attachments),
        news=sum(word.new for word in words),
        asks_opinion=survey.is_asked(report),
    )


def office_file(session: Session, report_id: int, handle: str) -> Attachment | None:
    """A file that the office sent in the conversation of this report; None for any other file.

    What the reporter sent stays here: whoever found the receipt must not get it back out.
    """
    report = _report(session, report_id)
    sent = (one for one in (_theirs(report) if report else ()) if one.direction is OUT)
    return next((file for one in sent for file in one.attachments if _handle(file) == handle), None)


def add(
    session: Session, report_id: int, text: str, now: datetime, files: Sequence[FileFacts] = ()
) -> bool:
    """A message from the reporter, once however often it was clicked; False if nothing is there."""
    locked = select(Report).where(Report.id == report_id).with_for_update(key_share=True)
    report = session.scalar(locked)
    if report is None:
        return False
    if files or not _just_said(report, text, now):
        intake.add_message(session, report, text, now, files)
    return True


def _just_said(report: Report, text: str, now: datetime) -> bool:
    """Whether the reporter's last words are these and only moments old."""
    said = [message for message in report.messages if message.direction is Direction.masuk]
    return bool(said) and said[-1].body == text and now - said[-1].at < TWICE


def _report(session: Session, report_id: int) -> Report | None:
    return session.scalar(select(Report).where(Report.id == report_id))


def _sentence(report: Report) -> Any:
    if report.status is ReportStatus.identified and report.case:
        return CASE_SENTENCES[report.case.status]
    return REPORT_SENTENCES[report.status]


def _lines(report: Report) -> list[Line]:
    """What happened, in order: the report's own life, then that of the case it became.

    A joined case has other people's reports: its life stays there. Nor does anybody read here
    that somebody else reported as well.
    """
    own_case = report.case if report.status is ReportStatus.identified else None
    events: list[CaseEvent] = list(report.events)
    events += [one for one in (own_case.events if own_case else ()) if one.report_id is None]
    told = [event for event in events if event.kind in STEPS]
    return [Line(event.at, str(STEPS[event.kind])) for event in sorted(told, key=lambda e: e.at)]


def _theirs(report: Report) -> list[Message]:
    """What was said with the reporter: no note, nothing that was moved to another conversation."""
    talk = report.conversation
    if talk is None:
        return []
    return [one for one in talk.messages if one.direction is not Direction.internal]


def _words(messages: Iterable[Message]) -> list[Word]:
    return [
        Word(
            at=message.at,
            body=message.body,
            from_office=message.direction is OUT,
            files=tuple(_paper(file, message) for file in message.attachments),
            new=message.direction is OUT and message.read_at is None,
        )
        for message in messages
    ]


def _paper(file: Attachment, message: Message) -> Paper:
    if message.direction is not OUT:
        return Paper(file.filename)
    return Paper(file.filename, _handle(file), attachments.why_kept_back(file))


def _handle(file: Attachment) -> str:
    """How the page names a file: neither its key nor where it lies."""
    return file.uuid.hex
