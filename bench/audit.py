"""What an entry of the sealed log costs, beside a plain insert of the same row in a bare table."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    create_engine,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bench.measure import Result, compare
from models import Base
from portal.access import scope
from portal.db import PatientSession, engine_options, prepare
from portal.protection import audit, sealing, vault

COMMITS = 200
PLAIN = Table(
    "log",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("uuid", Uuid, unique=True),
    Column("at", DateTime, index=True),
    Column("event", String, index=True),
    Column("details", LargeBinary),
)


def measure(folder: Path) -> list[Result]:
    """So many transactions with one entry each, details sealed and chained, beside the insert."""
    vault.install(vault.Ring.parse(vault.new_ring()))
    sealing.attach()
    ours, peer = _engine(folder, "log"), _engine(folder, "plain")
    Base.metadata.create_all(ours)
    PLAIN.metadata.create_all(peer)
    with PatientSession(ours, info={"viewer": scope.SYSTEM}) as session:
        figures = compare(_recording(session), _inserting(peer))
    ours.dispose()
    peer.dispose()
    return [
        Result("audit_entry", *figures, "ms", COMMITS, "a plain insert, unsealed and unchained")
    ]


def _engine(folder: Path, name: str) -> Engine:
    engine = create_engine(f"sqlite:///{folder}/{name}.sqlite3", **engine_options("sqlite://"))
    return prepare(engine)


def _recording(session: Session) -> Callable[[], None]:
    def record() -> None:
        for number in range(COMMITS):
            audit.record(session, "people_searched", None, found=number)
            session.commit()

    return record


def _inserting(engine: Engine) -> Callable[[], None]:
    def insert() -> None:
        for number in range(COMMITS):
            facts = {"uuid": uuid4(), "at": datetime.now(UTC), "event": "people_searched"}
            with engine.begin() as connection:
                connection.execute(PLAIN.insert(), facts | {"details": b'{"found": %d}' % number})

    return insert
