"""Walking through the front door without a browser: forms with the tokens of their page."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.cast import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')


def csrf_token(html: str) -> str:
    """The token in the first form of a page; AssertionError where there is none."""
    found = TOKEN.search(html)
    assert found, "the page has no form with a token"
    return found.group(1)


def send(client: FlaskClient, path: str, to: str | None = None, **fields: Any) -> TestResponse:
    """Open the page at `path`, then post `fields` with its token to `to` (default: `path`)."""
    page = client.get(path)
    assert page.status_code == 200, f"{path}: {page.status_code}"
    data = {"csrf_token": csrf_token(page.text)} | fields
    return client.post(to or path, data=data)


def signed_in(app: Flask, username: str, password: str = PASSWORD) -> FlaskClient:
    """A client of the officer with this user name, through the sign-in page."""
    client = app.test_client()
    answer = send(client, "/masuk", username=username, password=password)
    assert answer.status_code == 302, f"{username} could not sign in"
    return client
