"""Steps 2 and 3: a report is taken, forwarded, identified, joined or ended with a reason."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models import CaseStatus, Officer, ReportStatus, Risk, Role
from portal.casework import clock, people, reports
from portal.casework.lifecycle import Refused
from tests.support.office import Office


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def test_a_taken_report_cannot_be_taken_twice(office, cast):
    report = office.taken()
    assert report.owner is cast.sari
    with pytest.raises(Refused, match="tidak berlaku"):
        reports.take(office.session, report, cast.ratna, office.tick())


def test_only_the_owner_or_a_supervisor_identifies(office, session, cast):
    report = office.taken()
    with pytest.raises(Refused, match="Ambil laporan"):
        reports.dismiss(session, report, cast.ratna, office.tick(), "spam", "Iklan")


def test_identification_opens_a_case_with_the_people_and_facts_of_the_report(office):
    case = office.case(risk=Risk.tinggi)
    [report] = case.reports
    assert case.status is CaseStatus.identified
    assert case.narrative == report.narrative
    assert [victim.person.name for victim in case.victims] == ["Bunga Rekaan"]
    assert case.suspects[0].relation == "orang_tua"
    assert case.events[0].kind == "identify"
    assert case.number.startswith("KS-2026-")


def test_a_report_that_names_nobody_harmed_is_completed_first(office, cast):
    report = office.taken(victims=[])
    with pytest.raises(Refused, match="siapa korbannya"):
        found = reports.Identification(risk=Risk.rendah)
        reports.identify(office.session, report, cast.sari, office.tick(), found)


@pytest.mark.parametrize("outcome", reports.OUTCOMES)
def test_every_other_outcome_needs_its_reason_and_stops_the_clock(office, session, cast, outcome):
    report = office.taken()
    with pytest.raises(Refused, match="alasan"):
        reports.dismiss(session, report, cast.sari, office.tick(), outcome, " ")
    session.rollback()
    reports.take(session, report, cast.sari, office.tick())
    reports.dismiss(session, report, cast.sari, office.tick(), outcome, "Alasan rekaan")
    session.commit()
    assert report.status is ReportStatus(outcome)
    assert report.decided_at is not None
    reports.resume(session, report, cast.budi, office.tick(), "Salah tandai")
    assert report.status is ReportStatus.in_progress


def test_the_database_itself_refuses_an_outcome_without_a_reason(office, session):
    report = office.taken()
    report.status = ReportStatus.spam
    with pytest.raises(IntegrityError):
        session.flush()


def test_joining_brings_the_report_to_the_old_case_and_no_victim_twice(office, session, cast):
    case = office.case(CaseStatus.handling)
    report = office.taken(channel="telepon")
    reports.join(session, report, cast.sari, office.tick(), case, "Korban yang sama")
    assert report.status is ReportStatus.joined
    assert report in case.reports
    assert report.decided_at is not None


def test_an_ended_case_takes_no_report(office, session, cast):
    case = office.case(CaseStatus.closed)
    report = office.taken()
    with pytest.raises(Refused, match="sudah berakhir"):
        reports.join(session, report, cast.sari, office.tick(), case)


def test_forwarding_names_who_when_and_who_accepted(office, session, cast):
    report = office.taken(channel="telepon")
    reports.forward(session, report, cast.sari, office.tick(), cast.ratna)
    with pytest.raises(Refused, match="tidak sedang diteruskan"):
        reports.accept_forward(session, report, cast.budi, office.tick())
    reports.accept_forward(session, report, cast.ratna, office.tick())
    assert report.owner is report.forward_accepted_by is cast.ratna
    assert report.forward_accepted_at > report.forwarded_at


def test_forwarding_to_oneself_or_to_a_disabled_officer_is_refused(office, session, cast):
    report = office.taken()
    gone = Officer(username="lama", name="Petugas Lama", role=Role.petugas, active=False)
    for nobody in (cast.sari, gone, cast.joko):
        with pytest.raises(Refused, match="petugas atau supervisor lain"):
            reports.forward(session, report, cast.sari, office.tick(), nobody)


def test_the_clock_runs_from_arrival_and_turns_red_after_thirty_minutes(office, session):
    report = office.report()
    assert not clock.of_report(report, report.received_at + timedelta(minutes=30)).over
    assert clock.of_report(report, report.received_at + timedelta(minutes=31)).over


def test_a_visitor_at_the_counter_has_ten_minutes(office, session):
    report = office.report(channel="datang_langsung")
    waiting = clock.at_the_counter(report, report.received_at + timedelta(minutes=11))
    assert waiting and waiting.over and waiting.running
    assert clock.at_the_counter(office.report(), office.now) is None


@pytest.mark.parametrize(
    "wanted",
    [
        people.Wanted(name="boenga"),
        people.Wanted(name="BUNGA rek"),
        people.Wanted(phone="0812-0000-001"),
        people.Wanted(name="tono"),
    ],
)
def test_an_earlier_case_is_found_by_any_of_its_people(office, session, cast, wanted):
    case = office.case(CaseStatus.handling)
    [found] = people.search(session, cast.budi, wanted)
    assert found.case is case


def test_outside_the_scope_the_answer_is_only_who_handles_it(office, session, cast):
    office.case(CaseStatus.handling)
    [found] = people.search(session, cast.ratna, people.Wanted(name="Bunga"))
    assert (found.case, found.handled_by) == (None, cast.maya)


def test_nobody_is_found_by_nothing(office, session, cast):
    office.case()
    assert people.search(session, cast.budi, people.Wanted()) == []
    assert people.search(session, cast.budi, people.Wanted(name="%")) == []
