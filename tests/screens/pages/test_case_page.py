"""The page of a case: where it stands, what can be done next, and all that belongs to it."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from models import Attachment, AuditEntry, Case, CaseStatus, Role
from portal.access.permissions import CASEWORKERS
from portal.letters import register
from portal.protection import files
from tests.protection.samples import pdf, picture_with_gps
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk

C = CaseStatus


def case_in(house: House, state: CaseStatus) -> Case:
    with register.untried():
        return house.office.case(state)


def page_of(case: Case) -> str:
    return f"/admin/case/details/?id={case.id}"


def upload(desk: Desk, case: Case, content: bytes, name: str, **more: str) -> Any:
    """Send one file through the form on the case's page."""
    data = {"kind": "bukti", "owner": "", "files": (io.BytesIO(content), name), **more}
    return desk.post(
        f"/admin/case/lampiran/?id={case.id}", data, content_type="multipart/form-data"
    )


@pytest.mark.parametrize(
    ("state", "here"),
    [
        (C.identified, "Verifikasi"),
        (C.returned, "Dikembalikan"),
        (C.rejected, "Ditolak"),
        (C.handling, "Penanganan"),
        (C.monitoring, "Monitoring"),
        (C.closed, "Selesai"),
    ],
)
def test_the_page_shows_where_the_case_stands(house: House, state: CaseStatus, here: str) -> None:
    page = house.desk("supervisor").get(page_of(case_in(house, state))).text
    step = page.split('aria-current="step"')[1].split("</li>")[0]
    assert here in step


def test_each_role_is_offered_what_it_may_do_next(house: House) -> None:
    case = case_in(house, C.approved)
    offered = {
        "supervisor": ("Batalkan surat perintah", "Alihkan"),
        "penjangkau": ("Mulai penjangkauan",),
        "konselor": ("Mulai penjangkauan", "Alihkan"),
    }
    for username, labels in offered.items():
        page = house.desk(username).get(page_of(case)).text
        assert all(label in page for label in labels), username
    assert "Batalkan surat perintah" not in house.desk("penjangkau").get(page_of(case)).text


def test_a_grey_button_says_why(house: House) -> None:
    case = case_in(house, C.approved)
    page = house.desk("konselor").get(page_of(case)).text  # she leads, but Joko was ordered
    assert "Hanya petugas yang disebut dalam surat perintah" in page
    assert f"/admin/case/tindakan/start_outreach/?id={case.id}" not in page


def test_everything_that_belongs_to_the_case_stands_on_its_page(house: House) -> None:
    case = case_in(house, C.closed)
    page = house.desk("supervisor").get(page_of(case)).text
    told = (
        *("Bunga Rekaan", "Tono Rekaan", "LP-2026-", "Surat perintah", "Nota dinas terminasi"),
        *("Nota dinas akhir", "Penjangkauan", "Kesehatan", "Tujuan penanganan tercapai"),
        *("Monitoring dilakukan", "Laporan diambil", "Perjalanan", "Cara menghubungi yang aman"),
    )
    assert [word for word in told if word not in page] == []
    assert page.count("/admin/letter/unduh/?id=") == 3


def test_the_timeline_tells_the_reports_life_too_newest_first(house: House) -> None:
    page = house.desk("supervisor").get(page_of(case_in(house, C.handling))).text
    story = page.split('class="story"')[1]
    order = ("Hasil penjangkauan dilaporkan", "Penjangkauan dimulai", "Kasus disetujui")
    places = [story.index(title) for title in (*order, "Laporan diambil", "Laporan diterima")]
    assert places == sorted(places)


def test_looking_at_a_case_is_noted(house: House) -> None:
    case = case_in(house, C.handling)
    house.desk("konselor").get(page_of(case))
    house.session.rollback()
    seen = select(func.count(AuditEntry.id)).where(
        AuditEntry.event == "viewed",
        AuditEntry.case_id == case.id,
        AuditEntry.actor_id == house.cast.maya.id,
    )
    assert house.session.scalar(seen) == 1


def test_only_who_works_on_it_sees_it(house: House) -> None:
    case = case_in(house, C.handling)
    seen = {"supervisor", "penjangkau", "konselor"}
    for officer in house.cast:
        status = 200 if officer.username in seen else 404
        status = status if officer.role in CASEWORKERS else 403
        assert house.desk(officer.username).get(page_of(case)).status_code == status


def test_new_rows_begin_with_their_case(house: House) -> None:
    case = case_in(house, C.handling)
    page = house.desk("konselor").get(page_of(case)).text
    assert f"/admin/intervention/new/?case={case.id}" in page
    form = house.desk("konselor").get(f"/admin/intervention/new/?case={case.id}").text
    assert f'<option selected value="{case.id}">{case.number}</option>' in form


# --- files --------------------------------------------------------------------------------------


def test_a_file_is_added_to_the_case_and_leaves_only_to_who_may_see_it(house: House) -> None:
    case = case_in(house, C.handling)
    maya = house.desk("konselor")
    assert upload(maya, case, picture_with_gps(), "rumah.jpg").status_code == 303
    house.session.rollback()
    [file] = house.session.scalars(select(Attachment))
    assert (file.case_id, file.filename, file.kind) == (case.id, "rumah.jpg", "bukti")
    assert b"Kamera Uji" not in files.read(file.storage_key)
    address = f"/admin/attachment/unduh/?id={file.id}"
    assert address in maya.get(page_of(case)).text
    answer = maya.get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for username in ("petugas", "pendamping"):
        assert house.desk(username).get(address).status_code == 404
    for username in ("pimpinan", "admin", "auditor"):
        assert house.desk(username).get(address).status_code == 403
    noted = select(func.count(AuditEntry.id)).where(AuditEntry.event == "downloaded")
    house.session.rollback()
    assert house.session.scalar(noted) == 1


def test_a_file_belongs_to_a_service_of_this_case_alone(house: House) -> None:
    case, other = case_in(house, C.handling), case_in(house, C.handling)
    service, foreign = house.office.serve(case), house.office.serve(other)
    house.session.commit()
    desk = house.desk("konselor")
    answer = upload(desk, case, pdf(), "visum.pdf", owner=f"intervention:{service.id}")
    assert answer.status_code == 303
    house.session.rollback()
    [file] = house.session.scalars(select(Attachment))
    assert (file.intervention_id, file.case_id) == (service.id, case.id)
    wrong = upload(desk, case, pdf(), "visum.pdf", owner=f"intervention:{foreign.id}")
    assert wrong.status_code == 422


def test_a_file_that_is_not_what_it_says_is_refused(house: House) -> None:
    case = case_in(house, C.handling)
    answer = upload(house.desk("konselor"), case, b"MZ\x90\x00", "foto.jpg")
    assert (answer.status_code, "Jenis berkas ini tidak diterima" in answer.text) == (422, True)
    house.session.rollback()
    assert house.session.scalars(select(Attachment)).all() == []


def test_nobody_adds_to_a_case_they_do_not_see(house: House) -> None:
    case = case_in(house, C.handling)
    assert upload(house.desk("petugas2"), case, pdf(), "x.pdf").status_code == 404
    assert upload(house.desk("pimpinan"), case, pdf(), "x.pdf").status_code == 403


# --- letters ------------------------------------------------------------------------------------


def test_a_letter_leaves_as_pdf_to_who_may_see_it(house: House) -> None:
    case = house.office.case(C.approved)
    address = f"/admin/letter/unduh/?id={case.letters[0].id}"
    answer = house.desk("penjangkau").get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.data == house.desk("supervisor").get(address).data
    for username in ("petugas", "pendamping"):
        assert house.desk(username).get(address).status_code == 404
    assert house.desk(Role.admin.value).get(address).status_code == 403
