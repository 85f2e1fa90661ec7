"""Which columns a role may see, beneath the permission to see the row.

One table. Lists, pages, forms, filters, search, look-ups and exports all ask it: a column that is
hidden but can be filtered by answers questions all the same. What is not named here is seen by
everybody who meets the row. Whoever may not see a column cannot write it either.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import inspect

from models import Base, Role
from portal.access.permissions import ADMINS, CASEWORKERS, FIELD, HELPERS, INTAKE, SUPERVISORS


class Limited(NamedTuple):
    """Who sees a column, and why nobody else needs to (UU 27/2022 art. 16: no more than needed)."""

    roles: frozenset[Role]
    why: str


IDENTIFIERS = Limited(
    INTAKE | {Role.pendamping},
    "old or new is told by the number at identification; the companion applies for what asks for "
    "it (identity card, insurance, police report)",
)
FAITH = Limited(
    HELPERS, "service by religious figures is offered by who counsels or accompanies; no recap asks"
)
CODE_WORD = Limited(
    CASEWORKERS, "whoever may call must be able to say it; it gets no further than that"
)
HANDLING = Limited(
    SUPERVISORS | HELPERS,
    "what was talked about in a service stays with who gives it and who decides about it; the "
    "outreach officer's task ended with the visit",
)
FINDINGS = Limited(
    SUPERVISORS | FIELD, "what a visit found is no longer the matter of intake, which handed over"
)
REVIEW = Limited(SUPERVISORS, "one supervisor writes it about another's decision")
SENDER = Limited(
    INTAKE, "the head reads what the service is blamed for, not by whom: nobody shall pay for it"
)
LEAVE = Limited(SUPERVISORS, "why a colleague is on leave concerns who plans the roster alone")
STAFF = Limited(ADMINS, "staff data for letters and accounts, kept by admin alone")

LIMITED: dict[str, Limited] = {
    "Person.nik": IDENTIFIERS,
    "Person.kk": IDENTIFIERS,
    "Person.birth_place": IDENTIFIERS,
    "Person.religion": FAITH,
    "SafeContact.code_word": CODE_WORD,
    "Case.review_note": REVIEW,
    "Outreach.assessment": FINDINGS,
    "Outreach.plan": FINDINGS,
    "Intervention.goal": HANDLING,
    "Intervention.result": HANDLING,
    "Referral.purpose": HANDLING,
    "Referral.result": HANDLING,
    "Termination.summary": HANDLING,
    "Termination.agreement_note": HANDLING,
    "Monitoring.notes": HANDLING,
    "Monitoring.needs": HANDLING,
    "ServiceComplaint.name": SENDER,
    "ServiceComplaint.contact": SENDER,
    "Duty.note": LEAVE,
    "Officer.email": STAFF,
    "Officer.nip": STAFF,
    "Officer.username": STAFF,
    "Officer.last_sign_in_at": STAFF,
}


def may_see(role: Role | None, model: type[Base], path: str) -> bool:
    """Whether `role` may see the column at `path` (`name`, `person.nik`), every step of it."""
    limits = (LIMITED.get(name) for name in _named(model, path))
    return all(limit is None or role in limit.roles for limit in limits)


def seen(role: Role | None, model: type[Base], paths: Iterable[str]) -> list[str]:
    """Those of `paths` that `role` may see, in their order."""
    return [path for path in paths if may_see(role, model, path)]


def _named(model: type[Any], path: str) -> Iterator[str]:
    """`Victim, "person.nik"` → `Victim.person`, `Person.nik`."""
    for step in path.split("."):
        yield f"{model.__name__}.{step}"
        relation = inspect(model).relationships.get(step)
        if relation is not None:
            model = relation.mapper.class_
