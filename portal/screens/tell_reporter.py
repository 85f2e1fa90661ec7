"""Telling a reporter that an answer waits at `/lacak`: offered, never done by itself."""

from typing import Any

from flask import url_for

from models import Direction, Officer, Report
from portal.access.permissions import may
from portal.casework.contact_words import CHANNELS, WRITTEN

# By which ways somebody can be told that an answer waits.
TOLD_BY = frozenset({"telepon", *WRITTEN})


def offer_to_tell(report: Report, officer: Officer) -> tuple[str, str] | None:
    """The way the reporter chose to be told that an answer waits at `/lacak`, and the page for it.

    Offered while an answer was not read yet, never taken by itself; the rule of safe contact and
    a neutral text stand on that page.
    """
    person = report.reporter.person if report.reporter else None
    agreed = person.safe_contact.channel if person and person.safe_contact else None
    unread = any(one.direction is Direction.keluar and not one.read_at for one in report.messages)
    if person is None or agreed not in TOLD_BY or not unread:
        return None
    if not may(officer, "contact_attempt.create"):
        return None
    canned = "cek" if agreed in WRITTEN else None
    named: dict[str, Any] = {"report": report.id, "person": person.id, "channel": agreed}
    return str(CHANNELS[agreed]), url_for("contact_attempt.reach_view", canned=canned, **named)
