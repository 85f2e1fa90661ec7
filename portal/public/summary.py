"""Answers as they are read back: on the page where they are checked, and nowhere else."""

from dataclasses import dataclass
from typing import Any

from wtforms import MultipleFileField
from wtforms.fields import Field

from portal.channels.web import PartialDate
from portal.indonesia import dates
from portal.public.fields import DateParts, FromList, PlainForm, Ticks
from portal.public.forms import nik_warnings
from portal.public.steps import Step


@dataclass(frozen=True)
class Answered:
    """One page of the form as it is read back."""

    step: Step
    number: int
    rows: list[tuple[str, str]]
    warnings: list[str]
    wrong: bool


@dataclass(frozen=True)
class Problem:
    """A line of the error summary."""

    text: str
    href: str


def problems(form: PlainForm) -> list[Problem]:
    """The errors of a form, each linked to its field."""
    return [
        Problem(" ".join(map(str, field.errors)), f"#{_anchor(field)}")
        for field in form
        if field.errors
    ]


def _anchor(field: Field) -> str:
    """The id of what can take the focus: the first button or box of a group."""
    if isinstance(field, DateParts):
        return field.names[0]
    first = next(iter(field), None) if isinstance(field, FromList) and _grouped(field) else None
    return first.id if first is not None else field.id


def _grouped(field: FromList) -> bool:
    return isinstance(field, Ticks) or field.type in GROUPED


GROUPED = ("Choice", "YesNo", "Card")


def answered(step: Step, number: int, form: PlainForm) -> Answered:
    """What was answered on one page; empty answers are left out."""
    rows = [(str(field.label.text), shown(field)) for field in form]
    return Answered(
        step=step,
        number=number,
        rows=[(label, text) for label, text in rows if text],
        warnings=nik_warnings(form),
        wrong=bool(form.errors),
    )


def shown(field: Field) -> str:
    """An answer in words."""
    if isinstance(field, MultipleFileField):
        return ""
    if isinstance(field, DateParts):
        return _date(field.data) or " ".join(filter(None, field.typed))
    if isinstance(field, FromList):
        return ", ".join(_labels(field))
    return str(field.data or "")


def _date(known: PartialDate | None) -> str:
    return dates.date_as_known(known.first_day, known.precision) if known else ""


def _labels(field: FromList) -> list[str]:
    chosen: Any = field.data if isinstance(field.data, list) else [field.data]
    return [
        str(choice.label) for choice in field.choices if choice.value and choice.value in chosen
    ]
