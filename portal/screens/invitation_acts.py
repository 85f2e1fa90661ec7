"""What must hold before an invitation is stored, and calling it off."""

from typing import Any

from models import Invitation, Officer
from portal.casework import invitations
from portal.screens import act_facts, act_forms, edge
from portal.screens.act import Act, Words
from portal.screens.act_doing import with_why
from portal.wording import lazy as _l

# Answers of the form that are no columns.
OUTSIDE, REASON = "outside_hours", "contact_reason"


def faults(row: Invitation, officer: Officer | None, created: bool) -> dict[str, str]:
    """What must hold before it is stored; the form's own answers lie on the row."""
    meant, reason = bool(getattr(row, OUTSIDE, False)), getattr(row, REASON, None)
    return invitations.faults(edge.session(), row, edge.now(), meant, reason)


def _facts(row: Invitation, officer: Officer) -> dict[str, Any]:
    return {"facts": act_facts.as_facts(row, "form", "invitee", "at", "place")}


ACTS: dict[str, dict[str, Act]] = {
    "invitation": {
        "cancel": Act(
            act_forms.ReasonForm,
            with_why(invitations.cancel),
            _l("Undangan tidak berlaku lagi; surat yang sudah terbit ikut dibatalkan."),
            _facts,
        )
    }
}
WORDS: dict[str, dict[str, Words]] = {
    "invitation": {"cancel": Words(_l("Batalkan undangan"), _l("Undangan dibatalkan"), grave=True)}
}
OBSTACLES: dict[type[Any], Any] = {
    Invitation: lambda row, act, officer: invitations.cancel_obstacles(edge.session(), row, officer)
}
