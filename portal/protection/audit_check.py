"""Is the log as it was written? Walked entry by entry, in bounded memory; what is wrong is located.

Found are: a changed entry, a removed one, one that was put in, a cut end, a head that was moved, a
tampered or shortened file of anchors, a trigger that is gone or altered, a key of the details that
is gone although nothing was erased. Only the key ring can make a chain.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.orm import Session

from portal.db import reading
from portal.protection import audit_anchors, audit_keys, audit_triggers
from portal.protection.audit_chain import ENTRY, FIRST, HEAD, mac
from portal.protection.vault import VaultError

BATCH = 2000
SNAPSHOT: dict[str, dict[str, Any]] = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
MOST = 1000  # of each kind of trouble; one is enough to be alarmed
# What SQLite may hold since somebody wrote there: no date, no uuid, a text for bytes.
SPOILT = (TypeError, ValueError, AttributeError)


@dataclass
class Findings:
    """What was found: numbers of entries, lines of the anchors' file, triggers, ids of keys."""

    entries: int = 0
    anchors: int = 0
    anchored: int = 0
    changed: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    inserted: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    head: str = ""
    anchor_lines: list[int] = field(default_factory=list)
    anchor_file: str = ""
    triggers: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        lists = (self.changed, self.removed, self.inserted, self.cut, self.keys, self.triggers)
        return not any((*lists, self.head, self.anchor_lines, self.anchor_file))


def verify(session: Session) -> Findings:
    """Walk the whole chain and the anchors, in one snapshot; `session` is in no transaction yet."""
    dialect = session.get_bind().dialect.name
    return check(session.connection(execution_options=SNAPSHOT[dialect]))


def check(connection: Connection) -> Findings:
    """As `verify`, within a transaction that has begun."""
    found = Findings(triggers=audit_triggers.missing(connection))
    head = _head(connection)
    walk, keys = _Walk(found, head.sequence if head else 0), _Keys(found, connection)
    with audit_anchors.opened() as file:
        anchors = _Anchors(found, file)
        for number, row in _rows(connection):
            if row is None or not walk.step(row._mapping):
                walk.spoilt(number, _mac_of(connection, number))
                continue
            keys.step(row)
            anchors.compare(number, bytes(row.mac))
        anchors.finish(head.anchored if head else 0)
    walk.finish(head)
    if found.anchored > walk.sequence and found.anchored > _end_by_now(connection):
        until = min(found.anchored, walk.sequence + MOST)
        _note(found.cut, *range(walk.sequence + 1, until + 1))
    return found


def _end_by_now(connection: Connection) -> int:
    """An anchor beyond the snapshot may be newer than it: where does the chain end meanwhile?"""
    with reading(connection.engine).connect() as fresh:
        head = _head(fresh)
    return head.sequence if head else 0


def _head(connection: Connection) -> Any:
    """The head as it stands there; None where there is none, or what can be none."""
    try:
        head = connection.execute(select(HEAD)).one_or_none()
    except SPOILT:
        return None
    if head is None or not all(isinstance(one, int) for one in (head.sequence, head.anchored)):
        return None
    return head if isinstance(head.mac, bytes) else None


def _rows(connection: Connection) -> Iterator[tuple[int, Row[Any] | None]]:
    """Every entry in order, by key and not by cursor: no database keeps the whole log in mind.

    None for one that cannot even be read.
    """
    after: int | None = None
    while True:
        here = select(ENTRY).order_by(ENTRY.c.id).limit(BATCH)
        here = here if after is None else here.where(ENTRY.c.id > after)
        rows = _readable(connection, here)
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def _readable(connection: Connection, here: Select[Any]) -> list[tuple[int, Row[Any] | None]]:
    try:
        return [(row.id, row) for row in connection.execute(here).all()]
    except SPOILT:
        numbers = connection.scalars(here.with_only_columns(ENTRY.c.id)).all()
        return [(number, _one(connection, number)) for number in numbers]


def _one(connection: Connection, number: int) -> Row[Any] | None:
    try:
        return connection.execute(select(ENTRY).where(ENTRY.c.id == number)).one()
    except SPOILT:
        return None


def _mac_of(connection: Connection, number: int) -> bytes | None:
    """The MAC of an entry that is otherwise past reading."""
    stored = connection.scalar(select(ENTRY.c.mac).where(ENTRY.c.id == number))
    return stored if isinstance(stored, bytes) else None


def _note(places: list[int], *numbers: int) -> None:
    places.extend(numbers[: max(0, MOST - len(places))])


class _Walk:
    """Along the chain. After a fault it goes on from what stands there, so that each is located.

    `ways` are the MACs the next entry may follow, each with how far numbers are shifted there:
    after an entry that does not fit, it may have been changed, put in, or moved up to where one
    was removed. Once an entry is simply not there, the next one cannot be asked: no ways.
    """

    def __init__(self, found: Findings, end: int) -> None:
        self.found, self.end = found, end
        self.sequence, self.shift = 0, 0
        self.ways = [(FIRST, 0)]

    def step(self, entry: Any) -> bool:
        """One entry: is it the next one, and does its MAC fit? False for what no entry can be."""
        number = entry["id"]
        try:
            stored, _told = bytes(entry["mac"]), _mac(FIRST, entry, 0)
        except SPOILT:
            return False
        if self._comes(number):
            self._compare(number, entry, stored)
        return True

    def spoilt(self, number: int, stored: bytes | None) -> None:
        """An entry that cannot be read any more; without its MAC the next one cannot be asked."""
        if self._comes(number):
            _note(self.found.changed, number)
            self.ways = [(stored, self.shift)] if stored else []
            self.sequence = number

    def _comes(self, number: int) -> bool:
        """Whether an entry has a place in the chain; those that are not there are noted."""
        self.found.entries += 1
        if number < 1 or number > self.end:
            _note(self.found.inserted, number)
            return False
        if number != self.sequence + 1:
            _note(self.found.removed, *range(self.sequence + 1, min(number, self.sequence + MOST)))
            self.ways = []
        return True

    def _compare(self, number: int, entry: Any, stored: bytes) -> None:
        made = [(_mac(before, entry, shift), shift) for before, shift in self.ways]
        fitting = [shift for told, shift in made if told == stored]
        if made and not fitting:
            self._fault(number, stored, made[0][0])
        else:
            self._went_on(number - 1, fitting[0] if fitting else self.shift)
            self.ways = [(stored, self.shift)]
        self.sequence = number

    def _fault(self, number: int, stored: bytes, made: bytes) -> None:
        _note(self.found.changed, number)
        before, shift = self.ways[0]
        here = [(stored, shift), (made, shift)]
        self.ways = [*here, (before, shift - 1), (stored, shift + 1)]

    def _went_on(self, fault: int, shift: int) -> None:
        """Numbers are shifted from here on: the entry that did not fit tells why."""
        if shift != self.shift and fault in self.found.changed:
            self.found.changed.remove(fault)
            _note(self.found.inserted if shift < self.shift else self.found.removed, fault)
        self.shift = shift

    def finish(self, head: Any) -> None:
        """Does the chain end where the head says?"""
        if head is None:
            self.found.head = "missing"
        elif head.sequence > self.sequence:
            until = min(head.sequence, self.sequence + MOST)
            _note(self.found.removed, *range(self.sequence + 1, until + 1))
        elif self.ways and head.mac not in {before for before, _shift in self.ways}:
            self.found.head = "changed"


def _mac(before: bytes, entry: Any, shift: int) -> bytes:
    return mac(before, entry if not shift else {**entry, "id": entry["id"] + shift})


class _Keys:
    """Beside the walk: each key at the first entry it sealed, if that is as it was written."""

    def __init__(self, found: Findings, connection: Connection) -> None:
        self.found, self.connection = found, connection
        self.seen: set[int] = set()

    def step(self, entry: Row[Any]) -> None:
        """Does its key open it, or tell the log why not?"""
        if entry.key_id is None or entry.key_id in self.seen:
            return
        if entry.id in self.found.changed or entry.id in self.found.inserted:
            return
        self.seen.add(entry.key_id)
        if not self._fits(entry):
            _note(self.found.keys, entry.key_id)

    def _fits(self, entry: Row[Any]) -> bool:
        named = select(audit_keys.KEY).where(audit_keys.KEY.c.id == entry.key_id)
        try:
            row = self.connection.execute(named).one_or_none()
            if row is None or row.wrapped is None:
                return row is not None and self._destroyed(row.subject_table, row.subject_id)
            key = audit_keys.opened(row)
            return bool(audit_keys.unseal(key, entry.uuid, bytes(entry.details)))
        except (VaultError, *SPOILT):
            return False

    def _destroyed(self, table: str, row_id: int) -> bool:
        told = select(ENTRY.c.id).where(ENTRY.c.event.in_(("erased", "forgotten")))
        about = told.where(ENTRY.c.subject_table == table, ENTRY.c.subject_id == row_id)
        return self.connection.scalar(about.limit(1)) is not None


class _Anchors:
    """Beside the walk: each anchor against the entry it names, both in the order of numbers."""

    def __init__(self, found: Findings, file: BinaryIO | None) -> None:
        self.found = found
        self.lines = audit_anchors.read(file) if file else iter(())
        self.told = self._next()

    def _next(self) -> dict[str, Any] | None:
        """The next anchor that is as it was written; others are noted."""
        for line, told in self.lines:
            self.found.anchors += 1
            if told is not None and told["sequence"] >= self.found.anchored:
                self.found.anchored = told["sequence"]
                return told
            _note(self.found.anchor_lines, line)
        return None

    def compare(self, number: int, stored: bytes) -> None:
        """Does the entry have the MAC that was anchored?"""
        while self.told is not None and self.told["sequence"] <= number:
            differs = self.told["sequence"] == number and self.told["mac"] != stored.hex()
            if differs and number not in self.found.changed:
                _note(self.found.changed, number)
            self.told = self._next()

    def finish(self, anchored: int) -> None:
        """A file that ends before what the database knows to be anchored was shortened."""
        while self.told is not None:
            self.told = self._next()
        if anchored > self.found.anchored:
            self.found.anchor_file = "shortened" if self.found.anchors else "missing"
