"""Cookies on https: nobody else can read, set or carry them."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import Settings

HOST = "https://aman.example.id"


@pytest.fixture
def visitor(settings: Settings) -> FlaskClient:
    """A browser at the portal behind https."""
    return create_app(replace(settings, public_url=HOST)).test_client()


@pytest.mark.parametrize("path", ["/lapor", "/pengaduan-layanan", "/masuk"])
def test_every_cookie_is_for_this_host_over_tls_and_no_script(
    visitor: FlaskClient, reference: None, path: str
) -> None:
    cookies = visitor.get(path, base_url=HOST, follow_redirects=True).headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=", "Path=/"))
        assert "Domain=" not in cookie


def test_a_form_begun_over_https_is_taken_up_again(visitor: FlaskClient, reference: None) -> None:
    visitor.get("/lapor", base_url=HOST)
    names = {cookie.key for cookie in visitor._cookies.values()}
    assert "__Host-formulir" in names
    visitor.post("/keluar-cepat", base_url=HOST)
    assert "__Host-formulir" not in {cookie.key for cookie in visitor._cookies.values()}
