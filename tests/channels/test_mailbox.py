"""The office's mailbox is read into the inbox: each mail once, whatever it is, and none is lost."""

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import (
    Attachment,
    ChannelCursor,
    ChannelDelivery,
    Job,
    MediaState,
    Notice,
    TalkState,
)
from portal import health, post
from portal.channels import html_text, mailbox
from portal.channels import mail as reading
from tests.channels.mailroom import Mailroom, dovecot, mail, room, running
from tests.protection import samples
from tests.screens.generated.conftest import house
from tests.support.databases import both_engines

__all__ = ["dovecot", "house", "room", "running"]  # the fixtures

NOW = datetime(2026, 11, 26, 5, tzinfo=UTC)
PIXEL = '<img src="https://lacak.uji.test/p.gif?u=1">'


def facts(room: Mailroom, place: int = 0) -> dict[str, object]:
    return dict(json.loads(room.messages()[place].details or "{}"))


def told(room: Mailroom, kind: str) -> int:
    return room.house.session.scalar(select(func.count(Notice.id)).filter_by(kind=kind)) or 0


@both_engines
def test_a_mail_becomes_a_message_that_waits_for_the_office(room: Mailroom) -> None:
    written = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    room.come(mail(Date=format_datetime(written), Message_ID="<satu@uji.test>"))
    (talk,), (message,) = room.talks(), room.messages()
    assert message.body == "Tolong saya" and message.at == written
    assert facts(room) == {"subject": "Mohon bantuan", "from": "wati@uji.test"}
    assert talk.state is TalkState.new and talk.waiting_since is not None
    assert talk.correspondent.name == "Wati"
    assert told(room, "message_new") == 2  # Sari and Ratna
    assert room.box.seen() == [] and room.post.taken == []
    room.work()  # another look: the mail lies there as before, and is not fetched again
    assert room.house.session.scalars(select(ChannelDelivery.seen)).all() == [1]


def test_the_same_mail_again_changes_nothing(room: Mailroom) -> None:
    one = mail(Message_ID="<satu@uji.test>")
    room.come(one, one)
    by_another_way = b"Received: from lain.uji.test\r\n" + bytes(one)
    room.come(by_another_way)
    assert len(room.messages()) == 1


def test_another_mail_under_the_same_name_is_kept_too(room: Mailroom) -> None:
    room.come(mail("pertama", Message_ID="<sama@uji.test>"))
    room.come(mail("kedua", Message_ID="<sama@uji.test>"))
    assert [one.body for one in room.messages()] == ["pertama", "kedua"]


def test_a_mailbox_that_was_built_anew_is_read_again_without_doubles(room: Mailroom) -> None:
    first, second = mail("satu", Message_ID="<1@uji>"), mail("dua", Message_ID="<2@uji>")
    room.come(first)
    room.box.empty()  # another UIDVALIDITY, and UIDs from 1
    room.come(first, second)
    assert [one.body for one in room.messages()] == ["satu", "dua"]
    position = room.house.session.get_one(ChannelCursor, mailbox.ACCOUNT).position
    assert position["uid"] == 2


def test_one_sender_has_one_conversation_however_the_address_is_spelt(room: Mailroom) -> None:
    room.come(mail("satu"), mail("dua", sender="WATI@uji.test"), mail("tiga", "Tono <t@uji.test>"))
    assert len(room.talks()) == 2


def test_of_html_the_words_are_kept_and_nothing_is_loaded(room: Mailroom) -> None:
    one = mail("")
    one.set_content(
        f"<style>p{{}}</style><script>alert(1)</script><p>Saya takut.</p>{PIXEL}<p>Tolong</p>",
        subtype="html",
    )
    room.come(one)
    (message,) = room.messages()
    assert message.body == "Saya takut.\n\nTolong"
    assert facts(room)["remote_pictures"] == 1


def test_files_are_kept_like_any_upload_and_refused_ones_are_named(room: Mailroom) -> None:
    one = mail()
    one.add_attachment(
        samples.picture("JPEG"), maintype="image", subtype="jpeg", filename="../a/luka.jpg"
    )
    one.add_attachment(b"MZ\0\0", maintype="application", subtype="octet-stream", filename="x.exe")
    one.add_attachment("catatan", filename="isi.txt")
    room.come(one)
    (message,) = room.messages()
    assert [file.filename for file in message.attachments] == ["luka.jpg"]
    assert room.house.session.scalar(select(func.count(Attachment.id))) == 1
    (refused,) = message.remote_files
    assert (refused.filename, refused.state) == ("x.exe", MediaState.blocked)
    assert message.body == "Tolong saya\n\n[isi.txt]\ncatatan"


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"List_Id": "Kabar <kabar.uji.test>"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_machine_wrote_is_marked_and_calls_nobody(
    room: Mailroom, header: dict[str, str]
) -> None:
    room.come(mail(**header))
    (talk,) = room.talks()
    assert talk.waiting_since is None and told(room, "message_new") == 0
    assert facts(room)["automatic"] in ("list", "auto_reply")
    assert room.post.taken == []


def test_times_that_cannot_be_true_are_those_of_arrival(room: Mailroom) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    room.come(mail(), mail("b", Date="Mon, 01 Jan 1990 00:00:00 +0700"), mail("c", Date="besok"))
    room.come(mail("d", Date=format_datetime(NOW + timedelta(days=4000))))
    assert all(before <= one.at <= datetime.now(UTC) for one in room.messages())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\0\x01",
        b"From: \r\n\r\n",
        b"Subject: =?utf-8?q?=ZZ?= =?x?y?\r\nFrom: <<>>,\r\n\r\nhalo",
        b"Content-Type: text/plain; charset=tidak-ada\r\nFrom: a@b.c\r\n\r\nhal\xe9",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: image/png\r\n",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 5_000 + b"takut",
    ],
)
def test_a_mail_that_is_broken_stands_in_the_inbox_all_the_same(room: Mailroom, raw: bytes) -> None:
    room.come(raw or b"\r\n")
    (message,) = room.messages()
    assert message.body


def test_charsets_that_lie_do_not_eat_letters() -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\r\n\r\ncaf\xe9 di Malang"
    assert reading.read(raw, NOW).text == "café di Malang"


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2D0- takut",
        b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\ud83d takut",
        b"Content-Type: text/plain; charset=undefined\r\n\r\ntakut",
        b"Content-Type: text/plain; charset=a\0b\r\n\r\ntakut",
        b"Message-ID: <\xff@x>\r\nIn-Reply-To: <\xff@y>\r\n\r\ntakut",
    ],
)
def test_what_calls_itself_an_encoding_hides_no_mail(raw: bytes) -> None:
    found = reading.read(raw, NOW)
    assert found.text.endswith("takut")
    assert all(one.encode() for one in (found.text, found.outside_id, *found.answers))


def test_what_no_reader_survives_is_shown_and_told_to_admin(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_words: object) -> None:
        raise RecursionError

    monkeypatch.setattr(reading, "read", fails)
    room.come(mail())
    for _turn in range(3):
        waiting = room.house.session.scalars(select(Job).where(Job.state == "waiting"))
        for job in waiting:
            job.run_at = job.created_at
        room.house.session.commit()
        room.work()
    assert [one.kind for one in room.messages()] == ["unreadable"]
    delivery = room.house.session.scalars(select(ChannelDelivery)).one()
    assert delivery.trouble == "unreadable" and told(room, "channel_trouble") == 2


def test_a_mail_that_is_too_large_is_named_and_not_fetched(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 2_000)
    room.come(mail("x" * 5_000))
    (message,) = room.messages()
    assert message.body.startswith("Mohon bantuan\n\nSurel ini terlalu besar")
    assert "xxx" not in message.body and facts(room)["cut"] is True


def test_a_mailbox_that_is_away_holds_nothing_up_and_admin_hears_when_it_lasts(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.box.stop()
    room.work()
    cursor = room.house.session.get_one(ChannelCursor, mailbox.ACCOUNT)
    assert cursor.trouble == "away" and told(room, "channel_trouble") == 0
    monkeypatch.setattr(mailbox, "PATIENCE", timedelta(0))
    room.work()
    room.work()
    assert told(room, "channel_trouble") == 2  # both admins, once
    room.box.start()
    room.come(mail())
    room.house.session.refresh(cursor)
    assert cursor.trouble is None and len(room.messages()) == 1
    with room.house.app.app_context():
        assert health.troubles(room.house.app.extensions["settings"])["imap"] == ""


def test_servers_that_never_say_a_word_are_left_alone_after_a_while(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        settings = room.house.app.extensions["settings"]
        mute = replace(settings, imap_url=f"imap://{place}", smtp_url=f"smtp://{place}")
        monkeypatch.setitem(room.house.app.extensions, "settings", mute)
        room.work()
        with room.house.app.app_context():
            found = health.troubles(mute)
    assert room.house.session.get_one(ChannelCursor, mailbox.ACCOUNT).trouble == "away"
    assert found["imap"].startswith("Away") and found["smtp"].startswith("Away")


@settings(max_examples=40)
@given(st.binary(max_size=300), st.sampled_from([b"", b"Content-Type: text/html\r\n\r\n"]))
def test_whatever_comes_is_read(raw: bytes, begin: bytes) -> None:
    reading.read(begin + raw, NOW)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("evil", ["<!--", "<a<", "<![CDATA[", "<a b='", "<div>", "&#"])
def test_markup_that_is_made_to_be_slow_is_not(evil: str) -> None:
    html_text.words_of(evil * (1_000_000 // len(evil)))
