"""The forms about who may meet what: exclusions, emergency access, officers and their roles."""

from typing import Any

from wtforms import StringField, validators

from models import Conflict, Officer, Role
from portal.casework import conflicts
from portal.db import db
from portal.screens import checks
from portal.screens.act_forms import ActForm, ReasonForm, story
from portal.screens.choices import ChoiceField, ColleagueField
from portal.screens.fields import ScreenForm
from portal.wording import lazy as _l


class ExcludeForm(ActForm):
    """Whom, and why. Whoever may not name others can only name themselves."""

    officer = ColleagueField(_l("Petugas yang dikecualikan"), tuple(Role))
    kind = ChoiceField(_l("Mengapa"), Conflict)
    reason = story(
        _l("Penjelasan"),
        required=True,
        help=_l("Petugas itu tidak dapat lagi menemukan atau membuka apa pun dari urusan ini."),
        rows=3,
    )

    def prepare(self, subject: Any, officer: Officer) -> None:
        """Anybody; whoever is kept from it already is refused with a sentence."""
        self.officer.offer(True)
        if not conflicts.may_name_others(db.session(), subject, officer):
            self.officer.narrow(officer)


class DisableForm(ActForm):
    """Who goes on with the open work; nobody named: whoever has least to do."""

    to = ColleagueField(
        _l("Pengganti"),
        (),
        validators=[validators.Optional()],
        description=_l("Kosong: dibagi kepada rekan yang paling sedikit bebannya."),
    )

    def prepare(self, subject: Officer, officer: Officer) -> None:
        """Colleagues of the same role."""
        self.to.roles = (subject.role,)
        self.to.offer(True, {subject.id})


class RoleForm(ReasonForm):
    """Which role, and why."""

    role = ChoiceField(_l("Peran yang diminta"), Role)


class BreakGlassForm(ScreenForm):
    """Which case, and why it cannot wait for somebody who may open it."""

    number = StringField(
        _l("Nomor kasus"),
        [checks.required(), checks.NotLonger(30)],
        filters=[checks.tidy],
        description=_l("Contoh: KS-2026-00012."),
        render_kw={"autocomplete": "off"},
    )
    reason = story(
        _l("Alasan"),
        required=True,
        help=_l("Siapa yang terancam, dan mengapa tidak dapat menunggu. Dibaca supervisor."),
    )
