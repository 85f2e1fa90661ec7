"""Whose agreement on safe contact counts before somebody is reached: the no of anybody concerned.

A number does not say whose it is. So everybody who has it counts, whoever was checked to be behind
the conversation, and the reporters of the reports it became. Read past the scope: who decides
whether to write or to call must not overlook a no.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models import Conversation, Person, Report, Reporter, SafeContact
from portal.access import scope
from portal.casework import people
from portal.casework.contact import hindrances
from portal.casework.contact_words import Moment, Obstacle
from portal.casework.correspondents import PHONE
from portal.protection import search

Agreed = list[tuple[Person, SafeContact | None]]


def of(session: Session, talk: Conversation, numbers: Collection[str] = ()) -> Agreed:
    """Everybody who may be reached in `talk`, or at one of `numbers`, with what was agreed."""
    with scope.system(session):
        known = dict.fromkeys(_concerned(session, talk, numbers))
        return [(one, one.safe_contact) for one in known]


def _concerned(session: Session, talk: Conversation, numbers: Collection[str]) -> Iterator[Person]:
    somebody = talk.correspondent
    yield from session.scalars(_tellers(talk))
    if somebody is not None and somebody.person is not None:
        yield somebody.person
    aliases = somebody.aliases if somebody is not None else ()
    theirs = [one.value for one in aliases if one.kind == PHONE and one.ended_at is None]
    for number in dict.fromkeys([*numbers, *theirs]):
        ids = list(islice(of_number(session, number), people.MOST))
        yield from session.scalars(select(Person).where(Person.id.in_(ids)))


def _tellers(talk: Conversation) -> Select[Person]:
    """Who told its report, those that it became, and those of the cases it is about."""
    keys = [one.report_id for one in talk.links] + [talk.report_id]
    cases = [one.case_id for one in talk.links if one.case_id is not None]
    told = or_(Report.id.in_(keys), Report.case_id.in_(cases))
    tellers = select(Person).join(Reporter, Reporter.person_id == Person.id)
    return tellers.join(Reporter.report).where(told).order_by(Report.id)


def of_number(session: Session, number: str) -> Any:
    """The ids of the people in the session's scope who have this number."""
    return search.found(session, Person, search.sought(phone=number), newest=True)


def alone(agreed: Agreed) -> Person | None:
    """Whom one would reach, where that is one human being alone."""
    return agreed[0][0] if len(agreed) == 1 else None


def obstacles(
    session: Session, agreed: Agreed, channel: str, at: Moment, text: str | None = None
) -> list[Obstacle]:
    """What any of them has against it, each thing once; where nobody was asked, that."""
    asked: list[SafeContact | None] = [one for _person, one in agreed if one is not None]
    each = (hindrances(session, one, channel, at, text) for one in asked or [None])
    return list({one.code: one for against in each for one in against}.values())
