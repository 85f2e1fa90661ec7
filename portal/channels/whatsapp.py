"""Reading WhatsApp's deliveries: every entry becomes an item of the ledger with one effect.

What the office reads comes from `whatsapp_texts`, who it is from `whatsapp_people`; here stands
what each kind of entry does. An entry for another number than the office's is left in quarantine.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import ChannelDelivery, Conversation, Direction, Message
from portal.casework import (
    channel_state,
    conversations,
    correspondents,
    cues,
    hearing,
    marks,
    sendings,
)
from portal.casework.conversations import Incoming
from portal.casework.correspondents import ACCOUNT, PHONE, KnownAs
from portal.casework.deliveries import Found, Reading, Unreadable
from portal.channels import whatsapp_history, whatsapp_media, whatsapp_people, whatsapp_texts
from portal.channels import whatsapp_walk as walk
from portal.channels.whatsapp_walk import Part, dicts, mapping, text
from portal.config import Settings
from portal.wording import _

CHANNEL = "whatsapp"
# Of these somebody who looks after the channel must know.
ALARMING = (
    *("account_update", "account_alerts", "account_review_update", "security", "errors"),
    *("phone_number_quality_update", "phone_number_name_update", "business_capability_update"),
    *("message_template_status_update", "message_template_quality_update"),
)


class Seen(NamedTuple):
    """One entry, with the moment it came here."""

    part: Part
    now: datetime

    @property
    def at(self) -> datetime:
        """When it happened, as the network tells."""
        return walk.moment(self.part.data.get("timestamp"), self.now)[0]


Effect = Callable[[Session, Seen], object]


def read(_session: Session, delivery: ChannelDelivery, body: bytes) -> Reading:
    """The items of a delivery for the office's number; for any number where none is set.

    A reader of `portal.jobs.READERS`.
    """
    settings: Settings = current_app.extensions["settings"]
    number_id = settings.whatsapp_number_id
    try:
        found = walk.load(body)
    except walk.Malformed:
        raise Unreadable("malformed") from None
    if (found.get("object") or walk.OURS) != walk.OURS:
        raise Unreadable("foreign")
    every = list(walk.parts(found))
    ours = [one for one in every if not number_id or one.account in ("", number_id)]
    items = [_item(one, body, delivery.received_at) for one in ours]
    return Reading(items, "foreign" if len(ours) < len(every) else None)


def _item(part: Part, body: bytes, now: datetime) -> Found:
    act = partial(_act, Seen(part, now))
    said = part.of in ("messages", "message_echoes", "calls")
    content = b"" if part.of in ("statuses", walk.HISTORY) else walk.content(part.data)
    return Found(walk.key(part, body), part.path, walk.kind(part), content, act, said)


def _act(seen: Seen, session: Session) -> None:
    _EFFECTS[seen.part.of](session, seen)


# --- messages -------------------------------------------------------------------------------------


def _message(session: Session, seen: Seen) -> None:
    special = _SPECIAL.get(walk.name_of(seen.part.data.get("type")), _said)
    special(session, seen)


def _talk(session: Session, seen: Seen) -> Conversation:
    who = whatsapp_people.sender(seen.part.data, seen.part.value)
    return whatsapp_people.talk_with(session, who, seen.at, seen.now)


def _said(session: Session, seen: Seen) -> None:
    data = seen.part.data
    told = whatsapp_texts.tell(data)
    at, odd = walk.moment(data.get("timestamp"), seen.now)
    if odd:
        told.details["clock"] = odd
    incoming = Incoming(
        told.body,
        at,
        told.kind,
        text(data.get("id")) or None,
        text(mapping(data.get("context")).get("id")) or None,
        whatsapp_texts.details(told),
    )
    message = hearing.hear(session, _talk(session, seen), incoming, seen.now)
    if told.file is not None and not message.remote_files:
        lost = "errors" in told.details
        whatsapp_media.expect(session, message, told.file, seen.now, lost)
    _no_orphans(session, message)


def _no_orphans(session: Session, message: Message) -> None:
    """What was noted about a message that was not here yet stands beside it from now on."""
    key = message.external_key
    for note in session.scalars(_orphans(key)) if key else ():
        session.delete(note)
    for mark in marks.of_key(session, key) if key else ():
        if mark.kind == marks.EDIT:
            cues.read(session, message, mark.body)


def _orphans(key: str) -> Select[Message]:
    event = (Message.direction == Direction.internal, Message.kind == "event")
    return select(Message).where(Message.reply_to_key == key, *event)


def _target(data: walk.Plain, name: str) -> tuple[str, str]:
    """The id of the message that an entry is about, and its key."""
    about = mapping(data.get(name))
    given = text(about.get("original_message_id")) or text(about.get("message_id"))
    return given, conversations.external_key(CHANNEL, given)


def _edit(session: Session, seen: Seen) -> None:
    """The text before stays; the new one stands beside it, or alone where there is none before."""
    _given, key = _target(seen.part.data, "edit")
    new = whatsapp_texts.tell(mapping(mapping(seen.part.data.get("edit")).get("message")))
    marks.leave(session, key, marks.EDIT, seen.at, actor=_actor(seen), body=new.body)
    sentence = _("Pesan yang tidak ada di sini diubah menjadi: %(text)s", text=new.body)
    _told_of(session, seen, key, sentence)
    message = conversations.by_key(session, key)
    if message is not None and message.direction is Direction.masuk:
        cues.read(session, message, new.body)


def _revoke(session: Session, seen: Seen) -> None:
    """Evidence stays, and says that its sender wanted it gone."""
    _given, key = _target(seen.part.data, "revoke")
    marks.leave(session, key, marks.REVOKE, seen.at, actor=_actor(seen))
    _told_of(session, seen, key, _("Pengirim menghapus sebuah pesan yang tidak ada di sini."))


def _reaction(session: Session, seen: Seen) -> None:
    """A thumb may be the answer to "aman?"; none takes an earlier one back."""
    _given, key = _target(seen.part.data, "reaction")
    sign = text(mapping(seen.part.data.get("reaction")).get("emoji"))
    marks.leave(session, key, marks.REACTION, seen.at, actor=_actor(seen), body=sign or None)
    orphan = _("Reaksi atas pesan yang tidak ada di sini: %(sign)s", sign=sign) if sign else ""
    _told_of(session, seen, key, orphan)


def _actor(seen: Seen) -> str:
    names = whatsapp_people.sender(seen.part.data, seen.part.value).names
    return correspondents.key(*names[-1])


def _told_of(session: Session, seen: Seen, key: str, orphan: str) -> None:
    """Whoever answers there looks again; what is about nothing we have is noted."""
    message = conversations.by_key(session, key)
    talk = message.conversation if message else _talk(session, seen)
    if message is None and orphan:
        note = conversations.note(session, talk, None, orphan, seen.at)
        note.reply_to_key = key
    hearing.tell(session, talk, hearing.NEW)


def _system(session: Session, seen: Seen) -> None:
    """Meta says that somebody's number, account or device changed: never a message of theirs."""
    data, about = seen.part.data, mapping(seen.part.data.get("system"))
    account = text(about.get("user_id"))
    number = text(about.get("wa_id")) or text(about.get("new_wa_id"))
    if account:
        old = text(about.get("previous_user_id")) or text(data.get("from_user_id"))
        whatsapp_people.changed(session, KnownAs(ACCOUNT, old), account, seen.at, seen.now)
    elif number:
        old = text(data.get("from"))
        whatsapp_people.changed(session, KnownAs(PHONE, old), number, seen.at, seen.now)
    else:
        sentence = _("WhatsApp memberi tahu: perangkat atau identitas pengirim berubah. Periksa.")
        who = whatsapp_people.sender(data, seen.part.value)
        for one in correspondents.owners(session, who.names, seen.at):
            whatsapp_people.warn(session, one, sentence, seen.now)


def _user_id(session: Session, seen: Seen) -> None:
    data = seen.part.data
    pair = mapping(data.get("user_id")) or data
    old = text(pair.get("previous")) or text(pair.get("previous_user_id"))
    new = text(pair.get("current")) or text(pair.get("current_user_id"))
    whatsapp_people.changed(session, KnownAs(ACCOUNT, old), new, seen.at, seen.now)


# --- what the office itself did -------------------------------------------------------------------


def _echo(session: Session, seen: Seen) -> None:
    """Somebody wrote from the office's telephone: kept for colleagues, no answer of the portal."""
    who = whatsapp_people.receiver(seen.part.data, seen.part.value)
    talk = whatsapp_people.talk_with(session, who, seen.at, seen.now)
    named = walk.name_of(seen.part.data.get("type"))
    if named in (marks.EDIT, marks.REVOKE):
        body = _("Sebuah pesan diubah atau dihapus dari aplikasi WhatsApp kantor.")
    else:
        said = whatsapp_texts.tell(seen.part.data).body
        body = whatsapp_history.by_office(said)
    conversations.note(session, talk, None, body, seen.at)


def _past(session: Session, seen: Seen) -> None:
    whatsapp_history.keep(session, seen.part, seen.at, seen.now)


def _status(session: Session, seen: Seen) -> None:
    data = seen.part.data
    if data.get("type") == "call":
        return
    codes = [text(one.get("code")) for one in dicts(data.get("errors"))]
    status = sendings.Status(
        text(data.get("id")),
        walk.name_of(data.get("status")),
        seen.at,
        codes[0][:40] if codes else None,
        text(data.get("biz_opaque_callback_data")) or None,
    )
    sendings.heard_of(session, CHANNEL, status, seen.now)


def _call(session: Session, seen: Seen) -> None:
    """The portal answers no calls: whoever tried is called back by a person, if that is safe."""
    data = seen.part.data
    if text(data.get("direction")) == "BUSINESS_INITIATED":
        return
    given = f"call:{text(data.get('id')) or seen.part.path}"
    incoming = Incoming(_("Panggilan WhatsApp yang tidak terjawab"), seen.at, "call", given)
    hearing.hear(session, _talk(session, seen), incoming, seen.now)


def _field(session: Session, seen: Seen) -> None:
    """What is about the account and not about anybody: counted, and told where it matters."""
    name = walk.kind(seen.part).partition(":")[2]
    channel_state.count(session, channel_state.inward(CHANNEL), f"field:{name}", seen.now)
    if name in ALARMING:
        hearing.alarm(session)


_SPECIAL: dict[str, Effect] = {
    "edit": _edit,
    "revoke": _revoke,
    "reaction": _reaction,
    "system": _system,
}
_EFFECTS: dict[str, Effect] = {
    "messages": _message,
    "statuses": _status,
    "calls": _call,
    "message_echoes": _echo,
    walk.HISTORY: _past,
    "user_id_update": _user_id,
    "errors": _field,
    "field": _field,
}
