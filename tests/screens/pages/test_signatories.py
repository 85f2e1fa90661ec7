"""Who signs what, from when to when: the list an admin keeps, and the letters that follow it."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import (
    AuditEntry,
    Capacity,
    CaseStatus,
    LetterKind,
    Signatory,
    StepPart,
)
from portal.access import scope
from portal.indonesia import dates
from portal.letters import LetterError, pdf, signatories
from portal.letters.signatories import Signer
from tests.letters import paper
from tests.screens.generated.conftest import House

ORDER, NOTA = LetterKind.surat_perintah, LetterKind.nota_terminasi
MARCH = date(2026, 3, 1)
WEEK = (date(2026, 3, 9), date(2026, 3, 15))


def line(house: House, who: str, **facts: Any) -> Signatory:
    """A line of the list as it is stored."""
    row = Signatory(officer=getattr(house.cast, who), **({"valid_from": MARCH} | facts))
    house.session.add(row)
    house.session.commit()
    return row


def typed(house: House, **answers: Any) -> Any:
    """An admin fills in the form of a new line."""
    facts = {
        "officer": house.cast.hadi.id,
        "part": "tanda_tangan",
        "capacity": "definitif",
        "position": "1",
        "valid_from": "2026-03-01",
    }
    return house.desk("admin").fill("/admin/signatory/new/", **facts | answers)


def who_signs(house: House, on: date, kind: LetterKind = ORDER) -> Signer:
    return signatories.signer(house.session, kind, None, house.cast.budi, on)


# --- the form ---------------------------------------------------------------------------------


def test_an_admin_writes_who_signs(house: House) -> None:
    assert typed(house, kind="surat_perintah").status_code == 302
    house.session.rollback()
    row = house.session.scalars(select(Signatory)).one()
    assert (row.officer, row.kind, row.valid_until) == (house.cast.hadi, ORDER, None)
    entry = select(AuditEntry).where(AuditEntry.subject_table == "signatory")
    assert house.session.scalars(entry).one().event == "created"
    assert house.desk("supervisor").get("/admin/signatory/").status_code == 200
    assert house.desk("supervisor").get("/admin/signatory/new/").status_code == 403
    assert house.desk("petugas").get("/admin/signatory/").status_code == 403


def test_what_cannot_be_is_refused_beside_its_field(house: House) -> None:
    line(house, "hadi", kind=ORDER)
    line(house, "sari", kind=ORDER, part=StepPart.paraf)
    house.cast.joko.active = False
    house.session.commit()
    plh = {"capacity": "plh", "title": "Kepala Dinas", "valid_until": "2026-03-15"}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"valid_until": "2026-02-01"}, "tidak boleh sebelum"),
        ({"position": "0"}, "Urutan dimulai dari 1"),
        ({"officer": house.cast.joko.id}, "tidak aktif"),
        ({"officer": house.cast.admin.id}, "tidak menandatangani surat"),
        (plh | {"valid_until": ""}, "sampai tanggal tertentu"),
        (plh | {"title": ""}, "jabatan yang diwakili"),
        ({"kind": "surat_perintah", "officer": house.cast.budi.id}, "Akhiri dahulu"),
        (plh | {"kind": "surat_perintah"}, "mulai pada hari yang sama"),
        ({"part": "paraf", "capacity": "plt"}, "Paraf tidak memakai"),
        (
            {"part": "paraf", "kind": "surat_perintah", "officer": house.cast.sari.id},
            "sudah memaraf",
        ),
        ({"part": "paraf", "kind": "surat_perintah"}, "sudah dipakai Sari Wulandari"),
        ({"valid_from": ""}, "Wajib diisi"),
    ]
    for answers, sentence in wrong:
        page = typed(house, **answers)
        assert page.status_code in (200, 422) and sentence in page.text, answers
    house.session.rollback()
    assert len(house.session.scalars(select(Signatory)).all()) == 2


def test_nothing_typed_is_lost(house: House) -> None:
    page = typed(house, capacity="plh", title="Kepala Dinas Rekaan")
    assert 'value="Kepala Dinas Rekaan"' in page.text


def test_a_line_may_be_ended_after_its_officer_left(house: House) -> None:
    row = line(house, "joko")
    house.cast.joko.active = False
    house.session.commit()
    address = f"/admin/signatory/edit/?id={row.id}"
    assert house.desk("admin").fill(address, valid_until="2026-03-05").status_code == 302


def test_the_list_says_who_signs_today(house: House) -> None:
    day = timedelta(days=1)
    today = dates.today()
    line(house, "hadi", valid_from=today - 30 * day)
    deputy = {"capacity": Capacity.plh, "title": "Kepala Dinas"}
    line(house, "dewi", valid_from=today - day, valid_until=today + day, **deputy)
    line(house, "budi", kind=NOTA, valid_from=today + day)
    line(house, "sari", kind=NOTA, part=StepPart.paraf, valid_from=today)
    page = house.desk("admin").get("/admin/signatory/").text
    for said in ("Menandatangani", "Digantikan Dewi Anggraini sampai", "Belum mulai", "Memaraf"):
        assert page.count(f">{said}") == 1, said


# --- who signs on which day ---------------------------------------------------------------------


def test_a_line_for_the_kind_goes_before_one_for_all(house: House) -> None:
    line(house, "hadi")
    line(house, "dewi", kind=NOTA)
    assert who_signs(house, MARCH).officer is house.cast.hadi
    assert who_signs(house, MARCH, NOTA).officer is house.cast.dewi
    assert who_signs(house, date(2026, 2, 28)).officer is house.cast.budi


def test_a_plh_signs_for_a_week(house: House) -> None:
    line(house, "hadi")
    begin, end = WEEK
    deputy = {"capacity": Capacity.plh, "title": "Kepala Dinas"}
    line(house, "dewi", valid_from=begin, valid_until=end, **deputy)
    day = timedelta(days=1)
    names = [who_signs(house, on).officer for on in (begin - day, begin, end, end + day)]
    cast = house.cast
    assert names == [cast.hadi, cast.dewi, cast.dewi, cast.hadi]
    assert who_signs(house, begin).printed()["capacity"] == "Plh."
    assert who_signs(house, begin).position == "Kepala Dinas"


def test_whoever_signs_for_another_stands_below_with_their_own_office(house: House) -> None:
    line(house, "budi", capacity=Capacity.atas_nama, title="Kepala Dinas")
    printed = who_signs(house, MARCH).printed()
    told = (printed["capacity"], printed["position"], printed["below"])
    assert told == ("a.n.", "Kepala Dinas", "Kepala Seksi")


def test_whoever_must_not_meet_the_case_does_not_sign_it(house: House) -> None:
    case = house.office.case(CaseStatus.identified)
    line(house, "ratna", kind=ORDER)
    house.office.exclude(case)
    with pytest.raises(LetterError, match="dikecualikan"):
        signatories.signer(house.session, ORDER, case, house.cast.budi, MARCH)
    line(house, "ratna", kind=ORDER, part=StepPart.paraf)
    assert signatories.initiallers(house.session, ORDER, case, MARCH) == []


def test_the_list_holds_for_letters_of_officers_who_may_not_read_it(house: House) -> None:
    line(house, "hadi", kind=LetterKind.nota_akhir)
    scope.view_as(house.session, house.cast.maya)
    signer = who_signs(house, MARCH, LetterKind.nota_akhir)
    assert house.session.scalars(select(Signatory)).all() == []
    assert signer.officer is house.cast.hadi


def test_the_letter_says_who_initials_first_and_prints_who_signs(house: House) -> None:
    early = date(2026, 1, 1)
    line(house, "sari", kind=ORDER, part=StepPart.paraf, position=2, valid_from=early)
    line(house, "ratna", kind=ORDER, part=StepPart.paraf, position=1, valid_from=early)
    deputy = {"capacity": Capacity.plh, "title": "Kepala Dinas Rekaan", "valid_from": early}
    line(house, "dewi", kind=ORDER, valid_until=date(2030, 1, 1), **deputy)
    letter = house.office.case(CaseStatus.approved).letters[0]
    cast = house.cast
    assert [step.officer for step in letter.steps] == [cast.ratna, cast.sari, cast.dewi]
    assert letter.content is not None
    page = paper.text(pdf.render(ORDER.value, json.loads(letter.content)))
    assert "Plh. Kepala Dinas Rekaan" in page and "Dewi Anggraini" in page
