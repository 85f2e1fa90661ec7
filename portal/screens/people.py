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
    if _is_number(term):
        wanted = {nik.digits(term), _e164(term)}
        return _scan(session, m.Person, NUMBERS, lambda value: value in wanted, most)
    return _named(session, m.Person, NAMES, term, most)


def complaints(session: Session, term: str) -> list[int]:
    """The ids of complaints about the service whose sender `term` names."""
    return _named(session, m.ServiceComplaint, ("name", "contact"), term, MOST)


def _named(
    session: Session, model: type[Any], columns: Collection[str], term: str, most: int
) -> list[int]:
    if not any(letter.isalpha() for letter in term):
        return []
    return _scan(session, model, columns, lambda value: names.matches(term, value), most)


def _scan(
    session: Session,
    model: type[Any],
    columns: Collection[str],
    fits: Callable[[str], bool],
    most: int,
) -> list[int]:
    """The first `most` rows one of whose `columns` fits; no other column is opened."""
    chosen = [getattr(model, name) for name in columns]
    query = select(model.id, model.uuid, *chosen).order_by(model.id)
    found: list[int] = []
    for key, uuid, *sealed in session.execute(query, execution_options={"yield_per": BATCH}):
        pairs = zip(columns, sealed, strict=True)
        values = (unseal_column(model, name, uuid, value) for name, value in pairs if value)
        if any(map(fits, values)):
            found.append(key)
            if len(found) == most:
                break
    return found


def _is_number(term: str) -> bool:
    number = nik.digits(term).lstrip("+")
    return number.isdecimal() and len(number) >= FEWEST_DIGITS


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
