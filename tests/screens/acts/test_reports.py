"""What is done with a report: taken, forwarded, identified, joined, or ended otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models import AuditEntry, Case, CaseStatus, Report, ReportStatus
from portal.casework import reports
from portal.letters import register
from portal.screens import joining
from tests.screens.acts.answers import REASON, again, page_of
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import FormReader

R = ReportStatus
OUTCOMES = {
    "referred": {"kind": "di_luar_kota_malang", "reason": "Terjadi di Blitar"},
    "information": {"reason": REASON},
    "duplicate": {"reason": "Sama dengan LP-2026-000001"},
    "spam": {"reason": REASON},
}


def taken(house: House) -> Report:
    """A report Sari has taken."""
    report = house.office.taken()
    house.session.commit()
    return report


def entries(house: House, event: str) -> int:
    house.session.rollback()
    wanted = select(func.count(AuditEntry.id)).where(AuditEntry.event == event)
    return house.session.scalar(wanted) or 0


# --- taken and forwarded --------------------------------------------------------------------------


def test_a_taken_report_is_its_owners_alone(house: House) -> None:
    report = house.office.report()
    sari, ratna = house.desk("petugas"), house.desk("petugas2")
    assert ratna.get(page_of(report, "take")).status_code == 200
    assert sari.fill(page_of(report, "take")).status_code == 303
    assert again(house, report).owner is house.cast.sari
    late = ratna.post(page_of(report, "take"), {"version_id": 1})
    assert (late.status_code, "tidak lagi terbuka" in late.text) == (404, True)
    twice = sari.post(page_of(report, "take"), {"version_id": 1})
    assert (twice.status_code, "Sudah dilakukan oleh" in twice.text) == (409, True)


def test_a_report_is_forwarded_to_a_colleague_who_accepts_it(house: House) -> None:
    report = taken(house)
    sari, ratna = house.desk("petugas"), house.desk("petugas2")
    page = sari.get(page_of(report, "forward")).text
    assert "Ratna Puspita" in page and f'value="{house.cast.sari.id}"' not in page
    assert sari.fill(page_of(report, "forward"), to=house.cast.ratna.id).status_code == 303
    assert ratna.fill(page_of(report, "accept_forward")).status_code == 303
    assert again(house, report).owner is house.cast.ratna


def test_what_was_forwarded_is_red_until_somebody_there_accepts_or_returns_it(house: House) -> None:
    report = taken(house)
    sari, ratna = house.desk("petugas"), house.desk("petugas2")
    sari.fill(page_of(report, "forward"), to=house.cast.ratna.id)
    for desk in (sari, ratna):
        assert "row-late" in desk.get("/admin/report/?penerusan=ya").text
        assert (
            "Ratna Puspita, belum diterima"
            in desk.get(f"/admin/report/details/?id={report.id}").text
        )
        assert "Penerusan belum diterima" in desk.get("/admin/").text
    address = page_of(report, "return_forward")
    assert ratna.fill(address, reason="").status_code == 422
    assert sari.post(address, {"reason": REASON, "version_id": 3}).status_code == 409
    assert ratna.fill(address, reason="Sedang cuti").status_code == 303
    row = again(house, report)
    assert (row.owner, row.forwarded_to) == (house.cast.sari, None)
    page = sari.get(f"/admin/report/details/?id={report.id}").text
    assert "Penerusan laporan dikembalikan" in page and "Sedang cuti" in page
    assert "dikembalikan dengan alasan" in sari.get("/admin/notice/").text
    assert ratna.get(f"/admin/report/details/?id={report.id}").status_code == 404
    assert sari.fill(page_of(report, "forward"), to=house.cast.ratna.id).status_code == 303
    assert again(house, report).forward_return_reason is None


def test_nobody_is_forwarded_to_who_cannot_take_it(house: House) -> None:
    report = taken(house)
    for who in (house.cast.maya, house.cast.sari):
        assert house.desk("petugas").fill(page_of(report, "forward"), to=who.id).status_code == 422
    assert again(house, report).forwarded_to is None


# --- identified -----------------------------------------------------------------------------------


def test_identification_makes_a_case_with_what_was_found(house: House) -> None:
    report = taken(house)
    desk = house.desk("petugas")
    redirected = desk.get(page_of(report, "identify"))
    assert redirected.location == f"/admin/report/identifikasi/?id={report.id}"
    found = {"risk": "tinggi", "violence_kinds": ["psikis"], "note": REASON}
    facts = found | {"version_id": report.version_id}
    assert desk.post(page_of(report, "identify"), facts).status_code == 303
    case = again(house, report).case
    assert (case.risk, case.violence_kinds) == ("tinggi", ["psikis"])
    assert report.status is R.identified


def test_an_identification_without_a_risk_keeps_what_was_typed(house: House) -> None:
    report = taken(house)
    facts = {"note": "Catatan yang tidak boleh hilang", "version_id": report.version_id}
    answer = house.desk("petugas").post(page_of(report, "identify"), facts)
    assert (answer.status_code, facts["note"] in answer.text) == (422, True)
    assert again(house, report).status is R.in_progress


def test_a_report_without_a_victim_becomes_no_case(house: House) -> None:
    report = house.office.taken(victims=[])
    house.session.commit()
    facts = {"risk": "rendah", "version_id": report.version_id}
    answer = house.desk("petugas").post(page_of(report, "identify"), facts)
    assert (answer.status_code, "Catat dahulu siapa korbannya" in answer.text) == (409, True)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_report_ends_otherwise_with_its_reason_and_can_be_resumed(
    house: House, outcome: str
) -> None:
    report, act = taken(house), f"dismiss_{outcome}"
    desk = house.desk("petugas")
    silent = desk.fill(page_of(report, act), reason="   ")
    assert silent.status_code == 422
    assert desk.fill(page_of(report, act), **OUTCOMES[outcome]).status_code == 303
    assert again(house, report).status.value == outcome
    assert str(OUTCOMES[outcome]["reason"]) in (report.outcome_reason or "")
    assert desk.post(page_of(report, "resume"), {"reason": REASON}).status_code == 409
    chief = house.desk("supervisor")
    assert chief.fill(page_of(report, "resume"), reason=REASON).status_code == 303
    assert again(house, report).status is R.in_progress


# --- joined ---------------------------------------------------------------------------------------


def old_case(house: House, state: CaseStatus = CaseStatus.handling) -> Case:
    """A case of Bunga that intake no longer sees."""
    with register.untried():
        return house.office.case(state)


def test_a_supervisor_joins_by_number(house: House) -> None:
    case, report = old_case(house), taken(house)
    desk = house.desk("supervisor")
    wrong = desk.fill(page_of(report, "join"), case_number="KS-1999-00001")
    assert (wrong.status_code, "Kasus itu tidak ditemukan" in wrong.text) == (409, True)
    assert desk.fill(page_of(report, "join")).status_code == 422
    done = desk.fill(page_of(report, "join"), case_number=case.number.lower())
    assert done.status_code == 303
    assert again(house, report).case_id == case.id


def test_intake_cannot_join_by_the_number_of_a_case_it_may_not_see(house: House) -> None:
    case, report = old_case(house), taken(house)
    answer = house.desk("petugas").fill(page_of(report, "join"), case_number=case.number)
    assert (answer.status_code, "tidak ditemukan" in answer.text) == (409, True)
    assert again(house, report).case is None


def search(house: House, report: Report, **wanted: str) -> Any:
    """What Sari is answered when she looks for earlier cases."""
    address = f"/admin/report/identifikasi/cari/?id={report.id}"
    return house.desk("petugas").post(address, wanted)


def reference_in(page: str) -> str:
    [sealed] = [part.split('"')[0] for part in page.split('name="reference" value="')[1:]]
    return sealed


def test_an_old_case_out_of_sight_is_named_by_who_handles_it_and_nothing_else(
    house: House,
) -> None:
    case, report = old_case(house), taken(house)
    page = search(house, report, name="Bunga")
    assert page.status_code == 200
    assert "Kasus lama" in page.text and "ditangani Maya Kusuma" in page.text
    assert case.number not in page.text
    assert f"id={case.id}&" not in page.text
    assert entries(house, "people_searched") == 1


def test_a_report_is_joined_to_an_old_case_out_of_sight(house: House) -> None:
    case, report = old_case(house), taken(house)
    sealed = reference_in(search(house, report, semua="1").text)
    desk = house.desk("petugas")
    facts = {"reference": sealed, "version_id": report.version_id}
    answer = desk.post(page_of(report, "join"), facts)
    assert (answer.status_code, answer.location) == (303, "/admin/report/")
    assert "tidak lagi terbuka untuk Anda" in desk.get(answer.location).text
    assert again(house, report).case_id == case.id
    assert report.status is R.joined
    assert desk.get(f"/admin/case/details/?id={case.id}").status_code == 404
    twice = desk.post(page_of(report, "join"), facts)
    assert "sudah Anda lakukan" in desk.get(twice.location).text


def test_a_reference_serves_one_officer_one_report_and_one_hour(house: House) -> None:
    case, report, other = old_case(house), taken(house), taken(house)
    sealed = reference_in(search(house, report, name="Bunga").text)
    cast, now = house.cast, datetime.now(UTC)
    assert joining.case_id_in(sealed, report, cast.sari, now) == case.id
    assert joining.case_id_in(sealed, report, cast.ratna, now) is None
    assert joining.case_id_in(sealed, other, cast.sari, now) is None
    assert joining.case_id_in(sealed, report, cast.sari, now + timedelta(hours=2)) is None
    for forged in ("", "x", sealed[:-2] + "AA", "é" * 20, "A" * 2000, str(case.id)):
        facts = {"reference": forged, "version_id": report.version_id}
        answer = house.desk("petugas").post(page_of(report, "join"), facts)
        assert answer.status_code in (409, 422)
    assert again(house, report).case is None


def test_an_ended_case_is_not_joined(house: House) -> None:
    case = old_case(house, CaseStatus.rejected)
    report = taken(house)
    answer = house.desk("supervisor").fill(page_of(report, "join"), case_number=case.number)
    assert (answer.status_code, "sudah berakhir" in answer.text) == (409, True)


# --- the page of identification -------------------------------------------------------------------


def test_the_page_holds_the_whole_report_and_begins_the_search(house: House) -> None:
    report = taken(house)
    page = house.desk("petugas").get(f"/admin/report/identifikasi/?id={report.id}").text
    for told in ("pelapor mendengar pertengkaran", "Wati Rekaan", "Tono Rekaan", "dipakai bersama"):
        assert told in page
    assert 'name="name"' in page and 'value="Bunga Rekaan"' in page
    assert f"/admin/report/edit/?id={report.id}" in page


def test_no_earlier_case_is_an_answer_too(house: House) -> None:
    page = search(house, taken(house), phone="0812 9999 9999").text
    assert "Tidak ada kasus lama yang cocok" in page


def test_an_empty_search_finds_nobody(house: House) -> None:
    old_case(house)
    assert "Tidak ada kasus lama" in search(house, taken(house)).text


def test_a_report_that_cannot_be_identified_leads_to_its_page(house: House) -> None:
    report = house.office.report()
    answer = house.desk("petugas").get(f"/admin/report/identifikasi/?id={report.id}")
    assert answer.location == f"/admin/report/details/?id={report.id}"


def test_somebody_elses_report_is_not_searched(house: House) -> None:
    report = taken(house)
    address = f"/admin/report/identifikasi/cari/?id={report.id}"
    assert house.desk("petugas2").post(address, {"name": "Bunga"}).status_code == 404
    assert entries(house, "people_searched") == 0


def test_a_late_identification_is_refused(house: House) -> None:
    report = taken(house)
    desk = house.desk("petugas")
    address = page_of(report, "dismiss_spam")
    form = FormReader(desk.get(address).text).filled(reason=REASON)
    reports.forward(house.session, report, house.cast.sari, house.office.tick(), house.cast.ratna)
    house.session.commit()
    answer = desk.send(address, form)
    assert (answer.status_code, REASON in answer.text) == (409, True)
    assert again(house, report).status is R.in_progress
