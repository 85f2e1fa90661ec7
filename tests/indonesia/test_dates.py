"""Dates, times and ages as people read them, and the groups they are counted in."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.indonesia import dates
from portal.wording import speaking

REFERENCE = Path(__file__).parents[2] / "seed" / "reference"
DAY = date(2026, 11, 24)
AFTERNOON = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
DAWN = AFTERNOON.replace(year=1970, tzinfo=None)
TIMES = st.datetimes(DAWN, DAWN.replace(year=2100), timezones=st.just(UTC))


def codes(name: str) -> set[str]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file)}


def test_dates_are_written_out_in_indonesian() -> None:
    assert dates.long_date(DAY) == "24 November 2026"
    assert dates.weekday_date(DAY) == "Selasa, 24 November 2026"
    assert dates.month_year(date(2026, 8, 1)) == "Agustus 2026"
    assert dates.short_date(DAY) == "24/11/2026"


def test_dates_follow_the_language_in_force() -> None:
    with speaking("en"):
        assert dates.weekday_date(DAY) == "Tuesday, 24 November 2026"
        assert dates.month_year(date(2026, 8, 1)) == "August 2026"


def test_times_are_shown_in_western_indonesia_time() -> None:
    assert dates.moment(AFTERNOON) == "24 November 2026 pukul 14.05 WIB"
    assert dates.clock_time(AFTERNOON) == "14.05 WIB"


def test_the_evening_in_utc_is_the_next_day_in_malang() -> None:
    assert dates.local_date(datetime(2026, 11, 24, 17, 0, tzinfo=UTC)) == date(2026, 11, 25)
    assert dates.local_date(datetime(2026, 11, 24, 16, 59, tzinfo=UTC)) == DAY


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        dates.moment(DAWN)


@given(TIMES)
def test_every_moment_lies_in_its_local_day(utc: datetime) -> None:
    start = dates.start_of_day_utc(dates.local_date(utc))
    assert start <= utc < start + timedelta(days=1)
    assert start.tzinfo is UTC


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        ("hari", "24 November 2026"),
        ("bulan", "November 2026"),
        ("tahun", "2026"),
        ("tidak_diketahui", "tidak diketahui"),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_is_known(precision: str, shown: str) -> None:
    assert dates.date_as_known(DAY, precision) == shown


def test_a_date_that_was_not_given_is_unknown() -> None:
    assert dates.date_as_known(None, "hari") == "tidak diketahui"


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(-5, "0 menit"), (0, "0 menit"), (95, "95 menit"), (120, "2 jam"), (2880, "2 hari")],
)
def test_a_duration_is_told_in_full_units(minutes: int, shown: str) -> None:
    assert dates.duration(timedelta(minutes=minutes)) == shown


def test_a_duration_in_english_knows_its_plural() -> None:
    with speaking("en"):
        assert dates.duration(timedelta(minutes=1)) == "1 minute"
        assert dates.duration(timedelta(minutes=3)) == "3 minutes"


def test_months_are_numbered_in_roman_digits() -> None:
    assert [dates.roman_month(date(2026, month, 1)) for month in (1, 4, 9, 12)] == [
        "I",
        "IV",
        "IX",
        "XII",
    ]


def test_age_turns_on_the_birthday() -> None:
    born = date(2008, 11, 25)
    assert dates.age_on(born, date(2026, 11, 24)) == 17
    assert dates.age_on(born, date(2026, 11, 25)) == 18
    assert dates.is_child(17) and not dates.is_child(18)


def test_nobody_is_harmed_before_being_born() -> None:
    with pytest.raises(ValueError, match="Tanggal lahir"):
        dates.age_on(DAY, DAY - timedelta(days=1))


@given(st.dates(date(1900, 1, 1), DAY), st.integers(0, 40000))
def test_age_never_falls_as_time_passes(born: date, days: int) -> None:
    later = born + timedelta(days)
    assert 0 <= dates.age_on(born, later) <= dates.age_on(born, later + timedelta(days=1))


@pytest.mark.parametrize(
    ("age", "group"),
    [
        *((0, "0_5"), (5, "0_5"), (6, "6_12"), (12, "6_12"), (13, "13_17"), (17, "13_17")),
        *((18, "18_24"), (24, "18_24"), (25, "25_44"), (44, "25_44"), (45, "45_59")),
        *((59, "45_59"), (60, "60_plus"), (120, "60_plus"), (None, "tidak_diketahui")),
    ],
)
def test_age_groups_are_those_of_simfoni(age: int | None, group: str) -> None:
    assert dates.age_group(age) == group


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        *((0, "0_3_hari"), (3, "0_3_hari"), (4, "4_5_hari"), (5, "4_5_hari"), (6, "6_14_hari")),
        *((14, "6_14_hari"), (15, "15_30_hari"), (30, "15_30_hari"), (31, "1_3_bulan")),
        *((90, "1_3_bulan"), (91, "lebih_3_bulan"), (None, "tidak_diketahui")),
    ],
)
def test_delays_do_not_overlap(days: int | None, bucket: str) -> None:
    assert dates.reporting_delay(days) == bucket


@given(st.integers(-5, 40000))
def test_every_number_falls_into_a_group_of_the_lists(number: int) -> None:
    if number < 0:
        with pytest.raises(ValueError, match="below zero"):
            dates.age_group(number)
    else:
        assert dates.age_group(number) in codes("age_group")
        assert dates.reporting_delay(number) in codes("reporting_delay")
