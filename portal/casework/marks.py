"""What became of a message elsewhere: edited, withdrawn, answered with a sign, read, failed.

Marks may come before their message, twice, and in any order, so they only know its outside key.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Message, MessageMark
from portal.access import scope

EDIT, REVOKE, REACTION = "edit", "revoke", "reaction"
STATUSES = ("sent", "delivered", "read", "played", "failed")


def leave(
    session: Session,
    target_key: str,
    kind: str,
    at: datetime,
    *,
    actor: str | None = None,
    body: str | None = None,
    code: str | None = None,
) -> MessageMark:
    """Note a mark. `actor`: the keyed hash of who did it, so that a later sign replaces theirs."""
    mark = MessageMark(
        target_key=target_key, kind=kind[:40], at=at, actor_key=actor, body=body, code=code
    )
    session.add(mark)
    session.flush()
    return mark


def of(session: Session, messages: Iterable[Message]) -> dict[int, list[MessageMark]]:
    """The marks of messages an officer already meets, by id of the message, oldest first.

    Of the signs of one sender only the last counts; one that was taken back is none.
    """
    ids = {one.external_key: one.id for one in messages if one.external_key}
    found: dict[int, list[MessageMark]] = defaultdict(list)
    for mark in _stored(session, list(ids)):
        found[ids[mark.target_key]].append(mark)
    return {key: _lasting(rows) for key, rows in found.items()}


def _stored(session: Session, keys: list[str]) -> list[MessageMark]:
    wanted = select(MessageMark).where(MessageMark.target_key.in_(keys))
    with scope.system(session):  # whoever meets the message meets what became of it
        return list(session.scalars(wanted.order_by(MessageMark.at, MessageMark.id)))


def _lasting(rows: list[MessageMark]) -> list[MessageMark]:
    signs = {row.actor_key: row for row in rows if row.kind == REACTION}
    return [
        row for row in rows if row.kind != REACTION or (signs[row.actor_key] is row and row.body)
    ]


def of_key(session: Session, key: str) -> list[MessageMark]:
    """Every mark of a message by its outside key."""
    return _stored(session, [key])
