"""A chat as a channel brings it: raw bytes, message, marks, a file that lies elsewhere."""

import base64
from datetime import datetime

from sqlalchemy.orm import Session

from models import Channel, Message, MessageMark, RemoteFile, SurveyAnswer
from portal.casework import conversations, correspondents, deliveries
from portal.casework.conversations import Incoming
from portal.casework.correspondents import KnownAs


def wamid(phone: str) -> str:
    """WhatsApp's id of a message: it spells out the sender's number in base64."""
    digits = phone.lstrip("+").encode()
    return "wamid." + base64.b64encode(b"\x1c\x18\x0d" + digits + b"\x15\x02\x00\x12").decode()


def write(session: Session, phone: str, name: str, text: str, now: datetime) -> Message:
    """Store a chat of one message with urgent words; flushed, not committed."""
    key = wamid(phone)
    body = f'{{"from": "{phone}", "id": "{key}", "text": "{text}"}}'.encode()
    deliveries.store(session, "whatsapp", body, {"content-type": "application/json"}, now)
    somebody = correspondents.meet(session, [KnownAs(correspondents.PHONE, phone)], now, name)
    talk = conversations.with_somebody(session, somebody, Channel.whatsapp, now)
    said = Incoming(text, now, external_id=key, details=f'{{"name": "{name}"}}')
    message = conversations.take_in(session, talk, said, now)
    session.add_all(
        [
            MessageMark(target_key=message.external_key, kind="edit", at=now, body=text),
            RemoteFile(message=message, media_id=phone, filename=f"{name}.jpg"),
            SurveyAnswer(year=now.year, month=now.month, channel="whatsapp", scores=[3] * 9),
        ]
    )
    session.flush()
    return message
