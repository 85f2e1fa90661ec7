"""What somebody is typing on the public site, sealed, until it is sent or thirty minutes pass.

A draft is found by a token only the browser holds; the database keeps its keyed hash. Files that
were handed in meanwhile lie in the store already and go with the draft that names them.
"""

import json
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Draft
from portal.protection import files, vault

REPORT, COMPLAINT = "lapor", "pengaduan"
LIFE = timedelta(minutes=30)
BATCH = 200

Content = dict[str, Any]


def read(session: Session, kind: str, token: str, now: datetime) -> Content | None:
    """What was typed so far, or None where nothing is kept (any more)."""
    draft = _find(session, kind, token)
    if draft is None or draft.expires_at <= now or draft.content is None:
        return None
    content: Content = json.loads(draft.content)
    return content


def write(session: Session, kind: str, token: str, content: Content, now: datetime) -> None:
    """Keep `content` for another thirty minutes."""
    text = json.dumps(content, ensure_ascii=False)
    draft = _find(session, kind, token) or _begin(session, kind, token, text, now)
    draft.content, draft.expires_at = text, now + LIFE
    session.flush()


def touch(session: Session, kind: str, token: str, now: datetime) -> None:
    """Keep the draft for another thirty minutes as it is: what it holds may change meanwhile."""
    if draft := _find(session, kind, token):
        draft.expires_at = now + LIFE
        session.flush()


def discard(session: Session, kind: str, token: str, *, keep_files: bool = False) -> None:
    """Forget a draft, and the files in it unless a report took them over."""
    if draft := _find(session, kind, token):
        _forget(session, draft, keep_files)


def purge(session: Session, now: datetime) -> int:
    """Forget public drafts whose time is over, a batch at a time; how many were forgotten.

    One that was touched since it was read here stays.
    """
    over = select(Draft).where(Draft.token_hash.is_not(None), Draft.expires_at <= now).limit(BATCH)
    return sum(_purged(session, draft, now) for draft in session.scalars(over).all())


def _purged(session: Session, draft: Draft, now: datetime) -> bool:
    names = _files(draft)
    still_over = delete(Draft).where(Draft.id == draft.id, Draft.expires_at <= now)
    gone = cast(CursorResult[Any], session.execute(still_over)).rowcount == 1
    for name in names if gone else ():
        files.remove(name)
    return gone


def _begin(session: Session, kind: str, token: str, text: str, now: datetime) -> Draft:
    """A new draft, or the one that a second click began in the same moment."""
    draft = Draft(kind=kind, token_hash=_hash(kind, token), content=text, expires_at=now + LIFE)
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        twin = _find(session, kind, token)
        if twin is None:
            raise
        return twin
    return draft


def _forget(session: Session, draft: Draft, keep_files: bool) -> None:
    for name in [] if keep_files else _files(draft):
        files.remove(name)
    session.delete(draft)
    session.flush()


def _files(draft: Draft) -> list[str]:
    """Under which names the files of a form are stored."""
    content: Content = json.loads(draft.content or "{}")
    return [file["storage_key"] for file in content.get("files", [])]


def _find(session: Session, kind: str, token: str) -> Draft | None:
    wanted = select(Draft).where(Draft.token_hash == _hash(kind, token)).with_for_update()
    return session.scalar(wanted)


def _hash(kind: str, token: str) -> str:
    return vault.keyed_hash("draft-token", f"{kind}:{token}").hex()
