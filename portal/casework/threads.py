"""What reads as one thread, and how a line comes into it: what conversations stand on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Conversation, Direction, Message, Officer


def whole(talk: Conversation) -> list[Conversation]:
    """The conversation and what it was merged into, step by step: the last one is the thread."""
    line = [talk]
    while (above := line[-1].merged_into) is not None and above not in line:
        line.append(above)
    return line


def family(session: Session, talk: Conversation) -> list[Conversation]:
    """Everything that reads as one thread with `talk`: whatever was merged, at any depth."""
    found = [whole(talk)[-1]]
    for one in found:
        below = select(Conversation).where(Conversation.merged_into_id == one.id)
        found += [each for each in session.scalars(below) if each not in found]
    return found


def note(
    session: Session, conversation: Conversation, officer: Officer | None, text: str, now: datetime
) -> Message:
    """What colleagues alone read: an officer's words, or (officer None) what happened."""
    return said(
        session,
        conversation,
        officer,
        text,
        now,
        Direction.internal,
        "text" if officer else "event",
    )


def said(
    session: Session,
    conversation: Conversation,
    officer: Officer | None,
    text: str,
    now: datetime,
    direction: Direction,
    kind: str,
) -> Message:
    """A message of the office, as it is kept."""
    message = Message(
        conversation=conversation,
        report=conversation.report,
        direction=direction,
        kind=kind,
        author=officer,
        body=text,
        at=now,
    )
    session.add(message)
    session.flush()
    return message
