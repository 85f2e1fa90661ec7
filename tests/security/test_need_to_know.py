"""Need to know: who is kept from a case, who may look in an emergency, who takes over, who decides
on roles."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

import models as m
from models import CaseStatus, Conflict, Decision, Notice, Officer, Role
from portal import jobs
from portal.access import gate, scope
from portal.casework import (
    cases,
    conflicts,
    grants,
    leaving,
    outreach,
    oversight,
    people,
    reports,
    roles,
)
from portal.casework.arrival import Accused, PersonFacts
from portal.casework.lifecycle import Refused
from portal.indonesia import names
from portal.protection import audit
from tests.screens.generated.conftest import house  # noqa: F401  a fixture
from tests.support.databases import both_engines
from tests.support.office import Office

WHY = "Alasan rekaan yang cukup panjang"


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def told(session, kind):
    return set(session.scalars(select(Notice.officer_id).filter_by(kind=kind)))


def keep(office, subject, officer, by=None):
    """`officer` is a relative of somebody in it."""
    by = by or office.cast.budi
    return conflicts.exclude(
        office.session, subject, by, office.tick(), officer, Conflict.kerabat, WHY
    )


def colleague(session, role, username, name):
    officer = Officer(username=username, name=name, role=role)
    session.add(officer)
    session.commit()
    return officer


# --- exclusions -----------------------------------------------------------------------------------


@both_engines
def test_an_exclusion_lies_beneath_every_other_right(office, session, cast):
    case = office.case(CaseStatus.handling)
    office.serve(case).officer = cast.lestari
    oversight.hand_to(session, cast.dewi, case, office.tick(), WHY)
    workers = (cast.joko, cast.maya, cast.lestari, cast.dewi, cast.budi)
    assert all(scope.sees(session, one, case) for one in workers)
    for one in workers:
        keep(office, case, one)
    for one in workers:
        assert not scope.sees(session, one, case)
        assert not scope.sees(session, one, case.victims[0].person)
        assert not scope.sees(session, one, case.reports[0])
        assert not gate.allows(session, one, "case.view", case)
        assert grants.break_glass(session, one, case.number, WHY, office.tick()) is None


def test_whoever_is_kept_out_does_not_learn_of_an_old_case(office, session, cast):
    case = office.case(CaseStatus.handling)
    wanted = people.Wanted(name="Bunga Rekaan")
    assert len(people.search(session, cast.ratna, wanted)) == 1
    keep(office, case, cast.ratna)
    assert people.search(session, cast.ratna, wanted) == []


def test_whoever_is_kept_out_can_be_charged_with_nothing(office, session, cast):
    case = office.case()
    for one in (cast.joko, cast.maya):
        keep(office, case, one)
        with pytest.raises(Refused, match="dikecualikan"):
            office.approve(case)
        session.rollback()
    other = colleague(session, Role.konselor, "konselor2", "Rini Rekaan")
    case = office.case(CaseStatus.handling)
    keep(office, case, other)
    with pytest.raises(Refused, match="dikecualikan"):
        cases.hand_over(session, case, cast.maya, office.tick(), other, WHY)
    report = office.taken()
    keep(office, report, cast.ratna, by=cast.sari)
    with pytest.raises(Refused, match="dikecualikan"):
        reports.forward(session, report, cast.sari, office.tick(), cast.ratna)


def test_an_officer_of_the_same_name_is_kept_out_on_arrival(office, session, cast):
    suspect = Accused(person=PersonFacts(name="Bpk. MAYA KOESOEMA"))
    report = office.report(suspects=[suspect])
    [row] = session.scalars(select(m.Exclusion))
    assert (row.officer, row.kind, row.automatic) == (cast.maya, Conflict.terlapor, True)
    assert row.report_id == report.id


def test_what_is_set_on_a_report_follows_it_into_its_case_and_out_again(office, session, cast):
    report = office.taken()
    row = keep(office, report, cast.maya, by=cast.sari)
    found = reports.Identification(risk=m.Risk.sedang)
    case = reports.identify(session, report, cast.sari, office.tick(), found)
    assert row.case_id == case.id
    assert gate.kept_out(session, case) == {cast.maya.id}
    other = office.case(CaseStatus.handling)
    keep(office, other, cast.lestari)
    joined = office.taken(victims=[])
    reports.join(session, joined, cast.sari, office.tick(), other)
    reports.resume(session, joined, cast.budi, office.tick(), "Kasus yang keliru")
    assert gate.kept_out(session, joined) == {cast.lestari.id}


def test_a_name_that_is_added_later_keeps_its_officer_out(office, session, cast):
    case = office.case(CaseStatus.handling)
    case.suspects[0].person.name = "Joko Prasetyo"
    conflicts.screen_row(session, case.suspects[0].person, office.tick())
    assert not scope.sees(session, cast.joko, case)


def test_a_supervisor_who_is_not_concerned_lifts_it_for_good(office, session, cast):
    case = office.case()
    case.suspects[0].person.name = "Joko Prasetyo"
    [row] = conflicts.screen(session, case, office.tick())
    for one in (cast.sari, cast.maya, cast.admin, cast.joko):
        with pytest.raises(Refused):
            conflicts.lift(session, row, one, office.tick(), "Nama sama saja")
    with pytest.raises(Refused, match="alasan"):
        conflicts.lift(session, row, cast.dewi, office.tick(), " ")
    conflicts.lift(session, row, cast.dewi, office.tick(), "Nama sama saja")
    assert conflicts.screen(session, case, office.tick()) == []
    assert gate.kept_out(session, case) == set()


def test_the_database_lets_nobody_lift_their_own(office, session, cast):
    case = office.case()
    row = keep(office, case, cast.dewi)
    session.commit()
    row.lifted_at, row.lifted_reason, row.lifted_by = office.tick(), "Tidak apa", cast.dewi
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_last_supervisor_is_never_kept_out_in_silence(office, session, cast):
    cast.dewi.active = False
    session.commit()
    suspects = [Accused(person=PersonFacts(name="Budi Santoso"))]
    office.report(suspects=suspects)
    assert told(session, "no_supervisor") == {cast.hadi.id, cast.admin.id, cast.admin2.id}


def test_a_counsellor_may_only_keep_themselves_out(office, session, cast):
    case = office.case(CaseStatus.handling)
    with pytest.raises(Refused, match="diri sendiri"):
        keep(office, case, cast.joko, by=cast.maya)
    keep(office, case, cast.maya, by=cast.maya)
    assert not scope.sees(session, cast.maya, case)


def test_the_head_who_is_kept_out_signs_and_receives_no_letter_of_the_case(office, session, cast):
    case = office.case()
    keep(office, case, cast.hadi)
    office.approve(case)
    [letter] = case.letters
    assert letter.signatory_id == cast.budi.id
    assert not scope.sees(session, cast.hadi, letter)


WORDS = st.sampled_from(
    ["siti", "aminah", "dewi", "putri", "budi", "santoso", "rahayu", "maya", "joko"]
)


@given(st.lists(WORDS, min_size=1, max_size=4, unique=True), st.randoms())
def test_namesakes_know_no_order_spelling_or_title(words, dice):
    mixed = list(words)
    dice.shuffle(mixed)
    assert names.namesakes(" ".join(words), "Bpk. " + " ".join(mixed).upper() + ", S.H.")
    assert names.namesakes(" ".join(words), " ".join([*words, "tambahan"])) is (len(words) > 1)


def test_a_new_officer_is_kept_from_old_reports_about_them(office, session, cast, app):
    case = office.case(CaseStatus.handling)
    case.suspects[0].person.name = "Rini Rekaan Putri"
    other = colleague(session, Role.konselor, "konselor2", "Rini Rekaan")
    conflicts.ask_to_screen(session, other)
    session.commit()
    jobs.work_off(app)
    session.rollback()
    assert gate.kept_out(session, case) == {other.id}


# --- break-glass ----------------------------------------------------------------------------------


@both_engines
def test_an_emergency_access_opens_one_case_for_some_hours(office, session, cast):
    case, other = office.case(CaseStatus.handling), office.case(CaseStatus.handling)
    now = m.now()
    assert grants.break_glass(session, cast.lestari, f" {case.number.lower()} ", WHY, now) is case
    assert scope.sees(session, cast.lestari, case)
    assert not scope.sees(session, cast.lestari, other)
    assert told(session, "break_glass") == {cast.budi.id}
    [grant] = grants.of_case(session, case)
    assert grant.until - now == timedelta(hours=4)
    grant.until = now - timedelta(seconds=1)
    assert not scope.sees(session, cast.lestari, case)


def test_no_answer_tells_a_hidden_case_from_none(office, session, cast):
    case = office.case(CaseStatus.handling)
    keep(office, case, cast.lestari)
    for number in (case.number, "KS-2026-99999", "%", ""):
        assert grants.break_glass(session, cast.lestari, number, WHY, office.tick()) is None
    assert told(session, "break_glass") == set()


def test_only_some_attempts_a_day(office, session, cast):
    now = m.now()
    for n in range(grants.TRIES):
        grants.break_glass(session, cast.lestari, f"KS-2026-{n:05d}", WHY, now)
    with pytest.raises(Refused, match="supervisor"):
        grants.break_glass(session, cast.lestari, "KS-2026-00001", WHY, now)
    later = now + timedelta(days=1, seconds=1)
    assert grants.break_glass(session, cast.lestari, "KS-2026-00001", WHY, later) is None


@pytest.mark.parametrize("name", ["admin", "auditor", "hadi"])
def test_who_works_on_no_case_breaks_no_glass(office, session, cast, name):
    case = office.case()
    with pytest.raises(Refused):
        grants.break_glass(session, getattr(cast, name), case.number, WHY, office.tick())


def test_without_a_real_reason_nothing_opens(office, session, cast):
    case = office.case(CaseStatus.handling)
    with pytest.raises(Refused, match="alasan"):
        grants.break_glass(session, cast.lestari, case.number, " perlu ", office.tick())


def test_a_supervisor_ends_it_early(office, session, cast):
    case = office.case(CaseStatus.handling)
    grants.break_glass(session, cast.lestari, case.number, WHY, m.now())
    [grant] = grants.of_case(session, case)
    with pytest.raises(Refused):
        grants.end(session, grant, cast.lestari, office.tick())
    grants.end(session, grant, cast.budi, office.tick())
    assert not scope.sees(session, cast.lestari, case)


@pytest.mark.parametrize(
    ("text", "hours"), [("8", 8), ("", 4), ("x", 4), ("0", 1), ("900", 24), ("-3", 4)]
)
def test_the_office_sets_how_long_within_reason(session, cast, reference, text, hours):
    session.execute(update(m.Setting).filter_by(key=grants.SETTING).values(value=text))
    assert grants.hours(session) == hours


# --- who leaves -----------------------------------------------------------------------------------


@both_engines
def test_a_leavers_cases_are_shared_out_and_never_to_one_who_is_kept_out(office, session, cast):
    first = colleague(session, Role.konselor, "konselor2", "Rini Rekaan")
    second = colleague(session, Role.konselor, "konselor3", "Tuti Rekaan")
    led = [office.case(CaseStatus.handling) for _ in range(3)]
    keep(office, led[0], first)
    outcome = leaving.disable(session, cast.maya, cast.admin, office.tick())
    session.commit()
    assert (outcome.moved, outcome.orphaned) == (3, 0)
    assert led[0].counsellor is second
    assert {one.counsellor for one in led} == {first, second}
    assert all(scope.sees(session, one.counsellor, one) for one in led)
    assert not cast.maya.active and cast.maya.disabled_at
    assert not any(scope.sees(session, cast.maya, one) for one in led)
    assert told(session, "officer_left") == {cast.budi.id, cast.dewi.id}


def test_the_named_successor_takes_over_but_for_what_they_are_kept_from(office, session, cast):
    named = colleague(session, Role.konselor, "konselor2", "Rini Rekaan")
    other = colleague(session, Role.konselor, "konselor3", "Tuti Rekaan")
    led = [office.case(CaseStatus.handling) for _ in range(2)]
    keep(office, led[1], named)
    leaving.disable(session, cast.maya, None, office.tick(), named)
    assert [one.counsellor for one in led] == [named, other]
    with pytest.raises(Refused):
        leaving.disable(session, named, None, office.tick(), cast.budi)


def test_orders_and_services_go_to_colleagues_too(office, session, cast):
    walker = colleague(session, Role.penjangkau, "penjangkau2", "Anto Rekaan")
    helper = colleague(session, Role.pendamping, "pendamping2", "Yuni Rekaan")
    ordered, served = office.case(CaseStatus.approved), office.case(CaseStatus.handling)
    service = office.serve(served)
    service.officer, service.state = cast.lestari, m.InterventionState.ongoing
    leaving.disable(session, cast.joko, cast.admin, office.tick())
    leaving.disable(session, cast.lestari, cast.admin, office.tick())
    outreach.start_outreach(session, ordered, walker, office.tick())
    assert service.officer is helper and scope.sees(session, helper, served)


def test_intake_leaves_reports_forwards_and_what_was_returned(office, session, cast):
    mine, returned = office.taken(), office.case(CaseStatus.returned)
    waiting = office.case()
    forwarded = office.report()
    reports.take(session, forwarded, cast.ratna, office.tick())
    reports.forward(session, forwarded, cast.ratna, office.tick(), cast.sari)
    leaving.disable(session, cast.sari, cast.admin, office.tick())
    assert mine.owner is cast.ratna
    assert scope.sees(session, cast.ratna, returned)
    office.give_back(waiting)
    assert scope.sees(session, cast.ratna, waiting)
    cases.correct(session, waiting, cast.ratna, office.tick())
    assert not scope.sees(session, cast.ratna, waiting)


def test_a_supervisors_decisions_go_to_another_supervisor(office, session, cast):
    case = office.case(CaseStatus.handling)
    assert not scope.sees(session, cast.dewi, case)
    leaving.disable(session, cast.budi, cast.admin, office.tick())
    assert scope.sees(session, cast.dewi, case)


def test_what_nobody_can_take_over_is_told(office, session, cast):
    case = office.case(CaseStatus.handling)
    outcome = leaving.disable(session, cast.maya, cast.admin, office.tick())
    assert (outcome.moved, outcome.orphaned) == (0, 1)
    assert told(session, "orphaned") == {cast.budi.id}
    assert case.counsellor is cast.maya and not cast.maya.active


def test_nobody_disables_themselves_or_somebody_twice(session, cast, office):
    with pytest.raises(Refused):
        leaving.disable(session, cast.admin, cast.admin, office.tick())
    leaving.disable(session, cast.ratna, cast.admin, office.tick())
    with pytest.raises(Refused):
        leaving.disable(session, cast.ratna, cast.admin, office.tick())


def test_the_command_hands_over_and_says_how_much(app, office, session, cast):
    other = colleague(session, Role.konselor, "konselor2", "Rini Rekaan")
    case = office.case(CaseStatus.handling)
    run = app.test_cli_runner().invoke
    assert run(args=["officer", "disable", "konselor", "--to", "supervisor"]).exit_code != 0
    answer = run(args=["officer", "disable", "konselor", "--to", "konselor2"])
    session.rollback()
    assert "handed over: 1" in answer.output
    assert "letters that wait for their signature: 0" in answer.output
    assert case.counsellor_id == other.id


# --- two admins -----------------------------------------------------------------------------------


def test_a_role_changes_only_when_a_second_admin_agrees(office, session, cast):
    led = office.case(CaseStatus.handling)
    other = colleague(session, Role.konselor, "konselor2", "Rini Rekaan")
    ask = roles.ask_for_role(session, cast.maya, cast.admin, office.tick(), Role.supervisor, WHY)
    assert cast.maya.role is Role.konselor
    assert told(session, "role_asked") == {cast.admin2.id}
    for one in (cast.admin, cast.budi, cast.auditor):
        with pytest.raises(Refused):
            roles.decide(session, ask, one, office.tick(), Decision.approved)
    roles.decide(session, ask, cast.admin2, office.tick(), Decision.approved)
    assert cast.maya.role is Role.supervisor
    assert led.counsellor is other
    with pytest.raises(Refused):
        roles.decide(session, ask, cast.admin2, office.tick(), Decision.refused)


def test_the_one_it_is_about_does_not_decide(session, cast, office):
    ask = roles.ask_for_role(session, cast.admin2, cast.admin, office.tick(), Role.petugas, WHY)
    with pytest.raises(Refused, match="admin lain"):
        roles.decide(session, ask, cast.admin2, office.tick(), Decision.refused)
    with pytest.raises(Refused):
        roles.ask_for_role(session, cast.admin, cast.admin, office.tick(), Role.petugas, WHY)


def test_the_database_wants_two_pairs_of_eyes(session, cast, office):
    ask = roles.ask_for_role(session, cast.maya, cast.admin, office.tick(), Role.petugas, WHY)
    ask.decision, ask.decided_by = Decision.approved, cast.admin
    with pytest.raises(IntegrityError):
        session.flush()


# --- through the front door -----------------------------------------------------------------------


def test_a_new_officer_waits_for_the_second_admin(house):  # noqa: F811
    facts = {"username": "baru", "name": "Rini Rekaan", "role": "konselor"}
    answer = house.desk("admin").fill("/admin/officer/new/", **facts)
    assert answer.status_code == 302, answer.text
    new = house.session.scalars(select(Officer).filter_by(username="baru")).one()
    assert not new.active
    [ask] = house.session.scalars(select(m.RoleChange))
    page = f"/admin/role_change/tindakan/approve/?id={ask.id}"
    assert house.desk("admin").post(page, {"version_id": "1"}).status_code == 409
    assert "admin lain" in house.desk("admin").get(page).text
    assert house.desk("admin2").fill(page).status_code == 303
    house.session.rollback()
    house.session.refresh(new)
    assert new.active


def test_role_and_state_are_not_in_the_ordinary_form(house):  # noqa: F811
    key = house.cast.maya.id
    page = house.desk("admin").get(f"/admin/officer/edit/?id={key}").text
    assert 'name="role"' not in page and 'name="active"' not in page
    house.desk("admin").fill(f"/admin/officer/edit/?id={key}", role="admin", active="")
    house.session.rollback()
    house.session.refresh(house.cast.maya)
    assert (house.cast.maya.role, house.cast.maya.active) == (Role.konselor, True)


def test_an_admin_disables_in_one_step(house):  # noqa: F811
    other = colleague(house.session, Role.konselor, "konselor2", "Rini Rekaan")
    case = house.office.case(CaseStatus.handling)
    page = f"/admin/officer/tindakan/disable/?id={house.cast.maya.id}"
    at = house.desk("konselor")
    assert at.get(f"/admin/case/details/?id={case.id}").status_code == 200
    answer = house.desk("admin").fill(page, to=other.id)
    assert answer.status_code == 303, answer.text
    assert at.get(f"/admin/case/details/?id={case.id}").status_code in (302, 303, 401)
    house.session.rollback()
    house.session.refresh(case)
    assert case.counsellor_id == other.id


def test_the_page_of_emergency_access(house):  # noqa: F811
    case = house.office.case(CaseStatus.handling)
    at = house.desk("pendamping")
    assert at.get(f"/admin/case/details/?id={case.id}").status_code == 404
    wrong = at.fill("/admin/akses-darurat/", number="KS-2026-99999", reason=WHY)
    assert wrong.status_code == 409 and "tidak dapat dibuka" in wrong.text and WHY in wrong.text
    answer = at.fill("/admin/akses-darurat/", number=case.number, reason=WHY)
    assert answer.status_code == 303, answer.text
    page = at.get(answer.location).text
    assert "Dibuka dengan akses darurat" in page and WHY not in page
    assert "Lestari Handayani" in house.desk("supervisor").get(answer.location).text
    for name in ("admin", "auditor", "pimpinan"):
        assert house.desk(name).get("/admin/akses-darurat/").status_code == 403
    house.session.rollback()
    events = set(house.session.scalars(select(m.AuditEntry.event)))
    assert {"break_glass", "break_glass_refused"} <= events


def test_an_exclusion_is_set_on_the_case_and_lifted_on_its_own_page(house):  # noqa: F811
    case = house.office.case(CaseStatus.handling)
    at = house.desk("supervisor")
    page = f"/admin/case/tindakan/exclude/?id={case.id}"
    answers = {"officer": house.cast.maya.id, "kind": "kerabat", "reason": WHY}
    assert at.fill(page, **answers).status_code == 303
    assert house.desk("konselor").get(f"/admin/case/details/?id={case.id}").status_code == 404
    assert "Pengecualian petugas" in at.get(f"/admin/case/details/?id={case.id}").text
    house.session.rollback()
    [row] = house.session.scalars(select(m.Exclusion))
    assert (
        house.desk("supervisor2").get(f"/admin/exclusion/details/?id={row.id}").status_code == 404
    )
    lift = f"/admin/exclusion/tindakan/lift/?id={row.id}"
    assert at.fill(lift, reason="Ternyata bukan kerabat").status_code == 303
    assert house.desk("konselor").get(f"/admin/case/details/?id={case.id}").status_code == 200


def test_an_edit_that_names_the_editor_closes_the_case_to_them(house):  # noqa: F811
    case = house.office.case(CaseStatus.handling)
    key = case.suspects[0].person_id
    answer = house.desk("konselor").fill(f"/admin/person/edit/?id={key}", name="Maya Kusuma")
    assert answer.status_code == 302
    assert house.desk("konselor").get(answer.location).status_code == 200
    assert house.desk("konselor").get(f"/admin/case/details/?id={case.id}").status_code == 404


def test_what_the_log_keeps_of_all_this_names_nobody(office, session, cast):
    case = office.case(CaseStatus.handling)
    keep(office, case, cast.lestari)
    session.commit()
    [entry] = session.scalars(select(m.AuditEntry).filter_by(event="excluded"))
    assert audit.details_of(entry) == {"officer": cast.lestari.id, "kind": "kerabat"}
