"""The survey waits at `/lacak` when the work is over, leads back to nobody, and makes an index."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models import AuditEntry, CaseStatus, Report, SurveyAnswer
from portal.casework import receipts, survey
from portal.public import visit
from tests.support.office import Office

CODE = "AAAA-BBBB-CCCC-DDDD"
GOOD = {one.code: "3" for one in survey.ELEMENTS}


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def opened(visitor, session, report):
    report.receipt_hash = receipts.code_hash(CODE)
    session.commit()
    visitor.fill("/lacak", nomor=report.number, kode=CODE)
    return visitor.get("/lacak/laporan")


def answers(session):
    session.rollback()
    return list(session.scalars(select(SurveyAnswer)))


def test_an_opinion_is_given_once_and_without_a_name(visitor, session, office):
    report = office.case(CaseStatus.closed).reports[0]
    page = opened(visitor, session, report)
    assert "/lacak/penilaian" in page.links()
    assert "/pengaduan-layanan" in visitor.get("/lacak/penilaian").links()
    sent = visitor.fill("/lacak/penilaian", **GOOD)
    assert "Terima kasih" in visitor.get(sent.leads_to).words()
    (kept,) = answers(session)
    assert kept.scores == [3] * 9
    assert kept.channel == report.channel
    assert "/lacak/penilaian" not in visitor.get("/lacak/laporan").links()
    assert visitor.get("/lacak/penilaian").leads_to == "/lacak/laporan"


def test_nothing_leads_from_an_opinion_to_a_report(visitor, session, office):
    report = office.case(CaseStatus.closed).reports[0]
    opened(visitor, session, report)
    before = session.scalars(select(AuditEntry.id)).all()
    visitor.fill("/lacak/penilaian", **GOOD)
    session.rollback()
    session.refresh(report)
    local = report.surveyed_at.astimezone(visit.now().tzinfo)
    assert (local.minute, local.second) == (0, 0)
    assert session.scalars(select(AuditEntry.id)).all() == before
    assert {column.name for column in SurveyAnswer.__table__.columns} == {
        *("id", "year", "month", "channel", "scores")
    }


def test_no_question_must_be_answered_but_one(visitor, session, office):
    opened(visitor, session, office.case(CaseStatus.closed).reports[0])
    assert visitor.fill("/lacak/penilaian").status == 422
    assert visitor.fill("/lacak/penilaian", waktu="9").status == 422
    visitor.fill("/lacak/penilaian", waktu="1")
    assert answers(session)[0].scores == [0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_nobody_is_asked_while_the_work_goes_on(visitor, session, office):
    page = opened(visitor, session, office.case(CaseStatus.handling).reports[0])
    assert "/lacak/penilaian" not in page.links()
    assert visitor.get("/lacak/penilaian").leads_to == "/lacak/laporan"


def test_two_clicks_are_one_opinion(session, office):
    report = office.case(CaseStatus.closed).reports[0]
    session.commit()
    assert survey.answer(session, report.id, [4] * 9, office.now)
    assert not survey.answer(session, report.id, [1] * 9, office.now)
    session.commit()
    assert len(answers(session)) == 1
    assert session.get(Report, report.id).surveyed_at


# --- the index ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "letter"),
    [
        *(("25.00", "D"), ("64.99", "D"), ("65.00", "C"), ("76.60", "C")),
        *(("76.61", "B"), ("88.30", "B"), ("88.31", "A"), ("100.00", "A")),
    ],
)
def test_the_bounds_are_those_of_the_regulation(value, letter):
    assert survey.quality(Decimal(value)) == letter


def test_the_index_is_the_weighed_mean_times_twenty_five():
    rows = [[3, 3, 3, 4, 3, 3, 3, 3, 3]] * 4 + [[4, 4, 2, 4, 3, 3, 3, 3, 1]]
    found = survey.of_scores(rows)
    assert found.figures[0].mean == Decimal("3.20")
    assert found.figures[2].index == Decimal("70.00")
    assert found.value == Decimal("77.22")
    assert (found.quality, found.few) == ("B", True)


def test_fewer_than_five_answers_show_no_figure():
    rows = [[3] * 9] * 4 + [[3, 3, 0, 3, 3, 3, 3, 3, 3]]
    found = survey.of_scores(rows)
    assert found.figures[2].mean is None
    assert found.figures[1].mean == 3
    assert found.value is None


@given(st.lists(st.lists(st.integers(0, 4), min_size=9, max_size=9), max_size=30))
def test_an_index_lies_between_its_worst_and_best_answer(rows):
    found = survey.of_scores(rows)
    if found.value is not None:
        given_scores = [score for row in rows for score in row if score]
        low, high = min(given_scores) * 25, max(given_scores) * 25
        assert Decimal(low) <= found.value <= Decimal(high)
        assert found.quality in survey.QUALITY
