"""The fixtures every test may ask for. What is behind them lies in `tests/support`."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from portal.access import scope
from portal.app import create_app
from portal.config import Settings
from portal.db import READING, PatientSession, db
from portal.protection import sealing, vault
from tests.support.browser import address, browser, page
from tests.support.cast import Cast, make_cast
from tests.support.databases import PostgresTemplates, SqliteTemplates, connect

__all__ = ["address", "browser", "page"]  # fixtures that live elsewhere

SECRETS = {
    "PORTAL_SECRET_KEY": "hanya-untuk-uji-coba-0123456789-abcdef",
    "PORTAL_VAULT_KEYS": f"uji:{b64encode(bytes(range(32))).decode()}",
}


class SystemSession(PatientSession):
    """A session outside of any request, under the scope like every other one."""


@pytest.fixture(scope="session", autouse=True)
def key_ring() -> vault.Ring:
    """The vault of this run, installed, and the sealed columns attached."""
    vault.install(vault.Ring.parse(SECRETS["PORTAL_VAULT_KEYS"]))
    sealing.attach()
    scope.attach(SystemSession)
    return vault.ring()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory, key_ring: vault.Ring) -> SqliteTemplates:
    """The SQLite files that tests get copies of."""
    return SqliteTemplates(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str, key_ring: vault.Ring) -> Iterator[PostgresTemplates]:
    """The PostgreSQL server of this run, shared by its workers."""
    templates = PostgresTemplates(testrun_uid)
    yield templates
    templates.close()


@pytest.fixture
def reference() -> None:
    """Ask for it to find the reference lists in the database; with `app` they are there."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test alone: SQLite unless `@both_engines` or `@on_postgres` says so."""
    templates = request.getfixturevalue(getattr(request, "param", "sqlite"))
    asked = {"app", "reference"} & set(request.fixturenames)
    url = templates.make("reference" if asked else "tables")
    yield url
    templates.drop(url)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    server = request.getfixturevalue("postgresql")
    url = server.make(None)
    yield url
    server.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The database of this test, without the application."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that sees every row (`scope.view_as(session, officer)` narrows it).

    It locks nothing until it writes; `session.rollback()` shows what others wrote meanwhile.
    """
    with SystemSession(engine, info={"viewer": scope.SYSTEM, READING: True}) as session:
        yield session


@pytest.fixture
def cast(session: Session) -> Cast:
    """Everybody in the office, stored."""
    return make_cast(session)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for the tests; files under the test's own folder."""
    places = {"DATABASE_URL": database_url, "PORTAL_DATA": str(tmp_path)}
    return Settings.read(SECRETS | places | {"PORTAL_ENV": "testing"})


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on the database of this test."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody from the public."""
    return app.test_client()
