"""The thread as it is drawn: each message as what it is, with what became of it.

One presentation for the inbox and the page of a report.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import models as m
from models import Direction, Message, SendState
from portal.casework import call_places, chat_imports, enclosures, marks, sendings, talk_reading
from portal.indonesia import dates
from portal.screens import codes, edge
from portal.wording import _
from portal.wording import lazy as _l

LATE = timedelta(minutes=10)
QUOTE = 160
# How far an answer has come: words, tone.
DELIVERY: dict[SendState, tuple[Any, str]] = {
    SendState.queued: (_l("Menunggu dikirim"), "neutral"),
    SendState.sending: (_l("Sedang dikirim"), "neutral"),
    SendState.accepted: (_l("Diterima server"), "neutral"),
    SendState.sent: (_l("Terkirim"), "neutral"),
    SendState.delivered: (_l("Sampai"), "success"),
    SendState.read: (_l("Dibaca"), "success"),
    SendState.failed: (_l("Gagal dikirim"), "danger"),
    SendState.unknown: (_l("Tidak diketahui apakah terkirim"), "warning"),
    SendState.cancelled: (_l("Dibatalkan"), "neutral"),
}
REMOTE: dict[m.MediaState, tuple[Any, str]] = {
    m.MediaState.pending: (_l("Sedang diunduh"), "neutral"),
    m.MediaState.stored: (_l("Tersimpan"), "success"),
    m.MediaState.failed: (_l("Gagal diunduh"), "warning"),
    m.MediaState.expired: (_l("Lampiran hilang: tidak lagi tersedia di pengirim"), "danger"),
    m.MediaState.blocked: (_l("Ditolak: jenis atau isinya tidak aman"), "danger"),
}
KINDS: dict[str, Any] = {
    "image": _l("Gambar"),
    "sticker": _l("Stiker"),
    "audio": _l("Pesan suara"),
    "voice": _l("Pesan suara"),
    "video": _l("Video"),
    "document": _l("Dokumen"),
    "location": _l("Lokasi"),
    "contacts": _l("Kartu kontak"),
    "contact": _l("Kartu kontak"),
    "button": _l("Jawaban tombol"),
    "interactive": _l("Jawaban pilihan"),
    "order": _l("Pesanan"),
    "call": _l("Telepon"),
    "system": _l("Pemberitahuan saluran"),
    **dict.fromkeys(("unsupported", "unreadable"), _l("Pesan yang tidak dapat dibaca")),
    "unknown": _l("Pesan yang tidak dikenal"),
}
PLAIN = {"text", "event", "email"}
CALLED: dict[Direction, Any] = {
    Direction.masuk: _l("Panggilan masuk"),
    Direction.keluar: _l("Panggilan keluar"),
    Direction.internal: _l("Panggilan"),
}


@dataclass(frozen=True)
class Bubble:
    """One message on the page."""

    message: Message
    side: str
    who: str
    day: str
    time: str
    is_new: bool
    late: str = ""
    kind: str = ""
    quote: str = ""
    body: str = ""
    remarks: Sequence[str] = ()
    reactions: Sequence[str] = ()
    edits: Sequence[tuple[str, str]] = ()
    withdrawn: str = ""
    delivery: tuple[Any, str] | None = None
    why: str = ""
    waiting: Sequence[tuple[Any, str]] = field(default=())
    call: m.Call | None = None

    @property
    def id(self) -> int:
        """The key of the message."""
        return self.message.id


def bubbles(messages: Sequence[Message], read: int, before: Message | None = None) -> list[Bubble]:
    """The messages of a thread, in order.

    Args:
        read: the last one this officer has seen.
        before: what stands before the first of them, so that a day is named once.
    """
    session = edge.session()
    became, quoted = marks.of(session, messages), talk_reading.quoted(session, messages)
    rang = call_places.of_messages(session, messages)
    found, day = [], _day(before) if before else ""
    for one in messages:
        bubble = _bubble(one, became.get(one.id, []), quoted.get(one.reply_to_key or ""), read, day)
        day = bubble.day or day
        found.append(replace(bubble, call=rang.get(one.id)))
    return found


def _bubble(
    one: Message, left: list[m.MessageMark], answered: Message | None, read: int, day: str
) -> Bubble:
    today = _day(one)
    sending = one.sending
    edits = [(dates.moment(x.at), x.body) for x in left if x.kind == marks.EDIT and x.body]
    return Bubble(
        message=one,
        side="event" if one.kind == "event" else one.direction.value,
        who=one.author.name if one.author else _("Pelapor"),
        day="" if today == day else today,
        time=dates.clock_time(one.at),
        is_new=one.direction is Direction.masuk and one.id > read,
        late=_late(one),
        kind="" if one.kind in PLAIN else str(KINDS.get(one.kind, KINDS["unknown"])),
        quote=words(answered),
        body=edits[-1][1] if edits else one.body,
        remarks=_remarks(one),
        reactions=[x.body or "" for x in left if x.kind == marks.REACTION],
        edits=edits,
        withdrawn=next((dates.moment(x.at) for x in left if x.kind == marks.REVOKE), ""),
        delivery=DELIVERY[sending.status] if sending else None,
        why=sendings.why(sending) if sending else "",
        waiting=[_missing(x) for x in one.remote_files if x.attachment_id is None],
    )


def _missing(file: m.RemoteFile) -> tuple[str, str]:
    """What a file that is not here was called, and why it is not."""
    told, tone = REMOTE[file.state]
    why = str(enclosures.TROUBLES.get(file.trouble or "", told))
    return (f"{file.filename}: {why}" if file.filename else why), tone


def _day(one: Message) -> str:
    return dates.weekday_date(dates.local_date(one.at))


def _late(one: Message) -> str:
    """When it came, where that was long after it was written."""
    late = one.direction is Direction.masuk and one.created_at - one.at >= LATE
    if not late or _details(one).get("source") == chat_imports.CHANNEL:
        return ""
    return _("terlambat diterima: %(when)s", when=dates.moment(one.created_at))


def call_words(call: m.Call) -> list[str]:
    """A call in few words: which way, what kind, how long it was, and at whose ear."""
    kind = codes.name("call_kind", call.kind) if call.kind else ""
    ended = call.ended_at if call.answered_at else None
    length = dates.duration(ended - call.answered_at) if ended and call.answered_at else ""
    by = call.officer.name if call.officer else ""
    told = (str(CALLED[call.direction]), kind, length, by)
    return [one for one in told if one]


def words(one: Message | None) -> str:
    """What a message says, cut short, or what it is where it has no words; "" for none."""
    if one is None:
        return ""
    return _short(one.body) or str(KINDS.get(one.kind, KINDS["unknown"]))


def _short(text: str) -> str:
    return text if len(text) <= QUOTE else f"{text[:QUOTE].rstrip()}…"


REMARKS: dict[str, Any] = {
    "subject": _l("Perihal: %(value)s"),
    "from": _l("Dari: %(value)s"),
    "forwarded": _l("Diteruskan pengirim dari percakapan lain."),
    "automatic": _l("Surel otomatis."),
    "remote_pictures": _l("Gambar dari luar tidak dimuat."),
    "cut": _l("Dipotong: terlalu panjang."),
    "written_on_phone": _l("Ditulis di telepon kantor; diimpor petugas ini."),
    "brought_by_hand": _l("Dimasukkan petugas."),
    "without_file": _l("Berkasnya tidak ikut terkirim."),
    "group": _l("Dari sebuah grup."),
    "referral": _l("Datang lewat: %(value)s"),
    "errors": _l("WhatsApp melaporkan galat: %(value)s"),
}


def _remarks(one: Message) -> list[str]:
    """What the channel tells besides, in words that are known here."""
    details = _details(one)
    known = [(name, details[name]) for name in REMARKS if details.get(name)]
    return [str(REMARKS[name]) % {"value": _plain(value)} for name, value in known]


def _details(one: Message) -> dict[str, Any]:
    try:
        details = json.loads(one.details) if one.details else {}
    except ValueError:
        return {}
    return details if isinstance(details, dict) else {}


def _plain(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text[:QUOTE]
