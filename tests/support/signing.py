"""What signing needs around it: an authority made on the spot, the national service's side of the
wire, a time-stamp authority, and poppler's opinion. Everybody here is invented.
"""

import base64
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.timestamps import DummyTimeStamper

from portal.letters import signature
from portal.letters.certificates import open_key
from seed.authority import Authority, Issued

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday, 10.00 in Malang
PASSPHRASE = "kunci rekaan milik Budi"
NIK, TOKEN = "3573010101700001", "portal:rahasia-rekaan"
Answer = tuple[int, bytes]


@cache
def authority() -> Authority:
    """The one authority of this run."""
    return Authority(NOW)


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key: slow to make, so each length once."""
    return rsa.generate_private_key(65537, bits)


@cache
def budi() -> Issued:
    """Budi's certificate."""
    return authority().issue("Budi Santoso Rekaan")


@cache
def file() -> bytes:
    """The same as the file that Budi was given."""
    return budi().file(PASSPHRASE)


def today() -> datetime:
    """Yesterday's morning by the real clock: certificates made since then are valid now."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def fresh(name: str, **about: Any) -> Issued:
    """A certificate that is valid by the real clock, by which the screens go."""
    return authority().issue(name, **{"since": today(), **about})


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says of the signatures of `pdf`."""
    path = folder / "surat.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdfsig", str(path)], capture_output=True, check=False)
    return done.stdout.decode()


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler, bytes], Answer]) -> Iterator[str]:
    """A real HTTP server that answers each POST with a status and bytes; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = answer(self, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "/di-tempat-lain")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_about: Any) -> None:
            """Nothing: the tests speak for themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass
class Service:
    """The national signing service: knows one person, signs what is sent, keeps what was asked."""

    address: str = ""
    asked: list[dict[str, bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    spoil: Callable[[bytes], bytes] = bytes  # what becomes of the signed file on its way back
    instead: Answer | None = None
    at: datetime = NOW
    issued: Issued = field(default_factory=budi)

    def settings(self) -> dict[str, str]:
        """The settings of a portal that speaks to this service."""
        return {"SIGNER_URL": self.address, "SIGNER_TOKEN": TOKEN}

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> Answer:
        """One call, answered as the service answers."""
        form = _form(request.headers["Content-Type"], body)
        self.asked.append(form)
        self.paths.append(request.path)
        basic = base64.b64encode(TOKEN.encode()).decode()
        if request.headers["Authorization"] != f"Basic {basic}":
            return 401, b"{}"
        if self.instead:
            return self.instead
        if form["nik"] != NIK.encode():
            return refused(2011, "User tidak terdaftar")
        if form["passphrase"] != PASSPHRASE.encode():
            return refused(2031, "Passphrase anda salah")
        since = self.issued.certificate.not_valid_before_utc
        key = open_key(self.issued.file("x"), "x", since)
        return 200, self.spoil(signature.sign(form["file"], key, self.at))


def refused(code: int, words: str) -> Answer:
    """The service said no."""
    return 400, json.dumps({"status_code": code, "error": words}).encode()


@contextmanager
def service() -> Iterator[Service]:
    """The service, for as long as the block lasts."""
    found = Service()
    with serving(found.answer) as address:
        found.address = address
        yield found


def _form(content_type: str, body: bytes) -> dict[str, bytes]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts = message_from_bytes(head + body).get_payload()
    assert isinstance(parts, list)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in parts
    }


@contextmanager
def stamping(spoil: Callable[[tsp.TimeStampResp], bytes] | None = None) -> Iterator[str]:
    """The address of a time-stamp authority whose clock stands at NOW."""
    own = authority().issue(
        "Penanda Waktu Rekaan", key=rsa_key(), usage=("digital_signature",), stamping=True
    )
    stamper = DummyTimeStamper(_asn1(own), _private(own), fixed_dt=NOW)

    def answer(request: BaseHTTPRequestHandler, body: bytes) -> Answer:
        found = stamper.request_tsa_response(tsp.TimeStampReq.load(body))
        return 200, spoil(found) if spoil else found.dump()

    with serving(answer) as address:
        yield address


def _asn1(issued: Issued) -> asn1.Certificate:
    return asn1.Certificate.load(issued.certificate.public_bytes(serialization.Encoding.DER))


def _private(issued: Issued) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(
        issued.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
