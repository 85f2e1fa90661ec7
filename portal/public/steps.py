"""The complaint form as a table of steps, and what a draft holds of each.

A draft keeps what was typed, not what was understood: an answer that is still wrong survives the
error, the back button and the way through the other steps, and is read again at the end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.channels.web import CARD_KIND, SELF
from portal.public import forms
from portal.public.fields import Lists, PlainForm
from portal.wording import lazy as _l

MOST_PEOPLE = 20
# Asked of the reporter already when the reporter is the one who is harmed.
ASKED = ("name", "sex", "nik", "address", "region")

Raw = dict[str, list[str]]


@dataclass(frozen=True)
class Step:
    """One page of the form. `many`: it may be filled in for several people."""

    slug: str
    title: Any
    form: Callable[[Any, Lists], PlainForm]
    intro: Any = ""
    many: bool = False
    another: Any = ""


STEPS = (
    Step(
        "kontak",
        _l("Cara menghubungi Anda dengan aman"),
        forms.ContactForm,
        _l("Keamanan Anda yang pertama. Isi seperlunya; semua boleh dikosongkan."),
    ),
    Step(
        "keamanan",
        _l("Waktu dan tanda yang aman"),
        forms.SafetyForm,
        _l("Agar pesan kami tidak sampai kepada orang yang salah. Semua boleh dikosongkan."),
    ),
    Step(
        "pelapor",
        _l("Tentang Anda"),
        forms.ReporterForm,
        _l("Anda boleh melapor tanpa nama. Identitas Anda kami rahasiakan."),
    ),
    Step(
        "korban",
        _l("Siapa yang dirugikan?"),
        forms.VictimForm,
        _l("Isi yang Anda tahu saja. Bila lebih dari satu orang, tambahkan satu per satu."),
        many=True,
        another=_l("Tambah orang lain yang dirugikan"),
    ),
    Step("kejadian", _l("Apa yang terjadi?"), forms.EventForm),
    Step(
        "waktu-tempat",
        _l("Kapan dan di mana?"),
        forms.WhenWhereForm,
        _l("Isi yang Anda tahu saja."),
    ),
    Step(
        "terlapor",
        _l("Siapa yang melakukannya?"),
        forms.SuspectForm,
        _l("Tidak ada yang wajib. Bila tidak tahu, langsung lanjutkan."),
        many=True,
        another=_l("Tambah orang lain yang melakukannya"),
    ),
    Step("harapan", _l("Harapan Anda"), forms.WishForm),
    Step(
        "berkas",
        _l("Kartu identitas dan berkas lain"),
        forms.FilesForm,
        _l("Semua berkas disimpan terkunci dan hanya dibuka petugas yang menangani."),
    ),
)
BY_SLUG = {step.slug: step for step in STEPS}
CHECK = "periksa"
TOTAL = len(STEPS) + 1


def place(step: Step) -> int:
    """The number of a step as it is shown, from 1."""
    return STEPS.index(step) + 1


def before(step: Step) -> Step | None:
    """The step before this one, None for the first."""
    return STEPS[STEPS.index(step) - 1] if step is not STEPS[0] else None


def after(step: Step) -> Step | None:
    """The step after this one, None where the answers are checked next."""
    following = STEPS[STEPS.index(step) + 1 :]
    return following[0] if following else None


@dataclass
class Typed:
    """What a draft holds: for each step the raw answers of each person, and the files."""

    answers: dict[str, list[Raw]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """As it is sealed."""
        return {"answers": self.answers, "files": self.files}

    def people(self, step: Step) -> list[Raw]:
        """The raw answers of a step; one empty one where nothing was typed yet."""
        return self.answers.get(step.slug) or [{}]

    def raw(self, step: Step, number: int) -> Raw:
        """The raw answers for person `number` (from 1) of a step."""
        people = self.people(step)
        return people[number - 1] if number <= len(people) else {}

    def put(self, step: Step, number: int, raw: Raw) -> int:
        """Keep raw answers; the number under which they are kept (gaps are closed)."""
        people = self.answers.setdefault(step.slug, [])
        if number <= len(people):
            people[number - 1] = raw
        elif len(people) < (MOST_PEOPLE if step.many else 1):
            people.append(raw)
        return min(number, len(people))

    def drop(self, step: Step, number: int) -> None:
        """Take person `number` out again."""
        people = self.answers.get(step.slug, [])
        del people[number - 1 : number]

    @property
    def danger(self) -> bool:
        """Whether somebody is in danger now."""
        return self.raw(BY_SLUG["kejadian"], 1).get("danger_now") == ["ya"]

    @property
    def has_card(self) -> bool:
        """Whether an identity card was handed in."""
        return any(file["kind"] == CARD_KIND for file in self.files)


def form_for(step: Step, number: int, typed: Typed, raw: Raw, lists: Lists) -> PlainForm:
    """The form of one page, filled with `raw`; nothing is asked that was answered before."""
    form = step.form(MultiDict(raw), lists)
    if step.slug == "korban" and number == 1 and teller_is_harmed(typed):
        for name in ASKED:
            del form[name]
    if isinstance(form, forms.FilesForm):
        form.has_card = typed.has_card
    return form


def teller_is_harmed(typed: Typed) -> bool:
    """Whether the reporter is the first of those who are harmed."""
    return typed.raw(BY_SLUG["pelapor"], 1).get("relation") == [SELF]


def pages(typed: Typed, lists: Lists) -> Iterator[tuple[Step, int, PlainForm]]:
    """Every page as it stands, read and validated, in order."""
    for step in STEPS:
        for number, raw in enumerate(typed.people(step), start=1):
            form = form_for(step, number, typed, raw, lists)
            form.validate()
            yield step, number, form


def told(read: list[tuple[Step, int, PlainForm]]) -> dict[str, Any]:
    """The answers of valid pages as `portal.channels.web` takes them."""
    answers: dict[str, Any] = {step.slug: [] if step.many else {} for step in STEPS}
    for step, _number, form in read:
        if step.many:
            answers[step.slug].append(form.data)
        else:
            answers[step.slug] = form.data
    return answers
