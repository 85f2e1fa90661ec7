"""The quick form: a report typed in while somebody tells it, by telephone, at the counter, or
from a message that came elsewhere. One page, the story first, nothing compulsory that a caller
may not know."""

import re
from collections.abc import Iterator
from typing import Any

from flask_admin.model.fields import InlineFieldList, InlineFormField
from wtforms import BooleanField, HiddenField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

import models as m
from models import Channel, Officer
from portal.casework import lists
from portal.casework.calls import EMPTY
from portal.db import db
from portal.screens import act_forms, checks, uploads
from portal.screens.choices import ColleagueField
from portal.screens.fields import ScreenForm, make
from portal.screens.widgets import LocalDateTimeField, offered
from portal.wording import _
from portal.wording import lazy as _l

INDEX = re.compile(r"[0-9]{1,4}")
MOST_PEOPLE = 20
OUTSIDE = "luar"
OUTCOMES = {
    "": _l("Simpan untuk diidentifikasi"),
    "information": _l("Selesai: permintaan informasi atau konseling"),
    "spam": _l("Selesai: bukan pengaduan (diam, salah sambung, iseng)"),
}
# What is usually so for a channel, until somebody changes it.
USUAL: dict[Channel, dict[str, Any]] = {
    Channel.telepon: {
        "call_kind": "laporan_baru",
        "identity_card": m.IdentityCard.menyusul,
        "identity_card_reason": _l("Laporan lewat telepon."),
    },
}
BY_CALL = ("call_kind",)
BY_REFERRAL = ("referring_institution", "referring_letter")
BY_POST = ("social_place", "social_account", "social_link")
# The fields that one channel alone asks for.
ASKED_BY = {
    Channel.telepon: BY_CALL,
    Channel.rujukan: BY_REFERRAL,
    Channel.media_sosial: BY_POST,
}


def _line(label: Any, help: Any = "") -> Any:
    return StringField(
        label,
        [checks.NotLonger(checks.LINE)],
        filters=[checks.tidy],
        description=help,
        render_kw={"autocomplete": "off", "dir": "auto"},
    )


class RegionSelect(SelectField):
    """A kelurahan or kecamatan of the city, by the name people say."""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """The regions as they are stored now."""
        self.choices = [SelectChoice("", _("Tidak diketahui")), *self._regions()]
        super().process(formdata, *args, **kwargs)

    def _regions(self) -> Iterator[SelectChoice]:
        yield SelectChoice(OUTSIDE, _("Di luar Kota Malang"))
        for district in lists.districts(db.session()):
            yield SelectChoice(district.code, _("Kecamatan %(name)s", name=district.name))
            for code, name in district.villages:
                yield SelectChoice(code, f"{name}, {district.name}")


class People(InlineFieldList):
    """Several people; rows are added and taken away on the page."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """The numbers of the rows that were sent: such as our page writes, and not too many."""
        found: list[int] = []
        for name in formdata:
            number = name[len(prefix) + 1 :].split("-", 1)[0]
            if name.startswith(f"{prefix}-") and INDEX.fullmatch(number):
                found.append(int(number))
        yield from sorted(set(found))[:MOST_PEOPLE]


class VictimPart(ScreenForm):
    """Somebody who is harmed."""

    name = make(m.Person, "name")
    sex = make(m.Person, "sex", required=False)
    estimated_age = make(m.Person, "estimated_age")
    birth_date = make(m.Person, "birth_date")
    phone = make(m.Person, "phone")
    nik = make(m.Person, "nik")
    address = make(m.Person, "address")
    condition = make(m.Victim, "condition")


class SuspectPart(ScreenForm):
    """Who is said to have done it."""

    name = make(m.Person, "name")
    relation = make(m.Suspect, "relation", required=False)
    same_household = make(m.Suspect, "same_household")
    description = make(m.Suspect, "description")


class QuickForm(ScreenForm):
    """A report as it is told."""

    token = HiddenField()
    narrative = make(m.Report, "narrative")
    danger_now = make(m.Report, "danger_now")
    call_kind = make(m.Report, "call_kind")
    received_at = LocalDateTimeField(
        _l("Diterima"),
        [checks.required(), checks.possible_moment, checks.not_ahead],
        description=_l("Waktu tunggu 30 menit dihitung dari sini."),
    )
    social_place = _line(_l("Di media sosial mana"))
    social_account = _line(_l("Nama akun"))
    social_link = _line(
        _l("Tautan kiriman"), help=_l("Alamat kiriman, bila ada. Disimpan tersegel.")
    )
    reporter_name = make(m.Person, "name")
    reporter_phone = make(m.Person, "phone")
    reporter_nik = make(m.Person, "nik")
    reporter_relation = make(m.Reporter, "relation", required=False)
    anonymous = make(m.Reporter, "anonymous")
    contact_channel = make(m.SafeContact, "channel", required=False)
    contact_address = make(m.SafeContact, "address")
    shared_phone = make(m.SafeContact, "shared_phone")
    days = make(m.SafeContact, "days")
    from_time = make(m.SafeContact, "from_time")
    until_time = make(m.SafeContact, "until_time")
    code_word = make(m.SafeContact, "code_word")
    who_may_answer = make(m.SafeContact, "who_may_answer")
    letter_allowed = make(m.SafeContact, "letter_allowed")
    visit_allowed = make(m.SafeContact, "visit_allowed")
    victims = People(InlineFormField(VictimPart), label=_l("Korban"), min_entries=1)
    suspects = People(InlineFormField(SuspectPart), label=_l("Terlapor"), min_entries=1)
    violence_kinds = make(m.Report, "violence_kinds")
    incident_date = make(m.Report, "incident_date")
    incident_precision = make(m.Report, "incident_precision", required=False)
    incident_time = make(m.Report, "incident_time", required=False)
    place_kind = make(m.Report, "place_kind")
    place = make(m.Report, "place")
    region = RegionSelect(_l("Kelurahan atau kecamatan"))
    wishes = make(m.Report, "wishes")
    identity_card = make(m.Report, "identity_card")
    identity_card_reason = make(m.Report, "identity_card_reason")
    card_files = uploads.FilesField(_l("Foto kartu identitas"))
    other_files = uploads.FilesField(_l("Berkas lain"))
    referring_institution = make(m.Report, "referring_institution")
    referring_letter = make(m.Report, "referring_letter")
    consents_to_processing = make(m.Report, "consents_to_processing")
    mine = BooleanField(_l("Saya yang mengidentifikasi laporan ini"), default=True)
    forward_to = ColleagueField(_l("Teruskan ke UPT PPA, kepada"), act_forms.INTAKE, validators=[])
    outcome = SelectField(_l("Sesudah disimpan"), choices=[])
    outcome_reason = act_forms.story(
        _l("Alasan"), help=_l("Wajib bila laporan langsung selesai."), rows=2
    )

    def prepare(self, channel: Channel, officer: Officer) -> None:
        """Only what this channel needs, and whom it can be forwarded to."""
        self.forward_to.offer(True, {officer.id})
        self.outcome.choices = offered(OUTCOMES.items())
        for own, names in ASKED_BY.items():
            for name in names if own is not channel else ():
                del self[name]

    def fill_usual(self, channel: Channel) -> None:
        """What is usually so for this channel."""
        for name, value in USUAL.get(channel, {}).items():
            self[name].data = value if isinstance(value, m.IdentityCard) else str(value)

    @property
    def is_empty_call(self) -> bool:
        """Whether nobody told anything."""
        return "call_kind" in self and self.call_kind.data in EMPTY

    def validate_outcome_reason(self, field: Any) -> None:
        """What is closed at once is closed for a reason."""
        if self.outcome.data and not field.data:
            raise ValidationError(_("Tuliskan alasannya."))

    def validate_forward_to(self, field: Any) -> None:
        """What is closed is not forwarded."""
        if self.outcome.data and field.data:
            raise ValidationError(_("Laporan yang langsung selesai tidak diteruskan."))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Each field, and that there is something to work on."""
        right = bool(super().validate(*args, **kwargs))
        if self.narrative.data or self.is_empty_call:
            return right
        told = _("Tulis apa yang disampaikan, walau hanya satu kalimat.")
        self.narrative.errors = [*self.narrative.errors, told]
        return False


SECTIONS = (
    (
        _l("Yang disampaikan"),
        ("narrative", "danger_now", "call_kind", *BY_POST, "received_at"),
        None,
    ),
    (
        _l("Pelapor"),
        (
            *("reporter_name", "reporter_phone", "reporter_relation", "reporter_nik"),
            *("anonymous", "consents_to_processing"),
        ),
        None,
    ),
    (
        _l("Kontak aman"),
        (
            *("contact_channel", "contact_address", "shared_phone", "code_word"),
            *("who_may_answer", "days", "from_time", "until_time"),
            *("letter_allowed", "visit_allowed"),
        ),
        _l("Tanyakan dahulu: bagaimana kami boleh menghubungi tanpa membahayakan?"),
    ),
    (_l("Korban"), ("victims",), _l("Boleh lebih dari satu. Isi hanya yang diketahui.")),
    (_l("Terlapor"), ("suspects",), _l("Tidak ada yang wajib diisi.")),
    (
        _l("Kejadian"),
        (
            *("violence_kinds", "incident_date", "incident_precision", "incident_time"),
            *("place_kind", "place", "region", "wishes"),
        ),
        None,
    ),
    (
        _l("Kartu identitas dan berkas"),
        (
            *("identity_card", "identity_card_reason", "card_files", "other_files"),
            *("referring_institution", "referring_letter"),
        ),
        None,
    ),
    (_l("Sesudah ini"), ("mine", "forward_to", "outcome", "outcome_reason"), None),
)
