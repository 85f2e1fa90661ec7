"""The page of one contact of the monitoring: whom, when, how safely, and what can be done now."""

from collections.abc import Mapping
from typing import Any

from models import Monitoring
from portal.screens import act_facts, edge
from portal.screens.act_table import MONITORING_WORDS, obstacles
from portal.screens.acts import Acting


class MonitoringPage(Acting):
    """What the screen of monitoring shows of one contact."""

    details_template = "screens/monitoring.html"
    demands: Mapping[str, str] = {"act_view": "view"}

    def details_facts(self, contact: Monitoring) -> dict[str, Any]:
        """What `act_facts` knows of it, and the two acts."""
        officer = edge.me()
        return {
            **act_facts.of_contact(contact, officer),
            "stops": obstacles(contact, "record", officer),
            "words": MONITORING_WORDS,
        }
