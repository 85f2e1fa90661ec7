"""Whoever identifies a report signs its form, and meets nothing else of the case it became."""

import io
import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models import Case, Letter, LetterKind, Report, Risk, Signatory, SignedBy, StepPart
from portal.casework import identifying, reports
from portal.letters import RenderError, register
from tests.screens.generated.conftest import House

KIND = LetterKind.formulir_identifikasi
ACT, ISSUE = "/admin/report/tindakan/identify/?id={}", "/admin/letter/terbit/?kind={}&id={}"
READ, SCAN = "/admin/letter/meja/baca/?id={}", "/admin/letter/meja/pindaian/?id={}"
BOX = re.compile(r'<input[^>]*name="issue"[^>]*>')


@pytest.fixture
def report(house: House) -> Report:
    """A report that Sari works on; Budi signs whatever goes out."""
    house.session.add(Signatory(officer=house.cast.budi, valid_from=date(2026, 1, 1)))
    found = house.office.taken()
    house.session.commit()
    return found


def identify(house: House, report: Report, **more: str) -> Any:
    desk = house.desk("petugas")
    page = desk.get(f"/admin/report/identifikasi/?id={report.id}").text
    known = any(one.violence_kinds for one in report.victims)
    assert ("checked" in BOX.findall(page)[0]) is known  # proposed where it lacks nothing
    version = re.findall(r'name="version_id"[^>]*value="(\d+)"', page)[0]
    return desk.post(ACT.format(report.id), {"risk": "sedang", "version_id": version} | more)


def forms(house: House) -> list[Letter]:
    house.session.rollback()
    wanted = select(Letter).where(Letter.kind == KIND).order_by(Letter.id)
    return list(house.session.scalars(wanted))


def meets_the_form_alone(house: House, letter: Letter) -> None:
    desk, case = house.desk("petugas"), letter.case_id
    for page in (READ, SCAN, "/admin/letter/details/?id={}", "/admin/letter/unduh/?id={}"):
        assert desk.get(page.format(letter.id)).status_code == 200, page
    assert letter.printed in desk.get("/admin/letter/meja/").text
    assert f"/admin/case/details/?id={case}" not in desk.get(READ.format(letter.id)).text
    for table, key in (("case", case), ("report", letter.report_id)):
        assert desk.get(f"/admin/{table}/details/?id={key}").status_code == 404
    others = house.session.scalars(select(Letter).where(Letter.id != letter.id)).all()
    assert all(desk.get(READ.format(one.id)).status_code == 404 for one in others)
    assert house.desk("petugas2").get(READ.format(letter.id)).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_the_form_is_issued_with_the_identification_and_signed_by_who_identified(
    house: House, report: Report
) -> None:
    sent = identify(house, report, issue="y", violence_kinds="fisik")
    (letter,) = forms(house)
    assert sent.location.endswith(f"/admin/letter/details/?id={letter.id}")
    assert letter.issued_by is house.cast.sari and letter.case.reports == [report]
    signing = [(one.part, one.officer) for one in letter.steps]
    assert signing == [(StepPart.tanda_tangan, one) for one in (house.cast.sari, house.cast.budi)]
    assert house.session.query(Case).count() == 1
    assert [one.kind for one in report.events].count("identify") == 1
    meets_the_form_alone(house, letter)


def test_a_supervisor_issues_it_later_and_who_identified_signs_it(
    house: House, report: Report
) -> None:
    assert identify(house, report, violence_kinds="fisik").location.endswith("/admin/report/")
    assert forms(house) == []
    here, desk = ISSUE.format(KIND.value, report.id), house.desk("supervisor")
    draft = dict(
        re.findall(r'name="(shown|after)" type="hidden" value="([^"]*)"', desk.get(here).text)
    )
    with register.untried():
        assert desk.post(here, draft).status_code == 303
    (letter,) = forms(house)
    assert [one.officer for one in letter.steps] == [house.cast.sari, house.cast.budi]
    meets_the_form_alone(house, letter)
    paper = house.desk("petugas").get(f"/admin/letter/unduh/?id={letter.id}").data
    scan = {"files": (io.BytesIO(paper), "formulir.pdf")}
    sent = house.desk("petugas").post(SCAN.format(letter.id), scan)
    assert sent.status_code == 303
    house.session.rollback()
    house.session.expire_all()
    assert letter.signed_at and {one.method for one in letter.steps} == {SignedBy.pena}


def test_what_the_form_lacks_is_said_and_nothing_is_identified(
    house: House, report: Report
) -> None:
    report.violence_kinds = report.victims[0].violence_kinds = []
    house.session.commit()
    sent = identify(house, report, issue="y", note="Catatan petugas")
    assert sent.status_code == 409 and "Catatan petugas" in sent.text
    assert "Bentuk kekerasan terhadap korban ke-1 belum dicatat." in sent.text
    assert "atau lepaskan centang" in sent.text and "checked" in BOX.findall(sent.text)[0]
    assert forms(house) == [] and house.session.query(Case).count() == 0
    assert identify(house, report, note="Catatan petugas").status_code == 303


def test_nothing_is_identified_and_no_number_burnt_where_the_form_cannot_be_printed(
    house: House, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked: list[bool] = []

    def fails(*_about: Any) -> bytes:
        connection = house.app.extensions["sqlalchemy"].session.connection()
        locked.append(bool(connection.connection.dbapi_connection.in_transaction))
        raise RenderError("Naskah tidak dapat dicetak.")

    monkeypatch.setattr("portal.letters.press.render", fails)
    sent = identify(house, report, issue="y", violence_kinds="fisik")
    assert sent.status_code == 409 and "Naskah tidak dapat dicetak." in sent.text
    assert locked == [False]  # nobody waits for the typesetter
    assert forms(house) == [] and house.session.query(Case).count() == 0
    house.session.rollback()
    report = house.session.get_one(Report, report.id)
    now, found = house.office.tick(), reports.Identification(risk=Risk.sedang)
    with register.untried():
        case, letter = identifying.identify(house.session, report, house.cast.sari, now, found)
    assert case.number.endswith("00001") and letter.number == 1
