"""Numbers in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.indonesia.terbilang import LARGEST, ONES, SCALES, terbilang

NUMBERS = st.integers(0, LARGEST) | st.integers(0, 10000)


def read(words: list[str]) -> int:
    """The number that words mean, from its largest scale down: the way back."""
    for size, scale in SCALES:
        if f"se{scale}" in words and scale in ("ratus", "ribu"):
            before, after = _split(words, f"se{scale}")
            if not before:
                return size + read(after)
        if scale in words:
            before, after = _split(words, scale)
            return read(before) * size + read(after)
    if words and words[-1] == "belas":
        return ONES.index(words[0]) + 10
    return ONES.index(words[0]) if words else 0


def _split(words: list[str], word: str) -> tuple[list[str], list[str]]:
    at = words.index(word)
    return words[:at], words[at + 1 :]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1000, "seribu"),
        (1100, "seribu seratus"),
        (21000, "dua puluh satu ribu"),
        (100000, "seratus ribu"),
        (1000000, "satu juta"),
        (10**12, "satu triliun"),
    ],
)
def test_numbers_as_they_are_said(number: int, words: str) -> None:
    assert terbilang(number) == words


@given(NUMBERS)
def test_the_words_mean_the_number(number: int) -> None:
    assert read(terbilang(number).split()) == number


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_has_no_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        terbilang(number)
