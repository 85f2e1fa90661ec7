"""The buku agenda: a book for each kind and year, whose letters stand in the order of numbers."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import defer, selectinload

from models import Letter, LetterKind, LetterState
from portal.screens import codes, edge, keyset
from portal.wording import _

KIND, YEAR = "kind", "year"


@dataclass(frozen=True)
class Book:
    """One register of one year, as far as this officer meets its letters."""

    kind: str
    label: str
    year: int
    letters: int
    first: int
    last: int
    void: int
    address: str

    @property
    def told(self) -> str:
        """Its header in a sentence."""
        told = _(
            "Buku agenda %(kind)s %(year)s: %(n)s surat terbuka untuk Anda, nomor %(first)s sampai "
            "%(last)s.",
            kind=self.label,
            year=self.year,
            n=self.letters,
            first=self.first,
            last=self.last,
        )
        void = _("Dibatalkan: %(n)s.", n=self.void)
        return f"{told} {void}" if self.void else told


def books() -> dict[int, list[Book]]:
    """Every book by its year, the newest year first, kinds in the order of the office's list."""
    void = func.sum(case((Letter.state == LetterState.void, 1), else_=0))
    counted = select(
        Letter.kind,
        Letter.year,
        func.count(Letter.id),
        func.min(Letter.number),
        func.max(Letter.number),
        void,
    ).group_by(Letter.kind, Letter.year)
    order = list(LetterKind)
    found = sorted(edge.session().execute(counted), key=lambda row: (-row[1], order.index(row[0])))
    shelf: dict[int, list[Book]] = {}
    for row in found:
        shelf.setdefault(row[1], []).append(_book(*row))
    return shelf


def _book(kind: LetterKind, year: int, letters: int, first: int, last: int, void: int) -> Book:
    label = codes.name("letter_kind", kind.value)
    address = url_for("letter.index_view", kind=kind.value, year=year)
    return Book(kind.value, label, year, letters, first, last, void, address)


class LetterBooks:
    """The list of letters as a shelf of books. Mixed into the screen of letters."""

    list_template = "screens/letters.html"

    def order(self: Any, asked: Any) -> keyset.Order:
        """In a book by number, unless another order is asked for."""
        if asked.sort is None and _one_book(asked):
            return keyset.Order(Letter.number, Letter.id)
        order: keyset.Order = super().order(asked)  # type: ignore[misc]
        return order

    def loaded(self: Any, query: Select[Any], shown: Any = ()) -> Select[Any]:
        """With what the columns read, and without the letters' words, which none shows."""
        found: Select[Any] = super().loaded(query, shown)  # type: ignore[misc]
        with_rows = (selectinload(one) for one in (Letter.case, Letter.report, Letter.steps))
        return found.options(*with_rows, defer(Letter.content), defer(Letter.void_reason))

    def list_facts(self: Any, asked: Any, page: keyset.Page) -> dict[str, Any]:
        """The shelf, and which book is open."""
        facts: dict[str, Any] = super().list_facts(asked, page)  # type: ignore[misc]
        shelf, here = books(), _one_book(asked)
        opened = [one for row in shelf.values() for one in row if (one.kind, str(one.year)) == here]
        return facts | {"shelf": shelf, "book": next(iter(opened), None)}


def _one_book(asked: Any) -> tuple[str, str] | None:
    values = asked.values()
    kinds, years = values.get(KIND, []), values.get(YEAR, [])
    return (kinds[0], years[0]) if len(kinds) == len(years) == 1 else None
