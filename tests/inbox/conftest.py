"""Somebody writes by WhatsApp, and officers sit at their desks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import Channel, Conversation
from portal.casework import conversations, correspondents
from portal.casework.conversations import Incoming
from portal.casework.correspondents import KnownAs
from tests.screens.generated.desk import Desk
from tests.support.cast import Cast
from tests.support.office import Office

NUMBER = "+628123450001"
Write = Callable[..., Conversation]


@pytest.fixture
def office(session: Session, cast: Cast) -> Office:
    """The acts of the office."""
    return Office(session, cast, datetime.now(UTC) - timedelta(hours=2))


@pytest.fixture
def write(session: Session, cast: Cast) -> Write:
    """Somebody writes by a channel; the conversation it stands in."""

    def written(
        *texts: str,
        number: str = NUMBER,
        name: str | None = "Wati Rekaan",
        channel: Channel = Channel.whatsapp,
        at: datetime | None = None,
        **more: Any,
    ) -> Conversation:
        session.rollback()  # see what others did meanwhile
        now = at or datetime.now(UTC)
        known = [KnownAs(correspondents.PHONE, number)]
        somebody = correspondents.meet(session, known, now, name)
        talk = conversations.with_somebody(session, somebody, channel, now)
        for text in texts or ("Halo, apakah ini kantor perlindungan?",):
            conversations.take_in(session, talk, Incoming(text, now, **more), now)
        session.commit()
        return talk

    return written


@pytest.fixture
def desk(app: Flask, cast: Cast) -> Callable[[str], Desk]:
    """The desk of an officer, by user name."""
    return lambda username="petugas": Desk(app, username)
