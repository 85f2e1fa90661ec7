"""The office's mailbox: what lies there is kept byte for byte, and read afterwards (`mail_in`).

Nothing is changed in the mailbox, nothing is marked as seen, and nobody is ever answered by
itself. How far it was read is kept with each mail, in one transaction (UIDVALIDITY and UID,
RFC 3501), so that a worker that dies loses and doubles nothing.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from imap_tools import AND, BaseMailBox, U
from sqlalchemy.orm import Session

from portal import post
from portal.casework import channel_state, deliveries, hearing
from portal.channels.mail_in import CHANNEL, HEADERS, WHOLE
from portal.config import Settings
from portal.protection import files
from portal.queue import Away

ACCOUNT = "in:email"
LARGEST = 50 * files.MEGABYTE  # more than that of one mail is not fetched
AT_ONCE = 200
LOOK_BACK = timedelta(days=30)  # of a mailbox that was never read before
PATIENCE = timedelta(minutes=15)
AWAY = "away"
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def fetch(session: Session, now: datetime) -> int:
    """Keep what is new in the mailbox; how many mails. The clock's, in a thread of its own.

    Commits after each mail. A mailbox that does not answer is asked again at the next turn; `admin`
    is told when that lasts.
    """
    settings: Settings = current_app.extensions["settings"]
    if not settings.imap_url:
        return 0
    cursor = channel_state.row(session, ACCOUNT)
    cursor.asked_at = now
    position = dict(cursor.position)
    session.commit()
    try:
        with post.mailbox(settings) as box:
            count = sum(1 for _mail in _bring(session, box, position, settings.imap_url, now))
    except Away:
        _unanswered(session, now)
        return 0
    cursor = channel_state.row(session, ACCOUNT)
    cursor.answered_at, cursor.trouble = now, None
    return count


def _unanswered(session: Session, now: datetime) -> None:
    session.rollback()
    cursor = channel_state.row(session, ACCOUNT)
    heard = cursor.answered_at or cursor.asked_at or now
    if cursor.trouble is None:
        cursor.answered_at, cursor.trouble = heard, AWAY
    elif now - heard > PATIENCE:
        hearing.alarm(session)


def _bring(
    session: Session, box: BaseMailBox, position: dict[str, Any], url: str, now: datetime
) -> Iterator[None]:
    """Each new mail with the cursor behind it, committed."""
    place = post.Place.read(url)
    name = hashlib.sha256(f"{place.user}@{place.host}/{place.folder}".encode()).hexdigest()[:16]
    validity = box.folder.status(place.folder, ["UIDVALIDITY"])["UIDVALIDITY"]
    known = position.get("box") == name and position.get("validity") == validity
    last = int(position.get("uid", 0)) if known else 0
    for uid in _new(box, last, now)[:AT_ONCE]:
        body, part = _raw(box, uid)
        if body:
            deliveries.store(session, CHANNEL, body, {"part": part}, now)
        cursor = channel_state.row(session, ACCOUNT)
        cursor.position = {"box": name, "validity": validity, "uid": uid}
        session.commit()
        yield


def _new(box: BaseMailBox, last: int, now: datetime) -> list[int]:
    """UIDs after the last one; of a mailbox that is new to us what came of late.

    A range that ends in `*` always holds the last mail, however old it is.
    """
    wanted = AND(uid=U(str(last + 1), "*")) if last else AND(date_gte=(now - LOOK_BACK).date())
    return sorted(uid for uid in map(int, box.uids(wanted)) if uid > last)


def _raw(box: BaseMailBox, uid: int) -> tuple[bytes, str]:
    """The bytes of a mail and which part of it they are; none where it has gone meanwhile."""
    size = _SIZE.search(b" ".join(_told(box, uid, "(RFC822.SIZE)")))
    if size is None:
        return b"", ""
    part = WHOLE if int(size.group(1)) <= LARGEST else HEADERS
    wanted = "(BODY.PEEK[])" if part == WHOLE else "(BODY.PEEK[HEADER])"
    return b"".join(_told(box, uid, wanted, literal=True)), part


def _told(box: BaseMailBox, uid: int, wanted: str, literal: bool = False) -> list[bytes]:
    """What the server says of one mail; of `literal` the bytes that it announced alone."""
    _status, data = box.client.uid("fetch", str(uid), wanted)
    if literal:
        return [item[1] for item in data if isinstance(item, tuple)][:1]
    return [item for item in data if isinstance(item, bytes)]
