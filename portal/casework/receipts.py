"""The receipt: a number anybody may hear, and a secret code that opens what the reporter may see.

The code is 80 bits derived from the form's own token, so a double click or a lost answer shows
the same receipt again, and only a keyed hash of it is stored. Its alphabet is Crockford's: none
of I, L, O and U, and what a reader mistakes for them is read as the digit it looks like.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.protection import vault

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_BYTES = 10
LENGTH = 16
GROUP = 4
SHOWN_FOR = timedelta(minutes=15)
LONGEST_INPUT = 100

_MISREAD = str.maketrans("OIL", "011", " -.\u2010\u2011\u2013\u2014\t\r\n")


@dataclass(frozen=True)
class Receipt:
    """What the reporter takes away. `code` is shown now and stored nowhere."""

    number: str
    code: str
    received_at: datetime
    report_id: int | None = None
    repeated: bool = False


def new_token() -> str:
    """A fresh form token of 256 bits, for URLs and cookies."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The keyed hash under which a form that was sent is found again: 64 hex digits."""
    return vault.keyed_hash("receipt-token", token).hex()


def code_for(token: str) -> str:
    """The code of the form sent with `token`: `7K3M-9QXA-…`, four groups of four."""
    number = int.from_bytes(vault.keyed_hash("receipt-code", token)[:CODE_BYTES], "big")
    letters = [ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH))]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, LENGTH, GROUP))


def code_hash(code: str) -> str:
    """The keyed hash of a code however it was typed: 64 hex digits."""
    return vault.keyed_hash("receipt-check", normalised(code)).hex()


def normalised(code: str) -> str:
    """A code as it is hashed: capitals, no blanks or hyphens, look-alikes as digits."""
    return code[:LONGEST_INPUT].upper().translate(_MISREAD)


def opens(stored_hash: str | None, code: str) -> bool:
    """Whether `code` belongs to `stored_hash`, in the same time for right, wrong and none."""
    given = code_hash(code)
    return hmac.compare_digest(stored_hash or "0" * len(given), given)


def mark(stored_hash: str | None) -> str:
    """What a visit carries of the code it was opened with: a new code ends every visit."""
    return vault.keyed_hash("receipt-visit", stored_hash or "").hex()[:LENGTH]


def still_shown(received_at: datetime, now: datetime) -> bool:
    """Whether the receipt of a form may be shown once more to whoever holds its token."""
    return now - received_at < SHOWN_FOR
