"""Pages of a list without counting rows away: each begins after the last row of the one before.

The address carries that row's sort value and id (`?sesudah=`, `?sebelum=`), so page one
thousand costs as much as page one, and a row that arrives meanwhile moves nothing.
"""

import base64
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import Session

AFTER, BEFORE = "sesudah", "sebelum"
COUNTED = 1_000
LONGEST = 600
BATCHES = (100, 400, 1_600)

# Which of these keys belong on the list after all: asked where no condition can say it all.
Keep = Callable[[Collection[int]], Collection[int]]


class BadCursor(ValueError):
    """An address that none of our pages made."""


@dataclass(frozen=True)
class Order:
    """The order of a list: one column that is never empty, then the key."""

    column: Any
    key: Any
    descending: bool = False

    def by(self, reverse: bool = False) -> list[Any]:
        """The ORDER BY."""
        down = self.descending != reverse
        return [one.desc() if down else one.asc() for one in self.columns]

    @property
    def columns(self) -> list[Any]:
        """The sort column and the key, or the key alone."""
        return [self.key] if self.column is self.key else [self.column, self.key]

    def beyond(self, place: list[Any], reverse: bool = False) -> Any:
        """The rows that follow `place` (that precede it, when reversed)."""
        pairs = zip(place, self.columns, strict=True)
        here = tuple_(*(literal(value, one.type) for value, one in pairs))
        rows = tuple_(*self.columns)
        return rows < here if self.descending != reverse else rows > here

    def values(self, row: Any) -> list[Any]:
        """What `row` holds in the columns of the order."""
        return [getattr(row, one.key) for one in self.columns]

    def place(self, row: Any) -> str:
        """Where `row` stands, for an address."""
        values = [_plain(one) for one in self.values(row)]
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> list[Any]:
        """The place that `place` wrote. Raises BadCursor for anything else."""
        if len(cursor) > LONGEST:
            raise BadCursor(cursor[:20])
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            pairs = zip(values, self.columns, strict=True)
            return [_typed(value, one.type) for value, one in pairs]
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise BadCursor(cursor[:20]) from error


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(value: Any, kind: Any) -> Any:
    wanted = _python_type(kind)
    if issubclass(wanted, date):
        parsed = wanted.fromisoformat(value)
        return parsed.astimezone(UTC) if isinstance(parsed, datetime) else parsed
    fits = type(value) is wanted and (wanted is not int or abs(value) < 2**31)
    if not fits or "\0" in str(value):
        raise ValueError("not a value of this column")
    str(value).encode()  # half a surrogate pair fits no database
    return value


def _python_type(kind: Any) -> type[Any]:
    return getattr(kind, "impl_instance", kind).python_type


@dataclass(frozen=True)
class Page:
    """The rows of one page; the cursors of its neighbours, None where there is none."""

    rows: list[Any]
    newer: str | None
    older: str | None


def page(
    session: Session,
    query: Select[Any],
    order: Order,
    size: int,
    keep: Keep | None = None,
    **cursors: str,
) -> Page:
    """The page of `query` that `cursors` (`sesudah` or `sebelum`) ask for, else the first.

    With `keep`, rows are asked for in the order of the list until the page is full.
    """
    back = BEFORE in cursors
    cursor = cursors.get(BEFORE) or cursors.get(AFTER)
    place = order.read(cursor) if cursor else None
    if keep:
        keys = kept(session, query, order, size + 1, keep, place, back)
        query = query.where(order.key.in_(keys))
    elif place:
        query = query.where(order.beyond(place, reverse=back))
    found = list(session.scalars(query.order_by(*order.by(reverse=back)).limit(size + 1)))
    more, rows = len(found) > size, found[:size]
    rows = rows[::-1] if back else rows
    newer = more if back else bool(cursor)
    older = bool(cursor) if back else more
    return Page(
        rows,
        newer=order.place(rows[0]) if rows and newer else None,
        older=order.place(rows[-1]) if rows and older else None,
    )


def count(session: Session, query: Select[Any], key: Any, keep: Keep | None = None) -> int:
    """How many rows there are, counted no further than one beyond a thousand."""
    most = COUNTED + 1
    if keep:
        return len(kept(session, query, Order(key, key, descending=True), most, keep))
    keys = query.with_only_columns(key).order_by(None).limit(most)
    return len(session.scalars(keys).all())


def kept(
    session: Session,
    query: Select[Any],
    order: Order,
    most: int,
    keep: Keep,
    place: list[Any] | None = None,
    back: bool = False,
) -> list[int]:
    """The first keys from `place` on that `keep` keeps, asked for in growing batches."""
    places = query.with_only_columns(*order.columns).order_by(None).order_by(*order.by(back))
    found: list[int] = []
    sizes = iter(BATCHES)
    while len(found) < most:
        size = next(sizes, BATCHES[-1])
        here = places.where(order.beyond(place, back)) if place else places
        rows = [list(row) for row in session.execute(here.limit(size))]
        right = keep([row[-1] for row in rows]) if rows else ()
        found += [row[-1] for row in rows if row[-1] in right]
        if len(rows) < size:
            break
        place = rows[-1]
    return found[:most]
