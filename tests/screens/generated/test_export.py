"""The export: the list as a file, nothing more, and nothing that a spreadsheet would run."""

import csv
import io
from typing import Any

from PIL import Image
from sqlalchemy import select

from models import Attachment, AuditEntry, CaseStatus, Person, Suspect
from portal.protection import audit
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk

POLICY = "Content-Security-Policy"
WHY = {"why": "Rekapitulasi bulanan untuk pimpinan"}


def table(desk: Desk, address: str) -> list[list[str]]:
    """The cells of an export, without its last line."""
    answer = desk.post(address, WHY)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeff"), "spreadsheets need to be told that it is UTF-8"
    *rows, last = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))
    assert last[0].startswith(f"Akhir ekspor: {len(rows) - 1} baris")
    return rows


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
    noted = {"table": "case", "filters": {"status": ["identified"]}, "rows": 2, "format": "csv"}
    assert exports(house) == [noted | WHY]


def test_the_name_of_the_file_names_nobody(house: House) -> None:
    answer = house.desk("supervisor").post("/admin/person/export/csv/", WHY)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=person-2")


def test_only_csv_and_xlsx_are_exported(house: House) -> None:
    for kind in ("xls", "json", "html", "..%2fcsv"):
        assert house.desk("supervisor").get(f"/admin/case/export/{kind}/").status_code == 404


def test_a_long_export_comes_in_pieces_and_whole(house: House) -> None:
    house.office.case()
    report = house.office.report()
    house.session.add_all(
        Suspect(person=Person(name=f"Rekaan {n}"), report_id=report.id) for n in range(1_200)
    )
    house.session.commit()
    desk = house.desk("supervisor")
    facts = WHY | {"csrf_token": desk.token()}
    answer = desk.client.post("/admin/person/export/csv/", data=facts)
    pieces = list(answer.iter_encoded())
    answer.close()
    rows = list(csv.reader(io.StringIO(b"".join(pieces).decode())))
    assert len(pieces) > 2 and len(rows) == 1 + 1_200 + 6 + 1


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
