"""An officer's call with the keyboard alone, and what rings on their page."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import Call, CallState, Report
from tests.screens.generated.conftest import House, house
from tests.support.browser import PHONE
from tests.support.cast import PASSWORD
from tests.support.looks import overflow, violations

__all__ = ["house"]
pytestmark = pytest.mark.browser
STORY = "Ibu berbisik: pintunya dikunci dari luar."


def sign_in(page: Page) -> None:
    page.goto("/masuk")
    page.fill("[name=username]", "petugas")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def test_a_call_is_taken_noted_and_reported_with_the_keyboard_alone(
    house: House, page: Page
) -> None:
    sign_in(page)
    page.keyboard.press("t")
    page.wait_for_url("**/admin/call/layar/**")
    expect(page.locator("[name=notes]")).to_be_focused()
    page.keyboard.type(STORY)
    expect(page.locator("[data-draft-status]")).to_contain_text("tersimpan")
    assert page.locator(".stopwatch .clock-text").inner_text().startswith("00:00:")
    page.locator("[name=number]").focus()
    page.keyboard.type("0812 0000 0001")
    page.keyboard.press("Tab")
    expect(page.locator("#call-history")).to_contain_text("Belum ada riwayat")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert overflow(page) <= 0
    page.locator("button[value=laporan]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/report/new/**")
    assert page.locator("[name=narrative]").input_value() == STORY
    page.locator("button:has-text('Simpan laporan')").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tersimpan/**")
    house.session.rollback()
    call = house.session.scalars(select(Call)).one()
    report = house.session.scalars(select(Report)).one()
    assert (call.report, call.state, call.notes) == (report, CallState.ended, STORY)
