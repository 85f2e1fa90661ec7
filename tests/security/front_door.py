"""A browser at the front door, without a window: what an officer, or somebody else, does there."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.cast import PASSWORD
from tests.support.visitors import csrf_token

SECRET = re.compile(r"<code>([A-Z2-7 ]{39})</code>")
CODES = re.compile(r"<li><code>([0-9A-Z-]{16})</code></li>")


class Clock:
    """The time, and somewhat more."""

    def __init__(self) -> None:
        self.more = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.more

    def forward(self, **more: float) -> None:
        """Let time pass."""
        self.more += timedelta(**more)


class Someone:
    """One browser; it carries the token of the page it last saw."""

    def __init__(self, app: Flask, clock: Clock | None = None, https: bool = False) -> None:
        self.client: FlaskClient = app.test_client()
        self.clock = clock or Clock()
        self.base = "https://localhost" if https else "http://localhost"
        self.secret = ""
        self.codes: list[str] = []
        self.tokens: dict[str, str] = {}

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=self.base, **more)

    def post(self, path: str, page: str = "/masuk", **fields: str) -> TestResponse:
        """Send a form with the token of `page`, as a page of the portal would."""
        if self.cookie() not in self.tokens:  # a token serves the whole session
            token = csrf_token(self.get(page, follow_redirects=True).text)
            self.tokens[self.cookie()] = token
        headers = {"Referer": f"{self.base}{page}", "Sec-Fetch-Site": "same-origin"}
        data = {"csrf_token": self.tokens[self.cookie()]} | fields
        return self.client.post(path, data=data, base_url=self.base, headers=headers)

    def password(
        self, username: str = "konselor", password: str = PASSWORD, **query: str
    ) -> TestResponse:
        """The first step of signing in."""
        path = "/masuk" + "".join(f"?{name}={value}" for name, value in query.items())
        return self.post(path, username=username, password=password)

    def sign_in(self, username: str = "konselor") -> "Someone":
        """In, without a second step."""
        assert self.password(username).location == "/admin/"
        return self

    def make_sure(self) -> None:
        """Prove again who one is."""
        fields = {"password": PASSWORD} | ({"code": self.code()} if self.secret else {})
        answer = self.post("/masuk/pastikan", "/masuk/pastikan", **fields)
        assert answer.status_code == 303, answer.text

    def enrol_app(self) -> TestResponse:
        """Get a code app as second factor; the answer shows the recovery codes."""
        found = SECRET.search(self.get("/masuk/faktor/aplikasi").text)
        assert found
        self.secret = found[1].replace(" ", "")
        path = "/masuk/faktor/aplikasi"
        answer = self.post(path, path, code=self.code())
        self.codes = CODES.findall(answer.text)
        return answer

    def code(self, steps: int = 0) -> str:
        """What the app shows now, or so many half minutes later."""
        return pyotp.TOTP(self.secret).at(self.clock() + timedelta(seconds=30 * steps))

    def cookie(self) -> str:
        """The session, as this browser holds it."""
        name = "__Host-sesi" if self.base.startswith("https") else "sesi"
        found = self.client.get_cookie(name, domain="localhost")
        return found.value if found else ""

    def is_in(self) -> bool:
        """Whether the officers' side is open."""
        return self.get("/admin/").status_code == 200
