"""Answers by WhatsApp: what Meta is asked to send, and what its answer means."""

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from models import Sending
from portal import meta
from portal.casework import conversations, correspondents, send_errors
from portal.casework.outcomes import Accepted, Failed, Outcome, Retry, Stopped, Unknown
from portal.casework.send_errors import Do
from portal.config import Settings
from portal.queue import Away

GATEWAY_TIMEOUT = 504
LONGEST_PAIR = 6  # 4^6 seconds are more than an hour


def send(session: Session, sending: Sending) -> Outcome:
    """Ask Meta to send one message: a transport of `portal.jobs.TRANSPORTS`."""
    settings: Settings = current_app.extensions["settings"]
    if not meta.on(settings):
        return Failed("off")
    asked, tries = payload(session, sending), sending.attempts
    session.commit()  # nothing is held while the network is waited for
    try:
        answer = meta.send(settings, asked)
    except Away:
        return Retry("away")
    except meta.Uncertain:
        return Unknown()
    except meta.Refused as error:
        return meaning(error.http, error.code, tries)
    named = _named(answer)
    return Accepted(named) if named else Unknown()


def _named(answer: dict[str, Any]) -> str:
    """The name of the message, where Meta took it and told one."""
    found = answer.get("messages")
    first = found[0] if isinstance(found, list) and found else None
    named = first.get("id") if isinstance(first, dict) else None
    return named if isinstance(named, str) else ""


def meaning(http: int, code: str | None, tries: int) -> Outcome:
    """What a refusal means: Meta's code decides, else the status of HTTP.

    A gateway that gave up waiting does not know whether Meta took the message.
    """
    known = send_errors.ERRORS.get(code or "")
    if known is not None and code is not None:
        return _known(known.do, code, tries)
    if http == GATEWAY_TIMEOUT:
        return Unknown()
    if http >= 500 or http == 429:
        return Retry(code or f"http_{http}")
    return Stopped("190") if http in (401, 403) else Failed(code or f"http_{http}")


def _known(do: Do, code: str, tries: int) -> Outcome:
    if do is Do.stop:
        return Stopped(code)
    if do is Do.fail:
        return Failed(code)
    pause = timedelta(seconds=4 ** min(tries, LONGEST_PAIR)) if do is Do.pair else None
    return Retry(code, pause)


def payload(session: Session, sending: Sending) -> dict[str, Any]:
    """What Meta is asked: an account is a `recipient`, a number is `to`; our uuid comes back."""
    to = sending.to_value
    number = sending.to_kind == correspondents.PHONE
    asked: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **({"to": to.removeprefix("+")} if number else {"recipient": to}),
        "biz_opaque_callback_data": str(sending.uuid),
        **(_template(sending) if sending.template else _text(sending)),
    }
    quoted = sending.message.reply_to_key
    original = conversations.by_key(session, quoted) if quoted else None
    if original is not None and original.external_id:
        asked["context"] = {"message_id": original.external_id}
    return asked


def _text(sending: Sending) -> dict[str, Any]:
    return {"type": "text", "text": {"body": sending.message.body, "preview_url": False}}


def _template(sending: Sending) -> dict[str, Any]:
    gaps = (sending.parameters or "").split("\n") if sending.parameters else []
    body = {"type": "body", "parameters": [{"type": "text", "text": gap} for gap in gaps]}
    return {
        "type": "template",
        "template": {
            "name": sending.template,
            "language": {"code": sending.language or "id"},
            "components": [body] if gaps else [],
        },
    }
