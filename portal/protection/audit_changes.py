"""What a flush is about to change, field by field, for the log: one place for forms and acts alike.

Every table with an id is noted unless it is named here. New rows are noted without their values
(they stand in the row itself; the first change keeps them as old values), and not at all when an
entry of their own tells of them (a report received, a letter issued) or when the public made them.
"""

from typing import Any, NamedTuple

from sqlalchemy import inspect, select
from sqlalchemy.orm import ColumnProperty, Session

from models import Base, SealedBytes
from portal.protection.sealing import sealed_columns, unseal_column

# Work of the portal itself, and what has entries of its own (acts, signing in, erasing).
SILENT_TABLES = frozenset(
    {
        *("draft", "notice", "job", "case_event", "letter_file", "register_counter"),
        *("audit_entry", "audit_key", "audit_head", "person_token", "complaint_token"),
        *("officer_session", "second_factor", "officer_link", "sign_in_delay"),
        *("past_victim", "erasure"),
        *("seat", "channel_delivery", "channel_item", "channel_cursor", "clock_alarm"),
        *("message_mark", "remote_file", "sending", "alias", "survey_answer"),
        "cue_finding",
    }
)
# Fields that say nothing about a person or must not be kept: keys, counters, secrets, last seen.
SILENT_FIELDS = frozenset(
    {"id", "uuid", "version_id", "created_at", "last_sign_in_at", "read_at", "search_version"}
    # When somebody gave their opinion: the log must not say whose it was.
    | {"surveyed_at"}
)
# Kept as it is typed, a key at a time; once it stands it is never changed again.
AS_TYPED = frozenset({("call", "notes")})
SECRET_PARTS = ("hash", "secret", "token")

Fields = dict[str, list[Any]]


class Change(NamedTuple):
    """A row that a flush wrote: `created`, `changed` or `removed`, with old and new values."""

    row: Any
    event: str
    fields: Fields


def collect(session: Session) -> list[Change]:
    """What the flush that begins now will write. Afterwards nobody knows what was there."""
    new = [Change(row, "created", {}) for row in session.new if _noted(row)]
    dirty = [(row, changes(session, row)) for row in session.dirty if _noted(row)]
    changed = [Change(row, "changed", fields) for row, fields in dirty if fields]
    gone = [Change(row, "removed", _last(row)) for row in session.deleted if _noted(row)]
    return [*new, *changed, *gone]


def _noted(row: Any) -> bool:
    ours = isinstance(row, Base) and row.__tablename__ not in SILENT_TABLES
    return ours and "id" in inspect(row).mapper.columns


def told(name: str) -> bool:
    """Whether the log keeps what this field held."""
    return name not in SILENT_FIELDS and not any(part in name for part in SECRET_PARTS)


def changes(session: Session, row: Any) -> Fields:
    """What differs from the database: name → [old, new]; other rows by themselves."""
    state = inspect(row)
    found: Fields = {}
    for attribute in state.mapper.attrs:
        name = attribute.key
        as_typed = (row.__tablename__, name) in AS_TYPED
        if name in state.unloaded or as_typed or not told(name) or not _counts(attribute):
            continue
        history = state.attrs[name].history
        if history.has_changes():
            found[name] = [_before(session, row, attribute, history), _one(history.added)]
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _counts(attribute: Any) -> bool:
    """Columns, and the relations whose key is here; the other side notes its own change.

    Sealed bytes are not copied into the log: a signing key that is withdrawn is gone for good.
    """
    if isinstance(attribute, ColumnProperty):
        return not isinstance(attribute.columns[0].type, SealedBytes)
    return attribute.direction.name in ("MANYTOONE", "MANYTOMANY") and not attribute.viewonly


def _before(session: Session, row: Any, attribute: Any, history: Any) -> Any:
    """The old value; asked of the database where it was never loaded."""
    if history.deleted and history.deleted[0] is not None:
        return _one(history.deleted)
    if isinstance(attribute, ColumnProperty):
        return None if history.deleted else _stored(session, row, attribute.key)
    if attribute.direction.name == "MANYTOONE" and not history.deleted:
        column = inspect(row).mapper.get_property_by_column(attribute.local_remote_pairs[0][0])
        return _stored(session, row, column.key)
    return None


def _stored(session: Session, row: Any, name: str) -> Any:
    state = inspect(row)
    if not state.persistent:
        return None
    table, column = state.mapper.local_table, state.mapper.columns[name]
    wanted = select(column).where(table.c.id == state.identity[0])
    value = session.connection().scalar(wanted)
    sealed = name in sealed_columns(type(row)) and isinstance(value, bytes)
    return unseal_column(type(row), name, row.uuid, value) if sealed else value


def _one(values: Any) -> Any:
    found = list(values or ())
    return found[0] if len(found) == 1 else found or None


def _last(row: Any) -> Fields:
    """What a row that goes held, as far as it was loaded."""
    state = inspect(row)
    columns = [one.key for one in state.mapper.column_attrs if told(one.key) and _counts(one)]
    held = {name: state.dict.get(name) for name in columns}
    return {name: [value, None] for name, value in held.items() if value not in (None, [], "")}


def plain(value: Any) -> Any:
    """A value as the log keeps it: rows by their keys, lists item by item, the rest as it is."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    state = inspect(value, raiseerr=False)
    mapped = state is not None and hasattr(state, "identity")
    return state.dict.get("id", (state.identity or [None])[0]) if mapped else value
