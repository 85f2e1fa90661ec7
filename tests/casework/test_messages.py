"""What the reporter writes reaches somebody who can open it; they read of nobody else."""

import pytest
from sqlalchemy import select

from models import CaseStatus, Notice, Report
from portal.access import scope
from portal.casework import intake, reports, tracking
from portal.db import reading
from tests.support.office import Office


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def told(office, report):
    """Who is told of a new message of the reporter."""
    office.session.commit()
    intake.add_message(office.session, report, "Apakah ada kabar?", office.tick())
    office.session.commit()
    query = select(Notice.officer_id).filter_by(kind="report_message")
    return set(office.session.scalars(query))


def can_open(office, officer_id, report_id):
    """Whether this officer meets the report."""
    eyes = type(office.session)(reading(office.session.get_bind()))
    officer = next(one for one in office.cast if one.id == officer_id)
    scope.view_as(eyes, officer)
    return eyes.get(Report, report_id) is not None


@pytest.mark.parametrize("status", CaseStatus)
def test_whoever_is_told_of_a_message_can_open_it(office, status):
    report = office.case(status).reports[0]
    office.session.rollback()
    officers = told(office, report)
    assert officers
    assert all(can_open(office, one, report.id) for one in officers)


def test_a_message_about_an_unclaimed_report_goes_to_all_of_intake(office, cast):
    assert told(office, office.report()) == {
        one.id for one in (cast.sari, cast.ratna, cast.budi, cast.dewi)
    }


def test_a_message_to_somebody_who_left_goes_to_the_supervisors(office, cast):
    report = office.taken()
    cast.sari.active = False
    assert told(office, report) == {cast.budi.id, cast.dewi.id}


def test_supervisors_read_what_was_joined_to_a_case_that_waits_for_them(office, session, cast):
    case, other = office.case(), office.report(channel="telepon")
    reports.take(session, other, cast.ratna, office.tick())
    reports.join(session, other, cast.ratna, office.tick(), case)
    assert told(office, other) == {cast.budi.id, cast.dewi.id}
    assert can_open(office, cast.dewi.id, other.id)
    assert not can_open(office, cast.ratna.id, other.id)


def lines(session, report, now):
    return [line.text for line in tracking.track(session, report.id, now).lines]


def test_a_step_stands_once_in_the_reporters_timeline(office, session):
    report = office.case().reports[0]
    shown = lines(session, report, office.now)
    assert len(shown) == len(set(shown)) == 3


def test_nobody_reads_that_somebody_else_reported_as_well(office, session, cast):
    case = office.case()
    own = case.reports[0]
    before = lines(session, own, office.now)
    second = office.taken(channel="telepon")
    reports.join(session, second, cast.sari, office.tick(), case)
    session.commit()
    assert lines(session, own, office.now) == before
