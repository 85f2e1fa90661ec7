"""How a setting is read from its text: each reader returns the value or raises ValueError."""

import re
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


def text(value: str) -> str:
    """As it is written."""
    return value


def one_of(*choices: str) -> Callable[[str], str]:
    """One of `choices`."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`."""

    def read(value: str) -> int:
        if not (re.fullmatch(r"\d{1,9}", value) and low <= int(value) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return read


def folder(value: str) -> Path:
    """A folder; a relative one lies under the project."""
    return ROOT / Path(value).expanduser()


def folder_or_off(value: str) -> Path | None:
    """A folder, or None where `off` is written."""
    return None if value == "off" else folder(value)


def url(*schemes: str) -> Callable[[str], str]:
    """An address with one of `schemes`; empty stays empty."""

    def read(value: str) -> str:
        if value and urlsplit(value).scheme not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{s}://' for s in schemes)}")
        if value and not _is_readable(value):
            raise ValueError(
                "cannot be read: write /, ?, # and @ of a password as %2F, %3F, %23, %40"
            )
        return value.rstrip("/")

    return read


def _is_readable(value: str) -> bool:
    """Asked here, since the error that comes later would tell a piece of the password."""
    with suppress(ValueError):
        return (urlsplit(value).port or 1) > 0
    return False


def key_ring(value: str) -> str:
    """The ring, still as text; each key is 32 bytes and looks random."""
    names = [_key_name(entry) for entry in value.split(",")] if value else []
    if len(names) != len(set(names)):
        raise ValueError("names a key twice")
    return value


def _key_name(entry: str) -> str:
    name, _, encoded = entry.strip().partition(":")
    try:
        key = b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if not name or len(key) != 32 or len(set(key)) < 8:
        raise ValueError("must be id:base64 of 32 random bytes, several separated by commas")
    return name
