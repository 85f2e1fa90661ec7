"""A letter of every kind about invented people: what settings are tried on before they count.

The words lie in `specimens/<kind>.json`, names of the harmed in braces, so that they stand there as
the office wants them. Letterhead, clauses and number come from the settings.
"""

import io
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from models import LetterKind
from portal.indonesia.names import initials
from portal.letters import numbers, office, verification
from portal.letters.entry import Content
from portal.letters.kinds import INITIALS
from portal.letters.numbers import RegisterError
from portal.letters.said import Said, lines

FOLDER = Path(__file__).parent / "specimens"
HARMED = re.compile(r"\{([^{}]+)\}")
MARK, GREY, DEGREES, SIZE = "CONTOH", 0.9, 55, 110
UNNUMBERED = "…"


def words(kind: LetterKind, names: str = "") -> Content:
    """What the letter says but for what the settings say; `names` as the setting has it."""
    found: Content = _named(json.loads(_file(kind)), names == INITIALS)
    return found


def content(kind: LetterKind, said: Said, on: date) -> Content:
    """The specimen as the settings `said` (`said.texts` of the kind) would have it on a day."""
    own = words(kind, said["names"].strip())
    clauses = {
        "opening": said["opening"],
        "closing": said["closing"],
        "copy_to": lines(said["copies"]),
        "considering": office.points(
            [*own.get("considering", [])[:1], *lines(said["letter_considering"])]
        ),
        "basis": office.points(lines(said["letter_basis"])),
    }
    known = {
        name: value for name, value in clauses.items() if isinstance(own.get(name), type(value))
    }
    return (
        own
        | known
        | office.common(said)
        | {
            "number": _number(said, on),
            "dated": on.isoformat(),
            "verification": verification.address("0" * 32),
            "signed": "",
        }
    )


def stamped(pdf: bytes) -> bytes:
    """`pdf` with the word CONTOH behind the text of every page: nobody takes it for a letter."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        sheet = pikepdf.Rectangle(document.pages[0].mediabox)
        with pikepdf.open(io.BytesIO(_mark(sheet.width, sheet.height))) as mark:
            for page in document.pages:
                page.add_underlay(mark.pages[0], sheet)
            document.save(out)
    return out.getvalue()


def _mark(width: float, height: float) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    canvas.translate(width / 2, height / 2)
    canvas.rotate(DEGREES)
    canvas.setFillGray(GREY)
    canvas.setFont("Helvetica-Bold", SIZE)
    canvas.drawCentredString(0, -SIZE / 3, MARK)
    canvas.save()
    return out.getvalue()


def _number(said: Said, on: date) -> str:
    start = said["start"].strip()
    try:
        return numbers.printed(said, int(start) if numbers.FIRST.fullmatch(start) else 1, on)
    except RegisterError:
        return UNNUMBERED


@cache
def _file(kind: LetterKind) -> str:
    return (FOLDER / f"{kind.value}.json").read_text(encoding="utf-8")


def _named(value: Any, short: bool) -> Any:
    """Every text of `value` with its names in full, or as initials."""
    if isinstance(value, dict):
        return {key: _named(one, short) for key, one in value.items()}
    if isinstance(value, list):
        return [_named(one, short) for one in value]
    if isinstance(value, str):
        return HARMED.sub(lambda name: initials(name[1]) if short else name[1], value)
    return value
