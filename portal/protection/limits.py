"""How often one address may try the same door (OWASP ASVS 5.0, 2.4.1 and 6.3.1).

The limits are for machines, not for people: many telephones of one network share an address, and
nobody who reports violence may be turned away because of a neighbour. So the doors that secrets
open count only what was wrong, and not those who were told to wait. A browser that an officer has
signed in with before passes the sign-in: it has a count of its own (`portal/access/delays.py`). A
store of counters that fails lets everybody pass: the sign-in has its own growing delay in the
database, and codes are long.
"""

import ipaddress
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter
from limits import parse

from portal.config import Settings


@dataclass(frozen=True, slots=True)
class Door:
    """The routes that begin with `path`: how many tries a time; `wrong` counts refusals alone.

    `officers` are let through with a browser they have signed in with before.
    """

    path: str
    limit: str
    wrong: bool = False
    officers: bool = False
    methods: tuple[str, ...] = ("POST",)


# The longest path that a route begins with decides. Addresses that are reserved and not yet
# served (webhooks) find their limit here when they come.
DOORS = (
    Door("/masuk", "30 per minute; 200 per hour", wrong=True, officers=True),
    Door("/lapor", "120 per minute; 2000 per hour"),
    Door("/lapor/periksa", "30 per minute; 300 per hour"),
    Door("/lacak", "10 per minute; 60 per hour", wrong=True),
    Door("/lacak/laporan", "30 per minute; 300 per hour"),
    Door("/pengaduan-layanan", "10 per minute; 100 per hour"),
    Door("/pengaduan-layanan/status", "10 per minute; 60 per hour", wrong=True),
    Door("/verifikasi", "30 per minute; 300 per hour", methods=("GET", "POST")),
    Door("/webhook", "600 per minute", methods=("GET", "POST")),
    # What Meta signed comes in bursts after an outage: whoever cannot sign is refused by itself.
    Door("/webhook/whatsapp", "60 per minute", methods=("GET",)),
)


TOO_SOON = 429
# Seconds: nobody waits for a store that does not answer.
PATIENCE: dict[str, Any] = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}


def limit_rates(app: Flask, settings: Settings, is_known: Callable[[], bool]) -> Limiter:
    """Guard every door of `app` that exists; counters in Valkey if the settings name one.

    `is_known` says whether the request comes from a browser that has a count of its own. Call it
    when all routes are known. Returns the limiter (its `reset` forgets everything).
    """
    logging.getLogger("flask-limiter").setLevel(logging.CRITICAL)  # it tells addresses
    limiter = Limiter(
        address,
        app=app,
        storage_uri=settings.valkey_url or "memory://",
        storage_options=PATIENCE if settings.valkey_url else {},
        strategy="sliding-window-counter",
        key_prefix="ruang-aman",
        swallow_errors=True,
        in_memory_fallback_enabled=True,
    )
    doors = {rule.endpoint: door for rule in app.url_map.iter_rules() if (door := _door(rule.rule))}
    for endpoint, door in doors.items():
        view = app.view_functions[endpoint]
        app.view_functions[endpoint] = _guarded(limiter, door, is_known, view)
    app.extensions["rate_limits"] = limiter
    return limiter


def _door(path: str) -> Door | None:
    """The door that a route belongs to, None for those that are not limited."""
    doors = [one for one in DOORS if path == one.path or path.startswith(f"{one.path}/")]
    return max(doors, key=lambda one: len(one.path), default=None)


def _guarded(limiter: Limiter, door: Door, is_known: Callable[[], bool], view: Any) -> Any:
    def passes() -> bool:
        return request.method not in door.methods or (door.officers and is_known())

    limit = limiter.shared_limit(
        door.limit,
        scope=door.path,
        exempt_when=passes,
        deduct_when=_was_wrong if door.wrong else None,
    )
    return limit(view)


def _was_wrong(response: Response) -> bool:
    """A refusal: the page again with what was wrong, or an error; where one has to wait, none."""
    judged = request.method == "POST" and response.status_code != TOO_SOON
    return judged and not 300 <= response.status_code < 400


def within(app: Flask, limit: str, *names: str) -> bool:
    """Count one more of `names` from this address; whether that is still within `limit`.

    For what is not refused when there is too much of it, only not written down any more.
    """
    limiter: Limiter = app.extensions["rate_limits"]
    try:
        return limiter.limiter.hit(parse(limit), *names, address())
    except Exception:  # a store of counters that fails lets everybody pass
        return True


def address() -> str:
    """Whose counters: the address of the client, of IPv6 the network of one household (/64)."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))
