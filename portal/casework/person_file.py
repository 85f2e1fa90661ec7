"""Everything held about a person, for that person: the content of a file on request.

UU 27/2022 art. 7, 13 and 32 give a person access, a copy in a form machines read, and the record
of who looked. Article 33 forbids what endangers or exposes others, so the file knows only where
somebody was harmed or told us; that they stand accused somewhere is not in it, nor is anybody
else's name. Texts that others wrote are masked and stay out unless an officer lets them in.
`docs/person-file.md` describes the JSON.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import AuditEntry, Case, Correspondent, Officer, Person, Report, Reporter, Role, Victim
from portal import labels
from portal.access import scope
from portal.casework import holds, redaction
from portal.casework.file_fields import FIELDS, LOOKS, STORIES, TITLES, Field
from portal.indonesia import dates
from portal.letters import office, said
from portal.wording import _, speaking

FORMAT, VERSION = "ruang-aman/berkas-pribadi", 1
TEMPLATE = "berkas_pribadi"
# The parts whose rows have free texts (`STORIES`).
TOLD_IN = (
    *("identity", "harmed", "cases", "reports", "told", "services", "referrals", "invitations"),
)


@dataclass(frozen=True)
class Story:
    """A text that may be about others too; `key` names it in the officer's choice."""

    key: str
    title: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class PersonFile:
    """Rows by part, in the order they are printed, and the texts to choose from."""

    person: Person
    rows: dict[str, list[Any]]
    stories: list[Story]
    unseen: int
    seen_by: list[tuple[datetime, str, str]]


def build(session: Session, person: Person) -> PersonFile:
    """The file of `person` as far as the session's officer sees; `unseen` counts what they do not.

    Whether it may be given at all is asked with `requests.access_obstacles`.
    """
    victims = list(session.scalars(select(Victim).where(Victim.person_id == person.id)))
    told = list(session.scalars(select(Reporter).where(Reporter.person_id == person.id)))
    rows = _rows(person, victims, told) | _chats(session, person)
    others = [one for one in _everybody(victims, told) if one is not person]
    stories = [
        Story(key, title, redaction.mask(text, person, others))
        for key, title, text in _stories(rows, victims, told)
    ]
    return PersonFile(
        person, rows, stories, _unseen(session, person, rows), _seen(session, person, victims)
    )


def _rows(person: Person, victims: list[Victim], told: list[Reporter]) -> dict[str, list[Any]]:
    cases = list(dict.fromkeys(one.case for one in victims if one.case))
    reports = list(dict.fromkeys(one.report for one in victims if one.report))
    holders: list[Case | Report] = [*cases, *reports]
    mine = [one.id for one in victims]
    given = [one for case in cases for one in case.interventions if one.victim_id in (None, *mine)]
    return {
        "identity": [person],
        "safe_contact": [person.safe_contact] if person.safe_contact else [],
        "harmed": victims,
        "cases": cases,
        "reports": reports,
        "told": [one.report for one in told],
        "consents": [consent for one in victims for consent in one.consents],
        "services": given,
        "referrals": [one for case in cases for one in case.referrals if one.victim_id in mine],
        "invitations": [one for case in cases for one in case.invitations if one.victim_id in mine],
        "monitoring": [one for case in cases for one in case.monitorings if one.victim_id in mine],
        "letters": list(dict.fromkeys(one for holder in holders for one in holder.letters)),
    }


def _chats(session: Session, person: Person) -> dict[str, list[Any]]:
    """The numbers and addresses they were checked to be behind, and what was said with them there,
    but for what was split off: somebody else said that."""
    mine = (Correspondent.person_id == person.id, Correspondent.checked_at.is_not(None))
    behind = select(Correspondent).where(*mine)
    found = list(session.scalars(behind.order_by(Correspondent.id)))
    return {
        "known_as": [alias for one in found for alias in one.aliases if not alias.ended_at],
        "chats": [
            talk for one in found for talk in one.conversations if talk.split_from_id is None
        ],
    }


def _everybody(victims: list[Victim], told: list[Reporter]) -> list[Person]:
    holders: list[Case | Report] = [one.case for one in victims if one.case]
    holders += [one.report for one in victims if one.report] + [one.report for one in told]
    return list(dict.fromkeys(one for holder in holders for one in holds.people_of(holder)))


def _stories(
    rows: dict[str, list[Any]], victims: list[Victim], told: list[Reporter]
) -> Iterator[tuple[str, str, str]]:
    """Key, title and text of every free text, those about the harmed for the harmed alone."""
    sources: dict[int, Any] = {}
    for part in TOLD_IN:
        sources |= {id(row): row for row in rows[part]}
    for case in rows["cases"]:
        sources |= {id(row): row for row in (*case.outreaches, *case.terminations)}
    sources |= {id(row): row for row in rows["monitoring"]}
    sources |= {id(row): row for one in told for row in one.report.messages}
    sources |= {id(row): row for talk in rows["chats"] for row in talk.messages}
    for row in sources.values():
        for name, title in STORIES.get(type(row), ()):
            text = getattr(row, name)
            if text and not _internal(row):
                yield f"{row.__tablename__}-{row.id}-{name}", f"{title} ({_when(row)})", text


def _internal(row: Any) -> bool:
    """What officers note for one another is theirs; what was said to the reporter is not."""
    return getattr(row, "direction", None) == "internal"


def _when(row: Any) -> str:
    return dates.short_date(dates.local_date(row.created_at))


def _unseen(session: Session, person: Person, rows: dict[str, list[Any]]) -> int:
    """In how many cases and reports they were harmed or told us that this officer does not see."""
    with scope.system(session):
        victims = list(session.scalars(select(Victim).where(Victim.person_id == person.id)))
        told = list(session.scalars(select(Reporter).where(Reporter.person_id == person.id)))
        every = _rows(person, victims, told)
    parts = ("cases", "reports", "told")
    return sum(len(set(every[part]) - set(rows[part])) for part in parts)


def _seen(
    session: Session, person: Person, victims: list[Victim]
) -> list[tuple[datetime, str, str]]:
    """Who looked, when: the role, never the name of an officer."""
    cases = [one.case_id for one in victims if one.case_id]
    about = or_(
        (AuditEntry.subject_table == "person") & (AuditEntry.subject_id == person.id),
        (AuditEntry.subject_table == "victim")
        & AuditEntry.subject_id.in_([one.id for one in victims]),
        AuditEntry.case_id.in_(cases),
    )
    wanted = (
        select(AuditEntry.at, Officer.role, AuditEntry.event)
        .join(Officer, Officer.id == AuditEntry.actor_id)
        .where(about, AuditEntry.event.in_(LOOKS))
        .order_by(AuditEntry.id)
    )
    with scope.system(session):
        return [(at, role.value, event) for at, role, event in session.execute(wanted)]


# --- as JSON ------------------------------------------------------------------------------------


def as_json(
    found: PersonFile, chosen: Collection[str], number: str, now: datetime
) -> dict[str, Any]:
    """The file for machines: codes and ISO dates, `docs/person-file.md`."""
    given = [one for one in found.stories if one.key in chosen]
    return {
        "format": FORMAT,
        "version": VERSION,
        "request": number,
        "made_at": now.isoformat(),
        **{part: [_record(row, FIELDS[part]) for row in rows] for part, rows in found.rows.items()},
        "texts": [{"title": one.title, "text": one.text} for one in given],
        "texts_withheld": len(found.stories) - len(given),
        "seen_by": [
            {"at": at.isoformat(), "role": role, "event": event}
            for at, role, event in found.seen_by
        ],
    }


def _record(row: Any, fields: Sequence[Field]) -> dict[str, Any]:
    return {one.name: _plain(_value(row, one.path)) for one in fields}


def _value(row: Any, path: str) -> Any:
    for step in path.split("."):
        row = None if row is None else getattr(row, step)
    return row


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


# --- as a document ------------------------------------------------------------------------------


def as_document(
    session: Session, found: PersonFile, chosen: Collection[str], number: str, now: datetime
) -> dict[str, Any]:
    """The same for people: the content of the template `TEMPLATE`."""
    named = office.Labels(session)
    given = [one for one in found.stories if one.key in chosen]
    with speaking("id"):
        parts = [
            {"title": str(TITLES[part]), "records": [_pairs(row, part, named) for row in rows]}
            for part, rows in found.rows.items()
            if rows
        ]
        return {
            **office.common(said.texts(session)),
            "dated": dates.local_date(now).isoformat(),
            "number": number,
            "parts": parts,
            "texts": [[one.title, one.text] for one in given],
            "withheld": len(found.stories) - len(given),
            "seen_by": [_look(*one) for one in found.seen_by],
        }


def _pairs(row: Any, part: str, named: office.Labels) -> list[list[str]]:
    shown = ((one, _value(row, one.path)) for one in FIELDS[part])
    return [
        [str(one.label), _told(value, one, named)]
        for one, value in shown
        if value not in (None, "", [])
    ]


def _told(value: Any, one: Field, named: office.Labels) -> str:
    """A value as people read it."""
    for kind, tell in TELLERS:
        if isinstance(value, kind):
            return tell(value, one, named)
    return str(value)


Teller = Callable[[Any, Field, office.Labels], str]
TELLERS: tuple[tuple[type[Any], Teller], ...] = (
    (StrEnum, lambda value, one, named: labels.label(value)),
    (bool, lambda value, one, named: _("Ya") if value else _("Tidak")),
    (list, lambda value, one, named: named.all(one.list_name, value)),
    (datetime, lambda value, one, named: dates.moment(value)),
    (date, lambda value, one, named: dates.long_date(value)),
    (str, lambda value, one, named: named(one.list_name, value) if one.list_name else value),
)


def _look(at: datetime, role: str, event: str) -> list[str]:
    return [dates.moment(at), labels.label(Role(role)), str(LOOKS[event])]
