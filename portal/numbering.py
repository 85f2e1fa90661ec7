"""Numbers without a gap or a double: one counter row per register and year.

The row is locked until the end of the transaction (SELECT … FOR UPDATE on
PostgreSQL; a writing transaction of SQLite is alone anyway), so a number exists
exactly when its row does. Whoever locks a case as well locks the case first.
"""

from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import RegisterCounter

INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def counter(session: Session, register: str, year: int, start: int = 1) -> RegisterCounter:
    """The locked counter of `register` in `year`, begun at `start` if it did not exist."""
    insert = INSERTS[session.get_bind().dialect.name]
    begun = insert(cast(Table, RegisterCounter.__table__)).values(
        register=register, year=year, next_number=start
    )
    session.execute(begun.on_conflict_do_nothing())
    query = select(RegisterCounter).filter_by(register=register, year=year)
    return session.execute(
        query.with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def take(session: Session, register: str, year: int, start: int = 1) -> int:
    """The next number of `register` in `year`, from `start` on; kept only if committed."""
    session.flush()
    row = counter(session, register, year, start)
    number = row.next_number
    row.next_number = number + 1
    session.flush()
    return number
