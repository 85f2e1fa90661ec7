"""From a column to its field: one maker for each kind of column.

Labels, help, limits and checks come from their tables; a screen only lists names.
"""

from collections.abc import Callable, Iterator
from typing import Any

from flask import has_request_context, request
from flask_admin.form import BaseForm
from sqlalchemy import inspect
from sqlalchemy.orm import ColumnProperty
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.validators import Optional, ValidationError

from portal.indonesia import dates, phone
from portal.screens import checks, codes, helps, kept, kinds, lookups, one_case, texts
from portal.screens.catalogue import field_texts
from portal.screens.kinds import Kind
from portal.screens.widgets import LocalDateTimeField, LookupField, MultiCheckbox, MultiLookupField
from portal.wording import _

YES, NO = "ya", "tidak"


class ScreenForm(BaseForm):
    """A form of the officers' screens; its built-in messages speak Indonesian too."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the form may be acted upon: never one that is only opened again."""
        if not super().validate(extra_validators):
            return False
        if has_request_context() and kept.REOPEN in request.form:
            self.form_errors.append(_("Isian Anda sudah dikembalikan. Periksa, lalu simpan."))
            return False
        return True

    class Meta:
        """What WTForms says by itself."""

        def get_translations(self, form: Any) -> Any:
            """The catalogue of the language in force."""
            return field_texts()


# --- text -----------------------------------------------------------------------------------


class VersionField(HiddenField):
    """The version of the row that was shown; never written, only compared."""

    def process_formdata(self, valuelist: Any) -> None:
        """None for a form that does not say: it cannot be told from a stale one."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def populate_obj(self, obj: Any, name: str) -> None:
        """The database counts."""

    def fits(self, row: Any) -> bool:
        """Whether `row` is still as it was shown."""
        return bool(self.data == row.version_id)


class TelephoneField(StringField):
    """Shown as it is dialled, stored as E.164."""

    shown: str | None = None

    def process_data(self, value: Any) -> None:
        """What is stored, as people write it here."""
        self.shown = self.data = phone.display(value) if value else None

    def populate_obj(self, obj: Any, name: str) -> None:
        """Store the number; one that was not touched stays as it is."""
        if self.data != self.shown:
            setattr(obj, name, phone.normalise(self.data) if self.data else None)


def _line(kind: Kind, name: str, common: dict[str, Any]) -> Any:
    common["validators"] += [checks.NotLonger(kind.length or checks.LINE)]
    common["validators"] += checks.CHECKS.get(name, ())
    attributes = {"autocomplete": "off", "dir": "auto"}
    if name == "phone":
        common["validators"].append(checks.telephone)
        return TelephoneField(render_kw=attributes | {"inputmode": "tel"}, **common)
    if name in checks.CLEANERS:
        common["filters"] = [checks.CLEANERS[name]]
        attributes["inputmode"] = "numeric"
    return StringField(render_kw=attributes, **common)


def _story(kind: Kind, name: str, common: dict[str, Any]) -> Any:
    common["validators"].append(checks.NotLonger(checks.STORY))
    return TextAreaField(render_kw={"rows": 5, "dir": "auto"}, **common)


# --- codes ----------------------------------------------------------------------------------


class CodeField(SelectField):
    """One code of a list. A code that is no longer offered stays where it was chosen before."""

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, coerce=self._coerced, choices=[], validate_choice=True, **kwargs)

    def _coerced(self, value: Any) -> Any:
        if not value:
            return None
        return self.kind.enum(value) if self.kind.enum else str(value)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Offer the list as it is now, and what the row holds."""
        super().process(formdata, *args, **kwargs)
        offered = dict(codes.options(self.kind))
        held = self.object_data
        if held and str(held) not in offered:
            offered[str(held)] = dict(codes.every(self.kind)).get(str(held), str(held))
        blank = [] if self.flags.required and held else [SelectChoice("", "")]
        self.choices = blank + [SelectChoice(code, text) for code, text in offered.items()]


class CodesField(MultiCheckbox):
    """Several codes of a list, as check boxes."""

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, choices=[], **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Offer the list as it is now, and what the row holds."""
        super().process(formdata, *args, **kwargs)
        offered = dict(codes.options(self.kind))
        held = {code: codes.name(self.kind.list_name, code) for code in self.object_data or ()}
        self.choices = [SelectChoice(code, text) for code, text in (offered | held).items()]


class MaybeField(SelectField):
    """Yes, no, or unknown: what nobody asked is not a no."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, coerce=self._coerced, choices=self._offered, **kwargs)

    @staticmethod
    def _coerced(value: Any) -> bool | None:
        return {YES: True, NO: False, True: True, False: False}.get(value)

    @staticmethod
    def _offered() -> list[SelectChoice]:
        return [
            SelectChoice("", _("Tidak diketahui")),
            SelectChoice(YES, _("Ya")),
            SelectChoice(NO, _("Tidak")),
        ]

    def iter_choices(self) -> Iterator[Choice]:
        """The three answers."""
        for one in self._offered():
            yield Choice(one.value, one.label, self._coerced(one.value) is self.data, {})


# --- other rows -----------------------------------------------------------------------------


class RowField(LookupField):
    """Another row, looked up; one that this officer may not see does not exist."""

    def process_formdata(self, valuelist: Any) -> None:
        """The row, at once: an id that nobody offered is an error, not an empty field."""
        self.given = bool(valuelist and valuelist[0])
        self.data = self.loader.get_one(valuelist[0]) if self.given else None

    def pre_validate(self, form: Any) -> None:
        """Known to this officer, and there where it must be."""
        if self.data is None and getattr(self, "given", False):
            raise ValidationError(_("Pilihan ini tidak dikenal."))
        if self.data is None and not self.allow_blank:
            raise ValidationError(str(checks.REQUIRED))
        if why := one_case.fault(one_case.of_form(form), self.data):
            raise ValidationError(why)


class RowsField(MultiLookupField):
    """Several other rows."""

    def pre_validate(self, form: Any) -> None:
        """All of them known to this officer."""
        if self.data is not None and self._invalid_formdata:
            raise ValidationError(_("Pilihan ini tidak dikenal."))


def _row(kind: Kind, name: str, common: dict[str, Any]) -> Any:
    common["validators"] = []
    loader = lookups.loader(kind.model, name)  # type: ignore[arg-type]
    return RowField(loader, allow_blank=kind.nullable, **common)


def _rows(kind: Kind, name: str, common: dict[str, Any]) -> Any:
    return RowsField(lookups.loader(kind.model, name), **common)  # type: ignore[arg-type]


# --- numbers and times ------------------------------------------------------------------------


def _whole(kind: Kind, name: str, common: dict[str, Any]) -> Any:
    common["validators"].append(checks.Within(*checks.RANGES.get(name, (0, 1_000_000))))
    return IntegerField(render_kw={"inputmode": "numeric"}, **common)


def _day(kind: Kind, name: str, common: dict[str, Any]) -> Any:
    late = [] if name in checks.AHEAD else [checks.not_ahead]
    common["validators"] += [checks.possible_day, *late]
    return DateField(**common)


def _moment(kind: Kind, name: str, common: dict[str, Any]) -> Any:
    late = [] if name in checks.AHEAD else [checks.not_ahead]
    common["validators"] += [checks.possible_moment, *late]
    return LocalDateTimeField(**common)


Maker = Callable[[Kind, str, dict[str, Any]], Any]
MAKERS: dict[str, Maker] = {
    "line": _line,
    "story": _story,
    "code": lambda kind, name, common: CodeField(kind=kind, **common),
    "enum": lambda kind, name, common: CodeField(kind=kind, **common),
    "codes": lambda kind, name, common: CodesField(kind=kind, **common),
    "maybe": lambda kind, name, common: MaybeField(**common),
    "yes": lambda kind, name, common: BooleanField(**common),
    "whole": _whole,
    "day": _day,
    "moment": _moment,
    "hour": lambda kind, name, common: TimeField(**common),
    "relation": _row,
    "relations": _rows,
}
TYPED = {"line", "story"}
DEFAULTS: dict[str, Any] = {
    "referred_on": dates.today,
    "received_at": dates.now,
    "found_at": dates.now,
}
NEVER_EMPTY = {"yes", "codes", "relation", "relations"}


def make(model: type[Any], name: str, required: bool | None = None) -> Any:
    """The unbound field for `model.name`; `required` overrules what the column says.

    Raises KeyError for a column without label, or of a kind that no form can edit.
    """
    kind = kinds.of(model, name)
    must = (not kind.nullable if required is None else required) and kind.name not in NEVER_EMPTY
    common = {
        "label": texts.of(model, name),
        "description": helps.of(model, name),
        "validators": [checks.required() if must else Optional()],
    }
    if kind.name in TYPED:
        common["filters"] = [checks.tidy]
    if (default := _default(model, name)) is not None:
        common["default"] = default
    return MAKERS[kind.name](kind, name, common)


def _default(model: type[Any], name: str) -> Any:
    """What a new row has of itself: only values, no functions."""
    prop = inspect(model).attrs[name]
    column = prop.columns[0] if isinstance(prop, ColumnProperty) else None
    fixed = column is not None and column.default is not None and column.default.is_scalar
    return column.default.arg if column is not None and fixed else DEFAULTS.get(name)


def loaders(form: type[Any]) -> dict[str, Any]:
    """The look-ups of a form by the names under which the browser asks for them."""
    given = (getattr(getattr(form, name), "args", ()) for name in dir(form))
    found = (args[0] for args in given if args)
    return {one.name: one for one in found if isinstance(one, lookups.Loader)}
