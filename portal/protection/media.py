"""Recordings, kept as they came but for what tells where and with what they were made.

Sound and picture cannot be made anew here. The boxes that hold place, device and title are
emptied where they lie: nothing moves, so the recording plays on.
"""

import re
import struct
from collections.abc import Iterator

from portal.protection.recognition import AAC, MP3, Kind

ISO = {"video/mp4", "audio/mp4", "video/quicktime", "video/3gpp"}
_FORGOTTEN = {b"udta", b"meta", b"uuid"}
_HOLDERS = {b"moov", b"trak", b"mdia", b"minf"}
_DEPTH = 6
_MARKUP = re.compile(rb"<(?:!doctype|html|script|svg|head|body|iframe|\?php)|%PDF-", re.IGNORECASE)
_HEAD = 1_024


def poses(data: bytes) -> bool:
    """Whether a file that is not made anew begins like a page or a PDF as well."""
    return bool(_MARKUP.search(data[:_HEAD]))


def forget(data: bytes, kind: Kind) -> tuple[bytes, bool]:
    """The recording without what it tells about itself, and whether that may have been a place."""
    if kind.mime in ISO:
        return _emptied(data, list(_boxes(data, 0, len(data), 0)), b"free")
    if kind.mime == "audio/wav":
        return _emptied(data, list(_chunks(data)), b"JUNK", name_at=0)
    return (_untagged(data) if kind in (MP3, AAC) else data), False


Place = tuple[int, int, int]  # where a box begins, where its content begins, where it ends


def _emptied(data: bytes, places: list[Place], name: bytes, name_at: int = 4) -> tuple[bytes, bool]:
    """The boxes at `places` renamed to what every player skips, and filled with zeros."""
    if not places:
        return data, False
    clean = bytearray(data)
    for start, content, end in places:
        clean[start + name_at : start + name_at + 4] = name
        clean[content:end] = bytes(end - content)
    return bytes(clean), True


# --- MP4, M4A, MOV, 3GP (ISO 14496-12) --------------------------------------------------------


def _boxes(data: bytes, start: int, end: int, depth: int) -> Iterator[Place]:
    """The boxes to be forgotten between `start` and `end`; broken sizes end the walk."""
    while start + 8 <= end and depth < _DEPTH:
        size, name = struct.unpack_from(">I4s", data, start)
        content = start + 8
        if size == 1 and start + 16 <= end:
            size, content = struct.unpack_from(">Q", data, content)[0], start + 16
        stop = end if size == 0 else start + size
        if stop > end or stop < content:
            return
        if name in _FORGOTTEN:
            yield start, content, stop
        elif name in _HOLDERS:
            yield from _boxes(data, content, stop, depth + 1)
        start = stop


# --- WAV (RIFF) ---------------------------------------------------------------------------------

_TOLD = {b"LIST", b"bext", b"iXML", b"_PMX", b"id3 ", b"ID3 ", b"cart", b"aXML"}


def _chunks(data: bytes) -> Iterator[Place]:
    start = 12
    while start + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, start)
        stop = min(start + 8 + size, len(data))
        if name in _TOLD:
            yield start, start + 8, stop
        start = stop + size % 2


# --- MP3 and AAC (ID3) --------------------------------------------------------------------------


def _untagged(data: bytes) -> bytes:
    """Without the tags before and behind the sound."""
    clean = data
    while clean.startswith(b"ID3") and len(clean) > 10:
        size = 0
        for byte in clean[6:10]:  # seven bits each
            size = size << 7 | byte & 0x7F
        clean = clean[10 + size + (10 if clean[5] & 0x10 else 0) :]
    if clean[-128:].startswith(b"TAG"):
        clean = clean[:-128]
    return clean
