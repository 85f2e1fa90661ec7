"""Receipts: 80 bits that only the reporter keeps."""

import re

from hypothesis import given
from hypothesis import strategies as st

from portal.casework import receipts

TOKENS = st.text(min_size=1, max_size=60)


@given(TOKENS)
def test_a_code_is_four_groups_without_look_alikes(token: str) -> None:
    code = receipts.code_for(token)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)


@given(TOKENS)
def test_the_same_form_gives_the_same_code(token: str) -> None:
    assert receipts.code_for(token) == receipts.code_for(token)
    assert receipts.opens(receipts.code_hash(receipts.code_for(token)), receipts.code_for(token))


@given(st.sets(TOKENS, min_size=2, max_size=20))
def test_other_forms_give_other_codes(tokens: set[str]) -> None:
    assert len({receipts.code_for(token) for token in tokens}) == len(tokens)


@given(TOKENS, st.text(max_size=200))
def test_no_other_text_opens_it(token: str, text: str) -> None:
    code = receipts.code_for(token)
    same = receipts.normalised(text) == receipts.normalised(code)
    assert receipts.opens(receipts.code_hash(code), text) is same


@given(st.text(max_size=200))
def test_nothing_opens_what_has_no_code(text: str) -> None:
    assert not receipts.opens(None, text)


@given(TOKENS)
def test_every_bit_of_the_alphabet_is_used(token: str) -> None:
    digits = receipts.normalised(receipts.code_for(token))
    number = 0
    for letter in digits:
        number = number << 5 | receipts.ALPHABET.index(letter)
    assert len(digits) == receipts.LENGTH
    assert number.bit_length() <= 80


def test_codes_fill_the_whole_space() -> None:
    letters = [receipts.normalised(receipts.code_for(str(n))) for n in range(200)]
    for place in range(receipts.LENGTH):
        assert len({code[place] for code in letters}) > 25
