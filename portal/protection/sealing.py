"""Sealed columns: plain values on the object, ciphertext in the database.

`models` declares which columns are sealed; the events attached here seal what a
flush is about to write, put the plain values back after it, and unseal what a
query loaded. Statements that pass the objects by (bulk inserts and updates,
column selects) meet ciphertext only: binding plain text raises, and a selected
column is opened with `unseal_column`.
"""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import event, inspect
from sqlalchemy.orm import (
    InstanceState,
    Mapper,
    PassiveFlag,
    Session,
    attributes,
    object_session,
)

from models import Row, Sealed
from portal.protection.vault import VaultError, ring

_IN_FLUSH = "portal.sealing.in_flush"
_PASSIVE = PassiveFlag.PASSIVE_NO_INITIALIZE

_attached: set[type[Any]] = set()
_columns: dict[type[Any], dict[str, Sealed]] = {}


class _Ciphertext(bytes):
    """What stands on the object during the flush; it remembers the plain value."""

    plain: Any


def sealed_columns(model: type[Any]) -> dict[str, Sealed]:
    """The sealed attributes of a model and their types, in the order of the columns."""
    if model not in _columns:
        _columns[model] = _find_sealed_columns(model)
    return _columns[model]


def _find_sealed_columns(model: type[Any]) -> dict[str, Sealed]:
    mapper = cast(Mapper[Any], inspect(model))
    types = {attribute.key: attribute.columns[0].type for attribute in mapper.column_attrs}
    return {key: kind for key, kind in types.items() if isinstance(kind, Sealed)}


def _place(model: type[Any], key: str, uuid: UUID) -> tuple[str, str, str]:
    return model.__tablename__, key, str(uuid)


def seal_column(model: type[Any], column: str, uuid: UUID, value: Any) -> bytes | None:
    """The ciphertext of `value` for one column of the row `uuid`; None stays NULL."""
    if value is None:
        return None
    plain = sealed_columns(model)[column].encode(value)
    return ring().seal(plain, _place(model, column, uuid))


def unseal_column(model: type[Any], column: str, uuid: UUID, ciphertext: bytes | None) -> Any:
    """The value of a column selected by itself; `VaultError` if it was altered or moved."""
    if ciphertext is None:
        return None
    plain = ring().unseal(ciphertext, _place(model, column, uuid))
    return sealed_columns(model)[column].decode(plain)


def reseal(model: type[Any], column: str, uuid: UUID, ciphertext: bytes) -> bytes:
    """The same value under the first key of the ring; `VaultError` if it does not open."""
    place = _place(model, column, uuid)
    return ring().seal(ring().unseal(ciphertext, place), place)


def attach(base: type[Any] = Row) -> None:
    """Attach the events to every table under `base`; a second call changes nothing."""
    if base in _attached:
        return
    _attached.add(base)
    event.listen(base, "init", _give_uuid, propagate=True)
    event.listen(base, "load", _unseal_loaded, propagate=True, restore_load_context=True)
    event.listen(base, "refresh", _unseal_refreshed, propagate=True, restore_load_context=True)
    event.listen(base, "before_insert", _seal_all, propagate=True)
    event.listen(base, "before_update", _seal_changed, propagate=True)
    event.listen(base, "after_insert", _put_back, propagate=True)
    event.listen(base, "after_update", _put_back, propagate=True)
    event.listen(Session, "after_flush", _forget)
    event.listen(Session, "after_soft_rollback", _put_back_all)


def _give_uuid(target: Row, _args: Any, kwargs: dict[str, Any]) -> None:
    """A default of the column would come too late: the uuid is part of what is sealed."""
    kwargs.setdefault("uuid", uuid4())


# --- on the way in ------------------------------------------------------------------------


def _seal_all(_mapper: Mapper[Any], _connection: Any, target: Row) -> None:
    state = attributes.instance_state(target)
    _seal(target, state, [key for key in sealed_columns(type(target)) if key in state.dict])


def _seal_changed(_mapper: Mapper[Any], _connection: Any, target: Row) -> None:
    state = attributes.instance_state(target)
    if "uuid" in state.committed_state and state.get_history("uuid", _PASSIVE).has_changes():
        raise VaultError("the uuid of a row never changes: its ciphertext is bound to it")
    changed = state.committed_state.keys() & sealed_columns(type(target)).keys()
    _seal(target, state, [key for key in changed if state.get_history(key, _PASSIVE).added])


def _seal(target: Row, state: InstanceState[Any], keys: Iterable[str]) -> None:
    """Put ciphertext in place of the plain values; the history of the attributes stays.

    A value that an interrupted flush left sealed is sealed from its plain value again.
    """
    for key in keys:
        plain = getattr(state.dict[key], "plain", state.dict[key])
        if plain is not None:
            ciphertext = _Ciphertext(seal_column(type(target), key, target.uuid, plain) or b"")
            ciphertext.plain = plain
            state.dict[key] = ciphertext
    session = object_session(target)
    if session is not None:
        session.info.setdefault(_IN_FLUSH, []).append(target)


def _put_back(_mapper: Mapper[Any] | None, _connection: Any, target: Row) -> None:
    values = attributes.instance_dict(target)
    for key in sealed_columns(type(target)).keys() & values.keys():
        if isinstance(values[key], _Ciphertext):
            attributes.set_committed_value(target, key, values[key].plain)


def _forget(session: Session, _context: Any) -> None:
    session.info.pop(_IN_FLUSH, None)


def _put_back_all(session: Session, _transaction: Any) -> None:
    """After a flush that failed, objects that were to be inserted still hold ciphertext."""
    for target in session.info.pop(_IN_FLUSH, ()):
        _put_back_uncommitted(target)


def _put_back_uncommitted(target: Row) -> None:
    """As `_put_back`, but the values still count as changes, for the next attempt."""
    values = attributes.instance_dict(target)
    for key, value in values.items():
        if isinstance(value, _Ciphertext):
            values[key] = value.plain


# --- on the way out -----------------------------------------------------------------------


def _unseal_loaded(target: Row, _context: Any) -> None:
    _unseal(target, sealed_columns(type(target)))


def _unseal_refreshed(target: Row, _context: Any, keys: Iterable[str] | None) -> None:
    columns = sealed_columns(type(target))
    _unseal(target, columns if keys is None else columns.keys() & set(keys))


def _unseal(target: Row, keys: Iterable[str]) -> None:
    """Open what the query brought; what it left out (deferred columns) stays left out."""
    values = attributes.instance_dict(target)
    for key in keys:
        value = values.get(key)
        if isinstance(value, bytes):
            values[key] = unseal_column(type(target), key, target.uuid, value)
