"""How transactions begin: writers wait for each other, readers for nobody."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Setting
from portal import db as database
from tests.support.databases import both_engines, connect


@pytest.fixture
def counter(session: Session) -> Setting:
    """A row to write to, holding 0."""
    row = Setting(key="counter", value="0", label="Penghitung", label_en="Counter")
    session.add(row)
    session.commit()
    return row


def in_threads(count: int, work: Any) -> list[Exception]:
    """Run `work()` in `count` threads at once; what they raised."""
    errors: list[Exception] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@both_engines
def test_writers_who_read_first_wait_for_each_other(engine: Engine, counter: Setting) -> None:
    def add_one_five_times() -> None:
        for _ in range(5):
            with Session(engine) as session, session.begin():
                row = session.scalars(select(Setting).with_for_update()).one()
                row.value = str(int(row.value) + 1)

    assert in_threads(4, add_one_five_times) == []
    with Session(engine) as session:
        assert session.scalars(select(Setting.value)).one() == "20"


def test_a_reader_does_not_wait_for_a_writer(engine: Engine, counter: Setting) -> None:
    with engine.begin() as writer:
        writer.execute(update(Setting).values(value="1"))
        with database.reading(engine).connect() as reader:
            assert reader.scalar(select(Setting.value)) == "0"


def test_foreign_keys_are_enforced(engine: Engine) -> None:
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO consent_partner VALUES (99, 99)"))


def test_an_error_of_the_database_shows_no_values(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as refused, engine.begin() as connection:
        for number in (1, 2):
            values = {"id": number, "key": "sama", "value": "rahasia"}
            connection.execute(Setting.__table__.insert(), values | {"label": "", "label_en": ""})
    assert "rahasia" not in str(refused.value)


@pytest.fixture
def small_app(database_url: str, counter: Setting, settings: Any) -> Flask:
    """The database alone in an application with a page that reads, waits and writes."""
    app = Flask("small")
    database.init_db(app, settings)
    return app


def _change_elsewhere(other: Engine) -> None:
    with other.begin() as connection:
        connection.execute(update(Setting).values(help="other"))


def _write_flushing(row: Setting) -> None:
    database.db.session.add(row)


def _write_in_a_savepoint(row: Setting) -> None:
    with database.db.session.begin_nested():
        database.db.session.add(row)


def _write_a_statement(row: Setting) -> None:
    values = {"key": row.key, "value": row.value, "label": row.label, "label_en": row.label_en}
    database.db.session.execute(insert(Setting).values(values))


@both_engines
@pytest.mark.parametrize("write", [_write_flushing, _write_in_a_savepoint, _write_a_statement])
def test_a_page_that_writes_after_all_succeeds_although_others_wrote_meanwhile(
    small_app: Flask, database_url: str, write: Callable[[Setting], None]
) -> None:
    other = connect(database_url)

    @small_app.get("/")
    def page() -> str:
        before = database.db.session.scalars(select(Setting.value)).one()
        _change_elsewhere(other)
        write(Setting(key="visits", value=before, label="Kunjungan", label_en="Visits"))
        database.db.session.commit()
        return before

    assert small_app.test_client().get("/").text == "0"
    with other.connect() as connection:
        assert len(connection.execute(select(Setting.key)).all()) == 2
    other.dispose()


def test_a_page_that_only_reads_does_not_wait_for_a_writer(
    small_app: Flask, engine: Engine
) -> None:
    @small_app.get("/")
    def page() -> str:
        return database.db.session.scalars(select(Setting.value)).one()

    with engine.begin() as writer:
        writer.execute(update(Setting).values(value="1"))
        assert small_app.test_client().get("/").text == "0"


def test_what_is_committed_outlives_a_power_cut_except_in_tests(
    small_app: Flask, settings: Any
) -> None:
    office = Flask("office")
    database.init_db(office, replace(settings, env="production"))
    durability = []
    for app in (office, small_app):
        with app.app_context():
            durability.append(database.db.session.scalar(text("PRAGMA synchronous")))
            database.db.engine.dispose()
    assert durability == [2, 0], "FULL, OFF"
