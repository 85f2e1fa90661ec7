"""The page of a report: clock, safe contact, and the conversation with its reporter."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import Attachment, AuditEntry, Direction, Message, Report
from portal.casework import intake, tracking
from tests.protection.samples import pdf
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk

ANSWER = "Terima kasih, petugas kami akan menghubungi Ibu."


def page_of(report: Report) -> str:
    return f"/admin/report/details/?id={report.id}"


def taken(house: House) -> Report:
    report = house.office.taken()
    house.session.commit()
    return report


def say(desk: Desk, report: Report, direction: str, text: str, **files: Any) -> Any:
    """Write an answer (`keluar`) or a note (`internal`)."""
    way = {"keluar": "balas", "internal": "catatan"}[direction]
    data = {f"{way}-body": text, **{f"{way}-files": one for one in files.values()}}
    address = f"/admin/conversation/{way}/?id={report.conversation.id}"
    return desk.post(address, data, content_type="multipart/form-data")


def messages(house: House) -> list[Message]:
    house.session.rollback()
    return list(house.session.scalars(select(Message).order_by(Message.id)))


def read_at_lacak(house: House, report: Report) -> tuple[tracking.Word, ...]:
    """The conversation as its reporter sees it."""
    house.session.rollback()
    seen = tracking.track(house.session, report.id, house.office.tick())
    house.session.rollback()
    assert seen
    return seen.words


# --- what stands on the page --------------------------------------------------------------------


def test_the_safe_contact_and_the_story_stand_on_the_page(house: House) -> None:
    page = house.desk("petugas").get(page_of(taken(house))).text
    assert "Cara menghubungi yang aman" in page
    assert "Telepon dipakai bersama orang lain" in page
    assert "pelapor mendengar pertengkaran" in page
    for name in ("Wati Rekaan", "Bunga Rekaan", "Tono Rekaan"):
        assert name in page


def test_the_clock_runs_until_a_decision(house: House) -> None:
    report = house.office.report()
    desk = house.desk("petugas")
    assert 'data-limit="30"' in desk.get(page_of(report)).text
    ended = taken(house)
    reason = {"reason": "Salah sambung", "version_id": ended.version_id}
    assert (
        desk.post(f"/admin/report/tindakan/dismiss_spam/?id={ended.id}", reason).status_code == 303
    )
    assert 'data-limit="30"' not in desk.get(page_of(ended)).text


def test_a_visitor_has_a_clock_of_ten_minutes_too(house: House) -> None:
    report = house.office.report(
        channel="datang_langsung", danger_now=True, received_at=datetime.now(UTC)
    )
    page = house.desk("petugas").get(page_of(report)).text
    assert 'data-limit="10"' in page and 'data-limit="30"' in page


def test_the_acts_of_the_state_are_offered(house: House) -> None:
    new = house.office.report()
    page = house.desk("petugas").get(page_of(new)).text
    assert "Ambil laporan" in page and "Identifikasi: kasus baru" not in page
    page = house.desk("petugas").get(page_of(taken(house))).text
    assert "Identifikasi: kasus baru" in page and "Teruskan ke UPT PPA" in page


# --- the list -----------------------------------------------------------------------------------


def test_whoever_waits_longest_stands_first_and_is_marked(house: House) -> None:
    now = datetime.now(UTC)
    late = house.office.report(received_at=now - timedelta(hours=1))
    later = house.office.report(received_at=now)
    page = house.desk("petugas").get("/admin/report/?status=new").text
    assert page.index(late.number) < page.index(later.number)
    assert page.count("row-late") == 1
    newest_first = house.desk("petugas").get("/admin/report/").text
    assert newest_first.index(later.number) < newest_first.index(late.number)
    only_late = house.desk("petugas").get("/admin/report/?terlambat=ya").text
    assert late.number in only_late and later.number not in only_late


# --- words go back and forth --------------------------------------------------------------------


def test_an_answer_is_read_by_the_reporter_and_a_note_is_not(house: House) -> None:
    report, desk = taken(house), house.desk("petugas")
    assert say(desk, report, "keluar", ANSWER).status_code == 303
    note = "Pelaku mungkin membaca ponsel pelapor."
    assert say(desk, report, "internal", note).status_code == 303
    assert [one.direction for one in messages(house)] == [Direction.keluar, Direction.internal]
    assert [word.body for word in read_at_lacak(house, report)] == [ANSWER]
    page = desk.get(page_of(report)).text
    assert "Catatan intern, tidak terlihat pelapor" in page and note in page


def test_a_message_carries_files(house: House) -> None:
    report, desk = taken(house), house.desk("petugas")
    sent = (io.BytesIO(pdf()), "brosur.pdf")
    assert say(desk, report, "keluar", ANSWER, one=sent).status_code == 303
    [message] = messages(house)
    [file] = message.attachments
    assert (message.body, file.report_id) == (ANSWER, report.id)
    assert f"/admin/attachment/unduh/?id={file.id}" in desk.get(page_of(report)).text
    assert [one.name for one in read_at_lacak(house, report)[0].files] == ["brosur.pdf"]


def test_said_twice_by_one_click_too_many_it_is_said_once(house: House) -> None:
    report, desk = taken(house), house.desk("petugas")
    for _click in range(2):
        assert say(desk, report, "keluar", ANSWER).status_code == 303
    assert len(messages(house)) == 1
    assert say(desk, report, "internal", ANSWER).status_code == 303
    assert len(messages(house)) == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001])
def test_an_empty_or_endless_message_is_not_stored(house: House, text: str) -> None:
    report = taken(house)
    answer = say(house.desk("petugas"), report, "keluar", text)
    assert (answer.status_code, "field-error" in answer.text) == (422, True)
    assert messages(house) == []


def test_a_refused_file_keeps_the_text(house: House) -> None:
    report = taken(house)
    sent = (io.BytesIO(b"MZ\x90\x00"), "foto.jpg")
    answer = say(house.desk("petugas"), report, "internal", ANSWER, one=sent)
    assert (answer.status_code, ANSWER in answer.text) == (422, True)
    assert messages(house) == []


def test_what_the_reporter_wrote_is_new_for_each_officer_until_they_read_it(house: House) -> None:
    report, desk = taken(house), house.desk("petugas")
    intake.add_message(house.session, report, "Apakah sudah dibaca?", house.office.tick())
    house.session.commit()
    page = desk.get(page_of(report)).text
    assert "1 pesan belum dibaca" in page
    assert "1 pesan belum dibaca" in house.desk("supervisor").get(page_of(report)).text
    assert "pesan belum dibaca" not in desk.get(page_of(report)).text


def test_nobody_writes_to_the_reporter_of_somebody_else(house: House) -> None:
    report = taken(house)
    assert say(house.desk("petugas2"), report, "keluar", ANSWER).status_code == 404
    assert say(house.desk("pimpinan"), report, "keluar", ANSWER).status_code == 403
    assert messages(house) == []


def test_a_card_that_comes_later_is_added(house: House) -> None:
    report, desk = taken(house), house.desk("petugas")
    data = {"kind": "kartu_identitas", "files": (io.BytesIO(pdf()), "ktp.pdf")}
    address = f"/admin/report/lampiran/?id={report.id}"
    assert desk.post(address, data, content_type="multipart/form-data").status_code == 303
    house.session.rollback()
    [file] = house.session.scalars(select(Attachment))
    assert (file.kind, file.report_id, file.case_id) == ("kartu_identitas", report.id, None)
    entry = house.session.scalars(select(AuditEntry).where(AuditEntry.event == "file_added")).one()
    assert entry.actor_id == house.cast.sari.id
    nothing = desk.post(address, {"kind": "bukti"}, content_type="multipart/form-data")
    assert (nothing.status_code, "Wajib diisi" in nothing.text) == (422, True)
