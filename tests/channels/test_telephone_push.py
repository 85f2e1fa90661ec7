"""`/webhook/telepon/<token>`: what a telephone system pushes, in every spelling and any order."""

import itertools
import json
import logging
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from models import (
    AuditEntry,
    Call,
    CallState,
    Channel,
    ChannelDelivery,
    Conversation,
    Direction,
    Message,
    Notice,
)
from portal.access import scope
from portal.casework import deliveries, ringing
from portal.channels import telephone
from portal.config import Settings
from portal.jobs import READERS, work_off
from portal.screens.channel_texts import NAMES
from tests.conftest import SECRETS
from tests.screens.generated.conftest import House, house
from tests.support.databases import both_engines

__all__ = ["house"]
TOKEN, OLDER = "rahasia-telepon-0123456789", "rahasia-telepon-lama-98765"
NUMBER = "+6281200000001"


@pytest.fixture
def settings(database_url: str, shared_folder: Any) -> Settings:
    """A telephone system knows the address; the older token is still in force."""
    places = {"DATABASE_URL": database_url, "PORTAL_DATA": str(shared_folder)}
    token = {"PORTAL_TELEPHONE_TOKEN": f"{TOKEN},{OLDER}", "PORTAL_BACKUPS": "off"}
    return Settings.read(SECRETS | places | token | {"PORTAL_ENV": "testing"})


@pytest.fixture
def desk(house: House) -> House:
    """Sari's telephone is 101, Ratna's 102."""
    house.cast.sari.extension, house.cast.ratna.extension = "101", "102"
    house.session.commit()
    return house


def push(app: Flask, token: str = TOKEN, form: bool = False, **said: Any) -> Any:
    body = urlencode(said, doseq=True) if form else json.dumps(said)
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    return app.test_client().post(f"/webhook/telepon/{token}", data=body, content_type=kind)


def rings(house: House, call: str = "c1", **more: Any) -> Any:
    return push(house.app, event="newCall", callId=call, **{"from": NUMBER, "to": "100"} | more)


def answered(house: House, call: str = "c1", at: str = "101") -> Any:
    return push(house.app, event="answer", callId=call, answeringNumber=at, **{"from": NUMBER})


def hung_up(house: House, call: str = "c1", cause: str = "normalClearing") -> Any:
    return push(house.app, event="hangup", callId=call, cause=cause, **{"from": NUMBER})


def calls(house: House) -> list[Call]:
    house.session.rollback()
    return list(house.session.scalars(select(Call).order_by(Call.id)))


def only(house: House) -> Call:
    (call,) = calls(house)
    return call


# --- the door -------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [TOKEN, OLDER])
def test_whoever_knows_the_address_hears_that_it_was_heard(desk: House, token: str) -> None:
    answer = push(desk.app, token, event="newCall", callId="c1", **{"from": NUMBER, "to": "100"})
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "{}", "application/json")
    assert "Set-Cookie" not in answer.headers
    assert only(desk).state is CallState.ringing


@pytest.mark.parametrize("token", ["salah", TOKEN[:-1], f"{TOKEN},{OLDER}", "%00", "ñ"])
def test_nobody_else_learns_that_there_is_anything(desk: House, token: str) -> None:
    assert rings(desk).status_code == 200
    answer = push(desk.app, token, event="newCall", callId="c2")
    assert answer.status_code in (400, 404) and len(calls(desk)) == 1


def test_without_a_token_the_channel_is_off(app: Flask, monkeypatch: Any) -> None:
    without = Settings.read(SECRETS | {"PORTAL_ENV": "testing"})
    monkeypatch.setitem(app.extensions, "settings", without)
    assert push(app, "", event="newCall").status_code == 404
    assert push(app, event="newCall", callId="c1").status_code == 404


def test_the_address_stands_in_no_log(desk: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rings(desk)
    push(desk.app, "salah-sekali", event="newCall")
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "/webhook/telepon/<token>" in said
    assert TOKEN not in said and "salah-sekali" not in said and NUMBER not in said


def test_a_weak_token_stops_the_start_of_a_production() -> None:
    weak = Settings.read(SECRETS | {"PORTAL_ENV": "testing"})
    told = Settings(**{**vars(weak), "telephone_token": f"{TOKEN},pendek"})._unsafe_doors()
    assert "PORTAL_TELEPHONE_TOKEN is weak" in " ".join(told)


# --- what it says ---------------------------------------------------------------------------------

SPELLINGS: tuple[dict[str, Any], ...] = (
    {"callId": "c1", "user": "101"},
    {"callid": "c1", "user": ["101", "102"]},
    {"call_id": "c1", "user[]": ["101", "102"]},
    {"CallID": "c1", "caller": "101"},
    {"uniqueid": "c1", "answeringNumber": "101"},
    {"caller_id": "c1", "answering_number": "sip:101@pbx.kantor.example"},
)


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize("said", SPELLINGS, ids=lambda one: "-".join(one))
def test_every_spelling_of_the_papers_is_taken(desk: House, said: dict, form: bool) -> None:
    answer = push(desk.app, form=form, event="answer", direction="in", **said, **{"from": NUMBER})
    assert answer.status_code == 200
    call = only(desk)
    assert (call.state, call.officer, call.number) == (CallState.talking, desk.cast.sari, NUMBER)


def test_a_form_with_a_boundary_is_read_too(desk: House) -> None:
    facts = {"event": "newCall", "callId": "c1", "from": NUMBER, "to": "100"}
    sent = desk.app.test_client().post(
        f"/webhook/telepon/{TOKEN}", data=facts, content_type="multipart/form-data"
    )
    assert sent.status_code == 200 and only(desk).number == NUMBER


def test_a_number_without_quotes_keeps_every_digit(desk: House) -> None:
    body = '{"event": "newCall", "callId": 1764115200.10, "from": 6281200000001, "to": 100}'
    desk.app.test_client().post(f"/webhook/telepon/{TOKEN}", data=body)
    body = body.replace("newCall", "hangup").replace("1764115200.10", '"1764115200.10"')
    desk.app.test_client().post(f"/webhook/telepon/{TOKEN}", data=body)
    assert (only(desk).number, only(desk).state) == (NUMBER, CallState.missed)


def test_a_mark_before_the_first_sign_hides_no_event(desk: House) -> None:
    body = b'\xef\xbb\xbf{"event": "newCall", "callId": "c1", "from": "%b"}' % NUMBER.encode()
    desk.app.test_client().post(f"/webhook/telepon/{TOKEN}", data=body)
    assert only(desk).number == NUMBER


@pytest.mark.parametrize(
    "spelt",
    [
        *("081200000001", "+62 812-0000-0001", "006281200000001", "6281200000001"),
        *("sip:+6281200000001@pbx", "tel:+62-812-0000-0001", '"Ibu" <081200000001>'),
        "%2B6281200000001",
    ],
)
def test_a_number_is_the_same_however_it_is_spelt(desk: House, spelt: str) -> None:
    rings(desk, **{"from": spelt})
    assert only(desk).number == NUMBER


@pytest.mark.parametrize(
    "hidden", ["anonymous", "Anonymous", "", "unknown", "sip:anonymous@x", None]
)
def test_a_hidden_number_is_no_number(desk: House, hidden: str | None) -> None:
    rings(desk, **{"from": hidden})
    rings(desk, "c2", **{"from": hidden})
    assert [one.number for one in calls(desk)] == [None, None]
    assert len({one.conversation_id for one in calls(desk)}) == 2  # nobody is taken for another


# --- any order, any number of times ---------------------------------------------------------------

EVENTS = {"ring": rings, "answer": answered, "hangup": hung_up}


@pytest.mark.parametrize("order", list(itertools.permutations(EVENTS)), ids="-".join)
def test_the_events_come_in_any_order(desk: House, order: tuple[str, ...]) -> None:
    for name in (*order, *order):
        assert EVENTS[name](desk).status_code == 200
    call = only(desk)
    assert (call.state, call.officer) == (CallState.talking, desk.cast.sari)
    assert call.answered_at and call.ended_at and call.cause == "normalClearing"
    (message,) = desk.session.scalars(select(Message))
    assert (message.kind, message.direction) == ("call", Direction.masuk)
    assert json.loads(message.details or "") == {"call": call.id}
    assert message.conversation.channel is Channel.telepon
    assert message.conversation.waiting_since is None


@both_engines
def test_a_call_that_nobody_answers_waits_to_be_called_back(desk: House) -> None:
    rings(desk)
    hung_up(desk, cause="noAnswer")
    hung_up(desk, cause="noAnswer")
    call = only(desk)
    assert (call.state, call.officer, call.cause) == (CallState.missed, None, "noAnswer")
    assert call.conversation.waiting_since is not None
    told = desk.session.scalars(select(Notice).where(Notice.kind == ringing.MISSED)).all()
    assert {one.officer for one in told} == {desk.cast.sari, desk.cast.ratna}
    assert "6281200000001" not in "".join(str(vars(one)) for one in told)


def test_at_an_unknown_telephone_the_call_is_nobodys_and_all_of_intake_sees_it(desk: House) -> None:
    rings(desk)
    answered(desk, at="999")
    call = only(desk)
    assert (call.officer, call.extension, call.state) == (None, "999", CallState.talking)
    for who in (desk.cast.sari, desk.cast.ratna, desk.cast.budi):
        assert scope.sees(desk.session, who, call)
    assert not scope.sees(desk.session, desk.cast.maya, call)
    hung_up(desk)
    assert only(desk).state is CallState.ended


def test_admin_learns_at_which_telephone_nobody_is_known(desk: House) -> None:
    """And when it last told of a call at all."""
    desk.cast.maya.extension = "201"
    desk.session.commit()
    for number, at in enumerate(("999", "101", "201")):
        answered(desk, f"c{number}", at)
    page = desk.desk("admin").get("/admin/kanal/").text
    assert re.search(r"Pesawat telepon tanpa petugas</dt>\s*<dd[^>]*><a [^>]*>999</a>", page)
    assert re.search(r">Telepon</t[dh]>\s*<td[^>]*>[^–]+</td>", page) and NUMBER[-7:] not in page
    desk.cast.sari.extension = "999"
    desk.session.commit()
    assert "999" not in desk.desk("admin").get("/admin/kanal/").text


def test_an_event_that_no_reader_survives_stands_with_the_calls(
    desk: House, monkeypatch: Any
) -> None:
    monkeypatch.setattr(ringing, "hear", None)
    rings(desk)
    delivery = desk.session.scalars(select(ChannelDelivery)).one()
    for _try in range(deliveries.TRIES):
        with suppress(deliveries.StillFailing):
            readers = {telephone.CHANNEL: telephone.read}
            deliveries.work(desk.session, {"delivery_id": delivery.id}, readers)
    assert desk.session.scalars(select(Conversation.channel)).all() == [Channel.telepon]


def test_every_channel_that_delivers_has_its_name_on_the_page_of_admin() -> None:
    assert set(NAMES) == set(READERS)


def test_a_counsellors_telephone_does_not_take_a_call_from_intake(desk: House) -> None:
    desk.cast.maya.extension = "201"
    desk.session.commit()
    answered(desk, at="201")
    assert only(desk).officer is None


def test_an_outgoing_call_is_noted_and_never_missed(desk: House) -> None:
    said = {"direction": "out", "from": "101", "to": NUMBER, "user": "101"}
    push(desk.app, event="newCall", callId="c1", **said)
    hung_up(desk)
    call = only(desk)
    assert (call.direction, call.officer) == (Direction.keluar, desk.cast.sari)
    assert (call.state, call.number) == (CallState.ended, NUMBER)


def test_what_rings_for_ten_minutes_was_missed_though_nobody_told(desk: House) -> None:
    rings(desk)
    assert ringing.tidy(desk.session, datetime.now(UTC)) == 0
    assert ringing.tidy(desk.session, datetime.now(UTC) + timedelta(minutes=11)) == 1
    desk.session.commit()
    assert only(desk).state is CallState.missed


# --- one conversation a number --------------------------------------------------------------------


def test_calls_of_one_number_stand_in_one_conversation_while_nobody_answers_it(desk: House) -> None:
    for name in ("c1", "c2", "c3"):
        rings(desk, name)
        hung_up(desk, name)
    talks = {one.conversation_id for one in calls(desk)}
    assert len(talks) == 1
    answered(desk, "c4")
    assert {one.conversation_id for one in calls(desk)} == talks
    assert calls(desk)[0].conversation.owner is desk.cast.sari


def test_who_answers_today_has_not_read_what_a_colleague_was_told(desk: House) -> None:
    answered(desk, "c1", at="101")
    answered(desk, "c2", at="102")
    first, second = calls(desk)
    assert second.conversation.split_from is first.conversation
    assert second.conversation.correspondent is first.conversation.correspondent
    assert not scope.sees(desk.session, desk.cast.ratna, first)
    rings(desk, "c3")
    answered(desk, "c3", at="101")
    assert calls(desk)[2].conversation is first.conversation


# --- bad input ------------------------------------------------------------------------------------

NONSENSE = {
    "nothing": b"",
    "no event": b'{"callId": "c1", "from": "081200000001"}',
    "no call": b'{"event": "newCall", "from": "081200000001"}',
    "the number as the call": b'{"event": "newCall", "caller_id": "081200000001"}',
    "another event": b'{"event": "dtmf", "callId": "c1"}',
    "half of it": b'{"event": "newCall", "callId": "c1", "fro',
    "a list": b"[1, 2]",
    "deep": b"[" * 60_000,
    "a text": "halo \U0001f600".encode(),
    "not UTF-8": b"\xff\xfe\x00event",
    "endless": b"a" * 200_000,
    "a long name": b"event=newCall&callId=" + b"9" * 300,
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_kept_for_admin_and_refuses_nobody(desk: House, body: bytes) -> None:
    answer = desk.app.test_client().post(f"/webhook/telepon/{TOKEN}", data=body)
    assert (answer.status_code, answer.text) == (200, "{}")
    delivery = desk.session.scalars(select(ChannelDelivery)).one()
    assert (delivery.trouble, calls(desk)) == ("malformed", [])
    told = desk.session.scalars(select(Notice.officer_id).where(Notice.kind == "channel_trouble"))
    assert desk.cast.admin.id in set(told)


@both_engines
def test_signs_that_no_column_holds_lose_no_call(desk: House) -> None:
    said = {"event": "newCall", "callId": "c\ud83d\0", "from": "08\0", "user": "\0"}
    body = json.dumps(said)
    answer = desk.app.test_client().post(f"/webhook/telepon/{TOKEN}", data=body)
    assert answer.status_code == 200 and only(desk).state is CallState.ringing


def test_what_the_request_could_not_read_the_worker_reads(desk: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(telephone, "read", None)
    assert rings(desk).status_code == 200 and calls(desk) == []
    monkeypatch.undo()
    work_off(desk.app)
    assert only(desk).number == NUMBER
    work_off(desk.app)
    assert desk.session.scalar(select(func.count(Conversation.id))) == 1


def test_no_number_stands_in_the_log_of_the_office(desk: House) -> None:
    rings(desk)
    desk.session.rollback()
    entries = desk.session.scalars(select(AuditEntry)).all()
    assert not any(NUMBER.encode() in (one.details or b"") for one in entries)
