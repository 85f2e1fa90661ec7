"""Time on the demo's stage: stories take turns, each act at its own hour.

A story is a generator that yields when it wants to go on. The stories are woven together in
order of time, as an office lives them: letters may only be numbered forwards.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from models import Case, Officer
from portal.casework.receipts import Receipt
from portal.indonesia.dates import local, local_date, start_of_day_utc
from portal.indonesia.workdays import is_workday, next_workday
from portal.protection import audit

Story = Iterator[datetime]

MINUTE = timedelta(minutes=1)
OPENS, CLOSES = 8, 15
LATEST = 20


@dataclass
class Stage:
    """Where the stories play: the session, the officers by user name, and what time it is."""

    session: Session
    officers: dict[str, Officer]
    days_off: Collection[date]
    now: datetime
    with_files: bool = True
    cases: deque[Case] = field(default_factory=lambda: deque(maxlen=LATEST))
    receipts: list[Receipt] = field(default_factory=list)

    def __getitem__(self, username: str) -> Officer:
        return self.officers[username]

    @property
    def today(self) -> date:
        """The day it is in Malang."""
        return local_date(self.now)

    def soon(self, dice: Random, low: int, high: int) -> datetime:
        """So many minutes later."""
        return self.now + MINUTE * dice.randint(low, high)

    def at_work(self, dice: Random, days: int = 0) -> datetime:
        """In office hours: now if it is a good time, else on the next working day."""
        if days == 0 and self.is_open():
            return self.soon(dice, 5, 40)
        later = next_workday(self.today + timedelta(days=max(days, 1)), self.days_off)
        return self.on(dice, later)

    def on(self, dice: Random, day: date) -> datetime:
        """Some time in the office hours of `day`."""
        return start_of_day_utc(day) + MINUTE * dice.randrange(OPENS * 60, CLOSES * 60)

    def is_open(self) -> bool:
        """Whether the counter is open now."""
        return is_workday(self.today, self.days_off) and OPENS <= local(self.now).hour < CLOSES


def play(stage: Stage, stories: Iterable[Story], end: datetime) -> None:
    """Let the stories go on in the order of time until `end`; what is open then stays open."""
    waiting = [(next(story), number, story) for number, story in enumerate(stories)]
    heapify(waiting)
    with _dated(stage):
        while waiting and waiting[0][0] < end:
            at, number, story = heappop(waiting)
            stage.now = at
            again = next(story, None)
            stage.session.flush()  # before the hour changes
            if again is not None:
                heappush(waiting, (max(again, at + MINUTE), number, story))
        stage.now = end


@contextmanager
def _dated(stage: Stage) -> Iterator[None]:
    """Rows written inside the block were written at the hour on the stage, not at the machine's."""

    def stamp(session: Session, *_: Any) -> None:
        for row in session.new:
            for column in ("created_at", "at"):
                if getattr(row, column, stage.now) is None:
                    setattr(row, column, stage.now)

    event.listen(stage.session, "before_flush", stamp)
    stage.session.info |= {audit.CLOCK: lambda: stage.now, audit.EARLY: True}
    try:
        yield
    finally:
        del stage.session.info[audit.CLOCK], stage.session.info[audit.EARLY]
        event.remove(stage.session, "before_flush", stamp)
