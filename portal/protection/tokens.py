"""Search tokens: finding a sealed name or number without the database knowing which.

Every word of a name leaves three tokens, of its first two, three and five letters, every number
one. A token is a keyed hash cut down to 2,048 buckets a kind, so that many names share a bucket;
what matches is found by opening the rows of a bucket (`portal.protection.search`).

What a stolen table must not tell, and why it does not:

* Frequencies. A common word or beginning is spread over parts, each a bucket of its own and none
  fuller than an average bucket is anyway (`common_names.csv`). One number of the row chooses the
  parts of all its words, the part of a longer beginning that of a shorter one: rows tie together
  parts of different names, hardly ever two parts of one. (`bench.leakage` measures what is left.)
* Length. Words are padded to five letters, and names with made-up words to a multiple of four.
* Names. Without the ring nobody can tell which bucket a name would fall into.

Tokens are written in the flush that writes the row. Their keys are derived from the root, so they
outlive a rotation. A row whose `search_version` is not today's has none that count.
"""

import csv
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from math import ceil, log2
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Table,
    delete,
    event,
    insert,
)
from sqlalchemy.orm import Mapper, PassiveFlag, Session, attributes, object_session

from models import (
    ComplaintToken,
    Person,
    PersonToken,
    Searched,
    ServiceComplaint,
)
from portal.indonesia import names, nik, phone
from portal.protection.vault import ring

VERSION = 1
"""Of the way tokens are made: raise it with every change here, in `names.forms` or in the list
of common names, so that `search rebuild` makes them anew. Until then rows are read one by one."""

BUCKETS = 2_048
BEGINNINGS = (2, 3, 5)
LONGEST = BEGINNINGS[-1]
WORDS = 4
# Even of what is not in the list: what begins so may be common here all the same.
FEWEST_PARTS = {2: 16, 3: 8, 5: 2}
PARTS_OF_A_NUMBER = 2
LISTED = 0.75  # of all words of names, about so many stand in the list
END = "\0"
FILLERS, PRIVATE_USE = 4_096, 0xE000
COMMON = Path(names.__file__).with_name("common_names.csv")
LATER = "portal.tokens.later"
_WAITING = "portal.tokens.waiting"

Token = tuple[str, int]
Plain = tuple[int, UUID, Mapping[str, str | None]]


def phone_form(text: str) -> str:
    """A telephone number as it is compared: E.164, or its digits where it is none."""
    try:
        return phone.normalise(text)
    except ValueError:
        return nik.digits(text)


# What a number is called, and how two spellings of it are told to be one.
NUMBERS: dict[str, Callable[[str], str]] = {
    "nik": nik.digits,
    "kk": nik.digits,
    "phone": phone_form,
}


@dataclass(frozen=True)
class Columns:
    """Which columns of a table are found: names by their words, numbers (by kind) as a whole."""

    tokens: Table
    names: tuple[str, ...]
    numbers: Mapping[str, str]

    def all(self) -> tuple[str, ...]:
        """Every column there is, each once."""
        return tuple(dict.fromkeys((*self.names, *self.numbers.values())))


def _table(model: type[Any]) -> Table:
    found: Table = model.__table__
    return found


SEARCHED: dict[type[Any], Columns] = {
    Person: Columns(_table(PersonToken), ("name", "alias"), {kind: kind for kind in NUMBERS}),
    ServiceComplaint: Columns(_table(ComplaintToken), ("name", "contact"), {"phone": "contact"}),
}


# --- which buckets -----------------------------------------------------------------------------


def row_tokens(model: type[Any], uuid: UUID, values: Mapping[str, str | None]) -> set[Token]:
    """The tokens of a row with these plain values; none of what is empty."""
    columns = SEARCHED[model]
    called = " ".join(filter(None, (values.get(name) for name in columns.names)))
    starts = {word.ljust(LONGEST, END)[:LONGEST] for word in names.forms(called)}
    found = {token for start in _filled(starts, uuid) for token in _chain(start, uuid)}
    for kind, name in columns.numbers.items():
        if value := NUMBERS[kind](values.get(name) or ""):
            found.add(
                (kind, _bucket(kind, value, _hash(kind, f"{uuid}:{value}") % PARTS_OF_A_NUMBER))
            )
    return found


def _filled(starts: Iterable[str], uuid: UUID) -> list[str]:
    """Made-up words beside the true ones, so that nobody can count these."""
    found = list(starts)
    for extra in range(-len(found) % WORDS):
        made_up = END + chr(PRIVATE_USE + _hash("filler", f"{uuid}:{extra}") % FILLERS)
        found.append(made_up.ljust(LONGEST, END))
    return found


def _chain(longest: str, uuid: UUID) -> Iterator[Token]:
    """A token for each beginning of a word, `longest` first; each chooses the part of the next.

    Whoever shares the token of a long beginning shares the tokens of the shorter ones, so that
    rows do not tell which parts belong to one beginning.
    """
    place = _hash("row", str(uuid))
    for length in reversed(BEGINNINGS):
        start = longest[:length]
        part = place % parts(start)
        yield _kind(length), _bucket(_kind(length), start, part)
        place = part + _hash("shift", start)


def word_tokens(start: str) -> list[Token] | None:
    """The tokens one of which every row has with a word that begins so; None if all may."""
    lengths = [length for length in BEGINNINGS if length <= len(start)]
    if not lengths:
        return None
    start, kind = start[: lengths[-1]], _kind(lengths[-1])
    return [(kind, _bucket(kind, start, part)) for part in range(parts(start))]


def number_tokens(kind: str, value: str) -> list[Token]:
    """The tokens one of which every row has with this number, in the form of its kind."""
    return [(kind, _bucket(kind, value, part)) for part in range(PARTS_OF_A_NUMBER)]


def _kind(length: int) -> str:
    return f"start{length}"


def _bucket(kind: str, text: str, part: int) -> int:
    return _hash(kind, f"{part}:{text}") % BUCKETS


def _hash(purpose: str, text: str) -> int:
    key = ring().derive(f"search.{purpose}")
    return int.from_bytes(hmac.digest(key, text.encode(), "sha256")[:8])


# --- common names ------------------------------------------------------------------------------


def parts(start: str) -> int:
    """Over how many buckets the rows with this beginning are spread."""
    return _parts().get(start, FEWEST_PARTS[len(start)])


@lru_cache(maxsize=1)
def _parts() -> dict[str, int]:
    """So many that each holds half of what an average bucket holds."""
    shares: Counter[str] = Counter()
    with COMMON.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in names.forms(row["word"]):
                padded = word.ljust(LONGEST, END)
                for length in BEGINNINGS:
                    shares[padded[:length]] += int(row["per_ten_thousand"])
    half = 10_000 * WORDS / BUCKETS / 2 * LISTED
    return {
        start: max(FEWEST_PARTS[len(start)], 2 ** ceil(log2(max(1, share / half))))
        for start, share in shares.items()
    }


# --- written with the row ----------------------------------------------------------------------


def attach() -> None:
    """Write tokens in every flush from here on; a second call changes nothing."""
    if event.contains(Session, "after_flush", _write):
        return
    event.listen(Searched, "before_insert", _on_insert, propagate=True)
    event.listen(Searched, "before_update", _on_update, propagate=True)
    event.listen(Session, "after_flush", _write)
    event.listen(Session, "after_soft_rollback", _forget)


def _on_insert(_mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    _note(target, new=True)


def _on_update(_mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    state = attributes.instance_state(target)
    changed = state.committed_state.keys() & set(SEARCHED[type(target)].all())
    if any(state.get_history(name, PassiveFlag.PASSIVE_NO_INITIALIZE).added for name in changed):
        _note(target, new=False)


def _note(target: Any, new: bool) -> None:
    session = object_session(target)
    if session is None or session.info.get(LATER):
        target.search_version = 0
        return
    target.search_version = VERSION
    session.info.setdefault(_WAITING, {})[target] = new


def _write(session: Session, _context: Any) -> None:
    for target, new in session.info.pop(_WAITING, {}).items():
        # What a new row was not given is NULL and need not be asked for.
        known = attributes.instance_dict(target).get if new else partial(getattr, target)
        values = {name: known(name) for name in SEARCHED[type(target)].all()}
        store(session.connection(), type(target), [(target.id, target.uuid, values)])


def _forget(session: Session, _transaction: Any) -> None:
    session.info.pop(_WAITING, None)


def store(
    connection: Connection,
    model: type[Any],
    rows: Iterable[Plain],
) -> None:
    """Replace the tokens of these rows (id, uuid, plain values) by what the values ask for."""
    table, given = SEARCHED[model].tokens, list(rows)
    connection.execute(delete(table).where(table.c.row_id.in_([row[0] for row in given])))
    new = [
        {"row_id": row_id, "kind": kind, "bucket": bucket}
        for row_id, uuid, values in given
        for kind, bucket in row_tokens(model, uuid, values)
    ]
    if new:
        connection.execute(insert(table), new)
