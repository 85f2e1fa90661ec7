"""How cases end: no nota about a case that changed meanwhile, nobody who is harmed forgotten."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import (
    Case,
    CaseStatus,
    Decision,
    InterventionState,
    Letter,
    Notice,
    Order,
    Person,
    Risk,
    Safety,
    Victim,
)
from portal.access import scope
from portal.casework import cases, monitoring, reports, termination
from portal.casework.lifecycle import Refused, Stale, obstacles
from portal.letters import register
from tests.support.databases import on_postgres
from tests.support.office import Office


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def add_victim(session, case):
    person = Person(name="Melati Rekaan", disabilities=[])
    session.add(Victim(case=case, person=person))
    session.flush()


@on_postgres
def test_a_victim_added_while_the_nota_was_tried_is_not_left_without_monitoring(
    office, session, cast, monkeypatch
):
    case = office.case(CaseStatus.termination_proposed)
    tried = register.trial

    def meanwhile(mine, kind, content):
        with type(session)(session.get_bind(), info={"viewer": scope.SYSTEM}) as other:
            add_victim(other, other.get_one(Case, case.id))
            other.commit()
        return tried(mine, kind, content)

    monkeypatch.setattr(register, "trial", meanwhile)
    with pytest.raises(Stale):
        office.terminate(case)
    session.rollback()
    monkeypatch.undo()
    assert session.scalars(select(Letter).filter_by(kind="nota_terminasi")).all() == []
    office.terminate(case)
    assert len(case.monitorings) == 6


def test_a_service_begun_after_the_proposal_holds_the_termination_up(office, session):
    case = office.case(CaseStatus.termination_proposed)
    office.serve(case).state = InterventionState.ongoing
    with pytest.raises(Refused, match="1 layanan"):
        office.terminate(case)


def settled(office, safety=Safety.aman):
    """A case in monitoring whose contacts are all done, the last one with `safety`."""
    case = office.case(CaseStatus.monitoring)
    *early, last = case.monitorings
    for contact in early:
        office.visit(contact)
    office.visit(last, safety)
    office.session.commit()
    office.now = datetime(2026, 6, 3, 3, tzinfo=UTC)
    return case


def test_a_case_is_not_closed_over_a_victim_whom_nobody_monitored(office, session, cast):
    case = settled(office)
    add_victim(session, case)
    session.expire(case)
    [sentence] = obstacles(case, "close", cast.maya)
    assert "tanpa jadwal monitoring" in sentence
    office.reopen(case)
    office.propose_termination(case)
    office.terminate(case)
    assert len([one for one in case.monitorings if one.state == "scheduled"]) == 6


def test_a_counsellor_does_not_close_over_danger_but_a_supervisor_decides(office, session, cast):
    case = settled(office, Safety.dalam_bahaya)
    with pytest.raises(Refused, match="menemukan bahaya"):
        termination.close(session, case, cast.maya, office.tick())
    session.rollback()
    assert obstacles(case, "reopen", cast.budi) == []
    termination.close(session, case, cast.budi, office.tick())
    assert case.status is CaseStatus.closed


def test_danger_that_has_passed_does_not_hold_up(office, session, cast):
    case = office.case(CaseStatus.monitoring)
    first, second, third = case.monitorings
    office.visit(first, Safety.dalam_bahaya)
    office.visit(second, Safety.aman)
    monitoring.excuse(session, third, cast.maya, office.tick(), "Korban pindah")
    assert obstacles(case, "close", cast.maya) == []


def test_a_case_ends_a_second_time_with_notas_of_its_own(office, session, cast):
    case = office.case(CaseStatus.closed)
    office.reopen(case)
    for act in ("propose_termination", "terminate", "close"):
        office.do(act, case)
    session.commit()
    first, second = case.terminations
    assert (first.decision, first.reopened_at is None) == (Decision.approved, False)
    assert termination.in_force(case) is second
    assert len({first.letter, first.final_letter, second.letter, second.final_letter}) == 4
    assert len(case.monitorings) == 6


def test_an_officer_who_left_records_no_contact(office, session, cast):
    contact = office.case(CaseStatus.monitoring).monitorings[0]
    cast.maya.active = False
    assert monitoring.obstacles(contact, cast.maya)


# --- approvals taken back -------------------------------------------------------------------


def own_case(office, cast):
    """Approved in an emergency by Budi, who identified it."""
    report = office.report()
    reports.take(office.session, report, cast.budi, office.tick())
    found = reports.Identification(risk=Risk.darurat)
    case = reports.identify(office.session, report, cast.budi, office.tick(), found)
    plan, reason = office.plan(), "Sendirian piket"
    cases.approve(office.session, case, cast.budi, office.tick(), plan, emergency_reason=reason)
    office.session.commit()
    return case


def test_the_reason_of_an_emergency_stays_in_the_timeline(office, session, cast):
    case = own_case(office, cast)
    office.withdraw_order(case)
    session.commit()
    assert case.emergency_reason is None
    assert [event.note for event in case.events if event.kind == "approve"] == ["Sendirian piket"]


def test_a_review_ends_with_the_approval_it_reviewed(office, session, cast):
    case = own_case(office, cast)
    cases.review_emergency(session, case, cast.dewi, office.tick(), "Sudah benar")
    office.withdraw_order(case)
    session.commit()
    assert (case.reviewed_by, case.reviewed_at, case.review_note) == (None, None, None)


def test_the_counsellor_hears_that_the_order_is_void(office, session, cast):
    office.withdraw_order(office.case(CaseStatus.approved))
    session.commit()
    told = session.scalars(select(Notice.officer_id).filter_by(kind="order_voided")).all()
    assert set(told) == {cast.joko.id, cast.maya.id}


# --- what the tables themselves refuse ------------------------------------------------------


def test_the_database_refuses_a_second_order_in_force(office, session):
    case = office.case(CaseStatus.approved)
    facts = ("task", "place", "starts_on", "ends_on", "basis", "issued_by", "issued_at")
    session.add(Order(case=case, **{name: getattr(case.orders[0], name) for name in facts}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_a_second_termination_in_force(office, session):
    case = office.case(CaseStatus.closed)
    office.reopen(case)
    for act in ("propose_termination", "terminate"):
        office.do(act, case)
    case.terminations[0].reopened_at = None
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_a_review_without_its_time(office, session, cast):
    case = own_case(office, cast)
    case.reviewed_by = cast.dewi
    with pytest.raises(IntegrityError):
        session.flush()
