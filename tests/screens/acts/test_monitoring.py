"""The monitoring: contacts written down or excused, within the case they belong to."""

import pytest

from models import Case, CaseStatus, Monitoring, MonitoringState
from portal.indonesia import dates
from portal.letters import register
from tests.screens.acts.answers import REASON, again, page_of
from tests.screens.generated.conftest import House

VISIT = {
    "method": "kantor",
    "wellbeing": "membaik",
    "safety": "aman",
    "recurrence": "tidak",
    "notes": "Catatan kunjungan rekaan",
}


@pytest.fixture
def case(house: House) -> Case:
    """A case terminated a while ago, led by Maya."""
    with register.untried():
        return house.office.case(CaseStatus.monitoring)


def first(case: Case) -> Monitoring:
    return min(case.monitorings, key=lambda one: one.sequence)


def test_a_contact_is_written_down_and_leads_back_to_the_case(house: House, case: Case) -> None:
    contact = first(case)
    answers = VISIT | {"done_on": dates.today()}
    answer = house.desk("konselor").fill(page_of(contact, "record"), **answers)
    assert (answer.status_code, answer.location) == (303, f"/admin/case/details/?id={case.id}")
    assert again(house, contact).state is MonitoringState.done
    assert (contact.recurrence, contact.notes) == (False, VISIT["notes"])
    twice = house.desk("konselor").post(page_of(contact, "record"), answers | {"version_id": 1})
    assert (twice.status_code, "sudah diselesaikan" in twice.text) == (409, True)


def test_unknown_is_an_answer_to_whether_it_happened_again(house: House, case: Case) -> None:
    answers = VISIT | {"done_on": dates.today(), "recurrence": ""}
    contact = first(case)
    assert house.desk("konselor").fill(page_of(contact, "record"), **answers).status_code == 303
    assert again(house, contact).recurrence is None


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2099-01-01", "belum terjadi"), ("2020-01-01", "sebelum terminasi"), ("", "Wajib diisi")],
)
def test_an_impossible_day_is_said(house: House, case: Case, day: str, sentence: str) -> None:
    answer = house.desk("konselor").fill(page_of(first(case), "record"), **VISIT | {"done_on": day})
    assert answer.status_code in (409, 422)
    assert sentence in answer.text and VISIT["notes"] in answer.text


def test_a_contact_is_excused_with_a_reason(house: House, case: Case) -> None:
    contact, desk = first(case), house.desk("konselor")
    assert desk.fill(page_of(contact, "excuse")).status_code == 422
    assert desk.fill(page_of(contact, "excuse"), reason=REASON).status_code == 303
    assert again(house, contact).excuse_reason == REASON


def test_whoever_does_not_lead_the_case_reads_why(house: House, case: Case) -> None:
    address = page_of(first(case), "record")
    sentence = "Monitoring dilakukan konselor penanggung jawab kasus."
    assert sentence in house.desk("penjangkau").get(address).text
    answer = house.desk("penjangkau").post(address, VISIT | {"version_id": 1})
    assert (answer.status_code, sentence in answer.text) == (409, True)
    assert house.desk("petugas").get(address).status_code == 403
    assert house.desk("pendamping").get(address).status_code == 404


def test_the_page_of_a_contact_tells_how_to_reach_the_victim(house: House, case: Case) -> None:
    page = house.desk("konselor").get(f"/admin/monitoring/details/?id={first(case).id}").text
    assert "Cara menghubungi yang aman" in page and "belum ditanyakan" in page
    assert "Catat monitoring" in page


def test_overdue_contacts_are_marked_and_stand_on_the_first_page(house: House, case: Case) -> None:
    desk = house.desk("konselor")  # terminated in March, so that all three are overdue
    assert "row-late" in desk.get("/admin/monitoring/").text
    assert "row-late" in desk.get("/admin/monitoring/?terlambat=ya").text
    home = desk.get("/admin/").text
    assert "Monitoring lewat jatuh tempo" in home and "queue-late" in home
