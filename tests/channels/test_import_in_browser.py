"""A chat import, in a real browser: two pages, no complaint, on a telephone too."""

from pathlib import Path

from playwright.sync_api import Page, expect

from portal import jobs
from tests.screens.generated.conftest import House, house
from tests.support.browser import DESKTOP, PHONE
from tests.support.cast import PASSWORD
from tests.support.looks import violations

__all__ = ["house"]  # the fixture

CHAT = [
    "05/10/26 14.05 - Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info.",
    "05/10/26 14.05 - +62 812-3456-7890: Tolong saya",
    "06/10/26 14.07 - Kantor Pengaduan: Apakah aman untuk menjawab?",
    "06/10/26 14.09 - +62 812-3456-7890: ya",
    "99/99/26 14.09 - Kantor: baris aneh",
]


def test_an_officer_imports_a_chat(house: House, page: Page, tmp_path: Path) -> None:
    chat = tmp_path / "Chat WhatsApp dengan Wati.txt"
    chat.write_text("\n".join(CHAT))
    page.goto("/masuk")
    page.fill("[name=username]", "petugas")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/**")
    page.get_by_role("link", name="Impor percakapan").click()
    page.set_input_files("[name=file]", chat)
    page.get_by_role("button", name="Unggah").click()
    page.wait_for_url("**/periksa/")
    assert page.input_value("[name=phone]") == "0812-3456-7890"
    expect(page.get_by_text("baris aneh")).to_have_count(1)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert violations(page) == []
    page.get_by_role("button", name="Impor", exact=True).click()
    page.wait_for_url("**/conversation/**")
    jobs.work_off(house.app)
    page.reload()
    expect(page.get_by_text("Tolong saya").first).to_be_visible()
