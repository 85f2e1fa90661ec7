"""Whose key seals the details of an entry, and how that key is destroyed.

The details of everything about a case lie under one key; a report without a case, a person, a
person's request and a complaint about the service have their own, everything else shares one. The
keys are wrapped in `audit_key`, a sealed column: rotating the ring rewraps them and leaves the log
untouched.
Destroying a key leaves the chain whole and its details unreadable.
"""

import secrets
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Table, insert, select, update

from models import AuditKey, Base
from portal.protection.sealing import seal_column, unseal_column
from portal.protection.vault import KEY_BYTES, NONCE_BYTES, VaultError

KEY = cast(Table, AuditKey.__table__)
# The columns that lead from a row to what it belongs to, the nearest case first.
LINKS = {
    "case_id": "case",
    "victim_id": "victim",
    "report_id": "report",
    "order_id": "order",
    "consent_id": "consent",
    "person_id": "person",
    "complaint_id": "service_complaint",
    "message_id": "message",
    "conversation_id": "conversation",
}
WITH_KEY = frozenset({"case", "report", "person", "service_complaint", "data_request"}) | frozenset(
    {"conversation", "correspondent"}
)
# What a row with a key of its own belongs to nevertheless.
ABOVE = {"conversation": ("report_id",)}


class Place(NamedTuple):
    """What an entry belongs to: its case, if any, and the row whose key seals its details."""

    case_id: int | None
    table: str
    row_id: int


GENERAL = Place(None, "", 0)


class Key(NamedTuple):
    """An unwrapped key and the id of its row."""

    id: int
    secret: bytes


def place_of(connection: Connection, table: str | None, row_id: int | None) -> Place:
    """Where the row belongs, following its keys upwards; `GENERAL` if nowhere or not there."""
    found = Base.metadata.tables.get(table or "")
    if found is None or "id" not in found.c:
        return GENERAL
    ways = ABOVE.get(found.name, ("case_id",)) if found.name in WITH_KEY else LINKS
    links = [found.c[name] for name in ways if name in found.c]
    row = connection.execute(select(found.c.id, *links).where(found.c.id == row_id)).first()
    if row is None:
        return GENERAL
    for link in links:
        if (target := getattr(row, link.name)) is not None:
            return place_of(connection, LINKS[link.name], target)
    if table not in WITH_KEY:
        return GENERAL
    return Place(row.id if table == "case" else None, str(table), row.id)


def key_of(connection: Connection, place: Place) -> Key | None:
    """The key of `place`, made if there is none; None when it was destroyed.

    The caller holds the lock of the chain's head, so that nobody makes the same key beside it.
    """
    known = connection.execute(
        select(KEY).filter_by(subject_table=place.table, subject_id=place.row_id)
    ).first()
    if known is None:
        return _make(connection, place)
    return opened(known) if known.wrapped is not None else None


def _make(connection: Connection, place: Place) -> Key:
    uuid, secret = uuid4(), secrets.token_bytes(KEY_BYTES)
    values = {
        "uuid": uuid,
        "created_at": datetime.now(UTC),
        "subject_table": place.table,
        "subject_id": place.row_id,
        "wrapped": seal_column(AuditKey, "wrapped", uuid, secret.hex()),
    }
    made = connection.execute(insert(KEY).values(values)).inserted_primary_key
    return Key(made[0] if made else 0, secret)


def opened(row: Any) -> Key:
    """The key in a row that has one; `VaultError` if it was altered or belongs to another row."""
    plain = unseal_column(AuditKey, "wrapped", row.uuid, bytes(row.wrapped))
    return Key(row.id, bytes.fromhex(str(plain)))


def by_id(connection: Connection, key_id: int) -> Key | None:
    """The key with this id, None when it was destroyed."""
    known = connection.execute(select(KEY).where(KEY.c.id == key_id)).first()
    return opened(known) if known is not None and known.wrapped else None


def destroy(connection: Connection, table: str, row_id: int, now: datetime) -> None:
    """Destroy the key of a row for good; the caller holds the lock of the chain's head.

    A row that had no key gets a destroyed one: nothing about it is ever sealed readably again.
    """
    key = key_of(connection, Place(None, table, row_id))
    if key is not None:
        gone = update(KEY).where(KEY.c.id == key.id)
        connection.execute(gone.values(wrapped=None, destroyed_at=now))


# --- the details themselves -----------------------------------------------------------------


def _bound(uuid: UUID) -> bytes:
    return f"audit_entry|details|{uuid}".encode()


def seal(key: Key, uuid: UUID, details: str) -> bytes:
    """`details` under `key`, bound to the entry `uuid`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key.secret).encrypt(nonce, details.encode(), _bound(uuid))


def unseal(key: Key, uuid: UUID, sealed: bytes) -> str:
    """What `seal` was given; `VaultError` if it was altered or belongs to another entry."""
    try:
        plain = AESGCM(key.secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(uuid))
    except InvalidTag:
        raise VaultError("these details were altered or belong elsewhere") from None
    return plain.decode()
