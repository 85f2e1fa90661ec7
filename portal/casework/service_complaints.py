"""Pengaduan layanan: complaints about the service itself, apart from every case.

They arrive by the website or are typed in by an officer (visit, telephone, e-mail), carry their
own number and code, and are answered. A complaint never names or opens a case.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import ComplaintStatus, Officer, Role, ServiceComplaint
from portal import notices
from portal.casework import clock, receipts, timing
from portal.casework.lifecycle import Refused
from portal.casework.receipts import Receipt
from portal.indonesia import dates
from portal.protection import audit
from portal.wording import _
from portal.wording import lazy as _l

NUMBER = "PL-{year}-{id:06d}"
LONGEST_NUMBER = 30
SENTENCES: dict[ComplaintStatus, Any] = {
    ComplaintStatus.diterima: _l("Pengaduan Anda sudah kami terima dan menunggu dibaca."),
    ComplaintStatus.diproses: _l("Pengaduan Anda sedang kami periksa."),
    ComplaintStatus.dijawab: _l("Pengaduan Anda sudah dijawab. Jawabannya ada di bawah."),
    ComplaintStatus.selesai: _l("Pengaduan Anda sudah dijawab dan selesai."),
}
NEXT = {
    ComplaintStatus.diterima: {ComplaintStatus.diproses, ComplaintStatus.dijawab},
    ComplaintStatus.diproses: {ComplaintStatus.dijawab},
    ComplaintStatus.dijawab: {ComplaintStatus.selesai, ComplaintStatus.diproses},
    ComplaintStatus.selesai: {ComplaintStatus.diproses},
}


@dataclass(frozen=True)
class ComplaintView:
    """What the holder of number and code may see."""

    number: str
    received_at: datetime
    status: str
    body: str
    answer: str | None
    answered_at: datetime | None
    answer_by: date | None


def receive(
    session: Session,
    *,
    body: str,
    name: str | None = None,
    contact: str | None = None,
    via: str = "website",
    token: str | None = None,
    officer: Officer | None = None,
    now: datetime,
) -> Receipt:
    """Take in a complaint; the same `token` again returns the first one's receipt.

    Args:
        via: a code of the list `complaint_via`.
        officer: who typed it in, None when nobody did.
    """
    token = token or receipts.new_token()
    if earlier := _sent_with(session, token):
        return _receipt(earlier, token, repeated=True)
    facts = {"body": body, "name": name or None, "contact": contact or None, "via": via}
    try:
        with session.begin_nested():
            complaint = _new(session, facts, token, officer, now)
    except IntegrityError:
        winner = _sent_with(session, token)
        if winner is None:
            raise
        return _receipt(winner, token, repeated=True)
    _announce(session, complaint, officer, now)
    return _receipt(complaint, token)


def receipt_again(session: Session, token: str, now: datetime) -> Receipt | None:
    """The receipt of the complaint sent with `token`, for fifteen minutes; then None."""
    complaint = _sent_with(session, token)
    if complaint is None or not receipts.still_shown(complaint.created_at, now):
        return None
    return _receipt(complaint, token, repeated=True)


def was_sent(session: Session, token: str) -> bool:
    """Whether a complaint was made with this form token, however long ago."""
    return _sent_with(session, token) is not None


def find(session: Session, number: str, code: str) -> ComplaintView | None:
    """The complaint that this receipt opens; None for every way of being wrong."""
    wanted = number.strip().upper()[:LONGEST_NUMBER]
    row = session.scalar(select(ServiceComplaint).where(ServiceComplaint.number == wanted))
    fits = receipts.opens(row.receipt_hash if row else None, code)
    if row is None or row.receipt_hash is None or not fits:
        return None
    return ComplaintView(
        number=row.number,
        received_at=row.received_at,
        status=str(SENTENCES[row.status]),
        body=row.body or "",
        answer=row.answer,
        answered_at=row.answered_at,
        answer_by=None if row.answered_at else _answer_by(session, row),
    )


def _answer_by(session: Session, row: ServiceComplaint) -> date:
    return clock.complaint_day(row, "answered_at", timing.of(session))


def process(session: Session, complaint: ServiceComplaint, officer: Officer, now: datetime) -> None:
    """Somebody looks into it (again); the clock of its closing runs on."""
    _move(session, complaint, ComplaintStatus.diproses, officer)
    complaint.processed_at = complaint.processed_at or now
    complaint.closed_at = None


def answer(
    session: Session, complaint: ServiceComplaint, officer: Officer, text: str, now: datetime
) -> None:
    """Write the answer the complainant will read. Raises Refused for an empty one."""
    if not text.strip():
        raise Refused(_("Tuliskan jawabannya."))
    complaint.answer, complaint.answered_by = text, officer
    complaint.answered_at = complaint.answered_at or now
    complaint.processed_at = complaint.processed_at or now
    _move(session, complaint, ComplaintStatus.dijawab, officer)


def finish(session: Session, complaint: ServiceComplaint, officer: Officer, now: datetime) -> None:
    """Nothing more is to be done."""
    _move(session, complaint, ComplaintStatus.selesai, officer)
    complaint.closed_at = now


def _move(
    session: Session, complaint: ServiceComplaint, target: ComplaintStatus, officer: Officer
) -> None:
    if target not in NEXT[complaint.status]:
        raise Refused(_("Tindakan ini tidak berlaku untuk keadaan sekarang."))
    complaint.status = target
    audit.record(session, "complaint_moved", officer, complaint, to=target.value)
    session.flush()


def _new(
    session: Session, facts: dict[str, Any], token: str, officer: Officer | None, now: datetime
) -> ServiceComplaint:
    hashed = receipts.token_hash(token)
    complaint = ServiceComplaint(
        number=f"~{hashed[:28]}",
        received_at=now,
        created_at=now,
        entered_by_id=officer.id if officer else None,
        token_hash=hashed,
        receipt_hash=receipts.code_hash(receipts.code_for(token)),
        **facts,
    )
    session.add(complaint)
    session.flush()
    complaint.number = NUMBER.format(year=dates.local(now).year, id=complaint.id)
    session.flush()
    return complaint


def _announce(
    session: Session, complaint: ServiceComplaint, officer: Officer | None, now: datetime
) -> None:
    audit.record(session, "complaint_received", officer, complaint, via=complaint.via)
    notices.tell_on_duty(session, [Role.supervisor], "complaint_new", now, but=officer)
    session.flush()


def _sent_with(session: Session, token: str) -> ServiceComplaint | None:
    hashed = receipts.token_hash(token)
    return session.scalar(select(ServiceComplaint).where(ServiceComplaint.token_hash == hashed))


def _receipt(complaint: ServiceComplaint, token: str, repeated: bool = False) -> Receipt:
    return Receipt(
        number=complaint.number,
        code=receipts.code_for(token),
        received_at=complaint.received_at,
        repeated=repeated,
    )
