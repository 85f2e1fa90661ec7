"""A kept chat export becomes messages: each of them an item, those that are here already none."""

from functools import partial

from flask import current_app
from sqlalchemy.orm import Session

from models import ChannelDelivery, Conversation, Direction
from portal.casework import chat_imports, chat_lines
from portal.casework.chat_imports import Bringing
from portal.casework.chat_lines import Changed, New
from portal.casework.deliveries import Found, Reading, Unreadable
from portal.channels import chat_export, chat_files
from portal.config import Settings
from portal.protection import files

CHANNEL = chat_imports.CHANNEL
SIDES = {Direction.masuk: "msg", Direction.keluar: "echo", Direction.internal: "event"}


def limits() -> files.Limits:
    """What one file of a chat may be at most."""
    settings: Settings = current_app.extensions["settings"]
    return files.Limits(settings.upload_limit * files.MEGABYTE)


def office_in(export: chat_export.Export, place: str) -> str:
    """The office's own name in an export, by its place among the senders; "" where it is none."""
    names = export.senders
    known = place.isascii() and place.isdecimal() and len(place) < 6 and int(place) < len(names)
    return names[int(place)] if known else ""


def read(session: Session, delivery: ChannelDelivery, body: bytes) -> Reading:
    """What is new in an export, in its order. Raises Unreadable."""
    most, chosen = limits(), delivery.headers
    talk = session.get(Conversation, delivery.conversation_id or 0)
    try:
        chat = chat_files.opened(body, most.size)
    except chat_files.Refused:
        raise Unreadable("malformed") from None
    export = chat_export.parse(chat.text, delivery.received_at, chosen.get("order") or None)
    if talk is None or not export.said:
        raise Unreadable("malformed")
    found = chat_lines.plan(session, talk, export.said, office_in(export, chosen["office"]))
    bringing = Bringing(
        talk_id=talk.id,
        officer_id=delivery.by_id or 0,
        last_answer=chat_imports.last_answer(session, talk, found),
        limits=most,
        files=chat.files,
        too_large=chat.too_large,
    )
    new = [_new(place, one, bringing) for place, one in enumerate(found.new)]
    changed = [_changed(place, one, bringing) for place, one in enumerate(found.changed)]
    return Reading([*new, *changed])


def _new(place: int, one: New, bringing: Bringing) -> Found:
    key, kind = chat_imports.key_of(bringing.talk_id, one), f"{SIDES[one.side]}:{one.said.kind}"
    act = partial(chat_imports.add, new=one, bringing=bringing)
    return Found(key, f"new.{place}", kind, key.encode(), act)


def _changed(place: int, one: Changed, bringing: Bringing) -> Found:
    what = "revoke" if one.said.deleted else "edit" if one.said.edited else "file"
    text = one.said.text if what == "edit" else ""
    key = f"{what}:{one.message.uuid}:{text}"
    act = partial(chat_imports.change, changed=one, bringing=bringing)
    return Found(key, f"changed.{place}", f"mark:{what}", text.encode(), act, said=False)
