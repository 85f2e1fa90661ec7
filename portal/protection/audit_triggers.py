"""The log is only ever added to: triggers refuse the rest, on both databases.

They stop mistakes and injected statements. Whoever owns the database can drop them: then the
chain tells (`audit_check`), which also counts the triggers. The head of a chain that has no entry
yet may go: a restored backup brings its own. The keys of the details are destroyed, never removed:
only so can the log account for each.
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
    "audit_key_no_delete": (
        "CREATE TRIGGER audit_key_no_delete BEFORE DELETE ON audit_key"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
}
_REFUSE = "EXECUTE FUNCTION audit_append_only()"
# In the words in which PostgreSQL tells a trigger: `missing` compares.
POSTGRESQL = {
    "audit_entry_no_change": (
        "CREATE TRIGGER audit_entry_no_change BEFORE DELETE OR UPDATE ON audit_entry"
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
    "audit_key_no_delete": (
        f"CREATE TRIGGER audit_key_no_delete BEFORE DELETE ON audit_key FOR EACH ROW {_REFUSE}"
    ),
    "audit_key_no_truncate": (
        "CREATE TRIGGER audit_key_no_truncate BEFORE TRUNCATE ON audit_key"
        f" FOR EACH STATEMENT {_REFUSE}"
    ),
}
_BODY = " BEGIN RAISE EXCEPTION 'the audit log is append-only'; END "
FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    f" $${_BODY}$$"
)
EXPECTED = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
IN_FORCE = {
    "sqlite": text("SELECT sql FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text(
        "SELECT pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger"
        " JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE tgenabled IN ('O', 'A') AND prosrc = :body"
    ).bindparams(body=_BODY),
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
    """The triggers that are not in force word for word: on their table, doing what they should."""
    name = connection.dialect.name
    told = {one.lower() for one in connection.scalars(IN_FORCE[name])}
    return sorted(one for one, made in EXPECTED[name].items() if made.lower() not in told)


def _after_create(_table: Any, connection: Connection, **_facts: Any) -> None:
    audit_chain.begin(connection)
    install(connection)


# `audit_head` is created last of the three, in the order in which the models stand.
event.listen(audit_chain.HEAD, "after_create", _after_create)
