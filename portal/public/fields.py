"""The kinds of question on the public site. Their answers come from the office's code lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session
from wtforms import (
    Form,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from portal.casework import lists
from portal.channels.web import OUTSIDE, PartialDate
from portal.indonesia import dates
from portal.public import visit
from portal.public.checks import LONG, SHORT, NotLonger, clean
from portal.wording import _
from portal.wording import lazy as _l
from portal.wording import lazy_in as _in

YES_NO = (("ya", _l("Ya")), ("tidak", _l("Tidak")), ("tidak_tahu", _l("Tidak tahu")))
BOXES = (("hari", _in("kotak", "Tanggal"), 2), ("bulan", _l("Bulan"), 2), ("tahun", _l("Tahun"), 4))
FILE_TYPES = "image/*,audio/*,video/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt,.ods,.odp"


class Lists:
    """The code lists of one request, each read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[str, list[lists.Option]] = {}

    def __call__(self, name: str) -> list[lists.Option]:
        """Codes and labels of the list `name`."""
        if name not in self._read:
            self._read[name] = lists.options(self._session, name)
        return self._read[name]

    @cached_property
    def districts(self) -> list[lists.District]:
        """The kecamatan with their kelurahan."""
        return lists.districts(self._session)


class PlainForm(Form):
    """A form of the public site; nothing of it lives in a session."""

    def __init__(self, formdata: Any, known: Lists) -> None:
        super().__init__(formdata)
        for field in self:
            if isinstance(field, FromList):
                field.choices = list(field.offer(known))

    @property
    def names(self) -> list[str]:
        """Every name under which this form reads text from a request."""
        kept = [field for field in self if not isinstance(field, MultipleFileField)]
        dated = [name for field in kept if isinstance(field, DateParts) for name in field.names]
        return [field.name for field in kept if not isinstance(field, DateParts)] + dated


# --- text -----------------------------------------------------------------------------------------


def line(label: Any, hint: Any = "", checks: Iterable[Any] = (), **attributes: Any) -> Any:
    """One line of text."""
    rules = [NotLonger(SHORT), *checks]
    extra = {"autocomplete": "off", "dir": "auto"} | attributes
    return StringField(label, rules, filters=[clean], description=hint, render_kw=extra)


def story(label: Any, hint: Any = "", rows: int = 5, most: int = LONG) -> Any:
    """Several lines of text."""
    extra = {"autocomplete": "off", "rows": rows, "dir": "auto"}
    rules = [NotLonger(most)]
    return TextAreaField(label, rules, filters=[clean], description=hint, render_kw=extra)


def uploads(label: Any, hint: Any = "") -> Any:
    """Any number of files."""
    return MultipleFileField(label, description=hint, render_kw={"accept": FILE_TYPES})


# --- questions with given answers ---------------------------------------------------------------


class FromList(SelectField):
    """A question with given answers; one that was never offered is refused."""

    def __init__(
        self, label: Any, list_name: str = "", hint: Any = "", but: str = "", **kwargs: Any
    ) -> None:
        super().__init__(label, description=hint, validate_choice=False, choices=[], **kwargs)
        self.list_name, self.but = list_name, but

    def offer(self, known: Lists) -> Iterable[SelectChoice]:
        """What may be chosen, in its order, without the code `but`."""
        listed = known(self.list_name)
        return (SelectChoice(code, label) for code, label in listed if code != self.but)

    def pre_validate(self, form: Any) -> None:
        """Refuse what was never offered."""
        chosen = self.data if isinstance(self.data, list) else [self.data or ""]
        offered = {choice.value for choice in self.choices} | {""}
        if not set(chosen) <= offered:
            raise ValidationError(_("Pilih salah satu dari daftar."))


class Choice(FromList, RadioField):
    """One of a few, as buttons; nothing chosen is an answer as well."""


class YesNo(Choice):
    """Yes, no, or not known."""

    inline = True

    def offer(self, known: Lists) -> Iterable[SelectChoice]:
        """The same three answers everywhere."""
        return (SelectChoice(code, str(label)) for code, label in YES_NO)


class Ticks(FromList, SelectMultipleField):
    """Any number of a few, as boxes."""

    option_widget = CheckboxInput()


class Menu(FromList):
    """One of many, as a menu whose first line stands for no answer."""

    def offer(self, known: Lists) -> Iterable[SelectChoice]:
        """The list behind an empty line."""
        return [SelectChoice("", _("Pilih, atau biarkan kosong")), *super().offer(known)]


class Place(FromList):
    """A kelurahan of the city, a kecamatan, or somewhere else."""

    def offer(self, known: Lists) -> Iterable[SelectChoice]:
        """Kelurahan under their kecamatan, since five names stand on both levels."""
        yield SelectChoice("", _("Pilih, atau biarkan kosong"))
        yield SelectChoice(OUTSIDE, _("Di luar Kota Malang"))
        for district in known.districts:
            group = _("Kecamatan %(name)s", name=district.name)
            whole = _("%(name)s, kelurahan tidak diketahui", name=district.name)
            for code, name in ((district.code, whole), *district.villages):
                yield SelectChoice(code, name, optgroup=group)


class Hour(FromList):
    """A full hour of the day."""

    def offer(self, known: Lists) -> Iterable[SelectChoice]:
        """Every hour as people here write it."""
        yield SelectChoice("", _("Kapan saja"))
        for hour in range(24):
            yield SelectChoice(f"{hour:02}:00", f"{hour:02}.00")


# --- dates ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """One box of a date as it is shown."""

    name: str
    label: str
    width: int
    typed: str


class DateParts(Field):
    """A date in three boxes, as far as it is known; `data` is a PartialDate or None."""

    def __init__(self, label: Any, hint: Any = "", whole: bool = False, **kwargs: Any) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.whole = whole
        self.data: PartialDate | None = None
        self.typed = ("", "", "")

    @property
    def names(self) -> list[str]:
        """What the three boxes are called in the posted form."""
        return [f"{self.name}-{box}" for box, _label, _width in BOXES]

    @property
    def boxes(self) -> list[Box]:
        """The three boxes with what was typed."""
        named = zip(self.names, BOXES, self.typed, strict=True)
        return [Box(name, str(label), width, typed) for name, (_n, label, width), typed in named]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was typed; whether it is a date is told by `pre_validate`."""
        self.process_errors: list[str] = []
        if formdata:
            day, month, year = (clean(formdata.get(name))[:SHORT] for name in self.names)
            self.typed = (day, month, year)

    def pre_validate(self, form: Any) -> None:
        """Set `data`, or say what is wrong with the date."""
        try:
            self.data = PartialDate.read(*self.typed, dates.local_date(visit.now()))
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if self.whole and self.data and not self.data.day:
            raise ValidationError(
                _("Tulis tanggal, bulan, dan tahunnya, atau isi perkiraan umur saja.")
            )
