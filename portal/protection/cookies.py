"""Cookies that no script reads and no other host can set.

On https their names carry the prefix `__Host-` (RFC 6265bis), so that a browser takes them only
from this very host, over TLS, for the whole site.
"""

from datetime import timedelta
from typing import TypeVar

from flask import current_app, request
from werkzeug.wrappers import Response

Answer = TypeVar("Answer", bound=Response)


def named(name: str, https: bool) -> str:
    """The name of a cookie as browsers know it."""
    return f"__Host-{name}" if https else name


def _https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def read(name: str) -> str:
    """What this request brought under `name`, an empty text for nothing."""
    return request.cookies.get(named(name, _https()), "")


def give(
    response: Answer,
    name: str,
    value: str,
    samesite: str = "Lax",
    lifetime: timedelta | None = None,
) -> Answer:
    """Let the browser keep `value`: until it ends, or for `lifetime`."""
    https = _https()
    response.set_cookie(
        named(name, https),
        value,
        max_age=lifetime,
        secure=https,
        httponly=True,
        samesite=samesite,
    )
    return response


def take(response: Answer, name: str) -> Answer:
    """Let the browser forget `name`."""
    https = _https()
    response.delete_cookie(named(name, https), secure=https, httponly=True, samesite="Lax")
    return response
