"""The identity number: what it says, and that it warns without ever standing in the way."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.indonesia import nik
from portal.wording import speaking

WOMAN_OF_BLIMBING = "3573014203900001"  # 2 March 1990, day 2 + 40
BIRTHS = st.dates(date(1927, 1, 1), date(2026, 11, 24))


def written(born: date, sex: str, region: str = "357301") -> str:
    day = born.day + 40 * (sex == nik.WOMAN)
    return f"{region}{day:02d}{born:%m%y}0001"


@given(BIRTHS, st.sampled_from([nik.MAN, nik.WOMAN]))
def test_birth_date_and_sex_are_read_back(born: date, sex: str) -> None:
    read = nik.parse(written(born, sex), today=date(2026, 11, 24))
    assert (read.birth_date, read.sex, read.region) == (born, sex, "35.73.01")


@given(BIRTHS, st.sampled_from([nik.MAN, nik.WOMAN]))
def test_a_number_that_fits_gives_no_warning(born: date, sex: str) -> None:
    assert nik.warnings(written(born, sex), born, sex) == []


@given(BIRTHS, BIRTHS)
def test_another_birth_date_is_noticed(born: date, given_date: date) -> None:
    same_digits = f"{born:%d%m%y}" == f"{given_date:%d%m%y}"
    assert bool(nik.warnings(written(born, nik.MAN), given_date)) != same_digits


@given(st.text(), st.none() | st.dates(), st.none() | st.text())
def test_nothing_typed_ever_blocks(text: str, born: date | None, sex: str | None) -> None:
    assert all(isinstance(sentence, str) for sentence in nik.warnings(text, born, sex))


def test_an_empty_number_is_no_fault() -> None:
    assert nik.warnings("  ") == []


def test_blanks_dots_and_hyphens_between_digits_are_forgiven() -> None:
    assert nik.warnings("3573.01-42 0390 0001", date(1990, 3, 2), nik.WOMAN) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("357301420390000", "16 angka, yang diisi 15"),
        ("35730142O3900001", "hanya berisi angka"),
        ("3573013113900001", "tidak mungkin"),
        ("3573013202900001", "tidak mungkin"),
        ("9901014203900001", "Kode wilayah 99.01.01"),
        ("3500014203900001", "Kode wilayah 35.00.01"),
    ],
)
def test_each_fault_has_its_sentence(number: str, said: str) -> None:
    assert said in " ".join(nik.warnings(number))


def test_a_woman_entered_as_a_man_is_noticed() -> None:
    assert "perempuan" in nik.warnings(WOMAN_OF_BLIMBING, sex="laki_laki")[0]


def test_an_unknown_sex_contradicts_nothing() -> None:
    assert nik.warnings(WOMAN_OF_BLIMBING, sex="tidak_diketahui") == []


def test_the_birth_of_a_child_lies_in_this_century_and_of_the_old_in_the_last() -> None:
    today = date(2026, 11, 24)
    assert nik.parse("3573012411260001", today).birth_date == date(2026, 11, 24)
    assert nik.parse("3573012511260001", today).birth_date == date(1926, 11, 25)


def test_parsing_what_is_no_number_says_why() -> None:
    with pytest.raises(ValueError, match="16 angka"):
        nik.parse("123")


def test_it_speaks_the_language_in_force() -> None:
    with speaking("en"):
        assert nik.warnings("123")
