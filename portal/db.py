"""The session handle, and how transactions begin.

PostgreSQL needs nothing special. On SQLite a transaction that reads first and
writes later can be refused with "database is locked", so transactions begin as
IMMEDIATE (one writer at a time, the others wait) unless they only read: the
session of a GET or HEAD request begins deferred and blocks nobody. If such a
request does write after all (a visit noted, a letter stored when first opened),
the session ends its snapshot and begins an IMMEDIATE transaction just before
the first write: what it read may have changed since, as between any two
statements on PostgreSQL, and `version_id` tells.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from models import Base
from portal.config import Settings

# Writers of SQLite take turns in no order: eight that begin together may each wait for all others.
WAIT_SECONDS = 60
READING = "portal.reading"
_BEGIN = "portal_begin"
_CHANGES = "portal_changes"
# What is deleted is overwritten, and nothing is sorted in a file outside of the database's folder.
PRAGMAS = (
    *("foreign_keys = ON", "journal_mode = WAL"),
    *("secure_delete = ON", "temp_store = MEMORY"),
)
# What is committed outlives a power cut: anchors and erasures outside of the database rely on it.
DURABLE, FAST = "synchronous = FULL", "synchronous = OFF"


class PatientSession(Session):
    """A session that begins deferred while `info[READING]` is set, and IMMEDIATE once it writes."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """The engine, or its reading twin on the same pool of connections."""
        bind = super().get_bind(*args, **kwargs)
        if isinstance(bind, Engine) and self.info.get(READING):
            return reading(bind)
        return bind

    def begin_nested(self) -> SessionTransaction:
        """A savepoint: somebody is about to write, so the snapshot ends here if need be."""
        begin_writing(self)
        return super().begin_nested()


class PortalSession(PatientSession, FlaskSession):
    """The session of requests, jobs and commands."""


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": PortalSession})


def init_db(app: Flask, settings: Settings) -> None:
    """Connect `app` to the database of `settings`; GET and HEAD requests only read."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine, FAST if settings.env == "testing" else DURABLE)
    app.before_request(mark_reading)


def mark_reading() -> None:
    """Let the session of a GET or HEAD request lock nothing before it writes."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        db.session.info[READING] = True


def engine_options(url: str) -> dict[str, Any]:
    """Arguments of `create_engine` for `url`; values never appear in error messages."""
    options: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": True}
    if make_url(url).get_backend_name() == "postgresql":
        return options | {"connect_args": {"options": "-c timezone=utc"}}
    return options | {"connect_args": {"timeout": WAIT_SECONDS}}


def prepare(engine: Engine, durability: str = DURABLE) -> Engine:
    """Give a SQLite `engine` its pragmas and its way to begin; others pass unchanged.

    Only tests give up durability (`FAST`): what a power cut takes from them is no loss.
    """
    if engine.dialect.name == "sqlite" and not event.contains(engine, "begin", _begin):
        event.listen(engine, "connect", partial(_set_pragmas, durability))
        event.listen(engine, "begin", _begin)
    return engine


@lru_cache(maxsize=32)  # a process has one engine; the tests make many
def reading(engine: Engine) -> Engine:
    """The twin of `engine` whose transactions begin deferred; always the same object."""
    return engine.execution_options(**{_BEGIN: "DEFERRED"})


def _set_pragmas(durability: str, connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in (*PRAGMAS, durability):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get(_BEGIN, "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {kind}")
    connection.info[_CHANGES] = _changes(connection)


def _changes(connection: Connection) -> int:
    """How many rows this connection to SQLite has changed since it was opened."""
    return int(connection.connection.dbapi_connection.total_changes)  # type: ignore[union-attr]


@contextmanager
def letting_others_write(session: Session) -> Iterator[None]:
    """Hold no lock inside the block, which takes its time and asks the database nothing.

    Only SQLite locks before anything is written. Where `session` has not written yet, its
    transaction ends here and another one begins after the block: what was read may have changed
    since, as between any two statements on PostgreSQL. Otherwise nothing is let go.
    """
    if not _only_locked(session):
        yield
        return
    connection = session.connection()
    connection.exec_driver_sql("COMMIT")
    try:
        yield
    finally:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """What is written inside the block is taken back after it, as if it had not been."""
    session.flush()
    untouched = _only_locked(session)
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        if untouched:
            connection = session.connection()
            connection.info[_CHANGES] = _changes(connection)


def flush_at_once(session: Session) -> bool:
    """Write what `session` has pending if nobody else is writing just now; whether it was written.

    Only on SQLite does one writer wait for another. What cannot be written at once is forgotten
    with all that `session` had not committed: for what the next request may do as well.
    """
    raw = session.connection().connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        session.flush()
        return True
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        session.flush()
    except OperationalError:
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
    return True


def _only_locked(session: Session) -> bool:
    """Whether `session` holds the writer's lock of SQLite and has changed nothing yet."""
    reads = session.info.get(READING) and not session.info.get(_BEGIN)
    if session.get_bind().dialect.name != "sqlite" or reads or session.in_nested_transaction():
        return False
    connection = session.connection()
    return connection.info.get(_CHANGES) == _changes(connection)


# --- a reading session that writes after all -----------------------------------------------


@event.listens_for(PatientSession, "before_flush", propagate=True)
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    begin_writing(session)


@event.listens_for(PatientSession, "do_orm_execute", propagate=True)
def _before_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        begin_writing(state.session)


@event.listens_for(PatientSession, "after_transaction_end", propagate=True)
def _forget_writing(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(_BEGIN, None)


def begin_writing(session: Session) -> None:
    """From here on `session` reads what it may write: on SQLite it takes the lock of the writer."""
    if not session.info.get(READING) or session.info.get(_BEGIN):
        return
    session.info[_BEGIN] = "IMMEDIATE"
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
