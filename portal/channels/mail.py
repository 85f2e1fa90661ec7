"""One e-mail, read: who wrote what and when, what came with it, and whether a machine wrote it.

Pure: bytes in, facts out. `imap-tools` reads what is malformed without complaint; what it raises
all the same is the caller's to catch.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

from imap_tools import MailMessage

from portal.channels import html_text

LONGEST_TEXT = 400_000
LONGEST_HEADER = 998
MOST_FILES = 50
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
SLACK = timedelta(minutes=5)
LIST, REPLY, BOUNCE = "list", "auto_reply", "bounce"
_ID = re.compile(r"<[^<>\s]{1,250}>")
_RETURNED = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+")
_LISTS = ("list-id", "list-unsubscribe", "list-post")
_PRECEDENCE = {"bulk": LIST, "list": LIST, "junk": LIST, "auto_reply": REPLY}
_DAEMONS = ("mailer-daemon@", "postmaster@")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came; its name is a label. `empty` where its bytes could not be read."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What an e-mail says.

    Args:
        outside_id: its Message-ID with the angle brackets, else made of its fingerprint.
        sender: the address in `From`, small; empty where there is none.
        at: when it says it was written; `received` where it does not, or lies.
        answers: the Message-IDs it says it answers, the nearest first.
        automatic: `list`, `auto_reply`, `bounce`, or empty for a person's.
        failed: whether it says for certain that the mail it answers did not arrive.
        remote: how many pictures it wanted to be fetched; none was.
        cut: whether its text was longer than we take.
    """

    outside_id: str
    sender: str
    name: str
    subject: str
    text: str
    at: datetime
    answers: tuple[str, ...] = ()
    automatic: str = ""
    failed: bool = False
    files: tuple[File, ...] = field(default=(), repr=False)
    remote: int = 0
    cut: bool = False

    @property
    def digest(self) -> bytes:
        """What tells two mails with one Message-ID apart, whichever way each of them came."""
        parts = (self.sender, self.subject, self.text, *(one.name for one in self.files))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).digest()


def read(raw: bytes, received: datetime) -> Mail:
    """The mail in `raw` (RFC 822), which came at `received` (aware)."""
    mail = MailMessage.from_bytes(raw)
    html = html_text.words_of(_said(mail, "text/html"))
    text, files = _content(mail, html.text)
    return Mail(
        outside_id=_identity(mail, raw),
        sender=_sender(mail),
        name=_line(mail.from_values.name if mail.from_values else ""),
        subject=_line(mail.subject),
        text=text[:LONGEST_TEXT],
        at=_written(mail, received),
        answers=_answers(mail),
        automatic=_automatic(mail),
        failed=any(_says_failed(part) for part in mail.obj.walk()),
        files=files,
        remote=html.remote,
        cut=len(text) > LONGEST_TEXT,
    )


def _content(mail: MailMessage, html: str) -> tuple[str, tuple[File, ...]]:
    """What was written (plain before HTML, texts that were attached after it), and its files."""
    texts, files = [_said(mail, "text/plain").strip() or html], []
    for one in _files(mail):
        if one.mime == "text/plain" and one.data:
            texts.append(f"[{one.name}]\n{_decoded(one.data, None)}")
        else:
            files.append(one)
    clean = "\n\n".join(texts).replace("\r\n", "\n").replace("\0", "").strip()
    return clean, tuple(files)


def _said(mail: MailMessage, kind: str) -> str:
    parts = (part for part in mail.obj.walk() if part.get_content_type() == kind)
    return "".join(
        _decoded(part.get_payload(decode=True), part.get_content_charset())
        for part in parts
        if not part.get_filename()
    )


def _decoded(data: object, charset: str | None) -> str:
    """In the encoding it names if that is true, else in the ones that are likely."""
    raw = data if isinstance(data, bytes) else b""
    for name in (charset, "utf-8"):
        with suppress(ValueError, LookupError):  # whatever it calls an encoding
            return _whole(raw.decode(name or "utf-8"))
    return raw.decode("cp1252", "replace")


def _whole(text: str) -> str:
    """Without halves of signs, which some encodings let through and no database takes."""
    return text.encode("utf-8", "replace").decode()


def _files(mail: MailMessage) -> Iterator[File]:
    for one in mail.attachments[:MOST_FILES]:
        yield File(_line(one.filename), one.content_type, one.payload or b"")
    for one in mail.attachments[MOST_FILES:]:
        yield File(_line(one.filename), one.content_type, b"")


def _identity(mail: MailMessage, raw: bytes) -> str:
    given = _ids(mail, "message-id")
    return given[0] if given else f"<{hashlib.sha256(raw).hexdigest()}@sha256>"


def _ids(mail: MailMessage, header: str) -> list[str]:
    return _ID.findall(_whole(" ".join(str(one) for one in mail.headers.get(header, ()))))


def _answers(mail: MailMessage) -> tuple[str, ...]:
    """What it answers; for a bounce the mail that did not arrive."""
    named = [*_ids(mail, "in-reply-to"), *reversed(_ids(mail, "references"))]
    for part in mail.obj.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            named += _RETURNED.findall(_returned(part))
    return tuple(dict.fromkeys(named))


def _says_failed(part: Message) -> bool:
    """Whether it is a delivery status (RFC 3464) of a mail that was given up."""
    fields: Any = part.get_payload() if part.get_content_type() == "message/delivery-status" else ()
    return any(
        str(one.get("Action", "")).strip().lower() == "failed"
        for one in fields
        if isinstance(one, Message)
    )


def _returned(part: Message) -> str:
    """The headers of the mail that comes back in a bounce, as far as they tell its name."""
    inner: Any = part.get_payload()
    if isinstance(inner, list):
        return _whole("\n".join(f"Message-ID: {one.get('Message-ID', '')}" for one in inner))
    return _decoded(part.get_payload(decode=True), None)[:20_000]


def _sender(mail: MailMessage) -> str:
    address = _whole(mail.from_).strip().casefold()
    return address if _ADDRESS.fullmatch(address) else ""


def _line(text: str) -> str:
    """One line, nothing invisible, no longer than a header may be."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_HEADER]


def _written(mail: MailMessage, received: datetime) -> datetime:
    """When it was written: not before there was e-mail here, and not after it came."""
    said = mail.date if mail.date.tzinfo else mail.date.replace(tzinfo=UTC)
    return said if EARLIEST <= said <= received + SLACK else received


def _automatic(mail: MailMessage) -> str:
    """Whether a machine wrote it (RFC 3834, RFC 2919, RFC 3464)."""
    said = {name: str(mail.headers[name][0]).strip().lower() for name in mail.headers}
    if _is_bounce(mail, said):
        return BOUNCE
    if any(name in said for name in _LISTS):
        return LIST
    if said.get("auto-submitted", "no").split(";")[0].strip() != "no" or "x-autoreply" in said:
        return REPLY
    return _PRECEDENCE.get(said.get("precedence", ""), "")


def _is_bounce(mail: MailMessage, said: dict[str, str]) -> bool:
    report = mail.obj.get_content_type() == "multipart/report"
    return (
        (report and "delivery-status" in said.get("content-type", ""))
        or said.get("return-path") == "<>"
        or mail.from_.casefold().startswith(_DAEMONS)
    )
