"""What channels deliver: kept byte for byte before it is understood, then read, each item once.

`store` keeps a delivery and asks for the job that reads it, in one transaction: whoever answers
"received" after its commit has lost nothing, whatever happens next. `work` lets the channel's
reader tell the items of a delivery and gives each a transaction of its own, in which the ledger is
written first: whoever writes the key of an item has processed it. What fails is tried again; what
stays unreadable stands in the inbox as just that, and with `admin`, who may have it read again.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models import ChannelDelivery, ChannelItem, Officer
from portal.access import scope
from portal.casework import hearing
from portal.protection import audit, vault
from portal.queue import enqueue
from portal.wording import lazy

log = logging.getLogger(__name__)

JOB, LONG = "read_delivery", "read_export"
# A chat of years is thousands of messages: nothing else waits behind it.
JOBS = {"chat_export": LONG}
# So often an item is tried before the inbox shows it as unreadable; the queue waits in between.
TRIES = 3

TROUBLES: dict[str, Any] = {
    "malformed": lazy("Isinya tidak dapat dibaca"),
    "foreign": lazy("Bukan untuk nomor kantor ini"),
    "unreadable": lazy("Sebagian isinya tidak dapat dibaca"),
    "too_large": lazy("Terlalu besar: sebagian isinya tidak diambil"),
    "conflict": lazy("Pesan yang sama datang dengan isi lain"),
}


class Unreadable(Exception):
    """A delivery that no reader understands; `trouble` is a code of `TROUBLES`."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class StillFailing(Exception):
    """Items of a delivery failed: the queue tries again."""


class Found(NamedTuple):
    """One item of a delivery.

    Args:
        key: names it at the channel however often it is delivered; hashed before it is kept.
        path: where it stands (`0.1.messages.2`), at most 60 signs and nothing about anybody.
        kind: a code, its first part counted by `flask channels status`: `msg:text`, `echo:text`,
            `status:read`, `call:connect`, `field:account_update`.
        content: what it says, to tell a repetition from a contradiction.
        act: its effect, in the transaction of its ledger row; does not commit.
        said: whether somebody's words are lost if it cannot be read.
    """

    key: str
    path: str
    kind: str
    content: bytes
    act: Callable[[Session], object]
    said: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in a delivery, and what is wrong with the rest of it (a code)."""

    items: Sequence[Found]
    trouble: str | None = None


# Given the delivery (its columns, not its body) and the body. Raises Unreadable.
Reader = Callable[[Session, ChannelDelivery, bytes], Reading]


# --- kept -----------------------------------------------------------------------------------------


def store(
    session: Session,
    channel: str,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
    by: Officer | None = None,
    conversation_id: int | None = None,
) -> ChannelDelivery:
    """Keep what came, once, and have it read after the commit; the same bytes again are counted.

    Args:
        channel: the key of its reader in `portal.jobs.READERS`.
        headers: those of an allow-list; never an address or a number of anybody.
        by: the officer who brought it (an export, a mail by hand).

    The caller commits before anybody is told that it was received.
    """
    about = {"headers": dict(headers), "by": by, "conversation_id": conversation_id}
    with scope.system(session):
        return _store(session, channel, body, now, about)


def _store(
    session: Session, channel: str, body: bytes, now: datetime, about: dict[str, Any]
) -> ChannelDelivery:
    digest = hashlib.sha256(body).hexdigest()
    known = select(ChannelDelivery).where(
        ChannelDelivery.channel == channel, ChannelDelivery.sha256 == digest
    )
    if (found := session.scalar(known)) is not None:
        return _again(session, found, now)
    try:
        with session.begin_nested():
            delivery = ChannelDelivery(
                channel=channel,
                sha256=digest,
                body=body,
                received_at=now,
                last_seen_at=now,
                **about,
            )
            session.add(delivery)
            session.flush()
    except IntegrityError:  # the same bytes at the same moment
        return _again(session, session.scalars(known).one(), now)
    _ask_for_reading(session, delivery, now)
    return delivery


def _ask_for_reading(session: Session, delivery: ChannelDelivery, now: datetime) -> None:
    enqueue(session, JOBS.get(delivery.channel, JOB), {"delivery_id": delivery.id}, now)


def _again(session: Session, delivery: ChannelDelivery, now: datetime) -> ChannelDelivery:
    counted = {"seen": ChannelDelivery.seen + 1, "last_seen_at": now}
    again = update(ChannelDelivery).where(ChannelDelivery.id == delivery.id)
    session.execute(again.values(counted))
    return delivery


def read_again(
    session: Session, delivery: ChannelDelivery, officer: Officer | None, now: datetime
) -> None:
    """Have a delivery read once more: what was processed stays, the rest is tried anew."""
    audit.record(session, "delivery_read_again", officer, delivery)
    delivery.attempts, delivery.trouble, delivery.processed_at = 0, None, None
    session.flush()
    _ask_for_reading(session, delivery, now)


def close(session: Session, delivery: ChannelDelivery, officer: Officer | None) -> None:
    """Nothing more is to be done about a delivery in trouble: it is kept no longer than others."""
    audit.record(session, "delivery_closed", officer, delivery, trouble=delivery.trouble)
    delivery.trouble = None
    session.flush()


def claim_item(
    session: Session, delivery_id: int, path: str, key_text: str, kind: str, content: bytes
) -> bool:
    """Whether this item is ours to process, in this transaction and never again.

    A known key means that it was processed; with other content the first one stays, and the
    contradiction is counted and told. Keys are kept as keyed hashes, since those of WhatsApp spell
    out telephone numbers.
    """
    key, digest = ledger_key(key_text), vault.keyed_hash("channel-content", content).hex()
    known = select(ChannelItem).where(ChannelItem.key == key)
    if (first := session.scalar(known)) is None:
        try:
            with session.begin_nested():
                place = {"delivery_id": delivery_id, "path": path[:60], "kind": kind[:40]}
                session.add(ChannelItem(key=key, digest=digest, **place))
            return True
        except IntegrityError:  # another worker was faster
            first = session.scalars(known).one()
    if first.digest != digest:
        first.conflicts += 1
        trouble(session, delivery_id, "conflict")
    return False


def ledger_key(key_text: str) -> str:
    """The keyed hash under which an item stands in the ledger."""
    return vault.keyed_hash("channel-item", key_text).hex()


def trouble(session: Session, delivery_id: int, code: str) -> None:
    """Say what is wrong with a delivery, and tell `admin` that something must be looked at."""
    about = ChannelDelivery.id == delivery_id
    session.execute(update(ChannelDelivery).where(about).values(trouble=code))
    hearing.alarm(session)


# --- read -----------------------------------------------------------------------------------------


def work(session: Session, payload: Mapping[str, Any], readers: Mapping[str, Reader]) -> None:
    """Read a stored delivery: the job. Commits after each item, so it must have a session alone.

    Raises StillFailing while items fail that may succeed later: the queue tries again.
    """
    delivery = session.get(ChannelDelivery, payload["delivery_id"])
    if delivery is None or delivery.body is None or delivery.processed_at is not None:
        return
    key, body, now = delivery.id, delivery.body, datetime.now(UTC)
    delivery.attempts += 1
    last = delivery.attempts >= TRIES
    reading = _read(session, delivery, body, readers[delivery.channel])
    channel = delivery.channel
    session.commit()
    failed = [item for item in reading.items if not _take(session, key, item)]
    if failed and not last:
        raise StillFailing
    for item in failed:
        _keep_unread(session, key, channel, item, now)
    _finish(session, key, reading, bool(failed))


def _read(session: Session, delivery: ChannelDelivery, body: bytes, reader: Reader) -> Reading:
    try:
        return reader(session, delivery, body)
    except Unreadable as error:
        return Reading((), error.trouble)
    except OperationalError:
        raise
    except Exception as error:  # a reader that stumbles: as if all of it were one broken item
        name = f"delivery:{delivery.sha256}"
        return Reading((Found(name, "", "unread", b"", partial(_stumble, error)),))


def _stumble(error: Exception, _session: Session) -> None:
    raise error


def _take(session: Session, delivery_id: int, item: Found) -> bool:
    """One item with its ledger row, committed; whether it went well. Its neighbours go on.

    An officer who changes the same conversation at the same moment says nothing about the item.
    """
    for _again in range(TRIES):
        with suppress(StaleDataError):
            return _taken(session, delivery_id, item)
        session.rollback()
    return False


def _taken(session: Session, delivery_id: int, item: Found) -> bool:
    try:
        if claim_item(session, delivery_id, item.path, item.key, item.kind, item.content):
            item.act(session)
        session.commit()
    except (OperationalError, StaleDataError):
        raise  # the database itself: nothing is said about the item
    except Exception as error:  # whatever is wrong with it, it is kept and tried again
        session.rollback()
        log.error("an item of delivery %d failed: %s", delivery_id, type(error).__name__)
        return False
    return True


def _keep_unread(
    session: Session, delivery_id: int, channel: str, item: Found, now: datetime
) -> None:
    """Show in the inbox that somebody said something that cannot be read.

    Its own key stays free, so that it can still be read once somebody has mended the reader.
    """
    seen = (delivery_id, item.path, f"unread:{item.key}", "unread", b"")
    if item.said and claim_item(session, *seen):
        hearing.unreadable(session, channel, now)
    session.commit()


def _finish(session: Session, delivery_id: int, reading: Reading, failed: bool) -> None:
    delivery = session.get_one(ChannelDelivery, delivery_id)
    delivery.items = len(reading.items)
    delivery.processed_at = datetime.now(UTC)
    code = "unreadable" if failed else reading.trouble
    if code is not None:
        trouble(session, delivery_id, code)
    session.commit()
