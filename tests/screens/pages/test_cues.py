"""Urgent words on the officers' side: shown where they stand, judged, counted, edited, tried."""

import re

import pytest
from sqlalchemy import select

from models import Cue, CueFinding
from portal.casework import intake
from tests.screens.generated.conftest import House


@pytest.fixture
def report(house: House):
    """A report with urgent words in its story and in a message; Sari works on it."""
    report = house.office.taken(narrative="Saya diancam dengan pisau.")
    intake.add_message(house.session, report, "Dia mau bunuh saya", house.office.tick())
    house.session.commit()
    return report


def page_of(report):
    return f"/admin/report/details/?id={report.id}"


def judge(desk, finding, answer, back=""):
    return desk.post(f"/admin/cue_finding/?id={finding.id}&url={back}", {"mendesak": answer})


def findings(house):
    house.session.rollback()
    return list(house.session.scalars(select(CueFinding).order_by(CueFinding.id)))


def test_the_page_of_a_report_shows_the_words_that_caused_it(house, report):
    page = house.desk("petugas").get(page_of(report)).text
    assert "Kata mendesak dalam kronologi" in page
    assert "pisau" in page
    assert '<mark class="cue-mark">bunuh</mark>' in page


def test_the_list_of_reports_marks_and_narrows_to_what_is_urgent(house, report):
    calm = house.office.report(narrative="Tidak banyak.")
    house.session.commit()
    desk = house.desk("supervisor")
    assert "Mendesak" in desk.get("/admin/report/").text
    page = desk.get("/admin/report/?mendesak=ya").text
    assert report.number in page
    assert calm.number not in page


def test_an_officer_says_whether_it_is_urgent(house, report):
    desk = house.desk("petugas")
    for finding in findings(house):
        answer = judge(desk, finding, "tidak", page_of(report).replace("?", "%3F"))
        assert answer.status_code == 303
        assert answer.location.startswith("/admin/report/details/")
    assert {one.accepted for one in findings(house)} == {False}
    assert not report.conversation.urgent
    assert "bukan mendesak" in desk.get(page_of(report)).text


@pytest.mark.parametrize(("answer", "back"), [("mungkin", ""), ("ya", "https://jahat.example/")])
def test_a_made_up_answer_changes_nothing(house, report, answer, back):
    assert judge(house.desk("petugas"), findings(house)[0], answer, back).status_code == 400
    assert findings(house)[0].accepted is None


def test_nobody_judges_what_they_do_not_see(house, report):
    finding = findings(house)[0]
    assert judge(house.desk("petugas2"), finding, "ya").status_code == 404
    assert judge(house.desk("admin"), finding, "ya").status_code == 403


def test_the_list_of_words_counts_what_officers_said(house, report):
    first, _second = findings(house)
    judge(house.desk("petugas"), first, "ya")
    page = house.desk("supervisor").get(f"/admin/cue/details/?id={first.cue_id}").text
    assert re.search(r"Benar mendesak</dt>\s*<dd[^>]*>\s*1", page)


def new_cue(desk, pattern):
    data = {"pattern": pattern, "category": "senjata", "language": "id", "active": "y"}
    return desk.post("/admin/cue/new/", data)


def test_a_supervisor_adds_a_word_and_it_is_found_from_then_on(house):
    assert new_cue(house.desk("supervisor"), "celurit besar*").status_code in (302, 303)
    assert house.office.report(narrative="Membawa celurit besarnya").conversation.urgent


@pytest.mark.parametrize("pattern", ["(a+)+$", "a*", "...", "pisau*"])
def test_a_word_that_cannot_be_used_is_refused_beside_its_field(house, pattern):
    answer = new_cue(house.desk("supervisor"), pattern)
    assert answer.status_code in (200, 422)
    assert 'id="pattern-error"' in answer.text


def test_admin_reads_the_words_and_others_do_not_change_them(house):
    assert house.desk("admin").get("/admin/cue/").status_code == 200
    assert house.desk("konselor").get("/admin/cue/").status_code == 403
    key = house.session.scalars(select(Cue.id)).first()
    for name in ("admin", "petugas"):
        assert house.desk(name).get(f"/admin/cue/edit/?id={key}").status_code == 403


def test_any_text_can_be_tried_and_is_forgotten(house):
    page = house.desk("petugas").post("/admin/cue/coba/", {"text": "dia <b>bawa</b> pisau"}).text
    assert '&lt;b&gt;bawa&lt;/b&gt; <mark class="cue-mark">pisau</mark>' in page
    assert findings(house) == []
    calm = house.desk("petugas").post("/admin/cue/coba/", {"text": "halo"}).text
    assert "Tidak ada kata mendesak" in calm
    assert house.desk("petugas").post("/admin/cue/coba/", {"text": " "}).status_code == 422
