"""The roster, the hand-over of a shift, pauses and causes of delay, as officers use them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import (
    AuditEntry,
    CaseStatus,
    Duty,
    DutyKind,
    HandOver,
    Notice,
    Report,
    Setting,
)
from portal.casework import intake
from portal.indonesia.dates import WIB
from portal.indonesia.hours import DAYS
from tests.screens.generated.conftest import House

SHIFT = datetime(2026, 3, 2, 8, tzinfo=WIB)


def typed(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def stored(house: House, *wanted: Any) -> list[Any]:
    """What stands in the database by now."""
    house.session.rollback()
    return list(house.session.scalars(select(*wanted)))


def entry(house: House, **answers: object) -> object:
    facts = {
        "officer": house.cast.sari.id,
        "kind": "piket",
        "from_at": typed(SHIFT),
        "until_at": typed(SHIFT + timedelta(hours=8)),
    }
    return house.desk("supervisor").fill("/admin/duty/new/", **facts | answers)


# --- the roster ---------------------------------------------------------------------------------


def test_a_supervisor_writes_the_roster(house: House) -> None:
    assert entry(house).status_code == 302
    row = stored(house, Duty)[0]
    assert (row.officer, row.kind, row.from_at) == (house.cast.sari, DutyKind.piket, SHIFT)
    assert house.desk("petugas").get("/admin/duty/").status_code == 200
    assert house.desk("petugas").get("/admin/duty/new/").status_code == 403


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"until_at": typed(SHIFT)}, "Akhir harus sesudah awal"),
        ({"kind": "cuti"}, "Bertabrakan"),
        ({}, "Bertabrakan"),
        ({"kind": "plh"}, "yang digantikan"),
        ({"kind": "plh", "stands_for": "ratna"}, "yang digantikan"),
        ({"stands_for": "budi"}, "Hanya untuk pelaksana harian"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    house: House, answers: dict[str, str], says: str
) -> None:
    entry(house)
    keys = {
        name: getattr(house.cast, who).id
        for name, who in answers.items()
        if who in ("ratna", "budi")
    }
    answer = entry(house, **answers | keys)
    assert says in answer.text
    assert len(stored(house, Duty)) == 1


def test_two_do_not_stand_in_for_the_same_supervisor(house: House) -> None:
    plh = {"kind": "plh", "officer": house.cast.dewi.id, "stands_for": house.cast.budi.id}
    assert entry(house, **plh).status_code == 302
    assert (
        "sudah ada pelaksana harian" in entry(house, **plh | {"officer": house.cast.sari.id}).text
    )


def test_home_says_who_is_there(house: House) -> None:
    now = datetime.now(UTC)
    hours = {"from_at": now - timedelta(hours=1), "until_at": now + timedelta(hours=1)}
    cast = house.cast
    house.session.add_all(
        [
            Duty(officer=cast.sari, kind=DutyKind.piket, **hours),
            Duty(officer=cast.budi, kind=DutyKind.cuti, **hours),
            Duty(officer=cast.dewi, kind=DutyKind.plh, stands_for=cast.budi, **hours),
        ]
    )
    house.session.commit()
    page = house.desk("konselor").get("/admin/").text
    assert "Sedang bertugas" in page
    assert "Sari Wulandari sampai" in page and "Dewi Anggraini untuk Budi Santoso" in page


# --- the hand-over --------------------------------------------------------------------------------


def test_the_end_of_a_shift_goes_over_as_a_list_and_is_accepted(house: House) -> None:
    new, mine = house.office.report(), house.office.taken()
    intake.add_message(house.session, mine, "Masih menunggu", house.office.tick())
    house.session.commit()
    form = house.desk("petugas").get("/admin/hand_over/new/").text
    assert new.number in form and mine.number in form and mine.conversation.number in form
    answer = house.desk("petugas").fill(
        "/admin/hand_over/new/", to=house.cast.ratna.id, note="Lanjutkan besok"
    )
    assert answer.status_code == 302
    row = stored(house, HandOver)[0]
    kept = {(one["why"], one["table"], one["id"]) for one in row.items}
    assert {("unclaimed", "report", new.id), ("mine", "report", mine.id)} <= kept
    assert ("waiting", "conversation", mine.conversation.id) in kept
    assert {*row.items[0]} == {"why", "table", "id", "state"}
    assert house.session.scalars(select(Notice.officer_id).filter_by(kind="hand_over")).all() == [
        house.cast.ratna.id
    ]
    theirs = house.desk("petugas2")
    assert "Serah terima untuk saya" in theirs.get("/admin/").text
    page = theirs.get(f"/admin/hand_over/details/?id={row.id}").text
    assert new.number in page
    assert mine.number not in page and "Laporan sedang diidentifikasi" not in page  # Sari's alone
    accept = f"/admin/hand_over/tindakan/accept/?id={row.id}"
    assert house.desk("petugas").fill(accept).status_code == 409
    assert theirs.fill(accept).status_code == 303
    house.session.rollback()
    assert row.accepted_at is not None
    assert theirs.fill(accept).status_code == 409
    assert {"refused", "act"} <= set(stored(house, AuditEntry.event))


def test_a_shift_is_not_handed_to_oneself_or_to_nobody(house: House) -> None:
    for to in ("", house.cast.sari.id, house.cast.maya.id):
        answer = house.desk("petugas").fill("/admin/hand_over/new/", to=to, note="Catatan saya")
        assert "yang menerima" in answer.text and "Catatan saya" in answer.text
    assert stored(house, HandOver) == []


# --- pauses and causes ----------------------------------------------------------------------------


def test_an_officer_pauses_a_report_and_lets_it_run_on(house: House) -> None:
    report = house.office.taken()
    house.session.commit()
    desk, act = house.desk("petugas"), f"/admin/report/tindakan/{{}}/?id={report.id}"
    assert desk.fill(act.format("pause"), cause="gangguan_sistem").status_code == 303
    page = desk.get(f"/admin/report/details/?id={report.id}").text
    assert "Dijeda sejak" in page and "Gangguan sistem" in page and "Lanjutkan waktu" in page
    assert desk.fill(act.format("pause"), cause="bencana").status_code == 409
    assert desk.fill(act.format("go_on")).status_code == 303
    assert "Dijeda sejak" not in desk.get(f"/admin/report/details/?id={report.id}").text


def test_after_a_late_decision_the_cause_is_asked_for_and_listed(house: House) -> None:
    case = house.office.case(CaseStatus.identified)
    supervisor = house.desk("supervisor")
    act = f"/admin/case/tindakan/refer/?id={case.id}"
    assert supervisor.fill(act, kind="lainnya", reason="Di luar kota").status_code == 303
    page = supervisor.get(f"/admin/case/details/?id={case.id}").text
    assert "catat penyebabnya" in page
    assert "Terlambat tanpa penyebab" in supervisor.get("/admin/").text
    report = house.session.scalars(select(Report)).one()
    explain = f"/admin/report/tindakan/explain_delay/?id={report.id}"
    assert supervisor.fill(explain, cause="").status_code == 422
    assert supervisor.fill(explain, cause="supervisor_tidak_ada").status_code == 303
    assert "catat penyebabnya" not in supervisor.get(f"/admin/case/details/?id={case.id}").text
    house.session.rollback()
    assert report.delay_cause == "supervisor_tidak_ada"


def test_a_closed_office_shows_a_clock_that_stands_still(house: House) -> None:
    hours = house.session.scalars(select(Setting).filter_by(key="clock_hours")).one()
    closed = (datetime.now(WIB) + timedelta(days=2)).weekday()
    hours.value = f"{DAYS[closed]} 08.00-16.00"
    report = house.office.report(channel="telepon", received_at=datetime.now(UTC))
    house.session.commit()
    desk = house.desk("petugas")
    assert "tidak berjalan" in desk.get(f"/admin/report/details/?id={report.id}").text
    assert "tidak berjalan" in desk.get("/admin/report/").text
    assert desk.get("/admin/").status_code == 200


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("clock_hours", "Senin 8 sampai 4", "tidak terbaca"),
        ("clock_channels", "website, burung merpati", "tidak dikenal"),
        ("clock_answer", "secepatnya", "Isi angka dari 5 sampai 1440"),
        ("clock_warning", "99", "Isi angka dari 10 sampai 95"),
    ],
)
def test_a_setting_that_cannot_be_read_is_not_stored(
    house: House, key: str, value: str, says: str
) -> None:
    row = house.session.scalars(select(Setting).filter_by(key=key)).one()
    before = row.value
    answer = house.desk("admin").fill(f"/admin/setting/edit/?id={row.id}", value=value)
    assert says in answer.text and value in answer.text
    house.session.rollback()
    assert row.value == before


def test_hours_that_can_be_read_hold_at_once(house: House) -> None:
    row = house.session.scalars(select(Setting).filter_by(key="clock_hours")).one()
    answer = house.desk("admin").fill(
        f"/admin/setting/edit/?id={row.id}", value="Senin-Minggu 07.00-21.00"
    )
    assert answer.status_code == 302


def test_a_complaint_shows_its_next_step_and_stands_out_when_late(house: House) -> None:
    house.desk("petugas").fill("/admin/service_complaint/new/", via="kunjungan", body="Antre lama")
    assert "diproses paling lambat" in house.desk("petugas").get("/admin/service_complaint/").text


def test_the_pages_of_intake_are_closed_to_others(house: House) -> None:
    for table in ("hand_over", "clock_pause"):
        assert house.desk("konselor").get(f"/admin/{table}/").status_code == 403
