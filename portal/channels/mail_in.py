"""A kept e-mail becomes a message: in the conversation with its sender, or the one it answers.

What a machine wrote is kept and marked, but calls nobody: no notice, no clock. Nothing is ever
answered by itself.
"""

import json
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy.orm import Session

from models import (
    Channel,
    ChannelDelivery,
    Conversation,
    Direction,
    Message,
    Officer,
    SendState,
)
from portal.casework import conversations, correspondents, enclosures, hearing, sendings
from portal.casework.conversations import Incoming
from portal.casework.correspondents import KnownAs
from portal.casework.deliveries import Found, Reading
from portal.casework.outcomes import Failed
from portal.channels import mail
from portal.channels.mail import Mail
from portal.config import Settings
from portal.protection import files
from portal.wording import _

CHANNEL = Channel.email.value
WHOLE, HEADERS = "whole", "headers"
NOBODY = "email:nobody"
BOUNCED = "mail_bounced"
ARRIVED = (SendState.delivered, SendState.read)


def read(_session: Session, delivery: ChannelDelivery, body: bytes) -> Reading:
    """The one item of a delivered mail; what cannot be read stands in the inbox as just that."""
    came, by = delivery.received_at, delivery.by
    try:
        one = mail.read(body, came)
    except Exception:  # a mail may break anything: it is kept, tried again, and shown
        failing = Found(
            *(f"raw:{delivery.sha256}", "0", "msg:unreadable", body),
            lambda _session: mail.read(body, came),
        )
        return Reading([failing])
    whole = delivery.headers.get("part", WHOLE) == WHOLE
    name = f"m:{one.outside_id}:{one.digest.hex()}"
    kind = f"msg:{one.automatic or 'text'}"
    item = Found(name, "0", kind, one.digest, lambda session: take(session, one, whole, by))
    return Reading([item], None if whole and not one.cut else "too_large")


def take(session: Session, one: Mail, whole: bool = True, by: Officer | None = None) -> None:
    """A mail as a message in its conversation; `by` is the officer who brought it. Once."""
    now = datetime.now(UTC)
    known = conversations.by_key(session, conversations.external_key(CHANNEL, one.outside_id))
    if known is not None and known.direction is Direction.keluar:
        return  # our own, as a copy in the mailbox
    answered = _answered(session, one)
    if answered is not None and answered.sending is not None:
        if one.automatic == mail.BOUNCE:
            _bounced(session, answered, one, now)
            return
        sendings.advance(answered.sending, SendState.delivered)
    talk = answered.conversation if answered is not None else _talk(session, one, now)
    outside = f"{one.outside_id}#{one.digest.hex()}" if known is not None else one.outside_id
    incoming = Incoming(
        body=_body(one, whole),
        at=one.at,
        external_id=outside,
        reply_to=one.answers[0] if one.answers else None,
        details=_details(one, whole, by),
    )
    heard = hearing.file_away if one.automatic else hearing.hear
    _files(session, heard(session, talk, incoming, now), one, by)


def _answered(session: Session, one: Mail) -> Message | None:
    """The mail of ours that it answers, whoever answers from whatever address."""
    for name in one.answers:
        found = conversations.by_key(session, conversations.external_key(CHANNEL, name))
        if found is not None and found.direction is Direction.keluar:
            return found
    return None


def _talk(session: Session, one: Mail, now: datetime) -> Conversation:
    known_as = KnownAs(correspondents.EMAIL, one.sender)
    if not one.sender:
        known_as = KnownAs(correspondents.CHAT, NOBODY)
    name = one.name if one.sender else _("Pengirim tidak dikenal")
    somebody = correspondents.meet(session, [known_as], now, name or None)
    return conversations.with_somebody(session, somebody, Channel.email, now)


def _bounced(session: Session, sent: Message, one: Mail, now: datetime) -> None:
    """An answer that did not arrive: its writer is told, the conversation shows what came back."""
    sending = sent.sending
    if one.failed and sending is not None and sending.status not in ARRIVED:
        sendings.settle(session, sending, Failed(BOUNCED), now)
    conversations.note(session, sent.conversation, None, _body(one, True), now)


def _body(one: Mail, whole: bool) -> str:
    """What was written; where nothing was, what the mail was called."""
    if not whole:
        note = _("Surel ini terlalu besar untuk diambil. Buka di kotak surat kantor.")
        return f"{one.subject}\n\n{note}".strip()
    return one.text or one.subject or _("(surel tanpa isi)")


def _details(one: Mail, whole: bool, by: Officer | None) -> str:
    told = {
        "subject": one.subject,
        "from": one.sender,
        "automatic": one.automatic,
        "remote_pictures": one.remote,
        "cut": one.cut or not whole,
        "brought_by_hand": by is not None,
    }
    return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)


def _files(session: Session, message: Message, one: Mail, by: Officer | None) -> None:
    settings: Settings = current_app.extensions["settings"]
    limits = files.Limits(settings.upload_limit * files.MEGABYTE)
    for file in one.files:
        if file.data:
            enclosures.enclose(session, message, file.name, file.data, limits, by)
        else:
            enclosures.missing(session, message, file.name, enclosures.REFUSED)
