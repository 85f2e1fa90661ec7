"""A form about one case offers and takes only what belongs to that case.

The case is the one chosen in the form, else that of the row which is edited. A namesake in
another case is neither found by a look-up nor accepted by the form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

import models as m
from portal.wording import lazy as _l

CASE = "case"


@dataclass(frozen=True)
class Belonging:
    """How rows belong to a case: `of` finds it, `within` is the condition for those of one case,
    `told` is said of a row of another case."""

    of: Callable[[Any], m.Case | None]
    within: Callable[[int], ColumnElement[bool]]
    told: Any


def _own(model: Any, told: Any) -> Belonging:
    return Belonging(lambda row: row.case, lambda key: model.case_id == key, told)


BELONGING: dict[type[Any], Belonging] = {
    m.Victim: _own(m.Victim, _l("Korban ini bukan bagian dari kasus tersebut.")),
    m.Suspect: _own(m.Suspect, _l("Terlapor ini bukan bagian dari kasus tersebut.")),
    m.Intervention: _own(m.Intervention, _l("Layanan ini bukan bagian dari kasus tersebut.")),
    m.Outreach: _own(m.Outreach, _l("Penjangkauan ini bukan bagian dari kasus tersebut.")),
    m.Consent: Belonging(
        lambda row: row.victim.case,
        lambda key: m.Consent.victim.has(m.Victim.case_id == key),
        _l("Persetujuan ini bukan bagian dari kasus tersebut."),
    ),
}


def about(row: Any, form: Any) -> Any:
    """`form`, which edits `row`: what is looked up in it belongs to the case of that row."""
    belonging = BELONGING.get(type(row))
    case = belonging.of(row) if belonging else getattr(row, CASE, None)
    form.of_case = case if isinstance(case, m.Case) else None
    for field in form if form.of_case else ():
        field.of_case = form.of_case.id
    return form


def of_form(form: Any) -> m.Case | None:
    """The case that a form is about; None while nobody said."""
    chosen = form[CASE].data if CASE in form else None
    found: m.Case | None = chosen or getattr(form, "of_case", None)
    return found


def fault(case: m.Case | None, row: Any) -> str:
    """What is said of `row` in a form about `case`, "" when it belongs there."""
    belonging = BELONGING.get(type(row))
    if case is None or belonging is None:
        return ""
    holder = belonging.of(row)
    return "" if holder is not None and holder.id == case.id else str(belonging.told)
