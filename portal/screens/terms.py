"""What somebody searches for may be a name or a NIK: it never stands readable in an address.

The search box posts; the answer leads to an address that carries the term sealed
for this officer and this table. Browser history, logs and bookmarks hold ciphertext
that nobody else can open, nothing is stored, and the back button works.
"""

import base64
import binascii

from models import Officer
from portal.protection.vault import VaultError, ring

PARAMETER = "cari"
LONGEST = 100
LONGEST_TOKEN = 1_000


def clean(text: str) -> str:
    """A term as it is searched: one line, at most a hundred characters."""
    return " ".join(text.split())[:LONGEST]


def seal(term: str, table: str, officer: Officer) -> str:
    """`term` for an address."""
    sealed = ring().seal(term.encode(), _place(table, officer))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(token: str, table: str, officer: Officer) -> str | None:
    """The term in an address, None where this officer cannot have got it from this table."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
        return ring().unseal(sealed, _place(table, officer)).decode()
    except (ValueError, binascii.Error, VaultError):
        return None


def _place(table: str, officer: Officer) -> tuple[str, str, str]:
    return "search", table, str(officer.id)
