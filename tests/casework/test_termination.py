"""Steps 6 and 7: termination by two pairs of eyes, three contacts, the final nota."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models import Agreement, CaseStatus, DayOff, MonitoringState, Notice, Safety
from portal.access import scope
from portal.casework import cases, monitoring, termination
from portal.casework.lifecycle import Refused
from tests.support.office import Office


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def test_termination_schedules_three_contacts_on_working_days_for_each_victim(office, session):
    session.add(DayOff(day=date(2026, 4, 2), name="Hari rekaan", source="uji coba"))
    case = office.case(CaseStatus.monitoring)  # terminated on Monday 2 March 2026
    due = [one.due_on for one in case.monitorings]
    assert due == [date(2026, 4, 3), date(2026, 5, 4), date(2026, 6, 2)]
    assert case.terminations[0].letter.dated == date(2026, 3, 2)


def test_the_proposer_never_decides(office, session, cast):
    case = office.case(CaseStatus.termination_proposed)
    case.terminations[0].proposed_by = cast.budi
    with pytest.raises(Refused, match="tidak boleh memutuskannya"):
        office.terminate(case)


def test_an_open_service_holds_the_proposal_up(office, session, cast):
    case = office.case(CaseStatus.handling)
    service = office.serve(case)
    service.state = "ongoing"
    with pytest.raises(Refused, match="1 layanan"):
        proposal = termination.Proposal("tujuan_tercapai", "Ringkasan", Agreement.setuju)
        termination.propose(session, case, cast.maya, office.tick(), proposal)


def test_only_the_counsellor_in_charge_proposes(office, session, cast):
    case = office.case(CaseStatus.handling)
    with pytest.raises(Refused):
        proposal = termination.Proposal("tujuan_tercapai", "Ringkasan", Agreement.setuju)
        termination.propose(session, case, cast.lestari, office.tick(), proposal)


def test_disagreement_of_the_victim_must_be_explained(office, session, cast):
    case = office.case(CaseStatus.handling)
    with pytest.raises(Refused, match="Jelaskan"):
        proposal = termination.Proposal("permintaan_korban", "Ringkas", Agreement.tidak_setuju)
        termination.propose(session, case, cast.maya, office.tick(), proposal)


def test_a_refused_proposal_returns_to_handling_and_can_be_made_again(office, session, cast):
    case = office.case(CaseStatus.termination_proposed)
    office.refuse_termination(case)
    assert case.status is CaseStatus.handling
    office.propose_termination(case)
    office.terminate(case)
    assert [one.decision for one in case.terminations] == ["refused", "approved"]


def test_closing_waits_for_every_contact_done_or_excused(office, session, cast):
    case = office.case(CaseStatus.monitoring)
    first, second, third = case.monitorings
    office.visit(first)
    office.visit(second)
    with pytest.raises(Refused, match="Masih ada 1 monitoring"):
        termination.close(session, case, cast.maya, office.tick())
    monitoring.excuse(session, third, cast.maya, office.tick(), "Korban pindah, tidak terlacak")
    office.now = datetime(2026, 6, 3, 3, tzinfo=UTC)
    termination.close(session, case, cast.maya, office.tick())
    assert case.status is CaseStatus.closed
    assert case.terminations[0].final_letter.number == 1


def test_danger_found_while_monitoring_is_told_to_who_decided(office, session, cast):
    case = office.case(CaseStatus.monitoring)
    office.visit(case.monitorings[0], Safety.dalam_bahaya)
    told = session.scalars(select(Notice.officer_id).filter_by(kind="victim_in_danger")).all()
    assert set(told) == {cast.budi.id}


def test_danger_reaches_another_supervisor_where_the_deciding_one_has_left(office, session, cast):
    case = office.case(CaseStatus.monitoring)
    cast.budi.active = False
    office.visit(case.monitorings[0], Safety.dalam_bahaya)
    told = session.scalars(select(Notice.officer_id).filter_by(kind="victim_in_danger")).all()
    assert set(told) == {cast.dewi.id}
    assert scope.sees(session, cast.dewi, case)


def test_a_contact_in_the_future_or_by_somebody_else_is_refused(office, session, cast):
    case = office.case(CaseStatus.monitoring)
    [first, *_] = case.monitorings
    seen = monitoring.Visit(first.due_on, "telepon", "baik", Safety.aman)
    with pytest.raises(Refused, match="masa depan"):
        monitoring.record(session, first, cast.maya, office.tick(), seen, today=date(2026, 3, 3))
    with pytest.raises(Refused, match="konselor penanggung jawab"):
        monitoring.record(session, first, cast.joko, office.tick(), seen, today=first.due_on)


def test_reopening_cancels_the_open_contacts_and_a_new_termination_plans_its_own(office, session):
    case = office.case(CaseStatus.monitoring)
    office.visit(case.monitorings[0])
    office.reopen(case)
    states = [one.state for one in case.monitorings]
    assert states == [MonitoringState.done, MonitoringState.cancelled, MonitoringState.cancelled]
    office.now = datetime(2026, 4, 10, 3, tzinfo=UTC)
    office.propose_termination(case)
    office.terminate(case)
    session.refresh(case)
    assert len(case.monitorings) == 6


def test_handing_over_moves_the_case_to_another_counsellor(office, session, cast):
    case = office.case(CaseStatus.handling)
    with pytest.raises(Refused, match="konselor lain"):
        cases.hand_over(session, case, cast.budi, office.tick(), cast.maya, "Cuti")
    with pytest.raises(Refused, match="konselor lain"):
        cases.hand_over(session, case, cast.budi, office.tick(), cast.joko, "Cuti")
