"""Intake: a report arrives, and words go back and forth about it.

`receive` is the one door for every channel. What it writes stands or falls together: report,
people, safe contact, files, event, notice and audit entry; whoever calls it commits.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import CaseEvent, Direction, Message, Officer, Report, Role
from portal import notices
from portal.casework import (
    conflicts,
    conversations,
    cues,
    oversight,
    receipts,
    record,
    talk_follow,
)
from portal.casework.arrival import Arrival, FileFacts
from portal.casework.conversations import Incoming
from portal.casework.receipts import Receipt
from portal.protection import audit
from portal.wording import lazy as _l

EVENTS = {
    "received": _l("Laporan diterima"),
    "message_in": _l("Pesan dari pelapor"),
    "message_out": _l("Jawaban untuk pelapor"),
    "note": _l("Catatan intern"),
    "code_reissued": _l("Kode rahasia baru diterbitkan"),
    "consent_withdrawn": _l("Persetujuan dicabut"),
    "break_glass": _l("Dibuka dengan akses darurat"),
    "entrusted": _l("Kasus dialihkan kepada konselor lain"),
}

# --- a report arrives ---------------------------------------------------------------------


def receive(
    session: Session,
    arrival: Arrival,
    *,
    token: str | None = None,
    officer: Officer | None = None,
    now: datetime,
) -> Receipt:
    """Make one report of `arrival` and return its receipt.

    Args:
        token: of the form it came by. The same token again, even at the same moment, makes no
            second report but returns the first one's receipt (`repeated`).
        officer: who typed it in, None when nobody did.
        now: aware; the clock starts at `arrival.received_at`, or now.
    """
    token = token or receipts.new_token()
    if earlier := _sent_with(session, token):
        return _receipt(earlier, token, repeated=True)
    try:
        with session.begin_nested():
            report = record.new_report(session, arrival, token, officer, now)
    except IntegrityError:
        winner = _sent_with(session, token)
        if winner is None:
            raise
        return _receipt(winner, token, repeated=True)
    _announce(session, report, officer, now)
    return _receipt(report, token)


def receipt_again(session: Session, token: str, now: datetime) -> Receipt | None:
    """The receipt of the form sent with `token`, for fifteen minutes; then None."""
    report = _sent_with(session, token)
    if report is None or not receipts.still_shown(report.created_at, now):
        return None
    return _receipt(report, token, repeated=True)


def was_sent(session: Session, token: str) -> bool:
    """Whether a report was made with this form token, however long ago."""
    return _sent_with(session, token) is not None


def _sent_with(session: Session, token: str) -> Report | None:
    wanted = select(Report).where(Report.token_hash == receipts.token_hash(token))
    return session.scalar(wanted)


def _receipt(report: Report, token: str, repeated: bool = False) -> Receipt:
    return Receipt(
        number=report.number,
        code=receipts.code_for(token),
        received_at=report.received_at,
        report_id=report.id,
        repeated=repeated,
    )


def _announce(session: Session, report: Report, officer: Officer | None, now: datetime) -> None:
    conversations.begin(session, report, now)
    cues.read(session, report)
    _event(session, report, "received", officer, now)
    audit.record(session, "report_received", officer, report, channel=report.channel.value)
    conflicts.screen(session, report, now)
    notices.tell_on_duty(session, [Role.petugas], "report_new", now, report=report, but=officer)
    session.flush()


def _event(
    session: Session, report: Report, kind: str, officer: Officer | None, now: datetime
) -> None:
    session.add(CaseEvent(report=report, kind=kind, actor=officer, at=now))


# --- words go back and forth ------------------------------------------


def answer(
    session: Session,
    report: Report,
    officer: Officer,
    text: str,
    now: datetime,
    files: Sequence[FileFacts] = (),
) -> Message:
    """What the reporter will read at `/lacak`; nothing is sent out of the house."""
    talk = conversations.of_report(session, report, now)
    message = conversations.speak(session, talk, officer, text, now)
    record.attach(session, report, files, message, officer)
    _event(session, report, "message_out", officer, now)
    audit.record(session, "message_sent", officer, report)
    return message


def note(session: Session, report: Report, officer: Officer, text: str, now: datetime) -> Message:
    """An internal note: never shown to the reporter."""
    talk = conversations.of_report(session, report, now)
    message = conversations.note(session, talk, officer, text, now)
    _event(session, report, "note", officer, now)
    audit.record(session, "note_written", officer, report)
    return message


def add_message(
    session: Session, report: Report, text: str, now: datetime, files: Sequence[FileFacts] = ()
) -> Message:
    """Something more from the reporter, whatever became of the report: closed never mutes them."""
    talk = conversations.of_report(session, report, now)
    talk_follow.before_hearing(session, report, talk)
    message = conversations.take_in(session, talk, Incoming(text, now), now)
    record.attach(session, report, files, message)
    _event(session, report, "message_in", None, now)
    audit.record(session, "message_received", None, report)
    told = _in_charge(session, report, now)
    notices.tell(session, told, "report_message", report=report)
    session.flush()
    return message


def mark_read(session: Session, report: Report, direction: Direction, now: datetime) -> None:
    """The other side has seen the messages of `direction`."""
    for message in report.messages:
        if message.direction is direction and message.read_at is None:
            message.read_at = now
    session.flush()


def _in_charge(session: Session, report: Report, now: datetime) -> list[Officer]:
    """Who works on it and can open it: owner, identifier or counsellor, as far as it has come.

    Where nobody does (any more), the supervisors; and all of intake while it is unclaimed.
    """
    working = talk_follow.in_charge(session, report)
    if working is not None:
        return [working]
    case = report.case
    if case is not None:
        return oversight.supervisors(session, case, now)
    roles = (Role.supervisor,) if report.owner else (Role.petugas, Role.supervisor)
    return notices.on_duty(session, roles, now, [report])
