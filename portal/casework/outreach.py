"""Penjangkauan: the ordered officer sets out and reports what was found (step 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models import Case, Officer, Outreach, OutreachState, Risk
from portal.casework import contact_acts
from portal.casework.lifecycle import Refused, advance, permit
from portal.notices import tell
from portal.wording import _


def start_outreach(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    version: int | None = None,
    contact_reason: str | None = None,
) -> None:
    """The ordered officer sets out; to a home outside of its safe hours only with a reason."""
    rule = permit(session, case, "start_outreach", actor, version)
    visit = current_outreach(case)
    contact_acts.permit_departure(session, case, visit.order, actor, now, contact_reason)
    visit.state, visit.started_at, visit.officer = OutreachState.started, now, actor
    advance(session, case, rule, actor, now)


@dataclass(frozen=True, slots=True)
class Findings:
    """What an outreach found: assessment, risk, needs (codes) and plan."""

    visited_on: date
    victim_met: bool
    assessment: str
    risk: Risk
    needs: Sequence[str]
    plan: str
    place: str | None = None


def report_outreach(
    session: Session,
    case: Case,
    actor: Officer,
    now: datetime,
    found: Findings,
    today: date,
    version: int | None = None,
) -> None:
    """The ordered officer reports what the outreach found; handling begins."""
    rule = permit(session, case, "report_outreach", actor, version)
    visit = current_outreach(case)
    if found.visited_on > today:
        raise Refused(_("Tanggal penjangkauan tidak boleh di masa depan."))
    for name in Findings.__dataclass_fields__:
        setattr(visit, name, getattr(found, name))
    visit.needs = list(found.needs)
    visit.state, visit.reported_at, visit.officer = OutreachState.reported, now, actor
    case.risk = found.risk
    advance(session, case, rule, actor, now)
    tell(session, [case.counsellor, case.approved_by], "outreach_reported", case=case, but=actor)


def running(case: Case) -> Outreach | None:
    """The outreach of the order in force, if there is one."""
    ended = (OutreachState.reported, OutreachState.cancelled)
    return next((one for one in reversed(case.outreaches) if one.state not in ended), None)


def current_outreach(case: Case) -> Outreach:
    """As `running`; raises Refused when there is none."""
    visit = running(case)
    if visit is None:
        raise Refused(_("Tidak ada penjangkauan yang sedang berjalan."))
    return visit
