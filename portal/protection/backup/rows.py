"""Tables as lines of text and back: the same lines for SQLite and PostgreSQL.

What a table looks like is asked of the database itself, so every table of every
release is kept, sealed columns as the ciphertext they are. A column is of one
of a few kinds; a kind says how its values are read, written and spelt.
"""

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Engine, MetaData, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from models import UtcDateTime
from portal.db import reading
from portal.protection.backup.stream import BackupError

BATCH = 500
PART = 1_000_000
VERSIONS = "alembic_version"

Columns = dict[str, str]


class _Json(sa.TypeDecorator[str]):
    """A JSONB column as its text, so that null in JSON and NULL stay different."""

    impl = sa.Text
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> Any:
        return sa.cast(sa.type_coerce(bindparam, sa.Text), JSONB)

    def column_expression(self, column: Any) -> Any:
        return sa.cast(column, sa.Text)


@dataclass(frozen=True)
class Kind:
    """How columns of some types are read and written, and how a value is spelt in JSON."""

    reflected: type[Any]
    neutral: TypeEngine[Any]
    spell: Callable[[Any], Any]
    value: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _spell_bytes(value: bytes) -> str:
    return b64encode(value).decode()


# The first that fits is a column's kind: DATETIME is a DATE for SQLAlchemy, too.
KINDS: dict[str, Kind] = {
    "uuid": Kind(sa.Uuid, sa.Uuid(), str, UUID),
    "json": Kind(sa.JSON, sa.Text().with_variant(_Json(), "postgresql"), str, str),
    "bytes": Kind(sa.LargeBinary, sa.LargeBinary(), _spell_bytes, b64decode),
    "flag": Kind(sa.Boolean, sa.Boolean(), _same, bool),
    "instant": Kind(sa.DateTime, UtcDateTime(), datetime.isoformat, datetime.fromisoformat),
    "date": Kind(sa.Date, sa.Date(), date.isoformat, date.fromisoformat),
    "time": Kind(sa.Time, sa.Time(), time.isoformat, time.fromisoformat),
    "whole": Kind(sa.Integer, sa.BigInteger(), _same, int),
    "number": Kind(sa.Float, sa.Double(), _same, float),
    "text": Kind(sa.String, sa.Text(), _same, str),
}


def _kind(table: str, column: str, found: TypeEngine[Any]) -> str:
    if isinstance(found, sa.CHAR) and found.length == 32:
        return "uuid"  # what SQLite has instead
    for name, kind in KINDS.items():
        if isinstance(found, kind.reflected):
            return name
    raise BackupError(f"{table}.{column} is of a type that no backup can hold ({found})")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, however long it reads; it locks nobody."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    if engine.dialect.name == "sqlite":
        engine, options = reading(engine), {}
    with engine.connect().execution_options(**options) as connection:
        yield connection


def revision(connection: Connection) -> str | None:
    """The migration that the tables stand at; None in an empty database."""
    if not sa.inspect(connection).has_table(VERSIONS):
        return None
    found: str | None = connection.scalar(sa.text(f"SELECT version_num FROM {VERSIONS}"))  # noqa: S608
    return found


def layout(connection: Connection) -> dict[str, Columns]:
    """Every table, those first that others refer to, and its columns with their kinds."""
    look = sa.inspect(connection)
    names = [name for name, _keys in look.get_sorted_table_and_fkc_names() if name]
    return {
        name: {one["name"]: _kind(name, one["name"], one["type"]) for one in look.get_columns(name)}
        for name in names
        if name != VERSIONS
    }


def table(name: str, columns: Columns) -> Table:
    """A table with neutral types, to read from and to write to."""
    return Table(
        name, MetaData(), *(Column(column, KINDS[kind].neutral) for column, kind in columns.items())
    )


# --- out ------------------------------------------------------------------------------------


def parts(connection: Connection, name: str, columns: Columns) -> Iterator[tuple[int, bytes]]:
    """The rows of a table in pieces of about a megabyte: how many, and their packed lines."""
    lines: list[str] = []
    size = 0
    for line in _lines(connection, table(name, columns), columns):
        lines.append(line)
        size += len(line)
        if size >= PART:
            yield len(lines), _pack(lines)
            lines, size = [], 0
    if lines:
        yield len(lines), _pack(lines)


def _lines(connection: Connection, source: Table, columns: Columns) -> Iterator[str]:
    key = sa.inspect(connection).get_pk_constraint(source.name)["constrained_columns"]
    rows = connection.execute(
        sa.select(source).order_by(*(source.c[column] for column in key)),
        execution_options={"yield_per": BATCH},
    )
    spell = [KINDS[kind].spell for kind in columns.values()]
    for row in rows:
        yield _dumps(
            [None if value is None else to(value) for to, value in zip(spell, row, strict=True)]
        )


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def _pack(lines: Sequence[str]) -> bytes:
    return gzip.compress("\n".join([*lines, ""]).encode(), compresslevel=1, mtime=0)


# --- back -----------------------------------------------------------------------------------


def unpack(packed: bytes, columns: Columns) -> list[dict[str, Any]]:
    """The rows of one piece as values by column; `BackupError` if they cannot be read."""
    value = [(column, KINDS[kind].value) for column, kind in columns.items()]
    try:
        return [
            {
                column: None if spelt is None else to(spelt)
                for (column, to), spelt in zip(value, json.loads(line), strict=True)
            }
            for line in gzip.decompress(packed).decode().splitlines()
        ]
    except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
        raise BackupError(f"rows that cannot be read ({type(error).__name__})") from None


def load(connection: Connection, target: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows as they were."""
    for start in range(0, len(rows), BATCH):
        connection.execute(target.insert(), rows[start : start + BATCH])
