"""Filling an empty installation from an archive: all of it, or nothing.

The archive is read twice: once to know that it is whole, then to be stored.
Tables, rows and what is done `afterwards` are one transaction on either
database; the files of a restore that was killed are known by a mark and are
removed by the next one.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from portal.config import ROOT
from portal.db import PatientSession
from portal.protection import files
from portal.protection.backup import check, rows
from portal.protection.backup.check import Head, Summary
from portal.protection.backup.make import ANCHORS, ERASURES, Place
from portal.protection.backup.stream import BackupError

MARK = ".restoring"
MIGRATIONS = ROOT / "migrations"

Afterwards = Callable[[Session, Summary], None]


def restore(path: Path, place: Place, afterwards: Afterwards, erasures: bytes = b"") -> Summary:
    """Fill the empty database and files folder of `place` from the archive at `path`.

    `afterwards` works in the same transaction, on tables of this release: erasures
    made since are repeated, sessions ended, the log told. `erasures` are lines kept
    elsewhere, newer than the archive's. Raises `BackupError` and leaves everything as
    it was.
    """
    check.verify(path)
    try:
        return _restore(path, place, afterwards, erasures)
    except OSError as error:
        raise BackupError(f"the files cannot be written: {error.strerror}") from None
    except sa.exc.SQLAlchemyError as error:
        raise BackupError(f"the database refuses this backup: {type(error).__name__}") from error


def _restore(path: Path, place: Place, afterwards: Afterwards, erasures: bytes) -> Summary:
    with _transaction(place.engine) as connection, _empty_files(place.files):
        taker = _Storing(connection, place)
        try:
            summary = check.read(path, taker)
            taker.beside(ERASURES, erasures)
            taker.finish()
            _tell(connection, summary, afterwards)
            os.sync()
            connection.commit()
        except BaseException:
            taker.undo()
            raise
    return summary


def _tell(connection: Connection, summary: Summary, afterwards: Afterwards) -> None:
    # Its commits end a savepoint and wait for that of the whole.
    with PatientSession(connection, join_transaction_mode="create_savepoint") as session:
        afterwards(session, summary)
        session.commit()


class _Storing:
    """Takes what an archive holds and stores it."""

    def __init__(self, connection: Connection, place: Place) -> None:
        self._connection, self._place = connection, place
        self._tables: dict[str, sa.Table] = {}
        self._references: list[tuple[str, str, str]] = []
        self._before: dict[Path, bytes | None] = {}
        self._aside: tuple[Path, Path] | None = None

    def begin(self, head: Head) -> None:
        """Make the tables as they were when the archive was made, without a row in them."""
        self._set_aside_anchors()
        migrate(self._connection, head.revision)
        if rows.layout(self._connection).keys() != head.tables.keys():
            raise BackupError("the tables of this backup are not those of its release")
        self._tables = {name: rows.table(name, columns) for name, columns in head.tables.items()}
        self._references = _drop_references(self._connection)
        for table in reversed(self._tables.values()):
            if self._connection.execute(sa.select(table).limit(1)).first():  # made by a migration
                self._connection.execute(table.delete())

    def table(self, name: str, values: list[dict[str, Any]]) -> None:
        """Insert some rows."""
        rows.load(self._connection, self._tables[name], values)

    def file(self, key: str, data: bytes) -> None:
        """Write a file where the rows expect it."""
        _write(self._place.files / key, data)

    def beside(self, name: str, data: bytes) -> None:
        """Add the lines of a signed file to those that lie there: none is ever lost."""
        path = self._place.beside[name]
        before = path.read_bytes() if path.exists() else None
        lines = dict.fromkeys([*(before or b"").splitlines(), *data.splitlines()])
        if lines.keys() - set((before or b"").splitlines()):
            self._before.setdefault(path, before)
            _replace(path, b"".join(line + b"\n" for line in lines))

    def _set_aside_anchors(self) -> None:
        """Anchors of entries that are lost now tell what was lost; the log goes on with its own."""
        path = self._place.beside[ANCHORS]
        if path.exists():
            aside = path.with_name(f"{path.stem}.until-{time.time_ns()}{path.suffix}")
            path.rename(aside)
            self._aside = (path, aside)

    def finish(self) -> None:
        """Put references back, let numbers go on behind the last, and bring tables up to date."""
        _put_back(self._connection, self._references)
        if self._connection.dialect.name == "postgresql":
            for table in self._tables.values():
                _go_on_counting(self._connection, table)
        migrate(self._connection, "head")

    def undo(self) -> None:
        """Take back what no transaction takes back; the files folder is emptied by its owner."""
        for path, content in self._before.items():
            if content is None:
                path.unlink()
            else:
                _replace(path, content)
        if self._aside:
            path, aside = self._aside
            aside.rename(path)


def _replace(path: Path, data: bytes) -> None:
    """The file has the old content or the new one, also when the power fails."""
    aside = path.with_name(f"{path.name}.part")
    aside.unlink(missing_ok=True)
    _write(aside, data)
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.replace(path)
    files.sync(path.parent)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


# --- the database -----------------------------------------------------------------------------


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction in an empty database that asks for references only at the end."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            _enforce(connection, on=False)
        try:
            _refuse_unless_empty(connection)
            yield connection
        finally:
            connection.rollback()
            if sqlite:
                _enforce(connection, on=True)


def _refuse_unless_empty(connection: Connection) -> None:
    """Begins the transaction, too."""
    connection.execute(sa.select(1))
    if set(sa.inspect(connection).get_table_names()) - {rows.VERSIONS} or rows.revision(connection):
        raise BackupError("the database is not empty: a backup is restored into an empty one only")


def _enforce(connection: Connection, on: bool) -> None:
    """Switch SQLite's foreign keys, which only works outside of a transaction."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def migrate(connection: Connection, revision: str) -> None:
    """Bring the tables to `revision` in the transaction of `connection`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if revision not in known | {"head"}:
        raise BackupError("this backup was made by a newer release of the portal: install that one")
    command.upgrade(config, revision)


_REFERENCES = sa.text(
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
)


def _drop_references(connection: Connection) -> list[tuple[str, str, str]]:
    """On PostgreSQL rows may then come in any order; what was dropped, to put it back."""
    if connection.dialect.name != "postgresql":
        return []
    found = [(table, name, text) for table, name, text in connection.execute(_REFERENCES)]
    for table, name, _text in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return found


def _put_back(connection: Connection, references: list[tuple[str, str, str]]) -> None:
    """Have every reference checked: by making it anew, on SQLite by asking."""
    for table, name, text in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise BackupError(f"rows of {broken[0][0]} refer to rows that are not in the backup")


def _go_on_counting(connection: Connection, table: sa.Table) -> None:
    """Let the sequences of a table continue behind its highest number."""
    quoted = connection.dialect.identifier_preparer.format_table(table)
    for column in table.c:
        owned = sa.select(sa.func.pg_get_serial_sequence(quoted, column.name))
        if isinstance(column.type, sa.Integer) and (sequence := connection.scalar(owned)):
            following = sa.func.coalesce(sa.func.max(column), 0) + 1
            connection.execute(sa.select(sa.func.setval(sequence, following, False)))


# --- the files ----------------------------------------------------------------------------------


@contextmanager
def _empty_files(folder: Path) -> Iterator[None]:
    """The folder, empty and marked while it is filled; empty again if that fails."""
    mark = folder / MARK
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if mark.exists():
        _clear(folder)  # half a restore, of which the database knows nothing
    if any(path.is_file() for path in folder.rglob("*")):
        raise BackupError(f"{folder} is not empty: a backup is restored into an empty folder only")
    mark.touch(0o600)
    try:
        yield
    except BaseException:
        _clear(folder)
        raise
    finally:
        mark.unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    """Remove what lies in `folder`, its mark last."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    (folder / MARK).unlink(missing_ok=True)
