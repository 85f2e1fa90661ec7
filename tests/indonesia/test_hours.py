"""Office hours as they are written, and the time that counts within them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from portal.indonesia.dates import WIB
from portal.indonesia.hours import Always, Calendar, parse

WEEK = parse(
    "Senin-Kamis 08.00-16.00, istirahat 12.00-13.00\nJumat 07.30-14.30, istirahat 11.30-13.00"
)
OFFICE = Calendar(WEEK, frozenset({date(2026, 3, 19)}))  # Nyepi, a Thursday
MINUTE = timedelta(minutes=1)
moments = st.integers(0, 60 * 24 * 60).map(
    lambda minutes: datetime(2026, 2, 20, tzinfo=UTC) + timedelta(minutes=minutes)
)
lengths = st.timedeltas(timedelta(0), timedelta(hours=60))
countings = st.sampled_from([Always(), OFFICE, Calendar(parse("Sabtu 09.00-21.00"))])


def at(day, hour, minute=0):
    """A moment of March 2026 in Malang; the second is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=WIB)


@pytest.mark.parametrize(
    ("begins", "ends", "minutes"),
    [
        (at(2, 9), at(2, 9, 31), 31),
        (at(2, 11, 50), at(2, 13, 10), 20),  # lunch
        (at(2, 12, 5), at(2, 12, 55), 0),
        (at(2, 15, 50), at(3, 8, 10), 20),  # the night
        (at(6, 14, 20), at(9, 8, 5), 15),  # a weekend
        (at(18, 15, 45), at(20, 7, 45), 30),  # a holiday between
        (at(1, 0), at(2, 0), 0),  # a Sunday
        (at(2, 10), at(2, 9), 0),  # the wrong way round
    ],
)
def test_only_open_hours_count(begins, ends, minutes):
    assert OFFICE.between(begins, ends) == minutes * MINUTE


def test_day_and_night_every_minute_counts():
    assert Always().between(at(1, 23, 50), at(2, 0, 20)) == 30 * MINUTE


def test_the_end_falls_into_the_next_open_hours():
    assert OFFICE.after(at(6, 14, 10), 30 * MINUTE) == at(9, 8, 10)
    assert OFFICE.after(at(1, 3), 30 * MINUTE) == at(2, 8, 30)


def test_the_office_is_closed_at_lunch_and_open_until_the_last_minute():
    assert [OFFICE.is_open(at(2, *when)) for when in ((7, 59), (8,), (12,), (13,), (16,))] == [
        *(False, True, False, True, False)
    ]


@settings(max_examples=60)
@example(OFFICE, at(1, 3), at(2, 8, 30), 30 * MINUTE)  # came while closed, just the limit
@example(OFFICE, at(2, 12, 10), at(2, 13, 30), 30 * MINUTE)
@example(OFFICE, at(6, 14), at(6, 20), 30 * MINUTE)
@given(countings, moments, moments, lengths)
def test_late_is_the_same_by_the_row_and_by_the_list(counting, begins, now, limit):
    """`before` is what lists compare with; `between` is what a row shows."""
    assume(begins <= now)
    assert (begins < counting.before(now, limit)) == (counting.between(begins, now) > limit)


@settings(max_examples=60)
@given(countings, moments, lengths)
def test_after_a_length_that_length_has_counted(counting, begins, length):
    ends = counting.after(begins, length)
    assert ends >= begins
    assert counting.between(begins, ends) == length


@settings(max_examples=60)
@given(countings, st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_time_adds_up_and_never_runs_backwards(counting, three):
    first, second, third = three
    parts = counting.between(first, second) + counting.between(second, third)
    assert counting.between(first, third) == parts
    assert timedelta(0) <= parts <= third - first


@settings(max_examples=60)
@given(countings, moments, lengths, lengths)
def test_a_pause_moves_the_beginning_by_what_it_lasted(counting, begins, before, lasted):
    """The pause of a report: from then on the rest counts as if it had come later."""
    pauses = counting.after(begins, before)
    resumes = counting.after(pauses, lasted)
    moved = counting.after(begins, lasted)
    assert counting.between(moved, resumes) == counting.between(begins, pauses)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "sedikitnya satu hari"),
        ("Senin", "tidak terbaca"),
        ("Senen 08.00-16.00", "tidak dikenal"),
        ("Jumat-Senin 08.00-16.00", "tidak dikenal"),
        ("Senin 16.00-08.00", "berakhir sebelum"),
        ("Senin 8-16", "tidak terbaca"),
        ("Senin 08.00-24.00", "tidak terbaca"),
        ("Senin 08.00-16.00, makan 12.00-13.00", "tidak terbaca"),
        ("Senin 08.00-16.00, istirahat 07.00-13.00", "di dalam jam kerja"),
        ("Senin-Rabu 08.00-16.00\nRabu 08.00-12.00", "disebut dua kali"),
    ],
)
def test_hours_that_cannot_be_read_say_what_is_wrong(text, says):
    with pytest.raises(ValueError, match=says):
        parse(text)


def test_hours_are_read_in_the_usual_spellings():
    assert parse("senin – kamis 8:00–16:00, Istirahat 12:00-13:00; JUMAT 07.30-14.30") == parse(
        "Senin-Kamis 08.00-16.00, istirahat 12.00-13.00\nJumat 07.30-14.30"
    )


@settings(max_examples=60)
@given(st.text(alphabet="Senin-Kamis 0123456789.:,\nistirahat", max_size=60))
def test_whatever_is_typed_is_read_or_refused(text):
    try:
        week = parse(text)
    except ValueError as error:
        assert str(error)
    else:
        assert any(week)
