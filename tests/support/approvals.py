"""Supervisors who approve at the same time, each in a process of their own."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from models import Case, CaseStatus, Officer, Person, Risk, Victim
from portal.access import scope
from portal.casework import cases
from portal.db import PatientSession
from portal.letters import register
from tests.support.cast import Cast

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
FORK = multiprocessing.get_context("fork")
LIMIT = 120


class DeskSession(PatientSession):
    """What the request of a supervisor works in."""


def waiting_cases(session: Session, cast: Cast, number: int) -> list[int]:
    """So many cases that wait for a supervisor; committed."""
    made = [
        Case(
            number=f"KS-2026-{place:05}",
            status=CaseStatus.identified,
            status_since=NOW,
            risk=Risk.sedang,
            opened_at=NOW,
            identified_by=cast.sari,
            victims=[Victim(person=Person(alias="Kenanga"), age_at_incident=9)],
        )
        for place in range(1, number + 1)
    ]
    session.add_all(made)
    session.commit()
    return [one.id for one in made]


def approve(engine: Engine, case_id: int, now: datetime = NOW) -> float:
    """One approval from the first look at the case to the commit; how many seconds it took."""
    scope.attach(DeskSession)
    begun = time.perf_counter()
    with DeskSession(engine) as session:
        budi, joko, maya = (
            _named(session, name) for name in ("supervisor", "penjangkau", "konselor")
        )
        scope.view_as(session, budi)
        case = scope.fetch(session, Case, case_id)
        cases.approve(session, case, budi, now, _plan(joko, maya, now))
        session.commit()
    return time.perf_counter() - begun


def _named(session: Session, username: str) -> Officer:
    with scope.system(session):
        return session.query(Officer).filter_by(username=username).one()


def _plan(joko: Officer, maya: Officer, now: datetime) -> cases.OrderPlan:
    return cases.OrderPlan(
        officers=[joko],
        counsellor=maya,
        task="Menemui korban dan menilai keamanannya",
        place="Balai RW rekaan",
        safe_meeting_point=True,
        starts_on=now.date(),
        ends_on=now.date() + timedelta(days=3),
        basis="Undang-Undang Nomor 12 Tahun 2022",
    )


def approve_all(
    engine: Engine,
    keys: Sequence[int],
    workers: int = 8,
    *,
    tried: bool = True,
    begun: Callable[[], None] = lambda: None,
) -> list[float]:
    """All of them by so many processes; seconds of each that came about.

    `tried`: letters are set on trial. `begun` is called once all are on their way.
    """
    queue = FORK.SimpleQueue()
    shares = [keys[start::workers] for start in range(workers)]
    running = [FORK.Process(target=_share, args=(engine, one, tried, queue)) for one in shares]
    for process in running:
        process.start()
    begun()
    taken = [queue.get() for _key in keys]
    for process in running:
        process.join(LIMIT)
    return [one for one in taken if isinstance(one, float)]


def _share(engine: Engine, keys: Sequence[int], tried: bool, queue: Any) -> None:
    """In the child: the parent's connections are not ours, what it compiled is."""
    engine.dispose(close=False)
    with nullcontext() if tried else register.untried():
        for key in keys:
            queue.put(_seconds(engine, key))


def _seconds(engine: Engine, key: int) -> float | str:
    try:
        return approve(engine, key)
    except Exception as error:
        return type(error).__name__


# --- killed -----------------------------------------------------------------------------------


def killed_at(work: Callable[[], Any]) -> None:
    """Run `work` in a process of its own, which `die` kills under way (SIGKILL)."""
    process = FORK.Process(target=work)
    process.start()
    process.join(LIMIT)
    assert process.exitcode == -signal.SIGKILL, "it was to be killed under way"


def die(*_args: Any, **_kwargs: Any) -> Any:
    """What the kernel does when memory runs out, at the worst moment."""
    os.kill(os.getpid(), signal.SIGKILL)
