"""How far an officer's sight reaches: conditions on rows, derived from the cases they work on.

Everything goes back to the keys of a few cases and reports that an index finds at once, so that
a statement costs what the officer's own work costs, however many cases the office has. (With OR
instead of a union, PostgreSQL reads whole tables.) The conditions are written on plain tables,
not on mapped classes, so that they are not themselves filtered again.

Supervisors meet every row here, who works on no case meets none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, false, or_, select, true, union_all

import models as m
from models import Base, CaseStatus, InterventionState, Role

Condition = ColumnElement[bool]
Keys = list[Select[Any]]
Membership = Callable[[Any, Keys], Condition]


def listed(key: Any, keys: Keys) -> Condition:
    """`key` is one of `keys`, found all together: for lists."""
    return key.in_(union_all(*keys))


def asked(key: Any, keys: Keys) -> Condition:
    """`key` is one of `keys`, asked of each row by itself: for the few rows of a relation."""
    return or_(*(_holds(one, key) for one in keys))


def _holds(keys: Select[Any], key: Any) -> Condition:
    own, column = keys.get_final_froms(), keys.selected_columns[0]
    return keys.where(column == key).correlate_except(*own).exists()


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose sight it is, and how membership is asked."""

    me: int
    role: Role
    among: Membership


# A rule reads the columns of `row`: a mapped class, so that its aliases are followed.
Rule = Callable[[Any, Reach], Condition]


def _table(model: type[Base], name: str = "") -> FromClause:
    return model.__table__.alias(f"scope_{name or model.__tablename__}")


CASE, REPORT, VICTIM, SUSPECT = map(_table, (m.Case, m.Report, m.Victim, m.Suspect))
ORDER, ASSIGNMENT, INTERVENTION = map(_table, (m.Order, m.OrderOfficer, m.Intervention))
REPORTER, WARD, LETTER = map(_table, (m.Reporter, m.Person, m.Letter))
SENT = _table(m.Order, "sent")  # no condition stands inside one on the same table
UNDECIDED = (CaseStatus.identified.value, CaseStatus.returned.value)


# --- what an officer works on -----------------------------------------------------------------


def _identified(me: int) -> Select[Any]:
    """Cases a petugas identified, until the decision and when returned."""
    return select(CASE.c.id).where(CASE.c.identified_by_id == me, CASE.c.status.in_(UNDECIDED))


def _led(me: int) -> Select[Any]:
    return select(CASE.c.id).where(CASE.c.counsellor_id == me)


def _ordered(me: int) -> Select[Any]:
    """Cases of the orders in force that name this officer."""
    return select(ORDER.c.case_id).where(
        ASSIGNMENT.c.order_id == ORDER.c.id,
        ASSIGNMENT.c.officer_id == me,
        ORDER.c.voided_at.is_(None),
    )


def _accompanied(me: int) -> Select[Any]:
    """Cases in which this officer gives a service, or is to give one."""
    cancelled = InterventionState.cancelled.value
    return select(INTERVENTION.c.case_id).where(
        INTERVENTION.c.officer_id == me, INTERVENTION.c.state != cancelled
    )


CASES: dict[Role, tuple[Callable[[int], Select[Any]], ...]] = {
    Role.petugas: (_identified,),
    Role.penjangkau: (_ordered, _accompanied),
    Role.konselor: (_led, _ordered, _accompanied),
    Role.pendamping: (_ordered, _accompanied),
}


def _case_keys(reach: Reach) -> Keys:
    return [keys(reach.me) for keys in CASES[reach.role]]


def _report_keys(reach: Reach) -> Keys:
    """Reports of these cases; for a petugas also the unclaimed, and their own without a case."""
    key, columns = select(REPORT.c.id), REPORT.c
    found = [key.where(reach.among(columns.case_id, _case_keys(reach)))]
    if reach.role is Role.petugas:
        found.append(key.where(columns.owner_id.is_(None)))
        for mine in (columns.owner_id, columns.forwarded_to_id):
            found.append(key.where(mine == reach.me, columns.case_id.is_(None)))
    return found


def _of_either(table: FromClause, column: str, reach: Reach) -> Keys:
    """`column` of the rows of `table` that belong to such a case or report."""
    key = select(table.c[column])
    return [
        key.where(reach.among(table.c.case_id, _case_keys(reach))),
        key.where(reach.among(table.c.report_id, _report_keys(reach))),
    ]


def _person_keys(reach: Reach) -> Keys:
    """People who stand in such a report or case, and the guardians of such people."""
    told = reach.among(REPORTER.c.report_id, _report_keys(reach))
    standing = [
        *_of_either(VICTIM, "person_id", reach),
        *_of_either(SUSPECT, "person_id", reach),
        select(REPORTER.c.person_id).where(told),
    ]
    return [*standing, select(WARD.c.guardian_id).where(reach.among(WARD.c.id, standing))]


# --- rules for rows ---------------------------------------------------------------------------


def _for_caseworkers(rule: Rule) -> Rule:
    """`rule` for those who work on cases; supervisors meet every row, others none."""

    def whole(row: Any, reach: Reach) -> Condition:
        if reach.role is Role.supervisor:
            return true()
        return rule(row, reach) if reach.role in CASES else false()

    return whole


def _by(column: str, keys: Callable[[Reach], Sequence[Select[Any]]]) -> Rule:
    return _for_caseworkers(lambda row, reach: reach.among(getattr(row, column), list(keys(reach))))


cases = _by("id", _case_keys)
in_cases = _by("case_id", _case_keys)
reports = _by("id", _report_keys)
in_reports = _by("report_id", _report_keys)
persons = _by("id", _person_keys)
by_person = _by("person_id", _person_keys)
by_victim = _by("victim_id", lambda reach: _of_either(VICTIM, "id", reach))
by_order = _by(
    "order_id",
    lambda reach: [select(SENT.c.id).where(reach.among(SENT.c.case_id, _case_keys(reach)))],
)


def in_either(row: Any, reach: Reach) -> Condition:
    """Rows of a case or of a report."""
    return or_(in_cases(row, reach), in_reports(row, reach))


def letters(row: Any, reach: Reach) -> Condition:
    """Letters signed by or addressed to this officer, and those of their cases."""
    mine = or_(row.signatory_id == reach.me, row.addressee_id == reach.me)
    return or_(mine, in_cases(row, reach))


def letter_files(row: Any, reach: Reach) -> Condition:
    """The stored PDFs of such letters."""
    return row.letter_id.in_(select(LETTER.c.id).where(letters(LETTER.c, reach)))


def own(row: Any, reach: Reach) -> Condition:
    """What is addressed to this officer alone."""
    return row.officer_id == reach.me


def own_or_all(*roles: Role) -> Rule:
    """Every row for these roles, for others what they took in themselves."""
    return lambda row, reach: true() if reach.role in roles else row.officer_id == reach.me


def holds(row: Any, reach: Reach) -> Condition:
    """Legal holds one placed, or that lie on cases, reports or people in sight."""
    seen = (in_cases(row, reach), in_reports(row, reach), by_person(row, reach))
    return or_(row.placed_by_id == reach.me, *seen)


def for_roles(*roles: Role) -> Rule:
    """Every row for these roles, none for others."""
    return lambda row, reach: true() if reach.role in roles else false()
