"""Office documents, kept as they came: looked through for what runs, fetches or hides something.

What runs (macros, DDE, programs) is refused, and whatever grows beyond measure when opened; what a
reader fetches from elsewhere or opens inside is flagged, for institutions send such documents
without meaning harm. Everything is told by content types, relations and elements, not by the names
of the parts, which the sender chooses.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from portal.protection import flags
from portal.protection.recognition import stream_named
from portal.wording import _

MAX_UNPACKED = 300_000_000
MAX_RATIO = 200
MAX_ENTRIES = 20_000
MAX_DEPTH = 3
PIECE = 1 << 16
ALLOWANCE = 1_000_000

_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"MSCF")
_GZIP, _ZIP, _OLE = b"\x1f\x8b", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_MACRO_NAMES = ("vbaproject", "/activex/", "basic/", "scripts/", "macrosheets/")
_MACRO_TYPES = re.compile(r"macroEnabled|vbaProject|macrosheet|activeX", re.IGNORECASE)
_DDE = re.compile(r"\bDDE(?:AUTO)?\b")
_DDE_IN_BYTES = re.compile(rb"\x13\s{0,9}DDE|\x13\x00(?:\s\x00){0,9}D\x00D\x00E\x00")
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]+:|//|\\\\)", re.IGNORECASE)
_LINKS = {"a", "bookmark-ref"}
_RUNS_IN_ODF = {"event-listener", "dde-source", "dde-link"}


class OfficeError(Exception):
    """Why this document is not taken, in a sentence for the one who sent it."""


def check(data: bytes) -> tuple[str, ...]:
    """The flags of a document. Raises OfficeError with a sentence for what is not taken."""
    found = _compound(data) if data.startswith(_OLE) else _package(data, [MAX_UNPACKED], 1)
    return tuple(sorted(found))


def _macros() -> OfficeError:
    return OfficeError(
        _("Dokumen ini memuat makro. Simpan tanpa makro atau sebagai PDF, lalu kirim ulang.")
    )


def _program() -> OfficeError:
    return OfficeError(
        _("Dokumen ini memuat program atau arsip lain. Simpan sebagai PDF, lalu kirim ulang.")
    )


def _commands() -> OfficeError:
    return OfficeError(
        _("Dokumen ini menjalankan perintah bila dibuka. Simpan sebagai PDF, lalu kirim ulang.")
    )


def _too_large() -> OfficeError:
    return OfficeError(_("Dokumen ini menjadi terlalu besar bila dibuka."))


# --- Office 97-2003 -----------------------------------------------------------------------------


def _compound(data: bytes) -> set[str]:
    """What its directory names; the rest of such a file nobody can promise."""
    if any(stream_named(data, name) for name in ("_VBA_PROJECT", "VBA", "Macros")):
        raise _macros()
    if stream_named(data, "\x01Ole10Native"):
        raise _program()
    if _DDE_IN_BYTES.search(data):
        raise _commands()
    embedded = {flags.EMBEDDED} if stream_named(data, "ObjectPool") else set()
    return {flags.OLD_FORMAT, *embedded}


# --- zipped: OOXML and OpenDocument ---------------------------------------------------------------


def _package(data: bytes, left: list[int], depth: int) -> set[str]:
    """The flags of a package and of those inside it; `left` bytes may still be unpacked."""
    if depth > MAX_DEPTH:
        raise _too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _refuse_bomb(entries, len(data), left)
            if any(_runs(entry.filename.lower()) for entry in entries):
                raise _macros()
            found: set[str] = set()
            for entry in entries:
                found |= _part(entry.filename.lower(), archive.read(entry), left, depth)
            return found
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, RuntimeError):
        raise OfficeError(_("Dokumen ini rusak atau dikunci dengan kata sandi.")) from None


def _refuse_bomb(entries: list[zipfile.ZipInfo], size: int, left: list[int]) -> None:
    """Before anything is unpacked: `zipfile` never gives more than the directory says."""
    unpacked = sum(entry.file_size for entry in entries)
    left[0] -= unpacked
    if len(entries) > MAX_ENTRIES or left[0] < 0 or unpacked > MAX_RATIO * size + ALLOWANCE:
        raise _too_large()


def _runs(name: str) -> bool:
    return any(name.startswith(part) or part in name for part in _MACRO_NAMES)


def _part(name: str, data: bytes, left: list[int], depth: int) -> set[str]:
    if data.startswith((*_PROGRAMS, *_OTHER_ARCHIVES)):
        raise _program()
    if data.startswith(_ZIP):
        return {flags.EMBEDDED} | _package(data, left, depth + 1)
    if data.startswith(_OLE):
        return {flags.EMBEDDED} | _compound(data) - {flags.OLD_FORMAT}
    if data.startswith(_GZIP):
        _unpack(data, left)
        return set()
    return _marked(name, data) if name.endswith((".xml", ".rels", ".vml")) else set()


def _unpack(data: bytes, left: list[int]) -> None:
    """Drawings are gzipped (`.emz`): how much is in there is counted, not believed."""
    stream = zlib.decompressobj(wbits=31)
    while data and not stream.eof:
        left[0] -= len(stream.decompress(data, PIECE))
        if left[0] < 0:
            raise _too_large()
        data = stream.unconsumed_tail


# --- what the markup says -------------------------------------------------------------------------


class _Reader:
    """One part of a document, read element by element."""

    def __init__(self, name: str) -> None:
        self.name, self.found, self.code = name, set[str](), list[str]()
        self.inside_code = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity

    def entity(self, *_declared: object) -> None:
        """Office writes no entities: who does wants them to grow, or to read a file."""
        raise _commands()

    def start(self, element: str, given: dict[str, str]) -> None:
        """One element: by its last name, whatever prefix the sender chose."""
        tag = element.rpartition(":")[2]
        said = {key.rpartition(":")[2]: value for key, value in given.items()}
        if any(_MACRO_TYPES.search(said.get(key, "")) for key in ("ContentType", "Type")):
            raise _macros()
        if tag in _RUNS_IN_ODF or tag == "ddeLink":
            raise _commands()
        if tag == "encryption-data":
            raise OfficeError(_("Dokumen ini rusak atau dikunci dengan kata sandi."))
        self.inside_code = tag == "instrText"
        self.code += [said["instr"]] if tag == "fldSimple" and "instr" in said else []
        self.found |= set(_flags(tag, said))

    def text(self, piece: str) -> None:
        """The text of a field: a command may be cut into many runs."""
        if self.inside_code:
            self.code.append(piece)

    def end(self, _element: str) -> None:
        """After an element its text is over."""
        self.inside_code = False


def _flags(tag: str, said: dict[str, str]) -> Iterator[str]:
    if tag == "Relationship":
        kind = said.get("Type", "").rpartition("/")[2]
        if said.get("TargetMode") == "External" and kind != "hyperlink":
            yield flags.EXTERNAL
        if kind in ("oleObject", "package", "aFChunk"):
            yield flags.EMBEDDED
    elif "href" in said and tag not in _LINKS and _ELSEWHERE.match(said["href"]):
        yield flags.EXTERNAL


def _marked(name: str, data: bytes) -> set[str]:
    reader = _Reader(name)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError:
        raise OfficeError(_("Dokumen ini rusak atau dikunci dengan kata sandi.")) from None
    if _DDE.search("".join(reader.code)):
        raise _commands()
    return reader.found
