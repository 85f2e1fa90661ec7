"""The reference lists, and the loader that never undoes what an office decided."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import pytest
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.orm import Session

import models
from models import Base, CodeItem, DayOff, PartnerInstitution, Region, Setting
from portal.casework import contact_words
from portal.indonesia.workdays import monitoring_dates
from portal.letters import said
from seed import load

TODAY = date(2026, 11, 24)
MAY_BE_UNKNOWN = """
bentuk_kekerasan jenis_tppo gbvims_type jenis_tpks tempat_kejadian sex pendidikan pekerjaan agama
status_perkawinan disabilitas kewarganegaraan hubungan_pelaku kebutuhan legal_process wellbeing
safety time_of_day date_precision reporting_delay age_group reporter_relation hubungan_wali
previously_reported contact_channel
"""
KNOWN_TO_THE_RULES = {
    "channel": models.Channel,
    "risk": models.Risk,
    "safety": models.Safety,
    "referral_state": models.ReferralState,
    "complaint_status": models.ComplaintStatus,
    "letter_kind": models.LetterKind,
}
LISTS = load.code_lists()


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_complete_in_both_languages(name: str) -> None:
    items = LISTS[name]
    codes = [item["code"] for item in items]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z0-9_]{1,40}", code) for code in codes)
    assert all(item["label"].strip() and item["label_en"].strip() for item in items)
    assert [int(item["position"]) for item in items] == sorted({int(i["position"]) for i in items})


@pytest.mark.parametrize("name", MAY_BE_UNKNOWN.split())
def test_what_describes_a_person_or_an_event_may_be_unknown(name: str) -> None:
    assert LISTS[name][-1]["code"] == "tidak_diketahui"


@pytest.mark.parametrize(("name", "kind"), KNOWN_TO_THE_RULES.items())
def test_lists_the_rules_know_hold_the_same_codes(name: str, kind: type[StrEnum]) -> None:
    assert [item["code"] for item in LISTS[name]] == [member.value for member in kind]


def test_ways_to_reach_somebody_are_those_of_the_rules() -> None:
    assert {item["code"] for item in LISTS["contact_channel"]} == set(contact_words.CHANNELS)
    assert [item["code"] for item in LISTS["hari"]] == list(contact_words.DAYS)


def test_the_outcomes_of_identification_are_states_of_a_report() -> None:
    states = {member.value for member in models.ReportStatus}
    outcomes = {item["code"] for item in LISTS["identification_outcome"]}
    assert outcomes == states - {"new", "in_progress"}


def test_every_source_is_named() -> None:
    named = (load.REFERENCE / "README.md").read_text(encoding="utf-8")
    files = {path.stem for path in load.REFERENCE.glob("*.csv")}
    assert not {name for name in files if f"`{name}`" not in named}


def test_partners_offer_known_services() -> None:
    services = {item["code"] for item in LISTS["jenis_pelayanan"]}
    offered = {code for row in load.rows(load.PARTNERS) for code in row["services"].split(";")}
    assert offered <= services


def test_settings_carry_no_key_twice_and_a_label_each() -> None:
    settings = load.rows(load.SETTINGS)
    assert len({row["key"] for row in settings}) == len(settings)
    assert all(row["label"] and row["label_en"] for row in settings)


def test_what_letters_say_by_default_is_what_the_office_finds_in_its_settings() -> None:
    found = {row["key"]: row["value"] for row in load.rows(load.SETTINGS)}
    assert {key: found.get(key) for key in said.DEFAULTS} == said.DEFAULTS


def test_a_new_office_starts_with_everything(session: Session) -> None:
    added = load.load(session, TODAY)
    assert added["region"] == count(session, Region) == 63
    assert added["code_item"] == count(session, CodeItem) == sum(map(len, LISTS.values()))
    assert added["partner_institution"] == count(session, PartnerInstitution) == 8
    assert added["setting"] == count(session, Setting)
    assert added["day_off"] == count(session, DayOff)


def test_loading_again_adds_nothing(session: Session) -> None:
    load.load(session, TODAY)
    assert set(load.load(session, TODAY).values()) == {0}


def test_what_the_office_edited_stays(session: Session) -> None:
    load.load(session, TODAY)
    item = session.scalars(select(CodeItem).where(CodeItem.code == "rape")).one()
    item.label, item.active = "Istilah kantor", False
    setting = session.scalars(select(Setting).where(Setting.key == "letter_city")).one()
    setting.value = "Kota Malang"
    load.load(session, TODAY)
    session.expire_all()
    assert (item.label, item.active, setting.value) == ("Istilah kantor", False, "Kota Malang")


def test_what_is_new_in_a_list_is_added(session: Session) -> None:
    load.load(session, TODAY)
    session.delete(session.scalars(select(CodeItem).where(CodeItem.code == "rape")).one())
    session.flush()
    assert load.load(session, TODAY)["code_item"] == 1


def test_days_off_hold_collective_leave_and_the_next_year_as_far_as_decreed(
    session: Session,
) -> None:
    load.load(session, TODAY)
    days = set(session.scalars(select(DayOff.day)))
    assert {date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)} <= days
    assert {day.year for day in days} == {2026, 2027}


def test_a_year_without_a_decree_waits_until_it_has_begun(session: Session) -> None:
    load.load(session, date(2090, 5, 1))
    assert {day.year for day in session.scalars(select(DayOff.day))} == {2090}


def test_a_day_off_that_the_office_moved_does_not_come_back(session: Session) -> None:
    load.load(session, TODAY)
    moved = session.scalars(select(DayOff).where(DayOff.day == date(2026, 12, 24))).one()
    moved.day = date(2026, 12, 28)
    load.load(session, TODAY)
    assert date(2026, 12, 24) not in set(session.scalars(select(DayOff.day)))


def test_monitoring_steps_over_christmas(session: Session) -> None:
    load.load(session, TODAY)
    days_off = set(session.scalars(select(DayOff.day)))
    assert monitoring_dates(date(2026, 11, 24), days_off)[0] == date(2026, 12, 28)
