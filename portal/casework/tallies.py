"""Tables of figures: counted by the database, put into rows and columns with their sums."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.letters.laporan_bulanan import Tally
from portal.letters.office import Labels

Names = Mapping[Any, str]
# The one column of a table that is not crossed with anything.
SUM = {"": "Jumlah"}


def crossed(
    heading: str,
    unit: str,
    first: str,
    rows: Names,
    columns: Names,
    counts: Counter[Any],
    notes: Sequence[str] = (),
    *,
    summed: bool = True,
) -> Tally:
    """A table of `counts` by (row, column), with sums; rows without anything are left out.

    `summed`: the columns add up to something, which stands beside them where there are several.
    Codes that no list has stand under themselves.
    """
    known = {**rows, **{row: row for row, _column in counts if row not in rows}}
    many = summed and len(columns) > 1
    body = [
        _line(name, [counts[row, column] for column in columns], many)
        for row, name in known.items()
        if any(counts[row, column] for column in columns)
    ]
    sums = [sum(counts[row, column] for row in known) for column in columns]
    total = [_line("Jumlah", sums, many)] if body else []
    return Tally(
        heading, unit, [first, *columns.values(), *(["Jumlah"] * many)], body + total, notes
    )


def _line(name: str, figures: Sequence[int], summed: bool) -> list[str]:
    return [name, *map(str, figures), *([str(sum(figures))] if summed else [])]


def grouped(session: Session, *columns: Any, where: Iterable[ColumnElement[bool]]) -> Counter[Any]:
    """How many rows there are for each combination of the columns."""
    wanted = select(*columns, func.count()).where(*where).group_by(*columns)
    return Counter({tuple(row[:-1]): row[-1] for row in session.execute(wanted)})


def of_codes(said: Labels, list_name: str, counts: Counter[Any]) -> dict[str, str]:
    """The names of the codes that were counted, in the order of their list."""
    found = {row for row, _column in counts}
    return {code: said(list_name, code) for code in said.codes(list_name) if code in found}


def single(counts: Counter[Any]) -> Counter[Any]:
    """Counts by one code as counts by (code, the one column)."""
    return Counter({(key[0], ""): number for key, number in counts.items()})
