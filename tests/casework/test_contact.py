"""Safe contact: what was never asked is not allowed, and a closed window is closed."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models import SafeContact
from portal.casework import contact
from portal.indonesia import dates

MONDAY_TEN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # 10.00 in Malang
MOMENTS = st.datetimes(timezones=st.just(UTC))
CHANNELS = st.sampled_from([*contact.CHANNELS, "telegram"])


def agreed(**columns: object) -> SafeContact:
    return SafeContact(**({"channel": "telepon", "days": []} | columns))


@given(channel=CHANNELS, at=MOMENTS)
def test_nothing_agreed_means_nothing_allowed_but_waiting(channel: str, at: datetime) -> None:
    assert contact.allowed(None, channel, at) is (channel == contact.FETCHED)


@given(chosen=CHANNELS, channel=CHANNELS, at=MOMENTS)
def test_only_the_chosen_channel_is_allowed(chosen: str, channel: str, at: datetime) -> None:
    allowed = contact.allowed(agreed(channel=chosen), channel, at)
    assert allowed is (channel in (chosen, contact.FETCHED))


@pytest.mark.parametrize(("channel", "column"), contact.TO_THE_HOME.items())
@pytest.mark.parametrize("answer", [True, False, None])
def test_home_is_reached_only_with_a_yes(channel: str, column: str, answer: bool | None) -> None:
    assert contact.allowed(agreed(**{column: answer}), channel, MONDAY_TEN) is (answer is True)


@pytest.mark.parametrize(
    ("days", "start", "end", "allowed"),
    [
        ([], None, None, True),
        (["senin"], None, None, True),
        (["selasa"], None, None, False),
        ([], time(9), time(11), True),
        ([], time(10), time(10), True),
        ([], time(11), time(15), False),
        ([], time(22), time(6), False),
        ([], time(22), time(11), True),
        ([], None, time(9), False),
        ([], time(9), None, True),
    ],
)
def test_the_window_is_kept_in_local_time(
    days: list[str], start: time | None, end: time | None, allowed: bool
) -> None:
    window = agreed(days=days, from_time=start, until_time=end)
    assert contact.allowed(window, "telepon", MONDAY_TEN) is allowed


@given(start=st.times(), end=st.times(), at=MOMENTS)
def test_a_window_and_the_one_turned_round_are_never_both_closed(
    start: time, end: time, at: datetime
) -> None:
    assume(start != end)
    windows = [(start, end), (end, start)]
    open_now = [
        contact.allowed(agreed(from_time=first, until_time=last), "telepon", at)
        for first, last in windows
    ]
    assert any(open_now)


def test_an_obstacle_says_what_was_agreed() -> None:
    window = agreed(days=["selasa"], from_time=time(9), until_time=time(12))
    (sentence,) = contact.obstacles(window, "telepon", MONDAY_TEN)
    assert "Selasa" in sentence
    assert "09.00\u201312.00 WIB" in sentence


def test_the_sentences_say_all_that_was_agreed() -> None:
    told = " ".join(
        contact.sentences(
            agreed(
                address="+628123456789",
                code_word="melati",
                shared_phone=True,
                who_may_answer="kakak, Siti",
                letter_allowed=False,
                visit_allowed=True,
                notes="Jangan malam hari",
            )
        )
    )
    for part in ("0812-3456-789", "melati", "dipakai bersama", "kakak, Siti", "Surat tidak boleh"):
        assert part in told
    for part in ("Petugas boleh datang", "Jangan malam hari"):
        assert part in told


def test_an_unasked_contact_says_so() -> None:
    assert contact.sentences(None) == ["Cara menghubungi yang aman belum ditanyakan."]


def test_the_days_begin_on_monday() -> None:
    monday = dates.local(MONDAY_TEN)
    assert contact.DAY_CODES[monday.weekday()] == "senin"
