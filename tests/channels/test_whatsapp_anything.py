"""Whatever stands in a delivery, somebody's message is told and nothing breaks."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.channels import whatsapp_people, whatsapp_texts
from portal.channels import whatsapp_walk as walk

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NAMES = (
    *(
        "id",
        "from",
        "from_user_id",
        "timestamp",
        "type",
        "text",
        "body",
        "image",
        "audio",
        "caption",
    ),
    *("sha256", "filename", "voice", "location", "latitude", "contacts", "phones", "name", "wa_id"),
    *("button", "interactive", "nfm_reply", "response_json", "list_reply", "title", "order"),
    *("product_items", "unsupported", "errors", "code", "context", "referral", "profile"),
    *("message_id", "group_id", "metadata", "phone_number_id", "user_id", "status", "event"),
)
KINDS = st.sampled_from(
    [*whatsapp_texts._TELLERS, "reaction", "edit", "system", "masa_depan", "\ud83d", ""]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | KINDS
THINGS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=20,
)
MESSAGES = st.dictionaries(st.sampled_from(NAMES), THINGS, max_size=8)


@given(message=MESSAGES, kind=KINDS, contacts=THINGS)
def test_any_message_is_told_as_something_that_can_be_kept(
    message: dict[str, Any], kind: str, contacts: Any
) -> None:
    said = {**message, "type": kind}
    value = {"messages": [said], "contacts": contacts, "metadata": message.get("metadata")}
    body = json.dumps({"entry": [{"changes": [{"value": value}]}]}).encode()
    (part, *_more) = walk.parts(walk.load(body))
    told = whatsapp_texts.tell(part.data)
    assert told.kind
    for text in (told.body, whatsapp_texts.details(told) or "", walk.kind(part)):
        assert "\0" not in text.encode().decode()
    assert whatsapp_people.sender(part.data, part.value).names
    assert len(walk.kind(part)) <= 40 and len(part.path) <= 60
    assert walk.key(part, body) and walk.content(part.data)
    assert walk.moment(part.data.get("timestamp"), NOW)[0] <= NOW


@given(thing=THINGS)
def test_anything_that_is_no_delivery_is_said_to_be_malformed(thing: Any) -> None:
    body = json.dumps(thing).encode()
    with pytest.raises(walk.Malformed):
        walk.load(body)


@given(body=st.binary(max_size=60))
def test_any_bytes_at_all_are_refused_without_a_crash(body: bytes) -> None:
    with pytest.raises(walk.Malformed):
        walk.load(body)
