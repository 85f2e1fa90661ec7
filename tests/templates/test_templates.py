"""The generic templates as the server sends them: everything works without script."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.templates import toy as tables

PAGES = [
    "/masuk",
    "/galat",
    "/cepat",
    "/admin/",
    "/admin/file/",
    "/admin/file/?search=KS&sort=0&desc=1&flt0_0=tinggi",
    "/admin/file/details/?id=1",
    "/admin/file/new/",
    "/admin/file/edit/?id=4",
    "/admin/worker/",
]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def body(visitor: FlaskClient, path: str) -> str:
    """The page at `path`, which must exist."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def send(visitor: FlaskClient, path: str, **fields: object) -> str:
    """Send a form with the page's own token; the page that follows."""
    token = TOKEN.search(body(visitor, path))
    assert token
    answer = visitor.post(path, data={"csrf_token": token[1]} | fields, follow_redirects=True)
    return html.unescape(answer.get_data(as_text=True))


def numbers(page: str) -> list[str]:
    """The numbers a list shows, in order."""
    return re.findall(r'row-link" href="[^"]*">(KS-[\d-]+)<', page)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_anything_inline(reader: FlaskClient, path: str) -> None:
    page = body(reader, path)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("path", PAGES)
def test_every_file_a_page_loads_is_there_under_an_address_that_changes_with_it(
    reader: FlaskClient, path: str
) -> None:
    files = re.findall(r'(?:href|src)="(/static/[^"#]+)', body(reader, path))
    assert files
    assert all(re.search(r"\?v=[0-9a-f]{10}$", file) for file in files)
    assert {reader.get(file).status_code for file in files} == {200}


@pytest.mark.parametrize("path", PAGES)
def test_no_id_stands_twice_on_a_page(reader: FlaskClient, path: str) -> None:
    page = re.sub(r"<template>.*?</template>", "", body(reader, path), flags=re.S)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_every_icon_is_in_the_sprite(reader: FlaskClient, path: str) -> None:
    used = set(re.findall(r"icons\.svg\?v=\w+#([\w-]+)", body(reader, path)))
    sprite = reader.get("/static/admin/icons.svg").get_data(as_text=True)
    assert used <= set(re.findall(r'<symbol id="([\w-]+)"', sprite))


def test_a_list_is_searched_filtered_and_sorted_by_its_address(reader: FlaskClient) -> None:
    assert numbers(body(reader, "/admin/file/?search=0003")) == ["KS-2026-0003"]
    newest = numbers(body(reader, "/admin/file/?sort=0&desc=1"))
    assert newest == sorted(newest, reverse=True) and newest
    filtered = body(reader, "/admin/file/?flt0_0=darurat")
    assert numbers(filtered) == ["KS-2026-0002", "KS-2026-0005"]
    assert "Risiko: darurat" in filtered


def test_the_sorted_column_says_so(reader: FlaskClient) -> None:
    assert 'aria-sort="descending"' in body(reader, "/admin/file/?sort=0&desc=1")
    assert 'aria-sort="ascending"' in body(reader, "/admin/file/?sort=0")


def test_searching_keeps_the_order_and_the_filters_are_fields_of_the_same_form(
    reader: FlaskClient,
) -> None:
    page = body(reader, "/admin/file/?sort=0&desc=1&flt0_0=tinggi")
    form = page[page.index("list-form") : page.index("</form>", page.index("list-form"))]
    assert 'name="sort" value="0"' in form and 'name="desc" value="1"' in form
    assert re.search(r'name="flt0_0" type="text"\s+value="tinggi"', form)


def test_the_export_takes_the_filters_along_and_nothing_else_from_the_address(
    reader: FlaskClient,
) -> None:
    page = body(reader, "/admin/file/?search=KS&_external=1&export_type=x&_anchor=y")
    address = re.search(r'href="(/admin/file/export/csv/[^"]*)"', page)
    assert address and "search=KS" in address[1]
    assert "_external" not in address[1] and "_anchor" not in address[1]


def test_neighbouring_pages_are_the_addresses_the_screen_gave(reader: FlaskClient) -> None:
    page = body(reader, "/admin/worker/")
    assert 'href="?after=5" rel="next"' in page and "1.000 lebih" in page
    assert 'rel="prev"' not in page


def test_a_value_that_is_not_known_is_an_empty_cell(app: Flask, visitor: FlaskClient) -> None:
    with app.app_context():
        tables.db.session.get(tables.File, 1).worker = None
        tables.db.session.commit()
    page = body(visitor, "/admin/file/?search=0001")
    assert re.search(r'<td[^>]*class="col-worker"[^>]*></td>', page)


def test_an_empty_list_says_why(reader: FlaskClient) -> None:
    assert "Tidak ada yang cocok" in body(reader, "/admin/file/?search=tidak-ada")


def test_chosen_rows_are_acted_upon_without_script(app: Flask, visitor: FlaskClient) -> None:
    token = TOKEN.search(body(visitor, "/admin/file/"))
    assert token
    fields = {"csrf_token": token[1], "action": "close", "rowid": ["1", "2"], "url": ""}
    visitor.post("/admin/file/action/", data=fields)
    with app.app_context():
        risks = [tables.db.session.get(tables.File, key).risk for key in (1, 2)]
    assert risks == ["rendah", "rendah"]


def test_a_delete_button_shows_only_where_the_script_can_ask_first(reader: FlaskClient) -> None:
    forms = re.findall(r'<form class="row-form"[^>]*>', body(reader, "/admin/file/"))
    assert forms
    assert all(" hidden" in form and "data-confirm=" in form for form in forms)


def test_an_error_stands_beside_its_field_and_in_a_list_that_leads_there(
    visitor: FlaskClient,
) -> None:
    page = send(visitor, "/admin/file/new/", number="KS", opened="2026-11-24")
    assert '<a href="#number">Nomor perkara: Nomor terlalu pendek.</a>' in page
    assert '<a href="#risk-0">Risiko: Pilih tingkat risiko.</a>' in page
    field = re.search(r'<input[^>]*id="number"[^>]*>', page)
    assert field and 'aria-describedby="number-hint number-error"' in field[0]
    assert 'value="KS"' in field[0]
    assert "<title>Galat: " in page


def test_a_form_with_rows_of_people_is_stored(app: Flask, visitor: FlaskClient) -> None:
    send(
        visitor,
        "/admin/file/new/",
        **{"number": "KS-2026-0099", "risk": "tinggi", "opened": "2026-11-24"},
        **{"arrived": "2026-11-24T14:05", "worker": "2", "kinds": ["fisik", "psikis"]},
        **{"people-0-alias": "Kenanga", "people-3-alias": "Dahlia"},
    )
    with app.app_context():
        stored = tables.db.session.query(tables.File).filter_by(number="KS-2026-0099").one()
        assert sorted(one.alias for one in stored.people) == ["Dahlia", "Kenanga"]
        assert (stored.worker.name, stored.kinds) == ("Budi Santoso", "fisik,psikis")


def test_a_time_is_typed_and_shown_in_wib(app: Flask, visitor: FlaskClient) -> None:
    with app.test_request_context():
        form = tables.FileScreen(tables.File, tables.db, endpoint="probe").get_edit_form()
        shown = form(data={"arrived": tables.ARRIVAL})
    assert shown.arrived._value() == "2026-11-24T14:00"


def test_an_error_in_a_row_of_people_leads_to_its_field(visitor: FlaskClient) -> None:
    page = send(visitor, "/admin/file/edit/?id=4", **{"people-0-id": "4", "people-0-alias": ""})
    assert '<a href="#people-0-alias">' in page


def test_the_chosen_row_of_a_lookup_is_there_without_script(reader: FlaskClient) -> None:
    page = body(reader, "/admin/file/edit/?id=4")
    select = re.search(r"<select[^>]*data-lookup[^>]*>.*?</select>", page, flags=re.S)
    assert select and 'id="worker"' in select[0] and "Budi Santoso" in select[0]


def test_an_attribute_of_one_request_does_not_stay_for_the_next(visitor: FlaskClient) -> None:
    send(visitor, "/admin/file/new/", number="KS")
    assert "is-invalid" not in body(visitor, "/admin/file/new/")


def test_details_show_their_sections_and_what_the_child_template_adds(
    reader: FlaskClient,
) -> None:
    page = body(reader, "/admin/file/details/?id=1")
    for text in ("Yang terjadi", "Langkah berikutnya", "Perjalanan", "Menunggu verifikasi"):
        assert text in page


def test_signing_out_is_a_form_with_a_token(reader: FlaskClient) -> None:
    page = body(reader, "/admin/")
    form = re.search(r'<form method="post" action="/keluar">(.*?)</form>', page, flags=re.S)
    assert form and TOKEN.search(form[1])


def test_the_menu_marks_where_one_is_and_what_waits(reader: FlaskClient) -> None:
    link = re.search(
        r'<a class="side-link" href="/admin/file/".*?</a>', body(reader, "/admin/file/"), re.S
    )
    assert link and 'aria-current="page"' in link[0] and "4" in link[0]


def test_text_from_the_database_is_never_markup(app: Flask, visitor: FlaskClient) -> None:
    with app.app_context():
        tables.db.session.get(tables.File, 1).number = "<b>KS</b>"
        tables.db.session.commit()
    for path in ("/admin/file/", "/admin/file/details/?id=1", "/admin/file/edit/?id=1"):
        assert "<b>KS" not in visitor.get(path).get_data(as_text=True)
