"""How numbers, addresses and code words are shown outside of "Hubungi": with their warning."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from markupsafe import Markup

import models as m
from portal.casework.contact_words import OBSTACLES
from portal.indonesia import phone
from portal.wording import _
from portal.wording import lazy as _l

EXPORT = "export"
# What the log calls what happened, and what it notes besides.
EVENTS: dict[str, Any] = {
    "contact_permitted": _l("Kontak diizinkan"),
    "contact_overridden": _l("Kontak di luar kesepakatan, dengan alasan"),
    "contact_refused": _l("Kontak ditolak"),
    "contact_concluded": _l("Hasil kontak dicatat"),
}
FACTS: dict[str, Any] = {"obstacles": _l("yang bertentangan"), "outcome": _l("hasil")}


def telephone(row: m.Person, style: str) -> Any:
    """Enough to tell it from others; "Hubungi" shows it all, once safe contact was asked."""
    if not row.phone:
        return None
    number, warning = phone.masked(row.phone), _("Jangan langsung dihubungi")
    if style == EXPORT:
        agreed = row.safe_contact.channel if row.safe_contact else _("belum ditanyakan")
        return f"{number} ({warning}: {agreed})"
    address = url_for("contact_attempt.reach_view", person=row.id)
    return Markup('{} <a class="contact-warning" href="{}">{}</a>').format(number, address, warning)


def withheld(row: m.SafeContact, style: str) -> str:
    """What "Hubungi" alone tells; the form of the agreement shows it to whoever changes it."""
    return _("Tersimpan; tampil di halaman Hubungi bila ada")


def against(row: m.ContactAttempt, style: str) -> str | None:
    """What stood against an attempt, in words."""
    return "; ".join(str(OBSTACLES.get(code, code)) for code in row.obstacles) or None


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "Person.phone": telephone,
    "SafeContact.address": withheld,
    "SafeContact.code_word": withheld,
    "ContactAttempt.obstacles": against,
}
