"""Telephone numbers: kept in one form, shown as they are dialled here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.indonesia import phone

SUBSCRIBERS = st.from_regex(r"8(1[1-9]|5[1-9]|9[5-9])[0-9]{7,9}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812 3456 7890", "+6281234567890"),
        ("0812-3456-78901", "+62812345678901"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("62812 3456 7890", "+6281234567890"),
        ("0062 812 3456 7890", "+6281234567890"),
        (" (0341) 717744 ", "+62341717744"),
        ("+60123456789", "+60123456789"),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert phone.normalise(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "112", "0812", "0812 3456 7890 1234", "0800FLOWERS", "1" * 5000, "\x00", "٠"]
)
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="Contoh"):
        phone.normalise(typed)


@given(SUBSCRIBERS, st.sampled_from(["0", "+62", "62", "0062"]))
def test_mobile_numbers_of_10_to_13_digits_are_valid_however_begun(rest: str, start: str) -> None:
    assert phone.normalise(start + rest) == f"+62{rest}"


@given(SUBSCRIBERS)
def test_what_is_shown_can_be_typed_again(rest: str) -> None:
    assert phone.normalise(phone.display(f"+62{rest}")) == f"+62{rest}"


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        kept = phone.normalise(text)
    except ValueError:
        return
    assert kept.startswith("+") and phone.normalise(kept) == kept


def test_numbers_abroad_are_shown_with_their_country() -> None:
    assert phone.display("+6281234567890") == "0812-3456-7890"
    assert phone.display("+60123456789").startswith("+60")


def test_what_is_no_number_is_shown_as_it_is() -> None:
    assert phone.display("disembunyikan") == "disembunyikan"


@given(SUBSCRIBERS)
def test_of_a_masked_number_enough_is_left_to_tell_it_from_others(rest: str) -> None:
    shown = phone.masked(f"+62{rest}")
    assert "".join(filter(str.isdigit, shown)) == f"0{rest}"[:4] + rest[-3:]


def test_of_a_short_number_nothing_is_shown() -> None:
    assert phone.masked("112") == "xxx" and phone.masked("disembunyikan") == "disembunyikan"
