"""Requests that another site makes an officer's browser send, and links that must change nothing.

Every address of the URL map is tried, so that no new one is forgotten (ASVS 5.0, 3.5.1-3.5.3).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from models import Base, CaseStatus
from tests.screens.generated.desk import TOKEN, Desk, complete
from tests.support.cast import PASSWORD, Cast
from tests.support.office import Office

# Reading leaves traces of its own: who looked at what, and when somebody was last here.
TRACES = {
    *("audit_entry", "audit_head", "audit_key", "officer_session", "draft", "sign_in_delay", "seat")
}
FILLED = {"export_type": "csv", "act": "hand_over", "code": "en", "slug": "keadaan", "number": "1"}


@pytest.fixture
def office(session: Session, cast: Cast) -> Office:
    """A report, cases, and the rows that no act makes."""
    office = Office(session, cast)
    office.report()
    office.case()
    office.case(CaseStatus.monitoring)
    complete(session, cast)
    session.commit()
    return office


def _addresses(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            parts = {name: FILLED.get(name, "1") for name in rule.arguments}
            yield rule, app.url_map.bind("localhost").build(rule.endpoint, parts, method=method)


def _everything(session: Session) -> dict[str, list[Any]]:
    session.rollback()
    tables = [one for one in Base.metadata.sorted_tables if one.name not in TRACES]
    return {one.name: sorted(map(repr, session.execute(select(one)))) for one in tables}


@pytest.mark.parametrize("username", ["supervisor", "admin"])
def test_no_form_is_taken_without_the_token_of_its_session(
    app: Flask, session: Session, office: Office, username: str
) -> None:
    desk = Desk(app, username)
    before = _everything(session)
    taken = {}
    for rule, address in _addresses(app, "POST"):
        if rule.rule.startswith(("/admin", "/masuk", "/keluar")) and rule.rule != "/keluar-cepat":
            answer = desk.client.post(address, data={"id": "1", "rowid": "1", "reason": "x"})
            taken[address] = answer.status_code
    assert {address: code for address, code in taken.items() if code != 400} == {}
    assert len(taken) > 100 and _everything(session) == before


def test_no_public_form_is_taken_from_another_site(
    app: Flask, session: Session, office: Office
) -> None:
    before, client = _everything(session), app.test_client()
    for rule, address in _addresses(app, "POST"):
        if rule.endpoint.startswith("public."):
            answer = client.post(
                address, data={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
            )
            assert answer.status_code == 403, address
    assert _everything(session) == before


@pytest.mark.long
@pytest.mark.parametrize("username", ["supervisor", "admin"])
def test_no_link_changes_anything(
    app: Flask, session: Session, office: Office, username: str
) -> None:
    desk = Desk(app, username)
    before = _everything(session)
    for _rule, address in _addresses(app, "GET"):
        for query in ("?id=1", "?id=2", ""):
            assert desk.get(address + query).status_code < 500, address
    assert _everything(session) == before


TARGETS = ("//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example")


def test_nobody_is_led_away_after_an_act(app: Flask, office: Office) -> None:
    desk = Desk(app, "supervisor")
    for number, (_rule, address) in enumerate(_addresses(app, "GET")):
        target = TARGETS[number % len(TARGETS)]
        answer = desk.get(address, query_string={"url": target, "next": target, "id": "1"})
        assert "evil" not in answer.headers.get("Location", ""), address


@pytest.mark.parametrize("target", TARGETS)
def test_nobody_is_led_away_by_signing_in(app: Flask, cast: Cast, target: str) -> None:
    client = app.test_client()
    token = TOKEN.findall(client.get("/masuk").text)[0]
    facts = {"username": "supervisor", "password": PASSWORD, "csrf_token": token}
    answer = client.post("/masuk", query_string={"next": target}, data=facts)
    assert answer.headers["Location"] == "/admin/"
