"""Columns of urgent words that no table stores: what became of the findings of a rule."""

from collections.abc import Callable
from typing import Any

from flask import g
from sqlalchemy.orm import object_session

import models as m
from portal.casework import cues
from portal.screens import links
from portal.wording import _

EXPORT = "export"


def _count(name: str) -> Callable[[m.Cue, str], Any]:
    """A figure of a rule; those of all rules are counted at once."""

    def shown(row: m.Cue, style: str) -> int:
        session = object_session(row)
        if "cue_counts" not in g and session is not None:
            g.cue_counts = cues.counts(session)
        found = g.cue_counts.get(row.id)
        return getattr(found, name) if found else 0

    return shown


def _urgent(row: m.Conversation, style: str) -> Any:
    """A yes stands out, a no is nothing."""
    if not row.urgent:
        return None
    return _("Ya") if style == EXPORT else links.badge(_("Mendesak"), "danger")


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "Cue.hits": _count("hits"),
    "Cue.accepted": _count("accepted"),
    "Cue.rejected": _count("rejected"),
    "Conversation.urgent": _urgent,
}
