"""Two hundred approvals from eight processes, on both databases: how long, and who waits meanwhile.

`python -m bench.approvals`. Letters are set on trial, as in the office. Beside it somebody opens a
page again and again: what it takes then, as a ratio to what it takes when nobody approves.
"""

import json
import statistics
import tempfile
import threading
import time
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from models import Letter
from portal.access import scope, sign_in
from portal.app import create_app
from portal.config import Settings
from portal.db import READING
from portal.letters import proof
from tests.conftest import SECRETS, SystemSession
from tests.screens.generated.desk import Desk
from tests.support.approvals import approve_all, waiting_cases
from tests.support.cast import CHEAP, make_cast
from tests.support.databases import PostgresTemplates, SqliteTemplates, connect

APPROVALS, PROCESSES, IDLE = 200, 8, 40
PAGE = "/admin/case/"


def main() -> None:
    """Both databases, a line of JSON each."""
    sign_in.hasher = CHEAP
    with tempfile.TemporaryDirectory() as folder:
        sqlite = SqliteTemplates(Path(folder))
        print(json.dumps(_measured(sqlite.make("reference"), Path(folder) / "s")), flush=True)
        postgres = PostgresTemplates("bench")
        try:
            print(json.dumps(_measured(postgres.make("reference"), Path(folder) / "p")), flush=True)
        finally:
            postgres.close()


def _measured(url: str, folder: Path) -> dict[str, object]:
    places = {"DATABASE_URL": url, "PORTAL_DATA": str(folder), "PORTAL_ENV": "testing"}
    app = create_app(Settings.read(SECRETS | places | {"PORTAL_LETTER_WORKERS": "0"}))
    scope.attach(SystemSession)
    engine = connect(url)
    with SystemSession(engine, info={"viewer": scope.SYSTEM, READING: True}) as session:
        keys = waiting_cases(session, make_cast(session), APPROVALS)
        reader = Desk(app, "supervisor2").client
        idle = [_opened(reader) for _ in range(IDLE)]
        session.rollback()
        begun = time.perf_counter()
        taken, busy = _beside(engine, keys, reader)
        seconds = time.perf_counter() - begun
        told = _told(session)
    engine.dispose()
    return {
        "database": engine.dialect.name,
        "approvals": len(taken),
        "processes": PROCESSES,
        "seconds": round(seconds, 1),
        "slowest_approval_s": round(max(taken), 2),
        **told,
        "page_idle_ms": _ms(idle),
        "page_busy_ms": _ms(busy),
        "page_busy_to_idle": round(statistics.median(busy) / statistics.median(idle), 1),
        "page_slowest_ms": round(max(busy) * 1000),
        "pages_meanwhile": len(busy),
    }


def _beside(
    engine: Engine, keys: list[int], reader: FlaskClient
) -> tuple[list[float], list[float]]:
    """The approvals, and how long a page took meanwhile."""
    over, busy = threading.Event(), [0.0]

    def read() -> None:
        while not over.is_set():
            busy.append(_opened(reader))

    thread = threading.Thread(target=read)
    approvals = approve_all(engine, keys, PROCESSES, begun=thread.start)
    over.set()
    thread.join()
    return approvals, busy[1:]


def _opened(reader: FlaskClient) -> float:
    begun = time.perf_counter()
    assert reader.get(PAGE).status_code == 200
    return time.perf_counter() - begun


def _told(session: Session) -> dict[str, object]:
    session.rollback()
    numbers = sorted(session.scalars(select(Letter.number)))
    return {"one_to_last": numbers == list(range(1, APPROVALS + 1)), **proof.verify(session)}


def _ms(times: list[float]) -> float:
    return round(statistics.median(times) * 1000, 1)


if __name__ == "__main__":
    main()
