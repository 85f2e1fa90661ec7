"""What somebody new to the office stumbles over: pages that cannot be reached, words that say
nothing."""

import re

import pytest

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
