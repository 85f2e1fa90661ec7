"""Reports of the demo that make no case of their own, and complaints about the service."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select

from models import Report, ServiceComplaint
from portal.casework import intake, reports, service_complaints
from portal.casework.arrival import Arrival
from portal.casework.reports import ENDED
from seed import invented, texts
from seed.stage import Stage, Story
from seed.stories import Plan, arrive
from seed.texts import Theme

# What becomes of such a report; `new` and `in_progress` still wait at the end.
OUTCOMES = (
    *("new", "joined", "information", "in_progress", "duplicate", "new", "forwarded"),
    *("referred", "joined", "new", "spam", "information", "accepted", "new"),
)
WAITING = ("new", "in_progress", "forwarded", "accepted")


@dataclass(frozen=True)
class Side:
    """One such report: when it arrives and what becomes of it."""

    number: int
    arrives: datetime
    outcome: str
    theme: Theme


def tell(stage: Stage, side: Side, dice: Random) -> Story:
    """The report from its arrival to its outcome."""
    yield side.arrives
    if side.outcome in texts.DISMISSALS:
        yield from _dismissed(stage, side, dice)
        return
    plan = Plan(side.number, side.arrives, "identified", side.theme)
    report = arrive(stage, dice, plan, more=side.outcome == "joined")
    if side.outcome == "new":
        return
    yield stage.soon(dice, 2, 9)
    officer = stage["petugas"]
    reports.take(stage.session, report, officer, stage.now)
    if side.outcome in ("forwarded", "accepted"):
        yield from _forwarded(stage, side, dice, report)
    elif side.outcome == "joined":
        yield stage.soon(dice, 4, 15)
        for case in [one for one in stage.cases if one.status not in ENDED][-1:]:
            reports.join(stage.session, report, officer, stage.now, case)


def _forwarded(stage: Stage, side: Side, dice: Random, report: Report) -> Story:
    session, to = stage.session, stage["petugas2"]
    reports.forward(session, report, stage["petugas"], stage.now, to)
    if side.outcome == "accepted":
        yield stage.soon(dice, 3, 12)
        reports.accept_forward(session, report, to, stage.now)


def _dismissed(stage: Stage, side: Side, dice: Random) -> Story:
    narrative, reason = texts.DISMISSALS[side.outcome]
    channel = dice.choice(("website", "telepon", "whatsapp"))
    officer = stage["petugas2"]
    receipt = intake.receive(
        stage.session,
        Arrival(channel=channel, narrative=texts.INVENTED + narrative),
        token=f"demo-{side.number}",
        officer=None if channel == "website" else officer,
        now=stage.now,
    )
    report = stage.session.get_one(Report, receipt.report_id)
    yield stage.soon(dice, 2, 10)
    reports.take(stage.session, report, officer, stage.now)
    yield stage.soon(dice, 2, 10)
    reports.dismiss(stage.session, report, officer, stage.now, side.outcome, reason)


# --- complaints about the service -----------------------------------------------------------


def complain(stage: Stage, number: int, arrives: datetime, dice: Random) -> Story:
    """A complaint about the service, answered as far as `number` says."""
    yield arrives
    body, via = texts.COMPLAINTS[number % len(texts.COMPLAINTS)]
    receipt = service_complaints.receive(
        stage.session,
        body=texts.INVENTED + body,
        name=invented.name(dice, woman=True),
        contact=invented.phone(dice),
        via=via,
        token=f"demo-complaint-{number}",
        officer=None if via == "website" else stage["petugas"],
        now=stage.now,
    )
    steps = number % 4
    query = select(ServiceComplaint).where(ServiceComplaint.number == receipt.number)
    complaint = stage.session.scalars(query).one()
    if steps >= 1:
        yield stage.at_work(dice, 1)
        service_complaints.process(stage.session, complaint, stage["supervisor"], stage.now)
    if steps >= 2:
        yield stage.at_work(dice, 2)
        answer, supervisor = texts.COMPLAINT_ANSWER, stage["supervisor"]
        service_complaints.answer(stage.session, complaint, supervisor, answer, stage.now)
    if steps >= 3:
        yield stage.at_work(dice, 3)
        service_complaints.finish(stage.session, complaint, stage["supervisor"], stage.now)
