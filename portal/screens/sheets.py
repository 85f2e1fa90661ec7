"""Rows of text as a file that a spreadsheet opens: made a piece at a time, nothing on the disk.

A list may be a million rows long and holds what must not lie in a temporary folder in the clear,
so both kinds are written straight into the answer. (The spreadsheet libraries write XLSX to
temporary files first.) Every cell is text, and none begins like a formula: whoever saves one kind
as the other, or splits lines at another sign than ours, gets no formula either.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

Rows = Iterable[Sequence[str]]

BATCH = 500
BOM = "\ufeff"
FORMULA = frozenset("=+-@\t\r\n\u2212")
UNSEEN = {"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"}
BREAKS = re.compile(r"([;\t\r\n]+)")


# --- no cell is a formula ---------------------------------------------------------------------


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula (OWASP, CSV injection).

    An apostrophe goes before what begins, also after blanks and invisible signs, with one of
    `= + - @`, their look-alikes, a tab or an end of line; and before what would begin so if the
    text were cut at a semicolon (the separator of Indonesian spreadsheets), a tab or a line end.
    """
    parts = BREAKS.split(text.replace("\0", ""))
    guarded = [part if n % 2 else _guarded(part) for n, part in enumerate(parts)]
    whole = "".join(guarded)
    return whole if whole == guarded[0] or not _begins(whole) else f"'{whole}"


def _guarded(part: str) -> str:
    return f"'{part}" if _begins(part) else part


def _begins(text: str) -> bool:
    first = next((sign for sign in text if sign in FORMULA or not _unseen(sign)), "")
    return first in FORMULA or unicodedata.normalize("NFKC", first)[:1] in FORMULA


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN


def _batches(rows: Rows) -> Iterator[list[list[str]]]:
    """Some hundred rows at a time, every cell harmless."""
    safe = ([harmless(cell) for cell in row] for row in rows)
    while batch := list(islice(safe, BATCH)):
        yield batch


# --- CSV (RFC 4180) ---------------------------------------------------------------------------


class _Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        """The line."""
        return text


def _csv(rows: Rows) -> Iterator[bytes]:
    """UTF-8 that says so, every cell in quotes."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    mark = BOM
    for batch in _batches(rows):
        yield (mark + "".join(writer.writerow(row) for row in batch)).encode()
        mark = ""


# --- XLSX (ECMA-376, the least of it) ---------------------------------------------------------

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BOOK = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
_HEAD = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
    "</sheetViews><sheetData>"
)
_TAIL = "</sheetData></worksheet>"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
LONGEST_CELL = 32_767


class _Outbox(io.RawIOBase):
    """A file without an end: what was written is taken out and sent."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    def writable(self) -> bool:
        """It is written, never read."""
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Keep it until it is taken."""
        self.waiting += data
        return len(data)

    def take(self) -> bytes:
        """All that waits."""
        found, self.waiting = bytes(self.waiting), bytearray()
        return found


def _xlsx(rows: Rows) -> Iterator[bytes]:
    """One sheet whose cells are all strings."""
    out = _Outbox()
    with ZipFile(out, "w", ZIP_DEFLATED) as book:
        for name, part in _BOOK.items():
            book.writestr(name, _XML + part)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_HEAD.encode())
            for batch in _batches(rows):
                sheet.write("".join(map(_row, batch)).encode())
                yield out.take()
            sheet.write(_TAIL.encode())
    yield out.take()


def _row(cells: Sequence[str]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(text: str) -> str:
    """A string, spelt so that no reader takes a part of it for a sign of its own."""
    known = _ESCAPED.sub("_x005F_", _NOT_XML.sub("", text))[:LONGEST_CELL]
    spelt = escape(known, quote=False).replace("\r", "&#13;")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{spelt}</t></is></c>'


class Kind(NamedTuple):
    """A kind of file: how it is called, what it is to a browser, how it is made, how much fits."""

    label: str
    mime: str
    pieces: Callable[[Rows], Iterator[bytes]]
    most: int


KINDS = {
    "csv": Kind("CSV", "text/csv", _csv, 1_000_000_000),
    "xlsx": Kind("Excel (XLSX)", f"{_TYPE}.sheet", _xlsx, 1_048_570),
}
