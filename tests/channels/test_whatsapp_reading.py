"""Every message stands once, as what it is, in the right conversation."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Alias,
    ChannelDelivery,
    ChannelItem,
    Conversation,
    Correspondent,
    Direction,
    Message,
    MessageMark,
    Notice,
    RemoteFile,
    Role,
)
from portal import jobs
from portal.casework import hearing, marks
from tests.support.cast import Cast
from tests.support.meta import (
    AT,
    WULAN,
    WULANS_ACCOUNT,
    Meta,
    contact,
    delivery,
    message,
    post,
)

Deliver = Any


@pytest.fixture
def deliver(whatsapp: Meta, app: Flask, client: FlaskClient, session: Session) -> Deliver:
    """Deliver values and read them; the session sees what came of it."""

    def now(*values: dict[str, Any], **about: Any) -> None:
        assert post(client, delivery(*values, **about)).status_code == 200
        jobs.work_off(app)
        session.rollback()
        session.expire_all()

    return now


def said(session: Session) -> list[tuple[str, str]]:
    found = session.scalars(select(Message).order_by(Message.id))
    return [(one.kind, one.body) for one in found if one.direction is Direction.masuk]


def events(session: Session) -> list[str]:
    found = session.scalars(select(Message).order_by(Message.id))
    return [one.body for one in found if one.direction is Direction.internal]


def one(session: Session) -> Message:
    return session.scalars(select(Message)).one()


def of_type(kind: str, data: Any, ident: str = "wamid.1", **more: Any) -> dict[str, Any]:
    return message(ident, text=None, type=kind, **{kind: data}, **more)


# --- as what it is --------------------------------------------------------------------------------

KINDS = [
    ("location", {"latitude": -7.98, "longitude": 112.63, "name": "Alun-alun"}, "Alun-alun\n-7.98"),
    ("contacts", [{"name": {"formatted_name": "Tante"}, "phones": [{"phone": "0811"}]}], "Tante:"),
    ("button", {"text": "Ya", "payload": "ya"}, "Ya"),
    ("interactive", {"type": "list_reply", "list_reply": {"title": "Besok"}}, "Besok"),
    ("unsupported", {"type": "edit"}, "Pengirim mengubah pesan; isi barunya tidak tersedia."),
    ("poll_of_tomorrow", {"title": "Jam berapa?"}, "Pesan jenis poll_of_tomorrow"),
]


@pytest.mark.parametrize(("kind", "data", "beginning"), KINDS)
def test_a_message_is_shown_as_what_it_is(
    deliver: Deliver, session: Session, kind: str, data: Any, beginning: str
) -> None:
    deliver({"messages": [of_type(kind, data)]})
    assert one(session).body.startswith(beginning)


def test_a_recorded_voice_is_told_from_a_song_and_waits_for_its_file(
    deliver: Deliver, session: Session
) -> None:
    deliver({"messages": [of_type("audio", {"id": "m1", "voice": True, "mime_type": "audio/ogg"})]})
    assert one(session).kind == "voice"
    assert session.scalars(select(RemoteFile)).one().media_id == "m1"


def test_nothing_in_a_message_breaks_the_page_or_the_database(
    deliver: Deliver, session: Session
) -> None:
    odd = json.loads('"a\\u0000b \\ud83d c\\u202e"')
    deliver({"messages": [message("wamid.1", odd), message("wamid.2", "x" * 65_000)]})
    assert said(session) == [("text", "ab  c\u202e"), ("text", "x" * 65_000)]


@pytest.mark.parametrize("depth", [400, 900])
def test_what_is_nested_deep_hides_neither_its_message_nor_the_next_one(
    deliver: Deliver, session: Session, depth: int
) -> None:
    deep = json.loads("[" * depth + "]" * depth)
    deliver({"messages": [message("wamid.1", "dalam", lagi=deep), message("wamid.2", "biasa")]})
    assert [text for _kind, text in said(session)] == ["dalam", "biasa"]


FAR = {"timestamp": "9" * 15}  # the year 33658


@pytest.mark.parametrize(
    "broken", [{"timestamp": "besok"}, {"timestamp": None}, {"timestamp": "99999999999"}, FAR]
)
def test_an_impossible_time_is_taken_for_now_and_marked(
    deliver: Deliver, session: Session, broken: dict[str, Any]
) -> None:
    deliver({"messages": [message("wamid.1", **broken)]})
    assert one(session).at <= datetime.now(UTC)
    assert "clock" in (one(session).details or "")


def test_a_message_of_last_week_keeps_its_time_and_says_that_it_is_late(
    deliver: Deliver, session: Session
) -> None:
    deliver({"messages": [message("wamid.1", timestamp=str(AT - 6 * 86_400))]})
    assert one(session).at == datetime.fromtimestamp(AT - 6 * 86_400, UTC)
    assert hearing.late(one(session))


@pytest.mark.parametrize(
    "gone", [{"type": None}, {"from": None}, {"id": None}, {"text": None}, {"text": "halo"}]
)
def test_a_message_without_one_of_its_parts_is_a_message_all_the_same(
    deliver: Deliver, session: Session, gone: dict[str, Any]
) -> None:
    body = {"messages": [message("wamid.1", **gone)]}
    deliver(body)
    deliver(body)
    assert len(said(session)) == 1


# --- once, in the right conversation --------------------------------------------------------------


def test_a_message_that_comes_again_in_another_batch_stands_once(
    deliver: Deliver, session: Session
) -> None:
    deliver({"messages": [message("wamid.1", "satu"), message("wamid.2", "dua")]})
    deliver({"messages": [message("wamid.2", "dua"), message("wamid.3", "tiga")]})
    deliver({"messages": [message("wamid.1", "lain")]})
    assert [text for _kind, text in said(session)] == ["satu", "dua", "tiga"]
    assert session.scalar(select(func.sum(ChannelItem.conflicts))) == 1


def test_names_are_not_swapped_whatever_their_order(deliver: Deliver, session: Session) -> None:
    two = "628110000002"
    deliver(
        {
            "contacts": [contact("Tini", two), contact("Wulan", WULAN)],
            "messages": [message("wamid.1", "dari Wulan"), message("wamid.2", "dari Tini", two)],
        }
    )
    found = {
        row.body: row.conversation.correspondent.name
        for row in session.scalars(select(Message))
        if row.conversation.correspondent
    }
    assert found == {"dari Wulan": "Wulan", "dari Tini": "Tini"}


OLD = ("satu", "dua")
# Two messages under the old name, the change, one under the new name: whatever comes first.
ORDERS = [(0, 1, 2, 3), (2, 0, 1, 3), (0, 2, 3, 1), (2, 3, 1, 0), (3, 2, 1, 0), (3, 0, 2, 1)]
NOTED = Message.kind == "event"


def account(ident: str, text: str, *, number: str | None, user: str | None) -> dict[str, Any]:
    about = contact("Wulan", number, user)
    return {
        "contacts": [about],
        "messages": [message(ident, text, number, **{"from": number, "from_user_id": user})],
    }


def test_somebody_without_a_number_is_known_by_the_account_and_keeps_the_conversation(
    deliver: Deliver, session: Session
) -> None:
    deliver(account("wamid.1", "satu", number=None, user=WULANS_ACCOUNT))
    deliver(account("wamid.2", "dua", number=WULAN, user=WULANS_ACCOUNT))
    deliver(account("wamid.3", "tiga", number=WULAN, user=None))
    assert len(session.scalars(select(Conversation)).all()) == 1
    kinds = session.scalars(select(Alias.kind).order_by(Alias.kind)).all()
    assert kinds == ["bsuid", "phone"]


def test_a_number_with_another_account_is_another_person_and_both_are_to_be_checked(
    deliver: Deliver, session: Session
) -> None:
    deliver(account("wamid.1", "satu", number=WULAN, user=WULANS_ACCOUNT))
    deliver(account("wamid.2", "dua", number=WULAN, user="ID.2000000002"))
    talks = session.scalars(select(Conversation).order_by(Conversation.id)).all()
    assert [[m.body for m in one.messages if m.direction is Direction.masuk] for one in talks] == [
        ["satu"],
        ["dua"],
    ]
    assert len(events(session)) == 2


def test_an_account_that_became_another_one_keeps_the_conversation_and_warns(
    deliver: Deliver, session: Session
) -> None:
    new = "ID.3000000003"
    deliver(account("wamid.1", "satu", number=None, user=WULANS_ACCOUNT))
    change = {"user_id": {"previous": WULANS_ACCOUNT, "current": new}}
    deliver({"user_id_update": [change]})
    deliver(account("wamid.2", "dua", number=None, user=new))
    assert len(session.scalars(select(Conversation)).all()) == 1
    assert events(session) == [
        "Nomor atau akun WhatsApp pengirim berubah: periksa ulang identitasnya."
    ]


@pytest.mark.parametrize("order", ORDERS)
def test_what_was_written_before_a_change_and_comes_after_it_stays_in_the_conversation(
    deliver: Deliver, session: Session, order: tuple[int, ...]
) -> None:
    new, later = "ID.3000000003", {"timestamp": str(AT + 600)}
    change = {"user_id": {"previous": WULANS_ACCOUNT, "current": new}, "timestamp": str(AT + 300)}
    after = account("wamid.3", "tiga", number=None, user=new)
    after["messages"][0] |= later
    four = (
        account("wamid.1", "satu", number=None, user=WULANS_ACCOUNT),
        account("wamid.2", "dua", number=None, user=WULANS_ACCOUNT),
        {"user_id_update": [change]},
        after,
    )
    for one_of_them in order:
        deliver(four[one_of_them])
    talks = session.scalars(select(Conversation)).all()
    told_late = {0, 1} & set(order[: order.index(2)]) and order.index(3) < order.index(2)
    assert len(talks) == (2 if told_late else 1)  # two that were begun apart are never merged
    (old,) = {row.conversation_id for row in session.scalars(select(Message)) if row.body in OLD}
    assert any(row.conversation_id == old for row in session.scalars(select(Message).where(NOTED)))


def test_a_number_that_was_handed_on_tells_who_had_it_when_it_was_written(
    deliver: Deliver, session: Session
) -> None:
    new, heir = "628110000009", {"timestamp": str(AT + 900)}
    moved = {"type": "user_changed_number", "wa_id": new}
    system = of_type("system", moved, "wamid.2", timestamp=str(AT + 300))
    deliver({"messages": [message("wamid.1", "lama")]})
    deliver({"messages": [system]})
    deliver({"messages": [message("wamid.3", "pemilik baru", **heir)]})
    deliver({"messages": [message("wamid.4", "terlambat")]})
    found = session.scalars(select(Message).where(Message.direction == Direction.masuk)).all()
    place = {row.body: row.conversation_id for row in found}
    assert place["lama"] == place["terlambat"] != place["pemilik baru"]


def test_a_change_that_contradicts_what_is_known_merges_nobody(
    deliver: Deliver, session: Session
) -> None:
    other = "ID.3000000003"
    deliver(account("wamid.1", "satu", number=None, user=WULANS_ACCOUNT))
    deliver(account("wamid.2", "dua", number=None, user=other))
    changed = {"type": "user_changed_user_id", "user_id": other, "previous_user_id": WULANS_ACCOUNT}
    deliver({"messages": [of_type("system", changed, "wamid.3", **{"from": None})]})
    assert len(session.scalars(select(Correspondent)).all()) == 2
    assert len(events(session)) == 2


# --- what becomes of a message --------------------------------------------------------------------


def reaction(ident: str, sign: str | None) -> dict[str, Any]:
    return of_type("reaction", {"message_id": "wamid.1", "emoji": sign}, ident)


@pytest.mark.parametrize("first", [True, False])
def test_an_edit_and_a_withdrawal_leave_what_was_written(
    deliver: Deliver, session: Session, first: bool
) -> None:
    new = {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "baru"}}}
    gone = {"original_message_id": "wamid.1"}
    original = {"messages": [message("wamid.1", "lama")]}
    later = {"messages": [of_type("edit", new, "wamid.2"), of_type("revoke", gone, "wamid.3")]}
    for one_of_them in (original, later) if first else (later, original):
        deliver(one_of_them)
    assert said(session) == [("text", "lama")]
    assert events(session) == []
    (row,) = session.scalars(select(Message))
    assert [mark.kind for mark in marks.of(session, [row])[row.id]] == ["edit", "revoke"]


@pytest.mark.parametrize("first", [True, False])
def test_an_edit_that_asks_for_haste_raises_the_conversation(
    deliver: Deliver, session: Session, first: bool
) -> None:
    told = {"type": "text", "text": {"body": "Dia mau membunuh saya"}}
    new = {"original_message_id": "wamid.1", "message": told}
    original, later = message("wamid.1", "Halo"), of_type("edit", new, "wamid.2")
    for entry in (original, later) if first else (later, original):
        deliver({"messages": [entry]})
    row = one(session)
    assert [found.words for found in row.findings] == ["membunuh"] and row.conversation.urgent


def test_a_sign_is_shown_until_it_is_taken_back(deliver: Deliver, session: Session) -> None:
    deliver({"messages": [message("wamid.1"), reaction("wamid.2", "👍")]})
    row = one(session)
    assert [mark.body for mark in marks.of(session, [row])[row.id]] == ["👍"]
    deliver({"messages": [reaction("wamid.3", None)]})
    assert marks.of(session, [one(session)])[row.id] == []


def test_a_call_nobody_can_answer_is_one_entry_to_call_back(
    deliver: Deliver, session: Session
) -> None:
    call = {"id": "wacid.1", "from": WULAN, "timestamp": str(AT), "direction": "USER_INITIATED"}
    deliver({"calls": [{**call, "event": "connect"}]})
    deliver({"calls": [{**call, "event": "terminate"}]})
    assert said(session) == [("call", "Panggilan WhatsApp yang tidak terjawab")]


# --- who is told, and what waits for admin --------------------------------------------------------


def test_intake_hears_once_of_a_burst_and_then_the_owner_alone(
    cast: Cast, deliver: Deliver, session: Session
) -> None:
    deliver({"messages": [message("wamid.1"), message("wamid.2")]})
    told = [row.officer.role for row in session.scalars(select(Notice))]
    assert told == [Role.petugas, Role.petugas]
    session.scalars(select(Conversation)).one().owner_id = cast.sari.id
    for notice in session.scalars(select(Notice)):
        notice.read_at = datetime.now(UTC)
    session.commit()
    deliver({"messages": [message("wamid.3")]})
    unread = session.scalars(select(Notice).where(Notice.read_at.is_(None))).all()
    assert [row.officer.username for row in unread] == ["petugas"]


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b"bukan json", "malformed"),
        (b"[" * 200_000, "malformed"),
        (b'{"object":"whatsapp_business_account","entry":{}}', "malformed"),
        (b'{"object":"page","entry":[]}', "foreign"),
        (delivery({"messages": [message("wamid.1")]}, number="999"), "foreign"),
        (b"\xff\xfe\x00", "malformed"),
    ],
)
def test_what_is_no_delivery_for_us_waits_for_admin_and_is_not_lost(
    cast: Cast,
    whatsapp: Meta,
    app: Flask,
    client: FlaskClient,
    session: Session,
    body: bytes,
    trouble: str,
) -> None:
    assert post(client, body).status_code == 200
    jobs.work_off(app)
    row = session.scalars(select(ChannelDelivery)).one()
    assert (row.trouble, row.body, said(session)) == (trouble, body, [])
    told = {notice.officer.role for notice in session.scalars(select(Notice))}
    assert told == {Role.admin}


def test_news_about_the_account_is_told_to_admin_alone(
    cast: Cast, whatsapp: Meta, app: Flask, client: FlaskClient, session: Session
) -> None:
    change = {"field": "account_update", "value": {"event": "ACCOUNT_RESTRICTION"}}
    post(client, json.dumps({"entry": [{"changes": [change]}]}).encode())
    jobs.work_off(app)
    assert session.scalars(select(ChannelItem.kind)).all() == ["field:account_update"]
    assert {row.officer.role for row in session.scalars(select(Notice))} == {Role.admin}


def test_no_number_stands_anywhere_in_the_open(deliver: Deliver, session: Session) -> None:
    """Ids of WhatsApp spell out the number: keys are hashed, the rest is sealed."""
    deliver(
        {"contacts": [contact("Wulan")], "messages": [message("wamid.628110000001", "rahasia")]}
    )
    for table in ("channel_item", "channel_delivery", "message", "alias", "correspondent", "job"):
        rows = session.connection().exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
        assert WULAN not in repr(rows) and "rahasia" not in repr(rows) and "Wulan" not in repr(rows)
    assert session.scalar(select(func.count(MessageMark.id))) == 0
