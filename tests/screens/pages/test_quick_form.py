"""The quick form: typed during a call, kept from the first key, sent once."""

import io
from typing import Any

import pytest
from sqlalchemy import select

from models import (
    Attachment,
    Channel,
    Draft,
    IdentityCard,
    Report,
    ReportStatus,
    Risk,
    SafeContact,
)
from portal.casework import reports
from portal.casework.reports import Identification
from portal.indonesia import dates
from portal.protection import files
from tests.protection.samples import picture
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk, FormReader

CALL = "/admin/report/new/?kanal=telepon"
COUNTER = "/admin/report/new/?kanal=datang_langsung"
STORY = "Penelepon mendengar tangisan dari rumah sebelah. 😀"
TOLD = {
    "narrative": STORY,
    "danger_now": "ya",
    "reporter_name": "Wati Rekaan",
    "reporter_phone": "0812 0000 0001",
    "reporter_relation": "tetangga",
    "contact_channel": "whatsapp",
    "shared_phone": "ya",
    "victims-0-name": "Bunga Rekaan",
    "victims-0-sex": "perempuan",
    "victims-0-estimated_age": "12",
    "victims-1-condition": "Adik yang namanya belum diketahui",
    "suspects-0-relation": "orang_tua",
    "violence_kinds": ["fisik"],
    "region": "luar",
}


def newest(house: House) -> Report:
    house.session.rollback()
    return house.session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()


def drafts(house: House) -> list[Draft]:
    house.session.rollback()
    return list(house.session.scalars(select(Draft)))


def typing(desk: Desk, address: str = CALL, **answers: Any) -> Any:
    """The form as it is being typed, nothing sent yet."""
    return FormReader(desk.get(address).text).filled(**answers)


def keep(desk: Desk, form: Any, channel: str = "telepon") -> Any:
    """What the page does by itself while one types."""
    headers = {"X-CSRFToken": form["csrf_token"], "Accept": "application/json"}
    return desk.client.post(f"/admin/report/new/draf/?kanal={channel}", data=form, headers=headers)


# --- one page, one report -----------------------------------------------------------------------


def test_a_call_becomes_a_report_with_everything_told(house: House) -> None:
    desk = house.desk("petugas")
    answer = desk.fill(CALL, **TOLD)
    assert answer.status_code == 303, answer.text
    report = newest(house)
    assert (report.channel, report.narrative, report.danger_now) == (Channel.telepon, STORY, True)
    assert (report.status, report.owner) == (ReportStatus.in_progress, house.cast.sari)
    assert report.entered_by is house.cast.sari
    assert report.reporter and report.reporter.person.phone == "+6281200000001"
    assert [one.person.name for one in report.victims] == ["Bunga Rekaan", None]
    assert report.victims[0].person.estimated_age == 12
    assert [one.relation for one in report.suspects] == ["orang_tua"]
    assert report.outside_city and report.region_code is None
    assert report.identity_card is IdentityCard.menyusul
    contact = house.session.scalars(select(SafeContact)).one()
    assert (contact.channel, contact.shared_phone) == ("whatsapp", True)
    assert contact.address == "+6281200000001"


def test_number_and_code_are_shown_once_to_be_read_out(house: House) -> None:
    desk = house.desk("petugas")
    answer = desk.fill(CALL, **TOLD)
    page = desk.get(answer.location).text
    report = newest(house)
    assert report.number in page and "Kode rahasia" in page
    other = Desk(house.app, "petugas")
    elsewhere = other.get(answer.location)
    assert elsewhere.location == f"/admin/report/details/?id={report.id}"


def test_sent_twice_it_is_one_report(house: House) -> None:
    desk = house.desk("petugas")
    form = typing(desk, **TOLD)
    first, second = desk.send(CALL, form), desk.send(CALL, form)
    assert first.location == second.location
    house.session.rollback()
    assert len(house.session.scalars(select(Report)).all()) == 1


def test_one_sentence_is_enough_and_somebody_unknown_is_harmed(house: House) -> None:
    assert house.desk("petugas").fill(CALL, narrative="Ada yang dipukul.").status_code == 303
    report = newest(house)
    assert len(report.victims) == 1 and report.victims[0].person.name is None
    assert report.suspects == []
    found = Identification(risk=Risk.sedang)
    reports.identify(house.session, report, house.cast.sari, house.office.tick(), found)


def test_a_caller_who_is_the_victim_is_one_person(house: House) -> None:
    facts = TOLD | {"reporter_relation": "korban_sendiri", "victims-1-condition": ""}
    house.desk("petugas").fill(CALL, **facts)
    report = newest(house)
    assert report.reporter and report.victims[0].person is report.reporter.person


@pytest.mark.parametrize(
    ("chosen", "status", "owner"),
    [
        ({"mine": None}, ReportStatus.new, None),
        ({"mine": "y"}, ReportStatus.in_progress, "petugas"),
        ({"forward_to": "ratna"}, ReportStatus.in_progress, "petugas"),
    ],
)
def test_what_happens_next_is_chosen(
    house: House, chosen: dict[str, Any], status: ReportStatus, owner: str | None
) -> None:
    if "forward_to" in chosen:
        chosen = {"forward_to": house.cast.ratna.id}
    assert house.desk("petugas").fill(CALL, **TOLD | chosen).status_code == 303
    report = newest(house)
    assert (report.status, report.owner.username if report.owner else None) == (status, owner)
    assert report.forwarded_to is (house.cast.ratna if "forward_to" in chosen else None)


@pytest.mark.parametrize("kind", ["diam", "salah_sambung", "iseng"])
def test_an_empty_call_is_closed_at_once_with_a_reason(house: House, kind: str) -> None:
    desk = house.desk("petugas")
    facts = {"call_kind": kind, "outcome": "spam"}
    assert "Tuliskan alasannya." in desk.fill(CALL, **facts).text
    assert desk.fill(CALL, outcome_reason="Tidak ada suara", **facts).status_code == 303
    report = newest(house)
    assert (report.status, report.victims) == (ReportStatus.spam, [])
    assert report.decided_at and report.outcome_reason == "Tidak ada suara"


def test_a_question_is_closed_as_information(house: House) -> None:
    facts = {"narrative": "Bertanya jam buka", "call_kind": "permintaan_informasi"}
    facts |= {"outcome": "information", "outcome_reason": "Sudah dijawab"}
    assert house.desk("petugas").fill(CALL, **facts).status_code == 303
    assert newest(house).status is ReportStatus.information


def test_a_visitor_brings_a_card_and_a_letter(house: House) -> None:
    desk = house.desk("petugas")
    form = typing(desk, COUNTER, narrative=STORY, identity_card="menyusul")
    form.setlist("card_files", [(io.BytesIO(picture("JPEG")), "ktp.jpg")])
    answer = desk.client.post(COUNTER, data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    report = newest(house)
    [file] = house.session.scalars(select(Attachment))
    assert (file.kind, report.identity_card) == ("kartu_identitas", IdentityCard.dilampirkan)
    assert files.read(file.storage_key)


def test_each_channel_asks_what_it_needs(house: House) -> None:
    desk = house.desk("petugas")
    assert "call_kind" in desk.get(CALL).text
    assert "call_kind" not in desk.get(COUNTER).text
    assert "referring_institution" in desk.get("/admin/report/new/?kanal=rujukan").text
    assert desk.get("/admin/report/new/").status_code == 200
    for nonsense in ("website", "merpati", "%00"):
        assert desk.get(f"/admin/report/new/?kanal={nonsense}").status_code in (400, 404)


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("narrative", ""),
        ("narrative", "x" * 20_001),
        ("reporter_phone", "12345"),
        ("incident_date", "2026-02-31"),
        ("incident_date", "2099-01-01"),
        ("received_at", "kemarin"),
        ("victims-0-estimated_age", "999"),
        ("victims-0-birth_date", "2026-13-01"),
        ("region", "99.99"),
        ("call_kind", "abracadabra"),
        ("forward_to", "999999"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_lost(
    house: House, field: str, value: str
) -> None:
    answer = house.desk("petugas").fill(CALL, **TOLD | {field: value})
    assert (answer.status_code, "field-error" in answer.text) == (422, True)
    assert "Adik yang namanya belum diketahui" in answer.text
    house.session.rollback()
    assert house.session.scalars(select(Report)).all() == []


def test_a_number_of_thirteen_digits_and_an_odd_nik_are_taken(house: House) -> None:
    facts = TOLD | {"reporter_phone": "0812 3456 78901", "victims-0-nik": "123"}
    assert house.desk("petugas").fill(CALL, **facts).status_code == 303
    report = newest(house)
    assert report.victims[0].person.nik == "123"
    page = house.desk("petugas").get(f"/admin/report/details/?id={report.id}").text
    assert "NIK seharusnya 16 angka" in page


def test_a_thousand_rows_of_victims_are_no_trouble(house: House) -> None:
    many = {f"victims-{n}-name": f"Orang {n}" for n in range(60)}
    odd = {"victims-99999999999-name": "x", "victims-x-name": "y", "victims--name": "z"}
    assert house.desk("petugas").fill(CALL, **TOLD | many | odd).status_code == 303
    assert len(newest(house).victims) == 20


def test_a_time_still_to_come_does_not_stop_the_clock(house: House) -> None:
    tonight = f"{dates.today()}T23:59"
    assert house.desk("petugas").fill(CALL, **TOLD | {"received_at": tonight}).status_code == 303
    report = newest(house)
    assert report.received_at <= report.created_at


# --- kept from the first key --------------------------------------------------------------------


def test_what_is_typed_is_kept_and_comes_back(house: House) -> None:
    desk = house.desk("petugas")
    form = typing(desk, **TOLD | {"victims-0-name": "Bunga Rek"})
    assert keep(desk, form).status_code == 200
    assert keep(desk, form).status_code == 200
    [draft] = drafts(house)
    assert draft.officer_id == house.cast.sari.id
    again = Desk(house.app, "petugas").get(CALL).text  # after the browser was closed
    assert STORY in again and 'value="Bunga Rek"' in again and "dikembalikan" in again
    assert "Adik yang namanya belum diketahui" in again
    assert dict(FormReader(again).fields)["token"] == form["token"]


def test_a_draft_is_its_officers_and_its_channels_alone(house: House) -> None:
    keep(house.desk("petugas"), typing(house.desk("petugas"), **TOLD))
    assert STORY not in house.desk("petugas2").get(CALL).text
    assert STORY not in house.desk("petugas").get(COUNTER).text
    assert STORY.encode() not in drafts_on_disk(house)


def drafts_on_disk(house: House) -> bytes:
    with house.session.connection().engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT content FROM draft").all()
    return b"".join(bytes(row[0]) for row in rows if row[0])


def test_a_draft_goes_when_the_report_is_sent_and_does_not_come_back(house: House) -> None:
    desk = house.desk("petugas")
    form = typing(desk, **TOLD)
    keep(desk, form)
    assert desk.send(CALL, form).status_code == 303
    assert drafts(house) == []
    assert keep(desk, form).status_code == 200  # a save that was still on its way
    assert drafts(house) == []
    assert STORY not in desk.get(CALL).text


def test_a_draft_can_be_thrown_away(house: House) -> None:
    desk = house.desk("petugas")
    keep(desk, typing(desk, **TOLD))
    assert desk.post("/admin/report/new/buang/?kanal=telepon").status_code == 303
    assert drafts(house) == []


def test_a_draft_too_large_to_keep_is_said(house: House) -> None:
    desk = house.desk("petugas")
    assert keep(desk, typing(desk, narrative="x" * 250_000)).status_code == 413


def test_keeping_a_draft_needs_a_token(house: House) -> None:
    desk = house.desk("petugas")
    answer = desk.client.post("/admin/report/new/draf/?kanal=telepon", data=TOLD)
    assert answer.status_code in (303, 400)
    assert [one for one in drafts(house) if one.kind.startswith("laporan")] == []


# --- old or new, before saving ------------------------------------------------------------------


def test_earlier_cases_are_looked_for_while_typing(house: House) -> None:
    house.office.case()
    desk = house.desk("petugas")
    page = desk.fill(CALL, _cari="1", **TOLD)
    assert page.status_code == 200
    assert "Kasus lama dari orang yang sama" in page.text and STORY in page.text
    assert "Sari Wulandari" in page.text and "KS-2026-00001" not in page.text  # who, not which
    assert STORY in desk.get(CALL).text  # kept meanwhile
    house.session.rollback()
    assert len(house.session.scalars(select(Report)).all()) == 1


def test_of_a_case_out_of_sight_only_who_handles_it_is_said(house: House) -> None:
    house.office.case()
    page = house.desk("petugas2").fill(CALL, _cari="1", **TOLD).text
    assert "ditangani Sari Wulandari" in page and "KS-2026-00001" not in page


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["penjangkau", "konselor", "pimpinan", "admin", "auditor"])
def test_only_intake_types_reports_in(house: House, username: str) -> None:
    desk = house.desk(username)
    assert desk.get(CALL).status_code == 403
    for address in (CALL, "/admin/report/new/draf/", "/admin/report/new/buang/"):
        assert desk.post(address, dict(TOLD)).status_code == 403
    house.session.rollback()
    assert house.session.scalars(select(Report)).all() == []
