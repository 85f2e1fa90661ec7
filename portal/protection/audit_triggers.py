"""The log is only ever added to: triggers refuse the rest, on both databases.

They stop mistakes and injected statements. Whoever owns the database can drop them: then the
chain tells (`audit_check`), which also counts the triggers. The head of a chain that has no entry
yet may go: a restored backup brings its own.
"""

from typing import Any

from sqlalchemy import Connection, event, text

from portal.protection import audit_chain

SQLITE = {
    "audit_entry_no_update": (
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
    "audit_entry_no_delete": (
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
    # INSERT OR REPLACE removes the row in its way without asking the trigger above.
    "audit_entry_no_replace": (
        "CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry"
        " WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id OR uuid = NEW.uuid)"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
    "audit_head_no_delete": (
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head WHEN OLD.sequence > 0"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
    "audit_head_forward": (
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head"
        " WHEN NEW.sequence < OLD.sequence OR NEW.anchored < OLD.anchored"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
}
_REFUSE = "EXECUTE FUNCTION audit_append_only()"
POSTGRESQL = {
    "audit_entry_no_change": (
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry"
        f" FOR EACH ROW {_REFUSE}"
    ),
    "audit_entry_no_truncate": (
        "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry"
        f" FOR EACH STATEMENT {_REFUSE}"
    ),
    "audit_head_no_delete": (
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW"
        f" WHEN (OLD.sequence > 0) {_REFUSE}"
    ),
    "audit_head_no_truncate": (
        "CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head"
        f" FOR EACH STATEMENT {_REFUSE}"
    ),
    "audit_head_forward": (
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW"
        " WHEN (NEW.sequence < OLD.sequence OR NEW.anchored < OLD.anchored)"
        f" {_REFUSE}"
    ),
}
FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
)
EXPECTED = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
IN_FORCE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
}


def install(connection: Connection) -> None:
    """Create every trigger; the tables stand already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(FUNCTION)
    for statement in EXPECTED[connection.dialect.name].values():
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Drop every trigger: for a migration that must change the tables."""
    for name in EXPECTED[connection.dialect.name]:
        table = name.rpartition("_no_")[0] or "audit_head"
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_append_only()")


def missing(connection: Connection) -> list[str]:
    """The triggers that are not in force."""
    name = connection.dialect.name
    return sorted(EXPECTED[name].keys() - set(connection.scalars(text(IN_FORCE[name]))))


def _after_create(_table: Any, connection: Connection, **_facts: Any) -> None:
    audit_chain.begin(connection)
    install(connection)


# `audit_head` is created last of the two, in the order of their names.
event.listen(audit_chain.HEAD, "after_create", _after_create)
