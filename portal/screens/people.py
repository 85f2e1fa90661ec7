"""Finding rows by the people in them, among those an officer may see.

Names and numbers are sealed: `portal.protection.search` narrows by tokens and opens what is left.
A list opens it in its own order, only until a page is full; what needs all of it, or a few rows of
a look-up, asks for the condition that holds exactly.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, false, or_, select, true, union_all
from sqlalchemy.orm import Session

import models as m
from portal.access import columns, scope
from portal.protection import search
from portal.protection.search import Sought
from portal.protection.tokens import SEARCHED

COUNTED = 1_000


def count(session: Session, term: str) -> int:
    """How many visible people `term` names, counted to a thousand."""
    found = search.found(session, m.Person, _sought(session, m.Person, term), newest=True)
    return sum(1 for _ in islice(found, COUNTED))


def _sought(session: Session, model: type[Any], term: str) -> Sought:
    """Whom `term` means, looked for in the columns alone that the session's viewer may see."""
    viewer, searched = session.info.get("viewer", scope.NOBODY), SEARCHED[model].all()
    seen = searched if viewer.system else columns.seen(viewer.role, model, searched)
    return replace(search.term(term), hidden=frozenset(searched) - frozenset(seen))


# --- which rows of a table belong to these people -------------------------------------------


def _of(row: Any, person: Any) -> Select[Any]:
    return select(row, person)


def _harmed(model: type[Any]) -> Select[Any]:
    return _of(model.id, m.Victim.person_id).join(m.Victim, model.victim_id == m.Victim.id)


def _of_case(model: type[Any]) -> Select[Any]:
    return _of(model.id, m.Victim.person_id).join(m.Victim, model.case_id == m.Victim.case_id)


def _told(row: Any) -> Select[Any]:
    return _of(row, m.Reporter.person_id).join(m.Report, m.Reporter.report_id == m.Report.id)


# The ways from a row of a table to a person: pairs of their ids.
WAYS: dict[type[Any], tuple[Select[Any], ...]] = {
    m.Person: (_of(m.Person.id, m.Person.id.label("person_id")),),
    m.SafeContact: (_of(m.SafeContact.id, m.SafeContact.person_id),),
    m.ContactAttempt: (_of(m.ContactAttempt.id, m.ContactAttempt.person_id),),
    m.Reporter: (_of(m.Reporter.id, m.Reporter.person_id),),
    m.Victim: (_of(m.Victim.id, m.Victim.person_id),),
    m.Suspect: (_of(m.Suspect.id, m.Suspect.person_id),),
    m.Case: (
        _of(m.Victim.case_id, m.Victim.person_id),
        _of(m.Suspect.case_id, m.Suspect.person_id),
        _told(m.Report.case_id),
    ),
    m.Report: (
        _of(m.Victim.report_id, m.Victim.person_id),
        _of(m.Suspect.report_id, m.Suspect.person_id),
        _told(m.Report.id),
    ),
    m.Consent: (_harmed(m.Consent),),
    m.Intervention: (_harmed(m.Intervention),),
    m.Referral: (_harmed(m.Referral),),
    m.Invitation: (_harmed(m.Invitation),),
    m.Monitoring: (_harmed(m.Monitoring),),
    m.Order: (_of_case(m.Order),),
    m.Outreach: (_of_case(m.Outreach),),
    m.Termination: (_of_case(m.Termination),),
}


def belonging(model: type[Any], people: Any) -> ColumnElement[bool]:
    """The condition under which rows of `model` belong to `people`: ids, or a query for them."""
    keys = []
    for way in WAYS[model]:
        row, person = way.selected_columns
        keys.append(way.with_only_columns(row).where(person.in_(people)))
    return model.id.in_(union_all(*keys))


def rows_of(session: Session, model: type[Any], term: str) -> ColumnElement[bool]:
    """The condition under which rows of `model` belong to somebody whom `term` names."""
    subject = _subject(model)
    found = _ids(search.found(session, subject, _sought(session, subject, term)))
    return model.id.in_(found) if subject is model else belonging(model, found)


def _subject(model: type[Any]) -> type[Any]:
    """Whose names and numbers stand for a row of `model`."""
    return m.ServiceComplaint if model is m.ServiceComplaint else m.Person


def _ids(found: Iterable[int]) -> Any:
    """Ids written into the statement: no database takes as many parameters as people match."""
    return bindparam("found", list(found), expanding=True, literal_execute=True, unique=True)


# --- a list, opened only as far as it is shown -----------------------------------------------


def maybe(model: type[Any], term: str) -> ColumnElement[bool]:
    """The condition under which rows of `model` may belong to somebody whom `term` names.

    Whatever it lets through must be asked for with `among`.
    """
    wanted, subject = search.term(term), _subject(model)
    if not wanted:
        return false()
    found = search.candidates(subject, wanted)
    if subject is model:
        return true() if found is None else model.id.in_(found)
    return true() if found is None else belonging(model, found)


def among(session: Session, model: type[Any], term: str, ids: Collection[int]) -> set[int]:
    """Which of these rows of `model` do belong to somebody whom `term` names."""
    subject = _subject(model)
    wanted = _sought(session, subject, term)
    if subject is model:
        return set(search.found(session, model, wanted, model.id.in_(ids)))
    return {row for way in WAYS[model] for row in _of_way(session, way, wanted, ids)}


def meant(
    session: Session,
    model: type[Any],
    term: str,
    plain: Sequence[ColumnElement[bool]],
    keys: Collection[int],
) -> set[int]:
    """Which of these rows `term` means: by one of the plain conditions, or by their people."""
    plainly = select(model.id).where(model.id.in_(keys), or_(false(), *plain))
    return {*session.scalars(plainly), *among(session, model, term, keys)}


def _of_way(
    session: Session, way: Select[Any], wanted: Sought, ids: Collection[int]
) -> Iterable[int]:
    row, person = way.selected_columns
    query = way.with_only_columns(row, *search.sealed(m.Person))
    if person.table is not m.Person.__table__:
        query = query.join(m.Person, person == m.Person.id)
    query = query.where(row.in_(ids), search.maybe(m.Person, wanted))
    opened = session.execute(query)
    return (one[0] for one in opened if search.matches(m.Person, wanted, one[1:]))
