"""What a server elsewhere answers, read no further and no longer than it may be."""

import time

import httpx


def whole(answer: httpx.Response, most: int, seconds: float) -> bytes:
    """The body of a streamed answer. Raises httpx.HTTPError beyond `most` bytes, and where it
    comes so slowly that `seconds` pass: the timeouts of httpx hold for each piece alone."""
    found, end = bytearray(), time.monotonic() + seconds
    for piece in answer.iter_bytes():
        found += piece
        if len(found) > most:
            raise httpx.DecodingError("too large")
        if time.monotonic() > end:
            raise httpx.ReadTimeout("too slow")
    return bytes(found)
