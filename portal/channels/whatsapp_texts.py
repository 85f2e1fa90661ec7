"""What a WhatsApp message says, as an officer reads it: one small function a kind.

A kind that nobody knows yet is shown as what it is called, never left out.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.channels.whatsapp_walk import Plain, dicts, mapping, name_of, text
from portal.wording import _

MEDIA = ("image", "video", "audio", "document", "sticker")
_HEX = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class File:
    """A file that lies at Meta, as the message describes it."""

    media_id: str
    mime: str | None
    sha256: str | None
    filename: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A message in words: kind, text, what is no text, and its file."""

    kind: str
    body: str
    details: dict[str, Any] = field(default_factory=dict)
    file: File | None = None


def tell(message: Plain) -> Told:
    """The message in words."""
    named = name_of(message.get("type"))
    told = _TELLERS.get(named, _unknown)(message, mapping(message.get(named)))
    extras = {**told.details, **_extras(message)}
    return Told(told.kind, told.body, {k: v for k, v in extras.items() if v}, told.file)


def details(told: Told) -> str | None:
    """What is no text, as it is kept."""
    return json.dumps(told.details, ensure_ascii=False) if told.details else None


def _extras(message: Plain) -> dict[str, Any]:
    context = mapping(message.get("context"))
    referral = mapping(message.get("referral"))
    return {
        "forwarded": bool(context.get("forwarded") or context.get("frequently_forwarded")),
        "group": bool(message.get("group_id")),
        "referral": text(referral.get("headline")) or text(referral.get("source_type")),
        "errors": [text(one.get("code")) for one in dicts(message.get("errors"))],
    }


def _text(message: Plain, data: Plain) -> Told:
    return Told("text", text(data.get("body")))


def _media(message: Plain, data: Plain) -> Told:
    named = name_of(message.get("type"))
    kind = "voice" if named == "audio" and data.get("voice") else named
    media_id = text(data.get("id"))
    name = text(data.get("filename")) or None
    mime = text(data.get("mime_type"))[:200] or None
    file = File(media_id, mime, fingerprint(data.get("sha256")), name) if media_id else None
    return Told(kind, text(data.get("caption")), {"without_file": not media_id}, file)


def fingerprint(value: Any) -> str | None:
    """A SHA-256 in hex, whether it was told in hex or in base64; None for anything else."""
    said = text(value).strip()
    if _HEX.fullmatch(said):
        return said.lower()
    try:
        found = base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found.hex() if len(found) == 32 else None


def _placeholder(message: Plain, data: Plain) -> Told:
    """A file of long ago; it comes by itself, or stays on the telephone."""
    return Told("document", "", {"without_file": True})


def _location(message: Plain, data: Plain) -> Told:
    place = {name: text(data.get(name)) for name in ("latitude", "longitude", "name", "address")}
    where = ", ".join(filter(None, (place["latitude"], place["longitude"])))
    return Told(
        "location", "\n".join(filter(None, (place["name"], place["address"], where))), place
    )


def _contacts(message: Plain, data: Plain) -> Told:
    return Told("contacts", "\n".join(_contact(one) for one in dicts(message.get("contacts"))))


def _contact(one: Plain) -> str:
    name = text(mapping(one.get("name")).get("formatted_name"))
    numbers = [text(it.get("phone")) or text(it.get("wa_id")) for it in dicts(one.get("phones"))]
    mails = [text(it.get("email")) for it in dicts(one.get("emails"))]
    return ": ".join(filter(None, (name, ", ".join(filter(None, [*numbers, *mails])))))


def _button(message: Plain, data: Plain) -> Told:
    return Told("button", text(data.get("text")), {"payload": text(data.get("payload"))})


def _interactive(message: Plain, data: Plain) -> Told:
    named = name_of(data.get("type"))
    chosen = mapping(data.get(named))
    if named == "nfm_reply":
        return _form(chosen)
    said = [text(chosen.get(name)) for name in ("title", "description")]
    if not any(said):
        return Told("interactive", _("Jawaban tombol tanpa isi."), {"interactive": named})
    return Told("interactive", "\n".join(filter(None, said)), {"payload": text(chosen.get("id"))})


def _form(chosen: Plain) -> Told:
    """The answers of a form, a line each; as they came where they cannot be read."""
    raw = text(chosen.get("response_json"))
    try:
        answers = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        answers = raw
    lines = [text(chosen.get("body"))]
    if isinstance(answers, dict):
        lines += [_answer(*pair) for pair in answers.items() if pair[0] != "flow_token"]
    else:
        lines.append(raw)
    return Told("interactive", "\n".join(filter(None, lines)))


def _answer(name: Any, value: Any) -> str:
    said = text(value) or json.dumps(value)
    return f"{text(name)}: {said}"


def _order(message: Plain, data: Plain) -> Told:
    items = dicts(data.get("product_items"))
    lines = [
        f"{text(one.get('quantity'))} x {text(one.get('product_retailer_id'))}" for one in items
    ]
    note = text(data.get("text"))
    return Told("order", "\n".join(filter(None, (_("Pesanan (katalog WhatsApp)"), note, *lines))))


def _unsupported(message: Plain, data: Plain) -> Told:
    sort = name_of(data.get("type")) if data.get("type") else ""
    if sort == "edit":
        return Told("unsupported", _("Pengirim mengubah pesan; isi barunya tidak tersedia."))
    about = {"unsupported": sort}
    return Told(
        "unsupported",
        _("Pesan tidak dapat ditampilkan: WhatsApp tidak meneruskan isinya. Minta dikirim ulang."),
        about,
    )


def _unknown(message: Plain, data: Plain) -> Told:
    """A kind of tomorrow: its name, and whatever text it has."""
    named = name_of(message.get("type"))
    said = [text(data.get(name)) for name in ("body", "text", "title", "caption")]
    sentence = _("Pesan jenis %(kind)s: belum dapat ditampilkan seluruhnya.", kind=named)
    return Told("unknown", "\n".join(filter(None, (sentence, *said))), {"type": named})


_TELLERS: dict[str, Callable[[Plain, Plain], Told]] = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "media_placeholder": _placeholder,
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
    "unsupported": _unsupported,
}
