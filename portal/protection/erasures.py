"""What was erased, once more outside of the database: signed lines that outlive a restore.

A backup from before an erasure brings back what was erased. Each erasure is therefore also a
line here, with the uuid of the emptied row and nothing about anybody, and a restore erases anew
what the lines name. A line carries a MAC under a key of its own, so that nobody can have rows
erased by adding lines.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.protection.vault import ring

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
    """Append a line; on the disk when this returns. Twice the same does no harm."""
    text = json.dumps({**asdict(line), "mac": _mac(line)}, sort_keys=True) + "\n"
    descriptor = os.open(path(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _end_torn_line(descriptor)
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _end_torn_line(descriptor: int) -> None:
    """A line that a power cut broke off must not swallow the next one."""
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        os.write(descriptor, b"\n")


def lines() -> list[str]:
    """The lines as they stand; none where nothing was ever erased."""
    return path().read_text().splitlines() if path().exists() else []


def read(given: Iterable[str]) -> Iterator[Line]:
    """The erasures that `given` lines tell of. Raises Forged at one with a wrong MAC.

    What a power cut broke off was written again: it is no JSON and passed over.
    """
    for number, text in enumerate(given, 1):
        said = _parsed(text)
        if said is None:
            continue
        mac = str(said.pop("mac", ""))
        if said.keys() != Line.__dataclass_fields__.keys():
            raise Forged(f"line {number} is no erasure")
        line = Line(**{name: str(value) for name, value in said.items()})
        if not hmac.compare_digest(mac, _mac(line)):
            raise Forged(f"line {number} was not written by this portal")
        yield line


def _parsed(text: str) -> dict[str, object] | None:
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _mac(line: Line) -> str:
    told = json.dumps(asdict(line), sort_keys=True).encode()
    return hmac.digest(ring().derive("erasures"), told, "sha256").hex()
