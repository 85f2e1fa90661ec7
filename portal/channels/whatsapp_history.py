"""What was said on the office's telephone before its number came to Meta's interface.

It comes once, up to half a year of it, in any order, and was answered there or not at all: it
stands in its conversation and calls nobody, and no clock runs because of it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from models import Message
from portal.casework import conversations, hearing
from portal.casework.conversations import Incoming
from portal.channels import whatsapp_media, whatsapp_people, whatsapp_texts
from portal.channels.whatsapp_texts import Told
from portal.channels.whatsapp_walk import Part, Plain, mapping, text
from portal.wording import _


def by_office(said: str) -> str:
    """What the office wrote on its telephone, as colleagues read it."""
    return _("Ditulis dari aplikasi WhatsApp kantor: %(text)s", text=said)


def keep(session: Session, part: Part, at: datetime, now: datetime) -> None:
    """One message of the past, or the file that belongs to one."""
    told, ours = whatsapp_texts.tell(part.data), _is_ours(part)
    who = whatsapp_people.sender(_somebody(part.data, ours), part.value)
    talk = whatsapp_people.talk_with(session, who, at, now)
    if ours:
        conversations.note(session, talk, None, by_office(told.body), at)
        return
    given, details = text(part.data.get("id")) or None, whatsapp_texts.details(told)
    quoted = text(mapping(part.data.get("context")).get("id")) or None
    incoming = Incoming(told.body, at, told.kind, given, quoted, details)
    _fill(session, hearing.file_away(session, talk, incoming, now), told, now)


def _fill(session: Session, message: Message, told: Told, now: datetime) -> None:
    """The file of a message, whichever of the two came first."""
    if told.file is None or message.remote_files:
        return
    message.kind, message.body = told.kind, told.body
    message.details = whatsapp_texts.details(told)
    lost = "errors" in told.details
    whatsapp_media.expect(session, message, told.file, now, lost, since=now)


def _is_ours(part: Part) -> bool:
    """Whether the office wrote it: it says to whom, or is from the office's own number."""
    own = _digits(mapping(part.value.get("metadata")).get("display_phone_number"))
    to = text(part.data.get("to")) or text(part.data.get("to_user_id"))
    return bool(to) or bool(own and _digits(part.data.get("from")) == own)


def _somebody(data: Plain, ours: bool) -> Plain:
    """Who is spoken with, as a message names its sender; the thread knows where it does not."""
    thread = mapping(data.get("thread"))
    names = ("to", "to_user_id") if ours else ("from", "from_user_id")
    number, account = (text(data.get(name)) for name in names)
    known = text(thread.get("wa_id")) or text(thread.get("id"))
    return {"from": number or known, "from_user_id": account or text(thread.get("user_id"))}


def _digits(value: object) -> str:
    return "".join(filter(str.isdecimal, text(value)))
