"""Which rows an officer meets, put under every statement of the session.

One listener adds the viewer's conditions to every ORM statement: lists,
counts, look-ups by id, related rows, exports, updates. A session without a
viewer meets no personal row at all. The conditions are written on plain tables
(not on mapped classes), so that they are not themselves filtered again.

Intake sees reports nobody has taken, its own, and its cases until the decision
and when returned; ordered officers, counsellors and companions see their
cases; supervisors see every case; the head only letters addressed to or signed
by them; `admin` and auditor no case at all (need to know, UU 27/2022 art. 16).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, event, false, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

import models as m
from models import Base, CaseStatus, Officer, Role

Condition = ColumnElement[bool]
T = TypeVar("T", bound=Base)


@dataclass(frozen=True, slots=True)
class Viewer:
    """On whose behalf a session reads: an officer, or the system itself."""

    officer_id: int | None = None
    role: Role | None = None
    system: bool = False


SYSTEM = Viewer(system=True)
NOBODY = Viewer()


class NotVisible(LookupError):
    """The row does not exist for this officer (they must not learn the difference)."""


def _table(model: type[Base]) -> FromClause:
    return model.__table__.alias(f"scope_{model.__tablename__}")


CASE, REPORT, VICTIM, SUSPECT = map(_table, (m.Case, m.Report, m.Victim, m.Suspect))
ORDER, ASSIGNMENT, INTERVENTION = map(_table, (m.Order, m.OrderOfficer, m.Intervention))
REPORTER, PERSON, WARD = map(_table, (m.Reporter, m.Person, m.Person))
LETTER = _table(m.Letter)
UNDECIDED = (CaseStatus.identified.value, CaseStatus.returned.value)

# A rule reads the columns of `row`: a mapped class where the rule stands under a
# statement (so that aliases are followed), the columns of a table inside a rule.
Rule = Callable[[Any, int, Role], Condition]


def _ordered(me: int) -> Select[Any]:
    return select(ORDER.c.case_id).where(
        ASSIGNMENT.c.order_id == ORDER.c.id,
        ASSIGNMENT.c.officer_id == me,
        ORDER.c.voided_at.is_(None),
    )


def _accompanied(me: int) -> Select[Any]:
    return select(INTERVENTION.c.case_id).where(INTERVENTION.c.officer_id == me)


CASES: dict[Role, Callable[[Any, int], Condition]] = {
    Role.petugas: lambda row, me: (row.identified_by_id == me) & row.status.in_(UNDECIDED),
    Role.supervisor: lambda row, me: true(),
    Role.penjangkau: lambda row, me: row.id.in_(_ordered(me)),
    Role.konselor: lambda row, me: or_(row.counsellor_id == me, row.id.in_(_ordered(me))),
    Role.pendamping: lambda row, me: or_(row.id.in_(_ordered(me)), row.id.in_(_accompanied(me))),
}


def _cases(row: Any, me: int, role: Role) -> Condition:
    return CASES[role](row, me) if role in CASES else false()


def _in_cases(row: Any, me: int, role: Role) -> Condition:
    """Rows that belong to a case this officer sees."""
    if role is Role.supervisor:
        return true()
    if role not in CASES:
        return false()
    return row.case_id.in_(select(CASE.c.id).where(_cases(CASE.c, me, role)))


def _reports(row: Any, me: int, role: Role) -> Condition:
    if role is not Role.petugas:
        return _in_cases(row, me, role)
    mine = or_(row.owner_id == me, row.forwarded_to_id == me)
    undecided = or_(row.case_id.is_(None), _in_cases(row, me, role))
    return or_(row.owner_id.is_(None), mine & undecided)


def _in_reports(row: Any, me: int, role: Role) -> Condition:
    if role is Role.supervisor:
        return true()
    if role not in CASES:
        return false()
    return row.report_id.in_(select(REPORT.c.id).where(_reports(REPORT.c, me, role)))


def _in_either(row: Any, me: int, role: Role) -> Condition:
    return or_(_in_cases(row, me, role), _in_reports(row, me, role))


def _persons(row: Any, me: int, role: Role) -> Condition:
    """People who stand in a visible report or case, and the guardians of such people."""
    if role is Role.supervisor:
        return true()
    if role not in CASES:
        return false()
    wards = select(WARD.c.guardian_id).where(
        WARD.c.guardian_id.is_not(None), _stands_in_view(WARD.c, me, role)
    )
    return or_(_stands_in_view(row, me, role), row.id.in_(wards))


def _stands_in_view(row: Any, me: int, role: Role) -> Condition:
    victims = select(VICTIM.c.person_id).where(_in_either(VICTIM.c, me, role))
    suspects = select(SUSPECT.c.person_id).where(_in_either(SUSPECT.c, me, role))
    reporters = select(REPORTER.c.person_id).where(_in_reports(REPORTER.c, me, role))
    return or_(row.id.in_(victims), row.id.in_(suspects), row.id.in_(reporters))


def _by_person(row: Any, me: int, role: Role) -> Condition:
    return row.person_id.in_(select(PERSON.c.id).where(_persons(PERSON.c, me, role)))


def _by_victim(row: Any, me: int, role: Role) -> Condition:
    return row.victim_id.in_(select(VICTIM.c.id).where(_in_either(VICTIM.c, me, role)))


def _by_order(row: Any, me: int, role: Role) -> Condition:
    return row.order_id.in_(select(ORDER.c.id).where(_in_cases(ORDER.c, me, role)))


def _letters(row: Any, me: int, role: Role) -> Condition:
    return or_(row.signatory_id == me, row.addressee_id == me, _in_cases(row, me, role))


def _letter_files(row: Any, me: int, role: Role) -> Condition:
    return row.letter_id.in_(select(LETTER.c.id).where(_letters(LETTER.c, me, role)))


def _own(row: Any, me: int, role: Role) -> Condition:
    return row.officer_id == me


def _for(*roles: Role) -> Rule:
    return lambda row, me, role: true() if role in roles else false()


SCOPES: dict[type[Base], Rule] = {
    m.Officer: _for(*Role),
    m.Case: _cases,
    m.Report: _reports,
    m.Person: _persons,
    m.SafeContact: _by_person,
    m.Reporter: _in_reports,
    m.Message: _in_reports,
    m.Draft: _own,
    m.ServiceComplaint: _for(Role.petugas, Role.supervisor, Role.pimpinan),
    m.Victim: _in_either,
    m.Suspect: _in_either,
    m.Consent: _by_victim,
    m.CaseEvent: _in_either,
    m.Order: _in_cases,
    m.OrderOfficer: _by_order,
    m.Outreach: _in_cases,
    m.Intervention: _in_cases,
    m.Referral: _in_cases,
    m.Termination: _in_cases,
    m.Monitoring: _in_cases,
    m.Letter: _letters,
    m.LetterFile: _letter_files,
    m.Attachment: _in_either,
    m.AuditEntry: _for(Role.auditor),
    m.Notice: _own,
    m.Job: _for(Role.admin),
}
OPEN: frozenset[type[Base]] = frozenset(
    {
        m.CodeItem,
        m.Region,
        m.PartnerInstitution,
        m.DayOff,
        m.Setting,
        m.RegisterCounter,
        m.ConsentPartner,
    }
)


def condition(model: type[Base], viewer: Viewer) -> Condition:
    """The SQL condition under which `viewer` meets rows of `model`.

    Raises KeyError for a table that is neither scoped nor declared open.
    """
    if viewer.system or model in OPEN:
        return true()
    rule = SCOPES[model]
    if viewer.officer_id is None or viewer.role is None:
        return false()
    return rule(model, viewer.officer_id, viewer.role)


def viewer_of(officer: Officer | None) -> Viewer:
    """The viewer that `officer` is; nobody when signed out or disabled."""
    if officer is None or not officer.active:
        return NOBODY
    return Viewer(officer.id, officer.role)


def view_as(session: Session, officer: Officer | None) -> None:
    """From here on `session` shows what `officer` may see (nothing when None)."""
    session.info["viewer"] = viewer_of(officer)


def visible(model: type[Base], officer: Officer | None) -> Condition:
    """`condition` for an officer: for counts and lists that name it themselves."""
    return condition(model, viewer_of(officer))


@contextmanager
def system(session: Session) -> Iterator[None]:
    """Read without a scope inside the block: jobs, receipts, numbers, old-or-new answers.

    Whatever is shown to a person afterwards must be chosen by a rule of its own.
    """
    before = session.info.get("viewer", NOBODY)
    session.info["viewer"] = SYSTEM
    try:
        yield
    finally:
        session.info["viewer"] = before


def fetch(session: Session, model: type[T], row_id: int) -> T:
    """The row with this id if the session's viewer meets it.

    Raises NotVisible otherwise: absent and forbidden look the same.
    """
    row = session.scalar(select(model).filter_by(id=row_id))
    if row is None:
        raise NotVisible(model.__tablename__)
    return row


def _options(viewer: Viewer) -> list[ORMOption]:
    return [
        with_loader_criteria(
            model, condition(model, viewer), include_aliases=True, propagate_to_loaders=False
        )
        for model in SCOPES
        if condition(model, viewer) is not true()
    ]


def _put_under(state: ORMExecuteState) -> None:
    viewer = state.session.info.get("viewer", NOBODY)
    if viewer.system or state.is_column_load:
        return
    kept = state.session.info.get("scope_options")
    if kept is None or kept[0] != viewer:
        kept = state.session.info["scope_options"] = (viewer, _options(viewer))
    state.statement = state.statement.options(*kept[1])


def attach(session_class: Any) -> None:
    """Put the scope under every ORM statement of sessions made by `session_class`."""
    if not event.contains(session_class, "do_orm_execute", _put_under):
        event.listen(session_class, "do_orm_execute", _put_under)
