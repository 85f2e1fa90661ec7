"""The call screen: opened in one key, noted as it is typed, and one step from a report."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import (
    AuditEntry,
    Call,
    CallState,
    ContactAttempt,
    ContactState,
    Direction,
    Message,
    Report,
    TalkState,
)
from portal.access import scope
from portal.casework import call_back, calls, ringing
from portal.casework.arrival import ContactFacts, PersonFacts
from portal.casework.ringing import Event
from tests.screens.generated.conftest import House, house
from tests.screens.generated.desk import Desk, FormReader

__all__ = ["house"]
NUMBER, TYPED = "+6281200000001", "0812 0000 0001"
STORY = "Ibu berbisik: suaminya mengunci pintu. 😀"
START = "/admin/call/mulai/"


def begun(house: House, who: str = "petugas") -> tuple[Desk, str, Call]:
    """An officer picks up the telephone; their desk, the address of the screen, the call."""
    desk = house.desk(who)
    address = desk.post(START).location
    return desk, address, call_at(house, address)


def call_at(house: House, address: str) -> Call:
    house.session.rollback()
    return house.session.get_one(Call, int(address.rpartition("=")[2]))


def typing(desk: Desk, address: str, **answers: Any) -> Any:
    """What the page does by itself while one types."""
    form = FormReader(desk.get(address).text).filled(**answers)
    headers = {"X-CSRFToken": form["csrf_token"], "Accept": "application/json"}
    return desk.client.post(address.replace("layar", "catat"), data=form, headers=headers)


def closed(house: House, kind: str = "konseling", who: str = "petugas", **answers: Any) -> Call:
    """A call from its beginning to its end, without a report."""
    desk, address, call = begun(house, who)
    said = {"number": TYPED, "kind": kind, "lanjut": "selesai"} | answers
    assert desk.fill(address, **said).status_code == 303
    return call_at(house, f"?id={call.id}")


def missed(house: House, number: str | None = NUMBER, name: str = "c1") -> Call:
    """A call that nobody answered, as the telephone system tells it."""
    now = datetime.now(UTC)
    for told in ("newCall", "hangup"):
        event = Event(told, name, Direction.masuk, number)  # type: ignore[arg-type]
        call = ringing.hear(house.session, event, now)
    house.session.commit()
    return call


def told(house: House, agreed: ContactFacts | None = None) -> Report:
    """A report that Sari has taken, told by somebody with this number."""
    wati = PersonFacts(name="Wati Rekaan", phone=NUMBER)
    report = house.office.taken(reporter=wati, safe_contact=agreed)
    house.session.commit()
    return report


# --- opened, typed, ended -------------------------------------------------------------------------


def test_one_key_opens_a_call_with_a_running_clock(house: House) -> None:
    page = house.desk("petugas").get("/admin/").text
    assert 'id="call-start"' in page and 'aria-keyshortcuts="t"' in page
    desk, address, call = begun(house)
    assert (call.state, call.officer, call.direction) == ("talking", house.cast.sari, "masuk")
    assert f'data-stopwatch="{call.started_at.isoformat()}"' in desk.get(address).text
    assert desk.post(START).location == address  # a second press opens no second call
    for who in ("konselor", "admin", "auditor", "pimpinan"):
        assert 'id="call-start"' not in house.desk(who).get("/admin/").text
        assert house.desk(who).post(START).status_code == 403


def test_every_word_is_kept_as_it_is_typed(house: House) -> None:
    desk, address, call = begun(house)
    assert typing(desk, address, notes="Ibu ber").status_code == 200
    assert typing(desk, address, notes=STORY, number=TYPED, kind="diam").status_code == 200
    call = call_at(house, address)
    assert (call.notes, call.number, call.kind) == (STORY, NUMBER, "diam")
    again = Desk(house.app, "petugas").get(address).text  # the session ended, the page was lost
    assert STORY in again and "0812-0000-0001" in again
    table = Call.__table__
    stored = house.session.execute(select(table.c.notes, table.c.number)).one()
    assert all(isinstance(one, bytes) and b"08" not in one for one in stored)
    changes = select(AuditEntry).where(AuditEntry.subject_table == "call")
    assert len(house.session.scalars(changes.where(AuditEntry.event == "changed")).all()) <= 2


def test_nobody_else_writes_in_it(house: House) -> None:
    _desk, address, _call = begun(house)
    ratna = house.desk("petugas2")
    assert ratna.get(address).status_code == 404
    taken = {"notes": "x"}
    assert ratna.post(address.replace("layar", "catat"), taken).status_code == 404
    assert house.desk("supervisor").get(address).status_code in (
        303,
        302,
    )  # sees it, does not write
    assert call_at(house, address).notes is None


def test_a_call_ends_with_its_kind_and_is_only_added_to(house: House) -> None:
    desk, address, call = begun(house)
    refused = desk.fill(address, notes=STORY, lanjut="selesai")
    assert (refused.status_code, "Pilih jenis panggilannya" in refused.text) == (422, True)
    assert STORY in refused.text
    done = desk.fill(address, notes=STORY, kind="konseling", lanjut="selesai")
    assert done.status_code == 303
    call = call_at(house, address)
    assert (call.state, call.notes) == (CallState.ended, STORY)
    (message,) = house.session.scalars(select(Message))
    assert (message.kind, message.body) == ("call", STORY)
    assert call.conversation.state is TalkState.done
    late = desk.post(address.replace("layar", "catat"), {"notes": "lain"})
    assert late.status_code == 409
    assert desk.fill(f"/admin/call/details/?id={call.id}", text="Menelepon lagi").status_code == 405
    added = desk.post(f"/admin/call/susulan/?id={call.id}", {"text": "Suara anak terdengar."})
    assert added.status_code == 303
    page = desk.get(f"/admin/call/details/?id={call.id}").text
    assert STORY in page and "Suara anak terdengar." in page
    assert call_at(house, address).notes == STORY
    assert desk.post(f"/admin/call/susulan/?id={call.id}", {"text": ""}).status_code == 422


@pytest.mark.parametrize("kind", ["diam", "terputus"])
def test_silence_takes_two_clicks_and_the_earlier_ones_are_shown(house: House, kind: str) -> None:
    desk, address, _call = begun(house)
    assert desk.fill(address, number=TYPED, lanjut=kind).status_code == 303
    assert (call_at(house, address).kind, call_at(house, address).state) == (kind, "ended")
    ratna, address, _call = begun(house, "petugas2")
    page = ratna.fill(address, number=TYPED, lanjut="").text
    assert "tanpa berbicara, 1 kali" in page


def test_the_emergency_numbers_stand_on_the_screen(house: House) -> None:
    desk, address, _call = begun(house)
    page = desk.get(address).text
    assert "112" in page and "129" in page and "Dalam bahaya sekarang" in page
    typing(desk, address, danger="y")
    assert call_at(house, address).conversation.urgent


def test_a_forgotten_call_is_not_taken_for_the_one_that_rings(house: House) -> None:
    _desk, address, call = begun(house)
    call.started_at -= timedelta(hours=3)
    house.session.commit()
    assert house.desk("petugas").post(START).location != address
    assert "Catatan panggilan belum ditutup" in house.desk("petugas").get("/admin/").text


# --- one step to a report -------------------------------------------------------------------------


def test_a_call_becomes_a_report_in_one_step(house: House) -> None:
    desk, address, call = begun(house)
    call.started_at -= timedelta(minutes=7)
    house.session.commit()
    said = {"notes": STORY, "number": TYPED, "kind": "laporan_baru", "danger": "y"}
    form = desk.fill(address, **said, lanjut="laporan")
    assert form.location == f"/admin/report/new/?kanal=telepon&panggilan={call.id}"
    page = desk.get(form.location).text
    assert STORY in page and "0812-0000-0001" in page
    saved = desk.fill(form.location)
    assert saved.status_code == 303, saved.text
    call = call_at(house, address)
    report = house.session.scalars(select(Report)).one()
    assert (call.report, call.state, report.narrative) == (report, CallState.ended, STORY)
    assert report.danger_now and report.call_kind == "laporan_baru"
    assert abs(report.received_at - call.started_at) < timedelta(minutes=1)
    assert report.reporter and report.reporter.person.phone == NUMBER
    assert [one.report for one in call.conversation.links] == [report]
    assert desk.get(form.location).location == f"/admin/report/details/?id={report.id}"
    assert house.session.scalars(select(Report)).all() == [report]


def test_two_calls_have_two_drafts(house: House) -> None:
    desk, address, _call = begun(house)
    form = desk.fill(address, notes="Yang pertama", lanjut="laporan").location
    keep = FormReader(desk.get(form).text).filled(narrative="Yang pertama, lengkap")
    draft = form.replace("/new/", "/new/draf/")
    assert desk.client.post(draft, data=keep).status_code == 200
    desk.fill(address, notes="Yang pertama", kind="konseling", lanjut="selesai")
    other = desk.post(START).location
    second = desk.fill(other, notes="Yang kedua", lanjut="laporan").location
    assert "Yang pertama" not in desk.get(second).text and "Yang kedua" in desk.get(second).text
    assert "Yang pertama, lengkap" in desk.get(form).text


def test_a_colleagues_call_makes_no_report_of_mine(house: House) -> None:
    _desk, _address, call = begun(house)
    form = f"/admin/report/new/?kanal=telepon&panggilan={call.id}"
    assert house.desk("petugas2").get(form).status_code == 404
    assert house.desk("petugas").get(form.replace("telepon", "whatsapp")).status_code == 404


# --- who calls ------------------------------------------------------------------------------------


def history(desk: Desk, call: Call, number: str = TYPED) -> str:
    return str(desk.post(f"/admin/call/riwayat/?id={call.id}", {"number": number}).text)


def test_what_an_officer_may_see_of_a_number_is_shown(house: House) -> None:
    report = told(house, ContactFacts(channel="telepon", shared_phone=True))
    earlier = closed(house)
    desk, _address, call = begun(house)
    page = history(desk, call)
    assert report.number in page and f"id={earlier.id}" in page
    assert "dipakai bersama orang lain" in page
    assert "Ada riwayat lain" not in page
    assert "Belum ada riwayat" in history(desk, call, "0812 9999 9999")
    for spelt in ("+62 812-0000-0001", "62812 0000 0001", "006281200000001"):
        assert report.number in history(desk, call, spelt)


def test_of_a_colleagues_part_one_learns_only_that_there_is_one(house: House) -> None:
    report = told(house)
    earlier = closed(house)
    desk, _address, call = begun(house, "petugas2")
    page = history(desk, call)
    assert "Ada riwayat lain, tanyakan kepada supervisor" in page
    assert report.number not in page and f"id={earlier.id}" not in page
    assert "Wati" not in page


def test_whoever_is_kept_from_it_does_not_learn_even_that(house: House) -> None:
    report = told(house)
    call = closed(house)
    calls.conversations.link(house.session, call.conversation, None, report=report)
    house.session.commit()
    desk = house.desk("petugas")
    data = {"officer": house.cast.ratna.id, "kind": "kerabat", "reason": "Ipar terlapor"}
    kept = desk.fill(f"/admin/report/tindakan/exclude/?id={report.id}", **data)
    assert kept.status_code == 303, kept.text
    ratna, _address, mine = begun(house, "petugas2")
    assert "Ada riwayat lain" not in history(ratna, mine)


# --- what rings -----------------------------------------------------------------------------------


def hear(house: House, told: str, at: str = "", name: str = "c9") -> Call:
    event = Event(told, name, Direction.masuk, NUMBER, (at,) if at else ())  # type: ignore[arg-type]
    call = ringing.hear(house.session, event, datetime.now(UTC))
    house.session.commit()
    return call


def test_what_rings_is_told_to_who_may_answer_without_a_number(house: House) -> None:
    house.cast.sari.extension = "101"
    hear(house, "newCall", "101")
    sari, ratna = house.desk("petugas"), house.desk("petugas2")
    told = sari.get("/admin/call/berdering/").json
    assert "Panggilan masuk" in told["html"] and told["open"] == ""
    assert "812" not in told["html"]
    assert ratna.get("/admin/call/berdering/").json == {"html": "", "open": ""}
    hear(house, "newCall", "999", "c10")
    assert "Panggilan masuk" in ratna.get("/admin/call/berdering/").json["html"]
    assert house.desk("konselor").get("/admin/call/berdering/").status_code == 403


def test_the_screen_opens_for_who_answered(house: House) -> None:
    house.cast.sari.extension = "101"
    hear(house, "newCall", "101")
    call = hear(house, "answer", "101")
    sari = house.desk("petugas")
    assert sari.get("/admin/call/berdering/").json["open"] == f"/admin/call/layar/?id={call.id}"
    assert sari.post(START).location == f"/admin/call/layar/?id={call.id}"
    assert house.desk("petugas2").get("/admin/call/berdering/").json["open"] == ""


def test_one_key_picks_up_what_rings(house: House) -> None:
    call = hear(house, "newCall", "999")
    assert house.desk("petugas").post(START).location == f"/admin/call/layar/?id={call.id}"
    assert house.desk("petugas2").post(f"/admin/call/angkat/?id={call.id}").status_code == 404
    hear(house, "hangup")
    page = house.desk("petugas").get(f"/admin/call/layar/?id={call.id}").text
    assert "Sambungan sudah terputus" in page


# --- missed ---------------------------------------------------------------------------------------


def back(call: Call) -> str:
    return f"/admin/call/hubungi/?id={call.id}"


def test_a_missed_call_is_called_back_by_the_rule_of_safe_contact_alone(house: House) -> None:
    call, desk = missed(house), house.desk("petugas")
    assert "Perlu dihubungi kembali" in desk.get("/admin/").text
    assert "row-late" in desk.get("/admin/call/?hubungi=ya").text
    page = desk.get(back(call)).text
    assert "belum ditanyakan" in page and "0812-0000-0001" not in page
    refused = desk.post(back(call), {"langkah": "izin", "reason": ""})
    assert (refused.status_code, "Tuliskan alasannya" in refused.text) == (422, True)
    assert (
        desk.post(back(call), {"langkah": "izin", "reason": "Terdengar tangis"}).status_code == 303
    )
    assert "0812-0000-0001" in desk.get(back(call)).text
    assert "0812-0000-0001" not in house.desk("petugas2").get(back(call)).text
    house.session.rollback()
    states = house.session.scalars(select(ContactAttempt.state)).all()
    assert states == [ContactState.refused, ContactState.overridden]
    none = desk.post(back(call), {"langkah": "hasil", "outcome": "tidak_dijawab"})
    assert none.status_code == 303
    assert call_back.is_waiting(call_at(house, back(call)))
    desk.post(back(call), {"langkah": "izin", "reason": "Dicoba lagi"})
    screen = desk.post(back(call), {"langkah": "tersambung"})
    talk = call_at(house, screen.location)
    assert (talk.direction, talk.number, talk.officer) == ("keluar", NUMBER, house.cast.sari)
    assert call_at(house, back(call)).called_back_how == "tersambung"
    assert "Perlu dihubungi kembali" not in desk.get(f"/admin/call/details/?id={call.id}").text


def test_the_no_of_anybody_with_that_number_counts(house: House) -> None:
    told(house, ContactFacts(channel="jangan_dihubungi"))
    call = missed(house)
    against = call_back.obstacles(house.session, call, datetime.now(UTC))
    assert [one.code for one in against] == ["never"]
    page = house.desk("petugas").get(back(call)).text
    assert "minta jangan dihubungi" in page


def test_that_nobody_is_called_back_has_a_reason_too(house: House) -> None:
    call, desk = missed(house), house.desk("petugas")
    assert desk.post(back(call), {"langkah": "tidak", "why": ""}).status_code == 422
    done = desk.post(back(call), {"langkah": "tidak", "why": "Menelepon lagi dan dijawab"})
    assert done.status_code == 303
    call = call_at(house, back(call))
    assert (call.called_back_how, call.called_back_by) == ("tidak_jadi", house.cast.sari)
    assert "Menelepon lagi dan dijawab" in desk.get(f"/admin/call/details/?id={call.id}").text
    assert call.conversation.waiting_since is None


def test_a_hidden_number_cannot_be_called_back(house: House) -> None:
    call = missed(house, None)
    page = house.desk("petugas").get(back(call)).text
    assert "Nomornya disembunyikan" in page and 'value="izin"' not in page
    tried = house.desk("petugas").post(back(call), {"langkah": "izin", "reason": "x"})
    assert tried.status_code in (303, 409)
    assert scope.sees(house.session, house.cast.ratna, call)


def test_a_list_shows_no_whole_number(house: House) -> None:
    missed(house)
    desk, call = house.desk("petugas"), missed(house, name="c2")
    for place in ("call/", "conversation/", f"conversation/details/?id={call.conversation_id}"):
        page = desk.get(f"/admin/{place}").text
        assert "0812-xxxx-x001" in page and "0812-0000-0001" not in page, place
    form = desk.get(f"/admin/report/new/?kanal=telepon&panggilan={call.id}").text
    assert "0812-0000-0001" not in form  # nor by typing a report of it


def test_admin_notes_whose_telephone_it_is_and_no_two_have_one(house: House) -> None:
    admin = house.desk("admin")
    edit = "/admin/officer/edit/?id={}".format
    for who in (house.cast.sari, house.cast.ratna):  # left empty by both
        assert admin.fill(edit(who.id), rank="Penata").status_code == 302
    assert admin.fill(edit(house.cast.sari.id), extension="101").status_code == 302
    twice = admin.fill(edit(house.cast.ratna.id), extension="101")
    assert twice.status_code in (200, 409, 422) and "101" in twice.text
    house.session.rollback()
    assert (house.cast.sari.extension, house.cast.ratna.extension) == ("101", None)


def test_danger_stays_when_a_call_joins_the_talk_with_its_number(house: House) -> None:
    closed(house, notes="Bertanya alamat")
    call = closed(house, danger="y", notes=STORY)
    assert call.conversation.urgent and len(call.conversation.calls) == 2
    desk, address, _later = begun(house)
    desk.fill(address, number=TYPED, kind="konseling", lanjut="selesai", danger=None)
    house.session.rollback()
    assert call.conversation.urgent  # unticked in a later call: what was told before stays
