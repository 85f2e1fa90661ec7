"""Meta's interface for WhatsApp, as far as the office uses it: four calls and a look at the token.

The token goes to the interface itself and to the hosts that Meta names for files, to nobody else:
what a delivery calls an address is only a claim. No redirect is followed, no proxy of the
environment is asked, and no answer is read without a limit.
"""

from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from portal.config import Settings
from portal.queue import Away

PATIENCE = httpx.Timeout(20.0, connect=5.0)
# developers.facebook.com, whatsapp/business-phone-numbers/media: where files lie.
FILE_HOSTS = ("lookaside.fbsbx.com",)
FILE_DOMAINS = (".fbsbx.com", ".whatsapp.net", ".fbcdn.net")
LARGEST = 100_000_000  # bytes; Meta keeps nothing larger
LONGEST_ANSWER = 1_000_000


class Refused(Exception):
    """Meta said no: the number of HTTP and, where it told one, its own `code`."""

    def __init__(self, http: int, code: str | None) -> None:
        super().__init__(f"{http} {code or ''}".strip())
        self.http, self.code = http, code


class Uncertain(Exception):
    """The call may have been taken: its answer was never heard."""


class Elsewhere(Exception):
    """An address to which the token must not go."""


class TooLarge(Exception):
    """More bytes than were told, or than anybody may send."""


def client(settings: Settings) -> httpx.Client:
    """A connection to the interface, with the token of the settings."""
    return httpx.Client(
        headers={"Authorization": f"Bearer {settings.whatsapp_token}"},
        timeout=PATIENCE,
        follow_redirects=False,
        trust_env=False,
    )


def _address(settings: Settings, *parts: str) -> str:
    """Each of `parts` is one step of a path, whatever a delivery has made of it."""
    return "/".join((settings.whatsapp_url.rstrip("/"), *(quote(one, safe="") for one in parts)))


def send(settings: Settings, payload: dict[str, Any]) -> dict[str, Any]:
    """Send a message: Meta's answer. Raises Away (never reached), Refused, Uncertain."""
    place = _address(settings, settings.whatsapp_number_id, "messages")
    with client(settings) as line:
        try:
            answer = line.post(place, json=payload)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Away("whatsapp") from error
        except httpx.HTTPError as error:
            raise Uncertain from error
    _accept(answer)
    return _json(answer)


def media(settings: Settings, media_id: str) -> dict[str, Any]:
    """Where a file lies now (five minutes long), and what it is. Raises Away, Refused."""
    with client(settings) as line:
        try:
            answer = line.get(_address(settings, media_id))
        except httpx.HTTPError as error:
            raise Away("whatsapp") from error
    _accept(answer)
    return _json(answer)


def download(settings: Settings, address: str, most: int = LARGEST) -> bytes:
    """The bytes of a file, at most so many. Raises Elsewhere, Away, Refused, TooLarge."""
    if not may_have_token(settings, address):
        raise Elsewhere
    try:
        with client(settings) as line, line.stream("GET", address) as answer:
            if answer.status_code != 200:
                raise Refused(answer.status_code, None)
            return _bytes(answer, most)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Away("whatsapp") from error


def _bytes(answer: httpx.Response, most: int) -> bytes:
    found = bytearray()
    for piece in answer.iter_bytes():
        found += piece
        if len(found) > most:
            raise TooLarge
    return bytes(found)


def may_have_token(settings: Settings, address: str) -> bool:
    """Whether an address is the interface's own host or one that Meta names for files."""
    try:
        own, asked = urlsplit(settings.whatsapp_url), urlsplit(address)
        host = (asked.hostname or "").lower()
    except ValueError:
        return False
    if asked.username or asked.password or not host:
        return False
    if host == own.hostname:
        return asked.scheme in ("https", own.scheme)
    return asked.scheme == "https" and (host in FILE_HOSTS or host.endswith(FILE_DOMAINS))


def _accept(answer: httpx.Response) -> None:
    if answer.status_code >= 300:
        error = _json(answer).get("error")
        code = error.get("code") if isinstance(error, dict) else None
        raise Refused(answer.status_code, None if code is None else str(code)[:20])


def _json(answer: httpx.Response) -> dict[str, Any]:
    if len(answer.content) > LONGEST_ANSWER:
        return {}
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def on(settings: Settings) -> bool:
    """Whether answers can be sent by WhatsApp."""
    return bool(settings.whatsapp_token and settings.whatsapp_number_id)


def probe(settings: Settings) -> None:
    """Ask for the office's number: whether the token opens it. Nothing where WhatsApp is off."""
    if on(settings):
        media(settings, settings.whatsapp_number_id)
