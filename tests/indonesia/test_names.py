"""Names are found however they were spelt, and no victim is filed twice over a letter."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.indonesia.names import TITLES, initials, matches, normalise

LETTERS = st.text("abcdefghijklmnoprstuwy", min_size=1, max_size=10)
NAMES = st.lists(LETTERS.filter(lambda word: word not in TITLES), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soekarno", "sukarno"),
        ("Djoko Soesilo", "Joko Susilo"),
        ("Tjahjo", "Cahjo"),
        ("Njoman", "Nyoman"),
        ("Sjarief", "Syarif"),
        ("Moch. Yusuf", "Muhammad Yusuf"),
        ("Mohammad Yusuf", "Muh Yusuf"),
        ("Mhd. Yusuf", "Mochammad Jusuf"),
        ("Abd. Rahman", "Abdul Rachman"),
        ("Abdoel", "Abdul"),
        ("Wahjoe", "Wahyu"),
        ("Soerjo", "Suryo"),
        ("Achmad", "Ahmad"),
        ("Akhmad", "Ahmad"),
        ("Chairil", "Khairil"),
        ("Christina", "Kristina"),
        ("Rizqi", "Rizki"),
        ("Nur'aini", "Nuraini"),
        ("Annisa", "Anisa"),
        ("José", "jose"),
        ("Bpk. H. Slamet", "Slamet"),
        ("Hj. Siti Aminah, S.Pd., M.Si", "Siti Aminah"),
        ("dr. Ratna", "Ibu Ratna"),
        ("Siti binti Ahmad", "Siti Ahmad"),
    ],
)
def test_two_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)
    assert matches(one, other) and matches(other, one)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("aminah", "Siti Aminah"),
        ("aminah siti", "Siti Aminah"),
        ("ami", "Siti Aminah"),
        ("So", "Soekarno"),
        ("Sudjon", "Soedjono"),
        ("Moham", "Muhammad"),
        ("Jus", "Yusuf"),
        ("ibu siti", "Siti Aminah"),
        ("mas", "Mas Ayu"),
    ],
)
def test_words_and_their_beginnings_find_a_name(query: str, name: str) -> None:
    assert matches(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [("minah", "Siti Aminah"), ("siti sari", "Siti Aminah"), ("", "Siti"), (" ,. ", "Siti")],
)
def test_what_no_word_begins_with_is_not_found(query: str, name: str) -> None:
    assert not matches(query, name)


@given(NAMES, st.data())
def test_every_beginning_of_every_word_finds_its_name(
    words: list[str], data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(words))
    start = word[: data.draw(st.integers(1, len(word)))]
    assert matches(start, " ".join(words))


@given(st.text())
def test_folding_twice_is_folding_once(name: str) -> None:
    once = normalise(name)
    assert normalise(" ".join(once)) == once


@given(st.text(), st.text())
def test_any_text_is_taken(query: str, name: str) -> None:
    assert matches(query, name) in (True, False)
    assert isinstance(initials(name), str)


@given(st.text())
def test_a_name_matches_itself_whatever_it_is(name: str) -> None:
    assume(normalise(name))
    assert matches(name, name)


def test_a_name_of_nothing_but_titles_is_kept() -> None:
    assert normalise("Mas") == ("mas",)


@pytest.mark.parametrize(
    ("name", "short"),
    [("Siti Aminah, S.H.", "S.A."), ("bpk Djoko", "D."), ("", ""), ("Nur'aini", "N.")],
)
def test_initials_leave_titles_out(name: str, short: str) -> None:
    assert initials(name) == short


def test_a_title_in_old_spelling_is_a_title_too():
    assert normalise("Nj. Soekarni") == normalise("Ny. Sukarni") == ("sukarni",)
