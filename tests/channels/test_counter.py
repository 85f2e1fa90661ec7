"""The counter: numbers of the day without a gap, called within ten minutes, and never a name."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alias, Channel, Conversation, Officer, Report, Visit
from portal.casework import visits
from tests.screens.generated.conftest import House, house
from tests.support.at_once import Attempt, at_once
from tests.support.databases import both_engines

__all__ = ["house"]
DESK = "/admin/visit/loket/"


def queue(house: House) -> list[Visit]:
    house.session.rollback()
    return list(house.session.scalars(select(Visit).order_by(Visit.id)))


def come(house: House, **answers: Any) -> Visit:
    answer = house.desk("petugas").fill(DESK, **answers)
    assert answer.status_code == 303, answer.text
    return queue(house)[-1]


def test_whoever_comes_gets_the_next_number_and_says_nothing(house: House) -> None:
    first, second = come(house), come(house, purpose="melapor")
    assert (first.queue_number, second.queue_number) == (1, 2)
    assert (first.purpose, second.purpose) == ("tidak_diketahui", "melapor")
    ticket = house.desk("petugas").get(f"/admin/visit/nomor-antrean/?id={second.id}").text
    assert '<p class="ticket-number">2</p>' in ticket and "Menunggu di depan: 1" in ticket


def test_the_urgent_are_called_first_then_by_number(house: House) -> None:
    come(house), come(house), come(house, urgent="y")
    sari, ratna = house.desk("petugas"), house.desk("petugas2")
    order = [sari.post("/admin/visit/panggil/").location for _ in range(2)]
    assert ratna.post("/admin/visit/panggil/").location.endswith(f"id={queue(house)[1].id}")
    third, first = (one.rpartition("=")[2] for one in order)
    assert (int(third), int(first)) == (queue(house)[2].id, queue(house)[0].id)
    assert queue(house)[1].officer is house.cast.ratna
    assert sari.post("/admin/visit/panggil/").location == DESK


def test_after_ten_minutes_a_visitor_stands_in_red(house: House) -> None:
    visit, desk = come(house), house.desk("petugas")
    assert "queue-late" not in desk.get(DESK).text
    visit.arrived_at -= timedelta(minutes=11)
    house.session.commit()
    assert "queue-late" in desk.get(DESK).text
    assert "row-late" in desk.get("/admin/visit/?terlambat=ya").text
    assert "Menunggu di loket lebih dari 10 menit" in desk.get("/admin/").text


def test_a_visitor_becomes_a_report_in_one_step(house: House) -> None:
    visit, desk = come(house), house.desk("petugas")
    visit.arrived_at -= timedelta(minutes=5)
    house.session.commit()
    form = f"/admin/report/new/?kanal=datang_langsung&antrean={visit.id}"
    assert desk.fill(form, narrative="Ibu datang sendiri.").status_code == 303
    visit, report = queue(house)[0], house.session.scalars(select(Report)).one()
    assert (visit.report, visit.outcome, report.channel) == (
        report,
        "laporan",
        Channel.datang_langsung,
    )
    assert abs(report.received_at - visit.arrived_at) < timedelta(minutes=1)
    assert desk.get(form).location == f"/admin/report/details/?id={report.id}"


def test_a_visit_ends_once_with_what_came_of_it(house: House) -> None:
    visit, desk = come(house), house.desk("petugas")
    end = f"/admin/visit/selesai/?id={visit.id}"
    assert desk.post(end, {"outcome": ""}).status_code == 422
    assert desk.post(end, {"outcome": "informasi", "note": "Jam buka"}).status_code == 303
    assert desk.post(end, {"outcome": "pulang"}).status_code == 303
    assert queue(house)[0].outcome == "informasi"


def test_the_waiting_room_sees_numbers_alone(house: House) -> None:
    come(house), come(house, purpose="melapor")
    desk = house.desk("petugas")
    desk.post("/admin/visit/panggil/")
    board = desk.get("/admin/visit/layar/").text
    assert '<p class="board-called">1</p>' in board
    assert "Sari" not in board and "Melapor" not in board
    numbers = desk.get("/admin/visit/layar/nomor/").text
    assert "<html" not in numbers and "2" in numbers
    assert house.app.test_client().get("/admin/visit/layar/").status_code == 302
    for who in ("konselor", "pimpinan", "admin", "auditor"):
        assert house.desk(who).get("/admin/visit/layar/").status_code == 403


def test_at_midnight_in_malang_the_numbers_begin_anew(session: Session, cast: Any) -> None:
    before = datetime(2026, 11, 26, 16, 59, 59, tzinfo=UTC)
    evening = [visits.arrive(session, cast.sari, before) for _ in range(2)]
    after = visits.arrive(session, cast.sari, before + timedelta(seconds=1))
    assert [(one.day.day, one.queue_number) for one in (*evening, after)] == [
        *((26, 1), (26, 2)),
        (27, 1),
    ]
    assert session.scalars(visits.waiting(before + timedelta(seconds=1))).all() == [after]


@both_engines
def test_numbers_given_out_at_once_have_no_gap(engine: Any, session: Session, cast: Any) -> None:
    now, who = datetime.now(UTC), cast.sari.id
    session.rollback()
    one = Attempt(who, Officer, who, lambda own, _row, sari, _v: visits.arrive(own, sari, now))
    assert at_once(engine, *[one] * 6) == [None] * 6
    session.rollback()
    numbers = session.scalars(select(Visit.queue_number).order_by(Visit.queue_number)).all()
    assert numbers == list(range(1, 7))


def test_what_was_seen_on_social_media_names_its_account_and_link_sealed(house: House) -> None:
    address = "/admin/report/new/?kanal=media_sosial"
    seen = {"social_place": "Instagram", "social_account": "@Akun.Rekaan"}
    link = "https://instagram.example/p/rekaan"
    for spelt in ("@Akun.Rekaan", "akun.rekaan"):
        told = seen | {"social_account": spelt, "social_link": link, "narrative": "Dipukul."}
        assert house.desk("petugas").fill(address, **told).status_code == 303
    house.session.rollback()
    talk = house.session.scalars(
        select(Conversation).where(Conversation.correspondent_id.is_not(None))
    ).one()
    assert talk.channel is Channel.media_sosial and len(talk.links) == 2
    assert all(link in one.body for one in talk.messages)
    stored = house.session.execute(select(Alias.__table__.c.value)).scalars().all()
    assert all(b"rekaan" not in one.lower() for one in stored)
    assert "social_place" not in house.desk("petugas").get("/admin/report/new/?kanal=telepon").text
