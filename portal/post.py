"""The office's post: its server for outgoing mail (SMTP) and its mailbox (IMAP).

Only the two places that the settings name are ever spoken to, over TLS unless they are this very
machine, and never longer than `SECONDS` without a sign of life. What must be known after trouble
is whether a message was accepted: `Refused` says no, `Uncertain` says that nobody can tell.
"""

import imaplib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlsplit

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

from portal.config import Settings
from portal.queue import Away

SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SMTP_TROUBLE = (OSError, smtplib.SMTPException)
IMAP_TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError)
OK = 250
PERMANENT, UNWRITABLE = 500, 553


class Refused(Exception):
    """The server said no before it took the message: it was not sent."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code

    @property
    def for_good(self) -> bool:
        """Whether asking again is useless."""
        return self.code >= PERMANENT


class Uncertain(Exception):
    """The server had all of the message and never answered: it may have been sent."""


class NotSet(Exception):
    """A setting without which no mail can be sent."""


class Place(NamedTuple):
    """Where a mail server is, and who we are there."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def read(cls, url: str) -> Self:
        """From `scheme://{user}:{password}@{host}:{port}/{folder}`, percent signs decoded."""
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "localhost",
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )

    @property
    def near(self) -> bool:
        """Whether nobody can stand between: it is this machine."""
        return self.host in LOOPBACK


# --- out --------------------------------------------------------------------------------------


def sender(settings: Settings) -> str:
    """The office's address. Raises NotSet where there is none."""
    user = Place.read(settings.smtp_url).user if settings.smtp_url else ""
    address = settings.mail_from or (user if "@" in user else "")
    if not address:
        raise NotSet("PORTAL_MAIL_FROM is missing: the address on what is sent")
    return address


def send(settings: Settings, message: EmailMessage, to: str) -> None:
    """Hand `message` over for one address.

    Raises Away (nobody answers, or not now), Refused, Uncertain; nothing when it was accepted.
    """
    with _outgoing(settings) as line:
        try:
            _expect(line.mail(sender(settings)))
            _expect(line.rcpt(to))
        except UnicodeError as error:  # an address that this server has no letters for
            raise Refused(UNWRITABLE) from error
        except SMTP_TROUBLE as error:
            raise Away("smtp") from error
        try:
            _expect(line.data(message.as_bytes(policy=SMTP)))
        except smtplib.SMTPDataError as error:
            raise Refused(error.smtp_code) from error
        except SMTP_TROUBLE as error:
            raise Uncertain("smtp") from error


def _expect(answer: tuple[int, bytes]) -> None:
    code, _words = answer
    if not OK <= code < OK + 50:
        raise Refused(code)


@contextmanager
def _outgoing(settings: Settings) -> Iterator[smtplib.SMTP]:
    place = Place.read(settings.smtp_url)
    try:
        line = _connected(place)
    except SMTP_TROUBLE as error:
        raise Away("smtp") from error
    try:
        yield line
    finally:
        with suppress(*SMTP_TROUBLE):  # what was accepted stays accepted
            line.quit()
        line.close()


def _connected(place: Place) -> smtplib.SMTP:
    where: dict[str, Any] = {"host": place.host, "port": place.port, "timeout": SECONDS}
    secure = ssl.create_default_context()
    whole = place.scheme == "smtps"
    line = smtplib.SMTP_SSL(**where, context=secure) if whole else smtplib.SMTP(**where)
    try:
        if not (whole or place.near):
            line.starttls(context=secure)
        line.ehlo_or_helo_if_needed()
        if place.user:
            line.login(place.user, place.password)
    except SMTP_TROUBLE:
        line.close()
        raise
    return line


# --- in ---------------------------------------------------------------------------------------


@contextmanager
def mailbox(settings: Settings) -> Iterator[BaseMailBox]:
    """The mailbox, its folder opened. Raises Away when it does not answer or lets us not in."""
    place = Place.read(settings.imap_url)
    try:
        box = _box(place)
    except IMAP_TROUBLE as error:
        raise Away("imap") from error
    try:
        yield box
    except IMAP_TROUBLE as error:
        raise Away("imap") from error
    finally:
        with suppress(*IMAP_TROUBLE):
            box.client.shutdown()


def _box(place: Place) -> BaseMailBox:
    if place.scheme == "imaps":
        box: BaseMailBox = MailBox(
            place.host, place.port, SECONDS, ssl_context=ssl.create_default_context()
        )
    elif place.near:
        box = MailBoxUnencrypted(place.host, place.port, SECONDS)
    else:
        context = ssl.create_default_context()
        box = MailBoxStartTls(place.host, place.port, SECONDS, ssl_context=context)
    try:
        box.login(place.user, place.password, place.folder)
    except IMAP_TROUBLE:
        box.client.shutdown()
        raise
    return box


# --- do they answer? --------------------------------------------------------------------------


def probe_out(settings: Settings) -> None:
    """Raises what is wrong with the way out; nothing where it is off."""
    if settings.smtp_url:
        sender(settings)
        with _outgoing(settings) as line:
            _expect(line.noop())


def probe_in(settings: Settings) -> None:
    """Raises what is wrong with the mailbox; nothing where it is off."""
    if settings.imap_url:
        with mailbox(settings):
            pass
