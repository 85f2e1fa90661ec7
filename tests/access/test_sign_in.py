"""Passwords: signing in and choosing one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Officer, Role
from portal.access import scope, sessions, sign_in
from portal.access.sign_in import (
    WeakPassword,
    authenticate,
    change_password,
    hash_password,
    hasher,
    set_password,
    sign_out,
    signed_in,
    weaknesses,
)
from portal.protection import audit
from tests.support.cast import CHEAP, PASSWORD, Cast

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SARI = Officer(username="petugas", name="Sari Wulandari", role=Role.petugas)


@pytest.fixture(autouse=True)
def real_work(monkeypatch: pytest.MonkeyPatch, real_hasher: PasswordHasher) -> Iterator[None]:
    """Passwords cost here what they cost in the portal."""
    monkeypatch.setattr(sign_in, "hasher", real_hasher)
    sign_in._dummy.cache_clear()
    yield
    sign_in._dummy.cache_clear()


def _log(session: Session) -> list[tuple[str, int | None, str | None]]:
    session.commit()
    told = select(AuditEntry).where(AuditEntry.event.startswith("sign")).order_by(AuditEntry.id)
    entries = session.scalars(told).all()
    return [(e.event, e.actor_id, audit.details_of(e).get("reason")) for e in entries]


def test_the_right_password_is_known_and_signing_in_is_logged(session: Session, cast: Cast) -> None:
    assert authenticate(session, "petugas", PASSWORD) is cast.sari
    assert cast.sari.last_sign_in_at is None
    signed_in(session, cast.sari, "totp", NOW)
    assert cast.sari.last_sign_in_at == NOW
    assert _log(session) == [("sign_in", cast.sari.id, None)]


def test_the_user_name_may_be_typed_in_capitals_with_blanks(session: Session, cast: Cast) -> None:
    assert authenticate(session, " Petugas ", PASSWORD) is cast.sari


@pytest.mark.parametrize(
    ("username", "password", "reason"),
    [
        ("petugas", "salah", "password"),
        ("petugas", "", "password"),
        ("petugas", PASSWORD + " ", "password"),
        ("tidak-ada", PASSWORD, "unknown"),
        ("", "", "unknown"),
        ("petugas\0", "\0", "password"),
        ("petugas", "\ud800", "password"),
    ],
)
def test_anything_else_is_refused_and_logged_without_a_name(
    session: Session, cast: Cast, username: str, password: str, reason: str
) -> None:
    assert authenticate(session, username, password) is None
    assert _log(session) == [("sign_in_failed", None, reason)]


def test_a_disabled_officer_is_refused(session: Session, cast: Cast) -> None:
    cast.sari.active = False
    assert authenticate(session, "petugas", PASSWORD) is None
    assert _log(session)[0][2] == "disabled"


def test_an_officer_without_a_password_is_refused(session: Session, cast: Cast) -> None:
    cast.sari.password_hash = None
    assert authenticate(session, "petugas", "nobody has this password") is None


def test_signing_in_works_for_a_session_that_sees_nothing_yet(session: Session, cast: Cast) -> None:
    session.commit()
    scope.view_as(session, None)
    assert authenticate(session, "petugas", PASSWORD) is not None


def test_an_old_hash_is_renewed_at_sign_in(session: Session, cast: Cast) -> None:
    cast.sari.password_hash = CHEAP.hash(PASSWORD)
    assert authenticate(session, "petugas", PASSWORD)
    assert "m=19456,t=2,p=1" in cast.sari.password_hash
    assert authenticate(session, "petugas", PASSWORD)


@pytest.mark.parametrize("username", ["petugas", "tidak-ada", "keluar"])
def test_every_name_costs_one_check_of_a_password(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    """Known, unknown or disabled: the same work, so that the time tells nothing."""
    cast.ratna.username, cast.ratna.active = "keluar", False
    cast.sari.password_hash = cast.ratna.password_hash = hash_password(PASSWORD)
    session.commit()
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, stored: str, typed: bytes) -> bool:
        checked.append(stored)
        return verify(self, stored, typed)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    assert authenticate(session, username, "kata sandi yang salah") is None
    assert len(checked) == 1 and "m=19456,t=2,p=1" in checked[0]


def test_signing_out_is_logged(session: Session, cast: Cast) -> None:
    sign_out(session, cast.sari)
    assert _log(session) == [("sign_out", cast.sari.id, None)]


def test_a_new_password_ends_older_sessions(session: Session, cast: Cast) -> None:
    limits = sessions.Limits(timedelta(minutes=15), timedelta(hours=12))
    browser = sessions.Browser("Firefox, Android", "192.0.2.1")
    token, _row = sessions.begin(session, cast.sari, NOW, limits, browser)
    assert sessions.find(session, token, NOW)
    change_password(session, cast.sari, cast.admin, "empat ekor kucing hitam", NOW)
    assert sessions.find(session, token, NOW) is None
    session.commit()
    told = set(session.scalars(select(AuditEntry.event)))
    assert {"session_ended", "password_set"} <= told


# --- choosing one ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "empat ekor kucing hitam",
        "kopi-susu-pagi-hari",
        "Xk3#vQ9!mZ2p",
        "كلمة السر الطويلة",
        "ꦲꦏ꧀ꦱꦫꦗꦮꦏꦸꦤꦲꦏ꧀ꦱꦫ",
    ],
)
def test_a_good_password_is_taken_without_rules_of_composition(password: str) -> None:
    officer = Officer(username="petugas", name="Sari Wulandari", role=Role.petugas)
    set_password(officer, password)
    assert password not in (officer.password_hash or "")
    assert hasher.verify(officer.password_hash or "", password)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("pendek", "12 karakter"),
        ("x" * 201, "200"),
        ("password1234", "umum"),
        ("1q2w3e4r5t6y", "umum"),
        ("Qwerty123456", "umum"),
        ("123456789012", "umum"),
        ("aaaaaaaaaaaa", "umum"),
        ("abcabcabcabcabc", "umum"),
        ("abcdefghijkl", "umum"),
        ("passwordpassword", "umum"),
        ("!!sunshine2026!!", "umum"),
        ("Indonesia2026!", "umum"),
        ("kota-malang-2026", "umum"),
        ("wulandari-1990-x", "nama Anda"),
        ("untuk.PETUGAS.saja", "nama Anda"),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence(password: str, word: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        set_password(SARI, password)
    assert any(word in sentence for sentence in refusal.value.sentences)
    assert SARI.password_hash is None


@given(st.text(max_size=250))
def test_any_text_is_judged_without_a_crash(password: str) -> None:
    assert isinstance(weaknesses(SARI, password), list)
