"""The public site in a real browser: with JavaScript and without, on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Draft, Report
from tests.public.visitor import NARRATIVE
from tests.support.browser import DESKTOP, PHONE, visit
from tests.support.cast import Cast
from tests.support.looks import overflow, violations
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("public_browser")]

NEUTRAL = "https://www.bmkg.go.id/**"
PATHS = ("/", "/lapor", "/lapor/kontak", "/lapor/keamanan", "/lapor/pelapor", "/lapor/korban")
PATHS += ("/lapor/kejadian", "/lapor/waktu-tempat", "/lapor/terlapor", "/lapor/harapan")
PATHS += ("/lapor/berkas", "/lapor/selesai", "/lacak", "/pengaduan-layanan")
PATHS += ("/pengaduan-layanan/status", "/standar-pelayanan", "/tidak-ada")
PATHS += ("/verifikasi",)


@pytest.fixture
def plain(browser: Browser, address: str, cast: Cast) -> Iterator[Page]:
    """A telephone that runs no JavaScript."""
    with visit(browser, address, viewport=PHONE, java_script_enabled=False) as page:
        yield page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def receipt(page: Page) -> tuple[str, str]:
    """Number and code, as soon as the receipt shows both."""
    values = page.locator(".receipt__value")
    expect(values).to_have_count(2)
    number, code = values.all_inner_texts()
    return number, code


def weather(route: Route) -> None:
    route.fulfill(body="<h1>Cuaca</h1>", content_type="text/html")


def told(page: Page) -> None:
    """The shortest way through the form to the page of the answers."""
    page.goto("/lapor")
    page.get_by_role("link", name="Mulai").click()
    for _step in ("kontak", "keamanan", "pelapor", "korban"):
        press(page, "Lanjut")
    page.get_by_label("Apa yang terjadi?").fill(NARRATIVE)
    for _step in ("kejadian", "waktu-tempat", "terlapor", "harapan"):
        press(page, "Lanjut")
    page.get_by_label("Menyusul", exact=True).check()
    page.get_by_label("Bila menyusul, mengapa?").fill("ada di rumah")
    press(page, "Lanjut")
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa jawaban Anda")


def sent(page: Page) -> tuple[str, str]:
    """A report sent; number and code."""
    told(page)
    press(page, "Kirim laporan")
    return receipt(page)


# --- the whole way ------------------------------------------------------------------------


def test_a_report_is_sent_and_tracked_without_javascript(plain: Page) -> None:
    number, code = sent(plain)
    plain.goto("/lacak")
    plain.get_by_label("Nomor").fill(number)
    plain.get_by_label("Kode rahasia").fill(code.lower())
    press(plain, "Buka")
    expect(plain.get_by_role("heading", level=1)).to_have_text(number)
    plain.get_by_label("Pesan Anda").fill("Kapan saya dihubungi?")
    press(plain, "Kirim pesan")
    expect(plain.locator(".talk")).to_contain_text("Kapan saya dihubungi?")
    assert code not in plain.url


def test_a_double_click_shows_one_receipt(page: Page, cast: Cast, session: Session) -> None:
    told(page)
    page.get_by_role("button", name="Kirim laporan").dblclick()
    expect(page.locator(".receipt__code")).to_be_visible()
    code = page.locator(".receipt__code").inner_text()
    page.reload()
    assert page.locator(".receipt__code").inner_text() == code
    expect(page.get_by_role("button", name="Cetak tanda terima")).to_be_visible()
    session.rollback()
    assert len(session.scalars(select(Report)).all()) == 1


def drafted(session: Session, text: str) -> bool:
    """Whether the draft holds `text`: a page that is left tells the server in its own time."""
    session.rollback()
    return any(text in (one.content or "") for one in session.scalars(select(Draft)))


def test_the_browsers_back_button_finds_what_was_typed(
    page: Page, cast: Cast, session: Session
) -> None:
    page.goto("/lapor/kejadian")
    page.get_by_label("Apa yang terjadi?").fill(NARRATIVE)
    press(page, "Lanjut")
    page.get_by_label("Nama tempat atau alamatnya").fill("Pasar rekaan")
    page.go_back()
    expect(page.get_by_label("Apa yang terjadi?")).to_have_value(NARRATIVE)
    until(lambda: drafted(session, "Pasar rekaan"))
    page.go_forward()
    expect(page.get_by_label("Nama tempat atau alamatnya")).to_have_value("Pasar rekaan")


def test_an_error_takes_the_reader_to_its_field(page: Page, cast: Cast) -> None:
    page.goto("/lapor/kontak")
    page.get_by_label("Telepon", exact=True).check()
    press(page, "Lanjut")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Nomor telepon atau WhatsApp")).to_be_focused()
    assert violations(page) == []


def test_nothing_stays_in_the_browser(page: Page, cast: Cast) -> None:
    sent(page)
    kept = "[localStorage.length, sessionStorage.length, (await caches.keys()).length]"
    assert page.evaluate(f"(async () => {kept})()") == [0, 0, 0]
    assert page.evaluate("document.cookie") == ""


# --- the way out --------------------------------------------------------------------------


def no_draft(session: Session) -> bool:
    """Whether the draft is gone, which may take a moment longer than the page."""
    session.rollback()
    return session.scalars(select(Draft)).all() == []


def test_quick_exit_leaves_for_the_weather_and_destroys_the_draft(
    page: Page, cast: Cast, session: Session
) -> None:
    page.route(NEUTRAL, weather)
    page.goto("/lapor/kejadian")
    page.get_by_label("Apa yang terjadi?").fill(NARRATIVE)
    press(page, "Lanjut")
    page.get_by_label("Nama tempat atau alamatnya").fill("Pasar rekaan")
    press(page, "Keluar cepat")
    page.wait_for_url(NEUTRAL)
    until(lambda: no_draft(session))
    page.go_back()
    assert NARRATIVE not in page.content()
    assert "Pasar rekaan" not in page.content()


@pytest.mark.parametrize("key", ["Escape", "Shift"])
def test_three_presses_leave_as_well(page: Page, cast: Cast, session: Session, key: str) -> None:
    page.route(NEUTRAL, weather)
    page.goto("/lapor/kejadian")
    page.get_by_label("Apa yang terjadi?").fill(NARRATIVE)
    press(page, "Lanjut")
    page.wait_for_url("**/waktu-tempat")
    for _press in range(3):
        page.keyboard.press(key)
    page.wait_for_url(NEUTRAL)
    until(lambda: no_draft(session))


def test_quick_exit_works_without_javascript(plain: Page, session: Session) -> None:
    plain.route(NEUTRAL, weather)
    plain.goto("/lapor/kejadian")
    plain.get_by_label("Apa yang terjadi?").fill(NARRATIVE)
    press(plain, "Lanjut")
    press(plain, "Keluar cepat")
    plain.wait_for_url(NEUTRAL)
    until(lambda: no_draft(session))


def test_quick_exit_is_in_reach_at_the_end_of_a_long_page(plain: Page) -> None:
    plain.goto("/lapor/korban")
    plain.get_by_role("button", name="Lanjut", exact=True).scroll_into_view_if_needed()
    expect(plain.get_by_role("button", name="Keluar cepat")).to_be_in_viewport()


# --- for everybody ------------------------------------------------------------------------


def test_every_page_is_accessible_and_fits_desk_and_phone(page: Page, cast: Cast) -> None:
    for path in PATHS:
        page.set_viewport_size(DESKTOP)
        page.goto(path)
        assert (violations(page), overflow(page)) == ([], 0), path
        page.set_viewport_size(PHONE)
        assert overflow(page) == 0, path


def test_the_pages_at_the_end_are_accessible_and_fit(page: Page, cast: Cast) -> None:
    page.set_viewport_size(PHONE)
    told(page)
    assert (violations(page), overflow(page)) == ([], 0)
    press(page, "Kirim laporan")
    assert (violations(page), overflow(page)) == ([], 0)
    number, code = receipt(page)
    page.goto("/lacak")
    page.get_by_label("Nomor").fill(number)
    page.get_by_label("Kode rahasia").fill(code)
    press(page, "Buka")
    page.get_by_label("Pesan Anda").fill("x" * 300)
    press(page, "Kirim pesan")
    expect(page.locator(".talk")).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
