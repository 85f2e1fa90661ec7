"""The chain of the log: every entry carries a MAC over itself and the MAC before it.

One head row says where the chain ends. Whoever appends locks it until the commit, last of all
locks (case → register → head), so that the chain never forks and its numbers have no gap. The
key is derived from the root of the ring: whoever owns the database alone can make no entry.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Row, Table, insert, select, update

from models import AuditEntry, AuditHead
from portal.protection.vault import ring

ENTRY, HEAD = cast(Table, AuditEntry.__table__), cast(Table, AuditHead.__table__)
PURPOSE = "audit-chain"
FIRST = bytes(32)
# What a MAC is over, in this order. The list never changes for entries that exist: a new column
# needs a new form, told apart by its first byte.
FORM = b"\x01"
FIELDS = (
    *("id", "uuid", "created_at", "at", "event", "actor_id", "subject_table", "subject_id"),
    *("case_id", "key_id", "details"),
)


class HeadMissing(RuntimeError):
    """The head row is gone: somebody was at the database. Nothing is written without it."""


def mac(before: bytes, entry: Mapping[str, Any]) -> bytes:
    """The MAC of `entry`, which follows the entry whose MAC is `before`."""
    told = json.dumps([_plain(entry[name]) for name in FIELDS], separators=(",", ":"))
    return hmac.digest(ring().derive(PURPOSE), FORM + before + told.encode(), "sha256")


def _plain(value: Any) -> Any:
    """The same text for the same value, whichever database it comes from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.hex if isinstance(value, UUID) else value


def begin(connection: Connection) -> None:
    """The head of an empty chain, where there is none yet."""
    connection.execute(insert(HEAD).values(id=1, sequence=0, mac=FIRST, anchored=0))


def lock(connection: Connection) -> Row[Any]:
    """The head (`sequence`, `mac`), locked until the end of the transaction."""
    head = connection.execute(select(HEAD).with_for_update()).one_or_none()
    if head is None:
        raise HeadMissing("the head of the audit log is missing")
    return head


def append(connection: Connection, head: Row[Any], entries: Iterable[dict[str, Any]]) -> None:
    """Write `entries` behind the locked `head`: numbered, sealed to the chain, the head moved."""
    sequence, last, rows = head.sequence, head.mac, []
    for entry in entries:
        sequence += 1
        row = entry | {"id": sequence}
        last = row["mac"] = mac(last, row)
        rows.append(row)
    connection.execute(insert(ENTRY), rows)
    connection.execute(update(HEAD).values(sequence=sequence, mac=last))
