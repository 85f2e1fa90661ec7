"""What an officer is typing, kept sealed from the first key until it is sent or thrown away.

One draft for each officer and kind of form; only its officer can read it.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Draft, Officer

LIFE = timedelta(days=7)
LARGEST = 200_000
UNWANTED = {"csrf_token"}

Pairs = Iterable[tuple[str, str]]
Typed = list[tuple[str, str]]


def read(session: Session, officer: Officer, kind: str, now: datetime) -> Typed | None:
    """What was typed, name and value in order, or None where nothing is kept."""
    draft = _find(session, officer, kind)
    if draft is None or draft.expires_at <= now or not draft.content:
        return None
    return [(name, value) for name, value in json.loads(draft.content)]


def write(session: Session, officer: Officer, kind: str, fields: Pairs, now: datetime) -> bool:
    """Keep the fields of a form; False where they are too much to keep."""
    kept = [[name, value] for name, value in fields if name not in UNWANTED]
    text = json.dumps(kept, ensure_ascii=False)
    if len(text) > LARGEST:
        return False
    draft = _find(session, officer, kind)
    if draft is None:
        draft = Draft(kind=kind, officer_id=officer.id, content=None, expires_at=now)
        session.add(draft)
    draft.content, draft.expires_at = text, now + LIFE
    session.flush()
    return True


def of_report(channel: str, talk_id: int | None = None) -> str:
    """Under which name a report that is typed in is kept; made of a conversation it has its own."""
    return f"laporan_{channel}_{talk_id}" if talk_id else f"laporan_{channel}"


ANSWER, NOTE = "balas", "catatan"


def in_talk(kind: str, talk_id: int) -> str:
    """Under which name what is typed in a conversation is kept: `ANSWER` or `NOTE`."""
    return f"{kind}_{talk_id}"


def of_talk(channel: str, talk_id: int) -> list[str]:
    """Every draft that may quote this conversation, whoever types it."""
    typed = [in_talk(kind, talk_id) for kind in (ANSWER, NOTE)]
    return [*typed, of_report(channel, talk_id)]


def discard(session: Session, officer: Officer, kind: str) -> None:
    """Forget it."""
    draft = _find(session, officer, kind)
    if draft is not None:
        session.delete(draft)
        session.flush()


def purge(session: Session, now: datetime) -> None:
    """Forget what nobody came back to."""
    own = (Draft.officer_id.is_not(None), Draft.token_hash.is_(None))
    session.execute(delete(Draft).where(*own, Draft.expires_at <= now))


def _find(session: Session, officer: Officer, kind: str) -> Draft | None:
    wanted = select(Draft).where(
        Draft.officer_id == officer.id, Draft.kind == kind, Draft.token_hash.is_(None)
    )
    return session.scalar(wanted.order_by(Draft.id.desc()).limit(1))
