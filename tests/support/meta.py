"""Meta's side of WhatsApp, played by a real HTTP server; and deliveries, signed as Meta signs them.

Everybody here is invented; the numbers are of the range that nobody is given.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SECRET = "rahasia-aplikasi-rekaan"
VERIFY = "kata-verifikasi-rekaan-0123456789"
TOKEN = "token-rekaan"
NUMBER = "106540352242922"
PLACE = "/webhook/whatsapp"
AT = 1_795_485_600  # Tuesday 24 November 2026, 09.00 in Malang
WULAN, WULANS_ACCOUNT = "628110000001", "ID.1000000001"

Answer = tuple[int, Any]


@dataclass
class Meta:
    """What was asked of Meta, and what it answers next: each once, the last one for good."""

    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: int = 0  # so many links are dead before one lives
    hang_up: bool = False
    held: dict[str, threading.Event] = field(default_factory=dict)  # by number: not yet answered

    def settings(self) -> dict[str, str]:
        """The settings of a portal that speaks to this Meta."""
        return {
            "WHATSAPP_APP_SECRET": SECRET,
            "WHATSAPP_VERIFY_TOKEN": VERIFY,
            "WHATSAPP_TOKEN": TOKEN,
            "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
            "WHATSAPP_API_URL": self.address,
        }

    def keep(self, media_id: str, data: bytes, **other: Any) -> dict[str, Any]:
        """Let a file lie here; what a message says of it."""
        self.files[media_id] = data
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        about = {"mime_type": "image/jpeg", "sha256": digest, "file_size": len(data)}
        self.media[media_id] = {"url": f"{self.address}/berkas/{media_id}", **about, **other}
        return {"id": media_id, "mime_type": "image/jpeg", "sha256": digest}

    def sent(self) -> Answer:
        """The answer to the next message."""
        if len(self.answers) > 1:
            return self.answers.pop(0)
        return self.answers[0] if self.answers else accepted(f"wamid.keluar{len(self.asked)}")


def accepted(named: str) -> Answer:
    """Meta took a message."""
    return 200, {"messaging_product": "whatsapp", "messages": [{"id": named}]}


def refused(code: int, status: int = 400) -> Answer:
    """Meta did not."""
    return status, {"error": {"code": code, "message": "…", "type": "OAuthException"}}


@contextmanager
def running() -> Iterator[Meta]:
    """Meta, for as long as the block lasts."""
    meta = Meta()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            meta.tokens.append(self.headers["Authorization"])
            asked = json.loads(body)
            meta.asked.append(asked)
            if meta.hang_up:
                self.connection.close()
                return
            answer = meta.sent()
            if (gate := meta.held.get(asked.get("to", ""))) is not None:
                gate.wait(60)
            self._say(*answer)

        def do_GET(self) -> None:
            meta.tokens.append(self.headers["Authorization"])
            named = self.path.rpartition("/")[2]
            if "/berkas/" in self.path:
                self._file(named)
            elif named == NUMBER:
                self._say(200, {"id": NUMBER})
            else:
                found = meta.media.get(named)
                self._say(*((200, found) if found else refused(100, 404)))

        def _file(self, named: str) -> None:
            if meta.gone > 0 or named not in meta.files:
                meta.gone -= 1
                self._say(404, {})
                return
            self._send(200, meta.files[named])

        def _say(self, status: int, answer: Any) -> None:
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self._send(status, body)

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_about: Any) -> None:
            """Nothing: the tests speak for themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    meta.address = f"http://127.0.0.1:{server.server_port}/v25.0"
    yield meta
    server.shutdown()
    server.server_close()


# --- deliveries -----------------------------------------------------------------------------------


def signature(body: bytes, secret: str = SECRET) -> str:
    """What stands in `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


def post(client: FlaskClient, body: bytes, signed: str | None = None) -> TestResponse:
    """Deliver these bytes."""
    headers = {"X-Hub-Signature-256": signature(body) if signed is None else signed}
    return client.post(PLACE, data=body, content_type="application/json", headers=headers)


def delivery(*values: dict[str, Any], number: str = NUMBER) -> bytes:
    """A delivery of these values, each a change of its own."""
    about = {"display_phone_number": "62341717744", "phone_number_id": number}
    filled = [{"messaging_product": "whatsapp", "metadata": about, **one} for one in values]
    changes = [{"value": one, "field": "messages"} for one in filled]
    entry = [{"id": "102290129340398", "changes": changes}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def message(ident: str, text: str = "Halo", number: str = WULAN, **more: Any) -> dict[str, Any]:
    """One text of somebody; `more` replaces or adds."""
    said = {"from": number, "id": ident, "timestamp": str(AT), "type": "text"}
    found = {**said, "text": {"body": text}, **more}
    return {name: value for name, value in found.items() if value is not None}


def contact(name: str, number: str | None = WULAN, account: str | None = None) -> dict[str, Any]:
    """How Meta introduces a sender."""
    found = {"profile": {"name": name}, "wa_id": number, "user_id": account}
    return {key: value for key, value in found.items() if value}


def status(ident: str, name: str, at: int = AT, **more: Any) -> dict[str, Any]:
    """What became of a message of ours."""
    about = {"id": ident, "status": name, "timestamp": str(at), "recipient_id": WULAN}
    return {**about, **more}
