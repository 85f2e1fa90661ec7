"""What an officer works on: which cases open themselves to whom.

Conditions on the columns of a case itself, and keys of cases that stand elsewhere (an order, a
service, a decision, a grant). `reach` makes the sight of every table from them.
"""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
)

import models as m
from models import Base, CaseStatus, InterventionState, Role

Condition = ColumnElement[bool]
Keys = list[Select[Any]]
Me = int | BindParameter[int]  # the number of an officer, or what stands for it


def _table(model: type[Base], name: str = "") -> FromClause:
    return model.__table__.alias(f"scope_{name or model.__tablename__}")


CASE, REPORT, VICTIM, SUSPECT = map(_table, (m.Case, m.Report, m.Victim, m.Suspect))
ORDER, ASSIGNMENT, INTERVENTION = map(_table, (m.Order, m.OrderOfficer, m.Intervention))
REPORTER, WARD, LETTER = map(_table, (m.Reporter, m.Person, m.Letter))
STEP = _table(m.LetterStep)
EVENT, GRANT, EXCLUSION = map(_table, (m.CaseEvent, m.AccessGrant, m.Exclusion))
TALK, LINK, MESSAGE = map(_table, (m.Conversation, m.ConversationLink, m.Message))
CHAT = _table(m.Conversation, "chat")
KEPT_TALK = _table(m.Conversation, "kept_talk")
KEPT_LINK = _table(m.ConversationLink, "kept_link")
KEPT_REPORT = _table(m.Report, "kept_report")
SENT = _table(m.Order, "sent")  # no condition stands inside one on the same table
WAITING = (CaseStatus.identified.value, CaseStatus.termination_proposed.value)
# The acts by which a supervisor decides on a case and stays answerable for it.
DECISIONS = (
    *("approve", "return", "reject", "refer", "reconsider", "withdraw_order", "hand_over"),
    *("review_emergency", "terminate", "refuse_termination", "close", "reopen"),
)


def one_of(column: Any, values: Collection[Any]) -> Condition:
    """`column` is one of these few, written out for good.

    Plain values would be written into the whole statement anew with each execution, because next
    time there might be more of them.
    """
    return column.in_([literal(one, column.type) for one in values])


# --- what an officer works on -----------------------------------------------------------------
# First what the columns of a case itself say (of `case` as a table, or as the mapped class), then
# the keys of cases that stand elsewhere.


def _returned(case: Any, me: Me) -> Condition:
    """Cases this officer identified that came back to be completed."""
    return and_(case.identified_by_id == me, case.status == CaseStatus.returned.value)


def _waiting(case: Any, me: Me) -> Condition:
    """Cases that wait for the decision of a supervisor, whoever it will be."""
    return one_of(case.status, WAITING)


def _unreviewed(case: Any, me: Me) -> Condition:
    """Emergency approvals that another supervisor has to review."""
    return and_(case.emergency_reason.is_not(None), case.reviewed_at.is_(None))


def _approved(case: Any, me: Me) -> Condition:
    return case.approved_by_id == me


def _led(case: Any, me: Me) -> Condition:
    return case.counsellor_id == me


def decided(me: Me) -> Select[Any]:
    """Cases this supervisor has decided something on."""
    mine = (EVENT.c.actor_id == me, one_of(EVENT.c.kind, DECISIONS), EVENT.c.case_id.is_not(None))
    return select(EVENT.c.case_id).where(*mine)


def answered(me: Me) -> Keys:
    """The cases a supervisor answers for."""
    return [select(CASE.c.id).where(_approved(CASE.c, me)), decided(me)]


def _granted(me: Me) -> Select[Any]:
    """Cases handed over to this officer, or opened in an emergency that is not over yet.

    The database's own clock, so that no moment is kept in a statement that was compiled before.
    """
    lasts = or_(GRANT.c.until.is_(None), GRANT.c.until > func.current_timestamp())
    mine = (GRANT.c.officer_id == me, GRANT.c.case_id.is_not(None), GRANT.c.ended_at.is_(None))
    return select(GRANT.c.case_id).where(*mine, lasts)


def _ordered(me: Me) -> Select[Any]:
    """Cases of the orders in force that name this officer."""
    return select(ORDER.c.case_id).where(
        ASSIGNMENT.c.order_id == ORDER.c.id,
        ASSIGNMENT.c.officer_id == me,
        ORDER.c.voided_at.is_(None),
    )


def _accompanied(me: Me) -> Select[Any]:
    """Cases in which this officer gives a service, or is to give one."""
    cancelled = InterventionState.cancelled.value
    return select(INTERVENTION.c.case_id).where(
        INTERVENTION.c.officer_id == me, INTERVENTION.c.state != cancelled
    )


def _entrusted(me: Me) -> Select[Any]:
    """Those that were handed over for good: an emergency access is over in some hours."""
    return _granted(me).where(GRANT.c.until.is_(None))


ITSELF: dict[Role, tuple[Callable[[Any, Me], Condition], ...]] = {
    Role.petugas: (_returned,),
    Role.supervisor: (_waiting, _unreviewed, _approved, _returned),
    Role.penjangkau: (),
    Role.konselor: (_led,),
    Role.pendamping: (),
}
ELSEWHERE: dict[Role, tuple[Callable[[Me], Select[Any]], ...]] = {
    Role.petugas: (_granted,),
    Role.supervisor: (decided, _granted),
    Role.penjangkau: (_ordered, _accompanied, _granted),
    Role.konselor: (_ordered, _accompanied, _granted),
    Role.pendamping: (_ordered, _accompanied, _granted),
}
# The same, without what an emergency access alone opens.
LASTING = {
    role: tuple(_entrusted if keys is _granted else keys for keys in sources)
    for role, sources in ELSEWHERE.items()
}
