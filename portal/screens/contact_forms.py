"""Forms of acts that lead to somebody: they ask why, where safe contact is against it."""

from wtforms import Field

import models as m
from models import Case, Officer
from portal.casework import contact_acts, outreach
from portal.db import db
from portal.indonesia import dates
from portal.screens import edge
from portal.screens.act_forms import ActForm, demand, reason_against
from portal.screens.choices import ChoiceField
from portal.screens.fields import make
from portal.screens.uploads import FilesField
from portal.wording import lazy as _l


class DepartureForm(ActForm):
    """Nothing to fill in, but for a reason where the home is out of its safe hours."""

    contact_reason = reason_against(
        _l("Wajib: sekarang di luar waktu yang aman bagi rumah yang dituju.")
    )

    def prepare(self, subject: Case, officer: Officer) -> None:
        """Ask only where there is something to ask."""
        self.against = [one for _person, told in _closed(subject) for one in told]
        if not self.against:
            del self.contact_reason

    def validate_contact_reason(self, field: Field) -> None:
        """Outside the hours there is a reason."""
        demand(field, self.against)


def _closed(case: Case) -> list[contact_acts.Closed]:
    """Whose hours are closed now; nobody's where no order is in force."""
    visit = outreach.running(case)
    return contact_acts.departure_obstacles(case, visit.order, edge.now()) if visit else []


class VisitForm(ActForm):
    """How a contact of the monitoring went."""

    done_on = make(m.Monitoring, "done_on", required=True)
    method = make(m.Monitoring, "method", required=True)
    wellbeing = make(m.Monitoring, "wellbeing", required=True)
    safety = ChoiceField(_l("Keamanan korban"), m.Safety)
    recurrence = make(m.Monitoring, "recurrence")
    needs = make(m.Monitoring, "needs")
    notes = make(m.Monitoring, "notes")
    contact_reason = reason_against(
        _l("Wajib bila cara atau harinya di luar yang disepakati dengan korban.")
    )
    files = FilesField()

    def prepare(self, subject: m.Monitoring, officer: Officer) -> None:
        """Today, unless one says otherwise."""
        self.subject = subject
        if not self.is_submitted:
            self.done_on.data = dates.today()

    def validate_contact_reason(self, field: Field) -> None:
        """What was not agreed has a reason."""
        if self.method.data and self.done_on.data:
            person, day = self.subject.victim.person, self.done_on.data
            method = self.method.data
            demand(field, contact_acts.method_obstacles(db.session(), person, method, day))
