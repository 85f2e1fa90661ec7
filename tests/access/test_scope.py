"""Need to know: whom each officer meets, under every kind of statement."""

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, aliased, selectinload

import models as m
from models import Case, CaseStatus, Person, Report, Role, Victim
from portal.access import permissions, scope
from portal.db import reading
from tests.support.office import Office

PERSONAL = [Case, Report, Person, Victim, m.Suspect, m.SafeContact, m.Message, m.CaseEvent]
PERSONAL += [m.Order, m.Outreach, m.Intervention, m.Termination, m.Monitoring]


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def see_as(session: Session, officer):
    """A fresh session that looks at what is committed with the eyes of `officer`."""
    session.commit()
    eyes = type(session)(reading(session.get_bind()))
    scope.view_as(eyes, officer)
    session.rollback()
    return eyes


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_every_table_is_scoped_or_declared_open():
    tables = {mapper.class_ for mapper in m.Base.registry.mappers}
    assert tables == set(scope.SCOPES) | scope.OPEN


def test_a_session_without_a_viewer_meets_no_person(office, session):
    office.case(CaseStatus.closed)
    eyes = see_as(session, None)
    assert [count(eyes, model) for model in PERSONAL] == [0] * len(PERSONAL)


@pytest.mark.parametrize("name", ["admin", "auditor", "hadi"])
def test_admin_auditor_and_head_meet_no_case(office, session, cast, name):
    office.case(CaseStatus.closed)
    eyes = see_as(session, getattr(cast, name))
    assert [count(eyes, model) for model in PERSONAL] == [0] * len(PERSONAL)


def test_the_head_meets_only_letters_addressed_to_or_signed_by_them(office, session, cast):
    case = office.case(CaseStatus.closed)
    letters = {
        letter.id for letter in case.letters if cast.hadi in (letter.addressee, letter.signatory)
    }
    eyes = see_as(session, cast.hadi)
    assert set(eyes.scalars(select(m.Letter.id))) == letters


def test_a_colleague_sees_unclaimed_reports_but_not_taken_ones(office, session, cast):
    free, taken = office.report().id, office.taken().id
    eyes = see_as(session, cast.ratna)
    assert set(eyes.scalars(select(Report.id))) == {free}
    eyes = see_as(session, cast.sari)
    assert set(eyes.scalars(select(Report.id))) == {free, taken}


def test_intake_sees_its_report_until_identification_and_again_what_is_returned(
    office, session, cast
):
    case = office.case()
    key, report = case.id, case.reports[0].id
    assert see_as(session, cast.sari).get(Report, report) is None
    seen = {}
    for act in ("give_back", "correct", "approve"):
        getattr(office, act)(case)
        seen[act] = see_as(session, cast.sari).get(Case, key) is not None
    assert seen == {"give_back": True, "correct": False, "approve": False}


def test_supervisors_see_what_waits_for_one_and_what_they_decided_themselves(office, session, cast):
    keys = {status: office.case(status).id for status in CaseStatus}
    waiting = {keys[CaseStatus.identified], keys[CaseStatus.termination_proposed]}
    assert set(see_as(session, cast.budi).scalars(select(Case.id))) == set(keys.values())
    assert set(see_as(session, cast.dewi).scalars(select(Case.id))) == waiting
    assert count(see_as(session, cast.dewi), Report) == len(waiting)


def test_supervisors_oversee_every_report_without_a_case(office, session, cast):
    free, taken = office.report().id, office.taken().id
    office.case(CaseStatus.handling)
    assert set(see_as(session, cast.dewi).scalars(select(Report.id))) == {free, taken}


@pytest.mark.parametrize(("name", "sees"), [("joko", 1), ("maya", 1), ("lestari", 0), ("sari", 0)])
def test_ordered_officers_and_the_counsellor_see_their_case(office, session, cast, name, sees):
    office.case(CaseStatus.handling)
    eyes = see_as(session, getattr(cast, name))
    assert (count(eyes, Case), count(eyes, Victim)) == (sees, sees)


def test_a_voided_order_closes_the_case_to_its_officer(office, session, cast):
    case = office.case(CaseStatus.approved)
    office.withdraw_order(case)
    eyes = see_as(session, cast.joko)
    assert count(eyes, Case) == 0


def test_a_companion_sees_the_case_of_their_intervention(office, session, cast):
    case = office.case(CaseStatus.handling)
    office.serve(case).officer = cast.lestari
    eyes = see_as(session, cast.lestari)
    assert count(eyes, Case) == 1


def test_no_kind_of_statement_reaches_a_hidden_row(office, session, cast):
    case = office.case(CaseStatus.handling)
    key, person = case.id, case.victims[0].person_id
    eyes = see_as(session, cast.ratna)
    other = aliased(Case)
    assert eyes.get(Case, key) is None
    assert eyes.get(Person, person) is None
    assert eyes.scalars(select(other)).all() == []
    assert eyes.execute(select(Victim.id, other.id).join(other, Victim.case)).all() == []
    assert eyes.scalars(select(Case).options(selectinload(Case.victims))).all() == []
    assert eyes.scalars(select(Case).where(Case.number == "KS-2026-00001")).all() == []
    assert eyes.execute(update(Case).values(outside_city=True)).rowcount == 0
    assert eyes.execute(delete(m.CaseEvent)).rowcount == 0
    with pytest.raises(scope.NotVisible):
        scope.fetch(eyes, Case, key)


def test_a_lazy_relation_does_not_lead_into_another_case(office, session, cast):
    """What stands in a report its reader may see, but also in a case they may not, ends there."""
    report = office.report()
    suspect = report.suspects[0]
    suspect.case = office.case(CaseStatus.handling)  # as if a link were left over
    key = suspect.id
    eyes = see_as(session, cast.ratna)
    seen = eyes.get(m.Suspect, key)
    assert seen is not None and seen.report is not None and seen.case is None


def test_a_disabled_officer_meets_nothing(office, session, cast):
    office.case(CaseStatus.handling)
    cast.budi.active = False
    eyes = see_as(session, cast.budi)
    assert count(eyes, Case) == 0


def test_permissions_are_closed_by_default(cast):
    with pytest.raises(KeyError):
        permissions.may(cast.budi, "case.destroy")
    assert not permissions.may(None, "case.list")
    assert not any(permissions.may(cast.admin, f"{table}.view") for table in ("case", "person"))
    writers = {roles for name, roles in permissions.PERMISSIONS.items() if name.startswith("audit")}
    assert writers == {frozenset({Role.auditor}), frozenset()}


def test_whoever_approved_or_awaits_much_is_asked_of_each_row(office, session, cast, monkeypatch):
    monkeypatch.setattr(scope, "MANY", 2)
    case = office.case(CaseStatus.handling)
    session.execute(delete(m.CaseEvent))  # brought over from before, without its history

    def each(officer):
        scope.view_as(session, officer)
        found = session.info["viewer"].each
        session.info["viewer"] = scope.SYSTEM
        return found

    assert case.approved_by_id == cast.budi.id
    assert not each(cast.budi)
    office.case(CaseStatus.identified)
    assert each(cast.budi) and not each(cast.sari)
