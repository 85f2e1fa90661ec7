"""Step 4: verification. One transaction makes approval, order, letter, task and notices."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import CaseStatus, Job, Letter, Notice, Order, OutreachState, Risk
from portal.casework import cases, reports
from portal.casework.lifecycle import Refused, Stale
from tests.support.office import Office


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def test_approving_opens_order_letter_outreach_and_tells_everybody(office, session, cast):
    case = office.case()
    office.approve(case)
    session.commit()
    [order] = case.orders
    assert case.status is CaseStatus.approved
    assert order.letter.printed.endswith("/2026")
    assert case.outreaches[0].state is OutreachState.assigned
    assert case.counsellor is cast.maya
    told = session.scalars(select(Notice.officer_id).filter_by(kind="order_issued"))
    assert set(told) == {cast.joko.id, cast.maya.id}
    assert session.scalar(select(Job.kind)) == "render_letter"


def test_the_first_decision_stops_the_thirty_minutes(office, session):
    case = office.case()
    [report] = case.reports
    assert report.decided_at is None
    office.give_back(case)
    session.expire(report)
    decided = report.decided_at
    office.correct(case)
    office.approve(case)
    session.expire(report)
    assert report.decided_at == decided


def test_who_identified_a_case_does_not_approve_it(office, session, cast):
    case = own_case(office, cast, Risk.tinggi)
    with pytest.raises(Refused, match="supervisor lain"):
        office.approve(case)
    session.rollback()
    assert case.status is CaseStatus.identified
    assert not case.orders


def test_in_an_emergency_they_may_with_a_reason_which_another_supervisor_reviews(
    office, session, cast
):
    case = own_case(office, cast, Risk.darurat)
    with pytest.raises(Refused, match="alasan darurat"):
        cases.approve(session, case, cast.budi, office.tick(), office.plan())
    session.rollback()
    cases.approve(
        session, case, cast.budi, office.tick(), office.plan(), emergency_reason="Sendirian piket"
    )
    session.commit()
    notices = session.scalars(select(Notice.officer_id).filter_by(kind="emergency_approval")).all()
    assert notices == [cast.dewi.id]
    with pytest.raises(Refused):
        cases.review_emergency(session, case, cast.budi, office.tick(), "Sudah benar")
    session.rollback()
    cases.review_emergency(session, case, cast.dewi, office.tick(), "Sudah benar")
    assert case.reviewed_by is cast.dewi


def own_case(office, cast, risk):
    report = office.report()
    reports.take(office.session, report, cast.budi, office.tick())
    found = reports.Identification(risk=risk)
    case = reports.identify(office.session, report, cast.budi, office.tick(), found)
    office.session.commit()
    return case


def test_a_form_opened_before_a_colleague_acted_changes_nothing(office, session, cast):
    case = office.case()
    seen = case.version_id
    office.give_back(case)
    office.correct(case)
    session.commit()
    with pytest.raises(Stale):
        cases.approve(session, case, cast.dewi, office.tick(), office.plan(), version=seen)
    session.rollback()
    assert session.scalars(select(Order)).all() == []
    assert session.scalars(select(Letter)).all() == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"officers": []}, "sedikitnya satu petugas"),
        ({"ends_on": "before"}, "Tanggal selesai"),
        ({"counsellor": "joko"}, "konselor aktif"),
        ({"officers": ["sari"]}, "penjangkau, konselor, atau pendamping"),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(office, session, cast, change, sentence):
    case, plan = office.case(), vars_of(office.plan())
    if "officers" in change:
        plan["officers"] = [getattr(cast, name) for name in change["officers"]]
    if "counsellor" in change:
        plan["counsellor"] = getattr(cast, change["counsellor"])
    if "ends_on" in change:
        plan["ends_on"] = plan["starts_on"] - timedelta(days=1)
    with pytest.raises(Refused, match=sentence):
        cases.approve(session, case, cast.budi, office.tick(), cases.OrderPlan(**plan))


def vars_of(plan):
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}


def test_withdrawing_needs_a_reason(office, session, cast):
    case = office.case(CaseStatus.approved)
    with pytest.raises(Refused, match="alasan"):
        cases.withdraw_order(session, case, cast.budi, office.tick(), "  ")
