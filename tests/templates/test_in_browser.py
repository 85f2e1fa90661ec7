"""The generic templates in Chromium: accessible, within the policy, on a phone, by keyboard."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.support.browser import DESKTOP, PHONE, visit
from tests.support.looks import overflow, violations
from tests.templates import toy as tables
from tests.templates.test_templates import PAGES

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE},
    "desk in the dark": {"viewport": DESKTOP, "color_scheme": "dark"},
}


def save(page: Page) -> None:
    page.locator(".admin-form").get_by_role("button", name="Simpan", exact=True).click()


def box(page: Page, label: str) -> Locator:
    """The visible box around a look-up's own, sometimes tiny, input."""
    return page.get_by_role("combobox", name=label).locator("xpath=..")


def sent(app: Flask) -> list[str]:
    """What the form of /cepat has sent, drafts aside."""
    return [one["sent"] for one in app.extensions["posted"] if "sent" in one]


def middle(button: Locator) -> tuple[float, float]:
    """Where one would click."""
    area = button.bounding_box()
    assert area
    return area["x"] + area["width"] / 2, area["y"] + area["height"] / 2


def second_click(page: Page, button: Locator) -> None:
    """The second click of a double click whose first one met another page."""
    page.mouse.move(*middle(button))
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, page: Page) -> Page:
    """The page on another screen, or in the dark."""
    page.set_viewport_size(LOOKS[request.param]["viewport"])
    page.emulate_media(color_scheme=LOOKS[request.param].get("color_scheme"))
    return page


def test_every_page_is_accessible_and_fits(look: Page) -> None:
    for path in PAGES:
        look.goto(path)
        assert (path, violations(look), overflow(look) > 0) == (path, [], False)
    look.goto("/admin/file/new/")
    save(look)
    expect(look.locator(".error-summary")).to_be_focused()
    assert violations(look) == []


def test_open_menus_dialogs_and_new_rows_are_accessible_too(page: Page) -> None:
    page.goto("/admin/file/edit/?id=4")
    page.get_by_role("button", name="Tambah korban").click()
    box(page, "Konselor").click()
    page.keyboard.type("ratna")
    expect(page.get_by_role("option", name="Ratna Ayu")).to_be_visible()
    assert violations(page) == []
    page.goto("/admin/file/")
    page.locator(".officer").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Hapus").first.click()
    assert violations(page) == []


def test_a_look_up_that_was_left_calls_nobody_back(page: Page) -> None:
    page.goto("/admin/file/edit/?id=4")
    box(page, "Kelurahan").click()
    page.keyboard.type("su")
    box(page, "Konselor").click()
    page.keyboard.type("ratna")
    expect(page.get_by_role("option", name="Ratna Ayu")).to_be_visible()


def test_by_keyboard_one_skips_to_the_content_and_chooses_a_row(page: Page) -> None:
    page.goto("/admin/file/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("0003")
    page.keyboard.press("Enter")
    expect(page.locator(".row-link")).to_have_text("KS-2026-0003")
    page.locator(".row-link").press("Enter")
    expect(page).to_have_url(re.compile("/admin/file/details/"))


def test_escape_closes_the_officers_menu_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/admin/")
    menu = page.locator("summary.officer")
    menu.press("Enter")
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keluar")).to_be_hidden()
    expect(menu).to_be_focused()


def test_the_phones_menu_opens_and_closes_without_script(browser: Browser, address: str) -> None:
    settings: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False}
    with visit(browser, address, **settings) as page:
        page.goto("/admin/file/")
        link = page.get_by_role("link", name="Petugas")
        expect(link).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        expect(link).to_be_visible()
        page.get_by_role("button", name="Tutup menu").click()
        expect(link).to_be_hidden()


def test_a_phone_shows_cards_with_the_columns_names(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/admin/file/")
    card = page.get_by_role("row").nth(1).bounding_box()
    assert card and card["width"] > 300 and card["height"] > 150
    label = "getComputedStyle(document.querySelector('td.col-risk'), '::before').content"
    assert page.evaluate(label) == '"Risiko"'


def test_light_or_dark_is_remembered(page: Page) -> None:
    page.goto("/admin/")
    page.locator("summary.officer").click()
    page.get_by_role("button", name="Tampilan gelap").click()
    page.goto("/admin/file/")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_chosen_rows_bring_their_bar_and_the_act_asks_first(app: Flask, page: Page) -> None:
    page.goto("/admin/file/")
    bar = page.locator(".bulk")
    expect(bar).to_be_hidden()
    page.get_by_label("Pilih semua baris").check()
    expect(bar).to_contain_text("5 baris dipilih")
    bar.get_by_role("button", name="Tutup").click()
    expect(page.get_by_role("dialog")).to_contain_text("Tutup semua perkara yang dipilih?")
    page.get_by_role("button", name="Batal", exact=True).click()
    with app.app_context():
        assert tables.db.session.get(tables.File, 1).risk == "tinggi"
    bar.get_by_role("button", name="Tutup").click()
    page.get_by_role("dialog").get_by_role("button", name="Tutup").click()
    expect(bar).to_be_hidden()
    with app.app_context():
        assert tables.db.session.get(tables.File, 1).risk == "rendah"


def test_deleting_asks_and_then_deletes(page: Page) -> None:
    page.goto("/admin/worker/")
    page.get_by_role("button", name="Hapus").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Hapus").click()
    expect(page.locator(".row-link")).to_have_count(2)


def test_filters_leave_what_is_blank_out_of_the_address(page: Page) -> None:
    page.goto("/admin/file/")
    page.get_by_text("Saring").click()
    page.locator("#flt0_0").fill("darurat")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.locator(".row-link")).to_have_count(2)
    assert set(page.url.partition("?")[2].split("&")) == {"page_size=5", "flt0_0=darurat"}


def test_rows_are_added_removed_and_stored(app: Flask, page: Page) -> None:
    page.goto("/admin/file/edit/?id=4")
    for alias in ("Kenanga", "Dahlia"):
        page.get_by_role("button", name="Tambah korban").click()
        page.keyboard.type(alias)
    page.get_by_role("button", name="Buang").first.click()
    page.get_by_label("Hapus saat disimpan").check()
    save(page)
    expect(page.locator(".list-table")).to_be_visible()
    with app.app_context():
        stored = tables.db.session.get(tables.File, 4)
        assert [one.alias for one in stored.people] == ["Dahlia"]


def test_a_lookup_finds_on_the_server_and_can_be_emptied(app: Flask, page: Page) -> None:
    def stored() -> str | None:
        with app.app_context():
            worker = tables.db.session.get(tables.File, 4).worker
            return worker and worker.name

    page.goto("/admin/file/edit/?id=4")
    box(page, "Konselor").click()
    page.keyboard.type("ratna")
    page.get_by_role("option", name="Ratna Ayu").click()
    save(page)
    expect(page.locator(".list-table")).to_be_visible()
    assert stored() == "Ratna Ayu"
    page.goto("/admin/file/edit/?id=4")
    page.get_by_role("button", name="Kosongkan").click()
    save(page)
    expect(page.locator(".list-table")).to_be_visible()
    assert stored() is None


@pytest.mark.parametrize("reach", ["click", "label", "tab and click"])
def test_no_letter_is_lost_however_fast_one_types(page: Page, reach: str) -> None:
    page.clock.install()
    page.goto("/admin/file/edit/?id=4")
    field = page.get_by_role("combobox", name="Konselor")
    if reach == "tab and click":
        field.focus()
    # A busy browser runs its timers after the keys that wait: here none runs before all are typed.
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    if reach == "label":
        page.get_by_text("Konselor", exact=True).click()
    else:
        box(page, "Konselor").click()
    page.keyboard.type("ratna")
    expect(field).to_have_value("ratna")
    page.clock.resume()
    expect(page.get_by_role("option", name="Ratna Ayu")).to_be_visible()
    expect(field).to_have_value("ratna")


def test_what_is_typed_is_kept_as_a_draft_with_the_token(app: Flask, page: Page) -> None:
    page.goto("/cepat")
    page.get_by_label("Catatan").fill("Ibu menelepon")
    expect(page.locator("[data-draft-status]")).to_have_text(
        re.compile(r"Draf tersimpan \d\d\.\d\d")
    )
    kept = app.extensions["posted"]
    assert kept[-1]["draft"] == "Ibu menelepon" and kept[-1]["token"]


def test_a_draft_that_could_not_be_kept_says_so_and_tries_again(page: Page) -> None:
    page.goto("/cepat")
    page.route("**/draf", lambda route: route.abort(), times=1)
    page.get_by_label("Catatan").fill("Ibu menelepon")
    status = page.locator("[data-draft-status]")
    expect(status).to_have_text("Draf belum tersimpan; akan dicoba lagi")
    expect(status).to_contain_text("Draf tersimpan")


def test_a_form_on_its_way_is_not_sent_again(page: Page) -> None:
    held: list[Route] = []
    page.route("**/kirim", lambda route: held.append(route))
    page.goto("/cepat")
    spot = middle(page.get_by_role("button", name="Simpan"))
    with page.expect_request("**/kirim"):
        page.mouse.click(*spot)
    page.mouse.click(*spot)
    with page.expect_navigation():
        held[0].continue_()
    assert len(held) == 1


def test_a_double_click_sends_once(app: Flask, page: Page) -> None:
    page.goto("/cepat")
    page.get_by_label("Catatan").fill("sekali")
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="Simpan").dblclick()
    assert sent(app) == ["sekali"]


def test_a_second_click_sends_nothing_from_a_page_that_came_in_between(
    app: Flask, page: Page
) -> None:
    page.goto("/cepat")
    button = page.get_by_role("button", name="Simpan")
    second_click(page, button)
    page.get_by_label("Catatan").fill("sekali")
    with page.expect_navigation():
        button.click()
    assert sent(app) == ["sekali"]


def test_a_second_click_does_not_agree_to_a_question_that_came_in_between(page: Page) -> None:
    page.goto("/admin/worker/")
    page.get_by_role("button", name="Hapus").last.click()
    question = page.get_by_role("dialog")
    second_click(page, question.get_by_role("button", name="Hapus"))
    expect(question).to_be_visible()


def test_the_clock_runs_and_changes_its_colour(page: Page) -> None:
    page.clock.install(time="2026-11-24T01:10:00Z")
    page.goto("/cepat")
    clock = page.locator("time.clock")
    expect(clock).to_have_text("10 menit")
    expect(clock).to_have_attribute("data-state", "ok")
    for minutes, state in (("11:00", "soon"), ("10:00", "late")):
        page.clock.run_for(minutes)
        expect(clock).to_have_attribute("data-state", state)
    expect(clock).to_have_text("31 menit")


def test_a_long_list_is_searched_on_the_page_and_none_can_be_chosen_again(
    app: Flask, page: Page
) -> None:
    for typed, option, stored in (("11", "Kelurahan 11", "11"), ("", "–", None)):
        page.goto("/admin/file/edit/?id=4")
        box(page, "Kelurahan").click()
        page.keyboard.type(typed)
        page.get_by_role("option", name=option, exact=True).click()
        save(page)
        expect(page.locator(".list-table")).to_be_visible()
        with app.app_context():
            assert tables.db.session.get(tables.File, 4).district == stored
