"""Files of WhatsApp are fetched, checked and kept like any upload, or say what became of them."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Attachment, Job, MediaState, Notice, RemoteFile
from portal import jobs, meta
from portal.channels import whatsapp_media
from portal.config import Settings
from portal.protection import files
from tests.protection import samples
from tests.support.cast import Cast
from tests.support.meta import TOKEN, Meta, delivery, message, post

HTML = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest.fixture
def picture() -> bytes:
    return samples.picture("JPEG")


class Inbox:
    """Somebody sends a picture; what became of it."""

    def __init__(self, app: Flask, client: FlaskClient, session: Session) -> None:
        self.app, self.client, self.session = app, client, session

    def gets(self, kind: str = "image", **data: Any) -> RemoteFile:
        now = str(int(datetime.now(UTC).timestamp()))
        said = message("wamid.1", text=None, type=kind, timestamp=now, **{kind: data})
        assert post(self.client, delivery({"messages": [said]})).status_code == 200
        return self.works()

    def works(self) -> RemoteFile:
        self.session.execute(update(Job).values(run_at=datetime.now(UTC)))
        self.session.commit()
        jobs.work_off(self.app)
        self.session.rollback()
        self.session.expire_all()
        return self.session.scalars(select(RemoteFile)).one()


@pytest.fixture
def inbox(whatsapp: Meta, app: Flask, client: FlaskClient, session: Session) -> Inbox:
    return Inbox(app, client, session)


def test_a_picture_is_fetched_in_two_steps_and_kept_sealed(
    whatsapp: Meta, inbox: Inbox, picture: bytes
) -> None:
    row = inbox.gets(**whatsapp.keep("m1", picture))
    assert row.state is MediaState.stored
    assert row.sha256 == hashlib.sha256(picture).hexdigest()
    kept = inbox.session.scalars(select(Attachment)).one()
    assert kept.message_id == row.message_id and kept.mime == "image/jpeg"
    assert files.read(kept.storage_key).startswith(b"\xff\xd8")
    assert set(whatsapp.tokens) == {f"Bearer {TOKEN}"} and len(whatsapp.tokens) == 2


def test_a_dead_link_is_asked_for_anew(whatsapp: Meta, inbox: Inbox, picture: bytes) -> None:
    whatsapp.gone = 2
    assert inbox.gets(**whatsapp.keep("m1", picture)).state is MediaState.stored


def test_a_file_that_is_not_there_yet_is_asked_for_until_it_is(
    whatsapp: Meta, inbox: Inbox, picture: bytes
) -> None:
    about = whatsapp.keep("m1", picture)
    hidden = whatsapp.media.pop("m1")
    assert inbox.gets(**about).state is MediaState.pending
    whatsapp.media["m1"] = hidden
    assert inbox.works().state is MediaState.stored


def test_a_file_is_given_up_after_seven_days_and_told_after_one(
    cast: Cast, whatsapp: Meta, inbox: Inbox
) -> None:
    row = inbox.gets(id="m1")
    whatsapp_media.watch(inbox.session, datetime.now(UTC) + timedelta(hours=25))
    told = [one.kind for one in inbox.session.scalars(select(Notice)) if "channel" in one.kind]
    assert told == ["channel_trouble", "channel_trouble"]
    row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    inbox.session.commit()
    assert inbox.works().state is MediaState.expired


@pytest.mark.parametrize(
    ("told", "trouble"),
    [
        ({"sha256": "0" * 64}, "altered"),
        ({"file_size": 10}, "too_large"),
        ({"url": "https://evil.example/berkas/m1"}, "elsewhere"),
        ({"url": "file:///etc/passwd"}, "elsewhere"),
        ({"url": ""}, "elsewhere"),
    ],
)
def test_what_is_not_what_was_told_is_kept_out(
    whatsapp: Meta, inbox: Inbox, picture: bytes, told: dict[str, Any], trouble: str
) -> None:
    about = whatsapp.keep("m1", picture, **told)
    inbox.gets(**about)
    row = inbox.works()
    assert (row.state, row.trouble) == (MediaState.blocked, trouble)
    assert inbox.session.scalars(select(Attachment)).all() == []


def test_a_page_that_poses_as_a_picture_is_kept_out(whatsapp: Meta, inbox: Inbox) -> None:
    row = inbox.gets(**whatsapp.keep("m1", HTML))
    assert (row.state, row.trouble) == (MediaState.blocked, "refused")


def test_a_name_is_a_label_and_never_a_path(whatsapp: Meta, inbox: Inbox, picture: bytes) -> None:
    inbox.gets("document", filename="../../etc/\u202egpj.exe", **whatsapp.keep("m1", picture))
    name = inbox.session.scalars(select(Attachment)).one().filename
    assert "/" not in name and "\u202e" not in name and name.endswith(".jpg")


def test_a_file_that_meta_itself_has_lost_says_so(whatsapp: Meta, inbox: Inbox) -> None:
    said = message("wamid.1", text=None, type="image", image={"id": "m1"}, errors=[{"code": 400}])
    post(inbox.client, delivery({"messages": [said]}))
    row = inbox.works()
    assert (row.state, row.trouble, whatsapp.tokens) == (MediaState.failed, "lost", [])


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", True),
        ("https://scontent.whatsapp.net/v/1", True),
        ("http://lookaside.fbsbx.com/1", False),
        ("https://lookaside.fbsbx.com.evil.example/1", False),
        ("https://evil.example/lookaside.fbsbx.com", False),
        ("https://graph.facebook.com@evil.example/1", False),
        ("https://127.0.0.1:1/", True),
        ("//evil.example/", False),
        ("https://[::1", False),
    ],
)
def test_the_token_goes_to_meta_alone(settings: Settings, address: str, may: bool) -> None:
    object.__setattr__(settings, "whatsapp_url", "http://127.0.0.1:1/v25.0")
    assert meta.may_have_token(settings, address) is may


def test_the_name_of_a_file_is_one_step_of_an_address(whatsapp: Meta, settings: Settings) -> None:
    with pytest.raises(meta.Refused):
        meta.media(settings, "../me?fields=id\n")
