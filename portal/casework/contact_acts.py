"""Safe contact in the acts on a case: the visit that an order sends, the contact that has been.

`portal.casework.contact` holds the rule and the gate; here is who is meant and when.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, ContactAttempt, ContactState, Officer, Order, Person, Report
from portal.casework.contact import Wish, found, settle
from portal.casework.contact_words import TRUSTED, VISIT, Obstacle
from portal.indonesia import dates

# Method of the monitoring → the way it leaves by; None where the victim came to a safe place.
METHODS: dict[str, str | None] = {
    "kunjungan_rumah": VISIT,
    "kantor": None,
    "tempat_lain": None,
    "telepon": "telepon",
    "whatsapp": "whatsapp",
    "daring": "whatsapp",
    "lembaga": TRUSTED,
}


Closed = tuple[Person, list[Obstacle]]


def attempts_of(holder: Case | Report) -> list[ContactAttempt]:
    """Every attempt to reach somebody here; in a case those before it became one included."""
    told = list(holder.contact_attempts)
    for report in holder.reports if isinstance(holder, Case) else ():
        told += report.contact_attempts
    return sorted(set(told), key=lambda one: one.id)


def home_obstacles(case: Case) -> list[Closed]:
    """Which victims of `case` nobody may visit at home, and why; the hour is not known yet."""
    people = [victim.person for victim in case.victims]
    against = [(one, found(one.safe_contact, VISIT, None)) for one in people]
    return [(one, sentences) for one, sentences in against if sentences]


class Destination(Protocol):
    """What an order that is to be given says of the place it leads to."""

    @property
    def safe_meeting_point(self) -> bool:
        """Whether it is somewhere else than their home."""

    @property
    def contact_reason(self) -> str | None:
        """Why to their home although nobody may come there."""


def permit_order(
    session: Session, case: Case, officer: Officer, now: datetime, order: Destination
) -> None:
    """The gate before an order that leads to the victims' home. Raises NotPermitted."""
    closed = [] if order.safe_meeting_point else home_obstacles(case)
    for person, against in closed:
        settle(session, Wish(person, VISIT, officer, now, case), against, order.contact_reason)


def departure_obstacles(case: Case, order: Order, now: datetime) -> list[Closed]:
    """Whose home is out of its safe hours when somebody sets out for it."""
    people = [] if order.safe_meeting_point else [victim.person for victim in case.victims]
    against = [(one, found(one.safe_contact, VISIT, now)) for one in people]
    closed = [(one, [o for o in every if o.code == "closed_window"]) for one, every in against]
    return [(one, hours) for one, hours in closed if hours]


def permit_departure(
    session: Session,
    case: Case,
    order: Order,
    officer: Officer,
    now: datetime,
    reason: str | None,
) -> None:
    """The gate before somebody sets out for a home. Raises NotPermitted."""
    for person, against in departure_obstacles(case, order, now):
        settle(session, Wish(person, VISIT, officer, now, case), against, reason)


def method_obstacles(session: Session, person: Person, method: str, day: date) -> list[Obstacle]:
    """What was against a contact by this method of the monitoring on `day`.

    Nothing where the gate let an attempt by the same way through on that day.
    """
    channel = METHODS.get(method, method)
    if channel is None or _was_permitted(session, person, channel, day):
        return []
    return found(person.safe_contact, channel, day)


def _was_permitted(session: Session, person: Person, channel: str, day: date) -> bool:
    begin = dates.start_of_day_utc(day)
    wanted = select(ContactAttempt.id).where(
        ContactAttempt.person_id == person.id,
        ContactAttempt.channel == channel,
        ContactAttempt.state != ContactState.refused,
        ContactAttempt.at >= begin,
        ContactAttempt.at < begin + timedelta(days=1),
    )
    return session.scalar(wanted.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Made:
    """A contact that has been: by which method, on which day, and why against the agreement."""

    method: str
    day: date
    reason: str | None = None


def permit_made(
    session: Session, case: Case, person: Person, made: Made, officer: Officer, now: datetime
) -> None:
    """The gate before a contact is written down. Raises NotPermitted."""
    against = method_obstacles(session, person, made.method, made.day)
    if against:
        channel = METHODS.get(made.method) or made.method
        settle(session, Wish(person, channel, officer, now, case), against, made.reason)
