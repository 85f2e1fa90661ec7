"""Installations to back up and to restore into, on either database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from models import Base
from portal.config import ROOT
from portal.protection.backup import rows
from portal.protection.backup.make import ANCHORS, ERASURES, Place
from tests.support.databases import connect

Content = dict[str, list[tuple[Any, ...]]]


def stamp(engine: Engine) -> None:
    """Say that the tables stand at the newest migration, as a migrated database does."""
    head = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    with engine.begin() as connection:
        versions = sa.Table(rows.VERSIONS, sa.MetaData(), sa.Column("version_num", sa.String(32)))
        versions.create(connection)
        connection.execute(versions.insert(), {"version_num": head})


def place(engine: Engine, folder: Path) -> Place:
    """An installation with its files under `folder`."""
    beside = {name: folder / name for name in (ANCHORS, ERASURES)}
    return Place(engine, folder / "files", beside)


@contextmanager
def empty(make: Callable[[], str], drop: Callable[[str], None], folder: Path) -> Iterator[Place]:
    """An installation without a table and without a file."""
    url = make()
    engine = connect(url)
    folder.mkdir(exist_ok=True)
    try:
        yield place(engine, folder)
    finally:
        engine.dispose()
        drop(url)


def sqlite_file(folder: Path) -> Callable[[], str]:
    """Makes the address of a SQLite database that does not exist yet."""
    return lambda: f"sqlite:///{folder}/{uuid4().hex}.sqlite3"


def content(engine: Engine) -> Content:
    """Every row of every table, as the portal reads it, ciphertext included."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def stored(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` by its place."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
