"""The web defences, asked from outside."""

import logging
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.config import Settings
from portal.protection.logs import Discreet, configure_logging, told
from portal.protection.parameters import clean
from tests.support import small_app


@pytest.fixture
def app(settings: Settings) -> Flask:
    return small_app.make(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _token(client: FlaskClient) -> str:
    return client.get("/token").text


# --- headers --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/masuk", "/admin/", "/nowhere", "/crash", "/?x=%00"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "base-uri 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_fingerprinted_assets_may_be_kept_and_others_not_for_long(client: FlaskClient) -> None:
    assert "immutable" in client.get("/static/admin/admin.css?v=1").headers["Cache-Control"]
    assert "immutable" not in client.get("/static/admin/admin.css").headers["Cache-Control"]
    assert "immutable" not in client.get("/static/none.css?v=1").headers.get("Cache-Control", "")


def test_on_https_cookies_are_secure_and_browsers_are_told_to_stay(settings: Settings) -> None:
    secure = replace(settings, public_url="https://ruangaman.example.id")
    answer = (
        small_app.make(secure).test_client().get("/token", base_url="https://ruangaman.example.id")
    )
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax"))


def test_cookies_are_for_the_server_alone(client: FlaskClient) -> None:
    cookie = client.get("/token").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_another_host_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/", base_url="http://evil.example").status_code == 400


# --- forged and late forms ------------------------------------------------------------------


def test_a_form_without_its_token_is_refused_with_advice(client: FlaskClient) -> None:
    answer = client.post("/", data={"text": "halo"})
    assert answer.status_code == 400
    assert "kedaluwarsa" in answer.text and "tombol kembali" in answer.text


def test_a_form_with_its_token_passes(client: FlaskClient) -> None:
    answer = client.post("/", data={"text": "halo", "csrf_token": _token(client)})
    assert answer.text == "halo"


# --- hostile parameters ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [",", "x", "-1", "1.5", "1e3", "99999999999999999999", "2147483648", "٣", "1%20", "01", "1,2"],
)
def test_an_id_that_cannot_be_is_not_found(client: FlaskClient, value: str) -> None:
    assert client.get(f"/admin/case/?id={value}").status_code == 404
    assert client.get(f"/admin/case/?id=1&id={value}").status_code == 404


@pytest.mark.parametrize("name", ["page", "sort", "limit", "offset", "page_size"])
@pytest.mark.parametrize("value", ["x", "-1", "99999999999999999999", "1;drop", "%2000"])
def test_a_figure_out_of_range_is_a_bad_request(client: FlaskClient, name: str, value: str) -> None:
    assert client.get(f"/admin/case/?{name}={value}").status_code == 400


@pytest.mark.parametrize("query", ["id=1", "id=2147483647", "page=0", "page=", "sort=3&page=2"])
def test_ordinary_parameters_pass(client: FlaskClient, query: str) -> None:
    assert client.get(f"/admin/case/?{query}").status_code == 302  # to the sign-in page


def test_a_region_is_known_by_its_official_code(client: FlaskClient) -> None:
    assert client.get("/admin/region/?id=35.73.01.1001").status_code == 302
    assert client.get("/admin/region/?id=35.73'--").status_code == 404
    assert client.get("/admin/case/?id=35.73").status_code == 404


def test_parameters_of_the_public_site_break_nothing(client: FlaskClient) -> None:
    assert client.get("/?id=facebook&page=x").status_code == 200


@pytest.mark.parametrize(
    "path", ["/?x=%00", "/?%00=1", "/a%00b", "/?x=a%0d%0ab", "/%0a", "/?x=%1b"]
)
def test_control_characters_in_an_address_are_a_bad_request(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_control_characters_are_taken_out_of_what_was_typed(client: FlaskClient) -> None:
    typed = "a\0b\r\nc\rd\te\x1b[31m 😀 \u202eكلمة"
    answer = client.post("/", data={"text": typed, "csrf_token": _token(client)})
    assert answer.text == "ab\nc\nd\te[31m 😀 \u202eكلمة"


@given(st.text())
def test_cleaning_keeps_every_visible_letter(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned and "\r" not in cleaned
    assert [c for c in text if c.isprintable()] == [c for c in cleaned if c.isprintable()]
    assert clean(cleaned) == cleaned


@given(query=st.text(max_size=80), path=st.sampled_from(["", "case/", "region/", "x"]))
@hypothesis_settings(max_examples=60)
def test_no_address_crashes_the_portal(client: FlaskClient, query: str, path: str) -> None:
    assert client.get(f"/admin/{path}", query_string={"id": query, "q": query}).status_code < 500
    assert client.get(f"/admin/{path}", query_string={query: query}).status_code < 500


# --- error pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "code", "words"),
    [
        ("GET", "/nowhere", 404, "tidak ditemukan"),
        ("DELETE", "/", 405, "tidak dapat dilakukan"),
        ("TRACE", "/", 405, "tidak dapat dilakukan"),
        ("GET", "/stale", 409, "berubah"),
        ("GET", "/impossible", 400, "tidak dapat dibaca"),
        ("GET", "/crash", 500, "gangguan"),
        ("GET", "/admin/nowhere", 404, "tidak ditemukan"),
    ],
)
def test_an_error_has_a_plain_page(
    app: Flask, method: str, path: str, code: int, words: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().open(path, method=method)
    assert answer.status_code == code and words in answer.text
    assert small_app.SECRET not in answer.text and "Traceback" not in answer.text


def test_a_page_that_is_not_allowed_says_what_is(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert "GET" in app.test_client().delete("/").headers["Allow"]


def test_more_than_the_portal_takes_gets_a_page_and_is_read_to_its_end(
    settings: Settings,
) -> None:
    app = small_app.make(settings, MAX_CONTENT_LENGTH=1000)
    answer = app.test_client().post("/", data={"text": "x" * 5000})
    assert answer.status_code == 413 and "terlalu besar" in answer.text


def test_a_file_of_60_megabytes_reaches_the_page_that_answers_it(settings: Settings) -> None:
    assert small_app.make(settings).config["MAX_CONTENT_LENGTH"] >= 100_000_000


def test_an_error_of_the_page_itself_still_gets_a_page(app: Flask) -> None:
    app.jinja_loader = None
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404 and "tidak ditemukan" in answer.text


# --- logs -----------------------------------------------------------------------------------


@pytest.fixture
def discreet() -> None:
    before = logging.getLogger().handlers[:]
    configure_logging()
    logging.getLogger().handlers[:] = before


def test_the_log_names_routes_and_nobody(
    client: FlaskClient, discreet: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "portal.web"):
        client.get("/admin/case/?id=7&search=Siti")
        client.get("/Siti-Aminah")
    assert re.search(r"GET /admin/case/ 302 \d+ ms [0-9a-f]{12}", caplog.text)
    assert "Siti" not in caplog.text and "id=7" not in caplog.text


def test_a_crash_is_logged_by_its_class_and_place_without_its_message(
    client: FlaskClient, discreet: None, caplog: pytest.LogCaptureFixture
) -> None:
    page = client.get("/crash").text
    assert "RuntimeError" in caplog.text and "small_app.py" in caplog.text
    assert small_app.SECRET not in caplog.text and small_app.SECRET not in page


def test_exceptions_of_any_logger_lose_their_message() -> None:
    try:
        try:
            raise ValueError(small_app.SECRET)
        except ValueError as error:
            raise RuntimeError(small_app.SECRET) from error
    except RuntimeError as error:
        text = told(error)
        record = logging.LogRecord("x", 40, "", 0, "rusak", (), (type(error), error, None))
    assert "builtins.RuntimeError" in text and "builtins.ValueError" in text
    assert small_app.SECRET not in text + Discreet().format(record)
