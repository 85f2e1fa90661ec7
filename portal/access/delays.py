"""Guessing gets slower and slower, and nobody is ever locked out.

Each try is counted before it is judged, so that many at once gain nothing, per
account and per address, for names that exist and names that do not alike. The
wait for an account stays short: whoever fails on purpose must not be able to
keep an emergency office out. A browser in which this officer has signed in
before has a count of its own (OWASP: device cookies), which strangers cannot
touch. Elsewhere the first tries from an address are judged at once, whatever
strangers do to the account from theirs. Keys are keyed hashes; the rows are
shared by all processes.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from models import SignInDelay
from portal.access import scope
from portal.numbering import INSERTS
from portal.protection import vault

FORGOTTEN_AFTER = timedelta(hours=24)
MOST_OFFICERS_OF_A_DEVICE = 6


class TooSoon(Exception):
    """Nothing is judged now; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Pace:
    """How many failures are free, and how long the longest wait after that is."""

    free: int
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """The wait after so many failures in a row: 1, 2, 4, 8 … seconds."""
        steps = min(failures - self.free, 20)
        return min(timedelta(seconds=2 ** (steps - 1)), self.longest) if steps > 0 else timedelta()


ACCOUNT = Pace(free=4, longest=timedelta(seconds=8))
FIRST_HERE = 3
ADDRESS = Pace(free=15, longest=timedelta(minutes=5))
DEVICE = Pace(free=4, longest=timedelta(minutes=5))
# Whoever gets this far knows the password: six figures are guessed sooner than twelve letters.
SECOND_FACTOR = Pace(free=4, longest=timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Bucket:
    """One count: whose it is, how fast it grows, whether one success clears it.

    `open` marks a count that anybody can drive up from anywhere: its wait is left out while
    `first` tries have not yet failed where the try comes from.
    """

    key: str
    pace: Pace
    shared: bool = False
    open: bool = False
    first: int = 0


def for_password(username: str, address: str, device: str | None) -> list[Bucket]:
    """What a try with a password counts for; `device` as `known_device` gave it."""
    name = folded(username)
    if device:
        return [Bucket(_key("device", f"{device}:{name}"), DEVICE)]
    network = _network(address)
    return [
        Bucket(_key("account", name), ACCOUNT, open=True),
        Bucket(_key("here", f"{network}:{name}"), ACCOUNT, first=FIRST_HERE),
        Bucket(_key("address", network), ADDRESS, shared=True),
    ]


def for_second_factor(username: str, device: str | None) -> list[Bucket]:
    """What a try with a code counts for."""
    return [Bucket(_key("second", f"{device or ''}:{folded(username)}"), SECOND_FACTOR)]


def folded(username: str) -> str:
    """The user name as it is stored, however it was typed."""
    return username.replace("\0", "").strip().casefold()


def _key(kind: str, text: str) -> str:
    return vault.keyed_hash("sign-in-delay", f"{kind}:{text}").hex()


def _network(address: str) -> str:
    """The address; of IPv6 the network of one household."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{known}/64", strict=False)) if known.version == 6 else str(known)


# --- counting -----------------------------------------------------------------------------


def count(session: Session, buckets: Sequence[Bucket], now: datetime) -> None:
    """Count one try as failed until it is forgiven; `TooSoon` while one of them waits.

    The caller commits at once, before the try is judged. A try that comes too soon
    is not counted: it makes no wait longer.
    """
    rows = [(one, _locked(session, one.key, now)) for one in sorted(buckets, key=lambda b: b.key)]
    first = any(_failures(row, now) < bucket.first for bucket, row in rows)
    waits = max(row.until - now for bucket, row in rows if not (first and bucket.open))
    if waits > timedelta():
        raise TooSoon(-(-waits // timedelta(seconds=1)))
    for bucket, row in rows:
        row.failures = _failures(row, now) + 1
        row.last_at, row.until = now, now + bucket.pace.wait(row.failures)
    session.flush()


def _failures(row: SignInDelay, now: datetime) -> int:
    return 0 if now - row.last_at > FORGOTTEN_AFTER else row.failures


def _locked(session: Session, key: str, now: datetime) -> SignInDelay:
    insert = INSERTS[session.get_bind().dialect.name](cast(Table, SignInDelay.__table__))
    begun = insert.values(key=key, failures=0, until=now, last_at=now)
    session.execute(begun.on_conflict_do_nothing())
    wanted = select(SignInDelay).filter_by(key=key).with_for_update()
    with scope.system(session):
        return session.scalars(wanted.execution_options(populate_existing=True)).one()


def forgive(session: Session, buckets: Sequence[Bucket], now: datetime) -> None:
    """The try was right: clear its counts; of an address, which others share, only this try."""
    for bucket in sorted(buckets, key=lambda one: one.key):
        row = _locked(session, bucket.key, now)
        row.failures = max(0, row.failures - 1) if bucket.shared else 0
        row.until = now
    session.flush()


def purge(session: Session, now: datetime) -> None:
    """Forget what counts no more. A chore of the clock."""
    with scope.system(session):
        session.execute(delete(SignInDelay).where(SignInDelay.last_at < now - FORGOTTEN_AFTER))


# --- known devices --------------------------------------------------------------------------


def known_device(cookie: str, username: str) -> str | None:
    """Which known device of this officer the cookie belongs to, or None.

    The cookie is a list of `nonce.proof`: neither says whose they are.
    """
    for entry in _entries(cookie):
        nonce, _, proof = entry.partition(".")
        if hmac.compare_digest(proof.encode(), _proof(nonce, username).encode()):
            return nonce
    return None


def remember_device(cookie: str, username: str) -> str:
    """The cookie of a browser in which this officer has just signed in."""
    nonce = secrets.token_urlsafe(18)
    old = known_device(cookie, username)
    others = [entry for entry in _entries(cookie) if not old or not entry.startswith(f"{old}.")]
    return "~".join([f"{nonce}.{_proof(nonce, username)}", *others][:MOST_OFFICERS_OF_A_DEVICE])


def _entries(cookie: str) -> list[str]:
    return [entry for entry in cookie.split("~")[:MOST_OFFICERS_OF_A_DEVICE] if entry]


def _proof(nonce: str, username: str) -> str:
    return vault.keyed_hash("known-device", f"{nonce}:{folded(username)}").hex()
