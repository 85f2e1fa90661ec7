"""Need to know, turned against the office: nothing can be hidden, kept for good, or left lying."""

import pytest
from sqlalchemy import select

import models as m
from models import CaseStatus, Conflict, Notice, Officer, Role, Safety
from portal import jobs
from portal.access import gate, scope
from portal.casework import conflicts, grants, leaving, monitoring, oversight, reports
from portal.casework.lifecycle import Refused
from tests.screens.generated.conftest import house  # noqa: F401  a fixture
from tests.support.at_once import Attempt, at_once
from tests.support.databases import both_engines
from tests.support.office import Office

WHY = "Alasan rekaan yang cukup panjang"


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def told(session, kind):
    return set(session.scalars(select(Notice.officer_id).filter_by(kind=kind)))


def keep(office, subject, officer, by):
    return conflicts.exclude(
        office.session, subject, by, office.tick(), officer, Conflict.kerabat, WHY
    )


def colleague(session, role, username, name):
    officer = Officer(username=username, name=name, role=role)
    session.add(officer)
    session.commit()
    return officer


# --- exclusions -----------------------------------------------------------------------------------


def test_no_report_is_hidden_from_every_supervisor(office, session, cast):
    report = office.taken()
    keep(office, report, cast.budi, by=cast.sari)
    assert told(session, "officer_excluded") == {cast.dewi.id}
    with pytest.raises(Refused, match="terakhir"):
        keep(office, report, cast.dewi, by=cast.sari)
    assert scope.sees(session, cast.dewi, report)


def test_names_typed_into_a_report_hide_it_from_nobody_in_silence(office, session, cast):
    report = office.taken()
    for name in ("Budi Santoso", "Dewi Anggraini"):
        report.suspects[0].person.name = name
        conflicts.screen_row(session, report.suspects[0].person, office.tick())
    assert told(session, "officer_excluded") == {cast.dewi.id}
    assert told(session, "no_supervisor") == {cast.hadi.id, cast.admin.id, cast.admin2.id}


@pytest.mark.parametrize("name", ["ratna", "dewi", "lestari"])
def test_an_emergency_access_shuts_nobody_else_out(office, session, cast, name):
    case, who = office.case(CaseStatus.handling), getattr(cast, name)
    grants.break_glass(session, who, case.number, WHY, m.now())
    with pytest.raises(Refused, match="diri sendiri"):
        keep(office, case, cast.maya, by=who)
    keep(office, case, who, by=who)


def test_a_case_passes_on_when_its_only_supervisor_steps_back(office, session, cast):
    case = office.case(CaseStatus.handling)
    assert not scope.sees(session, cast.dewi, case)
    keep(office, case, cast.budi, by=cast.budi)
    assert scope.sees(session, cast.dewi, case)
    assert told(session, "officer_excluded") == told(session, "case_entrusted") == {cast.dewi.id}


def test_a_report_passes_on_when_its_owner_steps_back(office, session, cast):
    report = office.taken()
    keep(office, report, cast.sari, by=cast.sari)
    assert report.owner is cast.ratna and scope.sees(session, cast.ratna, report)
    assert told(session, "report_entrusted") == {cast.ratna.id}
    keep(office, report, cast.ratna, by=cast.ratna)
    assert told(session, "orphaned") == {cast.budi.id, cast.dewi.id}


def test_supervisors_hear_of_a_counsellor_and_of_intake_that_step_back(office, session, cast):
    led, returned = office.case(CaseStatus.handling), office.case(CaseStatus.returned)
    keep(office, led, cast.maya, by=cast.maya)
    assert told(session, "officer_excluded") == {cast.budi.id}
    keep(office, returned, cast.sari, by=cast.sari)
    assert scope.sees(session, cast.ratna, returned)


def test_a_report_that_joins_a_case_takes_no_supervisor_away_unnoticed(office, session, cast):
    case, report = office.case(CaseStatus.handling), office.taken(victims=[])
    keep(office, report, cast.budi, by=cast.sari)
    reports.join(session, report, cast.sari, office.tick(), case)
    assert not scope.sees(session, cast.budi, case)
    assert scope.sees(session, cast.dewi, case)


def test_a_lifted_kinship_does_not_clear_a_suspect_who_is_entered_later(office, session, cast):
    case = office.case(CaseStatus.handling)
    row = keep(office, case, cast.joko, by=cast.budi)
    conflicts.lift(session, row, cast.budi, office.tick(), "Ternyata bukan kerabat")
    case.suspects[0].person.name = "Joko Prasetyo"
    [again] = conflicts.screen(session, case, office.tick())
    assert (again.officer, again.kind) == (cast.joko, Conflict.terlapor)
    assert conflicts.screen(session, case, office.tick()) == []
    assert gate.kept_out(session, case) == {cast.joko.id}


# --- emergency access -----------------------------------------------------------------------------


def test_an_emergency_access_does_not_stand_for_a_supervisor(office, session, cast):
    case = office.case(CaseStatus.handling)
    grants.break_glass(session, cast.dewi, case.number, WHY, m.now())
    assert told(session, "break_glass") == {cast.budi.id}
    keep(office, case, cast.budi, by=cast.budi)
    [grant] = grants.of_case(session, case)
    grant.ended_at = m.now()
    assert scope.sees(session, cast.dewi, case)


def test_supervisors_hear_of_an_emergency_access_to_a_case_of_nobodys(office, session, cast):
    case = office.case(CaseStatus.closed)
    other = colleague(session, Role.supervisor, "supervisor3", "Tuti Rekaan")
    cast.budi.active = False
    grants.break_glass(session, cast.dewi, case.number, WHY, m.now())
    assert told(session, "break_glass") == {other.id}
    assert told(session, "no_supervisor") == set()


def test_an_emergency_access_makes_nobody_part_of_the_case(house):  # noqa: F811
    case = house.office.case(CaseStatus.handling)
    at = house.desk("pendamping")
    at.fill("/admin/akses-darurat/", number=case.number, reason=WHY)
    page = f"/admin/intervention/new/?case={case.id}"
    facts = {"service": "kesehatan", "state": "planned", "officer": house.cast.lestari.id}
    answer = at.fill(page, **facts)
    assert answer.status_code == 200 and "tidak ada petugas yang dapat ditunjuk" in answer.text
    answer = house.desk("konselor").fill(page, **facts)
    assert answer.status_code == 302, answer.text
    house.session.rollback()
    assert scope.keeps(house.session, house.cast.lestari, case)


@both_engines
def test_attempts_at_the_same_moment_count_one_after_the_other(office, session, cast, engine):
    def attempt(own, row, officer, version):
        grants.break_glass(own, officer, "KS-2026-99999", WHY, m.now())

    for n in range(grants.TRIES - 1):
        grants.break_glass(session, cast.lestari, f"KS-2026-{n:05d}", WHY, m.now())
    session.commit()
    one = Attempt(cast.lestari.id, Officer, cast.lestari.id, attempt)
    outcomes = at_once(engine, one, one)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "Refused"]


def test_danger_reaches_every_supervisor(office, session, cast):
    case = office.case(CaseStatus.monitoring)
    keep(office, case, colleague(session, Role.supervisor, "supervisor3", "Tuti Rekaan"), cast.budi)
    contact, day = case.monitorings[0], case.monitorings[0].due_on
    seen = monitoring.Visit(
        done_on=day, method="kantor", wellbeing="baik", safety=Safety.dalam_bahaya
    )
    monitoring.record(session, contact, cast.maya, m.now(), seen, today=day)
    assert told(session, "victim_in_danger") == {cast.budi.id, cast.dewi.id}
    assert scope.sees(session, cast.dewi, case) and not scope.keeps(session, cast.dewi, case)


# --- who leaves, and who decides on officers ------------------------------------------------------


def test_ended_cases_of_a_supervisor_who_leaves_are_somebodys(office, session, cast):
    closed, handed = office.case(CaseStatus.closed), office.case(CaseStatus.rejected)
    oversight.hand_to(session, cast.budi, handed, office.tick(), WHY)
    leaving.disable(session, cast.budi, cast.admin, office.tick())
    assert scope.sees(session, cast.dewi, closed) and scope.sees(session, cast.dewi, handed)
    assert told(session, "case_entrusted") == set()


def test_an_admin_who_hands_work_over_answers_for_none_of_it(office, session, cast):
    case = office.case(CaseStatus.handling)
    colleague(session, Role.konselor, "konselor2", "Rini Rekaan")
    leaving.disable(session, cast.maya, cast.admin, office.tick())
    cast.admin.role = Role.supervisor
    session.commit()
    assert case.counsellor is not cast.maya
    assert not scope.sees(session, cast.admin, case)


def test_an_auditor_reads_nothing_of_a_report_they_are_kept_from(office, session, cast):
    report, other = office.taken(), office.taken()
    session.commit()
    keep(office, report, cast.auditor, by=cast.sari)
    session.commit()
    person = report.victims[0].person
    scope.view_as(session, cast.auditor)
    entries = session.scalars(select(m.AuditEntry)).all()
    about = {(one.subject_table, one.subject_id) for one in entries}
    assert ("report", other.id) in about
    assert not about & {("report", report.id), ("person", person.id)}


def test_no_admin_renames_an_officer_out_of_a_case(house):  # noqa: F811
    case, key = house.office.case(CaseStatus.handling), house.cast.budi.id
    edit = f"/admin/officer/edit/?id={key}"
    assert 'name="name"' not in house.desk("admin").get(edit).text
    house.desk("admin").fill(edit, name="Bunga Rekaan")
    assert "Kasus terbuka" not in (
        house.desk("admin").get(f"/admin/officer/tindakan/disable/?id={key}").text
    )
    house.session.rollback()
    house.session.refresh(house.cast.budi)
    assert house.cast.budi.name == "Budi Santoso"
    assert scope.sees(house.session, house.cast.budi, case)


def test_the_operator_renames_and_the_supervisors_hear_what_follows(app, office, session, cast):
    case = office.case(CaseStatus.handling)
    run = app.test_cli_runner().invoke
    answer = run(args=["officer", "rename", "konselor", "--name", "Tono Rekaan"])
    assert answer.exit_code == 0, answer.output
    jobs.work_off(app)
    session.rollback()
    assert gate.kept_out(session, case) == {cast.maya.id}
    assert told(session, "officer_excluded") == {cast.budi.id}
