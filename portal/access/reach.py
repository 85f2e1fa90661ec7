"""How far an officer's sight reaches: conditions on rows, derived from the cases they work on.

Everything goes back to the keys of a few cases and reports that an index finds at once, so that
a statement costs what the officer's own work costs, however many cases the office has. (With OR
instead of a union, PostgreSQL reads whole tables.) The conditions are written on plain tables,
not on mapped classes, so that they are not themselves filtered again.

Beneath all of it lies the exclusion: whoever is kept from a case or a report meets nothing of it,
whatever else would open it to them. Who works on no case meets none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    FromClause,
    Select,
    and_,
    false,
    not_,
    or_,
    select,
    true,
    union_all,
)

from models import LetterKind, Role
from portal.access.permissions import OPEN_TO
from portal.access.work import (
    ASSIGNMENT,
    CASE,
    ELSEWHERE,
    EXCLUSION,
    ITSELF,
    KEPT_REPORT,
    LASTING,
    LETTER,
    REPORT,
    REPORTER,
    SENT,
    STEP,
    SUSPECT,
    VICTIM,
    WARD,
    Condition,
    Keys,
    Me,
    one_of,
)

Membership = Callable[[Any, Keys], Condition]


def listed(key: Any, keys: Keys) -> Condition:
    """`key` is one of `keys`, found all together: for lists."""
    return key.in_(union_all(*keys))


def asked(key: Any, keys: Keys) -> Condition:
    """`key` is one of `keys`, asked of each row by itself: for the few rows of a relation."""
    return or_(*(_holds(one, key) for one in keys))


def _holds(keys: Select[Any], key: Any) -> Condition:
    # An assignment stands beside its order; `get_final_froms` would take a compiler to say so.
    own, column = (*keys.columns_clause_froms, ASSIGNMENT), keys.selected_columns[0]
    return keys.where(column == key).correlate_except(*own).exists()


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose sight it is, and how membership is asked."""

    me: Me
    role: Role
    among: Membership


# A rule reads the columns of `row`: a mapped class, so that its aliases are followed.
Rule = Callable[[Any, Reach], Condition]


def _itself(case: Any, reach: Reach) -> list[Condition]:
    return [says(case, reach.me) for says in ITSELF[reach.role]]


def _elsewhere(reach: Reach) -> Keys:
    return [keys(reach.me) for keys in ELSEWHERE[reach.role]]


def case_keys(reach: Reach) -> Keys:
    """The cases an officer works on: a look-up each where all are found together; one for each row
    where each is asked."""
    said = _itself(CASE.c, reach)
    said = [or_(*said)] if said and reach.among is asked else said
    return [*(select(CASE.c.id).where(one) for one in said), *_elsewhere(reach)]


def kept_from(column: str, reach: Reach) -> Keys:
    """The cases or reports (`case_id`, `report_id`) this officer must not meet; the reports that
    led to such a case as well."""
    kept = EXCLUSION.c[column]
    mine = (EXCLUSION.c.officer_id == reach.me, EXCLUSION.c.lifted_at.is_(None))
    own = select(kept).where(*mine, kept.is_not(None))
    if column == "case_id":
        return [own]
    of_case = reach.among(KEPT_REPORT.c.case_id, kept_from("case_id", reach))
    return [own, select(KEPT_REPORT.c.id).where(of_case)]


def clear(key: Any, column: str, reach: Reach) -> Condition:
    """This officer is not kept from the case or report `key`."""
    return not_(reach.among(key, kept_from(column, reach)))


def has_case(key: Any, reach: Reach) -> Condition:
    """`key` is a case this officer works on and is not kept from."""
    return and_(reach.among(key, case_keys(reach)), clear(key, "case_id", reach))


def report_keys(reach: Reach) -> Keys:
    """Reports of these cases, and reports without a case: for a petugas the unclaimed and their
    own, for supervisors every one (they oversee the inbox and reopen what was ended)."""
    key, columns = select(REPORT.c.id), REPORT.c
    alone = (columns.case_id.is_(None), clear(columns.id, "report_id", reach))
    found = [key.where(has_case(columns.case_id, reach))]
    if reach.role is Role.supervisor:
        found.append(key.where(*alone))
    if reach.role is Role.petugas:
        mine = (columns.owner_id == reach.me, columns.forwarded_to_id == reach.me)
        found += [key.where(one, *alone) for one in (columns.owner_id.is_(None), *mine)]
    return found


def _of_either(table: FromClause, column: str, reach: Reach) -> Keys:
    """`column` of the rows of `table` that belong to such a case or report."""
    key = select(table.c[column])
    return [
        key.where(has_case(table.c.case_id, reach)),
        key.where(reach.among(table.c.report_id, report_keys(reach))),
    ]


def _person_keys(reach: Reach) -> Keys:
    """People who stand in such a report or case, and the guardians of such people."""
    told = reach.among(REPORTER.c.report_id, report_keys(reach))
    standing = [
        *_of_either(VICTIM, "person_id", reach),
        *_of_either(SUSPECT, "person_id", reach),
        select(REPORTER.c.person_id).where(told),
    ]
    return [*standing, select(WARD.c.guardian_id).where(reach.among(WARD.c.id, standing))]


# --- rules for rows ---------------------------------------------------------------------------


def _for_caseworkers(rule: Rule) -> Rule:
    """`rule` for those who work on cases, nothing for others."""
    return lambda row, reach: rule(row, reach) if reach.role in ITSELF else false()


def by(column: str, keys: Callable[[Reach], Sequence[Select[Any]]]) -> Rule:
    return _for_caseworkers(lambda row, reach: reach.among(getattr(row, column), list(keys(reach))))


def _case(row: Any, reach: Reach) -> Condition:
    """A case is asked itself where each is asked; among all it is found by its key."""
    if reach.among is not asked:
        return has_case(row.id, reach)
    met = or_(*_itself(row, reach), asked(row.id, _elsewhere(reach)))
    return and_(met, clear(row.id, "case_id", reach))


def _lasting(row: Any, reach: Reach) -> Condition:
    keys = [each(reach.me) for each in LASTING[reach.role]]
    met = or_(*_itself(row, reach), asked(row.id, keys))
    return and_(met, clear(row.id, "case_id", reach))


cases = _for_caseworkers(_case)
lasting = _for_caseworkers(_lasting)
in_cases = _for_caseworkers(lambda row, reach: has_case(row.case_id, reach))
reports = by("id", report_keys)
in_reports = by("report_id", report_keys)
persons = by("id", _person_keys)
by_person = by("person_id", _person_keys)
by_victim = by("victim_id", lambda reach: _of_either(VICTIM, "id", reach))
by_order = by("order_id", lambda reach: [select(SENT.c.id).where(has_case(SENT.c.case_id, reach))])


def in_either(row: Any, reach: Reach) -> Condition:
    """Rows of a case or of a report."""
    return or_(in_cases(row, reach), in_reports(row, reach))


def letters(row: Any, reach: Reach) -> Condition:
    """Letters one signs, initials or receives, and those of the cases and reports one meets,
    as far as the kind is for that role (`OPEN_TO`); monthly reports belong to no case.

    A nota tells what services were for and how they ended: it is for those who may see that.
    """
    steps = select(STEP.c.letter_id).where(STEP.c.officer_id == reach.me)
    mine = or_(
        row.signatory_id == reach.me, row.addressee_id == reach.me, reach.among(row.id, [steps])
    )
    kinds = [kind for kind, roles in OPEN_TO.items() if reach.role in roles]
    monthly = and_(row.kind == LetterKind.laporan_bulanan, one_of(row.kind, kinds))
    theirs = and_(one_of(row.kind, kinds), or_(in_cases(row, reach), in_reports(row, reach)))
    kept = (_unless_kept(row, name, reach) for name in ABOUT)
    return and_(or_(mine, monthly, theirs), *kept)


def visits(row: Any, reach: Reach) -> Condition:
    """Who came to the counter, for intake; but not who told there what one is kept from."""
    intake = for_roles(Role.petugas, Role.supervisor)(row, reach)
    return and_(intake, _unless_kept(row, "report_id", reach))


def of_letters(row: Any, reach: Reach) -> Condition:
    """What belongs to such letters: stored PDFs, steps of signing."""
    return row.letter_id.in_(select(LETTER.c.id).where(letters(LETTER.c, reach)))


def certificates(row: Any, reach: Reach) -> Condition:
    """One's own; every one for admin, who withdraws what must not sign any more."""
    return or_(own(row, reach), for_roles(Role.admin)(row, reach))


def own(row: Any, reach: Reach) -> Condition:
    """What is addressed to this officer alone."""
    return row.officer_id == reach.me


def requests(row: Any, reach: Reach) -> Condition:
    """Requests about personal data one took in, for supervisors all; but about nobody who stands
    in a case or report one is kept from."""
    about = or_(row.person_id.is_(None), not_(reach.among(row.person_id, _people_kept(reach))))
    return and_(true() if reach.role is Role.supervisor else row.officer_id == reach.me, about)


def _people_kept(reach: Reach) -> Keys:
    """Who stands in the cases and reports this officer must not meet."""
    kept = {name: kept_from(name, reach) for name in ("case_id", "report_id")}
    named = [(table, name) for table in (VICTIM, SUSPECT) for name in kept]
    return [
        select(table.c.person_id).where(
            reach.among(table.c[name], kept[name]), table.c.person_id.is_not(None)
        )
        for table, name in (*named, (REPORTER, "report_id"))
    ]


def holds(row: Any, reach: Reach) -> Condition:
    """Legal holds one placed, or that lie on cases, reports or people in sight."""
    seen = (in_cases(row, reach), in_reports(row, reach), by_person(row, reach))
    mine = (_unless_kept(row, name, reach) for name in ABOUT)
    return or_(and_(row.placed_by_id == reach.me, *mine), *seen)


def notices(row: Any, reach: Reach) -> Condition:
    """One's own, but for what one is kept from by now."""
    return and_(own(row, reach), *(_unless_kept(row, name, reach) for name in ABOUT))


def grants(row: Any, reach: Reach) -> Condition:
    """One's own, and those for the cases one meets."""
    return or_(and_(own(row, reach), _unless_kept(row, "case_id", reach)), in_cases(row, reach))


def log(row: Any, reach: Reach) -> Condition:
    """Every entry for the auditors, but for the cases, reports and people they are kept from."""
    kept = [kept_from("report_id", reach), _people_kept(reach)]
    about = (_not_about(row, *pair, reach) for pair in zip((REPORT, WARD), kept, strict=True))
    return and_(for_roles(Role.auditor)(row, reach), _unless_kept(row, "case_id", reach), *about)


def _not_about(row: Any, table: Any, keys: Keys, reach: Reach) -> Condition:
    """This entry of the log speaks of none of `keys` of `table`."""
    other = or_(row.subject_table.is_(None), row.subject_table != table.element.name)
    return or_(other, row.subject_id.is_(None), not_(reach.among(row.subject_id, keys)))


ABOUT = ("case_id", "report_id")


def _unless_kept(row: Any, column: str, reach: Reach) -> Condition:
    key = getattr(row, column)
    return or_(key.is_(None), clear(key, column, reach))


def for_roles(*roles: Role) -> Rule:
    """Every row for these roles, none for others."""
    return lambda row, reach: true() if reach.role in roles else false()
