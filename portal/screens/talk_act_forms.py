"""The forms of the acts on a conversation: to whom, until when, about what."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from wtforms import Field, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from models import Case, Conversation, Message, Officer, Person, Report, Role
from portal.casework import talk_acts, talk_identity, talk_merging, talk_reading
from portal.casework.reissue import PROOFS
from portal.db import db
from portal.indonesia import dates
from portal.screens import checks, titles
from portal.screens.act_forms import ActForm, story
from portal.screens.choices import ColleagueField, codes_of
from portal.screens.widgets import LocalDateTimeField, MultiCheckbox, offered
from portal.wording import _
from portal.wording import lazy as _l

COLLEAGUES = (Role.petugas, Role.supervisor, Role.konselor, Role.pendamping, Role.penjangkau)
SHORT = 90
MORNING = 8

# --- forms --------------------------------------------------------------------------------------


class HandOverForm(ActForm):
    """To whom, and what they should know."""

    to = ColleagueField(_l("Dialihkan kepada"), COLLEAGUES)
    text = story(_l("Catatan untuk rekan"), help=_l("Boleh dikosongkan."), rows=3)

    def prepare(self, subject: Conversation, officer: Officer) -> None:
        """Anybody who may meet it, but whoever has it."""
        kept = talk_acts.kept_out(db.session(), subject)
        self.to.offer(True, kept | {subject.owner_id})


LATER = {
    "1": _l("Satu jam lagi"),
    "3": _l("Tiga jam lagi"),
    "besok": _l("Besok pagi pukul 08.00"),
    "sendiri": _l("Waktu di bawah ini"),
}


class SnoozeForm(ActForm):
    """Until when, and why."""

    later = RadioField(_l("Ditunda sampai"), [checks.required()], choices=[])
    until = LocalDateTimeField(_l("Tanggal dan jam"), [Optional(), checks.possible_moment])
    reason = story(_l("Alasan"), required=True, rows=2)

    def prepare(self, subject: Conversation, officer: Officer) -> None:
        """The usual times."""
        self.later.choices = offered(LATER.items())
        if not self.is_submitted:
            self.later.data = "1"

    def validate_until(self, field: Field) -> None:
        """Chosen by hand it lies ahead."""
        if self.later.data != "sendiri":
            return
        if not field.data or field.data <= dates.now():
            raise ValidationError(_("Pilih waktu yang akan datang."))

    def moment(self, now: datetime) -> datetime:
        """When it wakes (aware)."""
        if self.later.data == "sendiri":
            chosen: datetime = self.until.data
            return chosen
        if self.later.data == "besok":
            day = dates.local_date(now) + timedelta(days=1)
            return dates.start_of_day_utc(day) + timedelta(hours=MORNING)
        return now + timedelta(hours=int(self.later.data))


UNKNOWN = "0"


class IdentityForm(ActForm):
    """Who is behind it, and how that was checked."""

    person = RadioField(_l("Orang di balik nomor atau alamat ini"), [checks.required()], choices=[])
    proof = RadioField(_l("Cara pemeriksaan"), [checks.required()], choices=[])

    def prepare(self, subject: Conversation, officer: Officer) -> None:
        """The people of its reports and cases whom this officer meets, and nobody at all."""
        found = talk_identity.candidates(db.session(), subject)
        self.known = {str(one.id): one for one in found}
        named = [(str(one.id), f"{titles.of(one)} ({part})") for one, part in found.items()]
        self.person.choices = offered([*named, (UNKNOWN, _("Belum diketahui siapa"))])
        self.proof.choices = offered((code, one.label) for code, one in PROOFS.items())

    def validate_proof(self, field: Field) -> None:
        """One that goes with this person."""
        if wrong := talk_identity.fault(self.chosen, field.data):
            raise ValidationError(wrong)

    @property
    def chosen(self) -> Person | None:
        """The person, None where it is not known."""
        return self.known.get(self.person.data or "")


class LabelForm(ActForm):
    """What it is marked with."""

    labels = codes_of(_l("Tanda"), "label_percakapan")

    def prepare(self, subject: Conversation, officer: Officer) -> None:
        """Those it has."""
        if not self.is_submitted:
            self.labels.data = list(subject.labels)


def _numbered(label: Any, example: str) -> Any:
    return StringField(
        label,
        [checks.required(), checks.NotLonger(30)],
        filters=[checks.tidy],
        description=_l("Contoh: %(number)s.", number=example),
        render_kw={"autocomplete": "off"},
    )


def _find(model: type[Any], number: str) -> Any:
    """The row with this number, where this officer meets it."""
    return db.session.scalar(select(model).where(model.number == number.strip().upper()))


class LinkForm(ActForm):
    """Which report or case."""

    number = _numbered(_l("Nomor laporan atau kasus"), "LP-2026-000012")

    def validate_number(self, field: Field) -> None:
        """One that this officer meets; what they do not meet is not there."""
        self.about = _find(Report, field.data) or _find(Case, field.data)
        if self.about is None:
            raise ValidationError(_("Laporan atau kasus dengan nomor itu tidak ditemukan."))


def _pair(one: Report | Case) -> tuple[int | None, int | None]:
    return (one.id, None) if isinstance(one, Report) else (None, one.id)


class UnlinkForm(ActForm):
    """Which of those it is linked to."""

    number = SelectField(_l("Yang dilepaskan"), [checks.required()], choices=[])

    def prepare(self, subject: Conversation, officer: Officer) -> None:
        """Only what this officer meets."""
        linked = {(one.report_id, one.case_id) for one in subject.links}
        about = talk_reading.matters(db.session(), subject)
        self.known = {one.number: one for one in about if _pair(one) in linked}
        self.number.choices = offered((number, number) for number in self.known)


class MergeForm(ActForm):
    """Into which other conversation, and why."""

    number = _numbered(_l("Digabungkan ke percakapan nomor"), "PC-2026-000012")
    reason = story(_l("Alasan"), required=True, rows=2)

    def prepare(self, subject: Conversation, officer: Officer) -> None:
        """A hint, where one name leads to another conversation; nothing is filled in."""
        hints = talk_merging.alike(db.session(), subject)
        if hints:
            told = ", ".join(one.number for one in hints)
            self.number.description = _("Mungkin orang yang sama: %(numbers)s.", numbers=told)

    def validate_number(self, field: Field) -> None:
        """One that this officer meets."""
        self.into = _find(Conversation, field.data)
        if self.into is None:
            raise ValidationError(_("Percakapan dengan nomor itu tidak ditemukan."))


class SplitForm(ActForm):
    """Which messages belong to somebody else, and why."""

    messages = MultiCheckbox(_l("Pesan yang dipisahkan"), [checks.required()], choices=[])
    reason = story(_l("Alasan"), required=True, rows=2)

    def prepare(self, subject: Conversation, officer: Officer) -> None:
        """The newest ones."""
        found, _more = talk_reading.thread(db.session(), subject)
        mine = [m for m in found if m.kind != "event" and m.conversation_id == subject.id]
        self.known = {str(one.id): one for one in mine}
        self.messages.choices = offered((key, _line(one)) for key, one in self.known.items())

    @property
    def chosen(self) -> list[Message]:
        """The messages that were ticked."""
        return [self.known[key] for key in self.messages.data or () if key in self.known]


def _line(one: Message) -> str:
    text = one.body if len(one.body) <= SHORT else f"{one.body[:SHORT]}…"
    return f"{dates.moment(one.at)}: {text}"
