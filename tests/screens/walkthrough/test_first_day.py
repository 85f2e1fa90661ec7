"""What somebody new to the office stumbles over: pages that cannot be reached, words that say
nothing."""

import re

import pytest

from models import CaseStatus
from tests.screens.generated.conftest import House
from tests.screens.generated.test_listing import ROW

# Lists whose first column names another row than their own.
BY_ANOTHER_NAME = (
    *("reporter", "victim", "suspect", "safe_contact", "consent", "order", "outreach"),
    *("referral", "termination", "monitoring", "case_event"),
)


@pytest.mark.parametrize("table", BY_ANOTHER_NAME)
def test_every_row_of_a_list_leads_to_its_own_page(full_house: House, table: str) -> None:
    page = full_house.desk("supervisor").get(f"/admin/{table}/").text
    lines = ROW.findall(page)[1:]
    assert lines
    for line in lines:
        first = re.search(r'<td[^>]*list-main"[^>]*>(.*?)</td>', line, re.DOTALL)
        assert first and f'href="/admin/{table}/details/?id=' in first[1]
        assert first[1].count("<a ") == 1


def test_a_visitor_s_two_clocks_say_what_they_count(house: House) -> None:
    report = house.office.report(channel="datang_langsung")
    page = house.desk("petugas").get(f"/admin/report/details/?id={report.id}").text
    assert "Sampai keputusan (30 menit):" in page
    assert "Menunggu di loket (10 menit):" in page


def test_the_admin_finds_how_somebody_gets_a_password(house: House) -> None:
    desk, joko = house.desk("admin"), house.cast.joko
    assert "Tautan kata sandi" in desk.get(f"/admin/officer/details/?id={joko.id}").text
    address = f"/admin/officer/tautan/?id={joko.id}"
    assert "Pastikan ini Anda" in desk.get(address, follow_redirects=True).text


def test_a_user_name_is_refused_in_words(house: House) -> None:
    page = house.desk("admin").fill("/admin/officer/new/", username="Petugas Baru!").text
    assert "Pakai huruf kecil, angka, titik, dan tanda hubung saja." in page


def test_while_monitoring_goes_on_no_letter_is_missing_anything(house: House) -> None:
    case = house.office.case(CaseStatus.monitoring)
    page = house.desk("supervisor").get(f"/admin/case/details/?id={case.id}").text
    assert "Surat belum dapat terbit" not in page
    assert "monitoring yang belum selesai" in page


@pytest.mark.parametrize("page", ["details", "edit"])
def test_a_page_says_whose_it_is_but_not_in_its_title(house: House, page: str) -> None:
    house.office.report()
    text = house.desk("supervisor").get(f"/admin/person/{page}/?id=1").text
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    assert heading and title
    assert "Rekaan" in heading[1] and "Rekaan" not in title[1]


def test_the_auditor_reads_words_not_codes(house: House) -> None:
    house.office.case(CaseStatus.monitoring)
    page = house.desk("auditor").get("/admin/audit_entry/").text
    assert "tindakan: Buat nota terminasi; menjadi: Terminasi, monitoring 3 bulan" in page
    assert "nota_terminasi" not in page and "report_outreach" not in page
