"""The encrypted stream: what comes out is what went in, or nothing."""

import secrets
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.protection.backup.stream import (
    CHECK_BYTES,
    CHUNK,
    MAGIC,
    SALT_BYTES,
    TAG_BYTES,
    BackupError,
    Opener,
    Sealer,
)

KEY = secrets.token_bytes(32)
HEAD = len(MAGIC) + SALT_BYTES + CHECK_BYTES
WHOLE = CHUNK + TAG_BYTES


def sealed(data: bytes, pieces: int = 1) -> bytes:
    """`data` as an archive, written in so many pieces."""
    file = BytesIO()
    sealer = Sealer(file, KEY)
    step = max(1, -(-len(data) // pieces))
    for start in range(0, len(data), step):
        sealer.write(data[start : start + step])
    sealer.finish()
    return file.getvalue()


def opened(content: bytes, size: int = CHUNK) -> bytes:
    opener, found = Opener(BytesIO(content), KEY), b""
    while piece := opener.read(size):
        found += piece
    opener.finish()
    return found


sizes = st.one_of(st.integers(0, 200), st.sampled_from([CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK]))


@given(sizes, st.integers(1, 5), st.sampled_from([1000, CHUNK, 3 * CHUNK]))
def test_what_comes_out_is_what_went_in(length: int, pieces: int, size: int) -> None:
    data = secrets.token_bytes(length)
    assert opened(sealed(data, pieces), size) == data


def test_the_same_twice_looks_different() -> None:
    assert sealed(b"sama")[HEAD:] != sealed(b"sama")[HEAD:]


def chunks(content: bytes) -> list[bytes]:
    body = content[HEAD:]
    return [body[start : start + WHOLE] for start in range(0, len(body), WHOLE)]


def keeping(*numbers: int) -> Callable[[bytes], bytes]:
    """The head and these chunks, in this order."""
    return lambda content: content[:HEAD] + b"".join(chunks(content)[n] for n in numbers)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "its end cut off between two chunks": keeping(0, 1),
    "all but its beginning cut off": keeping(),
    "its first chunk left out": keeping(1, 2),
    "a chunk in the middle left out": keeping(0, 2),
    "two chunks exchanged": keeping(1, 0, 2),
    "a chunk twice": keeping(0, 1, 1, 2),
    "its end twice": keeping(0, 1, 2, 2),
    "something behind it": lambda content: content + b"\0",
    "the chunks of another archive": lambda content: (
        content[:HEAD] + sealed(b"x" * (2 * CHUNK + 5))[HEAD:]
    ),
    "the salt of another archive": lambda content: sealed(b"x")[:HEAD] + content[HEAD:],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_archive_is_refused_with(change: Callable[[bytes], bytes]) -> None:
    content = sealed(b"x" * (2 * CHUNK + 5))
    assert len(opened(content)) == 2 * CHUNK + 5
    with pytest.raises(BackupError):
        opened(change(content))


@given(st.integers(0, HEAD + 60), st.integers(0, 7))
def test_one_bit_is_enough(place: int, bit: int) -> None:
    content = bytearray(sealed(b"nama anak"))
    content[place % len(content)] ^= 1 << bit
    with pytest.raises(BackupError):
        opened(bytes(content))
