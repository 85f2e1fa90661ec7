"""The log through migrations: what was noted becomes its first links, no trigger gets lost."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from portal.access import scope
from portal.config import ROOT
from portal.db import db
from portal.protection import audit, audit_anchors, audit_check, audit_keys, audit_triggers
from portal.protection.vault import ring
from tests.conftest import SystemSession
from tests.platform.test_migrations import both_empty, empty_database_url, migrating

__all__ = ["empty_database_url", "migrating"]

BEFORE, SEALED = "2b81f4c6d3e5", "3c92a5d7e4f6"
FACTS = [
    {"event": "exported", "details": {"rows": 7}},
    {"event": "viewed", "subject_table": "person", "subject_id": 5, "details": None},
    {"event": "changed", "subject_table": "person", "subject_id": 5, "details": {"fields": ["a"]}},
]


def _old(facts: dict[str, Any]) -> dict[str, Any]:
    """An entry as it was stored before: details sealed by the ring for their place."""
    uuid, told = uuid4(), facts["details"]
    place = ("audit_entry", "details", str(uuid))
    sealed = ring().seal(json.dumps(told).encode(), place) if told else None
    now = datetime.now(UTC)
    return facts | {"uuid": uuid, "created_at": now, "at": now, "details": sealed}


def _add(entries: list[dict[str, Any]]) -> None:
    kinds = audit.AuditEntry.__table__.c
    columns = ("id", "uuid", "created_at", "at", "event", "subject_table", "subject_id", "details")
    table = sa.table("audit_entry", *(sa.column(name, kinds[name].type) for name in columns))
    with db.engine.begin() as connection:
        for number, entry in enumerate(entries, 3):
            connection.execute(table.insert().values(id=2 * number, **entry))


def _details() -> list[Any]:
    with SystemSession(db.engine, info={"viewer": scope.SYSTEM}) as session:
        connection = session.connection()
        rows = connection.execute(sa.select(audit.AuditEntry.__table__).order_by(sa.text("id")))
        keys = [(one, audit_keys.by_id(connection, one.key_id or 0)) for one in rows.all()]
        return [
            json.loads(audit_keys.unseal(key, one.uuid, bytes(one.details))) if key else None
            for one, key in keys
        ]


@both_empty
def test_entries_that_exist_become_the_first_links(migrating: Flask, tmp_path: Path) -> None:
    audit_anchors.configure(tmp_path / "anchors.jsonl")
    flask_migrate.upgrade(revision=BEFORE)
    _add([_old(facts) for facts in FACTS])
    for _again in range(2):
        flask_migrate.upgrade(revision=SEALED)
        assert _details() == [facts["details"] for facts in FACTS]
        with SystemSession(db.engine, info={"viewer": scope.SYSTEM}) as session:
            found = audit_check.verify(session)
        assert (found.whole, found.entries) == (True, len(FACTS))
        flask_migrate.downgrade(revision=BEFORE)


@both_empty
def test_every_trigger_is_in_force_after_each_step(migrating: Flask) -> None:
    flask_migrate.upgrade(revision=SEALED)
    script = ScriptDirectory(str(ROOT / "migrations"))
    later = [one.revision for one in script.iterate_revisions("head", SEALED)]
    for revision in [SEALED, *reversed(later)]:
        flask_migrate.upgrade(revision=revision)
        with db.engine.connect() as connection:
            assert audit_triggers.missing(connection) == [], revision
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE audit_head SET sequence = -1"))
