"""The forms that people sign by hand, from the page of what they are about to the letter."""

import re
from datetime import date

from sqlalchemy import select

from models import CaseStatus, Conflict, Consent, Letter, LetterKind, Outreach, Report, Risk
from portal.casework import conflicts, reports
from portal.letters import register
from tests.screens.generated.conftest import House


def _issue(house: House, username: str, table: str, key: int, kind: LetterKind) -> Letter:
    """The button on the row's page, the draft it leads to, and the letter."""
    desk, here = house.desk(username), f"/admin/letter/terbit/?kind={kind.value}&id={key}"
    row = desk.get(f"/admin/{table}/details/?id={key}").text
    assert here.replace("&", "&amp;") in row
    draft = desk.get(here).text
    assert "Bunga Rekaan" in draft
    form = dict(re.findall(r'name="(shown|after)" type="hidden" value="([^"]*)"', draft))
    with register.untried():
        assert desk.post(here, form).status_code == 303
    house.session.rollback()
    letter = house.session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter and letter.kind is kind
    text = desk.get(f"/admin/letter/baca/?id={letter.id}").text
    assert letter.printed in text and "Bunga Rekaan" in text
    return letter


def test_a_report_is_printed_for_whoever_told_it(house: House) -> None:
    report = house.office.taken()
    house.session.commit()
    letter = _issue(house, "petugas", "report", report.id, LetterKind.formulir_penerimaan)
    assert letter.report_id == report.id and letter.case_id is None
    page = house.desk("petugas").get(f"/admin/report/details/?id={report.id}").text
    assert f"/admin/letter/details/?id={letter.id}" in page
    gone = f"/admin/letter/baca/?id={letter.id}"
    assert house.desk("petugas2").get(gone).status_code == 404


def test_what_a_case_brings_is_printed_by_those_who_work_on_it(house: House) -> None:
    case = house.office.case(CaseStatus.handling)
    (visit,) = house.session.scalars(select(Outreach))
    consent = Consent(victim=case.victims[0], given_by="sendiri", given_on=date(2026, 3, 2))
    consent.for_services = True
    house.session.add(consent)
    house.session.commit()
    told = (
        ("supervisor", "report", case.reports[0].id, LetterKind.formulir_identifikasi),
        ("penjangkau", "outreach", visit.id, LetterKind.berita_acara),
        ("konselor", "consent", consent.id, LetterKind.surat_persetujuan),
    )
    for username, table, key, kind in told:
        assert _issue(house, username, table, key, kind).case_id == case.id


def test_what_an_intake_form_tells_is_not_for_every_reader_of_the_case(house: House) -> None:
    case = house.office.case(CaseStatus.handling)
    report = case.reports[0]
    letter = _issue(house, "supervisor", "report", report.id, LetterKind.formulir_penerimaan)
    page = f"/admin/letter/baca/?id={letter.id}"
    for username, status in (("konselor", 404), ("penjangkau", 404), ("petugas2", 404)):
        assert house.desk(username).get(page).status_code == status, username


def test_whoever_is_kept_from_a_case_meets_no_form_of_its_report(house: House) -> None:
    report, office = house.office.taken(), house.office
    house.session.commit()
    letter = _issue(house, "petugas", "report", report.id, LetterKind.formulir_penerimaan)
    report = house.session.get_one(Report, report.id)
    found = reports.Identification(risk=Risk.sedang)
    case = reports.identify(house.session, report, house.cast.sari, office.tick(), found)
    house.session.commit()
    page = f"/admin/letter/baca/?id={letter.id}"
    assert house.desk("petugas").get(page).status_code == 200  # signs it
    who, why = (house.cast.budi, office.tick(), house.cast.sari), (Conflict.kerabat, "Ipar korban")
    conflicts.exclude(house.session, case, *who, *why)
    house.session.commit()
    assert house.desk("petugas").get(page).status_code == 404
