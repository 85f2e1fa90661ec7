"""An office with the real screens: a fresh one for what writes, one for all that only reads."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from models import CaseStatus, Risk
from portal.access import scope
from portal.app import create_app
from portal.config import Settings
from portal.db import READING, db
from tests.conftest import SECRETS, SystemSession
from tests.screens.generated import desk
from tests.screens.generated.desk import Desk
from tests.support.cast import Cast, make_cast
from tests.support.databases import SqliteTemplates, connect
from tests.support.office import Office


@dataclass
class House:
    """The application, its database as the system sees it, and everybody at their desk."""

    app: Flask
    session: Session
    cast: Cast
    office: Office
    desks: dict[str, Desk]

    def desk(self, username: str) -> Desk:
        """The desk of an officer, who signs in when first asked for."""
        if username not in self.desks:
            self.desks[username] = Desk(self.app, username)
        return self.desks[username]

    def statements(self, username: str, path: str) -> int:
        """How often the database is asked for a page that this officer opens once more."""
        desk, seen = self.desk(username), []
        desk.get(path)  # the first page of a session notes that it began
        with self.app.app_context():
            engine = db.engine

        def note(*facts: object) -> None:
            seen.append(facts)

        event.listen(engine, "before_cursor_execute", note)
        desk.get(path)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)


@pytest.fixture
def house(app: Flask, session: Session, cast: Cast) -> House:
    """An office of one test alone."""
    return House(app, session, cast, Office(session, cast), {})


@pytest.fixture(scope="module")
def full_house(
    sqlite: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """An office with rows in every table, for tests that only read."""
    url, folder = sqlite.make("reference"), tmp_path_factory.mktemp("full")
    places = {"DATABASE_URL": url, "PORTAL_DATA": str(folder), "PORTAL_ENV": "testing"}
    engine = connect(url)
    with SystemSession(engine, info={"viewer": scope.SYSTEM, READING: True}) as session:
        cast = make_cast(session)
        app = create_app(Settings.read(SECRETS | places))
        house = House(app, session, cast, Office(session, cast), {})
        _fill(house)
        yield house
    engine.dispose()
    sqlite.drop(url)


def _fill(house: House) -> None:
    """Something in every table."""
    for status in (CaseStatus.identified, CaseStatus.handling, CaseStatus.closed):
        house.office.case(status, Risk.tinggi)
    house.office.report()
    desk.complete(house.session, house.cast)
    house.session.commit()
