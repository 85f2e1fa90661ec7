"""One walk through the inbox in a real browser: by keyboard, live, accessible, and on a phone."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.casework import talk_reading
from tests.inbox.conftest import Write
from tests.support.browser import PHONE
from tests.support.cast import PASSWORD, Cast
from tests.support.looks import overflow, violations

ASK = "document.dispatchEvent(new Event('visibilitychange'))"  # what it does every ten seconds


def sign_in(page: Page, username: str = "petugas") -> None:
    page.goto("/masuk")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def test_an_officer_works_through_the_inbox(
    session: Session, write: Write, cast: Cast, page: Page
) -> None:
    now = datetime.now(UTC)
    talk = write("Saya takut pulang.", "Apakah aman di sini?", at=now - timedelta(minutes=40))
    write("Bagaimana cara melapor?", number="+628123450002", name="Rina Rekaan", at=now)
    sign_in(page)
    page.goto("/admin/conversation/")
    assert violations(page) == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("kembali ke daftar")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ambil", exact=True).click()
    expect(page.locator("#talk-state")).to_contain_text("Sari Wulandari")
    expect(page).to_have_title(f"{talk.number} – Ruang Aman")
    assert violations(page) == []
    page.keyboard.press("r")
    page.keyboard.type("Halo, kami membaca ini.")
    write("Cepat, dia pulang")
    talk_reading.sit(session, talk, cast.budi, 0, datetime.now(UTC))
    talk_reading.is_writing(session, talk, cast.budi, datetime.now(UTC))
    session.commit()
    page.evaluate(ASK)
    expect(page.locator("#thread")).to_contain_text("Cepat, dia pulang")
    expect(page.locator("#talk-present")).to_contain_text("Budi Santoso sedang menulis")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Ada pesan baru sejak halaman ini dibuka").first).to_be_visible()
    expect(page.locator("textarea").first).to_have_value("Halo, kami membaca ini.")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.locator("#thread")).to_contain_text("Menunggu dikirim")
    page.set_viewport_size(PHONE)
    assert (violations(page), overflow(page)) == ([], 0)
    page.goto("/admin/conversation/?tampilan=saya")
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("link", name="Wati Rekaan").click()
    page.get_by_role("link", name="Tulis", exact=True).click()
    expect(page.get_by_label("Jawaban", exact=True)).to_be_in_viewport()
