"""The fixtures every test may ask for. What is behind them lies in `tests/support`."""

import gc
import os
import shutil
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as effort
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from portal.access import scope, sign_in
from portal.app import create_app
from portal.config import Settings
from portal.db import READING, PatientSession, db
from portal.protection import audit_anchors, erasures, files, sealing, tokens, vault
from tests.support.browser import address, browser, page
from tests.support.cast import CHEAP, Cast, make_cast
from tests.support.databases import PostgresTemplates, SqliteTemplates, connect

__all__ = ["address", "browser", "page"]  # fixtures that live elsewhere

SECRETS = {
    "PORTAL_SECRET_KEY": "hanya-untuk-uji-coba-0123456789-abcdef",
    "PORTAL_VAULT_KEYS": f"uji:{b64encode(bytes(range(32))).decode()}",
}


# The same examples in every run, however busy the machine is; `--hypothesis-profile default` looks
# for new ones.
SLOW = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
effort.register_profile(
    "steady", derandomize=True, database=None, deadline=None, suppress_health_check=SLOW
)
effort.load_profile("steady")

# Looking for rubbish among all that was imported and compiled took a fifth of the whole time.
gc.set_threshold(100_000, 20, 100)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: nobody looks whether it is needed."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first: at the end one worker would wait for the other."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


class SystemSession(PatientSession):
    """A session outside of any request, under the scope like every other one."""


@pytest.fixture(scope="session", autouse=True)
def key_ring() -> vault.Ring:
    """The vault of this run, installed, and the sealed columns attached."""
    vault.install(vault.Ring.parse(SECRETS["PORTAL_VAULT_KEYS"]))
    sealing.attach()
    tokens.attach()
    scope.attach(SystemSession)
    return vault.ring()


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """The portal's own work for a password, while all others do less of it."""
    real, sign_in.hasher = sign_in.hasher, CHEAP
    yield real
    sign_in.hasher = real


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
    """A database of this test alone: SQLite unless `@both_engines` or `@on_postgres` says so.

    It lies always at the same address, so that tests share the application and its engines.
    """
    templates = request.getfixturevalue(getattr(request, "param", "sqlite"))
    filling = "reference" if {"app", "reference"} & set(request.fixturenames) else "tables"
    url = templates.make(filling, f"{filling}_{os.getpid()}")
    yield url
    templates.drop(url)


@pytest.fixture(scope="session")
def engines() -> dict[str, Engine]:
    """Engines by address: each keeps the statements it once compiled, half of a test's work."""
    return {}


@pytest.fixture
def engine(database_url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    """The database of this test, without the application. Do not change it: others follow."""
    if database_url not in engines:
        engines[database_url] = connect(database_url)
    yield engines[database_url]
    engines[database_url].dispose()


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


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shared application keeps its files."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def settings(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Settings:
    """Settings for the tests; files under a folder that is empty when the test begins."""
    folder = tmp_path
    if "app" in request.fixturenames:
        folder = request.getfixturevalue("shared_folder")
        shutil.rmtree(folder)
    places = {"DATABASE_URL": database_url, "PORTAL_DATA": str(folder), "PORTAL_BACKUPS": "off"}
    fixed = {"PORTAL_ENV": "testing", "PORTAL_LETTER_WORKERS": "0"}
    return Settings.read(SECRETS | places | fixed)


@pytest.fixture(scope="session")
def apps() -> dict[Settings, Flask]:
    """Applications by settings: making one, and compiling its templates, takes a second."""
    return {}


@pytest.fixture
def app(settings: Settings, apps: dict[Settings, Flask]) -> Iterator[Flask]:
    """The whole application on the database of this test. Do not change it: others follow."""
    if settings not in apps:
        apps[settings] = create_app(settings)
    files.configure(settings.files)
    erasures.configure(settings.data / "erasures.jsonl")
    apps[settings].extensions["rate_limits"].reset()
    audit_anchors.configure(settings.anchors)
    yield apps[settings]
    with apps[settings].app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody from the public."""
    return app.test_client()
