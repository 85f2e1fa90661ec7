"""The virus scanner: clamd, spoken to in its own protocol (clamd(8), INSTREAM).

With `CLAMD_URL` every new attachment begins in quarantine, and the job that scans it is a row of
the same transaction: whoever adds an attachment cannot forget either. Without it attachments are
marked as never scanned.
"""

import socket
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection, event, insert

from models import Attachment, Job, Scan
from portal.queue import Away

JOB = "scan_file"
CHUNK = 1 << 16
SECONDS = 60
LONGEST_ANSWER = 4_096
# What clamd calls a file it could not look into: no virus, but no all-clear either.
NOT_LOOKED_INTO = ("Heuristics.Limits", "Heuristics.Encrypted")

_place: list[str] = []


class Verdict(NamedTuple):
    """What clamd says of a file, and the name of what it found."""

    state: Scan
    name: str = ""


def configure(url: str) -> None:
    """Scan at `url` (`tcp://host:port`, `unix:///path`) from now on, or not at all (empty)."""
    _place[:] = [url] if url else []


def on() -> bool:
    """Whether there is a scanner."""
    return bool(_place)


def examine(data: bytes) -> Verdict:
    """Clean or infected; still in quarantine where clamd could not look into it.

    Raises Away when clamd is not there or has trouble of its own: try again.
    """
    return _judged(_ask(b"INSTREAM", _framed(data)))


def _judged(answer: str) -> Verdict:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict(Scan.clean)
    name = said.removesuffix(" FOUND")
    if name == said:
        if "size limit exceeded" in said:
            return Verdict(Scan.quarantined, said)
        raise Away("clamd")
    looked_into = not name.startswith(NOT_LOOKED_INTO)
    return Verdict(Scan.infected if looked_into else Scan.quarantined, name)


def trouble(most: int) -> str:
    """What is wrong with the scanner for files of `most` bytes; nothing when it is well or off."""
    if not on():
        return ""
    if _ask(b"PING") != "PONG":
        raise Away("clamd")
    if examine(bytes(most)).state is not Scan.clean:
        return "clamd takes smaller files than the portal: raise StreamMaxLength and MaxFileSize"
    return ""


# --- the protocol -------------------------------------------------------------------------------


def _framed(data: bytes) -> Iterator[bytes]:
    """Pieces with their length before them, and an empty one at the end."""
    for start in range(0, len(data), CHUNK):
        piece = data[start : start + CHUNK]
        yield len(piece).to_bytes(4, "big") + piece
    yield bytes(4)


def _ask(command: bytes, pieces: Iterable[bytes] = ()) -> str:
    try:
        with closing(_connected()) as line:
            _send(line, b"z" + command + b"\0", pieces)
            return _answer(line)
    except OSError as error:
        raise Away("clamd") from error


def _send(line: socket.socket, command: bytes, pieces: Iterable[bytes]) -> None:
    """All of it, unless clamd stops listening because it has had enough: its answer says so."""
    try:
        line.sendall(command)
        for piece in pieces:
            line.sendall(piece)
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(line: socket.socket) -> str:
    said = bytearray()
    with suppress(ConnectionResetError):  # clamd hung up on what it had not read, but did answer
        while len(said) < LONGEST_ANSWER and (piece := line.recv(LONGEST_ANSWER)):
            said += piece
    if not said:
        raise ConnectionResetError("clamd hung up without an answer")
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected() -> socket.socket:
    place = urlsplit(_place[0])
    if place.scheme == "tcp":
        return socket.create_connection((place.hostname, place.port or 3310), SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(SECONDS)
    try:
        line.connect(place.path)
    except OSError:
        line.close()
        raise
    return line


# --- every new attachment -----------------------------------------------------------------------


def attach() -> None:
    """Put quarantine and scan under every new attachment, whichever way it comes."""
    if not event.contains(Attachment, "before_insert", _hold):
        event.listen(Attachment, "before_insert", _hold)
        event.listen(Attachment, "after_insert", _ask_for_scan)


def _hold(_mapper: Any, _connection: Connection, row: Attachment) -> None:
    row.scan = Scan.quarantined if on() else Scan.unscanned


def _ask_for_scan(_mapper: Any, connection: Connection, row: Attachment) -> None:
    if on():
        payload = {"attachment_id": row.id}
        connection.execute(insert(Job).values(kind=JOB, payload=payload))
