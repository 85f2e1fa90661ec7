"""Somebody leaves: disabled in one step, and whatever they had in hand has somebody else's.

To the successor who was named, else to the colleague of the same role with the fewest open cases,
case by case, and never to one who is kept from it. What nobody can take over is told to the
supervisors. All of it is one transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AccessGrant,
    Case,
    CaseEvent,
    CaseStatus,
    GrantKind,
    Intervention,
    InterventionState,
    Officer,
    Order,
    OrderOfficer,
    Report,
    ReportStatus,
    Role,
)
from portal.access import gate, scope, sessions
from portal.casework import oversight, signing, signing_certificates, signing_held, talk_follow
from portal.casework.lifecycle import Refused, lock
from portal.casework.stand_ins import ENDED, Colleagues
from portal.letters import signatories
from portal.notices import all_in, tell
from portal.protection import audit
from portal.wording import _

OPEN = Case.status.not_in(ENDED)
Give = Callable[["Move", Any, Officer], None]


@dataclass(frozen=True, slots=True)
class Move:
    """One leaving: who goes, who acts (None: the operator), when."""

    session: Session
    leaver: Officer
    actor: Officer | None
    now: datetime

    @property
    def why(self) -> str:
        """What the timeline says."""
        return str(_("Diserahkan dari %(name)s", name=self.leaver.name))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much found somebody new, and how much did not."""

    moved: int = 0
    orphaned: int = 0


def disable(
    session: Session,
    officer: Officer,
    actor: Officer | None,
    now: datetime,
    to: Officer | None = None,
) -> Outcome:
    """End the access of `officer` at once and hand their open work over.

    Sessions end with it. Raises Refused for oneself, for who left already, and for a successor
    who is not an active colleague of the same role.
    """
    if actor is not None and actor.id == officer.id:
        raise Refused(_("Anda tidak dapat menonaktifkan diri sendiri."))
    if not officer.active:
        raise Refused(_("Petugas ini sudah dinonaktifkan."))
    if to is not None and (to.role is not officer.role or not to.active or to.id == officer.id):
        raise Refused(_("Pilih pengganti aktif dengan peran yang sama."))
    officer.active, officer.disabled_at = False, now
    sessions.revoke_all(session, officer, actor, now, "disabled")
    outcome = hand_over_work(session, officer, actor, now, to)
    sign_no_more(session, officer, actor, now)
    audit.record(
        session,
        "officer_disabled",
        actor,
        officer,
        moved=outcome.moved,
        orphaned=outcome.orphaned,
    )
    return outcome


def sign_no_more(session: Session, officer: Officer, actor: Officer | None, now: datetime) -> None:
    """End what `officer` signs with, wait for none of their parafs, and tell of the letters that
    wait for their signature; unless their role signs."""
    if signatories.able(officer):
        return
    with scope.system(session):
        signing_certificates.end(session, officer, actor, now)
        signing.pass_over(session, officer, actor)
        signing_held.tell_of(session, officer, now)


def hand_over_work(
    session: Session,
    officer: Officer,
    actor: Officer | None,
    now: datetime,
    to: Officer | None = None,
) -> Outcome:
    """Give everything `officer` has in hand to somebody of the same role; supervisors are told."""
    move = Move(session, officer, actor, now)
    with scope.system(session):
        session.flush()
        work = [(part, row) for part in PARTS for row in part.rows(move)]
        _lock_cases(session, [part.case_or_report(row) for part, row in work])
        outcome = _distribute(move, work, to)
        talk_follow.release(session, officer, now)
        _end_grants(move)
        _tell_supervisors(move, outcome)
    return outcome


def _lock_cases(session: Session, subjects: Iterable[Case | Report]) -> None:
    """Cases before reports and in the order of their keys, as every act takes them."""
    for model in (Case, Report):
        rows = {one.id: one for one in subjects if isinstance(one, model)}
        for key in sorted(rows):
            lock(session, rows[key])


def _distribute(move: Move, work: list[tuple["Part", Any]], to: Officer | None) -> Outcome:
    colleagues = Colleagues(move.session, move.leaver.role, move.leaver)
    taken: dict[tuple[type, int], Officer | None] = {}
    for part, row in work:
        subject = part.case_or_report(row)
        place = (type(subject), subject.id)
        if place not in taken:  # one case stays in one hand
            kept = gate.kept_out(move.session, subject)
            named = to if to is not None and to.id not in kept else None
            taken[place] = named or colleagues.least_busy(kept)
        heir = taken[place]
        if heir is not None:
            part.give(move, row, heir)
        else:
            _orphan(move, subject)
    orphaned = sum(heir is None for heir in taken.values())
    return Outcome(len(taken) - orphaned, orphaned)


def _orphan(move: Move, subject: Case | Report) -> None:
    if isinstance(subject, Case):
        told = oversight.supervisors(move.session, subject, move.now)
        tell(move.session, told, "orphaned", case=subject)
    else:
        tell(move.session, all_in(move.session, Role.supervisor), "orphaned", report=subject)


def _tell_supervisors(move: Move, outcome: Outcome) -> None:
    supervisors = all_in(move.session, Role.supervisor)
    tell(move.session, supervisors, "officer_left", but=move.actor)
    if move.leaver.role is Role.supervisor and not set(supervisors) - {move.leaver}:
        oversight.nobody_left(move.session)


def _end_grants(move: Move) -> None:
    mine = (AccessGrant.officer_id == move.leaver.id, AccessGrant.ended_at.is_(None))
    for grant in move.session.scalars(select(AccessGrant).where(*mine)):
        grant.ended_at, grant.ended_by = move.now, move.actor


# --- what somebody may have in hand ---------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One kind of work: where it stands, and how it is given to somebody else."""

    rows: Callable[[Move], list[Any]]
    give: Give

    def case_or_report(self, row: Any) -> Case | Report:
        """What the work belongs to."""
        if isinstance(row, OrderOfficer):
            return row.order.case
        return row if isinstance(row, Case | Report) else row.case


def _found(move: Move, wanted: Any) -> list[Any]:
    return list(move.session.scalars(wanted).unique())


def _led(move: Move) -> list[Any]:
    return _found(move, select(Case).where(Case.counsellor_id == move.leaver.id, OPEN))


def _lead(move: Move, case: Case, heir: Officer) -> None:
    """Not the act of a supervisor who decides: an admin answers for no case."""
    case.counsellor = heir
    event = CaseEvent(case=case, at=move.now, kind="entrusted", actor=move.actor, note=move.why)
    move.session.add(event)
    audit.record(move.session, "case_entrusted", move.actor, case, officer=heir.id)
    tell(move.session, [heir], "case_handed_over", case=case)


def _ordered(move: Move) -> list[Any]:
    named = select(OrderOfficer).join(Order).join(Case, Order.case_id == Case.id)
    mine = (OrderOfficer.officer_id == move.leaver.id, Order.voided_at.is_(None))
    return _found(move, named.where(*mine, OPEN))


def _order(move: Move, named: OrderOfficer, heir: Officer) -> None:
    """The letter stays as it was signed; the successor may do what it orders."""
    if all(one.officer_id != heir.id for one in named.order.assignments):
        named.order.assignments.append(OrderOfficer(officer=heir))
    tell(move.session, [heir], "order_issued", case=named.order.case)


def _serving(move: Move) -> list[Any]:
    states = (InterventionState.planned, InterventionState.ongoing)
    mine = (Intervention.officer_id == move.leaver.id, Intervention.state.in_(states))
    return _found(move, select(Intervention).join(Case).where(*mine, OPEN))


def _serve(move: Move, service: Intervention, heir: Officer) -> None:
    service.officer = heir
    tell(move.session, [heir], "case_entrusted", case=service.case)


def _decided(move: Move) -> list[Any]:
    """What a supervisor answers for, the ended as well: somebody must be able to reopen it, hold
    it or answer who asks about it. Not what waits for any of them."""
    if move.leaver.role is not Role.supervisor:
        return []
    return _found(move, select(Case).where(scope.answers_for(move.leaver)))


def _returned(move: Move) -> list[Any]:
    mine = (Case.identified_by_id == move.leaver.id, Case.status == CaseStatus.returned)
    return _found(move, select(Case).where(*mine))


def _handed(move: Move) -> list[Any]:
    mine = (AccessGrant.officer_id == move.leaver.id, AccessGrant.kind == GrantKind.serah_terima)
    lasting = (AccessGrant.ended_at.is_(None), AccessGrant.until.is_(None))
    grants = select(AccessGrant).join(Case).where(*mine, *lasting)
    return [grant.case for grant in _found(move, grants)]


def _entrust(move: Move, case: Case, heir: Officer) -> None:
    if not scope.sees(move.session, heir, case):
        oversight.hand_to(move.session, heir, case, move.now, move.why, move.actor)
    if case.status not in ENDED:  # the ended ones may be thousands, and wait for nothing
        tell(move.session, [heir], "case_entrusted", case=case)


def _owned(move: Move) -> list[Any]:
    mine = (Report.owner_id == move.leaver.id, Report.status == ReportStatus.in_progress)
    return _found(move, select(Report).where(*mine))


def _own(move: Move, report: Report, heir: Officer) -> None:
    report.owner = heir
    audit.record(move.session, "case_entrusted", move.actor, report, officer=heir.id)
    tell(move.session, [heir], "report_entrusted", report=report)


def _forwarded(move: Move) -> list[Any]:
    mine = (Report.forwarded_to_id == move.leaver.id, Report.forward_accepted_at.is_(None))
    return _found(move, select(Report).where(*mine, Report.status == ReportStatus.in_progress))


def _forward(move: Move, report: Report, heir: Officer) -> None:
    report.forwarded_to = heir
    tell(move.session, [heir], "report_forwarded", report=report)


PARTS = (
    Part(_led, _lead),
    Part(_ordered, _order),
    Part(_serving, _serve),
    Part(_decided, _entrust),
    Part(_returned, _entrust),
    Part(_handed, _entrust),
    Part(_owned, _own),
    Part(_forwarded, _forward),
)
