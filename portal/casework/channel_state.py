"""How a channel as a whole is doing: what it refused, whether it may send, when it was last asked.

One row a purpose (`in:whatsapp`, `out:whatsapp`, …); figures and codes, nothing about anybody.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import ChannelCursor
from portal.casework import hearing

STOPPED = "channel_stopped"


def inward(channel: str) -> str:
    """The name under which it is kept what a channel brought that was refused."""
    return f"in:{channel}"


def outward(channel: str) -> str:
    """The name under which it is kept how a channel's sending goes."""
    return f"out:{channel}"


def row(session: Session, account: str) -> ChannelCursor:
    """What is kept under this name, begun when there is nothing yet; locked until the commit."""
    found = session.get(ChannelCursor, account, with_for_update=True)
    if found is None:
        found = ChannelCursor(account=account, position={})
        session.add(found)
        session.flush()
    return found


def count(session: Session, account: str, what: str, now: datetime, more: int = 1) -> None:
    """Count something (a code), and when it was last so."""
    kept = row(session, account)
    figures: dict[str, Any] = dict(kept.position)
    figures[what] = figures.get(what, 0) + more
    kept.position, kept.asked_at = figures, now
    session.flush()


def figures(session: Session, account: str) -> dict[str, Any]:
    """What was counted under this name."""
    found = session.get(ChannelCursor, account)
    return dict(found.position) if found else {}


def stopped(session: Session, channel: str) -> str | None:
    """The code for which a channel sends nothing now; None while it does."""
    found = session.get(ChannelCursor, outward(channel))
    return found.trouble if found else None


def stop(session: Session, channel: str, code: str, now: datetime) -> None:
    """Send nothing more by this channel; `admin` is told. What waits goes on waiting."""
    kept = row(session, outward(channel))
    kept.trouble, kept.asked_at = code, now
    session.flush()
    hearing.alarm(session, STOPPED)


def resume(session: Session, channel: str, now: datetime) -> None:
    """Let a channel send again."""
    kept = row(session, outward(channel))
    kept.trouble, kept.answered_at = None, now
    session.flush()
