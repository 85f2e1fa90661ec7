"""Look-ups of related rows while a form is filled in: searched on the server, within the scope.

A loader is named after the relation it serves; it finds what the officer may see and
nothing else, also when the browser sends an id that was never offered.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask_admin.model.ajax import DEFAULT_PAGE_SIZE, AjaxModelLoader
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

import models as m
from portal import labels
from portal.db import db
from portal.screens import keyset, one_case, people, titles
from portal.screens.keyset import Keep
from portal.wording import _

LONGEST = 100
MOST = 20

# Rows that a term may mean, and which of them it does mean where a condition cannot say it all.
Find = Callable[[Session, str], tuple[ColumnElement[bool], Keep | None]]
Tell = Callable[[Any], str]


class Loader(AjaxModelLoader):
    """The rows of `model` that `find` finds, told apart by `tell`."""

    def __init__(self, model: type[Any], find: Find, tell: Tell, *wanted: Any) -> None:
        super().__init__(model.__tablename__, {"minimum_input_length": 1})
        self.model, self.find, self.tell, self.wanted = model, find, tell, wanted
        self.key = "code" if model is m.Region else "id"
        self.lists_all = False

    def named(self, name: str) -> "Loader":
        """The same rows for the relation `name` of a form."""
        twin = Loader(self.model, self.find, self.tell, *self.wanted)
        twin.name = name
        return twin

    def among(self, *wanted: Any) -> "Loader":
        """Only rows for which these conditions hold as well."""
        return Loader(self.model, self.find, self.tell, *self.wanted, *wanted)

    def within(self, case: int | None) -> "Loader":
        """Only what belongs to this case, all of it while nothing is typed."""
        belonging = one_case.BELONGING.get(self.model)
        if case is None or belonging is None:
            return self
        twin = self.among(belonging.within(case))
        twin.lists_all = True
        return twin

    def format(self, row: Any) -> tuple[Any, str] | None:
        """Key and text of a row."""
        return None if row is None else (getattr(row, self.key), self.tell(row))

    def get_one(self, pk: Any) -> Any:
        """The row with this key if the officer may see it, else None."""
        key = key_of(self.model, pk)
        if key is None:
            return None
        with db.session.no_autoflush:
            return db.session.scalar(select(self.model).where(getattr(self.model, self.key) == key))

    def get_list(self, query: str, offset: int = 0, limit: int = DEFAULT_PAGE_SIZE) -> list[Any]:
        """At most 20 rows that `query` finds."""
        term = (query or "").strip()[:LONGEST]
        if not term and not self.lists_all:
            return []
        first, most = min(max(0, offset or 0), 1_000), min(max(1, limit or MOST), MOST)
        likely, keep = self.find(db.session(), term) if term else (true(), None)
        rows, key = select(self.model).where(likely, *self.wanted), getattr(self.model, self.key)
        if keep:
            order = keyset.Order(key, key, descending=True)
            found = keyset.kept(db.session(), rows, order, first + most, keep)
            rows = rows.where(key.in_(found))
        return list(db.session.scalars(rows.order_by(key.desc()).offset(first).limit(most)))


def key_of(model: type[Any], text: Any) -> int | str | None:
    """The key that an address names, None where no row can have it."""
    key = str(text)
    if model is m.Region:
        return key if len(key) <= 13 and key.replace(".", "").isdecimal() else None
    return int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None


def _called(*columns: Any) -> Find:
    """Rows one of whose plain columns contains the term."""

    def find(_session: Session, term: str) -> tuple[ColumnElement[bool], None]:
        return or_(*(one.icontains(term, autoescape=True) for one in columns)), None

    return find


def _person_or(model: type[Any], *others: Callable[[str], ColumnElement[bool]]) -> Find:
    """Rows by the people in them, or by a plain condition."""

    def find(session: Session, term: str) -> tuple[ColumnElement[bool], Keep]:
        plain = [other(term) for other in others]
        likely = or_(people.maybe(model, term), *plain)
        return likely, partial(people.meant, session, model, term, plain)

    return find


def _number(model: type[Any]) -> Find:
    return lambda _session, term: (_of_case(model)(term), None)


def _of_case(model: type[Any]) -> Callable[[str], ColumnElement[bool]]:
    return lambda term: model.case.has(m.Case.number.icontains(term, autoescape=True))


def _person(row: m.Person) -> str:
    age = _("%(n)s tahun", n=row.estimated_age) if row.estimated_age is not None else ""
    born = str(row.birth_date.year) if row.birth_date else age
    known = born or _("orang nomor %(n)s", n=row.id)  # two of one name are told apart
    return f"{titles.of(row)}, {known}"


def _with_case(row: Any) -> str:
    holder = getattr(row, "case", None) or getattr(row, "report", None)
    return ", ".join(part for part in (titles.of(row), titles.of(holder)) if part)


def _consent(row: m.Consent) -> str:
    return f"{_with_case(row.victim)}: {titles.of(row)}"


def _officer(row: m.Officer) -> str:
    return f"{row.name} ({labels.label(row.role)})"


def _region(row: m.Region) -> str:
    return f"{row.name} ({row.level})"


def _consent_in_case(term: str) -> ColumnElement[bool]:
    of_case = m.Victim.case.has(m.Case.number.icontains(term, autoescape=True))
    return m.Consent.victim.has(of_case)


VICTIM = Loader(m.Victim, _person_or(m.Victim, _of_case(m.Victim)), _with_case)
LOADERS: dict[type[Any], Loader] = {
    m.Officer: Loader(m.Officer, _called(m.Officer.name), _officer, m.Officer.active),
    m.PartnerInstitution: Loader(
        m.PartnerInstitution,
        _called(m.PartnerInstitution.name),
        titles.of,
        m.PartnerInstitution.active,
    ),
    m.Region: Loader(m.Region, _called(m.Region.name), _region),
    m.Person: Loader(m.Person, _person_or(m.Person), _person),
    m.Case: Loader(m.Case, _called(m.Case.number), titles.of),
    m.Report: Loader(m.Report, _called(m.Report.number), titles.of),
    m.ServiceComplaint: Loader(m.ServiceComplaint, _called(m.ServiceComplaint.number), titles.of),
    m.Victim: VICTIM,
    m.Suspect: Loader(m.Suspect, _person_or(m.Suspect, _of_case(m.Suspect)), _with_case),
    m.Consent: Loader(m.Consent, _person_or(m.Consent, _consent_in_case), _consent),
    m.Intervention: Loader(m.Intervention, _number(m.Intervention), _with_case),
    m.Outreach: Loader(m.Outreach, _number(m.Outreach), _with_case),
}


def loader(model: type[Any], name: str) -> Loader:
    """The loader for a relation to `model` under the name the form has for it.

    Raises KeyError for a table that no form may look up.
    """
    return LOADERS[model].named(name)
