"""The quick way out: one key and one tap on every public page, and Back shows nothing of ours."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from portal.casework import contact_text
from tests.public.test_browser import no_draft
from tests.public.visitor import NARRATIVE, Visitor
from tests.support.browser import PHONE, visit
from tests.support.cast import Cast
from tests.support.waiting import until

on_browser = [pytest.mark.browser, pytest.mark.xdist_group("public_browser")]
NEUTRAL = "https://www.bmkg.go.id/**"
EVERY_PAGE = (
    *("/", "/lapor", "/lapor/kontak", "/lapor/kejadian", "/lapor/berkas", "/lapor/selesai"),
    *("/lacak", "/pengaduan-layanan", "/pengaduan-layanan/status", "/standar-pelayanan"),
    *("/tidak-ada", "/lapor/tidak-ada", "/masuk"),
)
FIELD = "Apa yang terjadi?"


@pytest.fixture
def visitor(client: FlaskClient, cast: Cast) -> Visitor:
    """Somebody with a browser without JavaScript."""
    return Visitor(client)


# --- without a browser's help -------------------------------------------------------------------


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_has_the_way_out(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.values("//form[@action='/keluar-cepat']/@data-quick-exit") == [
        "https://www.bmkg.go.id/"
    ]


def test_every_page_after_the_exit_is_the_weather(visitor: Visitor) -> None:
    left = visitor.post("/keluar-cepat", {})
    assert '"cache", "storage"' in left.response.headers["Clear-Site-Data"]
    for path in EVERY_PAGE[:-1]:
        page = visitor.get(path)
        assert (page.status, page.leads_to) == (303, "/cuaca?kota=malang"), path
    weather = visitor.get("/cuaca?kota=malang")
    assert "Refresh" not in weather.response.headers
    assert weather.title == "Cuaca" and contact_text.findings(weather.words("//body")) == []


def test_who_is_safe_again_may_return_at_once(visitor: Visitor) -> None:
    visitor.post("/keluar-cepat", {})
    assert visitor.post("/kembali", {}).leads_to == "/"
    assert visitor.get("/").status == 200


def test_the_silence_ends_by_itself_and_says_nothing(visitor: Visitor) -> None:
    left = visitor.post("/keluar-cepat", {})
    (cookie,) = [
        one for one in left.response.headers.getlist("Set-Cookie") if one.startswith("cuaca=1")
    ]
    assert "Max-Age=300" in cookie and "HttpOnly" in cookie and "SameSite=Strict" in cookie


def test_officers_on_the_same_computer_are_not_sent_away(visitor: Visitor) -> None:
    visitor.post("/keluar-cepat", {})
    assert visitor.get("/masuk").status == 200


def test_the_way_out_changes_nothing_for_another_site(visitor: Visitor) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.client.post("/keluar-cepat", headers=foreign).status_code == 403
    assert visitor.client.get("/keluar-cepat").status_code == 405


# --- in a browser -----------------------------------------------------------------------------


@pytest.fixture
def phone(browser: Browser, address: str, cast: Cast) -> Iterator[Page]:
    """A telephone; the neutral page tells where it believes to come from."""
    with visit(browser, address, viewport=PHONE) as page:
        page.context.route(NEUTRAL, weather)
        yield page


@pytest.fixture
def plain(browser: Browser, address: str, cast: Cast) -> Iterator[Page]:
    """A telephone that runs no JavaScript."""
    with visit(browser, address, viewport=PHONE, java_script_enabled=False) as page:
        page.context.route(NEUTRAL, weather)
        yield page


seen: list[str | None] = []


def weather(route: Route) -> None:
    seen.append(route.request.headers.get("referer"))
    route.fulfill(body="<title>BMKG</title><h1>Cuaca</h1>", content_type="text/html")


def fill_in(page: Page) -> None:
    """Home, then a step further, then half a sentence."""
    page.goto("/")
    page.goto("/lapor/kejadian")
    page.get_by_label(FIELD).fill(NARRATIVE)


def assert_silent_behind(page: Page, presses: int = 3) -> None:
    """Whoever presses Back, however often, sees the weather."""
    for _press in range(presses):
        page.go_back()
        assert contact_text.findings(page.inner_text("body")) == []
        assert page.title() in ("Cuaca", "BMKG", "")
        assert NARRATIVE not in page.content()


def silent(page: Page) -> bool:
    return any(cookie.get("name") == "cuaca" for cookie in page.context.cookies())


class TestInABrowser:
    """One tap, one key, and what is behind them."""

    pytestmark = on_browser

    def test_one_tap_leaves_and_back_shows_nothing_of_ours(
        self, phone: Page, session: Session
    ) -> None:
        fill_in(phone)
        expect(phone.get_by_role("button", name="Keluar cepat")).to_be_in_viewport()
        seen.clear()
        phone.get_by_role("button", name="Keluar cepat").click()
        phone.wait_for_url(NEUTRAL)
        assert phone.evaluate("document.referrer") == "" and seen == [None]
        until(lambda: silent(phone))
        assert_silent_behind(phone)
        until(lambda: no_draft(session))

    def test_without_javascript_one_tap_leaves_as_well(self, plain: Page) -> None:
        plain.goto("/")
        plain.goto("/lapor/kejadian")
        seen.clear()
        plain.get_by_role("button", name="Keluar cepat").click()
        plain.wait_for_url(NEUTRAL)
        assert seen == [None]
        plain.go_back()
        assert plain.title() in ("Cuaca", "BMKG")

    @pytest.mark.parametrize("path", ["/tidak-ada", "/masuk", "/standar-pelayanan"])
    def test_one_key_leaves_from_pages_without_a_form(self, phone: Page, path: str) -> None:
        phone.goto(path)
        for _press in range(3):
            phone.keyboard.press("Escape")
        phone.wait_for_url(NEUTRAL)

    def test_typing_capitals_is_no_way_out_but_escape_is(self, phone: Page) -> None:
        fill_in(phone)
        phone.get_by_label(FIELD).focus()
        for _press in range(4):
            phone.keyboard.press("Shift")
        phone.wait_for_timeout(300)
        expect(phone.get_by_label(FIELD)).to_have_value(NARRATIVE)
        for _press in range(3):
            phone.keyboard.press("Escape")
        phone.wait_for_url(NEUTRAL)

    def test_other_tabs_with_our_pages_leave_too(self, phone: Page) -> None:
        other = phone.context.new_page()
        other.goto("/standar-pelayanan")
        fill_in(phone)
        phone.get_by_role("button", name="Keluar cepat").click()
        phone.wait_for_url(NEUTRAL)
        other.wait_for_url(NEUTRAL)
