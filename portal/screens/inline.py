"""Victims and suspects inside the form of their case or report, each with their person.

A field of the person is called `person__name`. Rows are added and changed here, never
removed: consents, services and monitoring hang on them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flask_admin.contrib.sqla.fields import InlineModelFormList
from wtforms import HiddenField

from models import Person, Report, Suspect, Victim
from portal.casework.lifecycle import Refused
from portal.db import db
from portal.screens import fields, rules, sight, texts
from portal.wording import _

MOST = 50
STEP = "__"
INDEX = re.compile(r"[0-9]{1,4}")


class Inline:
    """What Flask-Admin's list of forms asks of its owner."""

    _form_rules = None
    form_widget_args: dict[str, Any] = {}


class Flat:
    """A row whose related row is reached by one name: `person__name`."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        step, found, rest = name.partition(STEP)
        owner = getattr(self._row, step) if found else self._row
        if found and owner is None:
            raise AttributeError(name)
        return getattr(owner, rest or step)


class PeopleList(InlineModelFormList):
    """The victims or suspects of a case or report as a list of forms."""

    def __init__(self, form: Any, model: type[Any], **kwargs: Any) -> None:
        super().__init__(form, db, model, "", Inline(), max_entries=MOST, **kwargs)

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        """Show each row flat."""
        rows = [Flat(row) for row in data] if isinstance(data, Sequence) else []
        super().process(formdata, rows)

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """The numbers of the rows that were sent; only such as our pages write."""
        for name in formdata:
            if name.startswith(f"{prefix}-"):
                number = name[len(prefix) + 1 :].split("-", 1)[0]
                if INDEX.fullmatch(number):
                    yield int(number)

    def display_row_controls(self, field: Any) -> bool:
        """No row is removed here."""
        return False

    def should_delete(self, field: Any) -> bool:
        """Whatever the browser says."""
        return False

    def populate_obj(self, obj: Any, name: str) -> None:
        """Write the rows back; new ones with their person."""
        known = {str(row.id): row for row in getattr(obj, name)}
        for entry in self.entries:
            row = known.get(entry.form.id.data or "") or self._new(obj)
            _fill(row, entry.form)
            _check_birth(row, obj)
            if isinstance(row, Victim):
                rules.set_age(row, obj)

    def stale(self, obj: Any, name: str) -> bool:
        """Whether a row of the form has changed or gone since it was shown."""
        known = {str(row.id): row for row in getattr(obj, name)}
        return any(_stale(known, entry.form) for entry in self.entries)

    def show_current(self, obj: Any, name: str) -> None:
        """Let the form carry the versions as they are now, after a stale edit was refused."""
        known = {str(row.id): row for row in getattr(obj, name)}
        for entry in self.entries:
            row = known.get(entry.form.id.data or "")
            if row is not None:
                entry.form.version_id.data = row.version_id
                person = row.person
                entry.form.person__version_id.data = person.version_id if person else None

    def _new(self, holder: Any) -> Any:
        row = self.model()
        db.session.add(row)
        if isinstance(holder, Report):
            row.report, row.case = holder, holder.case
        else:
            row.case = holder
        return row


class OpenForm(fields.ScreenForm):
    """The fields of one row, without those of columns that this officer may not see."""

    model: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paths = {name: name.replace(STEP, ".") for name in self._fields}
        shown = sight.seen(self.model, paths.values())
        for name in [name for name, path in paths.items() if path not in shown]:
            del self[name]


def _stale(known: dict[str, Any], form: Any) -> bool:
    if not form.id.data:
        return False
    row = known.get(form.id.data)
    if row is None or not form.version_id.fits(row):
        return True
    return row.person is not None and not form.person__version_id.fits(row.person)


def _fill(row: Any, form: Any) -> None:
    for name, field in form._fields.items():
        step, found, rest = name.partition(STEP)
        if found and rest != "version_id":
            _fill_person(row, field, rest)
        elif not found and name != "id":
            field.populate_obj(row, step)


def _fill_person(row: Any, field: Any, name: str) -> None:
    """A victim is always somebody; of a suspect perhaps nothing is known."""
    if row.person is None and (isinstance(row, Victim) or _said(field)):
        row.person = Person()
    if row.person is not None:
        field.populate_obj(row.person, name)


def _said(field: Any) -> bool:
    return field.data not in (None, "", [], "tidak_diketahui")


def _check_birth(row: Any, holder: Any) -> None:
    born = row.person.birth_date if row.person else None
    if born and holder.incident_date and born > holder.incident_date:
        raise Refused(_("Tanggal lahir tidak boleh sesudah tanggal kejadian."))


# --- the forms ------------------------------------------------------------------------------

PERSON = ("name", "alias", "nik", "sex", "birth_date", "estimated_age", "phone", "address")
ROWS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "victims": (
        Victim,
        (
            *("age_at_incident", "gbvims_type", "violence_kinds", "tpks_kinds", "tppo_kinds"),
            *("needs", "condition", "wishes"),
        ),
    ),
    "suspects": (
        Suspect,
        ("relation", "same_household", "description", "legal_process", "legal_process_on"),
    ),
}


def people_list(holder: type[Any], name: str) -> Any:
    """The unbound list of forms for `holder.victims` or `holder.suspects`."""
    model, own = ROWS[name]
    parts: dict[str, Any] = {
        "id": HiddenField(),
        "version_id": fields.VersionField(),
        "person__version_id": fields.VersionField(),
    }
    parts |= {f"person{STEP}{one}": fields.make(Person, one) for one in PERSON}
    parts |= {one: fields.make(model, one) for one in own}
    form = type(f"{model.__name__}Inline", (OpenForm,), parts | {"model": model})
    return PeopleList(form, model, label=texts.of(holder, name))
