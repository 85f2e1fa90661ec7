"""The second step: compulsory in production, every code once, nothing open before it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Officer, OfficerSession, Role, SecondFactor
from portal.access import factors
from portal.config import Settings
from portal.protection import audit
from portal.screens.second_step import _may_follow
from tests.security.front_door import Clock, Someone
from tests.support import small_app
from tests.support.at_once import at_once_each
from tests.support.cast import PASSWORD, Cast
from tests.support.databases import both_engines

SECOND = "/masuk/langkah-kedua"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def officer(app: Flask, cast: Cast, clock: Clock) -> Someone:
    """Maya, with a code app since a minute ago, signed in."""
    someone = Someone(app, clock).sign_in()
    someone.make_sure()
    assert "Kode pemulihan Anda" in someone.enrol_app().text
    clock.forward(minutes=1)
    return someone


@pytest.fixture
def elsewhere(app: Flask, officer: Someone, clock: Clock) -> Someone:
    """Another browser, in which Maya's password was given."""
    other = Someone(app, clock)
    other.secret, other.codes = officer.secret, officer.codes
    assert other.password().location == SECOND
    return other


def step(someone: Someone, code: str):
    return someone.post(SECOND, SECOND, code=code)


def kinds(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


# --- codes of an app ------------------------------------------------------------------------


def test_password_and_code_let_in(elsewhere: Someone, session: Session) -> None:
    before = elsewhere.cookie()
    assert step(elsewhere, elsewhere.code()).location == "/admin/"
    assert elsewhere.is_in() and elsewhere.cookie() != before
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry and entry.event == "sign_in"
    assert audit.details_of(entry) == {"factor": "totp", "place": "127.0.0.1"}


def test_the_password_alone_opens_nothing(elsewhere: Someone) -> None:
    for path in ("/admin/", "/admin/case/", "/admin/akun/", "/masuk/sesi", "/masuk/pastikan"):
        assert elsewhere.get(path).status_code in (302, 401)
        assert elsewhere.get(path, headers={"Sec-Fetch-Dest": "empty"}).status_code in (302, 401)


def test_the_password_alone_adds_no_factor_of_its_own(elsewhere: Someone) -> None:
    for path in ("/masuk/faktor/", "/masuk/faktor/aplikasi", "/masuk/faktor/kunci"):
        assert elsewhere.get(path).location == SECOND
    answer = elsewhere.post("/masuk/faktor/kode", SECOND)
    assert answer.location == SECOND


def test_the_second_step_is_not_open_without_the_password(app: Flask, cast: Cast) -> None:
    assert Someone(app).get(SECOND).location == "/masuk"
    assert Someone(app).get("/masuk/faktor/").location == "/masuk"


def test_a_code_counts_once(app: Flask, elsewhere: Someone, clock: Clock) -> None:
    code = elsewhere.code()
    step(elsewhere, code)
    replay = Someone(app, clock)
    replay.password()
    assert "sudah dipakai" in step(replay, code).text
    assert not replay.is_in()


def test_an_older_code_does_not_count_after_a_newer_one(
    app: Flask, elsewhere: Someone, clock: Clock
) -> None:
    newer, older = elsewhere.code(1), elsewhere.code()
    assert step(elsewhere, newer).status_code == 302
    other = Someone(app, clock)
    other.password()
    assert step(other, older).status_code == 200


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(steps: int, good: bool) -> None:
    secret = factors.new_secret()
    code = factors.pyotp.TOTP(secret).at(NOW + timedelta(seconds=30 * steps))
    assert (factors._step_of(secret, code, NOW, last=0) is not None) is good


def test_what_is_no_code_is_refused_and_logged(elsewhere: Someone, session: Session) -> None:
    for code in ("", "000", "abcdef", "١٢٣٤٥٦", "0-AAAA-AAAA-AAAA"):
        assert "tidak cocok" in step(elsewhere, code).text
    assert kinds(session)[-5:] == ["factor_failed"] * 5 and not elsewhere.is_in()


def test_guessing_codes_is_slowed_down_and_counts_across_sessions(
    app: Flask, elsewhere: Someone, clock: Clock
) -> None:
    for _ in range(5):
        step(elsewhere, "000000")
    again = Someone(app, clock)
    again.password()
    again.secret = elsewhere.secret
    answer = step(again, again.code())
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    clock.forward(seconds=2)
    assert step(again, again.code()).status_code == 302


def test_the_step_waits_ten_minutes_and_no_longer(elsewhere: Someone, clock: Clock) -> None:
    clock.forward(minutes=11)
    assert elsewhere.get(SECOND).location == "/masuk"


@both_engines
def test_of_two_at_the_same_moment_a_code_counts_for_one(session: Session, cast: Cast) -> None:
    secret = factors.new_secret()
    factors.enrol_totp(session, cast.maya, secret, factors.pyotp.TOTP(secret).at(NOW), NOW)
    later, maya = NOW + timedelta(seconds=60), cast.maya.id
    code = factors.pyotp.TOTP(secret).at(later)
    session.commit()

    def work(one: Session) -> bool:
        try:
            return bool(factors.check(one, one.get_one(Officer, maya), code, later))
        except factors.WrongCode:
            return False

    assert sorted(at_once_each(session.get_bind(), 4, work)) == [False, False, False, True]


@given(st.text(max_size=40))
def test_any_text_is_judged_without_a_crash(code: str) -> None:
    step = factors._step_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, NOW, last=0)
    assert step is None or len(code.split()) > 0


# --- recovery codes -------------------------------------------------------------------------


def test_recovery_codes_are_shown_once_and_work_once(
    app: Flask, officer: Someone, elsewhere: Someone, session: Session, clock: Clock
) -> None:
    assert len(set(officer.codes)) == 10
    code = officer.codes[3].lower().replace("-", " ")
    assert step(elsewhere, code).status_code == 302
    assert "Sisa 9 kode." in elsewhere.get("/admin/").text
    assert "Kode pemulihan yang masih berlaku: 9." in elsewhere.get("/admin/akun/").text
    other = Someone(app, clock)
    other.password()
    assert step(other, code).status_code == 200
    assert "recovery_code_used" in kinds(session)
    assert officer.codes[0] not in officer.get("/admin/akun/").text


def test_new_recovery_codes_void_the_old_ones(officer: Someone, elsewhere: Someone) -> None:
    officer.make_sure()
    assert "Kode pemulihan Anda" in officer.post("/masuk/faktor/kode", "/admin/akun/").text
    assert step(elsewhere, officer.codes[0]).status_code == 200


def test_neither_secret_nor_codes_stand_in_the_database(officer: Someone, session: Session) -> None:
    rows = str(session.execute(text("SELECT * FROM second_factor")).all())
    assert officer.secret not in rows
    assert not any(code in rows or code.replace("-", "") in rows for code in officer.codes)
    stored = session.scalars(select(SecondFactor).where(SecondFactor.kind == "recovery"))
    assert all(row.secret.startswith("$argon2id$") for row in stored)


# --- getting and giving up ------------------------------------------------------------------


def test_the_qr_code_is_a_picture_for_this_session_alone(
    app: Flask, cast: Cast, clock: Clock
) -> None:
    officer = Someone(app, clock).sign_in()
    officer.make_sure()
    officer.get("/masuk/faktor/aplikasi")
    answer = officer.get("/masuk/faktor/aplikasi/qr.svg")
    assert answer.mimetype == "image/svg+xml" and answer.headers["Cache-Control"] == "no-store"
    assert "style=" not in answer.text and "<script" not in answer.text
    assert Someone(app, clock).get("/masuk/faktor/aplikasi/qr.svg").status_code == 302


def test_factors_are_changed_only_by_who_proved_again_who_they_are(
    officer: Someone, session: Session, clock: Clock
) -> None:
    clock.forward(minutes=6)
    number = session.scalars(select(SecondFactor.id).where(SecondFactor.kind == "totp")).one()
    session.rollback()
    sure = "/masuk/pastikan?next=/masuk/faktor/aplikasi"
    assert officer.get("/masuk/faktor/aplikasi").location == sure
    for path in ("/masuk/faktor/kode", f"/masuk/faktor/{number}/hapus"):
        answer = officer.post(path, "/admin/akun/")
        assert answer.location.startswith("/masuk/pastikan")
    wrong = officer.post("/masuk/pastikan", "/masuk/pastikan", password=PASSWORD, code="000000")
    assert "tidak cocok" in wrong.text
    no_code = officer.post("/masuk/pastikan", "/masuk/pastikan", password=PASSWORD)
    assert "tidak cocok" in no_code.text
    officer.make_sure()
    officer.post(f"/masuk/faktor/{number}/hapus", "/admin/akun/")
    assert session.scalars(select(SecondFactor)).all() == []
    assert "factor_removed" in kinds(session)


def test_nobody_removes_somebody_elses_factor(
    app: Flask, officer: Someone, session: Session, clock: Clock
) -> None:
    number = session.scalars(select(SecondFactor.id).where(SecondFactor.kind == "totp")).one()
    session.rollback()
    other = Someone(app, clock).sign_in("admin")
    other.make_sure()
    assert other.post(f"/masuk/faktor/{number}/hapus", "/admin/akun/").status_code == 404


@pytest.mark.parametrize(
    ("target", "followed"),
    [
        ("/admin/akun/", True),
        ("/masuk/faktor/kunci", True),
        ("https://evil.example/", False),
        ("//evil.example", False),
        ("/masuk/faktor/\\evil", False),
        ("/masuk/pastikan", False),
        ("", False),
    ],
)
def test_proving_it_again_leads_nowhere_else(target: str, followed: bool) -> None:
    assert _may_follow(target) is followed


# --- compulsory -----------------------------------------------------------------------------


@pytest.fixture
def production(settings: Settings, cast: Cast, session: Session) -> Flask:
    session.commit()
    return small_app.make(replace(settings, env="production", public_url="https://localhost"))


def test_in_production_nobody_gets_past_without_a_second_factor(
    production: Flask, session: Session
) -> None:
    officer = Someone(production, https=True)
    assert officer.password("petugas", next="/admin/case/").location == "/masuk/faktor/"
    assert officer.get("/admin/").location.startswith("/masuk")
    assert "Tambahkan langkah kedua" in officer.get("/masuk/faktor/").text
    assert session.scalars(select(OfficerSession.complete)).all() == [False]
    session.rollback()
    answer = officer.enrol_app()
    assert len(officer.codes) == 10 and 'href="/admin/case/"' in answer.text
    assert officer.is_in()


def test_a_wrong_code_enrols_nothing(production: Flask, session: Session) -> None:
    officer = Someone(production, https=True)
    officer.password("petugas")
    page = officer.get("/masuk/faktor/aplikasi").text
    answer = officer.post("/masuk/faktor/aplikasi", "/masuk/faktor/aplikasi", code="000000")
    assert "tidak cocok" in answer.text
    secret = re.compile(r"<code>([A-Z2-7 ]{39})</code>")
    assert secret.findall(answer.text) == secret.findall(page)  # scanned once is enough
    assert session.scalars(select(SecondFactor)).all() == []


@pytest.mark.parametrize(
    ("env", "demo", "demanded"),
    [
        ("production", False, True),
        ("production", True, True),
        ("demo", False, True),
        ("demo", True, False),
        ("testing", False, False),
    ],
)
def test_only_the_sign_ins_of_the_demo_may_be_without(env: str, demo: bool, demanded: bool) -> None:
    officer = Officer(username="x", name="x", role=Role.petugas, demo=demo)
    assert factors.demanded(officer, env) is demanded


def test_where_it_is_compulsory_the_last_factor_stays(session: Session, cast: Cast) -> None:
    secret = factors.new_secret()
    factors.enrol_totp(session, cast.maya, secret, factors.pyotp.TOTP(secret).at(NOW), NOW)
    (only,) = factors.of(session, cast.maya)
    with pytest.raises(factors.LastFactor):
        factors.remove(session, cast.maya, only.id, "production")
    factors.remove(session, cast.maya, only.id, "testing")
    assert factors.of(session, cast.maya) == []


# --- a lost telephone -----------------------------------------------------------------------


def test_the_operator_takes_the_factors_of_a_lost_telephone_away(
    app: Flask, officer: Someone, session: Session, clock: Clock
) -> None:
    result = app.test_cli_runner().invoke(args=["officer", "reset-mfa", "konselor"])
    assert (result.exit_code, "1 second factors of konselor removed" in result.output) == (0, True)
    assert not officer.is_in()
    assert session.scalars(select(SecondFactor)).all() == []
    assert Someone(app, clock).sign_in().is_in()
    assert "factor_removed" in kinds(session)
    unknown = app.test_cli_runner().invoke(args=["officer", "reset-mfa", "siapa"])
    assert (unknown.exit_code, "There is no siapa" in unknown.output) == (1, True)
