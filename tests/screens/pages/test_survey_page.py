"""The index of the survey on the officers' side: for supervisor and head, never an answer alone."""

import html

import pytest
from sqlalchemy import select

from models import AuditEntry, SurveyAnswer
from portal.protection import audit
from tests.screens.generated.conftest import House


@pytest.fixture
def answered(house: House):
    """Five opinions of March 2026, one of July."""
    rows = [(3, [3] * 9)] * 5 + [(7, [4] * 9)]
    house.session.add_all(
        SurveyAnswer(year=2026, month=month, channel="website", scores=list(scores))
        for month, scores in rows
    )
    house.session.commit()
    return house


def test_the_index_of_a_period_is_computed(answered):
    page = answered.desk("supervisor").get("/admin/survei/?tahun=2026&bagian=t1").text
    assert "75,00" in page
    assert "C (Kurang baik)" in page
    assert "Jawaban masih sedikit (5)" in page


def test_a_single_answer_is_never_shown(answered):
    page = answered.desk("pimpinan").get("/admin/survei/?tahun=2026&bagian=s2").text
    assert "100,00" not in page
    assert "Indeks belum dapat dihitung" in page


@pytest.mark.parametrize("query", ["", "?tahun=abad&bagian=xx", "?tahun=1999", "?tahun=0000"])
def test_any_address_shows_some_period(answered, query):
    assert answered.desk("supervisor").get(f"/admin/survei/{query}").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_figures_leave_with_a_reason_and_a_line_of_who_took_them(answered, kind):
    desk, address = answered.desk("pimpinan"), f"/admin/survei/export/{kind}/?tahun=2026&bagian=t1"
    page = desk.get("/admin/survei/?tahun=2026&bagian=t1").text
    assert address in html.unescape(page) and "Triwulan I 2026" in desk.get(address).text
    assert desk.post(address, {"why": "x"}).status_code == 422
    answered.session.rollback()
    exported = select(AuditEntry).filter_by(event="exported")
    assert answered.session.scalars(exported).all() == []
    file = desk.post(address, {"why": "Laporan kepuasan untuk dinas"})
    if kind == "csv":
        assert (
            '"Indeks"' in file.text and "oleh Hadi Purnomo (Pimpinan)" in file.text.splitlines()[-1]
        )
    answered.session.rollback()
    (noted,) = answered.session.scalars(exported)
    assert audit.details_of(noted)["why"] == "Laporan kepuasan untuk dinas"


@pytest.mark.parametrize("name", ["petugas", "admin", "auditor", "konselor"])
def test_others_do_not_see_it(answered, name):
    for address in ("/admin/survei/", "/admin/survei/export/csv/"):
        assert answered.desk(name).get(address).status_code == 403
