"""Whoever is kept from a matter meets it by no other row that speaks of it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models import CaseStatus, Conflict, DataRequest, LegalHold, Notice, RequestKind
from portal.access import scope
from portal.casework import conflicts, conversations, intake, talk_acts, visits
from tests.support.cast import Cast
from tests.support.databases import both_engines
from tests.support.office import Office

IPAR = (Conflict.kerabat, "Ipar terlapor")


@pytest.fixture
def office(session: Session, cast: Cast) -> Office:
    return Office(session, cast)


@both_engines
def test_a_reporter_who_speaks_of_a_case_too_is_heard_by_somebody_else(
    office: Office, session: Session, cast: Cast
) -> None:
    """Sari has the report and is kept from the case its reporter also writes about."""
    case, report = office.case(CaseStatus.handling), office.taken()
    talk = conversations.of_report(session, report, office.tick())
    assert report.owner is cast.sari and talk.owner is cast.sari
    conflicts.exclude(session, case, cast.budi, office.tick(), cast.sari, *IPAR)
    talk_acts.link(session, talk, cast.budi, office.tick(), case)
    assert any(case.number in one.body for one in talk.messages)
    assert scope.sees(session, cast.sari, report)
    assert not scope.sees(session, cast.sari, talk)
    assert not scope.sees(session, cast.sari, talk.messages[-1])
    intake.add_message(session, report, "Masih ada lagi", office.tick())
    assert talk.owner is None  # it waits for a colleague who may read it
    assert scope.sees(session, cast.budi, talk)


def test_who_is_kept_from_a_thread_begins_no_second_one(
    office: Office, session: Session, cast: Cast
) -> None:
    case, report = office.case(CaseStatus.handling), office.taken()
    talk = conversations.of_report(session, report, office.tick())
    conflicts.exclude(session, case, cast.budi, office.tick(), cast.sari, *IPAR)
    talk_acts.link(session, talk, cast.budi, office.tick(), case)
    session.flush()
    session.expire_all()
    scope.view_as(session, cast.sari)
    try:
        assert report.conversation is None
        assert conversations.of_report(session, report, office.tick()).id == talk.id
    finally:
        session.info["viewer"] = scope.SYSTEM


@both_engines
def test_the_visit_of_a_report_goes_out_of_sight_with_it(
    office: Office, session: Session, cast: Cast
) -> None:
    told = visits.arrive(session, cast.sari, office.tick(), note="Adik Ratna melapor")
    report = office.taken(channel="datang_langsung")
    visits.became(session, told, report, cast.sari, office.tick())
    assert scope.sees(session, cast.ratna, told)
    conflicts.exclude(session, report, cast.budi, office.tick(), cast.ratna, *IPAR)
    assert not scope.sees(session, cast.ratna, told) and scope.sees(session, cast.sari, told)
    scope.view_as(session, cast.ratna)
    try:
        at = told.arrived_at + timedelta(minutes=1)
        assert visits.arrive(session, cast.ratna, at).queue_number == told.queue_number + 1
    finally:
        session.info["viewer"] = scope.SYSTEM


@both_engines
def test_who_is_kept_from_a_case_meets_nothing_of_the_reports_that_led_to_it(
    office: Office, session: Session, cast: Cast
) -> None:
    """What spoke of the report before there was a case names the report alone."""
    case, other = office.case(CaseStatus.handling), office.case()
    rows = []
    for report in (case.reports[0], other.reports[0]):
        about = {"report_id": report.id, "case_id": None}
        hold = LegalHold(**about, reason="Sidang", placed_by=cast.dewi)
        asked = DataRequest(
            number=f"PD-2026-{report.id}",
            kind=RequestKind.access,
            person=report.reporter.person,
            received_at=office.now,
            asked_by="sendiri",
            identity_check="kartu_identitas",
            due_at=office.now,
            officer=cast.sari,
        )
        rows.append([Notice(officer=cast.dewi, kind="report_new", **about), hold, asked])
        session.add_all(rows[-1])
    conflicts.exclude(session, case, cast.dewi, office.tick(), cast.dewi, *IPAR)
    session.commit()
    assert [scope.sees(session, cast.dewi, one) for one in rows[0]] == [False] * 3
    assert [scope.sees(session, cast.dewi, one) for one in rows[1]] == [True] * 3
