"""Tables of many rows, drawn by ReportLab itself in the look of the others (`.daftar`).

xhtml2pdf makes a paragraph of everything in a cell and looks at all rows again for every page. Here
a row is measured once, and text that fits into one line is no paragraph at all: a thousand rows
take less than a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate, takewhile
from typing import Any

from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from portal.letters.setting import BOLD, REGULAR, face
from portal.letters.text import runs

# letter.css, `.daftar`, in points.
SIZE, LEADING, PADDING, RULE = 9.5, 11.6, 3, 0.6
HEAD = HexColor("#e9e9e9")
ABOVE, BELOW = 3, 8
# A row of at least this height goes on on the next page, if there is room for some lines of it.
TALL, LEAST = 300, 60
# What stands with the title above it: the head and a row.
TOGETHER = 2

LEFT = ParagraphStyle("daftar", fontName=REGULAR, fontSize=SIZE, leading=LEADING, splitLongWords=1)
CENTRED = ParagraphStyle("tengah", LEFT, alignment=TA_CENTER)
TITLE = ParagraphStyle("kepala", CENTRED, fontName=BOLD)

Cell = Any  # a str, or a Paragraph


@dataclass(frozen=True)
class Columns:
    """The head of a table and its columns: how wide in per cent, which of them centred."""

    heads: Sequence[str]
    widths: Sequence[str]
    centred: Sequence[int]

    def points(self, width: float) -> list[float]:
        """How wide each column is in a table of `width` points."""
        return [float(share.rstrip("%")) / 100 * width for share in self.widths]

    def style(self) -> TableStyle:
        """Rules around every cell, the head shaded."""
        middle = [("ALIGN", (at, 1), (at, -1), "CENTER") for at in self.centred]
        return TableStyle([*LOOK, *middle])


LOOK: list[tuple[Any, ...]] = [
    ("GRID", (0, 0), (-1, -1), RULE, black),
    ("BACKGROUND", (0, 0), (-1, 0), HEAD),
    ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
    ("VALIGN", (0, 1), (-1, -1), "TOP"),
    ("FONT", (0, 0), (-1, -1), REGULAR, SIZE, LEADING),
    ("TOPPADDING", (0, 0), (-1, -1), PADDING),
    ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING),
    ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
    ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
]


@dataclass(frozen=True)
class Row:
    """Cells and the height they need, with what is around them."""

    cells: list[Cell]
    height: float


class LongTable(Flowable):
    """Rows under a head that stands again on every page they go on to."""

    spaceBefore, spaceAfter = ABOVE, BELOW

    def __init__(
        self, columns: Columns, texts: Sequence[Sequence[str]], rows: list[Row] | None = None
    ) -> None:
        super().__init__()
        self.columns, self.texts, self.rows = columns, texts, rows

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """How much room all of it takes; every row is measured once."""
        rows = self._measured(width)
        self.width, self.height = width, sum(row.height for row in rows)
        self.least = sum(row.height for row in rows[:TOGETHER])
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """What fits under a head into `height`, and the rest; nothing where no row does."""
        head, *rows = self._measured(width)
        heights = accumulate((row.height for row in rows), initial=head.height)
        count = sum(1 for _fits in takewhile(lambda so_far: so_far <= height, heights)) - 1
        if count < 0:
            return []
        room = height - head.height - sum(row.height for row in rows[:count])
        started, rest = _torn(rows[count], self.columns.points(width), room)
        now, later = [*rows[:count], *started], [*rest, *rows[count + 1 :]]
        return [self._with(head, now), self._with(head, later)] if now else []

    def draw(self) -> None:
        """All of it: what does not fit has been split off."""
        rows = self._measured(self.width)
        piece = Table(
            [row.cells for row in rows],
            colWidths=self.columns.points(self.width),
            rowHeights=[row.height for row in rows],
            style=self.columns.style(),
        )
        piece.wrapOn(self.canv, self.width, self.height)
        piece.drawOn(self.canv, 0, 0)

    def _measured(self, width: float) -> list[Row]:
        if self.rows is None:
            widths = self.columns.points(width)
            styles = [CENTRED if at in self.columns.centred else LEFT for at in range(len(widths))]
            self.rows = [_row(self.columns.heads, [TITLE] * len(widths), widths)]
            self.rows += [_row(texts, styles, widths) for texts in self.texts]
        return self.rows

    def _with(self, head: Row, rows: list[Row]) -> "LongTable":
        return LongTable(self.columns, (), [head, *rows])


def _row(texts: Sequence[str], styles: Sequence[ParagraphStyle], widths: Sequence[float]) -> Row:
    inner = [width - 2 * PADDING for width in widths]
    cells = [_cell(*one) for one in zip(texts, styles, inner, strict=True)]
    return Row(cells, _height(cells, inner))


def _cell(text: str, style: ParagraphStyle, width: float) -> Cell:
    """The text itself where it is plain and fits into one line."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    pieces = [runs(line) for line in lines]
    plain = style is not TITLE and all(family is None for line in pieces for family, _run in line)
    if plain and len(lines) <= 1 and stringWidth("".join(lines), REGULAR, SIZE) <= width:
        return "".join(lines)
    return Paragraph("<br/>".join(map(_marked, pieces)), style)


def _marked(pieces: list[tuple[str | None, str]]) -> str:
    """One line for ReportLab, each piece in the font that has it."""
    said = ((family, escape(piece, quote=False)) for family, piece in pieces)
    return "".join(f'<font name="{face(one)}">{text}</font>' if one else text for one, text in said)


def _height(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    tallest = max(
        cell.wrap(width, 1e9)[1] if isinstance(cell, Paragraph) else LEADING
        for cell, width in zip(cells, widths, strict=True)
    )
    return float(tallest) + 2 * PADDING


def _torn(row: Row, widths: Sequence[float], room: float) -> tuple[list[Row], list[Row]]:
    """What of a row stands on this page and what on the next: none is torn that is not tall."""
    if row.height < TALL or room < LEAST:
        return [], [row]
    inner = [width - 2 * PADDING for width in widths]
    halves = [_halves(*one, room - 2 * PADDING) for one in zip(row.cells, inner, strict=True)]
    upper, lower = ([half[side] for half in halves] for side in (0, 1))
    return [Row(upper, _height(upper, inner))], [Row(lower, _height(lower, inner))]


def _halves(cell: Cell, width: float, height: float) -> tuple[Cell, Cell]:
    parts = cell.split(width, height) if isinstance(cell, Paragraph) else [cell]
    return (parts[0], parts[1] if len(parts) > 1 else "") if parts else ("", cell)
