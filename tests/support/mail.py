"""Real mail servers for tests, on this machine: aiosmtpd for what is sent."""

import random
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.waiting import PATIENCE

USER, PASSWORD = "kantor@uji.test", "sandi:surat/rekaan"
PORTS = (10_000, 32_000)


class Post:
    """What a mail server takes: `taken` are the messages, `answers` what it says instead of yes.

    `answers` maps a step (`rcpt`, `data`) to what the server says then; "" means that it hangs up
    without a word.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.url = ""

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        said = self.answers.get("data", "250 OK")
        if said.startswith("250") or not said:
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        if not said:
            server.transport.abort()
        return said


def _allowed(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nothing listens on, below those that systems give to whoever calls somebody.

    Otherwise any connection of another test could take it before, or between, it is listened on.
    """
    while True:
        with suppress(OSError), socket.create_server((host, random.randrange(*PORTS))) as line:
            return int(line.getsockname()[1])


@contextmanager
def post_office(host: str = "127.0.0.1", scheme: str = "smtp", **more: Any) -> Iterator[Post]:
    """A running SMTP server; `more` is for aiosmtpd (`tls_context`, `auth_required`, …)."""
    post = Post()
    known = {"authenticator": _allowed, "auth_require_tls": False, "ready_timeout": PATIENCE}
    port = free_port(host)
    controller = Controller(post, hostname=host, port=port, **known | more)
    controller.start()
    try:
        post.url = f"{scheme}://{host}:{port}"
        yield post
    finally:
        controller.stop()


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context for `host` (an address), and the file that vouches for it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    public, both = folder / "ca.pem", folder / "server.pem"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    both.write_bytes(private + public.read_bytes())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(both)
    return context, public
