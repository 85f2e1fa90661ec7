"""The register of breaches: three days, a draft to start from, and nobody told by rumour."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

import models as m
from models import BreachState, Risk
from portal.casework import breaches
from portal.casework.lifecycle import Refused
from tests.letters import paper
from tests.screens.generated.conftest import House, house

__all__ = ["house"]
MOMENTS = st.integers(0, 220_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
SECRET = "Laptop rekaan berisi daftar hilang di terminal"
MEASURES = "Kunci akses dicabut dan laporan polisi dibuat"


def breach_of(house: House, **facts: Any) -> m.Breach:
    found = datetime.now(UTC) - timedelta(hours=1)
    said = {"found_at": found, "due_at": breaches.due(found), "number": "KD-2026-0001", **facts}
    row = m.Breach(
        recorded_by=house.cast.admin,
        happened=SECRET,
        data_kinds=["identitas", "anak"],
        people_affected=12,
        risk=Risk.tinggi,
        measures=MEASURES,
        **said,
    )
    house.session.add(row)
    house.session.commit()
    return row


def test_who_is_concerned_is_told_that_there_is_one_and_not_what(house: House) -> None:
    answer = house.desk("admin").fill(
        "/admin/breach/new/",
        happened=SECRET,
        data_kinds=["identitas"],
        risk="tinggi",
        measures=MEASURES,
    )
    assert answer.status_code == 302, answer.text
    row = house.session.scalars(select(m.Breach)).one()
    assert row.number.startswith(f"KD-{row.found_at.year}-")
    assert row.due_at - row.found_at == timedelta(hours=72)
    notices = house.session.scalars(select(m.Notice).filter_by(kind="breach_found")).all()
    assert {one.officer.username for one in notices} == {
        *("supervisor", "supervisor2", "pimpinan", "admin2"),
    }
    page = house.desk("pimpinan").get("/admin/notice/").text
    assert "3 x 24 jam" in page
    assert SECRET not in page


@given(MOMENTS)
def test_the_clock_is_three_times_twenty_four_hours_from_finding(found: datetime) -> None:
    assert breaches.due(found) - found == timedelta(hours=72)


@pytest.mark.parametrize("username", ["petugas", "konselor", "pendamping", "auditor"])
def test_others_do_not_see_the_register(house: House, username: str) -> None:
    row = breach_of(house)
    for page in (
        "",
        f"details/?id={row.id}",
        f"pemberitahuan/?id={row.id}&untuk=orang&bentuk=teks",
    ):
        assert house.desk(username).get(f"/admin/breach/{page}").status_code == 403


@pytest.mark.parametrize("audience", ["lembaga", "orang"])
def test_the_draft_says_what_the_law_asks_for(house: House, audience: str) -> None:
    row = breach_of(house)
    address = f"/admin/breach/pemberitahuan/?id={row.id}&untuk={audience}&bentuk="
    desk = house.desk("admin")
    printed = paper.text(desk.get(f"{address}pdf").data)
    for text in (desk.get(f"{address}teks").text, printed):
        assert "Data pribadi yang terungkap" in text
        assert "Data anak" in text
        assert SECRET in text
        assert MEASURES in text
        assert ("12 orang" in text) is (audience == "lembaga")
    house.session.rollback()
    entries = house.session.scalars(select(m.AuditEntry).filter_by(event="breach_draft")).all()
    assert len(entries) == 2
    assert desk.get(f"{address}html").status_code == 404


def test_it_is_closed_once_agency_and_people_were_told(house: House) -> None:
    row, desk = breach_of(house), house.desk("supervisor")
    acts = "/admin/breach/tindakan"
    assert desk.fill(f"{acts}/close/?id={row.id}", how="Selesai").status_code == 409
    assert desk.fill(f"{acts}/tell_agency/?id={row.id}", how="Surel resmi").status_code == 303
    assert desk.fill(f"{acts}/tell_agency/?id={row.id}", how="Lagi").status_code == 409
    assert desk.fill(f"{acts}/tell_people/?id={row.id}", how="Kontak aman").status_code == 303
    house.session.rollback()
    assert row.state is BreachState.notified
    assert desk.fill(f"{acts}/close/?id={row.id}", how="Selesai").status_code == 303
    house.session.rollback()
    assert row.state is BreachState.closed
    assert "Kontak aman" in (row.told_how or "")


def test_nobody_can_have_been_told_before_it_was_found(house: House) -> None:
    row = breach_of(house)
    before = row.found_at - timedelta(minutes=5)
    with pytest.raises(Refused):
        breaches.tell(house.session, row, house.cast.budi, "tell_agency", before, "Surel")


def test_a_day_before_the_end_everybody_concerned_is_reminded_once(house: House) -> None:
    found = datetime.now(UTC) - timedelta(hours=47)
    row = breach_of(house, found_at=found, due_at=breaches.due(found))
    assert breaches.remind(house.session, found + timedelta(hours=47)) == 0
    late = found + timedelta(hours=73)
    assert breaches.remind(house.session, late) == 1
    assert breaches.remind(house.session, late) == 0
    told = house.session.scalars(select(m.Notice).filter_by(kind="breach_due")).all()
    assert {one.officer.role.value for one in told} == {"supervisor", "pimpinan", "admin"}
    row.due_at = found
    house.session.commit()
    assert "row-late" in house.desk("pimpinan").get("/admin/breach/?terlambat=ya").text
