"""What becomes of characters on their way to paper."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from portal.letters.text import families, legible, legible_content


def test_ordinary_text_is_printed_as_it_was_typed() -> None:
    assert legible("Ia berkata: “Jangan…” – 50% ½ é") == "Ia berkata: “Jangan…” – 50% ½ é"


def test_a_character_that_no_font_has_leaves_a_visible_place() -> None:
    assert legible("a漢b") == "a[?]b"


def test_what_is_invisible_by_nature_is_left_out() -> None:
    assert legible("a\x00b\u202ec\u200d\ufeffd\u2066e") == "abcde"


def test_a_family_of_emoji_becomes_its_members_and_skin_stays_uncoloured() -> None:
    assert legible("👨\u200d👩\u200d👧 👍🏽 ❤\ufe0f") == "👨👩👧 👍 ❤"


def test_every_kind_of_line_break_is_one() -> None:
    assert legible("a\r\nb\rc\u2028d\x85e\x0bf") == "a\nb\nc\nd\ne\nf"


def test_letters_with_accents_apart_are_put_together() -> None:
    assert legible("e\u0301") == "é"


def test_lone_halves_of_characters_do_not_break_anything() -> None:
    assert legible("a\ud800b") == "a[?]b"


def test_only_the_families_that_are_needed_are_named() -> None:
    assert families("Wati & Budi\n") == []
    assert families("😭 محمد") == ["arab", "emoji"]


def test_numbers_and_keys_of_a_content_stay_as_they_are() -> None:
    assert legible_content({"a\x00": ["漢", 3, None]}) == {"a\x00": ["[?]", 3, None]}


@given(st.text())
def test_legible_text_stays_legible(text: str) -> None:
    once = legible(text)
    assert legible(once) == once
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in once)
