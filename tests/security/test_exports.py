"""What leaves as a file: with a reason, of one moment, nothing that runs, nothing hidden."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from sqlalchemy import select, text

from models import AuditEntry, Person, ServiceComplaint, Suspect
from portal.protection import audit
from portal.screens import sheets
from portal.screens.sheets import harmless
from tests.e2e.desk import Desk as Browsing
from tests.screens.generated.conftest import House, house
from tests.screens.generated.desk import ARRIVED, Desk
from tests.support.browser import DESKTOP, PHONE
from tests.support.databases import both_engines
from tests.support.looks import overflow, violations

__all__ = ["house"]  # the fixture

PAGE = "/admin/service_complaint/export/csv/"
WHY = "Laporan triwulan untuk inspektorat"
RUNS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "﹣1")
HIDDEN = (" =1+1", "\u200b=1", "\ufeff@x", "\u00a0-2+3", "\u202e=1", "\u2212 1", "\x0b=1")
LATER = ("ya; =1+1", "satu\n+1", "satu\r\n@x", "satu\t=1")


def taken(desk: Desk, table: str, kind: str = "csv", query: str = "") -> list[list[str]]:
    """The rows of an export, the last line too."""
    answer = desk.post(f"/admin/{table}/export/{kind}/{query}", {"why": WHY})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith(f"attachment; filename={table}-2")
    return read(kind, answer.data)


def read(kind: str, data: bytes) -> list[list[str]]:
    """The cells, as a reader that is not ours finds them."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    sheet: Any = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert {cell.data_type for row in rows for cell in row} == {"s"}, "every cell is a string"
    return [[str(cell.value) for cell in row] for row in rows]


def noted(house: House) -> list[dict[str, Any]]:
    house.session.rollback()
    entries = house.session.scalars(select(AuditEntry).filter_by(event="exported"))
    return [audit.details_of(entry) for entry in entries]


# --- the reason -------------------------------------------------------------------------------


def test_opening_the_page_says_what_would_leave_and_takes_nothing(house: House) -> None:
    house.office.case()
    answer = house.desk("supervisor").get("/admin/case/export/csv/?status=identified")
    assert answer.mimetype == "text/html"
    for said in ("Jumlah baris", "Keadaan: Teridentifikasi", "Alasan ekspor", "Unduh Excel"):
        assert said in answer.text
    assert noted(house) == []


def test_the_list_leads_to_that_page_with_its_filters(house: House) -> None:
    house.office.case()
    page = house.desk("supervisor").get("/admin/case/?status=identified").text
    assert 'href="/admin/case/export/csv/?status=identified"' in page


@pytest.mark.parametrize("why", ["", "   ", "audit", "\0\0\0\0\0\0\0\0\0\0\0"])
def test_without_a_reason_nothing_leaves(house: House, why: str) -> None:
    answer = house.desk("supervisor").post(PAGE, {"why": why})
    assert answer.status_code == 422 and answer.mimetype == "text/html"
    assert "field-error" in answer.text
    assert noted(house) == []


def test_a_forged_form_takes_nothing(house: House) -> None:
    desk = house.desk("supervisor")
    for token in ({}, {"csrf_token": "x"}):
        answer = desk.client.post(PAGE, data={"why": WHY} | token)
        assert answer.status_code in (303, 400) and answer.mimetype == "text/html"
    assert noted(house) == []


def test_who_what_how_many_and_why_are_in_the_log_and_the_reason_is_sealed(house: House) -> None:
    house.office.case()
    taken(house.desk("supervisor"), "case", "xlsx", "?status=identified")
    said = {"table": "case", "filters": {"status": ["identified"]}, "rows": 1}
    assert noted(house) == [said | {"format": "xlsx", "why": WHY}]
    stored = house.session.scalars(text("SELECT details FROM audit_entry")).all()
    assert not any(b"triwulan" in bytes(value) for value in stored if value)
    page = house.desk("auditor").get("/admin/audit_entry/").text
    assert WHY in page


# --- whole, and of one moment -------------------------------------------------------------------


@pytest.mark.parametrize("kind", sheets.KINDS)
def test_the_last_line_says_how_many_who_and_when(house: House, kind: str) -> None:
    house.office.case()
    house.office.case()
    head, *rows, last = taken(house.desk("supervisor"), "case", kind)
    assert head[0] == "Nomor" and len(rows) == 2
    assert last[0].startswith("Akhir ekspor: 2 baris, oleh Budi Santoso (Supervisor), ")
    assert last[0].endswith("WIB.")


@both_engines
def test_what_is_written_meanwhile_is_not_in_the_file(house: House) -> None:
    report = house.office.report()
    add_people(house, report.id, 700)
    desk = house.desk("supervisor")
    facts = {"why": WHY, "csrf_token": desk.token()}
    answer = desk.client.post("/admin/suspect/export/csv/", data=facts)
    pieces = answer.iter_encoded()
    first = next(iter(pieces))
    add_people(house, report.id, 50)
    rows = read("csv", first + b"".join(pieces))
    answer.close()
    assert len(rows) == 1 + 701 + 1
    assert rows[-1][0].startswith("Akhir ekspor: 701 baris")
    assert noted(house)[0]["rows"] == 701


def add_people(house: House, report_id: int, count: int) -> None:
    """Suspects of a report."""
    house.session.add_all(
        Suspect(person=Person(name=f"Rekaan {n}"), report_id=report_id) for n in range(count)
    )
    house.session.commit()


@pytest.mark.parametrize("kind", sheets.KINDS)
def test_a_file_is_made_a_piece_at_a_time(kind: str) -> None:
    rows = ([f"{n}", "x" * 100] for n in range(20_000))
    sizes = [len(piece) for piece in sheets.KINDS[kind].pieces(rows)]
    assert len(sizes) > 30 and max(sizes) < 200_000


def test_a_spreadsheet_that_broke_off_does_not_open() -> None:
    pieces = sheets.KINDS["xlsx"].pieces([f"{n}"] for n in range(2_000))
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join([next(pieces), next(pieces)])))


# --- nothing runs -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sheets.KINDS)
def test_no_cell_is_a_formula(house: House, kind: str) -> None:
    texts = [*RUNS, *HIDDEN, *LATER]
    house.session.add_all(
        ServiceComplaint(number=one[:30], via="email", received_at=ARRIVED, body="x")
        for one in texts
    )
    house.session.commit()
    cells = [row[0] for row in taken(house.desk("supervisor"), "service_complaint", kind)[1:-1]]
    assert len(cells) == len(texts)
    for cell in cells:
        assert cell.startswith(("'", "ya", "satu")), repr(cell)
        for line in re.split("[;\t\r\n]", cell):
            assert not line.lstrip(" \u200b\ufeff\u00a0\u202e").startswith(tuple("=+-@＝＋－＠"))


def test_a_semicolon_does_not_start_a_cell_of_its_own_in_an_indonesian_spreadsheet() -> None:
    data = b"".join(sheets.KINDS["csv"].pieces([["ya;=1+1", "satu\n=cmd|' /C calc'!A0"]]))
    for line in csv.reader(io.StringIO(data.decode()), delimiter=";"):
        assert not any(cell.startswith("=") for cell in line)


@given(st.text())
def test_a_cell_never_begins_like_a_formula(given_text: str) -> None:
    cell = harmless(given_text)
    first = cell.lstrip(" \u00a0\u3000\ufeff\u200b\u00ad")[:1]
    assert not first or first not in "=+-@\t\r\n＝＋－＠"
    assert cell.replace("'", "") == given_text.replace("\0", "").replace("'", "")
    assert harmless(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_text_makes_a_workbook_that_opens(rows: list[list[str]]) -> None:
    read("xlsx", b"".join(sheets.KINDS["xlsx"].pieces([["x"], *rows])))


# --- only what one may see ----------------------------------------------------------------------


@pytest.fixture
def with_senders(house: House) -> Iterator[House]:
    """An export of complaints that would name their senders."""
    views = {getattr(view, "table", ""): view for view in house.app.extensions["admin"][0]._views}
    screen = views["service_complaint"]
    screen.column_export_list = ("number", "name", "contact", "body")
    house.session.add(
        ServiceComplaint(
            number="PL-1", via="email", received_at=ARRIVED, body="Antre lama", name="Wati Rekaan"
        )
    )
    house.session.commit()
    yield house
    screen.column_export_list = None


@pytest.mark.parametrize("kind", sheets.KINDS)
def test_a_role_exports_the_columns_it_may_see(with_senders: House, kind: str) -> None:
    head, row, _last = taken(with_senders.desk("supervisor"), "service_complaint", kind)
    assert head == ["Nomor", "Nama", "Kontak", "Isi pengaduan"] and "Wati Rekaan" in row
    head, row, _last = taken(with_senders.desk("pimpinan"), "service_complaint", kind)
    assert (head, row) == (["Nomor", "Isi pengaduan"], ["PL-1", "Antre lama"])


def test_another_officers_rows_are_not_in_it(house: House) -> None:
    house.office.case()
    assert len(taken(house.desk("petugas2"), "case")) == 2
    assert house.desk("pimpinan").post("/admin/case/export/csv/", {"why": WHY}).status_code == 403
    assert house.desk("admin").post("/admin/person/export/xlsx/", {"why": WHY}).status_code == 403


# --- the page -----------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_page_is_used_with_the_keyboard_and_by_everybody(
    house: House, browser: Browser, address: str
) -> None:
    house.office.case()
    desk = Browsing(browser, address, "supervisor")
    desk.open("/admin/case/").get_by_role("link", name="Ekspor").click()
    for size in (DESKTOP, PHONE):
        desk.page.set_viewport_size(size)
        assert violations(desk.page) == [] and overflow(desk.page) <= 0
    desk.page.get_by_label("Alasan ekspor").fill("singkat")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_text("sedikitnya 10 karakter").first.wait_for()
    assert desk.page.get_by_label("Alasan ekspor").input_value() == "singkat"
    assert violations(desk.page) == []
    desk.page.get_by_label("Alasan ekspor").fill(WHY)
    for _kind in range(2):  # the page stays and may be used again
        with desk.page.expect_download() as waiting:
            desk.page.get_by_role("button", name="Unduh Excel").press("Enter")
        assert waiting.value.suggested_filename.endswith(".xlsx")
    desk.close()
