"""How long taking in a delivery takes, beside a bare Flask route that does the least that counts.

Both check the signature over the very bytes and commit a row before they answer, durably, on SQLite
in files of one folder. Ours seals the bytes, knows those that came before, and asks for the job
that reads them.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path

from flask import Flask, Response, abort, request
from flask.testing import FlaskClient

from bench.measure import Result, compare
from models import Base
from portal.app import create_app
from portal.db import DURABLE, PRAGMAS, db
from portal.environment import environment
from seed.load import load

SECRET = "rahasia-untuk-mengukur"
PLACE = "/webhook/whatsapp"
DELIVERIES = 50
NUMBERS = count(1)


def measure(folder: Path) -> list[Result]:
    """One delivery of one message, and how many a second one process takes in."""
    place = folder / "webhooks"
    settings = {"PORTAL_ENV": "demo", "PORTAL_DATA": str(place), "WHATSAPP_APP_SECRET": SECRET}
    app = create_app(environment(settings))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load(db.session())
        db.session.commit()
    peer = _bare(place / "peer.sqlite3").test_client()
    spent, ratio = compare(_deliver(app.test_client()), _deliver(peer))
    each = round(spent / DELIVERIES, 3)
    peer_name = "bare Flask: HMAC, one INSERT"
    rate = round(1000 / each)
    return [
        Result("webhook_delivery", each, ratio, "ms", DELIVERIES, peer_name),
        Result("webhook_deliveries_a_second", rate, 1.0, "1/s", DELIVERIES, "none"),
    ]


def _deliver(client: FlaskClient) -> Callable[[], None]:
    def deliver() -> None:
        for _one in range(DELIVERIES):
            body = _body(next(NUMBERS))
            signed = "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest()
            headers = {"X-Hub-Signature-256": signed}
            answer = client.post(PLACE, data=body, content_type="application/json", headers=headers)
            assert answer.status_code == 200, answer.status_code

    return deliver


def _body(number: int) -> bytes:
    said = {"from": "628110000001", "id": f"wamid.{number:040d}", "timestamp": "1795485600"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62341000000", "phone_number_id": "1"},
        "contacts": [{"profile": {"name": "Pengirim"}, "wa_id": "628110000001"}],
        "messages": [{**said, "type": "text", "text": {"body": "Saya ingin bertanya. " * 5}}],
    }
    change = {"field": "messages", "value": value}
    found = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    return json.dumps(found).encode()


def _bare(path: Path) -> Flask:
    """The peer: the signature, one INSERT, the commit, 200."""
    app = Flask("peer")
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (*PRAGMAS, DURABLE):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE delivery (id INTEGER PRIMARY KEY, sha256 TEXT, body BLOB)")

    @app.post(PLACE)
    def deliver() -> Response:
        body = request.get_data()
        wanted = "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest()
        if not hmac.compare_digest(wanted, request.headers.get("X-Hub-Signature-256", "")):
            abort(403)
        row = (hashlib.sha256(body).hexdigest(), body)
        connection.execute("INSERT INTO delivery (sha256, body) VALUES (?, ?)", row)
        return Response(status=200)

    return app
