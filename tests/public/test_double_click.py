"""Many clicks at one moment: one report, one receipt, no number twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import TypeVar

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import Message, Report, ServiceComplaint
from portal.access import scope
from portal.casework import intake
from portal.casework.receipts import Receipt, new_token
from tests.conftest import SystemSession
from tests.public.visitor import Visitor, receipt
from tests.support.cast import Cast
from tests.support.databases import both_engines
from tests.support.office import arrival

CLICKS = 4
T = TypeVar("T")


def at_once(work: Callable[[int], T]) -> list[T]:
    """`work` done by several people in the same moment."""
    ready = Barrier(CLICKS)

    def start(number: int) -> T:
        ready.wait()
        return work(number)

    with ThreadPoolExecutor(CLICKS) as people:
        return list(people.map(start, range(CLICKS)))


def clicks(app: Flask, visitor: Visitor, cookie: str, path: str, form: dict[str, str]) -> list[str]:
    """The same form posted several times at once by one browser; where it leads."""
    value = visitor.client.get_cookie(cookie).value

    def click(_number: int) -> str:
        client = app.test_client()
        client.set_cookie(cookie, value)
        answer = client.post(path, data=form)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    return at_once(click)


@both_engines
def test_clicks_in_one_moment_make_one_report(
    app: Flask, visitor: Visitor, session: Session
) -> None:
    form = visitor.report().form("/lapor/periksa")
    led = clicks(app, visitor, "formulir", "/lapor/periksa", form)
    assert set(led) == {"/lapor/selesai"}
    session.rollback()
    report = session.scalars(select(Report)).one()
    assert receipt(visitor.get("/lapor/selesai"))[0] == report.number


@both_engines
def test_clicks_in_one_moment_make_one_message(
    app: Flask, visitor: Visitor, session: Session
) -> None:
    visitor.report()
    number, code = receipt(visitor.send())
    visitor.post("/lacak", {"nomor": number, "kode": code})
    form = visitor.get("/lacak/laporan").form("/lacak/laporan") | {"text": "Ada kabar?"}
    fields = {name: value for name, value in form.items() if "files" not in name}
    clicks(app, visitor, "lacak", "/lacak/laporan", fields)
    session.rollback()
    assert len(session.scalars(select(Message)).all()) == 1


@both_engines
def test_clicks_in_one_moment_make_one_complaint(
    app: Flask, visitor: Visitor, session: Session
) -> None:
    page = visitor.get("/pengaduan-layanan")
    form = page.form("/pengaduan-layanan") | {"body": "Telepon tidak diangkat."}
    clicks(app, visitor, "masukan", "/pengaduan-layanan", form)
    session.rollback()
    assert len(session.scalars(select(ServiceComplaint)).all()) == 1


def received(engine: Engine, token: str) -> Receipt:
    with SystemSession(engine, info={"viewer": scope.SYSTEM}) as session:
        taken = intake.receive(session, arrival(), token=token, now=datetime.now(UTC))
        session.commit()
        return taken


@both_engines
def test_one_token_makes_one_report_even_without_a_draft(
    engine: Engine, cast: Cast, session: Session
) -> None:
    token = new_token()
    receipts = at_once(lambda _number: received(engine, token))
    assert len({(taken.number, taken.code) for taken in receipts}) == 1
    assert sum(not taken.repeated for taken in receipts) == 1
    session.rollback()
    report = session.scalars(select(Report)).one()
    assert [len(report.victims), len(report.suspects), len(report.events)] == [1, 1, 1]


@both_engines
def test_reports_of_one_moment_have_different_numbers(engine: Engine, cast: Cast) -> None:
    numbers = [taken.number for taken in at_once(lambda _number: received(engine, new_token()))]
    assert len(set(numbers)) == CLICKS
