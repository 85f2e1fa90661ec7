"""What happens to a case, one function an act (steps 4 to 7 of the service standard).

Each asks the lifecycle, changes the rows, leaves timeline, audit entry, letter and notices in one
transaction, and does not commit. Locks are taken in one order: case, then register, then audit.
`version` is the one the form was opened with. Termination stands in `portal.casework.termination`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models import (
    Case,
    LetterKind,
    Officer,
    Order,
    OrderOfficer,
    Outreach,
    OutreachState,
    Risk,
    Role,
)
from portal.casework import clock, conflicts, contact_acts, stand_ins
from portal.casework.lifecycle import Refused, advance, ask, permit
from portal.letters import register, surat_perintah
from portal.letters.entry import About
from portal.notices import tell, tell_on_duty
from portal.wording import _

VISITORS = (Role.penjangkau, Role.konselor, Role.pendamping)


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """What a supervisor writes into a surat perintah; `contact_reason` opens a closed home."""

    officers: Sequence[Officer]
    counsellor: Officer
    task: str
    place: str
    starts_on: date
    ends_on: date
    basis: str
    safe_meeting_point: bool = False
    contact_reason: str | None = None

    def check(self) -> None:
        """Raises Refused where the order could not be carried out."""
        if not self.officers:
            raise Refused(_("Pilih sedikitnya satu petugas penjangkauan."))
        if any(one.role not in VISITORS or not one.active for one in self.officers):
            raise Refused(_("Petugas yang diperintah harus penjangkau, konselor, atau pendamping."))
        if self.counsellor.role is not Role.konselor or not self.counsellor.active:
            raise Refused(_("Pilih konselor aktif sebagai penanggung jawab kasus."))
        if self.ends_on < self.starts_on:
            raise Refused(_("Tanggal selesai tidak boleh sebelum tanggal mulai."))


def approve(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    plan: OrderPlan,
    version: int | None = None,
    emergency_reason: str | None = None,
) -> Order:
    """Approve by completing a surat perintah: number, frozen content, outreach task at once.

    Whoever identified the case does not approve it, but for an emergency with a
    written reason, which another supervisor reviews. Raises Refused or Stale.
    """
    ask(case, "approve", actor)
    plan.check()
    conflicts.refuse_kept(session, case, [*plan.officers, plan.counsellor])
    order, kind = _order(plan, actor, now), LetterKind.surat_perintah
    content = surat_perintah.content(session, case, order, plan.officers, plan.counsellor, actor)
    register.trial(session, kind, content)
    rule = permit(session, case, "approve", actor, version)
    contact_acts.permit_order(session, case, actor, now, plan)
    case.emergency_reason = _emergency(case, actor, emergency_reason)
    case.counsellor, case.approved_by, case.approved_at = plan.counsellor, actor, now
    case.reviewed_by, case.reviewed_at, case.review_note = None, None, None
    order.case = case
    session.add_all([order, Outreach(case=case, order=order)])
    order.letter = register.issue(session, kind, content, About(case), actor, now, source=order)
    advance(session, case, rule, actor, now, note=case.emergency_reason, letter=order.letter)
    clock.stop_for(session, case, now)
    tell(session, [*plan.officers, plan.counsellor], "order_issued", case=case, but=actor)
    if case.emergency_reason:
        told = ([Role.supervisor], "emergency_approval", now)
        tell_on_duty(session, *told, case=case, but=actor)
    return order


def _emergency(case: Case, actor: Officer, reason: str | None) -> str | None:
    if actor.id != case.identified_by_id:
        return None
    if case.risk is not Risk.darurat or not (reason or "").strip():
        raise Refused(_("Tuliskan alasan darurat: Anda menyetujui kasus identifikasi sendiri."))
    return (reason or "").strip()


def _order(plan: OrderPlan, actor: Officer, now: datetime) -> Order:
    return Order(
        task=plan.task,
        place=plan.place,
        safe_meeting_point=plan.safe_meeting_point,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        basis=plan.basis,
        issued_by=actor,
        issued_at=now,
        assignments=[OrderOfficer(officer=officer) for officer in plan.officers],
    )


def give_back(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Return a case to intake, to be completed; the first decision stops the clock."""
    rule = permit(session, case, "return", actor, version)
    advance(session, case, rule, actor, now, note=reason)
    clock.stop_for(session, case, now)
    told = stand_ins.intake_of(session, case, now)
    tell(session, told, "case_returned", case=case, but=actor)


def decline(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    act: str,
    reason: str,
    version: int | None = None,
) -> None:
    """Reject (`reject`) or refer elsewhere (`refer`), with a reason."""
    rule = permit(session, case, act, actor, version)
    advance(session, case, rule, actor, now, note=reason)
    clock.stop_for(session, case, now)


def correct(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    note: str | None = None,
    version: int | None = None,
) -> None:
    """Send a returned, completed case to verification again."""
    rule = permit(session, case, "correct", actor, version)
    advance(session, case, rule, actor, now, note=note)
    stand_ins.dismiss(session, case, now)
    tell_on_duty(session, [Role.supervisor], "case_waiting", now, case=case, but=actor)


def reconsider(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Open a rejected or referred case for verification again, with a reason."""
    rule = permit(session, case, "reconsider", actor, version)
    advance(session, case, rule, actor, now, note=reason)
    tell_on_duty(session, [Role.supervisor], "case_waiting", now, case=case, but=actor)


def withdraw_order(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Take an approval back: the order and its letter are void, number and reason stay."""
    rule = permit(session, case, "withdraw_order", actor, version)
    for order in case.orders:
        if order.voided_at is None:
            _void(session, order, actor, now, reason)
    for visit in case.outreaches:
        if visit.state is not OutreachState.reported:
            visit.state = OutreachState.cancelled
    tell(session, [case.counsellor], "order_voided", but=actor)
    case.counsellor = case.approved_by = case.approved_at = case.emergency_reason = None
    case.reviewed_by = case.reviewed_at = case.review_note = None
    advance(session, case, rule, actor, now, note=reason)


def _void(session: Session, order: Order, actor: Officer, now: datetime, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Tuliskan alasannya."))
    order.voided_at, order.void_reason = now, reason
    if order.letter is not None:
        register.void(session, order.letter, reason=reason, actor=actor, now=now)
    tell(session, [one.officer for one in order.assignments], "order_voided", but=actor)


def review_emergency(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    note: str,
    version: int | None = None,
) -> None:
    """Another supervisor reviews an emergency approval, in writing."""
    rule = permit(session, case, "review_emergency", actor, version)
    case.reviewed_by, case.reviewed_at, case.review_note = actor, now, note
    advance(session, case, rule, actor, now, note=note)


def hand_over(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    to: Officer,
    reason: str,
    version: int | None = None,
) -> None:
    """Alihkan: hand a case to another counsellor, with a reason, in any open state."""
    rule = permit(session, case, "hand_over", actor, version)
    if to.role is not Role.konselor or not to.active or to.id == case.counsellor_id:
        raise Refused(_("Pilih konselor lain yang aktif."))
    conflicts.refuse_kept(session, case, [to])
    case.counsellor = to
    advance(session, case, rule, actor, now, note=reason)
    tell(session, [to], "case_handed_over", case=case, but=actor)
