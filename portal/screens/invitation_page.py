"""The form of invitations: whom, when, where, and how the letter reaches them."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField

from models import Invitation
from portal.casework import invitations
from portal.screens import act_forms, checks, edge, fields, helps, texts
from portal.screens.acted_page import ActedPage
from portal.screens.invitation_acts import OUTSIDE, REASON
from portal.screens.widgets import LocalDateTimeField
from portal.wording import lazy as _l


class InvitationPage(ActedPage):
    """Mixed into the generated screen."""

    stamped: Sequence[str] = ("officer",)
    takes_the_only_victim = False  # a letter may go to anybody: nobody is guessed

    def _field(self: Any, name: str) -> Any:
        """Two answers that are no columns, an hour that lies ahead, a name that may be known."""
        if name == OUTSIDE:
            return BooleanField(_l("Memang di luar jam kerja atau pada hari libur"))
        if name == REASON:
            return act_forms.reason_against(
                _l("Wajib bila kontak aman korban tidak mengizinkan cara penyampaian ini.")
            )
        if name == "at":
            label, help = texts.of(self.model, name), helps.of(self.model, name)
            must = [checks.required(), checks.possible_moment]
            return LocalDateTimeField(label, must, description=help)
        if name == "invitee":
            return fields.make(self.model, name, required=False)
        return super()._field(name)  # type: ignore[misc]

    def before_save(self: Any, form: Any, row: Invitation, created: bool) -> None:
        """What leaves for a victim passes the gate of safe contact, in the same transaction."""
        edge.session().flush()
        reason = getattr(row, REASON, None)
        invitations.permit(edge.session(), row, edge.me(), edge.now(), reason)
