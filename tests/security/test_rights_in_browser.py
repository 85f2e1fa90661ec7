"""The pages of rights and retention on a desk and on a phone: nothing to trip over."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

import models as m
from models import CaseStatus, RequestKind, Risk
from portal.indonesia import dates
from portal.letters import register
from tests.screens.generated.conftest import House, house
from tests.support import looks
from tests.support.cast import PASSWORD

__all__ = ["house"]
pytestmark = pytest.mark.browser


@pytest.fixture
def pages(house: House) -> list[str]:
    """Something on each of the pages."""
    with register.untried():
        case = house.office.case(CaseStatus.closed)
    case.retain_until, case.retention_class = dates.today() + timedelta(days=9), "kasus_anak"
    case.narrative = "Cerita rekaan tentang Tono"
    now = datetime.now(UTC)
    consent = m.Consent(victim_id=case.victims[0].id, given_by="sendiri", given_on=dates.today())
    consent.for_services = consent.for_sharing = True
    facts = {"received_at": now, "due_at": now, "asked_by": "sendiri", "wish": "Salinan"}
    asked = m.DataRequest(
        number="PD-2026-00001",
        kind=RequestKind.access,
        person=case.victims[0].person,
        identity_check="dikenal_petugas",
        officer=house.cast.sari,
        **facts,
    )
    breach = m.Breach(
        number="KD-2026-0001",
        found_at=now,
        due_at=now,
        happened="Rekaan",
        data_kinds=["kontak"],
        risk=Risk.rendah,
        measures="Rekaan",
        recorded_by=house.cast.admin,
    )
    house.session.add_all([consent, asked, breach])
    house.session.commit()
    return [
        "legal_hold/",
        "legal_hold/jatuh-tempo/",
        f"legal_hold/new/?case={case.id}",
        f"data_request/details/?id={asked.id}",
        f"data_request/berkas/?id={asked.id}",
        f"data_request/tindakan/refuse/?id={asked.id}",
        f"consent/tindakan/withdraw/?id={consent.id}",
        f"breach/details/?id={breach.id}",
        f"breach/tindakan/tell_people/?id={breach.id}",
        "retention_class/",
    ]


def test_every_page_fits_a_phone_and_breaks_no_rule(
    page: Page, address: str, pages: list[str]
) -> None:
    page.goto(f"{address}/masuk")
    page.fill("[name=username]", "supervisor")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for path in pages:
            page.goto(f"{address}/admin/{path}")
            assert page.locator("h1").count() == 1, path
            assert looks.violations(page) == [], path
            assert looks.overflow(page) <= 0, path
