"""E-mail that leaves the house: that something waits (to officers), and answers (to people).

A notice is mailed at most once: it is marked, and the mark committed, before the server is spoken
to. Only where the server is known not to have taken it is the mark removed again.
"""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Direction, Message, Notice, Officer, Sending
from portal import post
from portal.casework import conversations, sendings
from portal.casework.outcomes import Accepted, Failed, Outcome, Retry, Unknown
from portal.config import Settings
from portal.queue import Away
from portal.wording import _, speaking

OFF, REFUSED, LATER = "mail_off", "mail_refused", "mail_later"


def mail_notice(session: Session, payload: dict[str, Any]) -> None:
    """Tell the officer of a notice by e-mail that something waits; nothing of what.

    Not when it was read, mailed, or its officer has left in the meantime, nor without a mail
    server. Raises Away or post.Refused where it was certainly not sent.
    """
    settings: Settings = current_app.extensions["settings"]
    notice = session.get(Notice, payload["notice_id"])
    if not settings.smtp_url or notice is None or not _wanted(notice):
        return
    officer, message = notice.officer, _notice_mail(settings, notice.officer)
    address = str(officer.email)
    notice.mailed_at = datetime.now(UTC)
    session.commit()
    try:
        post.send(settings, message, address)
    except post.Uncertain:
        return
    except (Away, post.Refused):
        notice.mailed_at = None
        session.commit()
        raise


def _wanted(notice: Notice) -> bool:
    new = notice.read_at is None and notice.mailed_at is None
    return new and notice.officer.active and bool(notice.officer.email)


def _notice_mail(settings: Settings, officer: Officer) -> EmailMessage:
    with speaking(officer.language):
        message = _message(settings, str(officer.email), _("Ada yang menunggu di Ruang Aman"))
        message.set_content(
            _(
                "Ada yang menunggu Anda di portal. Masuk untuk melihatnya:\n\n%(link)s\n\n"
                "Surat ini dikirim oleh portal dan tidak dapat dibalas.",
                link=f"{settings.public_url}/masuk",
            )
        )
    message["Auto-Submitted"] = "auto-generated"
    return message


# --- answers --------------------------------------------------------------------------------------


def answer(session: Session, sending: Sending) -> Outcome:
    """Carry one answer out (`portal.jobs.TRANSPORTS`): plain text, a subject that says nothing.

    Its Message-ID is made from the sending's own uuid and kept before the server is spoken to, so
    that a reply or a bounce finds it whatever became of the server's answer.
    """
    settings: Settings = current_app.extensions["settings"]
    if not settings.smtp_url:
        return Failed(OFF)
    name = f"<{sending.uuid}@{_domain(settings)}>"
    message, to = _answer_mail(session, settings, sending, name), sending.to_value
    sendings.name_outside(session, sending, name)
    session.commit()
    try:
        post.send(settings, message, to)
    except post.Refused as refusal:
        return Failed(REFUSED, str(refusal.code)) if refusal.for_good else Retry(LATER)
    except Away:
        return Retry(LATER)
    except post.Uncertain:
        return Unknown()
    return Accepted(name)


def _answer_mail(session: Session, settings: Settings, sending: Sending, name: str) -> EmailMessage:
    message = _message(settings, sending.to_value, _("Balasan"), name)
    message.set_content(sending.message.body)
    if answered := _answered(session, sending.message):
        message["In-Reply-To"] = message["References"] = answered
    return message


def _answered(session: Session, message: Message) -> str | None:
    """The Message-ID of what is quoted, else of the last mail that came in this conversation."""
    if message.reply_to_key and (quoted := conversations.by_key(session, message.reply_to_key)):
        return quoted.external_id
    last = (
        select(Message)
        .where(Message.conversation_id == message.conversation_id)
        .where(Message.direction == Direction.masuk, Message.external_key.is_not(None))
        .order_by(Message.id.desc())
    )
    found = session.scalars(last.limit(1)).first()
    return found.external_id.partition("#")[0] if found and found.external_id else None


# --- what both are made of ------------------------------------------------------------------------


def _domain(settings: Settings) -> str:
    return post.sender(settings).rpartition("@")[2]


def _message(settings: Settings, to: str, subject: str, name: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = post.sender(settings), to, subject
    message["Date"] = formatdate()
    message["Message-ID"] = name or make_msgid(domain=_domain(settings))
    return message
