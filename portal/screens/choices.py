"""Fields of the officers' own pages: colleagues by role, codes of a list, radio buttons."""

from collections.abc import Container
from enum import StrEnum
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField

from models import Officer, Role
from portal import labels, notices
from portal.db import db
from portal.screens import checks, edge
from portal.screens.fields import CodeField, CodesField
from portal.screens.kinds import Kind
from portal.screens.widgets import offered
from portal.wording import _


def _number(value: Any) -> int | None:
    return edge.key_in(str(value))


class _Colleagues:
    """The active officers of some roles, by id, in the order of their names."""

    roles: tuple[Role, ...]
    known: dict[int, Officer]
    choices: Any
    data: Any

    def offer(self, blank: bool, without: Container[int | None] = ()) -> None:
        """Fill the choices; `without` are the ids of those who cannot be meant."""
        found = notices.all_in(db.session(), *self.roles)
        known = sorted((one for one in found if one.id not in without), key=lambda one: one.name)
        self.known = {one.id: one for one in known}
        named = [(str(one.id), f"{one.name} ({labels.label(one.role)})") for one in known]
        self.choices = offered([("", _("Pilih…")), *named] if blank else named)

    def narrow(self, officer: Officer) -> None:
        """Nobody but this one can be meant."""
        self.known = {key: one for key, one in self.known.items() if key == officer.id}
        self.choices = [one for one in self.choices if one.value in ("", str(officer.id))]


class ColleagueField(_Colleagues, SelectField):
    """One colleague; `chosen` is the officer."""

    def __init__(self, label: Any, roles: tuple[Role, ...], **kwargs: Any) -> None:
        self.roles, self.known = roles, {}
        kwargs.setdefault("validators", [checks.required()])
        super().__init__(label, choices=[], coerce=_number, **kwargs)

    @property
    def chosen(self) -> Officer:
        """The officer; KeyError before the form was validated."""
        return self.known[self.data]


class ColleaguesField(_Colleagues, SelectMultipleField):
    """Several colleagues; `chosen` are the officers."""

    def __init__(self, label: Any, roles: tuple[Role, ...], **kwargs: Any) -> None:
        self.roles, self.known = roles, {}
        kwargs.setdefault("validators", [checks.required()])
        super().__init__(label, choices=[], coerce=_number, **kwargs)

    @property
    def chosen(self) -> list[Officer]:
        """The officers; KeyError before the form was validated."""
        return [self.known[key] for key in self.data or ()]


class ChoiceField(RadioField):
    """One member of an enum, or of a fixed table of labels, as radio buttons."""

    def __init__(self, label: Any, known: type[StrEnum] | dict[str, Any], **kwargs: Any) -> None:
        self.known = known
        kwargs.setdefault("validators", [checks.required()])
        super().__init__(label, choices=[], coerce=self._coerced, validate_choice=True, **kwargs)

    def _coerced(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        return str(value) if isinstance(self.known, dict) else self.known(value)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """The labels in the language in force."""
        known = self.known
        self.choices = offered(known.items() if isinstance(known, dict) else labels.choices(known))
        super().process(formdata, *args, **kwargs)


def code_of(label: Any, list_name: str, *validators: Any, **kwargs: Any) -> Any:
    """The unbound field for one code of an editable list."""
    return CodeField(label, [*validators], kind=Kind("code", list_name=list_name), **kwargs)


def codes_of(label: Any, list_name: str, *validators: Any, **kwargs: Any) -> Any:
    """The unbound field for several codes of an editable list."""
    return CodesField(label, [*validators], kind=Kind("codes", list_name=list_name), **kwargs)
