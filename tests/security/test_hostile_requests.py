"""Requests that nobody sends by accident, at every address there is, on both databases.

schemathesis makes them up from an OpenAPI description of the URL map; they are answered with a
page, a refusal or a redirect of our own, never with a crash (OWASP ASVS 5.0, 2.2.1 and 16.5.1).
Each database gets half of them, at least one to each address; `HOSTILE_EXAMPLES` asks for more.
"""

import os
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from sqlalchemy.orm import Session

from models import CaseStatus
from tests.screens.generated.desk import Desk, complete
from tests.security.openapi import described
from tests.support.cast import Cast
from tests.support.office import Office

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "2"))
ANSWERED = {200, 302, 303, 400, 401, 403, 404, 405, 409, 410, 413, 422, 429}
HOSTILE = (
    *("\0", "%", "'--", "1 OR 1=1", "../../etc/passwd", "\ud7ff", "\U0001f9ff" * 50, "9" * 30),
    *("-1", "1e9", "\u0663", "<script>", "{{7*7}}", "//evil.example", "https://evil.example"),
    *("\r\nSet-Cookie: a=b", "A" * 9000, "[]", "null", "35.73", "2026-02-31", "\ufeff=1+1"),
)


@pytest.fixture
def office(session: Session, cast: Cast) -> Office:
    """Something of everything, so that ids lead somewhere."""
    office = Office(session, cast)
    office.report()
    office.case()
    office.case(CaseStatus.monitoring)
    complete(session, cast)
    session.commit()
    return office


class Attacker:
    """An officer whose browser sends what schemathesis makes up, with a valid token."""

    def __init__(self, app: Flask, username: str) -> None:
        self.app, self.username = app, username
        self.desk = Desk(app, username)

    def send(self, case: Any) -> int:
        """The status of the answer; signed in again if the request signed out."""
        arguments: dict[str, Any] = {"query_string": _flat(case.query), "buffered": True}
        if case.method == "POST":
            body = case.body if isinstance(case.body, dict) else {}
            arguments["data"] = {**_flat(body), "csrf_token": self.desk.token()}
        answer = self.desk.client.open(case.formatted_path, method=case.method, **arguments)
        _leads_to_ourselves(answer)
        if answer.status_code in (302, 303) and "/masuk" in answer.headers["Location"]:
            self.desk = Desk(self.app, self.username)
        # A channel that is off says so, and whoever delivers tries again later.
        off = case.formatted_path == "/webhook/whatsapp" and answer.status_code == 503
        return 404 if off else int(answer.status_code)


def _flat(values: Any) -> dict[str, Any]:
    """As a browser would write them: lists as several values, everything else as text."""
    pairs = values.items() if isinstance(values, dict) else ()
    return {
        _text(name): [_text(one) for one in value] if isinstance(value, list) else _text(value)
        for name, value in pairs
    }


def _text(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode()


def _leads_to_ourselves(answer: Any) -> None:
    """No redirect leaves the portal, whatever was asked, but for the neutral page."""
    location = urlsplit(answer.headers.get("Location", ""))
    assert location.netloc in ("", "localhost", "www.bmkg.go.id"), location


def _operations(app: Flask) -> list[Any]:
    schema = schemathesis.openapi.from_dict(described(app))
    return [one.ok() for one in schema.get_all_operations()]


def _requests(operation: Any) -> st.SearchStrategy[Any]:
    """What fits the description, what does not, and what attackers have always tried."""
    valid = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    fitting = [valid, valid.flatmap(_spoilt)]
    if operation.query or operation.body:
        fitting.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    return st.one_of(fitting)


def _spoilt(case: Any) -> st.SearchStrategy[Any]:
    """One of the values replaced by something hostile."""

    def spoil(choice: tuple[int, str]) -> Any:
        place, value = choice
        for values in (case.body, case.query):
            if isinstance(values, dict) and values:
                values[sorted(values)[place % len(values)]] = value
        return case

    return st.tuples(st.integers(0, 50), st.sampled_from(HOSTILE)).map(spoil)


def _made_up(app: Flask) -> list[list[Any]]:
    """Some requests to every address."""
    return [_to(operation) for operation in _operations(app)]


def _to(operation: Any) -> list[Any]:
    made: list[Any] = []

    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=list(HealthCheck),
    )
    @given(_requests(operation))
    def make(case: Any) -> None:
        made.append(case)

    make()
    return made


@pytest.fixture(scope="module")
def hostile() -> list[list[Any]]:
    """The requests to each address, once made up: that takes half as long as to answer them."""
    return []


def _share(hostile: list[list[Any]], turn: int) -> list[Any]:
    """Every second request to each address; the simplest come first, so they are taken in turns."""
    shares = [made[(place + turn) % 2 :: 2] or made for place, made in enumerate(hostile)]
    return [request for share in shares for request in share]


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("database_url", "username", "turn"),
    [("sqlite", "supervisor", 0), ("postgresql", "supervisor", 1), ("postgresql", "admin", 0)],
    indirect=["database_url"],
)
def test_no_request_is_answered_with_a_crash(
    app: Flask, office: Office, hostile: list[list[Any]], username: str, turn: int
) -> None:
    hostile += [] if hostile else _made_up(app)
    requests = _share(hostile, turn)
    assert len({(one.method, one.path) for one in requests}) == len(hostile) > 250
    attacker = Attacker(app, username)
    app.testing = False
    crashed: list[str] = []
    for case in requests:
        status = attacker.send(case)
        if status not in ANSWERED:
            crashed.append(f"{status} {case.method} {case.formatted_path} {case.query} {case.body}")
    assert crashed == []
