"""Migrations go up and down on both databases and end where the models are."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from models import Base
from portal.config import ROOT, Settings
from portal.db import db, init_db
from tests.conftest import SECRETS

both_empty = pytest.mark.parametrize(
    "empty_database_url", ["sqlite", "postgresql"], indirect=True, ids=["sqlite", "postgresql"]
)


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
def migrating(empty_database_url: str) -> Iterator[Flask]:
    """An application around an empty database, its migrations at hand."""
    place = {"PORTAL_ENV": "testing", "DATABASE_URL": empty_database_url}
    app = Flask("migrating")
    init_db(app, Settings.read(SECRETS | place))
    flask_migrate.Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        yield app
        db.engine.dispose()


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


@both_empty
def test_going_up_gives_exactly_the_tables_of_the_models(migrating: Flask) -> None:
    flask_migrate.upgrade()
    assert _tables() == set(Base.metadata.tables)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@both_empty
def test_check_constraints_are_those_of_the_models(migrating: Flask) -> None:
    flask_migrate.upgrade()
    migrated = _checks()
    flask_migrate.downgrade(revision="base")
    Base.metadata.create_all(db.engine)
    assert migrated == _checks()
    assert len(migrated) > 20


def _checks() -> set[tuple[str, str]]:
    look = inspect(db.engine)
    return {
        (table, check["sqltext"])
        for table in _tables()
        for check in look.get_check_constraints(table)
    }


@both_empty
def test_going_down_leaves_nothing_and_going_up_again_works(migrating: Flask) -> None:
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    assert _tables() == set()
    flask_migrate.upgrade()
    assert _tables() == set(Base.metadata.tables)
