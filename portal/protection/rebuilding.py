"""Search tokens made anew: after `seed --fast`, a migration, or a change in the way they are made.

What is left to do stands in the rows themselves (`search_version`), so that nothing is lost when
it is stopped, and searching is right all the while.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models import Job, JobState
from portal.db import begin_writing
from portal.protection.sealing import unseal_column
from portal.protection.tokens import SEARCHED, VERSION, Plain, store
from portal.protection.vault import VaultError
from portal.queue import enqueue

log = logging.getLogger(__name__)

BATCH = 500
JOB = "search.rebuild"
UNTIL_OTHERS_ARE_DONE = timedelta(minutes=1)


def outdated(session: Session) -> int:
    """How many rows have no tokens that count."""
    counts = (select(func.count()).where(_outdated(model.__table__)) for model in SEARCHED)
    return sum(session.scalar(count) or 0 for count in counts)


def _outdated(rows: Table) -> ColumnElement[bool]:
    """Compared so that the index of the column is used."""
    return or_(rows.c.search_version < VERSION, rows.c.search_version > VERSION)


def forget_all(session: Session) -> None:
    """Take every row for one without tokens: until `rebuild` comes to it, it is read by itself."""
    for model in SEARCHED:
        session.execute(update(model.__table__).values(search_version=0))


def rebuild(session: Session, size: int = BATCH) -> int:
    """Make the tokens of at most `size` rows that lack them; how many it were.

    Nothing else of the row changes. Commit and call again until it is none: whoever is stopped
    goes on where they were. A row that somebody is editing is left for the next call; one that
    does not open has no tokens and is done: it is named in the log of the process.
    """
    begin_writing(session)
    return sum(_rebuild(session, model, size) for model in SEARCHED)


def _rebuild(session: Session, model: type[Any], size: int) -> int:
    rows, columns = model.__table__, SEARCHED[model].all()
    query = select(rows.c.id, rows.c.uuid, *(rows.c[name] for name in columns))
    query = query.where(_outdated(rows)).order_by(rows.c.id).limit(size)
    found = session.execute(query.with_for_update(skip_locked=True)).all()
    if found:
        store(session.connection(), model, [_opened(model, columns, row) for row in found])
        done = rows.c.id.in_([row.id for row in found])
        session.execute(update(rows).where(done).values(search_version=VERSION))
    return len(found)


def _opened(model: type[Any], columns: Iterable[str], row: Any) -> Plain:
    try:
        values = {one: unseal_column(model, one, row.uuid, getattr(row, one)) for one in columns}
    except VaultError:
        log.error(
            "row %d of %s does not open with the keys of the ring", row.id, model.__tablename__
        )
        values = {}
    return row.id, row.uuid, values


def go_on(session: Session, _payload: dict[str, Any]) -> None:
    """The job: make the tokens of one batch, and ask for the next while rows are left."""
    later = None if rebuild(session) else datetime.now(UTC) + UNTIL_OTHERS_ARE_DONE
    if outdated(session):
        session.execute(delete(Job).where(Job.kind == JOB, Job.state == JobState.done))
        enqueue(session, JOB, {}, later)
