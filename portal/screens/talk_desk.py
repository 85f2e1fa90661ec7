"""The acts on a conversation as pages: form, function, and what they are called."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Field, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from models import Case, Conversation, Message, Officer, Report, Role
from portal.casework import talk_acts, talk_merging, talk_reading
from portal.db import db
from portal.indonesia import dates
from portal.screens import act_forms, checks
from portal.screens.act import Act, Words
from portal.screens.act_forms import ActForm, story
from portal.screens.choices import ColleagueField, codes_of
from portal.screens.talk_texts import ACTS as NAMES
from portal.screens.widgets import LocalDateTimeField, MultiCheckbox
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
        self.later.choices = [(code, str(text)) for code, text in LATER.items()]
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


class UnlinkForm(ActForm):
    """Which of those it is linked to."""

    number = SelectField(_l("Yang dilepaskan"), [checks.required()], choices=[])

    def prepare(self, subject: Conversation, officer: Officer) -> None:
        """Only what this officer meets."""
        about = [one.report or one.case for one in subject.links]
        self.known = {one.number: one for one in about if one is not None}
        self.number.choices = [(number, number) for number in self.known]


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
        self.messages.choices = [(key, _line(one)) for key, one in self.known.items()]

    @property
    def chosen(self) -> list[Message]:
        """The messages that were ticked."""
        return [self.known[key] for key in self.messages.data or () if key in self.known]


def _line(one: Message) -> str:
    text = one.body if len(one.body) <= SHORT else f"{one.body[:SHORT]}…"
    return f"{dates.moment(one.at)}: {text}"


# --- from form to function ----------------------------------------------------------------------


def _bare(act: Any, with_version: bool = False) -> Any:
    def do(
        db: Session, talk: Any, who: Officer, at: datetime, form: Any, version: int | None
    ) -> None:
        act(db, talk, who, at, **({"version": version} if with_version else {}))

    return do


def _with(act: Any, *names: str, with_version: bool = False) -> Any:
    """The function with answers of the form, in this order."""

    def do(
        db: Session, talk: Any, who: Officer, at: datetime, form: Any, version: int | None
    ) -> None:
        said = [_answer(form, name) for name in names]
        act(db, talk, who, at, *said, **({"version": version} if with_version else {}))

    return do


def _answer(form: Any, name: str) -> Any:
    if name in ("about", "into", "chosen"):
        return getattr(form, name)
    return form.to.chosen if name == "to" else form[name].data


def _snooze(
    db: Session, talk: Any, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    talk_acts.snooze(db, talk, who, at, form.moment(at), form.reason.data, version)


def _unlink(
    db: Session, talk: Any, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    talk_acts.unlink(db, talk, who, at, form.known[form.number.data])


def _facts(talk: Conversation, officer: Officer) -> dict[str, Any]:
    """Why it is said to be no complaint, for who is to agree."""
    if talk.dismissed_at is None or talk.dismissed_by is None:
        return {"facts": []}
    pairs = [
        (_("Diusulkan oleh"), talk.dismissed_by.name),
        (_("Alasan"), talk.dismissal_reason or ""),
    ]
    return {"facts": pairs}


CONFIRM, REASON = act_forms.ConfirmForm, act_forms.ReasonForm
ACTS: Mapping[str, Act] = {
    "take": Act(CONFIRM, _bare(talk_acts.take), _l("Percakapan menjadi tanggung jawab Anda.")),
    "take_over": Act(
        REASON,
        _with(talk_acts.take_over, "reason"),
        _l("Petugas yang memegangnya diberi tahu, dan alasannya tertulis di percakapan."),
    ),
    "hand_over": Act(
        HandOverForm,
        _with(talk_acts.hand_over, "to", "text"),
        _l("Rekan itu diberi tahu. Pelapor tidak mendapat pesan apa pun."),
    ),
    "finish": Act(
        CONFIRM,
        _bare(talk_acts.finish, with_version=True),
        _l("Tidak ada yang menunggu lagi. Pesan baru apa pun membukanya kembali."),
    ),
    "reopen": Act(CONFIRM, _bare(talk_acts.reopen), _l("Percakapan berlanjut.")),
    "snooze": Act(
        SnoozeForm,
        _snooze,
        _l("Muncul lagi pada waktunya, atau begitu pelapor menulis. Tidak ada yang dikirim."),
    ),
    "wake": Act(CONFIRM, _bare(talk_acts.wake), _l("Percakapan menunggu lagi.")),
    "label": Act(LabelForm, _with(talk_acts.label, "labels"), _l("Hanya terlihat petugas.")),
    "link": Act(
        LinkForm,
        _with(talk_acts.link, "about"),
        _l("Petugas kasus atau laporan itu dapat membaca percakapan ini."),
    ),
    "unlink": Act(UnlinkForm, _unlink, _l("Percakapan tidak lagi terbuka lewat data itu.")),
    "dismiss": Act(
        REASON,
        _with(talk_acts.dismiss, "reason", with_version=True),
        _l("Tetap terlihat sampai petugas kedua setuju. Pesan baru selalu membukanya kembali."),
    ),
    "agree": Act(
        CONFIRM,
        _bare(talk_acts.agree, with_version=True),
        _l("Disembunyikan di bawah “Bukan pengaduan” sampai ada pesan baru."),
        _facts,
    ),
    "restore": Act(CONFIRM, _bare(talk_acts.restore), _l("Percakapan menunggu lagi."), _facts),
    "merge": Act(
        MergeForm,
        _with(talk_merging.merge, "into", "reason"),
        _l("Dibaca sebagai satu percakapan; dapat dibatalkan. Nomor dan telepon tidak berubah."),
    ),
    "unmerge": Act(CONFIRM, _bare(talk_merging.unmerge), _l("Kembali menjadi dua percakapan.")),
    "split": Act(
        SplitForm,
        _with(talk_merging.split, "chosen", "reason"),
        _l("Pesan terpilih pindah ke percakapan baru; dapat dikembalikan."),
    ),
    "rejoin": Act(CONFIRM, _bare(talk_merging.rejoin), _l("Semua pesan kembali ke asalnya.")),
}
DONE: Mapping[str, Any] = {
    "take": _l("Percakapan diambil"),
    "take_over": _l("Percakapan diambil alih"),
    "hand_over": _l("Percakapan dialihkan"),
    "finish": _l("Percakapan selesai"),
    "reopen": _l("Percakapan dibuka kembali"),
    "snooze": _l("Percakapan ditunda"),
    "wake": _l("Penundaan diakhiri"),
    "label": _l("Tanda disimpan"),
    "link": _l("Percakapan dihubungkan"),
    "unlink": _l("Hubungan dilepaskan"),
    "dismiss": _l("Menunggu persetujuan petugas kedua"),
    "agree": _l("Disembunyikan sebagai bukan pengaduan"),
    "restore": _l("Tanda “bukan pengaduan” dicabut"),
    "merge": _l("Percakapan digabungkan"),
    "unmerge": _l("Penggabungan dibatalkan"),
    "split": _l("Pesan dipisahkan"),
    "rejoin": _l("Pesan dikembalikan"),
}
GRAVE = {"dismiss", "merge", "split"}
WORDS: Mapping[str, Words] = {act: Words(NAMES[act], DONE[act], act in GRAVE) for act in ACTS}
