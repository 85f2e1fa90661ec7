"""The generic CTI push that telephone systems send (Zammad's, sipgate's): one event a request.

JSON or a form; `event` is newCall, answer or hangup, `callId` names the call. The papers of the
makers disagree on the rest, so every spelling of a name is taken. A telephone number may be
written in any way, or hidden.
"""

import json
import re
from collections.abc import Iterable, Mapping
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl, unquote

from sqlalchemy.orm import Session

from models import ChannelDelivery, Direction
from portal.casework import ringing
from portal.casework.deliveries import Found, Reading, Unreadable
from portal.casework.ringing import Event, Told

CHANNEL = "telephone"
LONGEST_NAME, LONGEST_NUMBER = 250, 40
EVENTS: Mapping[str, Told] = {"newcall": "newCall", "answer": "answer", "hangup": "hangup"}
DIRECTIONS = {
    **dict.fromkeys(("in", "inbound", "incoming", ""), Direction.masuk),
    **dict.fromkeys(("out", "outbound", "outgoing"), Direction.keluar),
}
HIDDEN = frozenset(
    {
        *("anonymous", "anonymus", "anonim", "unknown", "private", "restricted", "unavailable"),
        *("withheld", "hidden", "none", "null", "disembunyikan"),
    }
)
# Words that mean the same once signs and capitals are left out of them.
NAMES = {
    "event": ("event",),
    "call": ("callid", "uniqueid"),
    "caller": ("callerid",),
    "direction": ("direction",),
    "from": ("from", "callernumber", "fromnumber"),
    "to": ("to", "tonumber"),
    "answering": ("answeringnumber",),
    "user": ("user", "users", "caller", "userid", "fulluserid"),
    "cause": ("cause", "hangupcause"),
}
SIGNS = re.compile(r"[^a-z]")
ADDRESS = re.compile(r"(?:sips?|tel):([^@;>]*)[^>]*", re.IGNORECASE)
DIALLED = re.compile(r"[0-9*#+][0-9 ().*#/+-]*")


def read(session: Session, delivery: ChannelDelivery, body: bytes) -> Reading:
    """The one event of a delivery. Raises Unreadable where nobody can tell what it is."""
    said = _said(body, delivery.headers.get("Content-Type", ""))
    event, now = event_of(said), delivery.received_at
    found = Found(
        key=f"cti:{event.call}:{event.told}",
        path="event",
        kind=f"call:{event.told}",
        content=repr(event).encode("utf-8", "replace"),
        act=lambda session: ringing.hear(session, event, now),
    )
    return Reading([found])


def event_of(said: Mapping[str, Any]) -> Event:
    """The event that these words tell. Raises Unreadable without a known event or a call."""
    told = EVENTS.get(_word(said, "event").lower())
    call = _call(said)
    if told is None or not call or len(call) > LONGEST_NAME:
        raise Unreadable("malformed")
    direction = DIRECTIONS.get(_word(said, "direction").lower(), Direction.masuk)
    ours, other = ("to", "from") if direction is Direction.masuk else ("from", "to")
    return Event(
        told=told,
        call=call,
        direction=direction,
        number=number_of(_word(said, other) or _word(said, "caller")),
        extensions=tuple(_telephones(said, ours)),
        cause=_word(said, "cause")[:40] or None,
    )


def _call(said: Mapping[str, Any]) -> str:
    """The name of the call. Some papers call it `caller_id`, which elsewhere is the number: as a
    name it is believed beside a number alone, or two calls of one person would be taken for one."""
    call, caller, number = (_word(said, name) for name in ("call", "caller", "from"))
    return call or (caller if number and caller != number else "")


def _telephones(said: Mapping[str, Any], ours: str) -> Iterable[str]:
    """Which telephones of the office are meant, the answering one first."""
    named = [text for name in ("answering", "user", ours) for text in _words(said, name)]
    other = _word(said, "to" if ours == "from" else "from")
    plain = (ADDRESS.sub(r"\1", text).strip().replace(" ", "") for text in named)
    return dict.fromkeys(one[:40] for one in plain if one and one != other)


def number_of(text: str) -> str | None:
    """The number of the other side without its wrapping; None where it is hidden."""
    plain = unquote(text).strip()
    wrapped = ADDRESS.search(plain)
    plain = (wrapped.group(1) if wrapped else plain).strip().strip("<>\"'")
    if not plain or plain.lower() in HIDDEN:
        return None
    dialled = DIALLED.search(plain)
    return dialled.group().strip()[:LONGEST_NUMBER] if dialled else None


# --- words ----------------------------------------------------------------------------------------


def _said(body: bytes, kind: str) -> dict[str, list[Any]]:
    """Every name with its values, whatever form they came in; names without signs and capitals."""
    text = body.decode("utf-8-sig", "replace").strip()
    if kind.startswith("multipart/"):
        pairs = _of_parts(body, kind)
    else:
        pairs = _of_json(text) if text.startswith(("{", "[")) else parse_qsl(text, True)
    said: dict[str, list[Any]] = {}
    for name, value in pairs:
        values = value if isinstance(value, list) else [value]
        said.setdefault(SIGNS.sub("", str(name).lower()), []).extend(values)
    if not said:
        raise Unreadable("malformed")
    return said


def _of_json(text: str) -> Iterable[tuple[str, Any]]:
    try:
        found = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise Unreadable("malformed") from None
    if not isinstance(found, dict):
        raise Unreadable("malformed")
    return found.items()


def _of_parts(body: bytes, kind: str) -> Iterable[tuple[str, Any]]:
    """A form with a boundary, as `curl -F` sends it."""
    whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    for part in whole.walk() if whole.is_multipart() else ():
        name = part.get_param("name", "", header="content-disposition")
        value = part.get_payload(decode=True)
        yield str(name), value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _words(said: Mapping[str, Any], name: str) -> list[str]:
    values = [value for spelt in NAMES[name] for value in said.get(spelt, [])]
    plain = [_plain(one) for one in values if isinstance(one, str)]
    return [one for one in plain if one]


def _plain(text: str) -> str:
    """Without what no column holds: halves of signs, zero bytes."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()


def _word(said: Mapping[str, Any], name: str) -> str:
    return next(iter(_words(said, name)), "")
