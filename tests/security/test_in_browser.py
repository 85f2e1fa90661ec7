"""Passkeys and the end of a session, in Chromium."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, PartnerInstitution, SecondFactor
from tests.security.front_door import Clock
from tests.support.browser import PHONE
from tests.support.cast import PASSWORD, Cast
from tests.support.looks import overflow, violations

pytestmark = pytest.mark.browser

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
NAME = "Rumah Aman Rekaan"
# The network fails once, and the page shows that it did.
DEAF = """() => {
    const real = window.fetch;
    window.fetch = async () => {
        window.fetch = real;
        document.body.dataset.unheard = "1";
        throw new TypeError("offline");
    };
}"""


@pytest.fixture
def visitor(app: Flask, cast: Cast, page: Page) -> Page:
    """Somebody in front of the sign-in page."""
    page.goto("/masuk")
    return page


@pytest.fixture
def key(page: Page) -> Iterator[tuple[CDPSession, str]]:
    """A security key of software, in the computer of the page."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield devtools, made["authenticatorId"]


def password(page: Page, username: str = "konselor") -> None:
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def add_key(page: Page) -> None:
    """From the account page through the question who one is to a registered passkey."""
    password(page)
    page.goto("/admin/akun/")
    page.get_by_role("link", name="Tambah langkah kedua").click()
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("link", name="Kunci sandi (passkey)").click()
    page.get_by_label("Nama untuk kunci ini").fill("Ponsel kantor")
    page.get_by_role("button", name="Daftarkan kunci sandi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kode pemulihan Anda")


def sign_out(page: Page) -> None:
    page.locator(".officer").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Masuk untuk petugas")


# --- passkeys -------------------------------------------------------------------------------


def test_a_passkey_is_registered_and_signs_in(
    visitor: Page, key: tuple[CDPSession, str], session: Session
) -> None:
    add_key(visitor)
    visitor.get_by_role("link", name="Sudah saya simpan").click()
    expect(visitor.get_by_text("Kunci sandi (passkey): Ponsel kantor").first).to_be_visible()
    sign_out(visitor)
    password(visitor)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Langkah kedua")
    assert violations(visitor) == []
    visitor.get_by_role("button", name="Gunakan kunci sandi").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Beranda")
    session.rollback()
    assert session.scalars(select(SecondFactor.counter).filter_by(kind="passkey")).one() > 1


def test_a_copied_passkey_is_refused(
    visitor: Page, key: tuple[CDPSession, str], session: Session
) -> None:
    add_key(visitor)
    factor = session.scalars(select(SecondFactor).filter_by(kind="passkey")).one()
    factor.counter = 1_000  # the original was used since
    session.commit()
    visitor.goto("/admin/")
    sign_out(visitor)
    password(visitor)
    visitor.get_by_role("button", name="Gunakan kunci sandi").click()
    expect(visitor.get_by_role("alert")).to_contain_text("tidak cocok")
    session.rollback()
    assert "factor_failed" in session.scalars(select(AuditEntry.event)).all()


def test_an_answer_to_a_passkey_question_counts_once(
    visitor: Page, key: tuple[CDPSession, str]
) -> None:
    add_key(visitor)
    visitor.goto("/admin/")
    sign_out(visitor)
    password(visitor)
    sent: list[str] = []
    visitor.on("request", lambda one: sent.append(one.post_data or ""))
    visitor.get_by_role("button", name="Gunakan kunci sandi").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Beranda")
    answer = next(one for one in sent if "credential=" in one)
    visitor.context.clear_cookies()
    visitor.goto("/masuk")
    password(visitor)
    token = visitor.locator("[name=csrf_token]").first.get_attribute("value") or ""
    replayed = "&".join([f"csrf_token={token}", *answer.split("&")[1:]])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    again = visitor.request.post("/masuk/langkah-kedua", data=replayed, headers=headers)
    assert "tidak cocok" in again.text()


def test_a_key_that_is_taken_out_says_so(visitor: Page, key: tuple[CDPSession, str]) -> None:
    add_key(visitor)
    visitor.goto("/admin/")
    sign_out(visitor)
    devtools, number = key
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    password(visitor)
    visitor.get_by_role("button", name="Gunakan kunci sandi").click()
    expect(visitor.get_by_text("Kunci sandi tidak terbaca")).to_be_visible(timeout=70_000)


def test_the_pages_are_accessible_and_fit_a_phone(visitor: Page) -> None:
    visitor.set_viewport_size(PHONE)
    password(visitor)
    for path in ("/admin/akun/", "/masuk/pastikan?next=/masuk/faktor/"):
        visitor.goto(path)
        assert (path, violations(visitor), overflow(visitor) > 0) == (path, [], False)
    visitor.get_by_label("Kata sandi").fill(PASSWORD)
    visitor.get_by_role("button", name="Lanjutkan").click()
    for path in ("/masuk/faktor/", "/masuk/faktor/aplikasi", "/masuk/faktor/kunci"):
        visitor.goto(path)
        assert (path, violations(visitor), overflow(visitor) > 0) == (path, [], False)


# --- the end of a session -------------------------------------------------------------------


class Desk:
    """An officer whose computer's clock is put forward together with the portal's."""

    def __init__(self, page: Page, clock: Clock) -> None:
        self.page, self.clock = page, clock
        page.clock.install()
        page.goto("/masuk")
        password(page, "admin")
        expect(page.get_by_role("heading", level=1)).to_have_text("Beranda")

    def stays(self) -> AbstractContextManager[object]:
        """Until the server has heard that somebody is there: time passes only afterwards."""
        return self.page.expect_response(
            lambda answer: answer.url.endswith("/masuk/sesi") and answer.request.redirected_from
        )

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.clock.forward(**time)
        self.page.clock.fast_forward(int(timedelta(**time).total_seconds() * 1000))


@pytest.fixture
def desk(app: Flask, cast: Cast, page: Page, clock: Clock) -> Desk:
    return Desk(page, clock)


def test_before_the_end_one_is_asked_and_can_stay(desk: Desk) -> None:
    page = desk.page
    page.goto("/admin/partner_institution/new/")
    page.locator("[name=name]").focus()
    desk.wait(minutes=12, seconds=30)
    dialog = page.get_by_role("alertdialog", name="Apakah Anda masih di sini?")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("berakhir dalam 3 menit")
    expect(page.get_by_role("button", name="Tetap masuk")).to_be_focused()
    assert violations(page) == []
    with desk.stays():
        page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("[name=name]")).to_be_focused()
    desk.wait(minutes=11)
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beranda")


def test_whoever_stays_and_is_not_heard_is_asked_again(desk: Desk) -> None:
    page = desk.page
    page.goto("/admin/officer/")
    desk.wait(minutes=12, seconds=30)
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_be_visible()
    page.evaluate(DEAF)
    page.keyboard.press("Enter")
    expect(page.locator("body[data-unheard]")).to_be_visible()
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(11_000)
    expect(dialog).to_be_visible()


def test_what_was_typed_is_kept_even_when_nobody_presses_anything(
    desk: Desk, session: Session
) -> None:
    page = desk.page
    page.goto("/admin/partner_institution/new/")
    page.locator("[name=name]").fill(NAME)
    desk.wait(minutes=12, seconds=30)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    desk.wait(minutes=3)
    expect(page.get_by_role("heading", level=1)).to_have_text("Masuk untuk petugas")
    expect(page.get_by_text("Isian Anda disimpan")).to_be_visible()
    password(page, "admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lanjutkan isian Anda")
    page.get_by_role("button", name="Buka lagi isian ini").click()
    expect(page.get_by_text("Isian Anda sudah dikembalikan")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value(NAME)
    assert session.scalars(select(PartnerInstitution).filter_by(name=NAME)).all() == []
    session.rollback()
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    page.goto("/masuk/lanjutkan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beranda")


def test_an_abandoned_page_leaves_the_screen(desk: Desk) -> None:
    desk.page.goto("/admin/officer/")
    desk.wait(minutes=12, seconds=30)
    expect(desk.page.get_by_role("alertdialog")).to_be_visible()  # the page knows the time by now
    desk.wait(minutes=3)
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Masuk untuk petugas")
    expect(desk.page.get_by_text("Agus Wijaya")).to_be_hidden()


def test_whoever_types_is_not_disturbed(desk: Desk) -> None:
    page = desk.page
    page.goto("/admin/partner_institution/new/")
    for letter in "abcdef":
        desk.wait(minutes=4)
        with desk.stays():
            page.locator("[name=name]").press_sequentially(letter)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.locator("[name=name]")).to_have_value("abcdef")


def test_a_copy_of_the_link_is_in_the_clipboard(desk: Desk, cast: Cast) -> None:
    page = desk.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/admin/officer/tautan/?id={cast.maya.id}")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("button", name="Buat tautan").click()
    page.get_by_role("button", name="Salin").click()
    expect(page.get_by_text("Sudah disalin.")).to_be_visible()
    assert "/masuk/tautan/" in page.evaluate("navigator.clipboard.readText()")
    assert violations(page) == []


def test_whoever_is_asked_can_leave_instead(desk: Desk) -> None:
    desk.page.goto("/admin/officer/")
    desk.wait(minutes=12, seconds=30)
    desk.page.get_by_role("alertdialog").get_by_role("button", name="Keluar").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Masuk untuk petugas")
    desk.page.goto("/admin/")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Masuk untuk petugas")
