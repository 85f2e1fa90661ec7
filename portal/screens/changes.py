"""What a form is about to write, for the log: every row of the transaction, field by field."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import ColumnProperty, Session

from models import AuditEntry, Officer
from portal.protection import audit

UNSAID = {"id", "uuid", "version_id", "created_at", "password_hash"}

Fields = dict[str, list[Any]]


def record(session: Session, officer: Officer | None) -> None:
    """Note each new and each changed row in the log, with old and new values (sealed there).

    Call it before the flush: afterwards nobody knows what was there.
    """
    new = [row for row in session.new if not isinstance(row, AuditEntry)]
    changed = [(row, fields) for row in session.dirty if (fields := changes(row))]
    session.flush()
    for row in new:
        audit.record(session, "created", officer, row)
    for row, fields in changed:
        audit.record(session, "changed", officer, row, fields=fields)


def changes(row: Any) -> Fields:
    """What differs from the database: name → [old, new]; other rows by their keys."""
    state = inspect(row)
    found: Fields = {}
    for attribute in state.mapper.attrs:
        name = attribute.key
        if name in UNSAID or name in state.unloaded:
            continue
        history = state.attrs[name].history
        if history.has_changes() and _counts(attribute):
            found[name] = [_said(history.deleted), _said(history.added)]
    return found


def _counts(attribute: Any) -> bool:
    """Columns, and the relations whose key is here; the other side notes its own change."""
    if isinstance(attribute, ColumnProperty):
        return True
    return attribute.direction.name in ("MANYTOONE", "MANYTOMANY")


def _said(values: Any) -> Any:
    keys = [_key(value) for value in values or ()]
    return keys[0] if len(keys) == 1 else keys or None


def _key(value: Any) -> Any:
    state = inspect(value, raiseerr=False)
    mapped = state is not None and hasattr(state, "identity")
    return (state.identity[0] if state.identity else None) if mapped else value
