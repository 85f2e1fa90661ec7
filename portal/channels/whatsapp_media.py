"""Files of WhatsApp: fetched at once, in two steps, checked, and kept like any upload.

Meta's links live five minutes and its files seven days: a file is asked for until it is here or
gone. What is kept is made anew as for any upload; the fingerprint of what came stays in its row.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import MediaState, Message, RemoteFile
from portal import meta
from portal.casework import enclosures, hearing
from portal.channels.whatsapp_texts import File, fingerprint
from portal.config import Settings
from portal.protection import files
from portal.queue import Away, enqueue

JOB = "fetch_media"
KEPT_AT_META = timedelta(days=7)
ALARM_AFTER = timedelta(hours=24)
LINKS = 3  # so often a link that has died is asked for anew


def expect(
    session: Session,
    message: Message,
    file: File,
    now: datetime,
    lost: bool = False,
    since: datetime | None = None,
) -> None:
    """Note that a message has a file, and have it fetched; not one that Meta itself has `lost`.

    `since` when Meta keeps it, where that is not since it was sent.
    """
    row = RemoteFile(
        message=message,
        media_id=file.media_id,
        mime=file.mime,
        sha256=file.sha256,
        filename=file.filename,
        expires_at=(since or min(message.at, now)) + KEPT_AT_META,
        state=MediaState.failed if lost else MediaState.pending,
        trouble=enclosures.LOST if lost else None,
    )
    session.add(row)
    session.flush()
    if not lost:
        enqueue(session, JOB, {"remote_file_id": row.id}, now)


def fetch(session: Session, payload: dict[str, Any]) -> None:
    """Fetch one file: the job. Raises Away while it may still be had."""
    row = session.get(RemoteFile, payload["remote_file_id"])
    if row is None or row.state is not MediaState.pending:
        return
    if row.expires_at is not None and datetime.now(UTC) >= row.expires_at:
        row.state, row.trouble = MediaState.expired, enclosures.EXPIRED
        hearing.tell(session, row.message.conversation, hearing.NEW)
        return
    settings: Settings = current_app.extensions["settings"]
    media_id, told, seen = row.media_id, row.sha256, row.trouble
    session.commit()  # nothing is held while the network is waited for
    trouble, data = _bytes(settings, media_id, told)
    if trouble in PASSING or (trouble == enclosures.ALTERED != seen):
        row.trouble = trouble
        session.commit()
        raise Away("whatsapp")
    if trouble:
        row.state, row.trouble = MediaState.blocked, trouble
        return
    _keep(session, row, data)


PASSING = ("away", "not_given", "link")


def _bytes(settings: Settings, media_id: str, told: str | None) -> tuple[str | None, bytes]:
    """The bytes of a file, or what is wrong (a code)."""
    if not settings.whatsapp_token:
        return "away", b""
    try:
        return _downloaded(settings, media_id, told)
    except Away:
        return "away", b""
    except meta.Refused:
        return "not_given", b""
    except meta.Elsewhere:
        return enclosures.ELSEWHERE, b""
    except meta.TooLarge:
        return enclosures.TOO_LARGE, b""


def _downloaded(settings: Settings, media_id: str, told: str | None) -> tuple[str | None, bytes]:
    for _try in range(LINKS):
        about = meta.media(settings, media_id)
        size = about.get("file_size")
        most = size if isinstance(size, int) and 0 < size < meta.LARGEST else meta.LARGEST
        try:
            data = meta.download(settings, str(about.get("url") or ""), most)
        except meta.Refused as error:
            if error.http == 404:
                continue
            raise
        known = {one for one in (told, fingerprint(about.get("sha256"))) if one}
        fits = len(data) == most or not isinstance(size, int)
        right = known <= {hashlib.sha256(data).hexdigest()}
        return (None if fits and right else enclosures.ALTERED), data
    return "link", b""


def _keep(session: Session, row: RemoteFile, data: bytes) -> None:
    """Like any upload: recognised by content, cleaned, sealed; scanned by a job of its own."""
    row.sha256 = hashlib.sha256(data).hexdigest()
    message, name = row.message, row.filename or row.message.kind
    try:
        row.attachment = enclosures.keep(session, message, name, data, files.Limits(meta.LARGEST))
    except files.Refused:
        row.state, row.trouble = MediaState.blocked, enclosures.REFUSED
        return
    row.state, row.trouble = MediaState.stored, None
    session.flush()


def watch(session: Session, now: datetime) -> int:
    """Tell `admin` of files that could not be fetched for a day; how many."""
    late = select(RemoteFile).where(
        RemoteFile.state == MediaState.pending, RemoteFile.created_at < now - ALARM_AFTER
    )
    found = session.scalars(late).all()
    if found:
        hearing.alarm(session)
    return len(found)
