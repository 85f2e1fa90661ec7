"""A missed contact escalates: once, to whoever must act, and no more once it was settled."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from models import CaseStatus, Monitoring, Notice, Role
from portal import jobs
from portal.casework import monitoring
from tests.support.at_once import at_once_each
from tests.support.databases import both_engines
from tests.support.office import Office


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def told(session):
    return sorted(session.scalars(select(Notice.officer_id).filter_by(kind="monitoring_missed")))


def evening(day, days=0):
    """23.30 in Malang on `day`, when the day before has long begun in Greenwich."""
    return datetime(day.year, day.month, day.day, 16, 30, tzinfo=UTC) + timedelta(days=days)


def test_a_missed_contact_is_told_to_counsellor_and_supervisors_once(office, session, cast):
    case = office.case(CaseStatus.monitoring)
    first = case.monitorings[0]
    assert monitoring.escalate(session, evening(first.due_on)) == 0
    version = first.version_id
    assert monitoring.escalate(session, evening(first.due_on, days=1)) == 1
    session.commit()
    assert monitoring.escalate(session, evening(first.due_on, days=2)) == 0
    assert told(session) == sorted([cast.maya.id, cast.budi.id])
    assert first.version_id == version


def test_the_day_is_that_of_malang(office, session):
    """Half past midnight in Malang is still the day before in Greenwich."""
    first = office.case(CaseStatus.monitoring).monitorings[0]
    midnight = evening(first.due_on) + timedelta(hours=1)
    assert monitoring.escalate(session, midnight) == 1


@pytest.mark.parametrize("settled", ["done", "excused", "reopened"])
def test_what_was_settled_does_not_escalate(office, session, cast, settled):
    case = office.case(CaseStatus.monitoring)
    first = case.monitorings[0]
    if settled == "done":
        office.visit(first)
    elif settled == "excused":
        monitoring.excuse(session, first, cast.maya, office.tick(), "Korban pindah")
    else:
        office.reopen(case)
    session.commit()
    assert monitoring.escalate(session, evening(first.due_on, days=1)) == 0


@both_engines
def test_two_workers_on_the_same_clock_tell_once(office, session, engine):
    first = office.case(CaseStatus.monitoring).monitorings[0]
    now = evening(first.due_on, days=1)
    session.rollback()
    found = at_once_each(engine, 3, lambda own: monitoring.escalate(own, now))
    assert sum(one for one in found if isinstance(one, int)) == 1
    session.rollback()
    assert len(told(session)) == 2


def test_the_worker_keeps_this_clock(app: Flask, session, cast):
    office = Office(session, cast, datetime(2025, 3, 3, 2, 0, tzinfo=UTC))
    case = office.case(CaseStatus.monitoring)
    jobs.work_off(app)
    session.rollback()
    assert all(one.escalated_at for one in session.scalars(select(Monitoring)))
    assert set(told(session)) == {cast.maya.id, cast.budi.id}
    assert case.counsellor.role is Role.konselor
