"""One act on several rows: chosen in the list, asked once, done one by one."""

from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from models import AuditEntry, Case, CaseStatus, Letter, LetterKind, Report, ReportStatus, Role
from portal.letters import register
from tests.screens.acts.answers import REASON, again, case_answers
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import FormReader
from tests.support.visitors import csrf_token


def chosen(house: House, username: str, table: str, act: str, rows: list[Any]) -> Any:
    """Choose rows in the list and press the button of the act; the page that follows."""
    desk = house.desk(username)
    page = desk.get(f"/admin/{table}/").text
    data = MultiDict([("csrf_token", csrf_token(page)), ("action", act)])
    data.setlist("rowid", [str(row.id) for row in rows])
    handed_on = desk.client.post(f"/admin/{table}/action/", data=data)
    assert handed_on.status_code == 307  # a browser sends the same form on
    return desk.client.post(handed_on.location, data=data, follow_redirects=True)


def done(house: House, username: str, table: str, act: str, page: str, **answers: Any) -> Any:
    """Fill the form of several rows in and send it."""
    form = FormReader(page).filled(**answers)
    return house.desk(username).client.post(f"/admin/{table}/tindakan/{act}/", data=form)


def letters(house: House) -> list[Letter]:
    house.session.rollback()
    wanted = select(Letter).where(Letter.kind == LetterKind.surat_perintah)
    return list(house.session.scalars(wanted.order_by(Letter.number)))


def test_several_cases_are_approved_by_one_text_with_a_letter_each(house: House) -> None:
    cases = [house.office.case() for _ in range(3)]
    page = chosen(house, "supervisor", "case", "approve", cases)
    assert page.status_code == 200
    assert all(case.number in page.text for case in cases)
    answers = case_answers(house, "approve")
    result = done(house, "supervisor", "case", "approve", page.text, **answers)
    assert "Berhasil: 3" in result.text and "Tidak berhasil" not in result.text
    assert [again(house, case).status for case in cases] == [CaseStatus.approved] * 3
    assert [one.number for one in letters(house)] == [1, 2, 3]


def test_what_does_not_succeed_is_named_with_its_reason(house: House) -> None:
    fine, meanwhile, own = (house.office.case() for _ in range(3))
    own.identified_by = house.cast.budi
    house.session.commit()
    page = chosen(house, "supervisor", "case", "approve", [fine, meanwhile, own])
    assert "Kasus yang Anda identifikasi sendiri" in page.text  # left out before anybody types
    house.office.reject(meanwhile)
    house.session.commit()
    answers = case_answers(house, "approve")
    result = done(house, "supervisor", "case", "approve", page.text, **answers).text
    assert "Berhasil: 1" in result and "Tidak berhasil: 1" in result
    assert "tidak berlaku untuk keadaan sekarang" in result and meanwhile.number in result
    assert again(house, fine).status is CaseStatus.approved
    assert again(house, own).status is CaseStatus.identified
    assert len(letters(house)) == 1
    refused = select(func.count(AuditEntry.id)).where(AuditEntry.event == "refused")
    assert house.session.scalar(refused) == 1


def test_one_wrong_answer_stops_all_and_loses_none(house: House) -> None:
    cases = [house.office.case() for _ in range(2)]
    page = chosen(house, "supervisor", "case", "approve", cases).text
    answers = case_answers(house, "approve") | {"place": "", "task": "Tugas bersama"}
    result = done(house, "supervisor", "case", "approve", page, **answers)
    assert (result.status_code, "Tugas bersama" in result.text) == (422, True)
    assert all(case.number in result.text for case in cases)
    assert letters(house) == []
    again_sent = done(house, "supervisor", "case", "approve", result.text, place="Balai RW rekaan")
    assert "Berhasil: 2" in again_sent.text


def test_a_second_click_approves_nothing_twice(house: House) -> None:
    cases = [house.office.case() for _ in range(2)]
    page = chosen(house, "supervisor", "case", "approve", cases).text
    answers = case_answers(house, "approve")
    done(house, "supervisor", "case", "approve", page, **answers)
    assert "Tidak berhasil: 2" in done(house, "supervisor", "case", "approve", page, **answers).text
    assert len(letters(house)) == 2


def test_one_row_leads_to_its_own_page(house: House) -> None:
    case = house.office.case()
    page = chosen(house, "supervisor", "case", "approve", [case])
    assert page.request.path == "/admin/case/tindakan/approve/"
    assert f"Setujui: {case.number}" in page.text


def test_no_row_is_said(house: House) -> None:
    assert "Pilih dahulu" in chosen(house, "supervisor", "case", "approve", []).text


def test_several_reports_are_taken(house: House) -> None:
    reports = [house.office.report() for _ in range(2)]
    page = chosen(house, "petugas", "report", "take", reports).text
    result = done(house, "petugas", "report", "take", page).text
    assert "Berhasil: 2" in result
    assert {again(house, one).owner for one in reports} == {house.cast.sari}
    assert {one.status for one in reports} == {ReportStatus.in_progress}


def test_a_leavers_cases_are_handed_over(house: House) -> None:
    with register.untried():
        cases = [house.office.case(CaseStatus.handling) for _ in range(2)]
    house.cast.lestari.role = Role.konselor
    house.session.commit()
    page = chosen(house, "supervisor", "case", "hand_over", cases).text
    answers = {"to": house.cast.lestari.id, "reason": REASON}
    assert "Berhasil: 2" in done(house, "supervisor", "case", "hand_over", page, **answers).text
    assert {again(house, one).counsellor for one in cases} == {house.cast.lestari}


def test_rows_out_of_sight_are_not_acted_on(house: House) -> None:
    mine, taken = house.office.report(), house.office.taken()
    house.session.commit()
    desk = house.desk("petugas2")
    data = MultiDict([("csrf_token", csrf_token(desk.get("/admin/report/").text))])
    data.setlist("row", [f"{one.id}:{one.version_id}" for one in (mine, taken)])
    result = desk.client.post("/admin/report/tindakan/take/", data=data).text
    assert "Berhasil: 1" in result and "tidak lagi terbuka" in result
    assert taken.number not in result
    assert again(house, taken).owner is house.cast.sari


@pytest.mark.parametrize(
    ("username", "table", "act", "status"),
    [
        ("petugas", "case", "approve", 404),
        ("supervisor", "case", "reject", 404),
        ("supervisor", "case", "abracadabra", 404),
        ("pimpinan", "case", "approve", 403),
    ],
)
def test_only_acts_for_several_rows_are_offered_and_only_to_their_role(
    house: House, username: str, table: str, act: str, status: int
) -> None:
    desk = house.desk(username)
    data = {"csrf_token": csrf_token(desk.get("/admin/akun/").text), "action": act, "rowid": "1"}
    assert desk.client.post(f"/admin/{table}/action/", data=data).status_code == status


def test_too_many_or_hostile_rows_are_refused(house: House) -> None:
    desk = house.desk("supervisor")
    token = csrf_token(desk.get("/admin/akun/").text)
    for rows in ([f"{n}:1" for n in range(101)], ["1:x"], ["é"]):
        data = MultiDict([("csrf_token", token), *(("row", row) for row in rows)])
        answer = desk.client.post("/admin/case/tindakan/approve/", data=data)
        assert answer.status_code in (303, 400, 404)
    data = MultiDict([("csrf_token", token), ("rowid", "99999999999999999999")])
    assert desk.client.post("/admin/case/tindakan/approve/", data=data).status_code == 404
    assert house.session.scalars(select(Case)).all() == []
    assert house.session.scalars(select(Report)).all() == []
