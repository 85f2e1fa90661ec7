"""What was erased, once more outside of the database: signed lines that outlive a restore.

A backup from before an erasure brings back what was erased. Each erasure is therefore also a
line here, with the uuid of the emptied row and nothing about anybody, and a restore erases anew
what the lines name. A line carries a MAC under a key of its own, so that nobody can have rows
erased by adding lines, and the hash of the line before, so that none is taken out unnoticed.
"""

import fcntl
import hmac
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal.protection.vault import ring

log = logging.getLogger(__name__)

_WAITING = "portal.erasures"
_paths: list[Path] = []


class Forged(Exception):
    """A line that this portal did not write; the message names its number."""


@dataclass(frozen=True)
class Line:
    """One erasure: its own uuid, the table and uuid of the emptied row, why, when (ISO, UTC)."""

    erasure: str
    table: str
    subject: str
    ground: str
    at: str


def configure(path: Path) -> None:
    """Keep the lines in `path` from now on in this process."""
    _paths[:] = [path]


def path() -> Path:
    """The file, whether it exists yet or not."""
    return _paths[0]


def note(line: Line) -> None:
    """Append a line, unless it is there already; on the disk when this returns."""
    descriptor = os.open(path(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = _whole_lines(file)
        if not any(line.erasure.encode() in one for one in whole):
            file.write(_signed(line, whole[-1] if whole else b""))
        os.fsync(file)


def _whole_lines(file: BinaryIO) -> list[bytes]:
    """The lines as they stand; one that a power cut broke off is taken back."""
    content = file.read()
    end = content.rfind(b"\n") + 1
    if end < len(content):
        file.truncate(end)
    return content[:end].splitlines()


def _signed(line: Line, before: bytes) -> bytes:
    told = asdict(line) | {"before": _hash(before)}
    return json.dumps(told | {"mac": _mac(told)}, sort_keys=True).encode() + b"\n"


def _hash(line: bytes) -> str:
    return sha256(line).hexdigest() if line else ""


# --- right after the commit ---------------------------------------------------------------------


def note_after_commit(session: Session, line: Line) -> None:
    """Note `line` as soon as the transaction of `session` is committed, if it ever is.

    A job notes it as well: for when the process dies in between, or the disk is full.
    """
    session.info.setdefault(_WAITING, []).append(line)


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for line in session.info.pop(_WAITING, ()):
        try:
            note(line)
        except OSError as error:
            log.error("an erasure waits for its job to be noted: %s", error.strerror)


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(session: Session, _transaction: SessionTransaction) -> None:
    session.info.pop(_WAITING, None)


@event.listens_for(Session, "after_transaction_end")
def _after_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_WAITING, None)


# --- reading ------------------------------------------------------------------------------------


def lines() -> list[str]:
    """The lines as they stand; none where nothing was ever erased."""
    return path().read_text().splitlines() if path().exists() else []


def read(given: Iterable[str]) -> Iterator[Line]:
    """The erasures that `given` lines tell of.

    Raises Forged at a line with a wrong MAC, one that cannot be read, and one before which
    something is missing. Only the last may be broken off: whoever wrote it writes it again.
    """
    texts, before = list(given), b""
    for number, text in enumerate(texts, 1):
        said = _parsed(text)
        if said is None and number == len(texts):
            return
        yield _line(number, said or {}, _hash(before))
        before = text.encode()


def _line(number: int, said: dict[str, object], before: str) -> Line:
    mac = str(said.pop("mac", ""))
    told = {name: str(value) for name, value in said.items()}
    if told.keys() != {*Line.__dataclass_fields__, "before"}:
        raise Forged(f"line {number} is no erasure")
    if not hmac.compare_digest(mac, _mac(told)):
        raise Forged(f"line {number} was not written by this portal")
    if told.pop("before") != before:
        raise Forged(f"a line is missing before line {number}")
    return Line(**told)


def _parsed(text: str) -> dict[str, object] | None:
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _mac(told: dict[str, str]) -> str:
    text = json.dumps(told, sort_keys=True).encode()
    return hmac.digest(ring().derive("erasures"), text, "sha256").hex()
