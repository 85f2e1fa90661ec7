"""One walk through the inbox in a real browser: by keyboard, on a phone, live, and accessible."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.inbox.conftest import Write
from tests.support.browser import PHONE
from tests.support.cast import PASSWORD, Cast
from tests.support.looks import violations


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
    first = write("Saya takut pulang.", "Apakah aman di sini?", at=now - timedelta(minutes=40))
    first.urgent = True
    session.commit()
    write("Bagaimana cara melapor?", number="+628123450002", name="Rina Rekaan", at=now)
    sign_in(page)
    page.goto("/admin/conversation/")
    expect(page).to_have_title("Kotak masuk – Ruang Aman")
    assert violations(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wati Rekaan")).to_be_visible()
    page.get_by_role("button", name="Ambil", exact=True).click()
    expect(page.locator("#talk-state")).to_contain_text("Sari Wulandari")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert violations(page) == []
    page.goto("/admin/conversation/")
