"""`kill -9` at any moment: what was acknowledged is there, once; what was not comes again."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

import httpx
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ChannelDelivery, Conversation, Job, JobState, Message
from portal import jobs, server
from portal.db import db
from tests.support.databases import both_engines
from tests.support.mail import free_port
from tests.support.meta import PLACE, Meta, delivery, message, signature
from tests.support.waiting import PATIENCE, until

DELIVERIES, EACH, SENDERS = 16, 3, 5
KILLS = 6


class House:
    """The web server and the worker as processes of their own, and ways to kill them.

    They are forked from an application that stands already: making one takes seconds.
    """

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, free_port()
        self.running: dict[str, BaseProcess] = {}

    def _serve(self) -> None:
        self._begin()
        server.serve(self.app, [f"127.0.0.1:{self.port}"], 1, 4)

    def _work(self) -> None:
        self._begin()
        jobs.Worker(self.app).run()

    def _begin(self) -> None:
        os.setsid()
        with self.app.app_context():
            db.engine.dispose(close=False)

    def start(self, name: str) -> None:
        target = {"serve": self._serve, "worker": self._work}[name]
        self.running[name] = get_context("fork").Process(target=target, daemon=False)
        self.running[name].start()

    def kill(self, name: str) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].pid or 0, signal.SIGKILL)
        self.running[name].join()

    def deliver(self, body: bytes) -> bool:
        """Whether it was acknowledged."""
        headers = {"X-Hub-Signature-256": signature(body), "Content-Type": "application/json"}
        place = f"http://127.0.0.1:{self.port}{PLACE}"
        try:
            return httpx.post(place, content=body, headers=headers, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture
def house(whatsapp: Meta, app: Flask) -> Iterator[House]:
    made = House(app)
    for name in ("serve", "worker"):
        made.start(name)
    yield made
    for name in made.running:
        made.kill(name)


def bodies() -> list[bytes]:
    """Deliveries of several messages each; some messages stand in two of them."""
    texts = [
        message(f"wamid.{one}", f"pesan {one}", f"62811000000{one % SENDERS}")
        for one in range(DELIVERIES * EACH)
    ]
    batches = [texts[one * EACH : one * EACH + EACH + 1] for one in range(DELIVERIES)]
    return [delivery({"messages": batch}) for batch in batches]


def delivered(house: House, chance: random.Random) -> None:
    """Like Meta: each at least once, some twice, in any order, again until acknowledged."""
    waiting = [one for one in bodies() for _time in range(chance.choice((1, 1, 2)))]
    chance.shuffle(waiting)
    moments = {len(waiting) * (one + 1) // (KILLS + 1) for one in range(KILLS)}
    end = time.monotonic() + 2 * PATIENCE
    while waiting and time.monotonic() < end:
        if len(waiting) in moments:
            moments.remove(len(waiting))
            name = chance.choice(("serve", "worker"))
            house.kill(name)
            house.start(name)
        if house.deliver(waiting[-1]):
            waiting.pop()
        else:
            time.sleep(0.05)
    assert not waiting


def settled(session: Session) -> bool:
    session.rollback()
    left = select(func.count(Job.id)).where(Job.kind == "read_delivery", Job.state != JobState.done)
    return session.scalar(left) == 0


@pytest.mark.timeout(300)
@both_engines
def test_whoever_is_killed_loses_and_doubles_nothing(house: House, session: Session) -> None:
    delivered(house, random.Random(5))
    until(lambda: settled(session))
    found = session.scalars(select(Message)).all()
    assert Counter(one.body for one in found) == Counter(
        f"pesan {one}" for one in range(DELIVERIES * EACH)
    )
    talks = session.scalars(select(Conversation)).all()
    assert len(talks) == SENDERS
    for talk in talks:
        assert len({int(one.body.split()[1]) % SENDERS for one in talk.messages}) == 1
    rows = session.scalars(select(ChannelDelivery)).all()
    assert len(rows) == DELIVERIES and all(one.processed_at for one in rows)
