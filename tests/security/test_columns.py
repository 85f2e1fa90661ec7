"""A column that a role may not see is nowhere: no list, page, form, filter, search or look-up."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models import Base, Case, CaseStatus, Intervention, LetterKind, Person, Role, Victim
from portal.access import columns
from portal.access.permissions import TABLES
from portal.screens.filters import OneOf
from tests.screens.generated.conftest import House, house
from tests.screens.generated.desk import FormReader
from tests.support.databases import both_engines

__all__ = ["house"]  # the fixture

NIK = "3573015202140001"
MODELS = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}


@pytest.fixture
def known(house: House) -> Iterator[House]:
    """A case whose victim is known by number and faith, with a service that was given."""
    case = house.office.case(CaseStatus.handling)
    person = case.victims[0].person
    person.nik, person.religion = NIK, "islam"
    service = house.office.serve(case)
    service.result = "Isi percakapan konseling"
    house.session.commit()
    yield house


@pytest.mark.parametrize("name", columns.LIMITED)
def test_every_row_of_the_table_is_a_column_that_somebody_may_see(name: str) -> None:
    model, _dot, column = name.partition(".")
    assert column in MODELS[model].__mapper__.attrs
    limited = columns.LIMITED[name]
    table = MODELS[model].__tablename__
    assert limited.roles & TABLES[table]["view"], "nobody who opens the row sees it"
    assert len(limited.why) > 20


def test_what_is_not_in_the_table_is_seen_by_all_and_paths_are_judged_at_every_step() -> None:
    victim, role = Victim, Role.konselor
    assert columns.may_see(role, victim, "person.name")
    assert not columns.may_see(role, victim, "person.nik")
    assert not columns.may_see(None, victim, "person.nik")
    assert columns.seen(role, victim, ["person.nik", "age_at_incident"]) == ["age_at_incident"]


def only(house: House, model: type[Base]) -> int:
    """The key of the first row of a table."""
    house.session.rollback()
    return int(house.session.scalars(select(model.id)).first() or 0)  # type: ignore[attr-defined]


def harmed(house: House) -> int:
    """The person who is the victim of the case."""
    return house.session.get_one(Victim, only(house, Victim)).person_id


def test_the_page_of_a_person_shows_a_number_to_those_who_need_it(known: House) -> None:
    page = f"/admin/person/details/?id={harmed(known)}"
    assert NIK in known.desk("supervisor").get(page).text
    counsellor = known.desk("konselor").get(page).text
    assert NIK not in counsellor and "NIK" not in counsellor and "Agama" in counsellor
    assert "Agama" not in known.desk("supervisor").get(page).text


def test_a_form_has_no_field_for_it_and_takes_none(known: House) -> None:
    page = f"/admin/person/edit/?id={harmed(known)}"
    desk = known.desk("konselor")
    form = FormReader(desk.get(page).text).filled(alias="Mawar", religion="kristen")
    assert "nik" not in form
    form["nik"] = "3573015202140999"
    assert desk.send(page, form).status_code == 302
    known.session.rollback()
    person = known.session.scalars(select(Person).where(Person.nik.is_not(None))).one()
    assert (person.nik, person.alias, person.religion) == (NIK, "Mawar", "kristen")


def test_the_form_of_a_case_has_none_for_its_people_either(known: House) -> None:
    page, desk = f"/admin/case/edit/?id={only(known, Case)}", known.desk("konselor")
    assert 'name="victims-0-person__name"' in desk.get(page).text
    assert "person__nik" not in desk.get(page).text, "nor in the row to be added"
    form = FormReader(desk.get(page).text).filled(**{"victims-0-person__alias": "Mawar"})
    form["victims-0-person__nik"] = "3573015202140999"
    assert desk.send(page, form).status_code == 302
    person = known.session.get_one(Case, only(known, Case)).victims[0].person
    assert (person.nik, person.alias) == (NIK, "Mawar")


@both_engines
def test_searching_by_a_number_finds_nothing_for_those_who_may_not_see_it(known: House) -> None:
    for username, found in (("supervisor", True), ("konselor", False)):
        desk = known.desk(username)
        answer = desk.post("/admin/person/cari/", {"search": NIK})
        rows = re.findall(r'class="row-link"', desk.get(answer.location).text)
        assert bool(rows) is found, username
        look_up = desk.post("/admin/victim/ajax/lookup/?name=person", {"query": NIK})
        assert bool(look_up.json) is found, username


def test_a_filter_by_it_narrows_nothing_and_is_not_offered(known: House) -> None:
    views = {getattr(view, "table", ""): view for view in known.app.extensions["admin"][0]._views}
    screen = views["person"]
    before, screen.filters = screen.filters, (*screen.filters, OneOf("religion"))
    try:
        for username, found in (("konselor", 0), ("supervisor", 1)):
            page = known.desk(username).get("/admin/person/?religion=hindu").text
            assert ('name="religion"' in page) is (username == "konselor")
            assert bool(re.findall(r'class="row-link"', page)) is bool(found), username
    finally:
        screen.filters = before


def test_what_was_said_in_a_service_is_not_for_the_outreach_officer(known: House) -> None:
    page = f"/admin/intervention/details/?id={only(known, Intervention)}"
    assert "Isi percakapan konseling" in known.desk("konselor").get(page).text
    answer = known.desk("penjangkau").get(page)
    assert answer.status_code == 200 and "Isi percakapan" not in answer.text


def test_nor_is_the_letter_that_tells_it(house: House) -> None:
    case = house.office.case(CaseStatus.closed)
    kinds = {letter.kind: letter.id for letter in case.letters}
    meets = {"supervisor": 3, "konselor": 3, "penjangkau": 1}
    for username, count in meets.items():
        desk = house.desk(username)
        page = desk.get(f"/admin/case/details/?id={case.id}").text
        assert page.count("/admin/letter/unduh/?id=") == count, username
        for kind, key in kinds.items():
            found = count == 3 or kind is LetterKind.surat_perintah
            answer = desk.get(f"/admin/letter/unduh/?id={key}")
            assert answer.status_code == (200 if found else 404), (username, kind)
