"""Termination, reopening and closing of a case (steps 6 and 7 of the service standard).

The counsellor proposes, a supervisor who is somebody else decides. The nota (number
and frozen content) and the monitoring dates arise in the same transaction; the final
nota carries the results of the monitoring.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Agreement, Case, Decision, LetterKind, Officer, Role, Termination
from portal.casework import monitoring
from portal.casework.lifecycle import Refused, Stale, advance, ask, permit
from portal.indonesia.dates import local_date
from portal.letters import nota_terminasi, register
from portal.letters.entry import About
from portal.letters.gaps import Gap
from portal.notices import tell, tell_on_duty
from portal.wording import _


@dataclass(frozen=True, slots=True)
class Proposal:
    """Why the counsellor wants to end the handling, and whether the victim agrees."""

    reason: str
    summary: str
    agreement: Agreement
    agreement_note: str | None = None


def propose(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    proposal: Proposal,
    version: int | None = None,
) -> Termination:
    """The counsellor proposes the termination; supervisors are told."""
    rule = permit(session, case, "propose_termination", actor, version)
    if proposal.agreement is not Agreement.setuju and not (proposal.agreement_note or "").strip():
        raise Refused(_("Jelaskan mengapa korban tidak menyetujui atau tidak dapat dimintai."))
    termination = Termination(
        case=case,
        proposed_by=actor,
        proposed_at=now,
        reason=proposal.reason,
        summary=proposal.summary,
        agreement=proposal.agreement,
        agreement_note=proposal.agreement_note,
    )
    session.add(termination)
    advance(session, case, rule, actor, now)
    told = ([Role.supervisor], "termination_proposed", now)
    tell_on_duty(session, *told, case=case, but=actor)
    return termination


def terminate(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    note: str | None = None,
    version: int | None = None,
) -> Termination:
    """Approve the proposal: nota dinas terminasi and three monitoring dates per victim.

    Raises Refused with a sentence for every part the nota lacks.
    """
    ask(case, "terminate", actor)
    tried = _nota(session, case, actor, now)
    register.trial(session, tried.kind, tried.content)
    rule = permit(session, case, "terminate", actor, version)
    nota = _unchanged(tried, _nota(session, case, actor, now))
    termination = nota.termination
    _decide(termination, Decision.approved, actor, now, note)
    monitoring.schedule(session, termination, nota.planned)
    termination.letter = register.issue(
        session, nota.kind, nota.content, About(case), actor, now, source=termination
    )
    advance(session, case, rule, actor, now, note=note, letter=termination.letter)
    tell(session, [case.counsellor], "monitoring_scheduled", case=case, but=actor)
    tell(session, [termination.letter.addressee], "letter_issued", but=actor)
    return termination


@dataclass(frozen=True, slots=True)
class _Nota:
    """A nota before it has a number, and the contacts it announces."""

    kind: LetterKind
    termination: Termination
    content: dict[str, Any]
    planned: monitoring.Plan = field(default_factory=list)


def _nota(session: Session, case: Case, actor: Officer, now: datetime) -> _Nota:
    kind, termination = LetterKind.nota_terminasi, _proposal(case)
    _refuse_incomplete(nota_terminasi.missing(session, termination, actor))
    planned = monitoring.plan(session, case, local_date(now))
    content = nota_terminasi.content(session, case, termination, planned, actor)
    return _Nota(kind, termination, content, planned)


def _final_nota(session: Session, case: Case, actor: Officer) -> _Nota:
    kind, termination = LetterKind.nota_akhir, in_force(case)
    _refuse_incomplete(nota_terminasi.final_missing(session, termination, actor))
    return _Nota(kind, termination, nota_terminasi.final_content(session, case, termination, actor))


def _unchanged(tried: _Nota, locked: _Nota) -> _Nota:
    """What was rendered on trial is what is issued, though nothing was locked meanwhile."""
    if tried != locked:
        raise Stale(_("Data ini baru saja diubah petugas lain. Periksa keadaan terbaru dahulu."))
    return locked


def _proposal(case: Case) -> Termination:
    for termination in reversed(case.terminations):
        if termination.decision is None:
            return termination
    raise Refused(_("Tidak ada usulan terminasi yang menunggu keputusan."))


def _decide(
    termination: Termination, decision: Decision, actor: Officer, now: datetime, why: str | None
) -> None:
    termination.decision, termination.decided_by, termination.decided_at = decision, actor, now
    termination.decision_reason = why


def _refuse_incomplete(gaps: list[Gap]) -> None:
    if gaps:
        raise Refused(*map(str, gaps))


def refuse(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Refuse the proposal with a reason; the handling goes on."""
    rule = permit(session, case, "refuse_termination", actor, version)
    if not reason.strip():
        raise Refused(_("Tuliskan alasannya."))
    _decide(_proposal(case), Decision.refused, actor, now, reason)
    advance(session, case, rule, actor, now, note=reason)
    tell(session, [case.counsellor], "termination_refused", case=case, but=actor)


def reopen(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Take up a case in monitoring or a closed one again; open contacts are cancelled."""
    rule = permit(session, case, "reopen", actor, version)
    monitoring.cancel_open(case)
    for termination in case.terminations:
        if termination.decision is Decision.approved and termination.reopened_at is None:
            termination.reopened_at = now
    advance(session, case, rule, actor, now, note=reason)
    tell(session, [case.counsellor], "case_reopened", case=case, but=actor)


def close(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    note: str | None = None,
    version: int | None = None,
) -> Termination:
    """Close the case: the final nota with the table of monitoring results is issued.

    Raises Refused while a contact is open, or for every part the nota lacks.
    """
    ask(case, "close", actor)
    tried = _final_nota(session, case, actor)
    register.trial(session, tried.kind, tried.content)
    rule = permit(session, case, "close", actor, version)
    nota = _unchanged(tried, _final_nota(session, case, actor))
    termination = nota.termination
    termination.final_letter = register.issue(
        session, nota.kind, nota.content, About(case), actor, now, source=termination
    )
    advance(session, case, rule, actor, now, note=note, letter=termination.final_letter)
    tell(session, [case.counsellor, case.approved_by], "case_closed", case=case, but=actor)
    tell(session, [termination.final_letter.addressee], "letter_issued", but=actor)
    return termination


def in_force(case: Case) -> Termination:
    """The termination whose monitoring runs; raises Refused when there is none."""
    for termination in reversed(case.terminations):
        if termination.decision is Decision.approved and termination.reopened_at is None:
            return termination
    raise Refused(_("Kasus ini belum diterminasi."))
