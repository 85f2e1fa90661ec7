"""Sessions: kept on the server, ended by time and by will, and of no use to a thief."""

import re
import time
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Officer, OfficerSession
from portal.access import scope, sessions
from portal.config import Settings
from portal.db import WAIT_SECONDS, db
from portal.protection import audit
from portal.screens import browser_session
from tests.security.front_door import Clock, Someone
from tests.support import small_app
from tests.support.cast import Cast
from tests.support.databases import both_engines
from tests.support.visitors import csrf_token

AGENT = {"User-Agent": "Mozilla/5.0 (Android 15; Mobile) Gecko/140.0 Firefox/140.0"}


@pytest.fixture
def officer(app: Flask, cast: Cast, clock: Clock) -> Someone:
    return Someone(app, clock).sign_in()


def events(session: Session) -> list[tuple[str, object]]:
    session.rollback()
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.event, audit.details_of(row).get("reason")) for row in rows]


def again(app: Flask, cookie: str, clock: Clock) -> Someone:
    """Another browser with a cookie that was taken."""
    thief = Someone(app, clock)
    thief.client.set_cookie("sesi", cookie)
    return thief


# --- what a browser and the database hold ---------------------------------------------------


def test_the_cookie_is_a_random_token_and_says_nothing(officer: Someone, cast: Cast) -> None:
    cookie = officer.cookie()
    assert re.fullmatch(r"[\w-]{43}", cookie)
    assert len(urlsafe_b64decode(cookie + "=")) == 32
    assert officer.cookie() == cookie and officer.is_in()


def test_the_database_holds_neither_token_nor_device_nor_address(
    officer: Someone, session: Session
) -> None:
    officer.post("/admin/akun/", "/admin/akun/", present="salah", password="x", again="x")
    rows = str(session.execute(text("SELECT * FROM officer_session")).all())
    assert officer.cookie() not in rows and "127.0.0.1" not in rows and "csrf" not in rows
    row = session.scalars(select(OfficerSession)).one()
    assert (row.place, "csrf_token" in (row.content or "")) == ("127.0.0.1", True)


def test_on_https_the_cookie_belongs_to_this_host_alone(
    settings: Settings, cast: Cast, session: Session
) -> None:
    app = small_app.make(replace(settings, public_url="https://localhost"))
    visitor = Someone(app, https=True)
    answer = visitor.password("petugas")
    found = [one for one in answer.headers.getlist("Set-Cookie") if "sesi=" in one]
    assert len(found) == 1 and found[0].startswith("__Host-sesi=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in found[0]
    assert "Domain" not in found[0]


@pytest.mark.parametrize("cookie", ["x" * 43, "A" * 42, "e30.x.y", "'; --", "%00" * 20])
def test_a_made_up_cookie_opens_nothing(app: Flask, cast: Cast, clock: Clock, cookie: str) -> None:
    assert again(app, cookie, clock).get("/admin/").status_code == 302


# --- fixation and theft ---------------------------------------------------------------------


def test_a_session_given_before_signing_in_is_worth_nothing_after(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    victim, thief = Someone(app, clock), Someone(app, clock)
    thief.get("/masuk")
    victim.client.set_cookie("sesi", thief.cookie())
    victim.sign_in()
    assert victim.cookie() != thief.cookie() and victim.is_in()
    assert not thief.is_in()


def test_signing_in_once_more_makes_another_token(app: Flask, cast: Cast, clock: Clock) -> None:
    officer = Someone(app, clock).sign_in()
    first = officer.cookie()
    officer.make_sure()
    assert officer.cookie() != first
    assert not again(app, first, clock).is_in() and officer.is_in()


def test_a_stolen_cookie_is_dead_after_signing_out(
    app: Flask, officer: Someone, session: Session, clock: Clock
) -> None:
    stolen = officer.cookie()
    answer = officer.post("/keluar", "/admin/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not again(app, stolen, clock).is_in()
    assert events(session)[-1] == ("sign_out", None)


def test_a_browser_stays_known_after_signing_out(officer: Someone) -> None:
    def known() -> str | None:
        found = officer.client.get_cookie("perangkat", domain="localhost")
        return found.value if found else None

    before = known()
    officer.post("/keluar", "/admin/")
    assert before and known() == before


def test_signing_out_after_the_end_is_no_error(officer: Someone, clock: Clock) -> None:
    clock.forward(minutes=16)
    assert officer.post("/keluar", "/masuk").status_code == 303


def test_a_page_that_stands_open_still_works_after_proving_it_again(officer: Someone) -> None:
    token = csrf_token(officer.get("/admin/akun/").text)
    officer.make_sure()
    answer = officer.client.post("/admin/akun/sesi/lain", data={"csrf_token": token})
    assert answer.location == "/admin/akun/"


# --- time -----------------------------------------------------------------------------------


def test_a_session_ends_at_its_absolute_end_however_busy(
    officer: Someone, settings: Settings, clock: Clock
) -> None:
    for _ in range(settings.session_hours * 5 - 1):
        clock.forward(minutes=12)
        assert officer.get("/admin/akun/").status_code == 200
    clock.forward(minutes=12)
    assert not officer.is_in()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Dest": "empty"}, {}])  # an old browser: none
def test_asking_how_long_is_left_is_no_activity(
    officer: Someone, clock: Clock, headers: dict[str, str]
) -> None:
    clock.forward(minutes=10)
    assert 290 < officer.get("/masuk/sesi", headers=headers).json["left"] <= 300
    clock.forward(minutes=6)
    assert officer.get("/masuk/sesi", headers=headers).status_code == 401


def test_whoever_stays_begins_the_idle_time_anew(officer: Someone, clock: Clock) -> None:
    clock.forward(minutes=14)
    assert officer.post("/masuk/sesi", "/admin/akun/").status_code == 303
    clock.forward(minutes=14)
    assert officer.is_in()


def test_reading_does_not_write_the_session_each_time(officer: Someone, session: Session) -> None:
    def seen() -> datetime:
        session.rollback()
        return session.scalars(select(OfficerSession.seen_at)).one()

    before = seen()
    assert officer.is_in() and officer.is_in()
    assert seen() == before
    officer.clock.forward(seconds=31)
    assert officer.is_in() and seen() > before


def test_no_page_waits_for_who_writes(officer: Someone, session: Session) -> None:
    """On SQLite, where there is one writer: the idle time is begun anew by a later page."""
    assert officer.is_in()  # what the sign-in left in the session is stored by now
    began = session.scalars(select(OfficerSession.seen_at)).one()
    session.rollback()
    writer = session.get_bind().engine.raw_connection()
    writer.execute("BEGIN IMMEDIATE")
    officer.clock.forward(seconds=31)
    before = time.monotonic()
    assert officer.is_in()
    assert time.monotonic() - before < WAIT_SECONDS / 2
    assert session.scalars(select(OfficerSession.seen_at)).one() == began
    session.rollback()
    writer.execute("ROLLBACK")
    writer.close()
    assert officer.is_in()
    assert session.scalars(select(OfficerSession.seen_at)).one() > began


@both_engines
def test_the_clock_writes_down_what_ended_by_itself(session: Session, cast: Cast) -> None:
    at, limits = datetime(2026, 3, 2, 2, tzinfo=UTC), sessions.Limits(MINUTES, 4 * MINUTES)
    browser = sessions.Browser("Firefox", "192.0.2.7")
    for one in (cast.sari, cast.maya, cast.budi):
        sessions.begin(session, one, at, limits, browser)
    cast.budi.active = False
    sessions.sweep(session, at + timedelta(minutes=1))
    assert events_of(session) == ["disabled"]
    sessions.sweep(session, at + MINUTES)
    assert events_of(session) == ["disabled", "idle", "idle"]
    sessions.sweep(session, at + timedelta(hours=11))
    assert session.scalars(select(OfficerSession)).all() == []


MINUTES = timedelta(minutes=15)


def events_of(session: Session) -> list[object]:
    session.commit()
    ended = select(AuditEntry).where(AuditEntry.event == "session_ended")
    rows = session.scalars(ended.order_by(AuditEntry.id))
    return [audit.details_of(row)["reason"] for row in rows]


# --- by will --------------------------------------------------------------------------------


def test_an_officer_sees_and_ends_where_they_are_signed_in(
    app: Flask, officer: Someone, cast: Cast, session: Session, clock: Clock
) -> None:
    phone = Someone(app, clock)
    phone.client.environ_base["HTTP_USER_AGENT"] = AGENT["User-Agent"]
    phone.sign_in()
    page = officer.get("/admin/akun/").text
    assert "Firefox, Android" in page and page.count("Alamat jaringan 127.0.0.1") == 2
    found = re.search(r"/admin/akun/sesi/\d+/akhiri", page)
    assert found
    assert officer.post(found[0], "/admin/akun/").status_code == 303
    assert officer.is_in() and not phone.is_in()
    assert events(session)[-1] == ("session_ended", "revoked")
    assert "Sesi Anda diakhiri" in phone.get("/masuk").text


def test_all_other_sessions_end_at_once(app: Flask, officer: Someone, clock: Clock) -> None:
    others = [Someone(app, clock).sign_in() for _ in range(3)]
    officer.post("/admin/akun/sesi/lain", "/admin/akun/")
    assert officer.is_in() and not any(one.is_in() for one in others)


def test_nobody_ends_somebody_elses_session(
    app: Flask, officer: Someone, session: Session, clock: Clock
) -> None:
    number = session.scalars(select(OfficerSession.id)).one()
    session.rollback()
    other = Someone(app, clock).sign_in("petugas")
    assert other.post(f"/admin/akun/sesi/{number}/akhiri", "/admin/akun/").status_code == 404
    assert officer.is_in()


def test_an_admin_ends_an_officers_sessions_and_nobody_else_does(
    app: Flask, officer: Someone, cast: Cast, clock: Clock
) -> None:
    address = f"/admin/officer/sesi/?id={cast.maya.id}"
    for name in ("supervisor", "auditor", "pimpinan"):
        assert Someone(app, clock).sign_in(name).post(address, "/admin/akun/").status_code == 403
    assert officer.is_in()
    admin = Someone(app, clock).sign_in("admin")
    assert admin.get(address).status_code == 405
    assert admin.post(address, "/admin/akun/").status_code == 303
    assert not officer.is_in()


def test_a_disabled_officer_who_is_enabled_again_signs_in_anew(
    officer: Someone, cast: Cast, session: Session, clock: Clock
) -> None:
    cast.maya.active = False
    session.commit()
    sessions.sweep(session, clock())
    cast.maya.active = True
    session.commit()
    assert not officer.is_in()


def test_what_a_view_left_unsaved_is_not_saved_with_the_session(
    app: Flask, cast: Cast, session: Session
) -> None:
    with app.test_request_context("/", method="POST"), scope.system(db.session()):
        officer, limits = db.session.get_one(Officer, cast.maya.id), browser_session.policy().limits
        browser = sessions.Browser("x", "y")
        token, row = sessions.begin(db.session(), officer, datetime.now(UTC), limits, browser)
        db.session.commit()
        here = browser_session.here()
        here.adopt(row, token)
        officer.name = "Nama yang belum disimpan"
        here["_flashes"] = [("message", "halo")]
        app.session_interface.save_session(app, here, app.response_class())
    session.rollback()
    assert cast.maya.name == "Maya Kusuma"
    assert "halo" in str(session.scalars(select(OfficerSession)).one().content)
