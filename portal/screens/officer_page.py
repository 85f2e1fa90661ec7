"""The screen of officers: what an admin does alone, and what a second one decides."""

from datetime import UTC, datetime
from typing import Any

from models import Officer
from portal.casework import conflicts, roles, signing_held
from portal.db import db
from portal.screens.acted_page import ActedPage
from portal.screens.sign_in import current_officer


class OfficerPage(ActedPage):
    """Mixed into the screen of officers."""

    details_template = "screens/officer.html"

    def details_facts(self: Any, row: Officer) -> dict[str, Any]:
        """Of whoever left, how many letters still wait for their signature."""
        facts: dict[str, Any] = super().details_facts(row)
        waiting = 0 if row.active else signing_held.signatures_of(db.session(), row)
        return facts | {"letters_waiting": waiting}

    def before_save(self: Any, form: Any, row: Any, created: bool) -> None:
        """Somebody new signs in only after a second admin agreed."""
        if created:
            row.active = False

    def after_save(self: Any, row: Any, created: bool) -> None:
        """Ask the second admin; somebody new may be a party in an old report."""
        officer = current_officer()
        if created and officer is not None:
            conflicts.ask_to_screen(db.session(), row)
            roles.ask_for_activation(db.session(), row, officer, datetime.now(UTC))
