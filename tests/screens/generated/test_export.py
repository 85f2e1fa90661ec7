"""The export: the list as a file, nothing more, and nothing that a spreadsheet would run."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from models import Attachment, AuditEntry, CaseStatus, Person, ServiceComplaint, Suspect
from portal.protection import audit
from portal.screens.export import FORMULA, INVISIBLE, harmless
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import ARRIVED, Desk

POLICY = "Content-Security-Policy"
RUNS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x")


def table(desk: Desk, address: str) -> list[list[str]]:
    """The cells of an export."""
    answer = desk.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeff"), "spreadsheets need to be told that it is UTF-8"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def exports(house: House) -> list[dict[str, Any]]:
    house.session.rollback()
    entries = house.session.scalars(select(AuditEntry).filter_by(event="exported"))
    return [audit.details_of(entry) for entry in entries]


def test_an_export_says_labels_under_indonesian_headings(house: House) -> None:
    case = house.office.case(CaseStatus.handling)
    case.region_code = "35.73.05.1001"
    house.session.commit()
    head, row = table(house.desk("supervisor"), "/admin/case/export/csv/")
    cells = dict(zip(head, row, strict=True))
    assert cells["Nomor"] == case.number
    assert cells["Keadaan"] == "Penanganan"
    assert cells["Risiko"] == "Sedang (respons 1 hari)"
    assert cells["Konselor"] == "Maya Kusuma"
    assert cells["Bentuk kekerasan"] == "Kekerasan fisik"
    assert cells["Dibuka"].startswith("2026-03-02 ")
    assert cells["Di luar Kota Malang"] == "Tidak"


def test_an_export_is_narrowed_sorted_and_searched_like_its_list(house: House) -> None:
    open_case = house.office.case(CaseStatus.handling)
    other = house.office.case()
    other.victims[0].person.name = "Melati Rekaan"
    house.session.commit()
    desk = house.desk("supervisor")
    found = desk.post("/admin/case/cari/", {"search": "Melati"}).location
    for query, numbers in [
        ("status=handling", [open_case.number]),
        ("sort=0", [open_case.number, other.number]),
        ("sort=0&desc=1", [other.number, open_case.number]),
        (found.partition("?")[2], [other.number]),
        ("status=closed", []),
    ]:
        rows = table(desk, f"/admin/case/export/csv/?{query}")[1:]
        assert [row[0] for row in rows] == numbers, query


def test_an_export_holds_only_what_its_officer_may_see(house: House) -> None:
    house.office.case()
    mine = house.office.case(CaseStatus.handling)
    rows = table(house.desk("konselor"), "/admin/case/export/csv/")[1:]
    assert [row[0] for row in rows] == [mine.number]
    assert table(house.desk("petugas2"), "/admin/case/export/csv/")[1:] == []


def test_who_may_read_but_not_export_gets_no_file(house: House) -> None:
    desk = house.desk("supervisor")
    assert desk.get("/admin/attachment/").status_code == 200
    assert desk.get("/admin/attachment/export/csv/").status_code == 404
    assert house.desk("pimpinan").get("/admin/case/export/csv/").status_code == 403
    assert exports(house) == []


def test_an_export_is_in_the_log_with_its_filters_and_rows(house: House) -> None:
    house.office.case()
    house.office.case()
    table(house.desk("supervisor"), "/admin/case/export/csv/?status=identified")
    assert exports(house) == [{"table": "case", "filters": {"status": ["identified"]}, "rows": 2}]


def test_the_name_of_the_file_names_nobody(house: House) -> None:
    answer = house.desk("supervisor").get("/admin/person/export/csv/")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=person-2")


def test_only_csv_is_exported(house: House) -> None:
    for kind in ("xlsx", "json", "html", "..%2fcsv"):
        assert house.desk("supervisor").get(f"/admin/case/export/{kind}/").status_code == 404


@pytest.mark.parametrize("text", [*RUNS, " =1+1", "\u200b=1", "\ufeff@x", "\u00a0-2+3"])
def test_no_cell_is_a_formula(house: House, text: str) -> None:
    row = ServiceComplaint(number=text, via="email", received_at=ARRIVED, body="x")
    house.session.add(row)
    house.session.commit()
    cells = table(house.desk("supervisor"), "/admin/service_complaint/export/csv/")[1]
    assert cells[0] == f"'{text}"


@given(st.text())
def test_a_cell_never_begins_like_a_formula(text: str) -> None:
    cell = harmless(text)
    assert not cell.lstrip(" \u00a0\u3000" + INVISIBLE).startswith(FORMULA)
    assert cell.removeprefix("'") == text.replace("\0", "").removeprefix("'") or cell == text


def test_a_long_export_comes_in_pieces_and_whole(house: House) -> None:
    house.office.case()
    report = house.office.report()
    house.session.add_all(
        Suspect(person=Person(name=f"Rekaan {n}"), report_id=report.id) for n in range(1_200)
    )
    house.session.commit()
    answer = house.desk("supervisor").client.get("/admin/person/export/csv/")
    pieces = list(answer.iter_encoded())
    answer.close()
    rows = list(csv.reader(io.StringIO(b"".join(pieces).decode())))
    assert len(pieces) > 2 and len(rows) == 1 + 1_200 + 6


def test_letters_and_attachments_are_files_of_their_own(house: House) -> None:
    case = house.office.case(CaseStatus.handling)
    letter = case.letters[0]
    answer = house.desk("supervisor").get(f"/admin/letter/unduh/?id={letter.id}")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers[POLICY]
    assert house.desk("petugas").get(f"/admin/letter/unduh/?id={letter.id}").status_code == 404
    assert house.desk("admin").get(f"/admin/letter/unduh/?id={letter.id}").status_code == 403


def test_a_file_is_added_to_a_service_and_read_by_those_of_the_case(house: House) -> None:
    case = house.office.case(CaseStatus.handling)
    service = house.office.serve(case)
    house.session.commit()
    desk, page = house.desk("konselor"), "/admin/attachment/new/"
    facts = {"kind": "bukti", "intervention": str(service.id), "csrf_token": desk.token()}
    program = (io.BytesIO(b"MZ\x90\x00" + b"\0" * 200), "foto.jpg")
    refused = desk.client.post(page, data={**facts, "file": program})
    assert "tidak diterima" in refused.text
    assert "Pilih sebuah berkas" in desk.client.post(page, data=facts).text
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    picture.seek(0)
    taken = desk.client.post(page, data={**facts, "file": (picture, "../foto rumah.png")})
    assert taken.status_code == 302
    house.session.rollback()
    row = house.session.scalars(select(Attachment)).one()
    assert (row.case_id, row.filename) == (case.id, "foto rumah.jpg")
    answer = desk.get(f"/admin/attachment/unduh/?id={row.id}")
    assert answer.data.startswith(b"\xff\xd8") and "sandbox" in answer.headers[POLICY]
    assert house.desk("petugas2").get(f"/admin/attachment/unduh/?id={row.id}").status_code == 404
