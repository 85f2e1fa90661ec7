"""Chats about no report and no case: kept for the years of a class of their own, then erased.

Also what else the channels leave behind that no case or report takes with it.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import (
    Conversation,
    Duty,
    HandOver,
    Message,
    MessageMark,
    RetentionClass,
    TalkState,
    Visit,
)
from portal import queue
from portal.access import scope
from portal.casework import erasing, erasing_talks, holds
from portal.indonesia import dates

log = logging.getLogger(__name__)

JOB, TABLE = "erase", Conversation.__tablename__
CLASS = "percakapan_tanpa_laporan"
NIGHT = range(0, 5)
BATCH = 500
# How long notes of the office about its own days are of use.
NOTES = timedelta(days=365)


def nightly(session: Session, now: datetime) -> int:
    """Ask for the erasure of chats whose time is over; by day nothing happens. How many."""
    if dates.local(now).hour not in NIGHT:
        return 0
    with scope.system(session):
        due = [talk.id for talk in _due(session, now)]
        for key in due:
            queue.enqueue(session, JOB, {"table": TABLE, "id": key})
        tidy(session, now)
        return len(due)


def _due(session: Session, now: datetime) -> list[Conversation]:
    years = session.scalar(select(RetentionClass.years).filter_by(code=CLASS))
    if years is None:
        log.error("retention classes are missing: %s", CLASS)
        return []
    quiet = select(Conversation).where(
        Conversation.report_id.is_(None),
        Conversation.erased_at.is_(None),
        Conversation.state == TalkState.done,
        Conversation.waiting_since.is_(None),
        Conversation.last_at < now - timedelta(days=366 * years),
    )
    rows = session.scalars(quiet.order_by(Conversation.id).limit(BATCH))
    return [talk for talk in rows if may_erase(session, talk)]


def may_erase(session: Session, talk: Conversation) -> bool:
    """Whether a chat is about nothing that stays, and nothing keeps whoever is behind it."""
    if talk.waiting_since is not None or talk.state is not TalkState.done:
        return False
    person = talk.correspondent.person if talk.correspondent else None
    held = person is not None and holds.blocking(session, person)
    return not held and erasing_talks.is_over(session, talk)


def erase_due(session: Session, payload: dict[str, Any]) -> bool:
    """Erase one chat if it is still over; whether it was erased (`retention.erase_due`)."""
    with scope.system(session):
        talk = session.get_one(Conversation, payload["id"])
        now = datetime.now(dates.WIB)
        return erasing.erase(
            session, talk, CLASS, now, may=lambda: talk in _due_again(session, talk, now)
        )


def _due_again(session: Session, talk: Conversation, now: datetime) -> list[Conversation]:
    """Somebody may have written in the meantime: its time is asked for anew."""
    years = session.scalar(select(RetentionClass.years).filter_by(code=CLASS))
    late = years is not None and talk.last_at < now - timedelta(days=366 * years)
    return [talk] if late and may_erase(session, talk) else []


def tidy(session: Session, now: datetime) -> None:
    """Notes of shifts, leaves and visits, and marks of messages that never came, after a year."""
    old = now - NOTES
    known = select(Message.external_key).where(Message.external_key.is_not(None))
    for statement in (
        # nosemgrep: bulk-past-the-audit
        delete(HandOver).where(HandOver.at < old),
        # nosemgrep: bulk-past-the-audit
        update(Duty).where(Duty.until_at < old, Duty.note.is_not(None)).values(note=None),
        # nosemgrep: bulk-past-the-audit
        update(Visit).where(Visit.arrived_at < old, Visit.note.is_not(None)).values(note=None),
        delete(MessageMark).where(MessageMark.at < old, MessageMark.target_key.not_in(known)),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
