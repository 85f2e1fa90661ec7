"""A file held against its letter in a browser: it never leaves the device."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models import LetterForm, SignedBy
from tests.letters import story
from tests.public.test_verification import PDF, add_file, issue, page_of, sign
from tests.support.browser import DESKTOP, PHONE
from tests.support.looks import overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("public_browser")]
SIGNED = b"%PDF-1.7 bertanda tangan"


@pytest.fixture
def shown(page: Page, session, cast) -> Iterator[Page]:
    """The page of a letter that is signed electronically."""
    letter = issue(session, story.make_case(session, cast), cast)
    add_file(session, letter, SIGNED, LetterForm.bertanda_tangan)
    sign(session, letter, SignedBy.elektronik, "CN=Budi Santosa Rekaan, O=Pemerintah Kota Malang")
    page.goto(page_of(letter))
    yield page


def choose(page: Page, data: bytes) -> str:
    page.get_by_label("Berkas PDF yang Anda terima").set_input_files(
        {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": data}
    )
    place = page.locator("[data-compared]")
    expect(place).to_be_visible()
    return place.inner_text()


def test_a_file_is_compared_without_being_sent(shown: Page) -> None:
    sent: list[str] = []
    shown.on("request", lambda request: sent.append(request.url))
    assert "Berkas tidak dikirim" in shown.locator("main").inner_text()
    assert choose(shown, SIGNED).startswith("Asli")
    expect(shown.locator(".notice--good[data-compared]")).to_be_visible()
    choose(shown, PDF)
    expect(shown.locator("[data-compared]")).to_contain_text("sebelum ditandatangani")
    choose(shown, PDF + b"\n")
    expect(shown.locator("[data-compared]")).to_contain_text("bukan berkas surat ini")
    assert sent == []


def test_a_file_may_be_dropped(shown: Page) -> None:
    text = SIGNED.decode()
    shown.evaluate(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "surat.pdf", {type: "application/pdf"}));
            const told = {dataTransfer: data, bubbles: true, cancelable: true};
            document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", told));
        }""",
        text,
    )
    expect(shown.locator("[data-compared]")).to_contain_text("Asli")


def test_the_page_of_a_letter_is_accessible_and_fits(shown: Page) -> None:
    choose(shown, SIGNED)
    for size in (DESKTOP, PHONE):
        shown.set_viewport_size(size)
        assert (violations(shown), overflow(shown)) == ([], 0)
