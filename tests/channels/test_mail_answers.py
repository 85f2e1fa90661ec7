"""Answers by e-mail leave once, tell nothing on the outside, and their replies find home."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from models import Job, Message, Notice, Sending, SendState
from portal import queue
from portal.casework import answering
from portal.casework.answering import Answer
from tests.channels.mailroom import FROM, Mailroom, dovecot, mail, room, running
from tests.screens.generated.conftest import house

__all__ = ["dovecot", "house", "room", "running"]  # the fixtures

TEXT = "Terima kasih. Apakah aman untuk membalas sekarang?"


def answered(room: Mailroom, text: str = TEXT) -> Sending:
    """Wati wrote, Sari took it over and answers; the worker does the rest."""
    room.come(mail(Message_ID="<tanya@uji.test>"))
    write(room, text)
    room.work()
    return sending_of(room)


def write(room: Mailroom, text: str = TEXT) -> Message:
    session, (talk,) = room.house.session, room.talks()
    talk.owner = room.house.cast.sari
    session.flush()
    message = answering.reply(session, talk, talk.owner, Answer(text=text), datetime.now(UTC))
    session.commit()
    return message


def sending_of(room: Mailroom) -> Sending:
    return room.house.session.scalars(select(Sending).order_by(Sending.id.desc())).first()


def told(room: Mailroom, kind: str) -> int:
    return room.house.session.scalar(select(func.count(Notice.id)).filter_by(kind=kind)) or 0


def own_id(sending: Sending) -> str:
    return f"<{sending.uuid}@uji.test>"


def returned(sending: Sending, action: str = "failed") -> bytes:
    """What a mail server sends back (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@uji.test\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nTidak sampai.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; uji.test\r\n\r\n"
        f"Final-Recipient: rfc822; wati@uji.test\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {own_id(sending)}\r\n\r\n"
        "--b--"
    ).encode()


def test_an_answer_leaves_as_plain_text_under_a_subject_that_tells_nothing(room: Mailroom) -> None:
    sending = answered(room)
    (sent,) = room.post.taken
    assert (sent["To"], sent["From"], sent["Subject"]) == ("wati@uji.test", FROM, "Balasan")
    assert sent["Message-ID"] == own_id(sending)
    assert sent["In-Reply-To"] == sent["References"] == "<tanya@uji.test>"
    assert sent.get_content_type() == "text/plain" and sent.get_content().strip() == TEXT
    assert sending.status is SendState.accepted and "Auto-Submitted" not in sent


def test_a_reply_from_wherever_comes_home_and_proves_that_the_answer_arrived(
    room: Mailroom,
) -> None:
    sending = answered(room)
    room.come(mail("Aman", sender="lain@uji.test", In_Reply_To=own_id(sending)))
    (talk,) = room.talks()
    assert [one.body for one in talk.messages] == ["Tolong saya", TEXT, "Aman"]
    assert json.loads(talk.messages[-1].details)["from"] == "lain@uji.test"
    room.house.session.refresh(sending)
    assert sending.status is SendState.delivered


def test_a_copy_of_our_own_answer_is_no_new_message(room: Mailroom) -> None:
    answered(room)
    room.come(bytes(room.post.taken[0]))
    assert len(room.messages()) == 2


def test_what_may_have_left_is_unknown_and_not_sent_again(room: Mailroom) -> None:
    room.post.answers["data"] = ""
    sending = answered(room)
    assert sending.status is SendState.unknown and len(room.post.taken) == 1
    room.work()
    assert len(room.post.taken) == 1 and told(room, "send_failed") == 1
    room.come(mail("Sudah saya baca", In_Reply_To=own_id(sending)))
    room.house.session.refresh(sending)
    assert sending.status is SendState.delivered


def test_an_address_that_is_refused_fails_at_once_and_its_writer_is_told(room: Mailroom) -> None:
    room.post.answers["rcpt"] = "550 tidak dikenal"
    sending = answered(room)
    assert (sending.status, sending.error_code) == (SendState.failed, "mail_refused")
    assert told(room, "send_failed") == 1


def test_a_server_that_is_busy_is_asked_again(room: Mailroom) -> None:
    room.post.answers["rcpt"] = "451 nanti"
    sending = answered(room)
    assert (sending.status, room.post.taken) == (SendState.queued, [])
    room.post.answers.clear()
    wanted = select(Job).where(Job.kind == answering.JOB).order_by(Job.id.desc())
    queue.again(room.house.session.scalars(wanted).first(), datetime.now(UTC))
    room.house.session.commit()
    room.work()
    room.house.session.refresh(sending)
    assert sending.status is SendState.accepted and len(room.post.taken) == 1


@pytest.mark.parametrize(
    ("action", "state"), [("failed", SendState.failed), ("delayed", SendState.accepted)]
)
def test_a_mail_that_comes_back_is_shown_where_it_left(
    room: Mailroom, action: str, state: SendState
) -> None:
    sending = answered(room)
    room.come(returned(sending, action))
    (talk,) = room.talks()
    room.house.session.refresh(sending)
    assert sending.status is state and "Tidak sampai." in talk.messages[-1].body
    assert told(room, "send_failed") == (state is SendState.failed)
    assert told(room, "message_new") == 2  # the first mail alone


def test_an_address_that_cannot_be_written_to_fails_and_is_not_unknown(room: Mailroom) -> None:
    room.come(mail(Message_ID="<tanya@uji.test>"))
    write(room)
    sending_of(room).to_value = "wàti@uji.test"
    room.house.session.commit()
    room.work()
    assert sending_of(room).status is SendState.failed and not room.post.taken
