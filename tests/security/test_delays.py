"""Guessing gets slower, for every name alike; nobody is locked out."""

import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, SignInDelay
from portal.access import delays
from tests.security.front_door import Clock, Someone
from tests.support.at_once import at_once_each
from tests.support.cast import PASSWORD, Cast
from tests.support.databases import both_engines

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WRONG = "bukan kata sandi ini"
PACES = (delays.ACCOUNT, delays.ADDRESS, delays.DEVICE, delays.SECOND_FACTOR)


def guess(app: Flask, clock: Clock, username: str, times: int, address: str = "192.0.2.1"):
    """Wrong passwords from one address, each as soon as it is allowed; the last answer."""
    attacker = Someone(app, clock)
    attacker.client.environ_base["REMOTE_ADDR"] = address
    for _ in range(times):
        answer = attacker.password(username, WRONG)
        clock.forward(seconds=int(answer.headers.get("Retry-After", 0)))
    return answer


# --- the rule -------------------------------------------------------------------------------


@given(st.sampled_from(PACES), st.integers(0, 10_000))
def test_the_wait_only_grows_and_has_an_end(pace: delays.Pace, failures: int) -> None:
    assert timedelta() <= pace.wait(failures) <= pace.wait(failures + 1) <= pace.longest
    assert (pace.wait(failures) == timedelta()) is (failures <= pace.free)


def test_nobody_can_keep_an_account_waiting_for_long() -> None:
    assert delays.ACCOUNT.longest <= timedelta(seconds=10)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_device_is_known_for_its_officer_alone(name: str, other: str) -> None:
    cookie = delays.remember_device("", name)
    assert delays.known_device(cookie, name)
    assert not delays.known_device(cookie, other) or delays.folded(name) == delays.folded(other)
    assert delays.known_device(other, name) is None


def test_a_shared_device_knows_its_last_officers() -> None:
    cookie = ""
    for number in range(8):
        cookie = delays.remember_device(cookie, f"petugas{number}")
    assert delays.known_device(cookie, "petugas7") and delays.known_device(cookie, "petugas2")
    assert delays.known_device(cookie, "petugas1") is None
    assert len(delays.remember_device(cookie, "petugas7")) == len(cookie)


@both_engines
def test_many_tries_at_once_gain_nothing(session: Session) -> None:
    tries = delays.for_password("konselor", "192.0.2.1", None)
    session.commit()

    def work(one: Session) -> bool:
        try:
            delays.count(one, tries, NOW)
        except delays.TooSoon:
            return False
        return True

    assert at_once_each(session.get_bind(), 10, work).count(True) == delays.ACCOUNT.free + 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "nonsense", True),
    ],
)
def test_an_address_is_a_household(one: str, other: str, same: bool) -> None:
    keys = [{bucket.key for bucket in delays.for_password("x", at, None)} for at in (one, other)]
    assert (keys[0] == keys[1]) is same


# --- at the door ----------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["konselor", "siapa-ini"])
def test_after_some_failures_one_has_to_wait_and_the_password_is_not_even_checked(
    app: Flask, cast: Cast, clock: Clock, session: Session, username: str
) -> None:
    attacker = Someone(app, clock)
    answers = [attacker.password(username, WRONG) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert "Tunggu 1 detik" in answers[-1].text and WRONG not in answers[-1].text
    assert attacker.password(username, PASSWORD).status_code == 429
    failures = session.scalars(select(AuditEntry.event)).all()
    assert failures == ["sign_in_failed"] * 5


def test_the_officer_gets_in_after_a_short_wait(app: Flask, cast: Cast, clock: Clock) -> None:
    guess(app, clock, "konselor", 12)
    officer = Someone(app, clock)
    answer = officer.password()
    clock.forward(seconds=int(answer.headers.get("Retry-After", 0)))
    assert officer.sign_in().is_in()


def test_strangers_elsewhere_keep_nobody_waiting_in_a_browser_that_is_new(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    for number in range(12):
        guess(app, clock, "konselor", 1, f"192.0.2.{number + 20}")
    officer = Someone(app, clock)
    assert officer.password("konselor", WRONG).status_code == 200
    assert officer.sign_in().is_in()


def test_after_a_few_tries_from_one_address_the_wait_of_the_account_counts(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    for number in range(12):
        guess(app, clock, "konselor", 1, f"192.0.2.{number + 20}")
    officer = Someone(app, clock)
    answers = [officer.password("konselor", WRONG).status_code for _ in range(4)]
    assert answers == [200] * delays.FIRST_HERE + [429]


def test_a_known_device_is_not_slowed_down_by_strangers(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    officer = Someone(app, clock).sign_in()
    officer.client.delete_cookie("sesi", domain="localhost")
    attacker = Someone(app, clock)
    for _ in range(7):
        attacker.password("konselor", WRONG)
    assert attacker.password("konselor", WRONG).status_code == 429
    assert officer.sign_in().is_in()


def test_a_known_device_is_slowed_down_by_its_own_failures(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    officer = Someone(app, clock).sign_in()
    officer.client.delete_cookie("sesi", domain="localhost")
    answers = [officer.password("konselor", WRONG).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert officer.password("petugas", PASSWORD).status_code == 302


def test_one_address_that_tries_many_names_waits_longer_and_longer(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    attacker = Someone(app, clock)
    for number in range(delays.ADDRESS.free + 1):
        attacker.password(f"orang{number}", WRONG)
    assert attacker.password("orang-lain", WRONG).status_code == 429


def test_success_clears_the_account_but_not_the_address(
    app: Flask, cast: Cast, clock: Clock, session: Session
) -> None:
    guess(app, clock, "konselor", 3)
    officer = Someone(app, clock)
    officer.client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    officer.sign_in()
    assert sorted(session.scalars(select(SignInDelay.failures))) == [0, 0, 3]


def test_the_present_password_cannot_be_guessed_at_an_unlocked_desk(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    desk = Someone(app, clock).sign_in()
    page, new = "/admin/akun/", "empat ekor kucing hitam"
    answers = [
        desk.post(page, page, present=WRONG, password=new, again=new).status_code for _ in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_unknown_disabled_and_wrong_take_the_same_time(
    app: Flask, cast: Cast, clock: Clock, session: Session
) -> None:
    cast.ratna.active = False
    session.commit()
    visitor = Someone(app, clock)
    took: dict[str, list[float]] = defaultdict(list)
    for _ in range(4):
        for name in ("konselor", "petugas2", "siapa-ini"):
            assert visitor.get("/masuk").text
            begin = time.process_time()  # others may be busy on this machine
            visitor.password(name, WRONG)
            took[name].append(time.process_time() - begin)
    quickest = [min(times) for times in took.values()]
    assert max(quickest) < 2.5 * min(quickest)


def test_the_table_names_neither_people_nor_addresses(
    app: Flask, cast: Cast, clock: Clock, session: Session
) -> None:
    guess(app, clock, "konselor", 1)
    rows = str(session.execute(text("SELECT * FROM sign_in_delay")).all())
    assert "konselor" not in rows and "192.0.2.1" not in rows


def test_what_happened_a_day_ago_counts_no_more(session: Session) -> None:
    tries = delays.for_password("konselor", "192.0.2.1", None)
    for _ in range(5):
        delays.count(session, tries, NOW)
    delays.count(session, tries, NOW + timedelta(hours=25))
    delays.purge(session, NOW + timedelta(hours=26))
    assert [row.failures for row in session.scalars(select(SignInDelay))] == [1, 1, 1]
    delays.purge(session, NOW + timedelta(hours=50))
    assert session.scalars(select(SignInDelay)).all() == []
