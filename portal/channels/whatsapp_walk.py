"""What stands in a delivery of WhatsApp: plain dicts, walked and never trusted.

Meta adds kinds and leaves out fields without notice, so nothing here insists on anything but the
outermost shape: what is not what it should be is as good as absent.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

Plain = dict[str, Any]

OURS = "whatsapp_business_account"
LISTS = ("messages", "statuses", "calls", "message_echoes", "user_id_update", "errors")
HISTORY = "history"
_NAME = re.compile(r"[A-Za-z_]{1,30}")
_OLDEST = datetime(2009, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(minutes=5)
_MILLISECONDS = 10**11
_LAST = 253_402_300_799  # the end of the year 9999, after which nothing can be told


class Malformed(ValueError):
    """No delivery: not JSON, or not in the outermost shape."""


class Part(NamedTuple):
    """One entry of a list: which list, where it stands, whose number it was for, what it says."""

    of: str
    path: str
    account: str
    field: str
    data: Plain
    value: Plain


def load(body: bytes) -> Plain:
    """The JSON object of a delivery. Raises Malformed, also for what is nested too deep."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(found, dict) or not isinstance(found.get("entry"), list):
        raise Malformed
    return found


def parts(delivery: Plain) -> Iterator[Part]:
    """Every entry of every list of every change; a change without a list is one by itself."""
    for e, entry in enumerate(dicts(delivery["entry"])):
        for c, change in enumerate(dicts(entry.get("changes"))):
            value = mapping(change.get("value"))
            account = text(mapping(value.get("metadata")).get("phone_number_id"))
            field = name_of(change.get("field")) if change.get("field") else "messages"
            found = list(_past(value) if field == HISTORY else _entries(value))
            for of, place, data in found:
                yield Part(of, f"{e}.{c}.{place}", account, field, data, value)
            if not found:
                yield Part("field", f"{e}.{c}", account, field, value, value)


def _entries(value: Plain) -> Iterator[tuple[str, str, Plain]]:
    for of in LISTS:
        for i, data in enumerate(dicts(value.get(of))):
            yield of, f"{of}.{i}", data


def _past(value: Plain) -> Iterator[tuple[str, str, Plain]]:
    """What was said before the number came to the interface, each with its thread; files follow in
    a list that looks like one of new messages."""
    for h, chunk in enumerate(dicts(value.get(HISTORY))):
        for t, thread in enumerate(dicts(chunk.get("threads"))):
            for i, data in enumerate(dicts(thread.get("messages"))):
                about = {"id": thread.get("id"), **mapping(thread.get("context"))}
                yield HISTORY, f"{HISTORY}.{h}.{t}.{i}", {**data, "thread": about}
    for i, data in enumerate(dicts(value.get("messages"))):
        yield HISTORY, f"messages.{i}", data


def dicts(value: Any) -> list[Plain]:
    """The objects of a list, or the one that stands where a list should."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict)]


def mapping(value: Any) -> Plain:
    """An object, or an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """Text or a number as text that can be kept and shown; empty for anything else.

    NUL and halves of signs are left out: no database and no page takes them.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    said = str(value).replace("\0", "")
    return said.encode("utf-8", "ignore").decode()


def name_of(value: Any) -> str:
    """A code of Meta's as it may stand in a ledger; `unknown` for what is none."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else "unknown"


def moment(value: Any, now: datetime) -> tuple[datetime, str | None]:
    """When something was written, by the sender's network, and what is odd about that."""
    said = text(value)
    number = int(said) if said.isdecimal() and len(said) < 16 else 0
    seconds = number / 1000 if number > _MILLISECONDS else number
    at = datetime.fromtimestamp(min(seconds, _LAST), UTC)
    if at < _OLDEST:
        return now, "no_time"
    return (now, "future") if at > now + _AHEAD else (min(at, now), None)


def content(data: Plain) -> bytes:
    """What an entry says, in one spelling; addresses of files change with every delivery.

    Nothing for what is nested too deep to be compared.
    """
    try:
        return json.dumps(_lasting(data), sort_keys=True).encode()
    except RecursionError:
        return b""


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lasting(one) for key, one in value.items() if key != "url"}
    return [_lasting(one) for one in value] if isinstance(value, list) else value


def key(part: Part, body: bytes) -> str:
    """What names an entry wherever it is delivered again; without an id, its very bytes."""
    data, ident = part.data, text(part.data.get("id"))
    if not ident or part.of in ("field", "errors", "user_id_update"):
        return f"x:{hashlib.sha256(body).hexdigest()}:{part.path}"
    if part.of == "statuses":
        facts = (text(data.get(name)) for name in ("status", "recipient_id", "timestamp"))
        return ":".join(("s", part.account, ident, *facts))
    if part.of == "calls":
        return f"c:{part.account}:{ident}:{text(data.get('event'))}"
    if part.of == HISTORY:  # a file has the name of the message that announced it
        return f"h:{part.account}:{ident}:{name_of(data.get('type'))}"
    return f"m:{part.account}:{ident}"


KINDS = {
    **{"messages": "msg", "message_echoes": "echo", "statuses": "status", "calls": "call"},
    HISTORY: HISTORY,
}


def kind(part: Part) -> str:
    """What an entry is, as the ledger counts it: `msg:text`, `status:read`, `field:…`."""
    named = {"statuses": "status", "calls": "event"}.get(part.of, "type")
    if part.of in KINDS:
        return f"{KINDS[part.of]}:{name_of(part.data.get(named))}"
    return f"field:{part.of if part.of != 'field' else part.field}"
