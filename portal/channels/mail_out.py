"""E-mail that leaves the house: that something waits (to officers), and answers (to people).

A notice is mailed at most once: it is marked, and the mark committed, before the server is spoken
to. Only where the server is known not to have taken it is the mark removed again.
"""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from models import Notice, Officer
from portal import post
from portal.config import Settings
from portal.queue import Away
from portal.wording import _, speaking


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


def _message(settings: Settings, to: str, subject: str) -> EmailMessage:
    own = post.sender(settings)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = own, to, subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=own.rpartition("@")[2])
    return message
