"""A time-stamp authority (RFC 3161), asked over HTTP: it learns a fingerprint, never a letter."""

from typing import Any

import httpx
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from portal.letters import answers

PATIENCE = httpx.Timeout(10.0, connect=5.0)
LONGEST = 20.0  # seconds until an answer has come
LARGEST = 64_000  # bytes; a token with its chain of certificates takes six thousand
ASKED = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class Stamper(TimeStamper):
    """The authority at one address. No redirect is followed, no proxy of the environment asked."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer; TimestampRequestError without one."""
        try:
            status, answer = self._asked(req.dump())
            if status != 200:
                raise TimestampRequestError("no time stamp")
            return _read(answer)
        except httpx.HTTPError as error:
            raise TimestampRequestError("no answer") from error

    def _asked(self, query: bytes) -> tuple[int, bytes]:
        with (
            httpx.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False) as line,
            line.stream("POST", self.address, content=query, headers=ASKED) as answer,
        ):
            return answer.status_code, answers.whole(answer, LARGEST, LONGEST)


def _read(data: bytes) -> Any:
    try:
        found = tsp.TimeStampResp.load(data, strict=True)
        granted = found["status"]["status"].native == "granted"
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampRequestError("no time stamp") from error
    if not granted:
        raise TimestampRequestError("refused")
    return found
