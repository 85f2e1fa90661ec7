"""Warnings before a limit, escalation after it: each once, to the right people, without a word."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from models import (
    CaseStatus,
    ClockAlarm,
    Duty,
    DutyKind,
    Job,
    Notice,
    Report,
    Risk,
    ServiceComplaint,
    Visit,
)
from portal import jobs, notices
from portal.casework import (
    alarms,
    cases,
    conversations,
    intake,
    pauses,
    reports,
    service_complaints,
)
from portal.indonesia.dates import WIB, local_date
from tests.support.at_once import at_once_each
from tests.support.databases import both_engines
from tests.support.office import Office

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=WIB).astimezone(UTC)
NIGHT = timedelta(hours=14)


@pytest.fixture
def office(session, cast):
    return Office(session, cast, MONDAY - MINUTE)


def told(session, kind):
    return sorted(session.scalars(select(Notice.officer_id).filter_by(kind=kind)))


def ids(*officers):
    return sorted(one.id for one in officers)


def on_roster(session, officer, kind=DutyKind.piket, now=MONDAY, **more):
    hours = {"from_at": now - timedelta(hours=1), "until_at": now + timedelta(hours=7)}
    session.add(Duty(officer=officer, kind=kind, **hours | more))
    session.commit()


# --- the thirty minutes ------------------------------------------------------------------------


def test_the_owner_is_warned_and_then_the_supervisors_each_once(office, session, cast):
    report = office.taken()
    session.commit()
    assert alarms.run(session, report.received_at + 20 * MINUTE) == 0
    assert alarms.run(session, report.received_at + 21 * MINUTE) == 1
    assert told(session, "report_soon") == ids(cast.sari)
    assert alarms.run(session, report.received_at + 29 * MINUTE) == 0
    assert alarms.run(session, report.received_at + 31 * MINUTE) == 1
    assert told(session, "report_over") == ids(cast.budi, cast.dewi)
    assert alarms.run(session, report.received_at + 60 * MINUTE) == 0


def test_what_was_overtaken_by_its_escalation_is_not_warned_of(office, session):
    report = office.taken()
    alarms.run(session, report.received_at + timedelta(days=2))
    assert told(session, "report_soon") == []
    assert len(told(session, "report_over")) == 2


def test_after_a_standstill_one_notice_speaks_of_all(office, session, cast):
    for _n in range(alarms.MANY + 2):
        office.report()
    assert alarms.run(session, office.now + timedelta(days=1)) == alarms.MANY + 2
    assert told(session, "report_over") == ids(cast.budi, cast.dewi)
    spoken = session.scalars(select(Notice).filter_by(kind="report_over")).all()
    assert {one.report_id for one in spoken} == {None}


def test_an_unclaimed_report_is_told_to_those_on_duty(office, session, cast):
    on_roster(session, cast.ratna)
    on_roster(session, cast.dewi)
    report = office.report()
    assert told(session, "report_new") == ids(cast.ratna)
    alarms.run(session, report.received_at + 25 * MINUTE)
    assert told(session, "report_soon") == ids(cast.ratna)
    alarms.run(session, report.received_at + 31 * MINUTE)
    assert told(session, "report_over") == ids(cast.dewi)


def test_whoever_is_on_leave_hears_nothing_of_new_reports(office, session, cast):
    on_roster(session, cast.sari, DutyKind.cuti)
    office.report()
    assert told(session, "report_new") == ids(cast.ratna)


def test_nobody_is_left_out_where_everybody_is_on_leave(office, session, cast):
    on_roster(session, cast.sari, DutyKind.cuti)
    on_roster(session, cast.ratna, DutyKind.cuti)
    office.report()
    assert told(session, "report_new") == ids(cast.sari, cast.ratna)


def test_who_must_not_see_it_does_not_swallow_it(office, session, cast):
    """The one supervisor on duty identified the case herself: another one hears of it."""
    on_roster(session, cast.budi)
    report = office.report()
    reports.take(session, report, cast.budi, office.tick())
    reports.identify(session, report, cast.budi, office.tick(), reports.Identification(Risk.sedang))
    assert told(session, "case_waiting") == ids(cast.dewi)


def test_who_stands_in_for_a_supervisor_hears_what_the_supervisor_hears(office, session, cast):
    now = datetime.now(UTC)
    on_roster(session, cast.dewi, DutyKind.plh, now, stands_for=cast.budi)
    notices.tell(session, [cast.budi], "no_supervisor")
    assert told(session, "no_supervisor") == ids(cast.budi, cast.dewi)


def test_standing_in_opens_nothing(office, session, cast):
    """Joko stands in for Budi: he is told what needs no case, and of no case he may not see."""
    on_roster(session, cast.joko, DutyKind.plh, datetime.now(UTC), stands_for=cast.budi)
    case = office.case()
    notices.tell(session, [cast.budi], "case_waiting", case=case)
    assert cast.joko.id not in told(session, "case_waiting")


def test_a_decision_or_a_pause_silences_the_clock(office, session, cast):
    decided, paused = office.taken(), office.taken()
    reports.dismiss(session, decided, cast.sari, office.tick(), "information", "Hanya bertanya")
    pauses.begin(session, paused, cast.sari, office.tick(), "menunggu_pelapor")
    session.commit()
    alarms.run(session, office.now + timedelta(hours=23))
    assert told(session, "report_over") == told(session, "pause_over") == []


def test_a_pause_that_never_ends_is_told_to_the_supervisors(office, session, cast):
    paused = office.taken()
    pauses.begin(session, paused, cast.sari, office.tick(), "menunggu_pelapor")
    session.commit()
    alarms.run(session, office.now + timedelta(hours=25))
    assert told(session, "pause_over") == ids(cast.budi, cast.dewi)


# --- everything else -----------------------------------------------------------------------------


def test_a_case_is_visited_in_time_or_escalates(office, session, cast):
    case = office.case(CaseStatus.approved, Risk.tinggi)
    alarms.run(session, case.opened_at + timedelta(hours=2, minutes=30))
    assert told(session, "response_soon") == ids(cast.joko, cast.maya)
    alarms.run(session, case.opened_at + timedelta(hours=3, minutes=1))
    assert told(session, "response_over") == ids(cast.budi)


def test_a_forwarded_report_waits_for_its_officer_and_then_for_the_supervisors(
    office, session, cast
):
    report = office.taken()
    reports.forward(session, report, cast.sari, office.tick(), cast.ratna)
    sent = office.now
    alarms.run(session, sent + 11 * MINUTE)
    assert told(session, "forward_soon") == ids(cast.ratna)
    alarms.run(session, sent + 16 * MINUTE)
    assert told(session, "forward_over") == ids(cast.budi, cast.dewi)


def test_each_waiting_in_a_conversation_has_its_own_alarms(office, session, cast):
    report = office.taken()
    reports.dismiss(session, report, cast.sari, office.tick(), "information", "Hanya bertanya")
    for round_ in (1, 2):
        intake.add_message(session, report, "Masih ada pertanyaan", office.tick())
        asked = office.now
        alarms.run(session, asked + 21 * MINUTE)
        alarms.run(session, asked + 22 * MINUTE)
        assert told(session, "answer_soon") == ids(cast.sari) * round_
        alarms.run(session, asked + 31 * MINUTE)
        assert told(session, "answer_over") == sorted(ids(cast.budi, cast.dewi) * round_)
        office.now = asked + 40 * MINUTE
        conversations.speak(session, report.conversation, cast.sari, "Baik", office.tick())


def test_a_snoozed_conversation_is_silent_until_it_wakes(office, session):
    report = office.taken()
    reports.dismiss(session, report, office.cast.sari, office.tick(), "information", "Bertanya")
    intake.add_message(session, report, "Besok saja", office.tick())
    talk = report.conversation
    talk.snooze_until, talk.snooze_reason = office.now + timedelta(hours=5), "Besok"
    session.commit()
    alarms.run(session, office.now + timedelta(hours=4))
    assert told(session, "answer_over") == []
    alarms.run(session, office.now + timedelta(hours=6))
    assert told(session, "answer_over")


def test_somebody_at_the_counter_waits_ten_minutes(office, session, cast):
    session.add(Visit(day=local_date(MONDAY), queue_number=1, arrived_at=MONDAY))
    session.commit()
    alarms.run(session, MONDAY + 7 * MINUTE)
    assert told(session, "counter_soon") == ids(cast.sari, cast.ratna)
    alarms.run(session, MONDAY + 11 * MINUTE)
    assert told(session, "counter_over") == ids(cast.budi, cast.dewi)


def test_a_complaint_is_warned_of_and_escalates_by_working_days(office, session, cast):
    """Received on Friday: taken up by Wednesday (3), answered by Friday (5)."""
    friday = MONDAY + timedelta(days=4)
    service_complaints.receive(session, body="Antre lama", now=friday)
    session.commit()
    counted = []
    for days in range(9):
        alarms.run(session, friday + timedelta(days=days, hours=1))
        counted.append((len(told(session, "complaint_soon")), len(told(session, "complaint_over"))))
    # Tue: two of three days are used up; Wed: and three of five; Thu: the third day is over.
    assert counted[:4] == [(0, 0)] * 4
    assert [soon for soon, _over in counted[4:6]] == [2, 4]
    assert [over for _soon, over in counted[5:9]] == [0, 2, 2, 4]
    row = session.scalars(select(ServiceComplaint)).one()
    service_complaints.answer(session, row, cast.budi, "Kami perbaiki.", friday)
    assert row.processed_at == row.answered_at == friday


# --- the worker -----------------------------------------------------------------------------------


@both_engines
def test_two_workers_on_the_same_clock_tell_once(office, session, engine):
    report = office.report()
    now = report.received_at + 31 * MINUTE
    session.rollback()
    found = at_once_each(engine, 3, lambda own: alarms.run(own, now))
    assert sum(one for one in found if isinstance(one, int)) == 1
    session.rollback()
    assert len(told(session, "report_over")) == 2
    assert session.scalar(select(func.count()).select_from(ClockAlarm)) == 1


def test_a_worker_that_dies_before_the_commit_has_told_nobody(office, session):
    report = office.report()
    now = report.received_at + 31 * MINUTE
    alarms.run(session, now)
    session.rollback()
    assert told(session, "report_over") == []
    assert alarms.run(session, now) == 1


def test_the_worker_keeps_this_clock_and_mails_each_alarm_once(app: Flask, session, cast):
    cast.budi.email = "budi@contoh.invalid"
    office = Office(session, cast, datetime.now(UTC) - timedelta(hours=1))
    office.report()
    jobs.work_off(app)
    jobs.work_off(app)
    session.rollback()
    assert told(session, "report_over") == ids(cast.budi, cast.dewi)
    mails = session.scalars(select(Job).filter_by(kind=notices.MAIL)).all()
    mine = [session.get_one(Notice, one.payload["notice_id"]) for one in mails]
    assert [one.officer_id for one in mine if one.kind == "report_over"] == [cast.budi.id]


def test_an_alarm_says_nothing_about_anybody(office, session):
    office.report()
    alarms.run(session, office.now + timedelta(hours=1))
    said = {str(notices.KINDS[one]) for one in session.scalars(select(Notice.kind))}
    report = session.scalars(select(Report)).one()
    assert not [text for text in said if report.number in text or "Bunga" in text]


def test_a_case_that_was_decided_keeps_no_clock_of_its_report(office, session, cast):
    case = office.case()
    cases.decline(session, case, cast.budi, office.tick(), "refer", "Di luar kota")
    session.commit()
    assert alarms.run(session, office.now + NIGHT) == 0


def test_a_word_about_an_unclaimed_report_comes_to_those_on_duty(office, session, cast):
    on_roster(session, cast.ratna)
    report = office.report()
    intake.add_message(session, report, "Masih di rumah tetangga", office.tick())
    assert told(session, "report_message") == ids(cast.ratna)
