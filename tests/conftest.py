"""The fixtures every test may ask for. What is behind them lies in `tests/support`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from models import Base
from portal.access import scope
from portal.config import Settings
from portal.protection import sealing, vault
from tests.support.cast import Cast, make_cast
from tests.support.databases import PostgresTemplate, SqliteTemplate, connect

SECRETS = {
    "PORTAL_SECRET_KEY": "hanya-untuk-uji-coba-0123456789-abcdef",
    "PORTAL_VAULT_KEYS": vault.new_ring(),
}


class SystemSession(Session):
    """A session outside of any request, under the scope like every other one."""


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all xdist workers of this run."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session", autouse=True)
def key_ring() -> vault.Ring:
    """The vault of this run, installed, and the sealed columns attached."""
    vault.install(vault.Ring.parse(SECRETS["PORTAL_VAULT_KEYS"]))
    sealing.attach()
    scope.attach(SystemSession)
    return vault.ring()


def fill(engine: Engine) -> None:
    """What every test database starts with: the tables."""
    Base.metadata.create_all(engine)


@pytest.fixture(scope="session")
def sqlite_template(
    tmp_path_factory: pytest.TempPathFactory, key_ring: vault.Ring
) -> SqliteTemplate:
    """The SQLite file that tests get copies of."""
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"), fill)


@pytest.fixture(scope="session")
def postgres_template(shared_folder: Path, key_ring: vault.Ring) -> Iterator[PostgresTemplate]:
    """The PostgreSQL server of this run."""
    template = PostgresTemplate(shared_folder, fill)
    yield template
    template.close()


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test alone: SQLite unless `@both_engines` or `@on_postgres` says so."""
    kind = getattr(request, "param", "sqlite")
    fixture = "postgres_template" if kind == "postgresql" else "sqlite_template"
    template = request.getfixturevalue(fixture)
    url = template.make()
    yield url
    template.drop(url)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    server = request.getfixturevalue("postgres_template")
    url = server.make("template0")
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
    """A session that sees every row (`scope.view_as(session, officer)` narrows it)."""
    with SystemSession(engine, info={"viewer": scope.SYSTEM}) as session:
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
