"""Entries wait in the session and are written just before its commit, so that they share its fate.

What a savepoint or a transaction takes back takes its entries with it. Written late, the chain's
head is the last lock a transaction takes and the shortest held; only a session marked `EARLY`,
beside which nobody writes (the demo's), writes before.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from portal.db import begin_writing
from portal.protection import audit_chain, audit_changes, audit_keys
from portal.protection.audit_keys import GENERAL, Place

CLOCK = "portal.audit.clock"
EARLY = "portal.audit.early"
_BATCH, _FOUND = "portal.audit.batch", "portal.audit.found"
MOST_WAITING = 1000
# An arrival is told by its own entry: not each row it consists of.
ARRIVALS = frozenset({"report_received", "complaint_received"})


@dataclass(frozen=True)
class Waiting:
    """An entry that is not written yet; `found` ones the session noticed by itself."""

    event: str
    actor_id: int | None
    table: str | None
    row_id: int | None
    details: dict[str, Any]
    at: datetime
    found: bool = False

    @property
    def subject(self) -> tuple[str | None, int | None]:
        """The row it is about."""
        return self.table, self.row_id


@dataclass
class Batch:
    """What waits in one session: entries, keys to destroy, and where each savepoint began."""

    entries: list[Waiting] = field(default_factory=list)
    forgotten: list[tuple[str, int]] = field(default_factory=list)
    marks: dict[SessionTransaction, tuple[int, int]] = field(default_factory=dict)

    def back_to(self, mark: tuple[int, int]) -> None:
        """Drop what came after a savepoint began."""
        del self.entries[mark[0] :], self.forgotten[mark[1] :]


def batch_of(session: Session) -> Batch:
    """What waits in `session`, which is in a transaction from here on."""
    if not session.in_transaction():
        session.begin()
    found: Batch = session.info.setdefault(_BATCH, Batch())
    return found


def now(session: Session) -> datetime:
    """The hour of an entry; the demo plays at hours of its own."""
    clock: Callable[[], datetime] | None = session.info.get(CLOCK)
    return clock() if clock else datetime.now(UTC)


def add(session: Session, entry: Waiting) -> None:
    """Let `entry` wait for the commit; whoever did it also did what was changed before it."""
    batch = batch_of(session)
    if entry.actor_id is not None:
        batch.entries[:] = [_by(one, entry.actor_id) for one in batch.entries]
    batch.entries.append(entry)
    early = session.info.get(EARLY) and not session.in_nested_transaction()
    if early and len(batch.entries) > MOST_WAITING:
        write(session)


def _by(entry: Waiting, actor_id: int) -> Waiting:
    return replace(entry, actor_id=actor_id) if entry.found and not entry.actor_id else entry


# --- the session's events -------------------------------------------------------------------


@event.listens_for(Session, "before_flush")
def _collect(session: Session, _context: Any, _instances: Any) -> None:
    session.info[_FOUND] = audit_changes.collect(session)


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: Any) -> None:
    """Only what was really written is noted; new rows have their ids now."""
    found = session.info.pop(_FOUND, ())
    if not found:
        return
    batch = batch_of(session)
    actor = _actor(session, batch)
    for change in found:
        fields = {name: audit_changes.plain(pair) for name, pair in change.fields.items()}
        details = {"fields": fields} if change.event != "created" else {}
        row_id = audit_changes.plain(change.row)
        place = (change.row.__tablename__, row_id)
        batch.entries.append(Waiting(change.event, actor, *place, details, now(session), True))


def _actor(session: Session, batch: Batch) -> int | None:
    """On whose behalf the session reads; for the system whoever acted last."""
    viewer = getattr(session.info.get("viewer"), "officer_id", None)
    spoken = (one.actor_id for one in reversed(batch.entries) if not one.found)
    return viewer or next(spoken, None)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested and (batch := session.info.get(_BATCH)) is not None:
        batch.marks[transaction] = (len(batch.entries), len(batch.forgotten))


@event.listens_for(Session, "after_soft_rollback")
def _drop(session: Session, transaction: SessionTransaction) -> None:
    batch = session.info.get(_BATCH)
    if transaction.nested and batch is not None:
        batch.back_to(batch.marks.pop(transaction, (0, 0)))


@event.listens_for(Session, "after_transaction_end")
def _clear(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_BATCH, None)
        session.info.pop(_FOUND, None)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    write(session)


# --- writing --------------------------------------------------------------------------------


def write(session: Session) -> None:
    """Write what waits in `session`; nothing happens when nothing does."""
    batch: Batch | None = session.info.get(_BATCH)
    if batch is None or not (batch.entries or batch.forgotten):
        return
    begin_writing(session)
    connection = session.connection()
    entries = [*_tidied(batch.entries), *_forgotten(session, batch)]
    places = {one.subject: audit_keys.place_of(connection, *one.subject) for one in entries}
    head = audit_chain.lock(connection)
    _destroy(connection, batch.forgotten, now(session))
    sealed = [
        _sealed(connection, one, places[one.subject], values=not batch.forgotten) for one in entries
    ]
    if sealed:
        audit_chain.append(connection, head, sealed)
    batch.back_to((0, 0))


def _forgotten(session: Session, batch: Batch) -> Iterator[Waiting]:
    """The chain accounts for every key that is destroyed: by its erasure, or by these."""
    erased = {one.subject for one in batch.entries if one.event == "erased"}
    for table, row_id in dict.fromkeys(batch.forgotten):
        if (table, row_id) not in erased:
            who = _actor(session, batch)
            yield Waiting("forgotten", who, table, row_id, {}, now(session))


def _destroy(connection: Connection, forgotten: Iterable[tuple[str, int]], at: datetime) -> None:
    for table, row_id in forgotten:
        audit_keys.destroy(connection, table, row_id, at)


def _sealed(
    connection: Connection, entry: Waiting, place: Place, *, values: bool
) -> dict[str, Any]:
    """The row of the log. Once a key is gone, and while one is destroyed, no value is kept."""
    details, key = entry.details, None
    if details:
        key = audit_keys.key_of(connection, place)
        if key is None or not values:
            details, key = _names_only(details), audit_keys.key_of(connection, GENERAL)
    uuid = uuid4()
    told = json.dumps(details, ensure_ascii=False, default=str)
    return {
        "uuid": uuid,
        "created_at": entry.at,
        "at": entry.at,
        "event": entry.event,
        "actor_id": entry.actor_id,
        "subject_table": entry.table,
        "subject_id": entry.row_id,
        "case_id": place.case_id,
        "key_id": key.id if key else None,
        "details": audit_keys.seal(key, uuid, told) if key else None,
    }


def _names_only(details: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if name == "fields" else value for name, value in details.items()}


# --- what the session noticed by itself -----------------------------------------------------


def _tidied(entries: list[Waiting]) -> Iterable[Waiting]:
    """Several flushes of a row as one change; nothing that an entry of its own tells already."""
    spoken = {one.subject for one in entries if not one.found}
    made = {one.subject for one in entries if one.event == "created"}
    arrived = any(one.event in ARRIVALS for one in entries)
    merged = _merged(entries)
    for place, one in enumerate(entries):
        if not one.found:
            yield one
        elif one.event == "created":
            if one.actor_id is not None and not arrived and one.subject not in spoken:
                yield one
        elif one.subject not in made and merged.get(one.subject, (0, {}))[0] == place:
            fields = merged[one.subject][1]
            if fields:
                yield replace(one, details={"fields": fields})


def _merged(entries: list[Waiting]) -> dict[Any, tuple[int, dict[str, Any]]]:
    """For each row where it was last changed, and each field from its first old to its last new."""
    merged: dict[Any, tuple[int, dict[str, Any]]] = {}
    for place, one in enumerate(entries):
        if one.found and "fields" in one.details:
            fields = merged.get(one.subject, (0, {}))[1]
            for name, (old, new) in one.details["fields"].items():
                fields[name] = [fields.get(name, (old,))[0], new]
            merged[one.subject] = (place, fields)
    return {
        subject: (place, {name: pair for name, pair in fields.items() if pair[0] != pair[1]})
        for subject, (place, fields) in merged.items()
    }
