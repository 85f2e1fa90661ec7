"""How migrations run: on the application's engine, in one transaction, both databases alike.

A restore brings a connection (`config.attributes`), so that tables and rows come together.

SQLite cannot alter a constraint: batch mode copies the table, which must not
wake the foreign keys of the others; they are checked at the end instead.
"""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import JSON, Connection

from models import Base, Sealed, UtcDateTime


def write_type(kind: str, column: Any, autogen_context: Any) -> str | bool:
    """Write the types of `models` as plain ones, so that a revision outlives their names."""
    if kind != "type":
        return False
    if isinstance(column, Sealed):
        return "sa.LargeBinary()"
    if isinstance(column, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(column, JSON):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def configure(connection: Connection) -> None:
    """The context for both directions and for autogenerate."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=write_type,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )


def foreign_keys(connection: Connection, on: bool) -> None:
    """Switch SQLite's enforcement, which only works outside of a transaction."""
    raw = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def check_references(connection: Connection) -> None:
    """Refuse to commit a migration that left a dangling reference behind."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"dangling references in {sorted({row[0] for row in broken})}")


def run() -> None:
    """Migrate, on a connection of its own unless the caller brings one and its transaction."""
    if given := context.config.attributes.get("connection"):
        configure(given)
        with context.begin_transaction():
            context.run_migrations()
    else:
        run_on_own_connection()


def run_on_own_connection() -> None:
    """`flask db upgrade` and its like."""
    engine = current_app.extensions["migrate"].db.engine
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        configure(connection)
        if sqlite:
            foreign_keys(connection, on=False)
        try:
            with context.begin_transaction():
                context.run_migrations()
                if sqlite:
                    check_references(connection)
        finally:
            if sqlite:
                foreign_keys(connection, on=True)


run()
