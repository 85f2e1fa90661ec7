"""What was said on the office's telephone before is kept, and nobody is called because of it."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChannelDelivery, ChannelItem, Conversation, Direction, Message, Notice
from portal import jobs
from tests.support.cast import Cast
from tests.support.meta import AT, NUMBER, WULAN, WULANS_ACCOUNT, Meta, post

LONG_AGO = str(AT - 60 * 86_400)
OFFICE = "62341717744"
PLACEHOLDER = {"id": "wamid.foto", "from": WULAN, "type": "media_placeholder"}
FILE = {"id": "wamid.foto", "from": WULAN, "type": "image"}


def past(*messages: dict[str, Any], **thread: Any) -> dict[str, Any]:
    """A piece of the history with Wulan."""
    said = [{"timestamp": LONG_AGO, **one} for one in messages]
    about = {"phase": 1, "chunk_order": 1, "progress": 55}
    return {
        "history": [{"metadata": about, "threads": [{"id": WULAN, "messages": said, **thread}]}]
    }


def wrote(text: str, ident: str, **more: Any) -> dict[str, Any]:
    read = {"history_context": {"status": "READ"}}
    return {"from": WULAN, "id": ident, "type": "text", "text": {"body": text}, **read, **more}


@pytest.fixture
def tell(whatsapp: Meta, app: Flask, client: FlaskClient, cast: Cast, session: Session) -> Any:
    """Deliver pieces of the history and read them."""
    session.commit()

    def now(*values: dict[str, Any]) -> list[Message]:
        about = {"metadata": {"display_phone_number": OFFICE, "phone_number_id": NUMBER}}
        changes = [{"field": "history", "value": {**about, **one}} for one in values]
        found = {"object": "whatsapp_business_account", "entry": [{"changes": changes}]}
        assert post(client, json.dumps(found).encode()).status_code == 200
        jobs.work_off(app)
        session.rollback()
        session.expire_all()
        return list(session.scalars(select(Message).order_by(Message.at, Message.id)))

    return now


def test_it_stands_in_its_conversation_and_calls_nobody(tell: Any, session: Session) -> None:
    ours = {"from": OFFICE, "to": WULAN, "timestamp": str(AT - 50 * 86_400)}
    answer = {**wrote("Silakan datang", "wamid.2"), **ours}
    for _time in range(2):
        asked, answered = tell(past(wrote("Apa syaratnya?", "wamid.1"), answer))
    assert (asked.body, asked.direction) == ("Apa syaratnya?", Direction.masuk)
    assert answered.direction is Direction.internal and "Silakan datang" in answered.body
    talk = session.scalars(select(Conversation)).one()
    assert talk.waiting_since is None and talk.last_inbound_at is None
    assert session.scalars(select(Notice)).all() == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_file_joins_the_message_that_announced_it(
    tell: Any, whatsapp: Meta, session: Session, order: tuple[int, int]
) -> None:
    image = whatsapp.keep("lama", b"bukan gambar", mime_type="image/jpeg")
    came = {**FILE, "timestamp": LONG_AGO, "image": {**image, "caption": "Lebam"}}
    pieces = (past(PLACEHOLDER), {"messages": [came]})
    tell(pieces[order[0]])
    (message,) = tell(pieces[order[1]])
    assert (message.kind, message.body) == ("image", "Lebam")
    assert len(message.remote_files) == 1 and "lama" in "".join(whatsapp.media)
    assert session.scalars(select(ChannelDelivery.trouble)).all() == [None, None]


def test_what_a_thread_knows_of_its_person_is_enough(tell: Any, session: Session) -> None:
    nameless = wrote("Halo", "wamid.1", **{"from": None})
    (message,) = tell(past(nameless, id=None, context={"user_id": WULANS_ACCOUNT}))
    somebody = message.conversation.correspondent
    assert [one.value for one in somebody.aliases] == [WULANS_ACCOUNT]


def test_a_refusal_to_tell_the_past_is_counted(tell: Any, session: Session) -> None:
    assert tell({"history": [{"errors": [{"code": 2593109}]}]}) == []
    assert session.scalars(select(ChannelItem.kind)).all() == ["field:history"]
