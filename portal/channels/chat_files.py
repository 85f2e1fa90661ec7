"""The file that a telephone makes of a chat: the text alone, or a zip with what came with it.

Names inside are labels and nothing else; what would grow beyond measure when opened is refused
before it is opened.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from portal.wording import _

MEGABYTE = 1_000_000
MOST_ENTRIES = 5_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_TEXT = 20 * MEGABYTE
MOST_RATIO = 200
ALLOWANCE = MEGABYTE
BEGINNINGS = ("_chat", "whatsapp chat", "chat whatsapp")
ZIP = b"PK\x03\x04"
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError),
    *(EOFError, RuntimeError, OSError, ValueError),
)


class Refused(Exception):
    """A file that is no export, or not a safe one; `sentence` says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class ChatFile:
    """The text of a chat, its files by the names in it, and those too large to be taken."""

    text: str
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    too_large: frozenset[str] = frozenset()


def opened(data: bytes, largest: int) -> ChatFile:
    """What an officer uploaded; files of more than `largest` bytes are left out and named.

    Raises Refused.
    """
    if not data.startswith(ZIP):
        return ChatFile(_text(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive, len(data), largest)
    except _BROKEN:
        raise Refused(_("Arsip ini rusak atau dikunci dengan kata sandi.")) from None


def _unpacked(archive: zipfile.ZipFile, size: int, largest: int) -> ChatFile:
    entries = [one for one in archive.infolist() if not one.is_dir()]
    unpacked = sum(one.file_size for one in entries)
    ratio = unpacked > MOST_RATIO * size + ALLOWANCE
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or ratio:
        raise Refused(_("Arsip ini menjadi terlalu besar bila dibuka."))
    chat = _chat(entries)
    files = {label(one): one for one in entries if one is not chat}
    return ChatFile(
        _text(archive.read(chat)),
        {name: archive.read(one) for name, one in files.items() if one.file_size <= largest},
        frozenset(name for name, one in files.items() if one.file_size > largest),
    )


def _chat(entries: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The text of the chat; a text file that somebody sent has another name."""
    texts = [one for one in entries if label(one).lower().endswith(".txt")]
    named = [one for one in texts if label(one).lower().startswith(BEGINNINGS)]
    found = named or texts
    if len(found) != 1:
        raise Refused(_("Di arsip ini tidak ada satu berkas percakapan (.txt) yang jelas."))
    if found[0].file_size > MOST_TEXT:
        raise Refused(_("Arsip ini menjadi terlalu besar bila dibuka."))
    return found[0]


def label(entry: zipfile.ZipInfo) -> str:
    """The last part of a name, however it was written."""
    return PurePosixPath(entry.filename.replace("\\", "/")).name


def _text(data: bytes) -> str:
    """The text in the encoding it is in; telephones write UTF-8."""
    if len(data) > MOST_TEXT:
        raise Refused(_("Berkas percakapan ini terlalu besar."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:4096]:
        raise Refused(_("Ini bukan ekspor percakapan: pilih berkas .txt atau .zip dari WhatsApp."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
