"""Kasus lama: a report joins a case that exists, and leaves it again when that was wrong."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models import Attachment, CaseStatus, Notice, Person, Report, ReportStatus, Risk
from portal.casework import clock, people, reports
from portal.casework.arrival import Accused, FileFacts, Harmed, PersonFacts
from portal.casework.lifecycle import Refused
from tests.support.office import Office


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def about(name: str, **facts: object) -> dict[str, object]:
    """A report about somebody else than Bunga."""
    return {"victims": [Harmed(person=PersonFacts(name=name, **facts))], "suspects": []}


def join(office, case, **told):
    report = office.taken(**told)
    reports.join(office.session, report, office.cast.sari, office.tick(), case)
    office.session.commit()
    return report


def names(rows):
    return [row.person.name for row in rows]


def test_who_stands_in_the_case_already_is_not_added_again(office):
    case = office.case(CaseStatus.handling)
    again = PersonFacts(name="BOENGA Rekaan", sex="tidak_diketahui", estimated_age=9)
    culprit = Accused(person=PersonFacts(name="Tono Rekaan"))
    report = join(office, case, victims=[Harmed(person=again)], suspects=[culprit])
    assert names(case.victims) == ["Bunga Rekaan"]
    assert names(case.suspects) == ["Tono Rekaan"]
    assert names(report.victims) == ["BOENGA Rekaan"]


def test_somebody_else_who_is_harmed_is_added(office):
    case = office.case(CaseStatus.handling)
    join(office, case, **about("Melati Rekaan"))
    assert names(case.victims) == ["Bunga Rekaan", "Melati Rekaan"]


def test_two_of_one_name_in_one_report_are_two_people(office):
    twins = [Harmed(person=PersonFacts(name="Adik Rekaan")) for _ in range(2)]
    report = office.taken(victims=twins)
    found = reports.Identification(risk=Risk.rendah)
    case = reports.identify(office.session, report, office.cast.sari, office.tick(), found)
    assert len(case.victims) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"nik": "3573014101900001"}, {"nik": "3573014101900001", "name": "Lain"}, True),
        ({"nik": "3573014101900001", "name": "A B"}, {"nik": "3573014101900002", "name": "A B"}, 0),
        ({"name": "Siti Rekaan"}, {"name": "Ibu Siti Rekaan"}, True),
        ({"name": "Siti Rekaan"}, {"name": "Siti"}, False),
        ({}, {}, False),
        ({"name": "Siti", "birth_date": date(2010, 1, 1)}, {"name": "Siti"}, True),
        (
            {"name": "Siti", "birth_date": date(2010, 1, 1)},
            {"name": "Siti", "birth_date": date(1985, 1, 1)},
            False,
        ),
        ({"name": "Ali", "sex": "laki_laki"}, {"name": "Ali", "sex": "perempuan"}, False),
        ({"name": "Siti", "estimated_age": 9}, {"name": "Siti", "estimated_age": 35}, False),
    ],
)
def test_one_human_being_or_two(one, other, same):
    assert people.same(Person(**one), Person(**other)) is bool(same)
    assert people.same(Person(**other), Person(**one)) is bool(same)


def test_a_case_in_monitoring_that_is_reported_again_is_shown_to_who_decided(office, session):
    case = office.case(CaseStatus.monitoring)
    join(office, case)
    told = session.scalars(select(Notice.officer_id).filter_by(kind="report_joined")).all()
    assert set(told) == {office.cast.maya.id, office.cast.budi.id}


def test_a_report_joined_by_mistake_leaves_with_all_it_brought(office, session, cast):
    wrong = office.case(CaseStatus.handling)
    card = FileFacts(
        kind="kartu_identitas", filename="ktp.jpg", mime="image/jpeg", size=9, sha256="0" * 64,
        storage_key="a" * 32,
    )  # fmt: skip
    report = join(office, wrong, **about("Melati Rekaan"), files=[card])
    reports.resume(session, report, cast.budi, office.tick(), "Kasus yang keliru")
    session.commit()
    assert names(wrong.victims) == ["Bunga Rekaan"]
    assert wrong.attachments == []
    assert (report.status, report.case) == (ReportStatus.in_progress, None)
    right = reports.identify(
        session, report, cast.sari, office.tick(), reports.Identification(risk=Risk.sedang)
    )
    assert names(right.victims) == ["Melati Rekaan"]
    assert session.scalars(select(Attachment.case_id)).all() == [right.id]
    assert [event.kind for event in wrong.events if event.report_id == report.id] == [
        "join",
        "resume",
    ]


def test_a_victim_whom_the_case_serves_stays_in_it(office, session, cast):
    case = office.case(CaseStatus.handling)
    report = join(office, case, **about("Melati Rekaan"))
    service = office.serve(case)
    service.victim = case.victims[1]
    session.commit()
    with pytest.raises(Refused, match="sudah dilayani"):
        reports.resume(session, report, cast.budi, office.tick(), "Kasus yang keliru")
    session.rollback()
    assert report.status is ReportStatus.joined
    assert names(case.victims) == ["Bunga Rekaan", "Melati Rekaan"]


def test_the_clock_of_a_resumed_report_runs_on(office, session, cast):
    report = office.taken()
    reports.dismiss(session, report, cast.sari, office.tick(), "spam", "Alasan rekaan")
    session.commit()
    reports.resume(session, report, cast.budi, office.tick(), "Salah tandai")
    session.commit()
    assert clock.of_report(report, office.now).running
    assert session.scalars(select(Report.id).where(clock.waiting())).all() == [report.id]
    assert report.outcome_reason is None
    assert [event.note for event in report.events][-2:] == ["Alasan rekaan", "Salah tandai"]
    told = session.scalars(select(Notice.officer_id).filter_by(kind="report_resumed")).all()
    assert told == [cast.sari.id]


def test_a_report_whose_owner_left_is_resumed_by_the_supervisor(office, session, cast):
    report = office.taken()
    reports.dismiss(session, report, cast.sari, office.tick(), "spam", "Alasan rekaan")
    cast.sari.active = False
    session.commit()
    reports.resume(session, report, cast.budi, office.tick(), "Salah tandai")
    assert report.owner is cast.budi


# --- how old? -------------------------------------------------------------------------------

REPORTED = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)  # 2 March in Malang


def test_the_age_counts_at_the_incident_not_at_the_report(office, session):
    told = about("Melati Rekaan", estimated_age=20) | {
        "received_at": REPORTED,
        "incident_date": date(2022, 3, 2),
        "incident_precision": "hari",
    }
    assert [victim.age_at_incident for victim in office.taken(**told).victims] == [16]


def test_a_birth_date_learned_later_decides_at_identification(office, session, cast):
    report = office.taken(
        **about("Melati Rekaan", estimated_age=20), incident_date=date(2026, 3, 1)
    )
    report.victims[0].person.birth_date = date(2009, 3, 2)
    found = reports.Identification(risk=Risk.rendah)
    case = reports.identify(session, report, cast.sari, office.tick(), found)
    assert case.victims[0].age_at_incident == 16


def test_an_impossible_birth_date_is_no_error_of_the_portal(office, session, cast):
    report = office.taken(**about("Melati Rekaan"), incident_date=date(2026, 3, 1))
    report.victims[0].person.birth_date = date(1850, 1, 1)
    found = reports.Identification(risk=Risk.rendah)
    case = reports.identify(session, report, cast.sari, office.tick(), found)
    session.commit()
    assert case.victims[0].age_at_incident == people.OLDEST


# --- searching ------------------------------------------------------------------------------


def test_of_a_common_name_the_newest_cases_are_found(office, session, cast, monkeypatch):
    old, new = office.case(), office.case()
    monkeypatch.setattr(people, "MOST", 1)
    [found] = people.search(session, cast.budi, people.Wanted(name="Bunga"))
    assert found.case is new is not old
