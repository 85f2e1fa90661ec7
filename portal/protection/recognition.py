"""What a file is, told by its content alone; whatever is not in these tables is refused."""

import io
import re
import zipfile
from dataclasses import dataclass

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True)
class Kind:
    """A kind of file we accept: what it is to a person, to a browser, and in a name."""

    kind: str
    mime: str
    extension: str


JPEG = Kind("picture", "image/jpeg", ".jpg")
PNG = Kind("picture", "image/png", ".png")
WEBP = Kind("picture", "image/webp", ".webp")
PDF = Kind("pdf", "application/pdf", ".pdf")
MP3 = Kind("audio", "audio/mpeg", ".mp3")
AAC = Kind("audio", "audio/aac", ".aac")
MP4 = Kind("video", "video/mp4", ".mp4")
M4A = Kind("audio", "audio/mp4", ".m4a")
MOV = Kind("video", "video/quicktime", ".mov")
GPP = Kind("video", "video/3gpp", ".3gp")

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
OOXML = {
    "word/document.xml": Kind("document", f"{_OOXML}wordprocessingml.document", ".docx"),
    "xl/workbook.xml": Kind("document", f"{_OOXML}spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": Kind("document", f"{_OOXML}presentationml.presentation", ".pptx"),
}
ODF = {
    f"{_ODF}text": Kind("document", f"{_ODF}text", ".odt"),
    f"{_ODF}spreadsheet": Kind("document", f"{_ODF}spreadsheet", ".ods"),
    f"{_ODF}presentation": Kind("document", f"{_ODF}presentation", ".odp"),
}
# The name of the stream that makes a compound file (Office 97-2003) what it is.
COMPOUND = {
    "WordDocument": Kind("document", "application/msword", ".doc"),
    "Workbook": Kind("document", "application/vnd.ms-excel", ".xls"),
    "PowerPoint Document": Kind("document", "application/vnd.ms-powerpoint", ".ppt"),
}
SIGNATURES = (
    (rb"\xff\xd8\xff", JPEG),
    (rb"\x89PNG\r\n\x1a\n", PNG),
    (rb"RIFF....WEBP", WEBP),
    (rb"\s{0,64}%PDF-\d", PDF),
    (rb"ID3[\x02-\x04]", MP3),
    (rb"\xff[\xf0\xf1\xf8\xf9]", AAC),
    (rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", MP3),
    (rb"OggS\x00", Kind("audio", "audio/ogg", ".ogg")),
    (rb"RIFF....WAVE", Kind("audio", "audio/wav", ".wav")),
    (rb"#!AMR", Kind("audio", "audio/amr", ".amr")),
    (rb"\x1aE\xdf\xa3.{1,60}webm", Kind("video", "video/webm", ".webm")),
    (rb"....ftyp(?:M4A|M4B|F4A)", M4A),
    (rb"....ftyp(?:mp4|isom|iso\d|avc1|M4V|MSNV|dash|mmp4|F4V)", MP4),
    (rb"....ftyp(?:3gp|3g2|3ge|kddi)", GPP),
    (rb"....(?:ftypqt  |(?:moov|mdat|wide|free)....)", MOV),
)
EXTENSIONS = {
    *(kind.extension for _, kind in SIGNATURES),
    *(kind.extension for table in (OOXML, ODF, COMPOUND) for kind in table.values()),
    *(".jpeg", ".jpe", ".opus", ".oga", ".mpga", ".m4v", ".3gpp", ".qt", ".wave"),
}


def recognise(data: bytes) -> Kind | None:
    """The kind of `data`, or None for whatever we do not accept."""
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(OLE):
        return _compound(data)
    return next((kind for sign, kind in SIGNATURES if re.match(sign, data, re.DOTALL)), None)


def _zipped(data: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _office(archive)
    except Exception:  # a damaged archive breaks its reader in a dozen ways
        return None


def _office(archive: zipfile.ZipFile) -> Kind | None:
    names = set(archive.namelist())
    if "mimetype" in names:
        with archive.open("mimetype") as entry:
            return ODF.get(entry.read(100).decode("ascii", "replace").strip())
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for name, kind in OOXML.items() if name in names), None)


def _compound(data: bytes) -> Kind | None:
    return next((kind for name, kind in COMPOUND.items() if stream_named(data, name)), None)


def stream_named(data: bytes, name: str) -> bool:
    """Whether a compound file has a directory entry of this name (64 bytes, UTF-16)."""
    return f"{name}\0".encode("utf-16-le") in data
