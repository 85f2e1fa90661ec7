"""How long finding people takes by tokens, beside opening every row, as it was before."""

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bench.crowd import fill
from bench.measure import Result, compare
from models import Base, Person
from portal.access import scope
from portal.db import READING, PatientSession, engine_options, prepare
from portal.protection import sealing, search, tokens, vault

ROWS = 50_000
PAGE = 26
ASKED = {"rare": "Wirasabrang", "common": "Siti", "beginning": "su", "nik": "99 0000 0000 0012 34"}


def measure(folder: Path, rows: int = ROWS, url: str = "") -> list[Result]:
    """A page of each kind of search, and how many rows a second get their tokens."""
    vault.install(vault.Ring.parse(vault.new_ring()))
    sealing.attach()
    engine = prepare(create_engine(url or f"sqlite:///{folder}/crowd.sqlite3", **_options(url)))
    Base.metadata.create_all(engine)
    with PatientSession(engine, info={"viewer": scope.SYSTEM, READING: True}) as session:
        begun = time.perf_counter()
        fill(session, rows)
        spent = time.perf_counter() - begun
        session.add(Person(name="Gondo Wirasabrang", search_version=tokens.VERSION))
        session.flush()
        person = session.scalars(select(Person).order_by(Person.id.desc()).limit(1)).one()
        tokens.store(
            session.connection(), Person, [(person.id, person.uuid, {"name": person.name})]
        )
        session.commit()
        found = [_result(session, kind, term, rows) for kind, term in ASKED.items()]
    engine.dispose()
    per_second = round(rows / spent)
    return [*found, Result("people_filled_a_second", per_second, 1.0, "rows/s", rows, "none")]


def _options(url: str) -> dict[str, object]:
    return engine_options(url or "sqlite://")


def _result(session: Session, kind: str, term: str, rows: int) -> Result:
    wanted = search.term(term)
    figures = compare(
        lambda: list(islice(search.found(session, Person, wanted), PAGE)),
        _opening_everything(session, wanted),
    )
    return Result(f"search_people_{kind}", *figures, "ms", rows, "every row opened in turn")


def _opening_everything(session: Session, wanted: search.Sought) -> Callable[[], object]:
    query = select(Person.id, *search.sealed(Person)).order_by(Person.id)

    def scan() -> list[int]:
        rows = session.execute(query.execution_options(yield_per=1_000))
        fitting = (row[0] for row in rows if search.matches(Person, wanted, row[1:]))
        found = list(islice(fitting, PAGE))
        rows.close()
        return found

    return scan
