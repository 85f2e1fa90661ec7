"""The forms of the acts: what an officer fills in when something happens to a case or a report.

`prepare` settles what depends on the row and the officer: who can be chosen, which field is
needed at all, and what the form is filled with when it is opened.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField, ValidationError

import models as m
from models import Agreement, Case, Officer, Risk, Role
from portal.access import gate
from portal.casework import contact_acts, identifying
from portal.casework.cases import VISITORS
from portal.casework.contact_words import Obstacle
from portal.db import db
from portal.indonesia import dates
from portal.letters import surat_perintah
from portal.screens import checks
from portal.screens.choices import ChoiceField, ColleagueField, ColleaguesField, code_of, codes_of
from portal.screens.fields import ScreenForm, VersionField, make
from portal.screens.uploads import FilesField
from portal.wording import _
from portal.wording import lazy as _l

INTAKE = (Role.petugas, Role.supervisor)
ORDER_DAYS = timedelta(days=3)
OTHER = "lainnya"


def story(label: Any, *, required: bool = False, help: Any = "", rows: int = 5) -> Any:
    """An unbound field for a text of several lines."""
    return TextAreaField(
        label,
        [*([checks.required()] if required else []), checks.NotLonger(checks.STORY)],
        filters=[checks.tidy],
        description=help,
        render_kw={"rows": rows, "dir": "auto"},
    )


def reason_against(help: Any) -> Any:
    """An unbound field for why safe contact is not kept; `demand` asks for it."""
    label = _l("Alasan menghubungi di luar kesepakatan")
    return story(label, help=help, rows=3)


def demand(field: Field, against: Sequence[Obstacle]) -> None:
    """Whatever stands against a contact is said beside the field until a reason is written."""
    if against and not field.data:
        told = dict.fromkeys(one.sentence for one in against)
        raise ValidationError(" ".join([*told, _("Tuliskan alasannya bila tetap perlu.")]))


class ActForm(ScreenForm):
    """A form of one act. `version_id` is the version of the row that was shown."""

    version_id = VersionField()

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        self.is_submitted = formdata is not None
        super().__init__(formdata, **kwargs)

    def prepare(self, subject: Any, officer: Officer) -> None:
        """Settle what depends on the row and the officer; called before anything is checked."""


class ConfirmForm(ActForm):
    """Nothing to fill in: the page asks once more."""


class NoteForm(ActForm):
    """A note, if there is something to say."""

    note = story(_l("Catatan"), help=_l("Boleh dikosongkan."), rows=3)


class ReasonForm(ActForm):
    """Why."""

    reason = story(_l("Alasan"), required=True)

    @property
    def why(self) -> str:
        """The reason as it is kept."""
        return self.reason.data or ""


class ReviewForm(ReasonForm):
    """What another supervisor says of an emergency approval."""

    reason = story(_l("Hasil peninjauan"), required=True)


def _explanation() -> Any:
    return story(_l("Penjelasan"), help=_l("Wajib bila alasannya “lainnya”."))


class ListedReasonForm(ActForm):
    """A reason of the list `list_name`, and whatever is to be said about it."""

    kind: Any
    reason: Field

    def validate_reason(self, field: Field) -> None:
        """ "Other" says nothing by itself."""
        if self.kind.data == OTHER and not field.data:
            raise ValidationError(_("Jelaskan alasannya."))

    @property
    def why(self) -> str:
        """The reason as it is kept: the office's word for it, then the explanation."""
        label = {one.value: one.label for one in self.kind.choices}[self.kind.data]
        return f"{label}. {self.reason.data}" if self.reason.data else str(label)


class RejectForm(ListedReasonForm):
    """Why a case is rejected."""

    kind = code_of(_l("Alasan penolakan"), "rejection_reason", checks.required())
    reason = _explanation()


class ReferForm(ListedReasonForm):
    """Why somebody else is responsible."""

    kind = code_of(_l("Alasan rujukan"), "referral_reason", checks.required())
    reason = _explanation()


class ApproveForm(ActForm):
    """The surat perintah: by completing it the case is approved."""

    officers = ColleaguesField(
        _l("Petugas yang diperintah"),
        VISITORS,
        description=_l("Boleh lebih dari satu: penjangkau, konselor, atau pendamping."),
    )
    counsellor = ColleagueField(
        _l("Konselor penanggung jawab"),
        (Role.konselor,),
        description=_l("Memimpin kasus ini sampai monitoring selesai."),
    )
    task = make(m.Order, "task")
    place = make(m.Order, "place")
    safe_meeting_point = BooleanField(_l("Tempat itu titik temu aman, bukan rumah korban"))
    contact_reason = reason_against(
        _l("Wajib bila tempat itu bukan titik temu aman dan petugas tidak boleh ke rumah korban.")
    )
    starts_on = make(m.Order, "starts_on")
    ends_on = make(m.Order, "ends_on")
    basis = make(m.Order, "basis")
    emergency_reason = story(
        _l("Alasan darurat"),
        required=True,
        help=_l(
            "Anda sendiri yang mengidentifikasi kasus ini. Tulis mengapa tidak ada supervisor "
            "lain yang dapat memutuskan; supervisor lain akan meninjaunya."
        ),
    )

    def prepare(self, subject: Case | None, officer: Officer) -> None:
        """From today for three days on the usual basis; the emergency only where it is one."""
        kept = gate.kept_out(db.session(), subject)
        self.officers.offer(False, kept)
        self.counsellor.offer(True, kept)
        self.subject = subject
        if subject is None or subject.identified_by_id != officer.id:
            del self.emergency_reason
        if not self.is_submitted:
            self.starts_on.data = dates.today()
            self.ends_on.data = dates.today() + ORDER_DAYS
            self.basis.data = surat_perintah.usual_basis(db.session())

    def validate_contact_reason(self, field: Field) -> None:
        """A visit to a home needs a yes or a reason; of several cases each is asked by its act."""
        if self.subject is not None and not self.safe_meeting_point.data:
            told = contact_acts.home_obstacles(self.subject)
            demand(field, [one for _person, against in told for one in against])

    def validate_ends_on(self, field: Field) -> None:
        """The end is not before the beginning."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Tanggal selesai tidak boleh sebelum tanggal mulai."))


class OutreachForm(ActForm):
    """What an outreach found."""

    visited_on = make(m.Outreach, "visited_on", required=True)
    victim_met = make(m.Outreach, "victim_met", required=True)
    place = make(m.Outreach, "place")
    assessment = make(m.Outreach, "assessment", required=True)
    risk = ChoiceField(_l("Risiko menurut penjangkauan"), Risk)
    needs = codes_of(_l("Layanan yang dibutuhkan"), "kebutuhan")
    plan = make(m.Outreach, "plan", required=True)
    files = FilesField()

    def prepare(self, subject: Case, officer: Officer) -> None:
        """Today, unless one says otherwise."""
        if not self.is_submitted:
            self.visited_on.data = dates.today()


class ProposalForm(ActForm):
    """Why the counsellor wants to end the handling, and what the victim says to that."""

    reason = make(m.Termination, "reason")
    summary = make(m.Termination, "summary")
    agreement = ChoiceField(_l("Persetujuan korban"), Agreement)
    agreement_note = story(
        _l("Penjelasan tentang persetujuan"),
        help=_l("Wajib bila korban tidak setuju atau tidak dapat dimintai persetujuan."),
        rows=3,
    )

    def validate_agreement_note(self, field: Field) -> None:
        """Without consent there is something to explain."""
        if self.agreement.data not in (None, Agreement.setuju) and not field.data:
            raise ValidationError(
                _("Jelaskan mengapa korban tidak menyetujui atau tidak dapat dimintai.")
            )


class HandOverForm(ActForm):
    """To whom, and why."""

    to = ColleagueField(_l("Konselor baru"), (Role.konselor,))
    reason = story(_l("Alasan"), required=True)

    def prepare(self, subject: Case | None, officer: Officer) -> None:
        """Anybody but the one who has it."""
        kept = gate.kept_out(db.session(), subject)
        self.to.offer(True, kept | {subject.counsellor_id} if subject else kept)


class ForwardForm(ActForm):
    """To whom at UPT PPA."""

    to = ColleagueField(_l("Diteruskan kepada"), INTAKE)

    def prepare(self, subject: m.Report | None, officer: Officer) -> None:
        """Any other officer of intake."""
        self.to.offer(True, gate.kept_out(db.session(), subject) | {officer.id})


class IdentifyForm(ActForm):
    """What identification found: a new case."""

    risk = ChoiceField(_l("Risiko"), Risk)
    violence_kinds = codes_of(_l("Bentuk kekerasan"), "bentuk_kekerasan")
    note = story(_l("Catatan identifikasi"), help=_l("Boleh dikosongkan."), rows=3)
    issue = BooleanField(
        _l("Terbitkan formulir identifikasi kasus"),
        description=_l("Anda menandatanganinya dengan pena; hanya surat itu tetap terbuka."),
    )

    def prepare(self, subject: m.Report, officer: Officer) -> None:
        """The kinds of violence the report speaks of; the form, where it lacks nothing."""
        if not self.is_submitted:
            self.issue.data = identifying.complete(subject)
            self.violence_kinds.data = list(subject.violence_kinds)


class JoinForm(ActForm):
    """The case a report belongs to: by its number, or as the search for earlier cases found it."""

    reference = HiddenField()
    case_number = StringField(
        _l("Nomor kasus"),
        [checks.NotLonger(30)],
        filters=[checks.tidy],
        description=_l("Contoh: KS-2026-00012."),
        render_kw={"autocomplete": "off"},
    )
    note = story(_l("Catatan"), help=_l("Boleh dikosongkan."), rows=3)

    def validate_case_number(self, field: Field) -> None:
        """One of the two."""
        if not field.data and not self.reference.data:
            raise ValidationError(_("Tulis nomor kasusnya, atau pilih dari hasil pencarian."))
