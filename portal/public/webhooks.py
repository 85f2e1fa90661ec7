"""Where other machines deliver: kept first, answered in milliseconds, understood later.

Nobody is signed in here and nothing is a form: WhatsApp signs its bytes. What is refused is counted
for `admin` without its content. An error of ours is never a 200: whoever delivers tries again.
"""

import re
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from portal.access import scope
from portal.casework import channel_state, deliveries
from portal.channels import signatures
from portal.config import Settings
from portal.db import db
from portal.protection import limits

webhooks = Blueprint("webhooks", __name__)

WHATSAPP = "whatsapp"
LARGEST = 4_000_000  # bytes: Meta delivers up to 3 MB
CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)
# Counting costs a write: so many refusals of one address in a minute are enough to see.
COUNTED = "60 per minute"


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def said(code: int, text: str = "") -> Response:
    """A plain answer for a machine."""
    return Response(text, code, mimetype="text/plain")


def refuse(channel: str, code: int, why: str) -> Response:
    """No, and `admin` sees how often."""
    if limits.within(current_app, COUNTED, "refused", channel):
        with scope.system(db.session()):
            account = channel_state.inward(channel)
            channel_state.count(db.session(), account, why, datetime.now(UTC))
        db.session.commit()
    return said(code)


@webhooks.get("/webhook/whatsapp")
def subscribe() -> Response:
    """Meta asks whether this address wants its deliveries: its challenge back, if it knows us."""
    wanted = _settings().whatsapp_verify_token
    if not wanted:
        return said(404, "off")
    asked = request.args
    challenge = asked.get("hub.challenge", "")
    ours = signatures.same_text(wanted, asked.get("hub.verify_token", ""))
    if not ours or asked.get("hub.mode") != "subscribe" or not CHALLENGE.fullmatch(challenge):
        return said(403)
    return said(200, challenge)


@webhooks.post("/webhook/whatsapp")
def deliver() -> Response:
    """A delivery: its bytes are committed before Meta hears that they came."""
    known = signatures.secrets(_settings().whatsapp_secret)
    if not known:
        return said(503, "off")
    given = request.headers.get(signatures.HEADER)
    if not given:
        return refuse(WHATSAPP, 401, "unsigned")
    request.max_content_length = LARGEST
    body = request.get_data()
    if not signatures.genuine(body, given, known):
        return refuse(WHATSAPP, 403, "wrong_signature")
    deliveries.store(db.session(), WHATSAPP, body, {}, datetime.now(UTC))
    db.session.commit()
    return said(200)


@webhooks.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """More than any delivery holds: refused, but not in silence."""
    return refuse(WHATSAPP, 413, "too_large")
