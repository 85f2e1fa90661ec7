"""Columns that older releases kept plain are sealed by the migration, and open again."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

import models as m
from portal.config import ROOT, Settings
from portal.db import db, init_db
from portal.protection.sealing import unseal_column
from tests.conftest import SECRETS

BEFORE, SEALED = "3c92a5d7e4f6", "4da3b6e8f5a7"
PLAIN = {
    "officer": {"nip": "198704122010012033", "email": "joko.rekaan@contoh-surel.example"},
    "partner_institution": {"phone": "+623417719023", "contact_name": "Suster Brotodiningrat"},
    "report": {"referring_institution": "Puskesmas Tlogobiru", "referring_letter": "445/Tlogo"},
    "order": {"basis": "Nota lisan dari lurah Tlogobiru\nkedua"},
}
MODELS = {model.__tablename__: model for model in (m.Officer, m.PartnerInstitution, m.Report)}
MODELS["order"] = m.Order
LINKS = {"case": {"identified_by_id": 1}, "order": {"case_id": 1, "issued_by_id": 1}}
CODES = {"status": {"case": "identified", "report": "new"}, "risk": "sedang", "role": "supervisor"}
CODES |= {"channel": "rujukan", "state": "valid", "language": "id"}


@pytest.fixture(params=["sqlite", "postgresql"])
def migrating(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application around an empty database, migrated to the release before."""
    url = f"sqlite:///{tmp_path}/before.sqlite3"
    server = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        url = server.make(None)
    app = Flask("migrating")
    init_db(app, Settings.read(SECRETS | {"PORTAL_ENV": "testing", "DATABASE_URL": url}))
    flask_migrate.Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        flask_migrate.upgrade(revision=BEFORE)
        yield app
        db.engine.dispose()
    if server:
        server.drop(url)


def _insert(connection: sa.Connection, table: sa.Table, **given: Any) -> None:
    """A row with something in every column that must have something."""
    values = given | LINKS.get(table.name, {})
    for column in table.columns:
        needed = not column.nullable and column.server_default is None and column.name != "id"
        if needed and column.name not in values:
            values[column.name] = _something(table.name, column)
    connection.execute(sa.insert(table).values(values))


def _something(table: str, column: sa.Column[Any]) -> Any:
    if column.name in CODES:
        code = CODES[column.name]
        return code[table] if isinstance(code, dict) else code
    kinds: dict[type[Any], Any] = {
        sa.Boolean: False,
        sa.Integer: 1,
        sa.DateTime: datetime(2026, 3, 2, tzinfo=UTC),
        sa.Date: date(2026, 3, 2),
        sa.JSON: [],
        sa.LargeBinary: b"sealed",
    }
    if column.name == "uuid":
        return uuid.uuid4() if isinstance(column.type, sa.Uuid) else uuid.uuid4().hex
    return next((v for kind, v in kinds.items() if isinstance(column.type, kind)), "tidak_ada")


def _fill() -> None:
    tables = sa.MetaData()
    tables.reflect(db.engine)
    with db.engine.begin() as connection:
        for name in ("officer", "partner_institution", "report", "case", "order"):
            _insert(connection, tables.tables[name], **PLAIN.get(name, {}))


def _stored(table: str) -> Any:
    stored = sa.table(table, sa.column("uuid"), *map(sa.column, PLAIN[table]))
    with db.engine.connect() as connection:
        return connection.execute(sa.select(stored)).one()


def test_what_was_plain_is_sealed_and_opens(migrating: Flask) -> None:
    _fill()
    flask_migrate.upgrade(revision=SEALED)
    for table, told in PLAIN.items():
        key, *values = _stored(table)
        for (column, text), sealed in zip(told.items(), values, strict=True):
            assert text.encode() not in bytes(sealed)
            row = uuid.UUID(str(key))
            assert unseal_column(MODELS[table], column, row, bytes(sealed)) == text
    flask_migrate.downgrade(revision=BEFORE)
    for table, told in PLAIN.items():
        assert list(_stored(table)[1:]) == list(told.values())


def test_nothing_of_it_stays_behind_in_the_file(migrating: Flask) -> None:
    """SQLite overwrites what it frees; PostgreSQL is told to by `VACUUM FULL` (docs)."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("files of SQLite")
    _fill()
    flask_migrate.upgrade(revision=SEALED)
    file = Path(str(db.engine.url.database))
    db.engine.dispose()
    left = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert [
        text for told in PLAIN.values() for text in told.values() if text.encode() in left
    ] == []


def test_a_migrated_office_asks_for_its_tokens(migrating: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        asked = connection.exec_driver_sql("SELECT kind, state FROM job").all()
    assert asked == [("search.rebuild", "waiting")]


def test_partial_indexes_outlive_the_migration(migrating: Flask) -> None:
    flask_migrate.upgrade()
    found = {one["name"]: one for one in sa.inspect(db.engine).get_indexes("order")}
    options = found["uq_order_one_in_force"]["dialect_options"]
    assert "voided_at IS NULL" in str(options.get(f"{db.engine.dialect.name}_where"))
