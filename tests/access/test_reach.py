"""How far an officer's sight reaches: however a rule is asked, it finds the same rows."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import BindParameter, inspect, select
from sqlalchemy.orm import selectinload

import models as m
from models import Case, CaseStatus, Officer, Person, Role, Victim
from portal.access import reach, scope
from portal.casework import cases, reports
from portal.db import reading
from tests.support.databases import both_engines
from tests.support.office import Office

SCOPED = sorted(scope.SCOPES, key=lambda model: model.__name__)
PORTAL = Path(scope.__file__).parent.parent


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


@pytest.fixture
def other(session):
    """A second counsellor."""
    officer = Officer(username="konselor2", name="Rini Rekaan", role=Role.konselor)
    session.add(officer)
    session.commit()
    return officer


def eyes_of(session, officer):
    """A fresh session that looks with the eyes of `officer`."""
    session.commit()
    eyes = type(session)(reading(session.get_bind()))
    scope.view_as(eyes, officer)
    return eyes


def busy(office, other):
    """Cases in many states and hands, a joined report, a guardian, a voided order, a service."""
    for status in (CaseStatus.identified, CaseStatus.returned, CaseStatus.rejected):
        office.case(status)
    handed = office.case(CaseStatus.handling)
    cases.hand_over(office.session, handed, office.cast.budi, office.tick(), other, "Cuti")
    served = office.case(CaseStatus.handling)
    office.serve(served).officer = office.cast.lestari
    served.victims[0].person.guardian = Person(name="Wali Rekaan", disabilities=[])
    office.withdraw_order(office.case(CaseStatus.approved))
    office.report()
    joined = office.taken(channel="telepon")
    reports.join(office.session, joined, office.cast.sari, office.tick(), served)
    office.case(CaseStatus.closed)
    office.session.commit()


@both_engines
def test_asked_of_all_or_of_each_the_rules_say_the_same(office, session, cast, other):
    busy(office, other)
    found = 0
    for officer in (*cast, other):
        viewer = scope.viewer_of(officer)
        for model in SCOPED:
            key = select(inspect(model).primary_key[0])
            ways = [
                set(session.scalars(key.where(scope.condition(model, viewer, among))))
                for among in (reach.listed, reach.asked)
            ]
            assert ways[0] == ways[1], (officer.role, model)
            found += len(ways[0])
    assert found > 100


def test_a_statement_that_was_compiled_for_one_officer_serves_another(office, session, cast, other):
    busy(office, other)
    seen = [
        set(eyes_of(session, who).scalars(select(Case.id))) for who in (cast.maya, other, cast.maya)
    ]
    assert seen[0] == seen[2]
    assert len(seen[1]) == 1
    assert not seen[0] & seen[1]


@pytest.mark.parametrize("among", [reach.listed, reach.asked])
@pytest.mark.parametrize("role", Role)
def test_a_condition_differs_between_officers_by_the_one_value_the_cache_knows(role, among):
    """Any other would stay that of the officer for whom the statement was compiled."""
    seven, eight = (scope.option(scope.Viewer(number, role), among) for number in (7, 8))
    for one, other in zip(seven.criteria, eight.criteria, strict=True):
        bound, others = (each.where_criteria.compile().params for each in (one, other))
        differing = {name: (value, others.pop(name)) for name, value in bound.items()}
        differing = {name: pair for name, pair in differing.items() if pair[0] != pair[1]}
        assert (others, differing) in (({}, {}), ({}, {"scope_me": (7, 8)}))
    for option in (seven, eight):
        known: list[BindParameter] = []
        assert hash(option._gen_cache_key({}, known)) and known == [option.me]


def test_related_rows_are_asked_for_one_by_one_and_stay_hidden(office, session, cast):
    case = office.case(CaseStatus.handling)
    victim_id, sari = case.victims[0].id, cast.sari
    with session.no_autoflush:
        session.commit()
    eyes = eyes_of(session, cast.maya)
    seen = eyes.scalars(select(Case).options(selectinload(Case.victims))).one()
    assert [victim.person.name for victim in seen.victims] == ["Bunga Rekaan"]
    eyes = eyes_of(session, None)
    with scope.system(eyes):
        hidden = eyes.get_one(Victim, victim_id)
    scope.view_as(eyes, sari)
    assert (hidden.person, hidden.case, hidden.report) == (None, None, None)


def test_a_guardian_is_met_by_whoever_meets_the_ward_and_by_nobody_else(office, session, cast):
    case = office.case(CaseStatus.handling)
    guardian = Person(name="Wali Rekaan", disabilities=[])
    case.victims[0].person.guardian = guardian
    session.commit()
    key = guardian.id
    assert eyes_of(session, cast.maya).get(Person, key) is not None
    assert eyes_of(session, cast.ratna).get(Person, key) is None


@pytest.mark.parametrize(("state", "sees"), [("planned", True), ("cancelled", False)])
@pytest.mark.parametrize("name", ["lestari", "joko", "other"])
def test_a_service_opens_the_case_until_it_is_cancelled(
    office, session, cast, other, name, state, sees
):
    case = office.case(CaseStatus.handling)
    for order in case.orders:
        order.assignments.clear()
    officer = other if name == "other" else getattr(cast, name)
    service = m.Intervention(case=case, service="kesehatan", officer=officer, state=state)
    session.add(service)
    assert (eyes_of(session, officer).get(Case, case.id) is not None) is sees


def test_people_of_another_case_of_the_same_person_stay_hidden(office, session, cast, other):
    """A person stands in two cases: who meets them in one learns nothing of the other."""
    mine, theirs = office.case(CaseStatus.handling), office.case(CaseStatus.handling)
    cases.hand_over(session, theirs, cast.budi, office.tick(), other, "Cuti")
    theirs.victims[0].person = mine.victims[0].person
    for order in theirs.orders:
        order.assignments.clear()
    eyes = eyes_of(session, cast.maya)
    assert (
        len(eyes.scalars(select(Victim).filter_by(person_id=mine.victims[0].person_id)).all()) == 1
    )
    assert eyes.get(Case, theirs.id) is None
    assert eyes.scalars(select(m.Suspect.case_id)).all() == [mine.id]


# What the listener does not see, and who may use it: none of it shows a personal row to anybody.
UNSEEN = {"from_statement", "exec_driver_sql", "raw_connection"}
ALLOWED = {
    *("db.py", "health.py", "protection/backup/restore.py", "protection/audit_triggers.py"),
}


def test_no_statement_goes_around_the_scope():
    used = [
        f"{path.relative_to(PORTAL)}:{node.lineno} {node.attr}"
        for path in PORTAL.rglob("*.py")
        if path.relative_to(PORTAL).as_posix() not in ALLOWED
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in UNSEEN
    ]
    assert used == []
