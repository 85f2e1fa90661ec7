"""The screens on PostgreSQL: the same pages from other SQL, and its stricter answers."""

import re

import pytest
from sqlalchemy import select

import admin_views
from models import CaseStatus, Role
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import FormReader, complete
from tests.screens.generated.test_listing import HOSTILE, NEXT, PREVIOUS, numbers, rows, search
from tests.support.databases import on_postgres

pytestmark = on_postgres
ALL = r'(?:<option value="">[^<]*</option>\s*)?'
FIRST_CHOICE = re.compile(
    rf'<select[^>]+ name="(\w+)"[^>]*>\s*{ALL}<option value="([^"]+)"', re.DOTALL
)
SCREENS = [screen for _title, group in admin_views.MENU for screen in group]


@pytest.fixture
def busy(house: House) -> House:
    """An office with rows in every table."""
    for status in (CaseStatus.identified, CaseStatus.handling, CaseStatus.closed):
        house.office.case(status)
    complete(house.session, house.cast)
    house.session.commit()
    return house


def first(house: House, model: type[object]) -> object:
    key = house.session.scalars(select(model.__mapper__.primary_key[0]).limit(1)).first()  # type: ignore[attr-defined]
    house.session.rollback()
    return key


@pytest.mark.long
def test_every_page_opens(busy: House) -> None:
    for role in (Role.supervisor, Role.admin):
        desk = busy.desk(role.value)
        for screen in SCREENS:
            table, key = screen.model.__tablename__, first(busy, screen.model)
            for page in ("", f"details/?id={key}", f"edit/?id={key}", "new/", "export/csv/"):
                answer = desk.get(f"/admin/{table}/{page}")
                assert answer.status_code in (200, 302, 403, 404), f"{role} {table}/{page}"


@pytest.mark.long
def test_every_filter_and_search_is_understood(busy: House) -> None:
    desk = busy.desk("supervisor")
    for screen in SCREENS:
        table = screen.model.__tablename__
        page = desk.get(f"/admin/{table}/")
        for name, value in FIRST_CHOICE.findall(page.text):
            answer = desk.get(f"/admin/{table}/?{name}={value}")
            assert answer.status_code == 200, f"{table} {name}={value}"
            assert "tidak mengenal nilai itu" not in answer.text
        if screen.search and page.status_code == 200:
            search(desk, table, "Bunga Rekaan")


def test_pages_follow_one_another(busy: House) -> None:
    desk = busy.desk("supervisor")
    page = desk.get("/admin/region/?page_size=25").text
    second = desk.get(NEXT.search(page)[1].replace("&amp;", "&")).text  # type: ignore[index]
    assert rows(second) != rows(page)
    back = desk.get(PREVIOUS.search(second)[1].replace("&amp;", "&")).text  # type: ignore[index]
    assert rows(back) == rows(page)
    assert numbers(desk.get("/admin/case/?sort=5&desc=1").text) != []


def test_no_address_breaks_a_page(busy: House) -> None:
    desk = busy.desk("supervisor")
    for query in HOSTILE:
        for page in ("case/", "case/details/", "case/edit/", "case/export/csv/", "region/"):
            answer = desk.get(f"/admin/{page}?{query}")
            assert answer.status_code in (200, 302, 400, 403, 404), f"{page}?{query}"


def test_a_refused_constraint_is_said_beside_its_field(busy: House) -> None:
    desk = busy.desk("admin")
    facts = {"day": "2027-01-04", "name": "Hari rekaan", "source": "SK"}
    assert desk.fill("/admin/day_off/new/", **facts).status_code == 302
    assert 'id="day-error"' in desk.fill("/admin/day_off/new/", **facts).text


def test_a_stale_edit_changes_nothing(busy: House) -> None:
    case = busy.office.case()
    desk, page = busy.desk("supervisor"), f"/admin/case/edit/?id={case.id}"
    late = FormReader(desk.get(page).text)
    desk.fill(page, place="Pertama 😀")
    assert "Belum disimpan" in desk.send(page, late.filled(place="Kedua")).text
    busy.session.rollback()
    assert case.place == "Pertama 😀"


def test_letters_no_database_takes_are_cleaned(busy: House) -> None:
    case = busy.office.case()
    desk, page = busy.desk("supervisor"), f"/admin/case/edit/?id={case.id}"
    for typed, kept in [("nul \x00 di", "nul  di"), ("‮balik 😀", "‮balik 😀"), ("x" * 10_000,) * 2]:
        assert desk.fill(page, narrative=typed).status_code == 302
        busy.session.rollback()
        busy.session.refresh(case)
        assert case.narrative == kept
