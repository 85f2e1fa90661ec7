"""Finding people among those an officer may see, though names and numbers are sealed.

Ciphertext cannot be searched, so the candidates are opened one by one in the order of
the rows: about 50,000 people in a fifth of a second. This is the only place that does so.
"""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

import models as m
from portal.indonesia import names, nik, phone
from portal.protection.sealing import unseal_column

NAMES, NUMBERS = ("name", "alias"), ("nik", "kk", "phone")
MOST = 2_000
BATCH = 1_000
FEWEST_DIGITS = 6


def matching(session: Session, term: str, most: int = MOST) -> list[int]:
    """The ids of at most `most` visible people whom `term` names: words of a name, or a number.

    Names match by whole words and their beginnings in old or new spelling; NIK, family card
    and telephone number as a whole.
    """
    fits = _test(term)
    return [] if fits is None else _scan(session, m.Person, (*NAMES, *NUMBERS), fits, most)


def complaints(session: Session, term: str) -> list[int]:
    """The ids of complaints about the service whose sender `term` names."""
    fits = _test(term)
    return [] if fits is None else _scan(session, m.ServiceComplaint, ("name", "contact"), fits)


def _scan(
    session: Session, model: type[Any], columns: Collection[str], fits: "Test", most: int = MOST
) -> list[int]:
    chosen = [getattr(model, name) for name in columns]
    query = select(model.id, model.uuid, *chosen).order_by(model.id)
    found: list[int] = []
    for key, uuid, *sealed in session.execute(query, execution_options={"yield_per": BATCH}):
        pairs = zip(columns, sealed, strict=True)
        if fits({name: unseal_column(model, name, uuid, value) for name, value in pairs}):
            found.append(key)
            if len(found) == most:
                break
    return found


Test = Callable[[dict[str, Any]], bool]


def _test(term: str) -> Test | None:
    """How to tell whether a person is meant; None for a term that means nobody."""
    number = nik.digits(term)
    if number.lstrip("+").isdecimal() and len(number) >= FEWEST_DIGITS:
        wanted = {number, _e164(term)}
        return lambda row: any(value in wanted for value in row.values() if value)
    if not any(letter.isalpha() for letter in term):
        return None
    called = ("name", "alias", "contact")
    return lambda row: any(names.matches(term, row[name]) for name in called if row.get(name))


def _e164(term: str) -> str:
    try:
        return phone.normalise(term)
    except ValueError:
        return ""


# --- which rows of a table belong to these people -------------------------------------------


def _in_case(ids: list[int]) -> ColumnElement[bool]:
    return or_(
        m.Case.victims.any(m.Victim.person_id.in_(ids)),
        m.Case.suspects.any(m.Suspect.person_id.in_(ids)),
        m.Case.reports.any(m.Report.reporter.has(m.Reporter.person_id.in_(ids))),
    )


def _in_report(ids: list[int]) -> ColumnElement[bool]:
    return or_(
        m.Report.victims.any(m.Victim.person_id.in_(ids)),
        m.Report.suspects.any(m.Suspect.person_id.in_(ids)),
        m.Report.reporter.has(m.Reporter.person_id.in_(ids)),
    )


def _harmed(model: type[Any]) -> "Condition":
    return lambda ids: model.victim.has(m.Victim.person_id.in_(ids))


def _of_case(model: type[Any]) -> "Condition":
    return lambda ids: model.case.has(m.Case.victims.any(m.Victim.person_id.in_(ids)))


Condition = Callable[[list[int]], ColumnElement[bool]]
ROWS_OF: dict[type[Any], Condition] = {
    m.Person: lambda ids: m.Person.id.in_(ids),
    m.SafeContact: lambda ids: m.SafeContact.person_id.in_(ids),
    m.Reporter: lambda ids: m.Reporter.person_id.in_(ids),
    m.Victim: lambda ids: m.Victim.person_id.in_(ids),
    m.Suspect: lambda ids: m.Suspect.person_id.in_(ids),
    m.Case: _in_case,
    m.Report: _in_report,
    m.Consent: _harmed(m.Consent),
    m.Intervention: _harmed(m.Intervention),
    m.Referral: _harmed(m.Referral),
    m.Monitoring: _harmed(m.Monitoring),
    m.Order: _of_case(m.Order),
    m.Outreach: _of_case(m.Outreach),
    m.Termination: _of_case(m.Termination),
}


def rows_of(session: Session, model: type[Any], term: str) -> ColumnElement[bool]:
    """The condition under which rows of `model` belong to somebody whom `term` names."""
    if model is m.ServiceComplaint:
        return m.ServiceComplaint.id.in_(complaints(session, term))
    found = matching(session, term) if model in ROWS_OF else []
    return ROWS_OF[model](found) if found else false()
