"""What a channel delivers is kept first, read later, and each item of it once."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models import (
    ChannelDelivery,
    ChannelItem,
    Conversation,
    Draft,
    Job,
    JobState,
    Message,
    Notice,
    Role,
    Setting,
)
from portal.access import scope
from portal.casework import deliveries, worked_off
from portal.casework.deliveries import Found, Reading
from portal.queue import enqueue
from tests.conftest import SystemSession
from tests.support.cast import Cast
from tests.support.databases import both_engines

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
Read = Callable[[bytes], Reading]


def reading(*items: Found, trouble: str | None = None) -> Mapping[str, deliveries.Reader]:
    return {"uji": lambda _session, _delivery, _body: Reading(items, trouble)}


def item(key: str, effect: Callable[[Session], object], content: bytes = b"1") -> Found:
    return Found(key, "0.0", "msg:text", content, effect)


def noted(name: str) -> Callable[[Session], object]:
    """An effect that can be counted: a row that may stand once."""
    return lambda session: session.add(Draft(kind=name, token_hash=name, expires_at=NOW))


def names(session: Session) -> list[str]:
    return sorted(session.scalars(select(Draft.kind)))


def kept(session: Session, body: bytes = b"{}") -> dict[str, int]:
    delivery = deliveries.store(session, "uji", body, {}, NOW)
    session.commit()
    return {"delivery_id": delivery.id}


@both_engines
def test_the_same_bytes_are_kept_once_and_counted(engine: Engine, session: Session) -> None:
    def deliver() -> None:
        with SystemSession(engine, info={"viewer": scope.SYSTEM}) as own:
            deliveries.store(own, "uji", b'{"a":1}', {}, NOW)
            own.commit()

    several = [threading.Thread(target=deliver) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert session.scalars(select(ChannelDelivery.seen)).all() == [4]
    assert session.scalar(select(func.count(Job.id))) == 1


def test_what_was_delivered_is_sealed_and_comes_back_byte_for_byte(session: Session) -> None:
    body = b'{"text":"\\u0000 \\ud83d"}\xff'
    key = kept(session, body)["delivery_id"]
    stored = session.connection().exec_driver_sql("SELECT body FROM channel_delivery").scalar()
    assert body not in bytes(stored or b"")
    session.expunge_all()
    assert session.get_one(ChannelDelivery, key).body == body


@both_engines
def test_an_item_that_fails_does_not_stop_its_neighbours(session: Session) -> None:
    def broken(session: Session) -> None:
        noted("setengah")(session)
        session.flush()
        raise ValueError

    work = reading(item("a", noted("a")), item("b", broken), item("c", noted("c")))
    with pytest.raises(deliveries.StillFailing):
        deliveries.work(session, kept(session), work)
    assert names(session) == ["a", "c"]
    session.rollback()
    mended = reading(item("a", noted("a")), item("b", noted("b")), item("c", noted("c")))
    deliveries.work(session, kept(session), mended)
    assert names(session) == ["a", "b", "c"]


def test_an_officer_at_the_same_conversation_makes_nothing_unreadable(session: Session) -> None:
    asked: list[int] = []

    def in_the_way(session: Session) -> None:
        asked.append(1)
        if len(asked) == 1:
            raise StaleDataError
        noted("a")(session)

    deliveries.work(session, kept(session), reading(item("a", in_the_way)))
    assert names(session) == ["a"]


def test_what_stays_unreadable_stands_in_the_inbox_and_can_be_read_later(
    cast: Cast, session: Session
) -> None:
    def broken(_session: Session) -> None:
        raise ValueError

    session.commit()
    payload = kept(session)
    for _try in range(deliveries.TRIES - 1):
        with pytest.raises(deliveries.StillFailing):
            deliveries.work(session, payload, reading(item("a", broken)))
        session.rollback()
    deliveries.work(session, payload, reading(item("a", broken)))
    assert session.scalars(select(Message.kind)).all() == ["unreadable"]
    assert session.scalars(select(Conversation.waiting_since)).one() is not None
    told = dict(session.execute(select(Notice.kind, func.count()).group_by(Notice.kind)).all())
    assert told.keys() == {"message_unread", "channel_trouble"}
    delivery = session.get_one(ChannelDelivery, payload["delivery_id"])
    assert delivery.trouble == "unreadable"

    deliveries.read_again(session, delivery, cast.admin, NOW)
    session.commit()
    deliveries.work(session, payload, reading(item("a", noted("a"))))
    assert names(session) == ["a"]
    assert session.get_one(ChannelDelivery, payload["delivery_id"]).trouble is None


def test_a_contradiction_keeps_the_first_and_tells_admin(cast: Cast, session: Session) -> None:
    session.commit()
    deliveries.work(session, kept(session, b"1"), reading(item("a", noted("a"), b"satu")))
    deliveries.work(session, kept(session, b"2"), reading(item("a", noted("b"), b"dua")))
    assert names(session) == ["a"]
    assert session.scalars(select(ChannelItem.conflicts)).all() == [1]
    roles = [one.officer.role for one in session.scalars(select(Notice))]
    assert set(roles) == {Role.admin}


def test_what_nobody_understands_waits_for_admin(session: Session) -> None:
    def lost(*_about: object) -> Reading:
        raise deliveries.Unreadable("malformed")

    payload = kept(session)
    deliveries.work(session, payload, {"uji": lost})
    assert session.get_one(ChannelDelivery, payload["delivery_id"]).trouble == "malformed"


def test_a_reader_that_stumbles_loses_nothing(cast: Cast, session: Session) -> None:
    def stumbling(*_about: object) -> Reading:
        raise RecursionError

    session.commit()
    payload = kept(session)
    for _try in range(deliveries.TRIES - 1):
        with pytest.raises(deliveries.StillFailing):
            deliveries.work(session, payload, {"uji": stumbling})
    deliveries.work(session, payload, {"uji": stumbling})
    assert session.scalars(select(Message.kind)).all() == ["unreadable"]
    delivery = session.get_one(ChannelDelivery, payload["delivery_id"])
    assert delivery.trouble == "unreadable"


@both_engines
def test_the_bytes_go_after_a_while_but_not_what_is_in_trouble_and_undecided(
    cast: Cast, session: Session
) -> None:
    fine, odd = kept(session, b"1"), kept(session, b"2")
    deliveries.work(session, fine, reading())
    deliveries.work(session, odd, reading(trouble="foreign"))
    now = datetime.now(UTC)
    assert worked_off.purge_bytes(session, now) == 0
    later = now + timedelta(days=worked_off.MOST_DAYS + 1)
    assert worked_off.purge_bytes(session, later) == 1 and bodies(session) == [None, b"2"]
    deliveries.close(session, session.get_one(ChannelDelivery, odd["delivery_id"]), cast.admin)
    assert worked_off.purge_bytes(session, later) == 1 and bodies(session) == [None, None]


def bodies(session: Session) -> list[bytes | None]:
    session.commit()
    session.expire_all()
    return [one.body for one in session.scalars(select(ChannelDelivery).order_by("id"))]


@both_engines
def test_what_was_let_go_of_is_still_known_when_it_comes_again(session: Session) -> None:
    payload = kept(session, b"1")
    deliveries.work(session, payload, reading())
    worked_off.purge_bytes(session, datetime.now(UTC) + timedelta(days=worked_off.MOST_DAYS + 1))
    kept(session, b"1")
    (row,) = session.scalars(select(ChannelDelivery)).all()
    assert (row.seen, row.body) == (2, None)


@both_engines
def test_jobs_that_are_done_go_after_a_while_but_not_what_failed_or_waits(session: Session) -> None:
    now = datetime.now(UTC)
    for state in JobState:
        job = enqueue(session, state.value, {}, now)
        job.state = state
        job.finished_at = now if state in (JobState.done, JobState.failed) else None
    session.commit()
    last = now + timedelta(days=worked_off.KEPT_DAYS)
    assert worked_off.purge_jobs(session, last) == 0
    assert worked_off.purge_jobs(session, last + timedelta(seconds=1)) == 1
    assert sorted(session.scalars(select(Job.kind))) == ["failed", "running", "waiting"]


@pytest.mark.parametrize(
    ("said", "days"), [("", 30), ("14", 14), ("1", 7), ("9999", 30), ("banyak", 30), ("400", 366)]
)
def test_the_office_sets_how_long_raw_bytes_are_kept(
    session: Session, said: str, days: int
) -> None:
    session.add(Setting(key=worked_off.BYTES, value=said, label="", label_en=""))
    session.flush()
    assert worked_off.kept_days(session, worked_off.BYTES) == days
