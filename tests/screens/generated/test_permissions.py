"""Every screen, every role: what the permission table says, and the rows the scope gives."""

from itertools import product

import pytest
from sqlalchemy import func, select

import admin_views
from models import Role
from portal.access import scope
from portal.access.permissions import PERMISSIONS, TABLES
from portal.screens.screen import Screen
from tests.screens.generated.conftest import House

SCREENS = {
    screen.model.__tablename__: screen for _title, group in admin_views.MENU for screen in group
}
ROLES = {role: role.value for role in Role}
READING = {"list": "", "export": "export/csv/", "create": "new/"}
OF_ROWS = {"view": "details/", "edit": "edit/"}
# What looking at things writes by itself: that somebody looked.
WRITTEN = set(SCREENS) - {"audit_entry"}
WRITING = {"edit": "edit/?id=1", "create": "new/"}


def allowed(table: str, verb: str, role: Role) -> bool:
    """By the table alone."""
    return role in PERMISSIONS[f"{table}.{verb}"]


def refusal(table: str, verb: str) -> int:
    """What is answered to those who may not: there is no such page, or it is not theirs."""
    return 403 if verb == "list" or verb in SCREENS[table].verbs else 404


def rows(house: House, table: str, role: Role) -> dict[object, bool]:
    """Two rows this role's officer meets and two others, by key: are they met?"""
    model = SCREENS[table].model
    officer = next(one for one in house.cast if one.username == role.value)
    key, met = model.__mapper__.primary_key[0], scope.visible(model, officer)
    seen = list(house.session.scalars(select(key).where(met).limit(2)))
    hidden = list(house.session.scalars(select(key).where(~met).limit(2)))
    house.session.rollback()
    return dict.fromkeys(seen, True) | dict.fromkeys(hidden, False)


def count(house: House, table: str) -> int:
    """How many rows there are."""
    model = SCREENS[table].model
    found = house.session.scalar(select(func.count()).select_from(model)) or 0
    house.session.rollback()
    return found


def test_every_table_with_permissions_has_its_screen() -> None:
    # Messages and findings stand where they were said; survey and compliance are pages of figures.
    assert set(SCREENS) == set(TABLES) - {"message", "cue_finding", "survey", "compliance"}


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_those_the_permissions_name(full_house: House, role: Role) -> None:
    desk = full_house.desk(role.value)
    for table, (verb, page) in product(SCREENS, READING.items()):
        answer = desk.get(f"/admin/{table}/{page}").status_code
        open_to = verb in (*SCREENS[table].verbs, "list") and allowed(table, verb, role)
        assert answer == (200 if open_to else refusal(table, verb)), f"{table}.{verb}"


@pytest.mark.parametrize("role", ROLES)
def test_a_row_opens_only_within_the_scope(full_house: House, role: Role) -> None:
    desk = full_house.desk(role.value)
    for table, (verb, page) in product(SCREENS, OF_ROWS.items()):
        may = verb in SCREENS[table].verbs and allowed(table, verb, role)
        for key, met in rows(full_house, table, role).items():
            answer = desk.get(f"/admin/{table}/{page}?id={key}").status_code
            expected = (200 if met else 404) if may else refusal(table, verb)
            assert answer == expected, f"{table}.{verb} {key}"


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_written_without_permission(full_house: House, role: Role) -> None:
    desk = full_house.desk(role.value)
    before = {table: count(full_house, table) for table in WRITTEN}
    for table, (verb, page) in product(SCREENS, WRITING.items()):
        if verb not in SCREENS[table].verbs or not allowed(table, verb, role):
            answer = desk.post(f"/admin/{table}/{page}").status_code
            assert answer == refusal(table, verb), f"{table}.{verb}"
        for gone in ("delete/", "ajax/update/"):
            answer = desk.post(f"/admin/{table}/{gone}", {"id": "1", "list_form_pk": "1"})
            assert answer.status_code == 404
    assert {table: count(full_house, table) for table in WRITTEN} == before


@pytest.mark.parametrize("role", ROLES)
def test_look_ups_answer_only_those_who_fill_in_the_form(full_house: House, role: Role) -> None:
    desk = full_house.desk(role.value)
    for table, screen in SCREENS.items():
        fills = {verb for verb in ("create", "edit") if verb in screen.verbs}
        may = any(allowed(table, verb, role) for verb in fills)
        answer = desk.post(f"/admin/{table}/ajax/lookup/?name=nothing", {"query": "a"}).status_code
        assert answer == (404 if may or not fills else 403), table


def test_nobody_gets_in_without_signing_in(full_house: House) -> None:
    visitor = full_house.app.test_client()
    for table in SCREENS:
        answer = visitor.get(f"/admin/{table}/")
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/masuk")


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_every_option_of_a_screen_means_something(screen: type[Screen]) -> None:
    """Flask-Admin ignores a misspelt option silently. Names of their own are in capitals."""
    options = {name for name in vars(screen) if not name.startswith("_") and not name.isupper()}
    known = {name for base in screen.__mro__[1:] for name in vars(base)}
    assert options - known == set()


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_lists_sort_only_by_columns_that_are_never_empty_or_sealed(screen: type[Screen]) -> None:
    names = {*screen.column_sortable_list, screen.column_default_sort[0]}
    columns = screen.model.__table__.columns
    assert [
        name for name in names if columns[name].nullable or "Sealed" in repr(columns[name].type)
    ] == []
    assert set(screen.column_sortable_list) <= set(screen.column_list)


def test_a_screen_offers_nothing_by_itself() -> None:
    assert set(Screen.verbs) == {"view"}
    assert Screen.can_delete is False
