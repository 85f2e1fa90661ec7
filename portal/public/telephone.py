"""`/webhook/telepon/<token>`: what the telephone system pushes, kept first and read at once.

Telephone systems cannot sign, so the address itself is the secret: compared in constant time, never
written to a log (`portal.protection.logs` writes the rule of a route). Whoever knows it hears `{}`,
whatever they sent: nobody who calls is refused. Nobody else learns that there is anything.
"""

import hmac
import logging
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, abort, current_app, request

from portal.casework import deliveries
from portal.channels import telephone
from portal.config import Settings
from portal.protection.logs import told
from portal.public.site import everything

NAME = "telephone"
LARGEST = 65_536
HEARD = "{}"

hook = Blueprint(NAME, __name__)
_log = logging.getLogger("portal.telephone")


def register(app: Flask) -> None:
    """Put the address on `app`: it has no form, no session and no cookie."""
    app.register_blueprint(hook)
    if guard := app.extensions.get("csrf"):
        guard.exempt(hook)


@hook.post("/webhook/telepon/<token>")
def push(token: str) -> Response:
    """Keep an event, read it, and answer that it was heard."""
    if not _is_ours(token):
        abort(404)
    body, now = _body(), datetime.now(UTC)
    headers = {"Content-Type": (request.content_type or "")[:200]}
    with everything() as session:
        kept = deliveries.store(session, telephone.CHANNEL, body, headers, now).id
        session.commit()
        try:
            deliveries.work(session, {"delivery_id": kept}, {telephone.CHANNEL: telephone.read})
        except Exception as error:  # it is kept, and the worker reads it in a moment
            session.rollback()
            _log.warning("an event of the telephone is left to the worker: %s", told(error))
    return Response(HEARD, mimetype="application/json")


def _is_ours(token: str) -> bool:
    """Whether it is one of the tokens in force (two while it changes); never without any."""
    settings: Settings = current_app.extensions["settings"]
    known = [one.strip() for one in settings.telephone_token.split(",") if one.strip()]
    given = token.encode("utf-8", "replace")
    return any(hmac.compare_digest(one.encode(), given) for one in known)


def _body() -> bytes:
    """What was sent, as it is; of something endless the beginning, which `admin` gets to see."""
    if (request.content_length or 0) <= LARGEST and request.content_length is not None:
        return request.get_data(cache=True)
    return request.stream.read(LARGEST)
