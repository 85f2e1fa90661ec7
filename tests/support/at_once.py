"""Two officers who act at the same moment: each in a session of their own, as two requests are."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from sqlalchemy.engine import Engine

from models import Officer
from portal.access import scope
from portal.db import READING, PatientSession

WAIT = 30


class RequestSession(PatientSession):
    """What a POST request works in: it locks a SQLite database from its first statement."""


@dataclass(frozen=True)
class Attempt:
    """`act(session, row, officer, version)` by one officer, on a row and version both have seen."""

    officer_id: int
    model: type[Any]
    row_id: int
    act: Callable[..., Any]


def at_once(engine: Engine, *attempts: Attempt) -> list[BaseException | None]:
    """Run all attempts together; for each None where it was committed, else what refused it.

    On PostgreSQL each begins the act only after everybody has read the row. SQLite has one
    writer, so there the requests as a whole start together.
    """
    scope.attach(RequestSession)
    start, met = Barrier(len(attempts)), Barrier(len(attempts))
    meet = met.wait if engine.dialect.name == "postgresql" else _nobody
    with ThreadPoolExecutor(len(attempts)) as pool:
        running = [pool.submit(_try, engine, one, start, meet) for one in attempts]
        return [one.result() for one in running]


def _nobody(timeout: float) -> None:
    return None


def _try(
    engine: Engine, attempt: Attempt, start: Barrier, meet: Callable[..., Any]
) -> BaseException | None:
    version = _version(engine, attempt)
    start.wait(WAIT)
    with RequestSession(engine) as session:
        officer = _signed_in(session, attempt.officer_id)
        try:
            row = scope.fetch(session, attempt.model, attempt.row_id)
            meet(timeout=WAIT)
            attempt.act(session, row, officer, version)
            session.commit()
        except Exception as refusal:
            session.rollback()
            return refusal
    return None


def _version(engine: Engine, attempt: Attempt) -> int | None:
    """What the form carries that was opened before."""
    with RequestSession(engine, info={"viewer": scope.SYSTEM}) as session:
        return getattr(session.get_one(attempt.model, attempt.row_id), "version_id", None)


def _signed_in(session: RequestSession, officer_id: int) -> Officer:
    """The officer, through whose eyes the session looks from here on."""
    with scope.system(session):
        officer = session.get_one(Officer, officer_id)
    scope.view_as(session, officer)
    return officer


def at_once_each(engine: Engine, number: int, work: Callable[[Any], Any]) -> list[Any]:
    """`work(session)` by `number` workers together, as chores of the clock; what each returned."""
    scope.attach(RequestSession)
    start = Barrier(number)

    def one() -> Any:
        start.wait(WAIT)
        with RequestSession(engine, info={"viewer": scope.SYSTEM, READING: True}) as session:
            found = work(session)
            session.commit()
            return found

    with ThreadPoolExecutor(number) as pool:
        return [done.result() for done in [pool.submit(one) for _ in range(number)]]
