"""Working days, and the three contacts after a termination."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.indonesia.workdays import (
    add_months,
    is_workday,
    last_workday_on_or_before,
    monitoring_dates,
    next_workday,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
SATURDAY, SUNDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)


@st.composite
def terminations(draw: st.DrawFn) -> tuple[date, set[date]]:
    """A termination and days off around it, up to every single one for four months."""
    day = draw(DAYS)
    return day, {day + timedelta(n) for n in draw(st.sets(st.integers(0, 130)))}


def test_weekends_and_days_off_are_no_working_days() -> None:
    assert is_workday(MONDAY, set())
    assert not is_workday(MONDAY, {MONDAY})
    assert not is_workday(SATURDAY, set()) and not is_workday(SUNDAY, set())


def test_the_next_and_the_last_working_day_step_over_a_long_weekend() -> None:
    assert next_workday(SATURDAY, {MONDAY}) == date(2026, 11, 24)
    assert last_workday_on_or_before(MONDAY, {MONDAY}) == date(2026, 11, 20)


@given(terminations())
def test_a_working_day_is_its_own_next_and_last(case: tuple[date, set[date]]) -> None:
    day, off = case
    if is_workday(day, off):
        assert next_workday(day, off) == day == last_workday_on_or_before(day, off)
    else:
        assert last_workday_on_or_before(day, off) < day < next_workday(day, off)


def test_a_month_later_clamps_to_the_end_of_the_month() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)


@given(DAYS, st.integers(-24, 24))
def test_months_keep_the_day_or_the_last_one(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(1)).day == 1


def test_the_first_two_contacts_move_on_and_the_third_moves_back() -> None:
    # 21 November, 21 December 2026 and 21 January 2027 are Saturday, Monday, Thursday.
    assert monitoring_dates(date(2026, 10, 21), set()) == (
        date(2026, 11, 23),
        date(2026, 12, 21),
        date(2027, 1, 21),
    )
    off = {date(2026, 12, 21), date(2026, 12, 22), date(2027, 1, 21)}
    assert monitoring_dates(date(2026, 10, 21), off) == (
        date(2026, 11, 23),
        date(2026, 12, 23),
        date(2027, 1, 20),
    )


def test_a_termination_on_the_last_day_of_january_has_three_contacts() -> None:
    assert monitoring_dates(date(2026, 1, 31), set()) == (
        date(2026, 3, 2),
        date(2026, 3, 31),
        date(2026, 4, 30),
    )


@given(terminations())
def test_the_three_follow_one_another_within_three_months(case: tuple[date, set[date]]) -> None:
    day, off = case
    first, second, third = monitoring_dates(day, off)
    assert day < first < second < third <= add_months(day, 3)


@given(DAYS, st.sets(st.integers(0, 130), max_size=8))
def test_with_a_handful_of_days_off_all_three_are_working_days(day: date, gaps: set[int]) -> None:
    off = {day + timedelta(gap) for gap in gaps}
    one, two, three = (add_months(day, months) for months in (1, 2, 3))
    assert monitoring_dates(day, off) == (
        next_workday(one, off),
        next_workday(two, off),
        last_workday_on_or_before(three, off),
    )


def test_when_the_calendar_is_all_holidays_the_plain_dates_hold() -> None:
    day = date(2026, 10, 21)
    off = {day + timedelta(gap) for gap in range(200)}
    assert monitoring_dates(day, off) == tuple(add_months(day, months) for months in (1, 2, 3))
