"""What leaves by WhatsApp leaves once, in its turn, and never against what was agreed since."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    CannedAnswer,
    Conversation,
    Job,
    Message,
    Notice,
    Person,
    Role,
    SafeContact,
    Sending,
    SendState,
)
from portal import jobs
from portal.casework import answering, sending_acts, sendings
from portal.casework.answering import Answer
from portal.casework.contact_words import NEVER
from tests.support.cast import Cast
from tests.support.meta import (
    TOKEN,
    WULAN,
    WULANS_ACCOUNT,
    Meta,
    accepted,
    contact,
    delivery,
    message,
    post,
    refused,
    status,
)


class Desk:
    """Sari answers Wulan, who has just written."""

    def __init__(self, app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
        self.app, self.client, self.session, self.cast = app, client, session, cast

    def hears(self, *values: dict[str, Any]) -> None:
        assert post(self.client, delivery(*values)).status_code == 200
        self.works()

    def wulan_writes(self, number: str | None = WULAN, account: str | None = None) -> Conversation:
        now = str(int(datetime.now(UTC).timestamp()))
        said = message(f"wamid.{now}", "Halo", number, timestamp=now, from_user_id=account)
        said["from"] = number
        said = {key: value for key, value in said.items() if value}
        self.hears({"contacts": [contact("Wulan", number, account)], "messages": [said]})
        talk = self.session.scalars(select(Conversation)).one()
        talk.owner_id = self.cast.sari.id
        self.session.commit()
        return talk

    def somebody_else_writes(self) -> Conversation:
        now = str(int(datetime.now(UTC).timestamp()))
        self.hears({"messages": [message("wamid.lain", "Halo", "628110000002", timestamp=now)]})
        talk = self.session.scalars(select(Conversation).order_by(Conversation.id.desc())).first()
        assert talk is not None
        talk.owner_id = self.cast.sari.id
        self.session.commit()
        return talk

    def answers(self, talk: Conversation, text: str = "Selamat pagi.", **more: Any) -> Sending:
        now = datetime.now(UTC)
        said = answering.reply(self.session, talk, self.cast.sari, Answer(text=text, **more), now)
        self.session.commit()
        assert said.sending is not None
        return said.sending

    def works(self) -> None:
        jobs.work_off(self.app)
        self.session.rollback()
        self.session.expire_all()

    def time_passes(self) -> None:
        """Everything that waits for later is due."""
        self.session.execute(update(Job).values(run_at=datetime.now(UTC)))
        self.session.commit()


@pytest.fixture
def desk(whatsapp: Meta, app: Flask, client: FlaskClient, session: Session, cast: Cast) -> Desk:
    return Desk(app, client, session, cast)


def test_an_answer_leaves_once_with_its_own_mark(whatsapp: Meta, desk: Desk) -> None:
    sending = desk.answers(desk.wulan_writes())
    desk.works()
    (asked,) = whatsapp.asked
    assert asked["to"] == WULAN and asked["text"]["body"] == "Selamat pagi."
    assert asked["biz_opaque_callback_data"] == str(sending.uuid)
    assert whatsapp.tokens == [f"Bearer {TOKEN}"]
    assert sending.status is SendState.accepted


def test_somebody_without_a_number_is_answered_by_the_account(whatsapp: Meta, desk: Desk) -> None:
    desk.answers(desk.wulan_writes(number=None, account=WULANS_ACCOUNT))
    desk.works()
    (asked,) = whatsapp.asked
    assert asked["recipient"] == WULANS_ACCOUNT and "to" not in asked


def test_an_approved_template_leaves_outside_the_window(whatsapp: Meta, desk: Desk) -> None:
    talk = desk.wulan_writes()
    talk.last_inbound_at = datetime.now(UTC) - timedelta(hours=25)
    template = CannedAnswer(title="Sapa", text="Halo {1}", template="sapa", language="id")
    desk.session.add(template)
    desk.session.commit()
    desk.answers(talk, "Halo Bu", template=template, parameters=("Bu",), reason="Diminta.")
    desk.works()
    (asked,) = whatsapp.asked
    assert asked["template"]["name"] == "sapa"
    assert asked["template"]["components"][0]["parameters"] == [{"type": "text", "text": "Bu"}]


# --- what Meta answers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [
        (refused(131047), SendState.failed),
        (refused(131026), SendState.failed),
        (refused(131062), SendState.failed),
        (refused(987654), SendState.failed),
        (refused(130429), SendState.queued),
        (refused(131000, 500), SendState.queued),
        ((503, b"<html>"), SendState.queued),
        (refused(131056), SendState.queued),
        ((504, b"<html>"), SendState.unknown),
        ((200, b"<html>"), SendState.unknown),
        ((200, {"messages": "?"}), SendState.unknown),
    ],
)
def test_what_meta_answers_decides(
    whatsapp: Meta, desk: Desk, answer: tuple[int, Any], becomes: SendState
) -> None:
    whatsapp.answers = [answer, accepted("wamid.kedua")]
    sending = desk.answers(desk.wulan_writes())
    desk.works()
    assert sending.status is becomes
    told = [row.kind for row in desk.session.scalars(select(Notice))]
    assert ("send_failed" in told) is (becomes is not SendState.queued)
    desk.time_passes()
    desk.works()
    waited = becomes is SendState.queued
    assert sending.status is (SendState.accepted if waited else becomes)
    assert len(whatsapp.asked) == (2 if waited else 1)


def test_a_call_nobody_saw_the_end_of_is_never_made_again_by_itself(
    whatsapp: Meta, desk: Desk
) -> None:
    whatsapp.hang_up = True
    sending = desk.answers(desk.wulan_writes())
    desk.works()
    assert sending.status is SendState.unknown
    whatsapp.hang_up = False
    desk.time_passes()
    desk.works()
    assert len(whatsapp.asked) == 1

    desk.hears(
        {"statuses": [status("wamid.x", "sent", biz_opaque_callback_data=str(sending.uuid))]}
    )
    assert sending.status is SendState.sent
    desk.hears({"statuses": [status("wamid.x", "delivered")]})
    assert sending.status is SendState.delivered


def test_a_worker_that_died_while_sending_leaves_it_unknown(whatsapp: Meta, desk: Desk) -> None:
    sending = desk.answers(desk.wulan_writes())
    sending.status = SendState.sending
    desk.session.commit()
    desk.works()
    assert (sending.status, whatsapp.asked) == (SendState.unknown, [])


def test_a_call_that_still_goes_on_is_waited_for(whatsapp: Meta, desk: Desk) -> None:
    sending = desk.answers(desk.wulan_writes())
    sending.status, sending.begun_at = SendState.sending, datetime.now(UTC)
    desk.session.commit()
    desk.works()
    assert sending.status is SendState.sending
    sending.begun_at -= sendings.LONGEST_CALL
    desk.session.commit()
    desk.time_passes()
    desk.works()
    assert (sending.status, whatsapp.asked) == (SendState.unknown, [])


def test_whoever_is_slow_to_take_an_answer_holds_up_nobody_else(
    whatsapp: Meta, app: Flask, desk: Desk
) -> None:
    slow, other = desk.wulan_writes(), desk.somebody_else_writes()
    whatsapp.held[WULAN] = threading.Event()
    for talk, text in ((slow, "Satu"), (slow, "Dua"), (other, "Tiga")):
        desk.answers(talk, text)
    with working(app):
        assert soon(lambda: len(whatsapp.asked) == 2)
        whatsapp.held[WULAN].set()
    desk.time_passes()
    desk.works()
    assert sorted(said(whatsapp)[:2]) == ["Satu", "Tiga"] and said(whatsapp)[2:] == ["Dua"]


def said(whatsapp: Meta) -> list[str]:
    return [one["text"]["body"] for one in whatsapp.asked]


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """A worker in a thread, with all its hands, for as long as the block lasts."""
    worker = jobs.Worker(app)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop.set()
        thread.join()


def soon(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 30
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def test_the_officer_decides_what_becomes_of_an_unknown_one(whatsapp: Meta, desk: Desk) -> None:
    whatsapp.answers = [(200, b"?"), accepted("wamid.baru"), (200, b"?")]
    talk = desk.wulan_writes()
    first = desk.answers(talk)
    desk.works()
    again = sending_acts.resend(desk.session, first, desk.cast.sari, datetime.now(UTC)).sending
    desk.session.commit()
    desk.works()
    assert again is not None
    assert [first.status, again.status] == [SendState.failed, SendState.accepted]
    third = desk.answers(talk, "Sampai nanti.")
    desk.works()
    sending_acts.settle_unknown(desk.session, third, desk.cast.sari, datetime.now(UTC))
    assert third.status is SendState.accepted


def test_too_many_to_one_person_wait_in_their_order(whatsapp: Meta, desk: Desk) -> None:
    whatsapp.answers = [refused(131056), accepted("wamid.a"), accepted("wamid.b")]
    talk = desk.wulan_writes()
    both = [desk.answers(talk, "satu"), desk.answers(talk, "dua")]
    desk.works()
    assert [one.status for one in both] == [SendState.queued, SendState.queued]
    for _turn in range(3):
        desk.time_passes()
        desk.works()
    assert [asked["text"]["body"] for asked in whatsapp.asked] == ["satu", "satu", "dua"]
    assert {one.status for one in both} == {SendState.accepted}


def test_a_refused_token_stops_the_channel_until_admin_lets_it_go_on(
    whatsapp: Meta, desk: Desk
) -> None:
    whatsapp.answers = [refused(190, 401), accepted("wamid.a"), accepted("wamid.b")]
    talk = desk.wulan_writes()
    both = [desk.answers(talk, "satu"), desk.answers(talk, "dua")]
    desk.works()
    desk.time_passes()
    desk.works()
    assert len(whatsapp.asked) == 1
    told = {row.officer.role for row in desk.session.scalars(select(Notice)) if "stop" in row.kind}
    assert told == {Role.admin}
    sending_acts.resume(desk.session, "whatsapp", desk.cast.admin, datetime.now(UTC))
    desk.session.commit()
    for _turn in range(2):
        desk.time_passes()
        desk.works()
    assert {one.status for one in both} == {SendState.accepted}


# --- what was agreed since ------------------------------------------------------------------------


def test_whoever_asked_not_to_be_contacted_meanwhile_is_not(whatsapp: Meta, desk: Desk) -> None:
    talk = desk.wulan_writes()
    sending = desk.answers(talk)
    person = Person(name="Wulan", disabilities=[], safe_contact=SafeContact(channel=NEVER, days=[]))
    assert talk.correspondent is not None
    talk.correspondent.person = person
    desk.session.commit()
    desk.works()
    assert (sending.status, whatsapp.asked) == (SendState.cancelled, [])


def test_a_window_that_closed_meanwhile_lets_nothing_through(whatsapp: Meta, desk: Desk) -> None:
    sending = desk.answers(desk.wulan_writes())
    sending.not_after = datetime.now(UTC) - timedelta(seconds=1)
    desk.session.commit()
    desk.works()
    assert (sending.status, sending.error_code, whatsapp.asked) == (SendState.failed, "window", [])


# --- statuses -------------------------------------------------------------------------------------


def test_statuses_in_any_order_never_go_back(whatsapp: Meta, desk: Desk) -> None:
    whatsapp.answers = [accepted("wamid.a")]
    sending = desk.answers(desk.wulan_writes())
    desk.hears({"statuses": [status("wamid.a", "read")]})  # faster than the answer of the call
    desk.works()
    assert sending.status is SendState.read
    desk.hears({"statuses": [status("wamid.a", "delivered"), status("wamid.a", "sent")]})
    late = status("wamid.a", "failed", errors=[{"code": 131026}])
    desk.hears({"statuses": [late, status("wamid.asing", "read")]})
    assert sending.status is SendState.read


def test_a_failure_told_later_reaches_its_writer(whatsapp: Meta, desk: Desk) -> None:
    whatsapp.answers = [accepted("wamid.a")]
    sending = desk.answers(desk.wulan_writes())
    desk.works()
    desk.hears({"statuses": [status("wamid.a", "failed", errors=[{"code": 131026}])]})
    assert (sending.status, sending.error_code) == (SendState.failed, "131026")
    told = [
        row.officer.username for row in desk.session.scalars(select(Notice)) if "send" in row.kind
    ]
    assert told == ["petugas"]


# --- the office's view ----------------------------------------------------------------------------


def test_the_command_counts_each_entry_once(whatsapp: Meta, desk: Desk, app: Flask) -> None:
    desk.answers(desk.wulan_writes())
    desk.hears({"statuses": [status("wamid.x", "sent")]}, {"messages": [message("wamid.2")]})
    desk.hears({"messages": [message("wamid.2")]})
    post(desk.client, b"bukan json")
    desk.works()
    runner: FlaskCliRunner = app.test_cli_runner()
    found = json.loads(runner.invoke(args=["channels", "status", "--json"]).output)
    assert found == {
        "deliveries": 4,
        "waiting": 0,
        "quarantined": 1,
        "messages_in": 2,
        "messages_out": 1,
        "statuses": 1,
        "calls": 0,
    }
    assert "messages_in: 2" in runner.invoke(args=["channels", "status"]).output
    assert len(desk.session.scalars(select(Message)).all()) == 3
