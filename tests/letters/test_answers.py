"""A service that answers too much, or a drop at a time, holds nobody up."""

import time
from collections.abc import Iterator

import httpx
import pytest

from portal.letters import answers


def coming(*pieces: bytes, pause: float = 0.0) -> httpx.Response:
    """An answer that comes in pieces."""

    def body() -> Iterator[bytes]:
        for piece in pieces:
            time.sleep(pause)
            yield piece

    return httpx.Response(200, content=body())


def test_an_answer_is_read_whole_and_no_further_than_it_may_be() -> None:
    assert answers.whole(coming(b"ab", b"cd"), 4, 5) == b"abcd"
    with pytest.raises(httpx.HTTPError, match="too large"):
        answers.whole(coming(b"ab", b"cd", b"e"), 4, 5)


def test_a_drop_at_a_time_is_given_up() -> None:
    with pytest.raises(httpx.HTTPError, match="too slow"):
        answers.whole(coming(*[b"a"] * 9, pause=0.02), 100, 0.05)
