"""The compliance sheet and the roster in a real browser: readable, accessible, also on a phone."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from models import Duty, DutyKind
from portal.casework import pauses, reports
from tests.support.browser import DESKTOP, PHONE
from tests.support.cast import PASSWORD, Cast
from tests.support.looks import overflow, violations
from tests.support.office import Office


def test_a_supervisor_reads_the_month_and_the_roster(
    session: Session, cast: Cast, page: Page
) -> None:
    office = Office(session, cast)
    report = office.taken()
    pauses.begin(session, report, cast.sari, office.tick(), "menunggu_pelapor")
    why = "Hanya bertanya"
    reports.dismiss(session, report, cast.sari, office.tick(), "information", why)
    now = datetime.now(UTC)
    hours = {"from_at": now - timedelta(hours=1), "until_at": now + timedelta(hours=7)}
    session.add(Duty(officer=cast.sari, kind=DutyKind.piket, **hours))
    session.commit()
    page.goto("/masuk")
    page.fill("[name=username]", "supervisor")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    expect(page.get_by_text("Sari Wulandari sampai")).to_be_visible()
    page.get_by_role("link", name="Jadwal piket").first.click()
    expect(page.get_by_role("heading", name="Jadwal piket")).to_be_visible()
    for address in ("/admin/duty/new/", "/admin/hand_over/new/", "/admin/kepatuhan/?bulan=2026-03"):
        page.goto(address)
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            assert (violations(page), overflow(page)) == ([], 0), (address, size)
    expect(page.get_by_role("heading", name="Lembar kepatuhan Maret 2026")).to_be_visible()
    page.get_by_label("Bulan").fill("2026-04")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_role("heading", name="Lembar kepatuhan April 2026")).to_be_visible()
