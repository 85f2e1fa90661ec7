"""The application stands up, and its doors open for whom they should."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests.support.cast import Cast
from tests.support.databases import both_engines
from tests.support.visitors import signed_in

PUBLIC = ("/", "/lapor", "/lacak", "/pengaduan-layanan", "/standar-pelayanan", "/masuk")


@both_engines
@pytest.mark.parametrize("path", PUBLIC)
def test_the_public_site_answers_on_both_databases(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_everybody_in_the_office_can_sign_in(app: Flask, cast: Cast) -> None:
    for officer in cast:
        assert signed_in(app, officer.username)


@pytest.mark.browser
def test_the_public_site_works_in_a_browser_under_its_strict_policy(page: Page) -> None:
    for path in PUBLIC:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok
        assert page.title()


def test_an_officer_finds_the_lists_of_their_work(app: Flask, cast: Cast) -> None:
    supervisor = signed_in(app, cast.budi.username)
    for path in ("/admin/", "/admin/report/", "/admin/case/", "/admin/monitoring/"):
        assert supervisor.get(path).status_code == 200


def test_nobody_else_finds_them(client: FlaskClient) -> None:
    for path in ("/admin/", "/admin/report/", "/admin/case/details/?id=1"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/masuk")


def test_who_asks_for_another_host_is_refused_without_an_alarm(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/", "/admin/", "/lapor?halaman=%00"):
        answer = client.get(path, headers={"Host": "jahat.example"})
        assert answer.status_code == 400 and "jahat" not in answer.text
    assert [one for one in caplog.records if one.levelname in ("ERROR", "WARNING")] == []
