"""What every officers' page of our own needs at its edge: who acts, when, on which session."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Base, Officer
from portal.access import scope
from portal.db import db
from portal.screens import traces
from portal.screens.sign_in import current_officer
from portal.wording import _


def me() -> Officer:
    """The officer of this request; nobody gets here without one (401 otherwise)."""
    officer = current_officer()
    if officer is None:
        abort(401)
    return officer


def session() -> Session:
    """The session of this request, under the scope of its officer."""
    found: Session = db.session()
    return found


def now() -> datetime:
    """The moment of this request (UTC, aware)."""
    return datetime.now(UTC)


def number(text: str | None) -> int:
    """A key from an address or a form; 404 for what cannot be one."""
    found = key_in(text or "")
    return abort(404) if found is None else found


def key_in(text: str) -> int | None:
    """The key that `text` is, as large as the database holds; None where it cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def fetch(model: type[Any], text: str | None) -> Any:
    """The row with this key; 404 where there is none for this officer, or only a skeleton.

    Who fetches a row here is about to do something with it.
    """
    try:
        row = scope.fetch(session(), model, number(text))
    except scope.NotVisible:
        traces.denied(model.__tablename__, number(text))
        abort(404)
    traces.seen(row)
    return abort(404) if getattr(row, "erased_at", None) else row


def still_visible(row: Base, key: int) -> bool:
    """Whether the officer still meets the row after what was just done."""
    model: Any = type(row)
    return session().scalar(select(model.id).where(model.id == key)) is not None


def page_of(table: str, key: int) -> str:
    """The address of the page of a row."""
    return url_for(f"{table}.details_view", id=key)


def back(otherwise: str) -> str:
    """Where to go back to: the address the form or link carries, if it is one of ours."""
    return request.values.get("url") or otherwise


def not_there() -> str:
    """What is said of a row that is gone or was never there for this officer: alike for both."""
    return _("Data itu tidak atau tidak lagi terbuka untuk Anda.")
