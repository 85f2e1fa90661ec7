"""The register of letters on the screen: its books, a letter's page, its text, its issue."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from models import AuditEntry, CaseStatus, Letter, LetterKind, LetterState, Order, Role, Termination
from portal.letters import versions
from portal.letters.catalogue import CATALOGUE
from portal.protection import audit, files
from tests.letters import paper
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk
from tests.support.disk import room_for

ORDER = LetterKind.surat_perintah
WHY = {"why": "Rekapitulasi bulanan untuk pimpinan"}


def letters(house: House, kind: LetterKind | None = None) -> list[Letter]:
    house.session.rollback()
    wanted = select(Letter).order_by(Letter.id)
    return list(house.session.scalars(wanted.filter_by(kind=kind) if kind else wanted))


def events(house: House, event: str) -> list[AuditEntry]:
    house.session.rollback()
    return list(house.session.scalars(select(AuditEntry).filter_by(event=event)))


@pytest.fixture
def handmade(monkeypatch: pytest.MonkeyPatch) -> None:
    """Supervisors may issue orders by hand, so that there is a kind that is."""
    entry = replace(CATALOGUE[ORDER], issuers=frozenset({Role.supervisor}))
    monkeypatch.setitem(CATALOGUE, ORDER, entry)


# --- the books --------------------------------------------------------------------------------


def test_each_kind_and_year_is_a_book_in_the_order_of_its_numbers(house: House) -> None:
    for _ in range(2):
        house.office.case(CaseStatus.approved)
    page = house.desk("supervisor").get("/admin/letter/").text
    assert "kind=surat_perintah&amp;year=2026" in page
    assert "Surat perintah 2026 (2)" in page
    book = house.desk("supervisor").get("/admin/letter/?kind=surat_perintah&year=2026").text
    assert "2 surat terbuka untuk Anda, nomor 1 sampai 2" in book
    first, second = (one.printed for one in letters(house))
    assert book.index(first) < book.index(second)


def test_the_register_is_narrowed_by_year_and_by_who_is_waited_for(house: House) -> None:
    house.office.case(CaseStatus.approved)
    (letter,) = letters(house)
    desk = house.desk("supervisor")
    for query, there in [
        ("year=2026", True),
        ("signature=menunggu_tanda_tangan", True),
        ("signature=menunggu_paraf", False),
        ("signature=elektronik&signature=pena", False),
    ]:
        assert (letter.printed in desk.get(f"/admin/letter/?{query}").text) is there, query


def test_the_register_leaves_as_csv_and_xlsx(house: House) -> None:
    house.office.case(CaseStatus.approved)
    (letter,) = letters(house)
    desk = house.desk("supervisor")
    answer = desk.post("/admin/letter/export/csv/", WHY)
    head, row, _last = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))
    cells = dict(zip(head, row, strict=True))
    assert cells["Nomor surat"] == letter.printed
    assert cells["Keadaan tanda tangan"] == "Menunggu tanda tangan"
    assert cells["Mengenai"] == str(letter.case)
    book = zipfile.ZipFile(io.BytesIO(desk.post("/admin/letter/export/xlsx/", WHY).data))
    assert letter.printed in book.read("xl/worksheets/sheet1.xml").decode()
    assert len(events(house, "exported")) == 2


# --- one letter -------------------------------------------------------------------------------


def test_the_page_of_a_letter_has_its_fingerprints_and_its_address(house: House) -> None:
    house.office.case(CaseStatus.approved)
    (letter,) = letters(house)
    versions.stored(house.session, letter)
    house.session.commit()
    page = house.desk("supervisor").get(f"/admin/letter/details/?id={letter.id}").text
    assert letter.files[0].sha256 in page
    assert f"/verifikasi/{letter.verify_code}" in page
    assert f"/admin/letter/baca/?id={letter.id}" in page


def test_a_letter_is_read_as_tagged_html_and_that_is_noted(house: House) -> None:
    house.office.case(CaseStatus.approved)
    (letter,) = letters(house)
    page = house.desk("supervisor").get(f"/admin/letter/baca/?id={letter.id}").text
    assert '<article class="naskah" lang="id"' in page and letter.printed in page
    assert [one.subject_id for one in events(house, "letter_opened")] == [letter.id]
    assert house.desk("petugas2").get(f"/admin/letter/baca/?id={letter.id}").status_code == 404


# --- issue ------------------------------------------------------------------------------------


def address(house: House, **query: Any) -> str:
    (order,) = house.session.scalars(select(Order))
    asked = {"kind": "surat_perintah", "id": order.id} | query
    return "/admin/letter/terbit/?" + "&".join(f"{k}={v}" for k, v in asked.items())


def carried(page: str) -> dict[str, str]:
    """What the form of the page carries unseen."""
    return dict(re.findall(r'name="(shown|after)" type="hidden" value="([^"]*)"', page))


def test_what_is_previewed_is_issued_once_however_often_one_clicks(
    house: House, handmade: None
) -> None:
    house.office.case(CaseStatus.approved)
    desk, here = house.desk("supervisor"), address(house)
    page = desk.get(here).text
    assert "Menemui korban dan menilai keamanannya" in page
    form = carried(page)
    assert set(form) == {"shown", "after"}
    first, second = desk.post(here, form), desk.post(here, form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    made = letters(house, ORDER)
    assert [one.number for one in made] == [1, 2]
    assert first.location.endswith(f"id={made[1].id}")


def test_a_draft_that_changed_meanwhile_is_shown_again(house: House, handmade: None) -> None:
    house.office.case(CaseStatus.approved)
    desk, here = house.desk("supervisor"), address(house)
    form = carried(desk.get(here).text)
    (order,) = house.session.scalars(select(Order))
    order.task = "Tugas yang lain"
    house.session.commit()
    answer = desk.post(here, form)
    assert answer.status_code == 409
    assert "berubah sejak rancangan" in answer.text and "Tugas yang lain" in answer.text
    assert len(letters(house)) == 1


def test_what_is_missing_stands_in_place_of_the_draft(house: House, handmade: None) -> None:
    house.office.case(CaseStatus.approved)
    house.cast.budi.position = house.cast.hadi.position = None
    house.session.commit()
    desk, here = house.desk("supervisor"), address(house)
    page = desk.get(here).text
    assert "Jabatan penandatangan belum diisi." in page and 'name="shown"' not in page
    assert desk.post(here).status_code == 409
    assert len(letters(house)) == 1


def test_nobody_issues_from_what_is_not_theirs(house: House, handmade: None) -> None:
    house.office.case(CaseStatus.approved)
    here = address(house)
    assert house.desk("supervisor2").get(here).status_code == 404
    assert house.desk("penjangkau").get(here).status_code == 404
    assert house.desk("pimpinan").get(here).status_code == 403
    desk = house.desk("supervisor")
    for wrong in ({"id": 999}, {"id": "x"}, {"kind": "apa"}, {"kind": ""}, {"kind": "laporan"}):
        assert desk.get(address(house, **wrong)).status_code == 404, wrong
    assert len(letters(house)) == 1


def test_the_page_of_a_row_offers_what_can_be_issued_from_it(house: House, handmade: None) -> None:
    house.office.case(CaseStatus.approved)
    (order,) = house.session.scalars(select(Order))
    page = f"/admin/order/details/?id={order.id}"
    button = f"/admin/letter/terbit/?kind=surat_perintah&amp;id={order.id}"
    assert button in house.desk("supervisor").get(page).text
    assert button not in house.desk("penjangkau").get(page).text


def test_a_full_disk_is_told_and_issues_nothing(house: House, handmade: None) -> None:
    house.office.case(CaseStatus.approved)
    desk, here = house.desk("supervisor"), address(house)
    form = carried(desk.get(here).text)
    house.session.rollback()
    with room_for(1_000):
        answer = desk.post(here, form)
    assert answer.status_code == 503 and "tempat penyimpanan penuh" in answer.text
    assert len(letters(house)) == 1
    assert desk.post(here, form).status_code == 303
    assert [one.number for one in letters(house)] == [1, 2]


# --- void and replace -------------------------------------------------------------------------


def test_a_replaced_letter_stays_beside_the_new_one(house: House) -> None:
    house.office.case(CaseStatus.approved)
    (old,) = letters(house)
    desk = house.desk("supervisor")
    answer = desk.fill(f"/admin/letter/tindakan/replace/?id={old.id}", reason="Salah jabatan")
    old, new = letters(house)
    assert answer.location.endswith(f"/admin/letter/details/?id={new.id}")
    assert (old.state, old.replaced_by, new.number) == (LetterState.void, new, 2)
    (order,) = house.session.scalars(select(Order))
    assert order.letter == new
    for one, other in ((old, new), (new, old)):
        page = desk.get(f"/admin/letter/details/?id={one.id}").text
        assert f'href="/admin/letter/details/?id={other.id}"' in page
    assert desk.get(f"/admin/letter/unduh/?id={old.id}").mimetype == "application/pdf"
    again = desk.fill(f"/admin/letter/tindakan/replace/?id={old.id}", reason="Sekali lagi")
    assert again.status_code == 409 and new.printed in again.text


def test_the_termination_names_its_new_letters(house: House) -> None:
    house.office.case(CaseStatus.closed)
    desk = house.desk("supervisor")
    for kind, name in ((LetterKind.nota_akhir, "final_letter"),):
        (old,) = letters(house, kind)
        house.session.rollback()
        answer = desk.fill(f"/admin/letter/tindakan/replace/?id={old.id}", reason="Salah")
        assert answer.status_code == 303, answer.text
        new = letters(house, kind)[-1]
        (termination,) = house.session.scalars(select(Termination))
        assert getattr(termination, name) == new and new.replaces_id == old.id


def test_what_was_issued_by_hand_can_be_voided_with_a_reason(house: House, handmade: None) -> None:
    house.office.case(CaseStatus.approved)
    (letter,) = letters(house)
    desk, here = house.desk("supervisor"), f"/admin/letter/tindakan/void/?id={letter.id}"
    assert desk.fill(here).status_code == 422
    assert desk.fill(here, reason="Salah ketik").status_code == 303
    (letter,) = letters(house)
    assert (letter.state, letter.void_reason) == (LetterState.void, "Salah ketik")
    assert "Dibatalkan" in desk.get("/admin/letter/").text


def test_what_a_case_brought_about_is_not_voided_alone(house: House) -> None:
    house.office.case(CaseStatus.approved)
    (letter,) = letters(house)
    page = house.desk("supervisor").get(f"/admin/letter/tindakan/void/?id={letter.id}").text
    assert "Surat ini terbit dari tahap kasus" in page


def test_only_supervisors_take_a_letter_back(house: House) -> None:
    house.office.case(CaseStatus.approved)
    (letter,) = letters(house)
    for who in ("penjangkau", "konselor"):
        desk = house.desk(who)
        here = f"/admin/letter/tindakan/replace/?id={letter.id}"
        assert "tindakan/replace" not in desk.get(f"/admin/letter/details/?id={letter.id}").text
        assert desk.post(here, {"reason": "x", "version_id": "1"}).status_code == 409
    assert len(letters(house)) == 1


# --- many at once -----------------------------------------------------------------------------


def chosen(house: House, number: int) -> list[Letter]:
    """So many orders; the PDF of the last is not stored yet."""
    for _ in range(number):
        house.office.case(CaseStatus.approved)
    found = letters(house)
    for letter in found[:-1]:
        versions.stored(house.session, letter)
    house.session.commit()
    return found


def taken(desk: Desk, way: str, rows: list[Letter], **more: str) -> Any:
    """The file, as somebody gets it who chooses letters in the list and says why."""
    keys = [str(one.id) for one in rows]
    asked = desk.post("/admin/letter/action/", {"action": way, "rowid": keys})
    assert asked.status_code == 307
    page = desk.post(asked.location, {"rowid": keys})
    assert page.status_code == 200, page.text
    carried = re.findall(r'name="row" value="([0-9]+)"', page.text)
    return desk.post(asked.location, WHY | {"row": carried} | more)


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_chosen_letters_leave_as_a_zip_or_as_one_run_for_the_printer(house: House) -> None:
    rows, desk = chosen(house, 2), house.desk("supervisor")
    archive = zipfile.ZipFile(io.BytesIO(taken(desk, "zip", rows).data))
    run = taken(desk, "cetak", rows)
    house.session.rollback()
    assert archive.namelist() == [f"{one.printed.replace('/', '-')}.pdf" for one in rows]
    for letter, name in zip(rows, archive.namelist(), strict=True):
        assert archive.read(name) == versions.shown(house.session, letter)
    front, back, last = paper.pages(run.data)
    assert rows[0].printed in front and not back.strip() and rows[1].printed in last
    noted = [audit.details_of(one) for one in events(house, "letters_printed")]
    assert noted == [{"format": way, "letters": 2, **WHY} for way in ("zip", "cetak")]
    assert [one.subject_id for one in events(house, "letter_opened")] == [*(r.id for r in rows)] * 2


def test_a_letter_whose_file_is_gone_is_named_and_nothing_leaves_without_a_reason(
    house: House,
) -> None:
    rows = chosen(house, 2)
    files.remove(rows[0].files[0].storage_key)
    desk, keys = house.desk("supervisor"), [str(one.id) for one in rows]
    page = desk.post("/admin/letter/cetak/zip/", {"rowid": keys}).text
    told = f"{rows[0].printed}</a>: Berkas surat ini hilang atau berubah."
    assert told in page and "1 surat" in page
    answer = desk.post("/admin/letter/cetak/zip/", WHY | {"row": keys})
    assert answer.status_code == 409 and told in answer.text
    answer = desk.post("/admin/letter/cetak/zip/", {"row": keys[1:], "why": "ya"})
    assert answer.status_code == 422 and "Tulis sedikitnya" in answer.text
    assert events(house, "letters_printed") == []
    assert taken(desk, "zip", rows).status_code == 200


def test_nobody_takes_along_what_is_not_theirs(house: House) -> None:
    (letter,) = chosen(house, 1)
    keys = {"rowid": [str(letter.id)], "row": [str(letter.id)], **WHY}
    assert house.desk("petugas2").post("/admin/letter/cetak/zip/", keys).status_code == 404
    assert house.desk("auditor").post("/admin/letter/cetak/zip/", keys).status_code == 403
    desk = house.desk("supervisor")
    assert desk.post("/admin/letter/cetak/lain/", keys).status_code == 404
    many = {"rowid": [str(one) for one in range(1, 202)]}
    assert desk.post("/admin/letter/cetak/zip/", many).status_code == 400
    assert desk.post("/admin/letter/cetak/zip/").status_code == 303
