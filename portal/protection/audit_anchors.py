"""The anchor: where the chain ends, written every five minutes into a file outside the database.

Who cuts off the end of the log and sets its head back leaves a whole chain behind; the anchors
still tell how far it went. Every line is signed (Ed25519, the key derived from the root of the
ring) and carries the hash of the line before it. Copy the file to another machine, too: with the
public key, which `flask audit verify --json` prints, anybody can check it there.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import begin_writing
from portal.protection.audit_chain import HEAD
from portal.protection.vault import ring

PURPOSE = "audit-anchor"
AT_LEAST = timedelta(days=1)
LONGEST_LINE = 4096
_places: list[Path] = []


def configure(path: Path) -> None:
    """Write the anchors of this process to `path`."""
    _places[:] = [path]


def path() -> Path:
    """Where the anchors are; RuntimeError before the start."""
    if not _places:
        raise RuntimeError("no place for the anchors of the log is configured")
    return _places[0]


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring().derive(PURPOSE))


def public_key() -> str:
    """What checks the signatures elsewhere, as hexadecimal."""
    return _key().public_key().public_bytes_raw().hex()


def anchor(session: Session, now: datetime) -> bool:
    """Write where the chain ends, if it moved since the last anchor or a day has passed.

    The caller commits. The line reaches the disk before the database says that it was written.
    Where the chain ends is read while nobody else can write an anchor: numbers only rise.
    """
    with _locked() as file:
        head = session.connection().execute(select(HEAD)).one()
        last = _last_line(file)
        if not _due(last, head.sequence, now):
            return False
        told = {
            "at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "sequence": head.sequence,
            "mac": bytes(head.mac).hex(),
            "before": sha256(last).hexdigest() if last else "",
        }
        file.write(_signed(told))
        file.flush()
        os.fsync(file.fileno())
    begin_writing(session)
    further = update(HEAD).where(HEAD.c.anchored < head.sequence)
    session.connection().execute(further.values(anchored=head.sequence))
    return True


@contextmanager
def _locked() -> Iterator[BinaryIO]:
    """The file, made if there is none; one process at a time."""
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _last_line(file: BinaryIO) -> bytes:
    """The last whole line; one that a crash cut short is taken back."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LINE))
    tail = file.read()
    end = tail.rfind(b"\n") + 1
    if end < len(tail):
        file.truncate(size - len(tail) + end)
    whole = tail[:end].splitlines()
    return whole[-1] if whole else b""


def _due(last: bytes, sequence: int, now: datetime) -> bool:
    """Never behind an anchor of ours that is further: this transaction may have begun before it."""
    told = _told(last)
    if told is None or not _is_ours(_key().public_key(), told):
        return True
    if told["sequence"] != sequence:
        return bool(told["sequence"] < sequence)
    return now - datetime.fromisoformat(told["at"]) >= AT_LEAST


def _signed(told: dict[str, Any]) -> bytes:
    signature = _key().sign(_canonical(told)).hex()
    return json.dumps(told | {"signature": signature}, separators=(",", ":")).encode() + b"\n"


def _canonical(told: dict[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode()


# --- reading --------------------------------------------------------------------------------


@contextmanager
def opened() -> Iterator[BinaryIO | None]:
    """The file for reading, None where there is none."""
    if not path().exists():
        yield None
        return
    with path().open("rb") as file:
        yield file


def read(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Each line with its number: what it says, None where it is not as it was written.

    A last line that a crash broke off was never anchored: it is passed over.
    """
    public, before = _key().public_key(), b""
    for number, raw in enumerate(lines, 1):
        if not raw.endswith(b"\n"):
            return
        line = raw.rstrip(b"\n")
        told = _told(line)
        follows = told is not None and told["before"] == (
            sha256(before).hexdigest() if before else ""
        )
        yield number, told if told is not None and follows and _is_ours(public, told) else None
        before = line


def _told(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
        known = isinstance(told, dict) and told.keys() >= {"at", "sequence", "mac", "before"}
    except ValueError:
        return None
    return told if known else None


def _is_ours(public: Any, told: dict[str, Any]) -> bool:
    signed = {name: value for name, value in told.items() if name != "signature"}
    try:
        public.verify(bytes.fromhex(str(told.get("signature", ""))), _canonical(signed))
    except (InvalidSignature, ValueError):
        return False
    return True
