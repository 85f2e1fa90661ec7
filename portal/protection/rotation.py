"""Sealing everything anew under the first key of the ring, while the portal serves.

What is left to do is what does not carry the first key's name: stopped at any moment, the next
run goes on. A value is replaced only if it still is what was read, in every table that has sealed
columns and in every stored file; no version is raised, nobody's edit is turned away, and nothing
but beginning and end is in the log.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    LargeBinary,
    Table,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from models import Base, Job, JobState
from portal.db import begin_writing
from portal.protection import audit, files
from portal.protection.sealing import reseal, sealed_columns
from portal.protection.vault import Ring, VaultError, header, ring
from portal.queue import Away, enqueue

log = logging.getLogger(__name__)

JOB = "keys.rotate"
BATCH = 200
FOLDERS = [f"{number:02x}" for number in range(256)]
ROUNDS = 5
BETWEEN_ROUNDS = timedelta(minutes=1)


@dataclass(frozen=True)
class Place:
    """Where a rotation has got to: first the tables, by name, then the folders of files."""

    key: str
    stage: int = 0
    after: int = 0
    round: int = 1


class OtherKey(Away):
    """This process does not seal with the key that the rotation is for: restart it.

    Meanwhile the job waits for a process that does, however long that takes.
    """


def tables() -> dict[str, type[Any]]:
    """Every table with sealed columns, by name."""
    models = (mapper.class_ for mapper in Base.registry.mappers)
    found = {model.__tablename__: model for model in models if sealed_columns(model)}
    return dict(sorted(found.items()))


# --- what is left ------------------------------------------------------------------------------


@dataclass
class Status:
    """How many values and files each key has sealed; "" stands for keys that are gone."""

    key: str
    values: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> int:
        """How much the first key has not sealed yet."""
        return (self.values + self.files).total() - self.values[self.key] - self.files[self.key]

    def removable(self, keys: Ring) -> list[str]:
        """The keys that may be taken off the ring: nothing is sealed with them or derived."""
        kept = {self.key, keys.root_name, *+self.values, *+self.files}
        return [name for name in keys.names if name not in kept]


def status(session: Session) -> Status:
    """Counted in the database and in the folder of files."""
    found = Status(ring().key_id)
    for model in tables().values():
        found.values += _counted(session, model)
    found.files += Counter(files.sealed_by(stored) for stored in files.stored())
    return found


def _counted(session: Session, model: type[Any]) -> Counter[str]:
    columns, names = _columns(model), ring().names
    by_key = [sum(_ones(_carries(one, name)) for one in columns) for name in names]
    everything = sum(_ones(one.is_not(None)) for one in columns)
    *counts, total = session.execute(select(*map(func.sum, (*by_key, everything)))).one()
    found = Counter({name: int(count or 0) for name, count in zip(names, counts, strict=True)})
    found[""] = int(total or 0) - found.total()
    return +found


def _ones(condition: ColumnElement[bool]) -> Any:
    return case((condition, 1), else_=0)


def _columns(model: type[Any]) -> list[Any]:
    table = cast(Table, model.__table__)
    return [table.c[name] for name in sealed_columns(model)]


def _carries(column: Any, name: str) -> ColumnElement[bool]:
    """Whether a value was sealed with this key: its name stands before the ciphertext."""
    start = header(name)
    beginning = func.substr(column, 1, len(start), type_=LargeBinary)
    return beginning == literal(start, LargeBinary)


# --- one step ----------------------------------------------------------------------------------


def begin(session: Session) -> Place:
    """Put the beginning into the log and return it."""
    audit.record(session, "keys_rotation_begun", None, key=ring().key_id)
    return Place(ring().key_id)


def step(session: Session, place: Place) -> Place | None:
    """Seal one batch anew: the place to go on from, None when all is done. Commit after each.

    Raises OtherKey in a process that was started before the ring changed.
    """
    if place.key != ring().key_id:
        raise OtherKey(place.key)
    sealed = tables()
    stages = [*sealed, *FOLDERS]
    if place.stage == len(stages):
        return _next_round(session, place)
    name = stages[place.stage]
    if name not in sealed:
        _folder(name)
    elif (last := _batch(session, sealed[name], place.after)) is not None:
        return replace(place, after=last)
    return replace(place, stage=place.stage + 1, after=0)


def _folder(name: str) -> None:
    for storage_key in files.stored(name):
        try:
            files.reseal(storage_key)
        except VaultError:
            log.error("a stored file does not open with the keys of the ring")


def _next_round(session: Session, place: Place) -> Place | None:
    """Again from the beginning while somebody held rows or sealed with an old key meanwhile."""
    left = status(session).left
    if left and place.round < ROUNDS:
        return Place(place.key, round=place.round + 1)
    audit.record(session, "keys_rotation_ended", None, key=place.key, left=left)
    return None


def _batch(session: Session, model: type[Any], after: int) -> int | None:
    """The next rows of a table that another key sealed; the id of the last, None without any.

    Rows that somebody is writing are passed over: the rotation never waits, so nobody waits for
    each other.
    """
    begin_writing(session)
    table, columns = cast(Table, model.__table__), _columns(model)
    stale = [one.is_not(None) & ~_carries(one, ring().key_id) for one in columns]
    query = select(table.c.id, table.c.uuid, *columns).where(table.c.id > after, or_(*stale))
    query = query.order_by(table.c.id).limit(BATCH).with_for_update(skip_locked=True)
    rows = session.execute(query).all()
    for row in rows:
        _replace(session, model, row)
    return rows[-1].id if rows else None


def _replace(session: Session, model: type[Any], row: Any) -> bool:
    """Swap the row's values for themselves under the first key, if they still are what was read."""
    table = cast(Table, model.__table__)
    old = dict(_stale(row, [column.name for column in _columns(model)]))
    try:
        new = {name: reseal(model, name, row.uuid, value) for name, value in old.items()}
    except VaultError:
        log.error("row %d of %s does not open with the keys of the ring", row.id, table.name)
        return False
    unchanged = [table.c[name] == value for name, value in old.items()]
    swap = update(table).where(table.c.id == row.id, *unchanged).values(new)
    return cast(CursorResult[Any], session.execute(swap)).rowcount == 1


def _stale(row: Any, names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        value = getattr(row, name)
        if value is not None and not ring().is_current(bytes(value)):
            yield name, bytes(value)


# --- in the background -------------------------------------------------------------------------


def ask(session: Session) -> None:
    """Have the worker rotate."""
    enqueue(session, JOB, asdict(begin(session)))


def go_on(session: Session, payload: dict[str, Any]) -> None:
    """The job: one step, and the next one asked for in the same transaction."""
    place = Place(**payload)
    following = step(session, place)
    session.execute(delete(Job).where(Job.kind == JOB, Job.state == JobState.done))
    if following is not None:
        again = following.round > place.round
        later = datetime.now(UTC) + BETWEEN_ROUNDS if again else None
        enqueue(session, JOB, asdict(following), later)
