"""What is known of whoever calls, by their number: earlier talks, calls, reports and cases.

An officer reads of it what they may see anyway. Of the rest they learn that there is something, and
whom to ask; of what they are kept from not even that. How often somebody called and said nothing is
told to whoever answers: it tells nothing about anybody, and may be the only sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, and_, not_, or_, select
from sqlalchemy.orm import Session

from models import (
    Call,
    Conversation,
    ConversationLink,
    Exclusion,
    Officer,
    Person,
    Report,
    Reporter,
    Victim,
)
from portal.access import scope
from portal.casework import agreements, call_places, calls, correspondents, people
from portal.casework.correspondents import PHONE, KnownAs

MOST = 10


@dataclass
class History:
    """What is known of a number. `more`: besides, there is something this officer may not read."""

    calls: Sequence[Call] = ()
    talks: Sequence[Conversation] = ()
    reports: Sequence[Report] = ()
    cases: Sequence[people.Earlier] = ()
    people: Sequence[Person] = ()
    silent: Sequence[datetime] = ()
    more: bool = False
    known: bool = field(default=False)


def of_number(
    session: Session, officer: Officer, number: str | None, but: Call | None = None
) -> History:
    """What `officer` may know of `number`, without the call `but` itself.

    The search is in the log, as every search for people is.
    """
    if not number:
        return History()
    with scope.system(session):
        somebody = correspondents.find(session, KnownAs(PHONE, number))
        persons = list(islice(agreements.of_number(session, number), people.MOST))
    asked = _asked(somebody.id if somebody else 0, persons, but)
    free = _free_of(officer)
    seen = {name: list(session.scalars(wanted.limit(MOST))) for name, wanted in asked.items()}
    cases = people.search(session, officer, people.Wanted(phone=number))
    with scope.system(session):
        every = {name: _keys(session, asked[name], free[name]) for name in asked}
        silent = _silent(session, asked["calls"].where(free["calls"]))
    more = any(every[name] - {row.id for row in seen[name]} for name in asked)
    met = list(session.scalars(select(Person).where(Person.id.in_(persons))))
    hidden = any(one.case is None for one in cases)
    known = bool(more or cases or silent or any(seen.values()))
    return History(**seen, cases=cases, people=met, silent=silent, more=more or hidden, known=known)


def _asked(somebody: int, persons: list[int], but: Call | None) -> dict[str, Select[Any]]:
    """What there may be, newest first."""
    own = but.id if but is not None else 0
    here = but.conversation_id if but is not None else 0
    behind = select(Conversation.id).where(Conversation.correspondent_id == somebody)
    told = select(Reporter.report_id).where(Reporter.person_id.in_(persons))
    harmed = select(Victim.report_id).where(Victim.person_id.in_(persons))
    linked = select(ConversationLink.report_id).where(
        ConversationLink.conversation_id.in_(behind), ConversationLink.report_id.is_not(None)
    )
    mine = or_(Report.id.in_(told), Report.id.in_(harmed), Report.id.in_(linked))
    talk = (Conversation.id.in_(behind), Conversation.merged_into_id.is_(None))
    written = (Conversation.channel != call_places.CHANNEL, Conversation.id != here)
    return {
        "calls": select(Call)
        .where(Call.conversation_id.in_(behind), Call.id != own)
        .order_by(Call.id.desc()),
        "talks": select(Conversation).where(*talk, *written).order_by(Conversation.last_at.desc()),
        "reports": select(Report).where(mine).order_by(Report.id.desc()),
    }


def _free_of(officer: Officer) -> dict[str, Any]:
    """The conditions under which an officer may learn that there is something: not kept from it."""
    kept = {
        name: select(getattr(Exclusion, name)).where(
            Exclusion.officer_id == officer.id,
            Exclusion.lifted_at.is_(None),
            getattr(Exclusion, name).is_not(None),
        )
        for name in ("report_id", "case_id")
    }
    reports = or_(
        Report.id.in_(kept["report_id"]),
        and_(Report.case_id.is_not(None), Report.case_id.in_(kept["case_id"])),
    )
    about = select(ConversationLink.conversation_id).where(
        or_(
            ConversationLink.case_id.in_(kept["case_id"]),
            ConversationLink.report_id.in_(select(Report.id).where(reports)),
        )
    )
    return {
        "calls": not_(Call.conversation_id.in_(about)),
        "talks": not_(Conversation.id.in_(about)),
        "reports": not_(reports),
    }


def _keys(session: Session, wanted: Select[Any], free: Any) -> set[int]:
    return {row.id for row in session.scalars(wanted.where(free).limit(MOST))}


def _silent(session: Session, wanted: Select[Any]) -> list[datetime]:
    """When this number called and said nothing."""
    found = session.scalars(wanted.where(Call.kind.in_(calls.SILENT)).limit(MOST))
    return [one.started_at for one in found]
