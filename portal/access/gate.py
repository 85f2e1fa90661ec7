"""May this officer do this to this row? The permission of the role and the scope of the case,
asked together: as a condition for many rows, as an answer for one. And who is kept from a case."""

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from models import Base, Case, Exclusion, Officer, Report
from portal.access import scope
from portal.access.permissions import may

Subject = Case | Report


def allows(session: Session, officer: Officer | None, permission: str, row: Base) -> bool:
    """Whether `officer` may do `permission` (`"<table>.<verb>"`) to this stored row.

    The table may be another than the row's: `"message.create"` to a report. Raises KeyError for
    a permission that does not exist.
    """
    return may(officer, permission) and scope.sees(session, officer, row)


def rows(officer: Officer | None, permission: str, model: type[Base]) -> ColumnElement[bool]:
    """The condition for the rows of `model` to which `officer` may do `permission`."""
    return scope.visible(model, officer) if may(officer, permission) else false()


# --- conflict of interest -------------------------------------------------------------------------


def kept_of(subject: Subject) -> ColumnElement[bool]:
    """The exclusions, in force or lifted, that concern a case, or a report and its case."""
    if isinstance(subject, Case):
        return Exclusion.case_id == subject.id
    own = Exclusion.report_id == subject.id
    return own if subject.case_id is None else or_(own, Exclusion.case_id == subject.case_id)


def kept_out(session: Session, subject: Subject | None) -> set[int]:
    """The ids of the officers who must not meet `subject`, nor be charged with anything in it."""
    if subject is None or subject.id is None:
        return set()
    in_force = select(Exclusion.officer_id).where(kept_of(subject), Exclusion.lifted_at.is_(None))
    with scope.system(session):
        return set(session.scalars(in_force))


def kept_cases(session: Session, officer: Officer) -> set[int]:
    """The ids of the cases that must not exist for `officer`."""
    mine = (Exclusion.officer_id == officer.id, Exclusion.lifted_at.is_(None))
    with scope.system(session):
        found = session.scalars(select(Exclusion.case_id).where(*mine))
        return {key for key in found if key is not None}
