"""The letter settings in a real browser: what is typed shows beside it, without a reload."""

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.support.browser import DESKTOP, PHONE
from tests.support.cast import PASSWORD, Cast
from tests.support.looks import overflow, violations


def test_the_specimen_follows_what_is_typed(session: Session, cast: Cast, page: Page) -> None:
    page.goto("/masuk")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    page.goto("/admin/setting/surat/?jenis=nota_terminasi")
    shown = page.locator("#pratinjau")
    expect(shown).to_contain_text("Melati Puspa")
    page.evaluate("document.body.dataset.same = 'page'")
    page.get_by_label("Penutup").fill("Penutup ketikan <i>rekaan</i>.")
    expect(shown).to_contain_text("Penutup ketikan <i>rekaan</i>.")
    page.get_by_label("Nama korban").select_option("inisial")
    expect(shown).not_to_contain_text("Melati Puspa")
    page.get_by_label("Pola nomor").fill("{nomor}")
    expect(shown).to_contain_text("perlu diperbaiki")
    assert page.evaluate("document.body.dataset.same") == "page"
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert (violations(page), overflow(page)) == ([], 0), size
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#letter_number_pattern-error")).to_contain_text("harus memuat")
    expect(page.get_by_label("Penutup")).to_have_value("Penutup ketikan <i>rekaan</i>.")
    assert violations(page) == []
