"""Working days over a set of days off, and when monitoring falls due."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


def is_workday(day: date, days_off: Collection[date]) -> bool:
    """Monday to Friday, and not a day off."""
    return day.weekday() < SATURDAY and day not in days_off


def next_workday(day: date, days_off: Collection[date]) -> date:
    """`day` itself where it is a working day, else the first one after it."""
    while not is_workday(day, days_off):
        day += DAY
    return day


def last_workday_on_or_before(day: date, days_off: Collection[date]) -> date:
    """`day` itself where it is a working day, else the last one before it."""
    while not is_workday(day, days_off):
        day -= DAY
    return day


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier), or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def monitoring_dates(termination: date, days_off: Collection[date]) -> tuple[date, date, date]:
    """When the three contacts after a termination fall due, each later than the one before.

    One, two and three months after it; the first two move to the next working day, the third to
    the last one on or before, since the service standard says "within 3 months". Where so many
    days are off that two would meet, the earlier gives way; where hardly a working day is left,
    the plain calendar holds: a victim is not left alone because of a calendar.
    """
    one, two, three = (add_months(termination, months) for months in (1, 2, 3))
    third = last_workday_on_or_before(three, days_off)
    second = _not_after(two, third - DAY, days_off)
    first = _not_after(one, second - DAY, days_off)
    return (first, second, third) if first > termination else (one, two, three)


def _not_after(due: date, latest: date, days_off: Collection[date]) -> date:
    return min(next_workday(due, days_off), last_workday_on_or_before(latest, days_off))


def workdays_after(day: date, count: int, days_off: Collection[date]) -> date:
    """The `count`-th working day after `day`, which itself does not count."""
    for _n in range(count):
        day = next_workday(day + DAY, days_off)
    return day


def workdays_before(day: date, count: int, days_off: Collection[date]) -> date:
    """The `count`-th working day before `day`, which itself does not count."""
    for _n in range(count):
        day = last_workday_on_or_before(day - DAY, days_off)
    return day
