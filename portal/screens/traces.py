"""What reading leaves in the log: who opened which row or list, who asked for what is not theirs.

A page that was shown has its entry: both are written after the page was made and before it
leaves, and a page whose entry cannot be written does not leave. An answer "not there" is noted
alike whether the row exists or not, so that not even its time tells.
"""

from typing import Any

from flask import Flask, Response, g, request

from models import Officer, Row
from portal.db import db
from portal.protection import audit
from portal.screens.sign_in import current_officer

READ, DENIED = "traces_read", "traces_denied"


def init_traces(app: Flask) -> None:
    """Write what the requests of `app` leave."""
    app.after_request(_write)


def seen(row: Any) -> None:
    """The officer of this request gets to see `row`; noted once a request, when it is only read."""
    if (
        request.method not in ("GET", "HEAD")
        or not isinstance(row, Row)
        or isinstance(row, Officer)
    ):
        return
    known: set[Any] = g.setdefault(READ, set())
    if (mark := (type(row), row.id)) not in known:
        known.add(mark)
        audit.record(db.session(), "viewed", current_officer(), row)


def listed(table: str, filters: dict[str, list[str]]) -> None:
    """The officer of this request gets to see a page of a list, narrowed by codes."""
    g.setdefault(READ, set())
    audit.record(db.session(), "listed", current_officer(), table=table, filters=filters)


def denied(table: str, key: Any) -> None:
    """The officer asked for a row that does not exist for them, or for a page they may not open."""
    setattr(g, DENIED, (table, key if isinstance(key, int) else None))


def _write(answer: Response) -> Response:
    if hasattr(g, DENIED) and answer.status_code >= 400 and current_officer() is not None:
        table, key = getattr(g, DENIED)
        db.session.rollback()
        page = request.endpoint or ""
        subject = audit.Pointer(table, key)
        audit.record(db.session(), "denied", current_officer(), subject, page=page)
        db.session.commit()
    elif hasattr(g, READ) and answer.status_code < 400:
        db.session.commit()
    return answer
