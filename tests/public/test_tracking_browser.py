"""`/lacak` on a telephone without JavaScript: read, fetch a file, write, judge, leave no trace."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from models import CaseStatus
from portal.casework import intake, receipts
from portal.casework.arrival import FileFacts
from portal.protection import files
from tests.protection import samples
from tests.support.browser import PHONE, visit
from tests.support.cast import Cast
from tests.support.looks import overflow, violations
from tests.support.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("public_browser")]
CODE = "AAAA-BBBB-CCCC-DDDD"
NAME = "peta-dengan-nama-berkas-yang-panjang-sekali-untuk-layar-kecil.png"


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """A telephone; scripts run only so that the page can be examined."""
    with visit(browser, address, viewport=PHONE, accept_downloads=True) as page:
        yield page


@pytest.fixture
def number(session: Session, cast: Cast, address: str) -> str:
    """A closed case that the office answered with a file."""
    office = Office(session, cast)
    report = office.case(CaseStatus.closed).reports[0]
    report.receipt_hash = receipts.code_hash(CODE)
    data = samples.picture("PNG")
    key, digest = files.store(data)
    facts = {"kind": "lainnya", "filename": NAME, "mime": "image/png", "size": len(data)}
    file = FileFacts(**facts, sha256=digest, storage_key=key, flags=())
    intake.answer(session, report, cast.sari, "Ini petanya.", office.tick(), [file])
    session.commit()
    return report.number


def sound(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) <= 0
    expect(page).to_have_title(re.compile("^Lacak"))
    assert CODE not in page.url


def test_the_reporter_reads_fetches_writes_and_judges(phone: Page, number: str) -> None:
    phone.goto("/lacak")
    phone.get_by_label("Nomor", exact=True).fill(number)
    phone.get_by_label("Kode rahasia").fill(CODE)
    phone.get_by_role("button", name="Buka", exact=True).click()
    expect(phone.get_by_text("Ada 1 jawaban baru")).to_be_visible()
    sound(phone)
    with phone.expect_download() as told:
        phone.get_by_role("button", name=f"Unduh {NAME}").click()
    assert told.value.suggested_filename == NAME
    phone.get_by_label("Pesan Anda").fill("Ia datang lagi.")
    phone.get_by_role("button", name="Kirim pesan").click()
    expect(phone.locator(".talk")).to_contain_text("Ia datang lagi.")
    phone.get_by_role("link", name="Bagaimana layanan kami?").click()
    sound(phone)
    phone.get_by_label("Sangat cepat").check()
    phone.get_by_role("button", name="Kirim penilaian").click()
    expect(phone.get_by_text("Terima kasih. Penilaian Anda disimpan")).to_be_visible()
    sound(phone)
