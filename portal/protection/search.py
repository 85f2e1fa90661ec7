"""Finding rows by sealed names and numbers: tokens narrow, opening decides.

What is found is exactly what reading every row would find. Rows whose tokens are missing or of
another version (`flask search rebuild` makes them) are candidates as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true, union_all
from sqlalchemy.orm import Session

from portal.indonesia import names, nik
from portal.protection import tokens
from portal.protection.sealing import unseal_column
from portal.protection.tokens import NUMBERS, SEARCHED, Token
from portal.protection.vault import VaultError

FEWEST_DIGITS = 6
BATCHES = (100, 400, 1_600)


@dataclass(frozen=True)
class Sought:
    """Whom to look for: all words of a name, or any of the numbers (by kind).

    `hidden` columns are not looked into: finding somebody by what one may not see tells it.
    """

    words: tuple[tuple[str, str], ...] = ()
    numbers: frozenset[tuple[str, str]] = frozenset()
    hidden: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words or self.numbers)


def sought(name: str = "", **numbers: str) -> Sought:
    """What matches `name` (words and beginnings) or one of the `numbers` (nik, kk, phone)."""
    forms = {(kind, NUMBERS[kind](text)) for kind, text in numbers.items() if text.strip()}
    words = names.wanted(name) if any(letter.isalpha() for letter in name) else ()
    return Sought(words, frozenset(one for one in forms if one[1]))


def term(text: str) -> Sought:
    """What was typed into one box: a number of any kind, or else a name."""
    number = nik.digits(text).lstrip("+")
    if number.isdecimal() and len(number) >= FEWEST_DIGITS:
        return sought(**dict.fromkeys(NUMBERS, text))
    return sought(text)


# --- narrowing ---------------------------------------------------------------------------------


def candidates(model: type[Any], wanted: Sought) -> Select[Any] | None:
    """The ids of rows that may match, found by tokens; None if every row may.

    Written on plain tables, outside of any scope: for conditions on rows that are scoped.
    """
    columns, rows = SEARCHED[model], model.__table__.alias(f"search_{model.__tablename__}")
    ways = [
        _holding(columns.tokens, tokens.number_tokens(kind, value))
        for kind, value in wanted.numbers
        if kind in columns.numbers
    ]
    if wanted.words:
        called = _called(columns.tokens, wanted.words)
        if called is None:
            return None
        ways.append(called)
    version = rows.c.search_version  # compared so that its index is used
    unmarked = select(rows.c.id).where(or_(version < tokens.VERSION, version > tokens.VERSION))
    return select(union_all(*ways, unmarked).subquery().c[0])


def _called(table: Any, words: Iterable[tuple[str, str]]) -> Select[Any] | None:
    """Rows that hold a token of each word, by which way soever; None if no word narrows."""
    asked = [one for pair in words if (one := _either(*pair)) is not None]
    if not asked:
        return None
    first, *others = [_holding(table, one) for one in sorted(asked, key=len)]
    return first.where(*(table.c.row_id.in_(one) for one in others))


def _either(typed: str, respelt: str) -> list[Token] | None:
    ways = [tokens.word_tokens(start) for start in {typed, respelt}]
    return None if None in ways else [token for way in ways for token in way or ()]


def _holding(table: Any, wanted: Iterable[Token]) -> Select[Any]:
    kinds: dict[str, list[int]] = {}
    for kind, bucket in wanted:
        kinds.setdefault(kind, []).append(bucket)
    within = [and_(table.c.kind == k, table.c.bucket.in_(found)) for k, found in kinds.items()]
    return select(table.c.row_id).where(or_(*within))


def maybe(model: type[Any], wanted: Sought) -> ColumnElement[bool]:
    """The condition that a row of `model` may match."""
    found = candidates(model, wanted)
    return true() if found is None else model.id.in_(found)


# --- deciding ----------------------------------------------------------------------------------


def sealed(model: type[Any]) -> list[Any]:
    """The columns that `matches` needs, in its order."""
    return [model.uuid, *(getattr(model, name) for name in SEARCHED[model].all())]


def matches(model: type[Any], wanted: Sought, row: Iterable[Any]) -> bool:
    """Whether a row, selected as `sealed`, is sought; one that does not open is not."""
    uuid, *values = row
    columns = SEARCHED[model]
    needed = {columns.numbers.get(kind) for kind, _ in wanted.numbers}
    needed |= set(columns.names) if wanted.words else set()
    pairs = zip(columns.all(), values, strict=True)
    try:
        opened = {k: unseal_column(model, k, uuid, v) for k, v in pairs if k in needed}
    except VaultError:
        return False
    return fits(model, wanted, opened)


def fits(model: type[Any], wanted: Sought, values: Mapping[str, str | None]) -> bool:
    """Whether a row with these plain values is sought: the one rule, with tokens or without."""
    columns, seen = SEARCHED[model], {k: v for k, v in values.items() if k not in wanted.hidden}
    for kind, number in wanted.numbers:
        value = seen.get(columns.numbers.get(kind, ""))
        if value and NUMBERS[kind](value) == number:
            return True
    called = (seen.get(name) for name in columns.names)
    return bool(wanted.words) and any(one and names.fits(wanted.words, one) for one in called)


def found(
    session: Session, model: type[Any], wanted: Sought, *conditions: Any, newest: bool = False
) -> Iterator[int]:
    """The ids of the rows of `model` in the session's scope that are sought, in their order.

    Only what is asked for is opened: stop early and the rest stays closed.
    """
    if not wanted:
        return
    query = select(model.id, *sealed(model)).where(maybe(model, wanted), *conditions)
    query = query.order_by(model.id.desc() if newest else model.id)
    for row in batches(session, query, model.id, newest):
        if matches(model, wanted, row[1:]):
            yield row[0]


def batches(session: Session, query: Select[Any], key: Any, newest: bool) -> Iterator[Any]:
    """The rows of `query`, ordered by `key`, its first column, fetched in growing batches."""
    sizes, here = iter(BATCHES), query
    while True:
        size = next(sizes, BATCHES[-1])
        rows = session.execute(here.limit(size)).all()
        yield from rows
        if len(rows) < size:
            return
        here = query.where(key < rows[-1][0] if newest else key > rows[-1][0])
