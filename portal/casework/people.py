"""Old or new? Finding earlier cases of the same people before another is made.

The search covers every case, also those outside the officer's scope; of these it
answers only that there is one and who handles it. Names and numbers are sealed;
`portal.protection.search` finds them all the same. Every search is in the audit log.
"""

from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Case, Officer, Person, Report, Reporter, Suspect, Victim
from portal.access import gate, scope
from portal.casework.arrival import UNKNOWN
from portal.indonesia import dates, names
from portal.protection import audit
from portal.protection import search as finding

MOST = 50
OLDEST, AGES_APART = 130, 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to look for: any of a name (or its beginning), a NIK, a telephone number."""

    name: str = ""
    nik: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier case: `case` only when the officer may see it, always who handles it.

    `case_id` is for a sealed reference (joining a report to it), never for a page.
    """

    case: Case | None
    handled_by: Officer | None
    case_id: int


def search(session: Session, officer: Officer, wanted: Wanted) -> list[Earlier]:
    """Earlier cases of people who match `wanted`, newest first, at most 50 people considered.

    Outside the officer's scope an answer has no case, only who handles it. A case the officer
    is kept from does not exist for them.
    """
    kept = gate.kept_cases(session, officer)
    with scope.system(session):
        sought = finding.sought(wanted.name, nik=wanted.nik, phone=wanted.phone)
        found = list(islice(finding.found(session, Person, sought, newest=True), MOST))
        there = [one for one in _cases(session, found) if one.id not in kept]
        handled = {one.id: one.counsellor or one.identified_by for one in there}
    audit.record(session, "people_searched", officer, found=len(handled))
    mine = select(Case).where(Case.id.in_(handled), scope.visible(Case, officer))
    seen = {one.id: one for one in session.scalars(mine)}
    return [Earlier(seen.get(key), handled[key], key) for key in sorted(handled, reverse=True)]


def _cases(session: Session, person_ids: list[int]) -> list[Case]:
    reported = select(Report.case_id).join(Reporter).where(Reporter.person_id.in_(person_ids))
    involved = or_(
        Case.id.in_(select(Victim.case_id).where(Victim.person_id.in_(person_ids))),
        Case.id.in_(select(Suspect.case_id).where(Suspect.person_id.in_(person_ids))),
        Case.id.in_(reported),
    )
    return list(session.scalars(select(Case).where(involved)))


# --- one human being, or two? ---------------------------------------------------------------


def same(one: Person, other: Person) -> bool:
    """Whether two rows are surely one human being: one NIK, or one name and nothing against it."""
    if one is other:
        return True
    if one.nik and other.nik:
        return one.nik == other.nik
    called = names.normalise(one.name or "")
    return bool(called) and called == names.normalise(other.name or "") and _agree(one, other)


def _agree(one: Person, other: Person) -> bool:
    born = {one.birth_date, other.birth_date} - {None}
    sexes = {one.sex, other.sex} - {None, UNKNOWN}
    ages = [age for age in (one.estimated_age, other.estimated_age) if age is not None]
    apart = max(ages, default=0) - min(ages, default=0)
    return len(born) < 2 and len(sexes) < 2 and apart <= AGES_APART


def age_at(person: Person, incident: date | None, told: date) -> int | None:
    """Full years of age at the incident (SIMFONI), None where nothing is known.

    From the birth date where the day of the incident is known; else as somebody estimated it
    when they reported (`told`), less the years that had gone by.
    """
    if person.birth_date and incident and person.birth_date <= incident:
        return min(dates.age_on(person.birth_date, incident), OLDEST)
    if person.estimated_age is None:
        return None
    since = dates.age_on(incident, told) if incident and incident <= told else 0
    return max(person.estimated_age - since, 0)
