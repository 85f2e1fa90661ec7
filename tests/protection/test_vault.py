"""The key ring."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.protection.vault import Ring, VaultError, keyed_hash, new_key, new_ring

PLACE = ("person", "name", "5a0ae0e6-3ea1-4f0c-a4a5-0e1f61f5b1a2")
RING = Ring.parse(new_ring())


@given(st.binary(max_size=300), st.tuples(st.text(), st.text(), st.text()))
def test_what_was_sealed_opens_in_its_place(plaintext: bytes, place: tuple[str, ...]) -> None:
    assert RING.unseal(RING.seal(plaintext, place), place) == plaintext


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_no_two_places_are_the_same_place(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    sealed = RING.seal(b"x", one)
    if one == other:
        assert RING.unseal(sealed, other) == b"x"
    else:
        with pytest.raises(VaultError):
            RING.unseal(sealed, other)


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert RING.seal(b"Siti", PLACE) != RING.seal(b"Siti", PLACE)


@given(st.data())
def test_one_changed_byte_is_noticed_wherever_it_is(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(b"Siti Aminah", PLACE))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VaultError):
        RING.unseal(bytes(sealed), PLACE)


@given(st.binary(max_size=60))
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(VaultError):
        RING.unseal(rubbish, PLACE)


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    old_text = new_ring()
    old = Ring.parse(old_text)
    rotated = Ring.parse(f"{new_key('k2')},{old_text}")
    sealed = old.seal(b"Siti", PLACE)
    assert rotated.unseal(sealed, PLACE) == b"Siti"
    assert rotated.key_id == "k2"
    assert not rotated.is_current(sealed)
    assert rotated.is_current(rotated.seal(b"Siti", PLACE))


@pytest.mark.parametrize(
    "text",
    [new_ring(), new_key("k1"), f"{new_key('k2')},{new_key('k1')}"],
    ids=["with root", "one key", "two keys"],  # not the random keys: workers must agree on names
)
def test_receipts_outlive_a_rotation(text: str) -> None:
    rotated = Ring.parse(f"{new_key('k9')},{text}")
    assert rotated.derive("receipt") == Ring.parse(text).derive("receipt")


def test_each_purpose_has_its_own_secret() -> None:
    assert len({RING.derive(purpose) for purpose in ("receipt", "draft", "anchor")}) == 3


def test_without_its_key_nothing_opens() -> None:
    with pytest.raises(VaultError, match="not on the ring"):
        Ring.parse(new_key("k2")).unseal(Ring.parse(new_key("k1")).seal(b"x", PLACE), PLACE)
    with pytest.raises(VaultError, match="altered"):
        Ring.parse(new_key("k1")).unseal(Ring.parse(new_key("k1")).seal(b"x", PLACE), PLACE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "k1",
        "k1:",
        ":QUJD",
        "k1:not base64",
        "k1:QUJD",
        pytest.param(new_key("root"), id="root alone"),
        pytest.param(f"{new_key('k1')},{new_key('k1')}", id="one name twice"),
        pytest.param(new_key("k" * 256), id="long name"),
    ],
)
def test_a_ring_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(VaultError):
        Ring.parse(text)


def test_a_ring_does_not_show_its_keys() -> None:
    text = new_ring()
    assert repr(Ring.parse(text)) == "Ring(k1, root)"


def test_a_keyed_hash_tells_equal_texts_of_one_purpose() -> None:
    assert keyed_hash("receipt", "ABCD") == keyed_hash("receipt", "ABCD")
    assert keyed_hash("receipt", "ABCD") != keyed_hash("receipt", "ABCE")
    assert keyed_hash("receipt", "ABCD") != keyed_hash("draft", "ABCD")
