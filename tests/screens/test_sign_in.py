"""Signing in, the gate, and forms that came too late, through the front door."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from wtforms import Form, PasswordField

from models import AuditEntry, Draft
from portal.config import Settings
from portal.screens import browser_session, kept
from tests.support import small_app
from tests.support.cast import PASSWORD, Cast

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app(settings: Settings, cast: Cast, session: Session) -> Flask:
    session.commit()
    return small_app.make(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    clock = Clock()
    monkeypatch.setattr(browser_session, "now", clock)
    return clock


class Clock:
    """The time, and some minutes more."""

    def __init__(self) -> None:
        self.minutes = 0.0

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=self.minutes)


def _token(client: FlaskClient) -> str:
    return client.get("/token").text


def _sign_in(
    client: FlaskClient, username: str = "petugas", password: str = PASSWORD, **query: str
):
    data = {"username": username, "password": password, "csrf_token": _token(client)}
    return client.post("/masuk", data=data, query_string=query)


def _post(client: FlaskClient, path: str = "/admin/case/?id=1", token: str = "", **data: str):
    form = data | {"csrf_token": token or _token(client)}
    return client.post(path, data=form, headers=FROM_HERE)


def _resend(client: FlaskClient, page: str):
    """Press "Kirim isian ini" on the page of kept forms."""
    form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', page, re.S)
    assert form
    fields = dict(re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', form[2], re.S))
    fields |= dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2]))
    return client.post(form[1].replace("&amp;", "&"), data=fields, headers=FROM_HERE)


# --- the gate -------------------------------------------------------------------------------


def test_what_is_not_declared_open_leads_to_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/admin/case/?id=7")
    assert answer.status_code == 302
    assert answer.location == "/masuk?next=/admin/case/?id%3D7"


def test_a_script_that_asks_for_data_is_told_that_the_session_ended(client: FlaskClient) -> None:
    answer = client.get("/admin/case/", headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 401 and "Masuk lagi" in answer.text


def test_after_signing_in_the_officer_is_where_they_wanted_to_go(client: FlaskClient) -> None:
    assert _sign_in(client, next="/admin/case/?id=7").location == "/admin/case/?id=7"
    assert "Sari Wulandari" in client.get("/admin/").text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        r"/\evil.example",
        r"\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "/\n/evil.example",
        "/masuk",
        "/keluar",
        "",
    ],
)
def test_signing_in_never_leads_elsewhere(client: FlaskClient, target: str) -> None:
    token = _token(client)
    form = {"username": "petugas", "password": PASSWORD, "csrf_token": token}
    answer = client.post("/masuk", data=form, query_string={"next": target})
    assert answer.status_code == 400 or answer.location == "/admin/"


def test_every_failure_reads_the_same(client: FlaskClient, cast: Cast, session: Session) -> None:
    cast.ratna.active = False
    session.commit()
    pages = {
        re.sub(r'(value|nonce)="[^"]*"', "", _sign_in(client, name, password).text)
        for name, password in [
            ("petugas", "kata sandi lain"),
            ("siapa-ini", PASSWORD),
            ("petugas2", PASSWORD),
        ]
    }
    assert len(pages) == 1 and "tidak cocok" in pages.pop()
    assert client.get("/admin/").status_code == 302


def test_an_empty_form_is_answered_next_to_the_fields(client: FlaskClient) -> None:
    page = _sign_in(client, "", "").text
    assert "Tulis nama pengguna Anda." in page and "Tulis kata sandi Anda." in page


def test_the_typed_password_is_not_sent_back(client: FlaskClient) -> None:
    assert "rahasia-sekali" not in _sign_in(client, "petugas", "rahasia-sekali").text


def test_the_session_is_a_new_one_after_signing_in(client: FlaskClient) -> None:
    before = _token(client)
    _sign_in(client)
    assert _post(client, "/admin/case/", token=before, text="halo").location.endswith("lanjutkan")


def test_signing_out_ends_the_session_and_is_logged(client: FlaskClient, session: Session) -> None:
    _sign_in(client)
    answer = _post(client, "/keluar")
    assert answer.status_code == 303 and answer.location == "/masuk"
    assert client.get("/admin/").status_code == 302
    events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events == ["sign_in", "sign_out"]


def test_signing_out_by_a_link_does_nothing(client: FlaskClient) -> None:
    _sign_in(client)
    assert client.get("/keluar").status_code == 405
    assert client.get("/admin/").status_code == 200


def test_a_disabled_officer_is_out_at_once(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    _sign_in(client)
    cast.sari.active = False
    session.commit()
    assert client.get("/admin/").status_code == 302


def test_a_new_password_ends_every_session(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    _sign_in(client)
    cast.sari.password_hash = "lain"
    session.commit()
    assert client.get("/admin/").status_code == 302


def test_a_forged_session_is_nobody(client: FlaskClient) -> None:
    client.set_cookie("sesi", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb")
    assert client.get("/admin/").status_code == 302


def test_the_demo_names_its_accounts_and_nothing_else_does(
    client: FlaskClient, settings: Settings, cast: Cast, session: Session
) -> None:
    cast.joko.demo = True
    session.commit()
    assert "penjangkau" not in client.get("/masuk").text
    demo = small_app.make(replace(settings, env="demo")).test_client()
    assert "penjangkau" in demo.get("/masuk").text
    assert "konselor" not in demo.get("/masuk").text


# --- idle time ------------------------------------------------------------------------------


def test_the_session_ends_after_idle_minutes(
    client: FlaskClient, settings: Settings, later: Clock
) -> None:
    _sign_in(client)
    later.minutes = settings.idle_minutes - 1
    assert client.get("/admin/").status_code == 200
    later.minutes += settings.idle_minutes - 1
    assert client.get("/admin/").status_code == 200
    later.minutes += settings.idle_minutes + 1
    assert client.get("/admin/").status_code == 302


def test_a_page_that_asks_by_itself_is_no_activity(
    client: FlaskClient, settings: Settings, later: Clock
) -> None:
    _sign_in(client)
    for _ in range(settings.idle_minutes):
        later.minutes += 1
        client.get("/admin/", headers={"Sec-Fetch-Dest": "empty"})
    later.minutes += 1
    assert client.get("/admin/").status_code == 302


# --- forms that came too late ---------------------------------------------------------------


def _lose_a_form(client: FlaskClient, settings: Settings, later: Clock, **fields: str) -> None:
    _sign_in(client)
    token = _token(client)
    later.minutes += settings.idle_minutes + 1
    assert _post(client, token=token, **fields).location == "/masuk"


def test_what_was_typed_survives_the_end_of_the_session(
    client: FlaskClient, settings: Settings, later: Clock, session: Session
) -> None:
    story = 'Ia berkata: "jangan bilang" & lari\nlalu menangis 😢'
    _lose_a_form(client, settings, later, text=story, version_id="3")
    assert b"menangis" not in bytes(session.scalar(text("SELECT content FROM draft")) or b"")
    session.commit()
    assert "Isian Anda disimpan" in client.get("/masuk").text
    assert _sign_in(client).location == "/masuk/lanjutkan"
    page = client.get("/masuk/lanjutkan").text
    assert 'action="/admin/case/?id=1"' in page and "jangan bilang" in page
    assert _resend(client, page).location == "/admin/?done=Ia%20b"
    assert client.get("/masuk/lanjutkan").location == "/admin/"
    assert not session.scalars(select(Draft)).all()


def test_a_kept_form_that_is_refused_stays_kept(
    client: FlaskClient, settings: Settings, later: Clock
) -> None:
    _lose_a_form(client, settings, later, other="tanpa teks")
    _sign_in(client)
    assert _resend(client, client.get("/masuk/lanjutkan").text).status_code == 200
    assert client.get("/masuk/lanjutkan").status_code == 200


def test_several_forms_are_kept(client: FlaskClient, settings: Settings, later: Clock) -> None:
    _sign_in(client)
    token = _token(client)
    later.minutes += settings.idle_minutes + 1
    for word in ("kata satu", "kata dua"):
        _post(client, token=token, text=word)
    _sign_in(client)
    page = client.get("/masuk/lanjutkan").text
    assert "kata satu" in page and "kata dua" in page


def test_only_the_same_officer_gets_it_back(
    client: FlaskClient, settings: Settings, later: Clock
) -> None:
    _lose_a_form(client, settings, later, text="halo dunia")
    assert _sign_in(client, "petugas2").location == "/admin/"
    assert client.get("/masuk/lanjutkan").location == "/admin/"


def test_only_the_same_browser_gets_it_back(
    app: Flask, client: FlaskClient, settings: Settings, later: Clock
) -> None:
    _lose_a_form(client, settings, later, text="halo dunia")
    assert _sign_in(app.test_client()).location == "/admin/"


def test_a_kept_form_can_be_thrown_away(
    client: FlaskClient, settings: Settings, later: Clock
) -> None:
    _lose_a_form(client, settings, later, text="halo dunia")
    _sign_in(client)
    discard = re.search(r"/masuk/lanjutkan/\w+/buang", client.get("/masuk/lanjutkan").text)
    assert discard
    _post(client, discard[0])
    assert client.get("/masuk/lanjutkan").location == "/admin/"


def test_a_form_from_before_the_last_sign_in_is_offered_again(client: FlaskClient) -> None:
    _sign_in(client)
    token = _token(client)
    _post(client, "/keluar")
    _sign_in(client)
    assert _post(client, token=token, text="halo dunia").location == "/masuk/lanjutkan"
    assert _resend(client, client.get("/masuk/lanjutkan").text).location == "/admin/?done=halo"


def test_a_form_sent_after_signing_out_elsewhere_is_kept(client: FlaskClient) -> None:
    _sign_in(client)
    token = _token(client)
    _post(client, "/keluar")
    assert _post(client, token=token, text="halo dunia").location == "/masuk"
    assert _sign_in(client).location == "/masuk/lanjutkan"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_forged_form_is_neither_done_nor_kept(
    client: FlaskClient, session: Session, site: str
) -> None:
    _sign_in(client)
    answer = client.post(
        "/admin/case/?id=1", data={"text": "palsu sekali"}, headers={"Sec-Fetch-Site": site}
    )
    assert answer.status_code == 400
    assert not session.scalars(select(Draft)).all()


def test_a_form_of_nobody_is_not_kept(client: FlaskClient, session: Session) -> None:
    assert client.post("/admin/case/", data={"text": "a b"}).status_code == 400
    assert _post(client, text="halo dunia").location == "/masuk"
    assert not session.scalars(select(Draft)).all()


@pytest.mark.parametrize("field", ["new_password", "passphrase"])
def test_passwords_are_never_kept(
    client: FlaskClient, settings: Settings, later: Clock, session: Session, field: str
) -> None:
    _lose_a_form(client, settings, later, **{"text": "halo dunia", field: "rahasia sekali"})
    assert not session.scalars(select(Draft)).all()


def test_no_form_has_a_secret_that_would_be_kept() -> None:
    """Every form of officers that asks for a secret is known by the name of a field."""
    forms = [one for one in _all_below(Form) if one.__module__.startswith("portal.screens")]
    asks = [one for one in forms if _secret_fields(one)]
    assert {"SignForm", "UploadForm"} <= {one.__name__ for one in asks}
    kept_ones = [
        one.__name__
        for one in asks
        if not any(part in name for name in _secret_fields(one) for part in kept.SECRET)
    ]
    assert kept_ones == []


def _all_below(kind: type) -> set[type]:
    below = set(kind.__subclasses__())
    return below.union(*map(_all_below, below))


def _secret_fields(form: type) -> list[str]:
    fields = ((name, getattr(form, name)) for name in dir(form))
    return [n for n, one in fields if getattr(one, "field_class", None) is PasswordField]
