"""What Meta delivers is taken when it is signed, and from nobody else."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChannelCursor, ChannelDelivery
from portal.db import db
from tests.support.meta import (
    PLACE,
    SECRET,
    VERIFY,
    Meta,
    delivery,
    message,
    post,
    signature,
)

BODY = delivery({"messages": [message("wamid.1")]})


def kept(session: Session) -> int:
    session.rollback()
    return len(session.scalars(select(ChannelDelivery.id)).all())


def refused(session: Session) -> dict[str, int]:
    session.rollback()
    row = session.get(ChannelCursor, "in:whatsapp")
    return dict(row.position) if row else {}


def test_a_signed_delivery_is_kept_and_no_cookie_comes_back(
    whatsapp: Meta, client: FlaskClient, session: Session
) -> None:
    answer = post(client, BODY)
    assert (answer.status_code, answer.data) == (200, b"")
    assert "Set-Cookie" not in answer.headers
    assert kept(session) == 1


@pytest.mark.parametrize(
    ("signed", "code", "counted"),
    [
        ("", 401, "unsigned"),
        (signature(BODY).removeprefix("sha256="), 403, "wrong_signature"),
        (signature(BODY, "rahasia lain"), 403, "wrong_signature"),
        (signature(BODY + b" "), 403, "wrong_signature"),
        ("sha256=\u00e9\u00e9", 403, "wrong_signature"),
        ("sha256=" + "g" * 64, 403, "wrong_signature"),
        ("sha1=" + "0" * 40, 403, "wrong_signature"),
    ],
)
def test_what_is_not_signed_by_meta_is_refused_and_counted(
    whatsapp: Meta, client: FlaskClient, session: Session, signed: str, code: int, counted: str
) -> None:
    assert post(client, BODY, signed).status_code == code
    assert kept(session) == 0
    assert refused(session) == {counted: 1}


def test_both_secrets_are_good_while_one_replaces_the_other(
    whatsapp: Meta, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = f"rahasia-baru-rekaan-0123456789, {SECRET}"
    object.__setattr__(app.extensions["settings"], "whatsapp_secret", both)
    try:
        assert post(client, BODY).status_code == 200
        assert post(client, BODY, signature(BODY, both.split(",")[0])).status_code == 200
    finally:
        object.__setattr__(app.extensions["settings"], "whatsapp_secret", SECRET)


def test_a_channel_without_secret_takes_nothing_and_says_so(
    client: FlaskClient, session: Session
) -> None:
    answer = post(client, BODY)
    assert (answer.status_code, answer.data) == (503, b"off")
    assert client.get(PLACE).status_code == 404
    assert kept(session) == 0


def test_three_megabytes_pass_and_more_is_refused_aloud(
    whatsapp: Meta, client: FlaskClient, session: Session
) -> None:
    assert post(client, delivery({"messages": [message("wamid.1", "x" * 3_100_000)]})).status_code
    assert kept(session) == 1
    assert post(client, b"x" * 4_000_001).status_code == 413
    assert kept(session) == 1
    assert refused(session) == {"too_large": 1}


def test_what_cannot_be_kept_is_not_acknowledged(
    whatsapp: Meta, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError("no space left")

    monkeypatch.setattr(db.session, "commit", full)
    assert post(client, BODY).status_code == 500
    monkeypatch.undo()
    assert kept(session) == 0
    assert post(client, BODY).status_code == 200


def test_a_burst_after_an_outage_is_taken_as_it_comes(
    whatsapp: Meta, client: FlaskClient, session: Session
) -> None:
    codes = {post(client, b'{"entry":[],"n":%d}' % one).status_code for one in range(700)}
    assert codes == {200}


def ask(client: FlaskClient, **words: str) -> tuple[int, bytes]:
    asked = {"mode": "subscribe", "verify_token": VERIFY, "challenge": "1158201444"} | words
    answer = client.get(PLACE, query_string={f"hub.{name}": said for name, said in asked.items()})
    return answer.status_code, answer.data


def test_the_subscription_is_verified_by_its_word(whatsapp: Meta, client: FlaskClient) -> None:
    assert ask(client) == (200, b"1158201444")
    for wrong in ({"mode": "unsubscribe"}, {"verify_token": "salah"}, {"verify_token": ""}):
        assert ask(client, **wrong)[0] == 403
    assert ask(client, verify_token="\u00e9")[0] == 403
    assert ask(client, challenge="<script>")[0] == 403
    assert ask(client, challenge="x" * 201)[0] == 403


def test_no_log_tells_who_wrote_or_what(
    whatsapp: Meta, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        post(client, delivery({"messages": [message("wamid.1", "rahasia sekali")]}))
        post(client, BODY, "sha256=salah")
    written = caplog.text
    assert "rahasia sekali" not in written and "628110000001" not in written
