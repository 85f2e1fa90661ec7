"""Letters for the archive: what a typesetter made becomes PDF/A-2b (ISO 19005-2, level B).

Everything the paper shows lies in the file itself: its fonts, and what its colours mean. Title,
language and dates stand in it twice, as XMP and in the old place, and say the same. The text layer
is plain Unicode, so that words can be searched and copied.
"""

import io
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from portal.letters import RenderError
from portal.wording import _

# sRGB of the International Color Consortium: README.md beside it has its terms.
PROFILE = Path(__file__).parent / "colour" / "sRGB2014.icc"
LANGUAGE = "id"
PRODUCER = "Ruang Aman"

# What ReportLab sets before it draws: a font that is never used, in an empty piece of text.
UNUSED_FONT = re.compile(rb"BT /F1 [\d.]+ Tf [\d.]+ TL ET\s")
BEYOND_BMP = re.compile(rb"<((?:10|[1-9A-F])[0-9A-F]{4})>")


def archived(pdf: bytes, dated: str | None = None) -> bytes:
    """`pdf` as PDF/A-2b, the same bytes each time; `dated` (ISO) is the date of the document.

    Raises RenderError where a font is drawn with that does not lie in the file.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            _drop_unused_font(document, page)
        for item in document.objects:
            if isinstance(item, Dictionary) and "/ToUnicode" in item:
                _repair_mapping(item.ToUnicode)
        _say_what_colours_mean(document)
        _describe(document, dated)
        document.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


def _drop_unused_font(document: Pdf, page: pikepdf.Page) -> None:
    """Take the standard font that no file embeds off the page; it must not be drawn with."""
    drawn = UNUSED_FONT.sub(b"", page.Contents.read_bytes())
    fonts = page.Resources.get("/Font", Dictionary())
    for name in [name for name, font in fonts.items() if "/FontDescriptor" not in font]:
        if re.search(rb"%s\s" % name.encode(), drawn):
            raise RenderError(_("Naskah tidak dapat dicetak: hurufnya tidak tersedia."))
        del fonts[name]
    page.Contents = document.make_stream(drawn)
    # How a page turns in a slide show; empty, and unknown to the standard.
    if "/Trans" in page:
        del page.Trans


def _repair_mapping(stream: Any) -> None:
    """ReportLab writes what lies beyond the BMP (emoji) as one number, not as UTF-16."""
    stream.write(BEYOND_BMP.sub(_utf16, stream.read_bytes()))


def _utf16(match: re.Match[bytes]) -> bytes:
    return b"<" + chr(int(match[1], 16)).encode("utf-16-be").hex().upper().encode() + b">"


@cache
def _profile() -> bytes:
    return PROFILE.read_bytes()


def _say_what_colours_mean(document: Pdf) -> None:
    profile = document.make_stream(_profile(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
        RegistryName=String("http://www.color.org"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    document.Root.OutputIntents = Array([document.make_indirect(intent)])


def _describe(document: Pdf, dated: str | None) -> None:
    """Title, office, language and date, for machines and for the window that shows it."""
    title, author = (str(document.docinfo.get(key, "")) for key in ("/Title", "/Author"))
    moment = date.fromisoformat(dated) if dated else None
    _old_place(document, title, author, moment)
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
        said["pdfaid:part"], said["pdfaid:conformance"] = "2", "B"
        said["dc:title"], said["dc:creator"], said["dc:language"] = title, [author], {LANGUAGE}
        said["pdf:Producer"] = PRODUCER
        if moment:
            said["xmp:CreateDate"] = said["xmp:ModifyDate"] = f"{moment}T00:00:00+07:00"
    document.Root.Lang = String(LANGUAGE)
    document.Root.MarkInfo = Dictionary(Marked=False)
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _old_place(document: Pdf, title: str, author: str, moment: date | None) -> None:
    del document.trailer.Info
    document.docinfo.Title, document.docinfo.Author = String(title), String(author)
    document.docinfo.Producer = String(PRODUCER)
    if moment:
        stamp = String(f"D:{moment:%Y%m%d}000000+07'00'")
        document.docinfo.CreationDate = document.docinfo.ModDate = stamp
