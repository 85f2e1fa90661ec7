"""Passwords: who signs in, and which passwords are strong enough.

Argon2id; the same work for an unknown user name as for a known one, so that the
time tells nothing. The rules for a new password are those of ASVS 5.0 (6.2):
length and a list of what everybody tries, no rules of composition, no expiry.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Officer
from portal.access import scope, sessions
from portal.access.delays import folded
from portal.protection import audit
from portal.wording import lazy

SHORTEST, LONGEST = 12, 200
COMMON = Path(__file__).with_name("common_passwords.txt")
# What people in this office and this country would try first, beside the list of the world.
LOCAL = {
    *("admin", "administrator", "aremania", "arema", "bismillah", "dinas", "dinsos"),
    *("indonesia", "jawatimur", "katasandi", "kotamalang", "malang", "malangkota"),
    *("pelindungan", "perlindungan", "petugas", "pimpinan", "ppa", "rahasia", "ruangaman"),
    *("sayang", "selamatpagi", "sosial", "supervisor", "kepala", "bapak", "ibu", "merdeka"),
}

hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class WeakPassword(ValueError):
    """A password that may not be set; `sentences` say why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


# --- signing in -----------------------------------------------------------------------------


def authenticate(session: Session, username: str, password: str, place: str = "") -> Officer | None:
    """The active officer with this name and password, or None, and then the log says so.

    `place` is the network address the try came from, for the log. The caller commits.
    Nobody is signed in by this alone: see `signed_in`.
    """
    with scope.system(session):
        officer = session.scalar(select(Officer).where(Officer.username == folded(username)))
    reason = _refusal(officer, password)
    if officer is None or reason:
        audit.record(session, "sign_in_failed", None, officer, reason=reason, place=place)
        return None
    if hasher.check_needs_rehash(officer.password_hash or ""):
        officer.password_hash = hash_password(password)
    return officer


def signed_in(
    session: Session, officer: Officer, factor: str, now: datetime, place: str = ""
) -> None:
    """Note that `officer` is in, with which second factor (`-` for none) and from where.

    The caller commits.
    """
    officer.last_sign_in_at = now
    audit.record(session, "sign_in", officer, officer, factor=factor, place=place)


def _refusal(officer: Officer | None, password: str) -> str:
    """Why not, for the log alone; the password is checked in any case, for equal time."""
    stored = officer.password_hash if officer else None
    right = matches(stored or _dummy(), password)
    if officer is None:
        return "unknown"
    if not officer.active:
        return "disabled"
    return "" if stored and right else "password"


def matches(stored: str, password: str) -> bool:
    """Whether `password` is the one behind the stored hash."""
    try:
        return hasher.verify(stored, _prepared(password))
    except (VerificationError, InvalidHashError):
        return False


def _prepared(password: str) -> bytes:
    """The same letters, however a keyboard composed them."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")


def hash_password(password: str) -> str:
    """What is stored of a password, strong or not: `set_password` is the door for people."""
    return hasher.hash(_prepared(password))


@cache
def _dummy() -> str:
    return hash_password("nobody has this password")


def sign_out(session: Session, officer: Officer) -> None:
    """Note that `officer` left. The caller commits."""
    audit.record(session, "sign_out", officer, officer)


# --- passwords ------------------------------------------------------------------------------


def set_password(officer: Officer, password: str) -> None:
    """Give `officer` a new password; `WeakPassword` says what is wrong with it."""
    refuse_weak(officer, password)
    officer.password_hash = hash_password(password)


def change_password(
    session: Session, officer: Officer, actor: Officer | None, password: str, now: datetime
) -> None:
    """A new password by `actor`; every session of `officer` ends.

    Raises `WeakPassword`; nothing has changed then. The caller commits.
    """
    set_password(officer, password)
    session.flush()
    sessions.revoke_all(session, officer, actor, now, "password")
    audit.record(session, "password_set", actor, officer)


def refuse_weak(officer: Officer, password: str) -> None:
    """`WeakPassword` where `officer` may not have this password."""
    sentences = weaknesses(officer, password)
    if sentences:
        raise WeakPassword(sentences)


def weaknesses(officer: Officer, password: str) -> list[str]:
    """Why this password is not strong enough for this officer; empty when it is."""
    return [str(sentence) for weak, sentence in _RULES if weak(officer, password)]


def _too_short(_officer: Officer, password: str) -> bool:
    return len(password) < SHORTEST


def _too_long(_officer: Officer, password: str) -> bool:
    return len(password) > LONGEST


def _common(_officer: Officer, password: str) -> bool:
    """On the list, or a word of the list with figures and signs around it, or a pattern."""
    lower = password.casefold()
    core = re.sub(r"[\W\d_]", "", lower)
    tried = {lower, core, _unit(lower), _unit(core)}
    return any(map(_listed, tried)) or len(_unit(lower)) <= 4 or _runs(lower)


def _unit(text: str) -> str:
    """The shortest piece that repeated gives `text`: `abcabc` is `abc`."""
    return text[: (text + text).find(text, 1)] if text else text


def _runs(text: str) -> bool:
    """One step all along, like 123456789012 or abcdefghijkl."""
    steps = {(ord(b) - ord(a)) % 10 for a, b in pairwise(text)}
    return len(steps) <= 1


def _listed(word: str) -> bool:
    return word in LOCAL or sha256(word.encode("utf-8", "replace")).hexdigest()[:12] in _list()


@cache
def _list() -> frozenset[str]:
    lines = COMMON.read_text().splitlines()
    return frozenset(" ".join(line for line in lines if not line.startswith("#")).split())


def _own_name(officer: Officer, password: str) -> bool:
    parts = re.split(r"\W+", f"{officer.name} {officer.username}".casefold())
    return any(len(part) >= 4 and part in password.casefold() for part in parts)


_RULES: tuple[tuple[Callable[[Officer, str], bool], Any], ...] = (
    (
        _too_short,
        lazy("Kata sandi paling sedikit 12 karakter. Beberapa kata berurutan mudah diingat."),
    ),
    (_too_long, lazy("Kata sandi paling banyak 200 karakter.")),
    (_common, lazy("Kata sandi ini terlalu umum dan mudah ditebak.")),
    (_own_name, lazy("Kata sandi tidak boleh memuat nama Anda sendiri.")),
)
