"""What reading leaves in the log: who opened which row or list, who asked for what is not theirs.

A page that was shown has its entry: both are written after the page was made and before it
leaves, and a page whose entry cannot be written does not leave. An answer "not there" is noted
alike whether the row exists or not, so that not even its time tells. No refusal depends on the
view for its entry: what the view did not note itself is noted under the name of the page.
"""

from typing import Any

from flask import Flask, Response, g, request

from models import Officer, Row
from portal.db import db
from portal.protection import audit
from portal.screens.sign_in import current_officer

READ, DENIED, REFUSED = "traces_read", "traces_denied", "traces_refused"
FORBIDDEN, CONFLICT = 403, 409


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


def turned_down() -> None:
    """A rule refused what this request would do; noted at its end, unless the view does it."""
    if request.method == "POST":
        g.setdefault(REFUSED, True)


def refused(row: Any, act: str) -> None:
    """Note that `act` on `row` was refused to the officer of this request."""
    setattr(g, REFUSED, False)
    audit.record(db.session(), "refused", current_officer(), row, act=act)


def _write(answer: Response) -> Response:
    if _is_denied(answer) and current_officer() is not None:
        table, key = g.get(DENIED, (None, None))
        subject = audit.Pointer(table, key) if table else None
        _note("denied", subject, page=request.endpoint or "")
    elif _is_refused(answer) and current_officer() is not None:
        _note("refused", None, act=request.endpoint or "")
    elif hasattr(g, READ) and answer.status_code < 400:
        db.session.commit()
    return answer


def _is_denied(answer: Response) -> bool:
    return answer.status_code == FORBIDDEN or (hasattr(g, DENIED) and answer.status_code >= 400)


def _is_refused(answer: Response) -> bool:
    by_answer = request.method == "POST" and answer.status_code == CONFLICT
    return bool(g.get(REFUSED, by_answer))


def _note(event: str, subject: Any, **details: str) -> None:
    """An entry about a request of which nothing remains."""
    db.session.rollback()
    audit.record(db.session(), event, current_officer(), subject, **details)
    db.session.commit()
