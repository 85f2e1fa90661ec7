"""The life of a demo case, act by act, as far as it is meant to go.

Each step goes through the same functions as an officer's click, so that timeline, letters,
notices and audit entries are those of the portal itself.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from random import Random

from models import Agreement, Case, LetterKind, Officer, Report, Risk
from portal.casework import cases, intake, outreach, reports, termination
from portal.casework.arrival import PersonFacts
from portal.indonesia.dates import is_child
from portal.letters import surat_perintah
from seed import contacts, invented, letters, pictures, services, texts
from seed.invented import AT_ANY_HOUR, IN_OFFICE_HOURS
from seed.stage import Stage, Story
from seed.texts import Theme

# How far a case goes: the steps after identification that it takes.
REACH = {
    "identified": 0,
    "approved": 1,
    "outreach": 2,
    "handling": 3,
    "termination_proposed": 4,
    "monitoring": 5,
    "closed": 6,
}
REFUSALS = ("returned", "rejected", "referred")
CARDS_SHOWN = 0.4
RETURNING = 7
RISKS = (Risk.rendah, *(Risk.sedang,) * 4, *(Risk.tinggi,) * 3)


@dataclass(frozen=True)
class Plan:
    """One case to be: when its report arrives, how far it gets, and what goes another way."""

    number: int
    arrives: datetime
    until: str
    theme: Theme
    detour: str = ""
    prompt: bool = False


def tell(stage: Stage, plan: Plan, dice: Random) -> Story:
    """A case from the report's arrival to the state it is meant to reach."""
    yield plan.arrives
    report = arrive(stage, dice, plan)
    case = yield from _identified(stage, dice, plan, report)
    if plan.until in REFUSALS or plan.detour in ("corrected", "reconsidered"):
        yield from _turned_back(stage, dice, plan, case)
    for step in STEPS[: REACH.get(plan.until, 0)]:
        yield from step(stage, dice, plan, case)


# --- intake -------------------------------------------------------------------------------


def arrive(stage: Stage, dice: Random, plan: Plan, more: bool = False) -> Report:
    """The report of `plan` in the inbox; officers type in what did not come by the website.

    `more`: it only tells more about people the office knows.
    """
    channel = dice.choice(IN_OFFICE_HOURS if stage.is_open() else AT_ANY_HOUR)
    again = _seen_before(stage, plan)
    told = invented.arrival(dice, plan.theme, stage.now, channel, again)
    told = replace(told, victims=[], suspects=[]) if more else told
    by_website = channel == "website"
    if by_website and stage.with_files and dice.random() < CARDS_SHOWN:
        told = replace(told, files=[pictures.card()], identity_card="dilampirkan")
    officer = None if by_website else _on_duty(stage, dice)
    receipt = intake.receive(
        stage.session,
        told,
        token=f"demo-{plan.number}",
        officer=officer,
        now=stage.now,
    )
    if by_website:
        stage.receipts.append(receipt)
    report = stage.session.get_one(Report, receipt.report_id)
    if officer is not None and plan.number % 3 == 0:
        letters.issue(stage, LetterKind.formulir_penerimaan, report, officer)
    return report


def _seen_before(stage: Stage, plan: Plan) -> PersonFacts | None:
    """Now and then the office knows the victim from an earlier case."""
    if plan.number % RETURNING:
        return None
    for case in stage.cases:
        victim = case.victims[0]
        if is_child(victim.age_at_incident or 0) == plan.theme.child:
            known = {one.name: getattr(victim.person, one.name) for one in fields(PersonFacts)}
            return PersonFacts(**known)
    return None


def _on_duty(stage: Stage, dice: Random) -> Officer:
    return stage[dice.choice(("petugas", "petugas", "petugas2"))]


def _identified(
    stage: Stage, dice: Random, plan: Plan, report: Report
) -> Generator[datetime, None, Case]:
    yield _reaction(stage, dice, plan, report)
    officer = stage["supervisor"] if plan.detour == "emergency" else _owner(stage, dice, report)
    reports.take(stage.session, report, officer, stage.now)
    if dice.random() < 0.3:
        yield from _talk(stage, dice, report, officer)
    yield stage.soon(dice, 3, 12)
    risk = Risk.darurat if plan.detour == "emergency" else dice.choice(RISKS)
    found = reports.Identification(risk=risk, violence_kinds=plan.theme.kinds)
    case = reports.identify(stage.session, report, officer, stage.now, found)
    services.classify(case, plan.theme)
    stage.cases.append(case)
    if plan.number % 3 == 1:
        letters.issue(stage, LetterKind.formulir_identifikasi, report, stage["supervisor2"])
    return case


def _reaction(stage: Stage, dice: Random, plan: Plan, report: Report) -> datetime:
    """Most reports are taken within minutes; some written ones wait until the morning."""
    late = report.entered_by is None and not plan.prompt and dice.random() < 0.4
    return stage.at_work(dice) if late else stage.soon(dice, 1, 8)


def _owner(stage: Stage, dice: Random, report: Report) -> Officer:
    return report.entered_by or _on_duty(stage, dice)


def _talk(stage: Stage, dice: Random, report: Report, officer: Officer) -> Story:
    intake.add_message(stage.session, report, texts.QUESTION, stage.now)
    yield stage.soon(dice, 1, 4)
    intake.answer(stage.session, report, officer, texts.ANSWER, stage.now)
    intake.note(stage.session, report, officer, texts.NOTE, stage.now)


# --- verification -------------------------------------------------------------------------


def _turned_back(stage: Stage, dice: Random, plan: Plan, case: Case) -> Story:
    """Returned, rejected or referred; on a detour the case comes back for verification."""
    yield stage.soon(dice, 3, 15)
    session, supervisor, now = stage.session, stage["supervisor"], stage.now
    if plan.until == "returned" or plan.detour == "corrected":
        cases.give_back(session, case, supervisor, now, texts.RETURN_REASON)
    elif plan.until == "referred":
        cases.decline(session, case, supervisor, now, "refer", texts.REFERRAL)
    else:
        cases.decline(session, case, supervisor, now, "reject", texts.REJECTION)
    if plan.detour == "corrected":
        yield stage.soon(dice, 20, 90)
        cases.correct(session, case, case.identified_by, stage.now, texts.CORRECTION)
    elif plan.detour == "reconsidered":
        yield stage.at_work(dice, 2)
        cases.reconsider(session, case, supervisor, stage.now, texts.RECONSIDERATION)


def _approved(stage: Stage, dice: Random, plan: Plan, case: Case) -> Story:
    yield stage.soon(dice, 2, 14)
    _approve(stage, dice, plan, case)
    if plan.detour == "withdrawn":
        yield stage.soon(dice, 60, 180)
        supervisor = stage["supervisor"]
        cases.withdraw_order(stage.session, case, supervisor, stage.now, texts.WITHDRAWAL)
        yield stage.soon(dice, 10, 30)
        _approve(stage, dice, plan, case)
    if plan.detour == "emergency":
        yield stage.at_work(dice, 1)
        reviewer = stage["supervisor2"]
        cases.review_emergency(stage.session, case, reviewer, stage.now, texts.REVIEW)


def _approve(stage: Stage, dice: Random, plan: Plan, case: Case) -> None:
    helper = dice.choice(("konselor", "pendamping"))
    named = ["penjangkau"] if dice.random() < 0.6 else ["penjangkau", helper]
    order = cases.OrderPlan(
        officers=[stage[username] for username in named],
        counsellor=stage["konselor" if plan.number % 3 else "konselor2"],
        task=texts.TASK,
        place=dice.choice(texts.PLACES),
        starts_on=stage.today,
        ends_on=stage.today + timedelta(days=dice.randint(1, 4)),
        basis=surat_perintah.usual_basis(stage.session),
        safe_meeting_point=dice.random() < 0.5,
        contact_reason=texts.HOME_REASON,
    )
    urgent = texts.EMERGENCY if plan.detour == "emergency" else None
    chief = stage["supervisor" if urgent or plan.number % 4 else "supervisor2"]
    cases.approve(stage.session, case, chief, stage.now, order, emergency_reason=urgent)


# --- outreach and handling ----------------------------------------------------------------


def _set_out(stage: Stage, dice: Random, plan: Plan, case: Case) -> Story:
    urgent = plan.prompt or case.risk is Risk.darurat
    yield stage.soon(dice, 40, 200) if urgent else stage.at_work(dice)
    officer, why = stage["penjangkau"], texts.HOME_REASON
    outreach.start_outreach(stage.session, case, officer, stage.now, contact_reason=why)


def _handled(stage: Stage, dice: Random, plan: Plan, case: Case) -> Story:
    """The outreach is reported, services follow; the last one of a case in handling goes on."""
    yield stage.soon(dice, 60, 200)
    found = outreach.Findings(
        visited_on=stage.today,
        victim_met=True,
        assessment=dice.choice(texts.ASSESSMENTS),
        risk=dice.choice((Risk.rendah, Risk.sedang, case.risk)),
        needs=plan.theme.needs,
        plan=dice.choice(texts.PLANS),
    )
    actor = stage["penjangkau"]
    outreach.report_outreach(stage.session, case, actor, stage.now, found, stage.today)
    letters.issue(stage, LetterKind.berita_acara, case.outreaches[-1], actor)
    if plan.detour == "handed_over":
        yield stage.at_work(dice, 2)
        to = stage["konselor2" if plan.number % 3 else "konselor"]
        reason = texts.HAND_OVER
        cases.hand_over(stage.session, case, stage["supervisor"], stage.now, to, reason)
    contacts.tried(stage, case, plan.number)
    if plan.number % 5 == 0:
        letters.invite(stage, case, services.leader(case))
    yield from services.given(stage, dice, plan.theme, case, goes_on=plan.until == "handling")


def _proposed(stage: Stage, dice: Random, plan: Plan, case: Case) -> Story:
    yield stage.at_work(dice, dice.randint(1, 3))
    _propose(stage, dice, plan, case)
    if plan.detour == "refused":
        yield stage.at_work(dice, 1)
        supervisor = stage["supervisor"]
        termination.refuse(stage.session, case, supervisor, stage.now, texts.REFUSAL)
        yield stage.at_work(dice, 5)
        _propose(stage, dice, plan, case)


def _propose(stage: Stage, dice: Random, plan: Plan, case: Case) -> None:
    lost = plan.number % 9 == 4
    proposal = termination.Proposal(
        reason="tidak_dapat_dihubungi" if lost else "tujuan_tercapai",
        summary=texts.SUMMARY,
        agreement=Agreement.tidak_dapat_dimintai if lost else Agreement.setuju,
        agreement_note=texts.UNREACHABLE if lost else None,
    )
    leader = services.leader(case)
    termination.propose(stage.session, case, leader, stage.now, proposal)


# --- termination and monitoring -----------------------------------------------------------


def _terminated(stage: Stage, dice: Random, plan: Plan, case: Case) -> Story:
    yield stage.at_work(dice, dice.randint(0, 2))
    chief = stage["supervisor2" if plan.number % 4 else "supervisor"]
    termination.terminate(stage.session, case, chief, stage.now)
    if plan.until == "monitoring":
        yield from services.followed(stage, dice, case, careful=plan.number % 2 == 0)


def _closed(stage: Stage, dice: Random, plan: Plan, case: Case) -> Story:
    danger = plan.detour == "reopened"
    yield from services.followed(stage, dice, case, careful=True, danger=danger)
    yield stage.at_work(dice, dice.randint(0, 3))
    closing = stage["supervisor"] if danger else services.leader(case)
    termination.close(stage.session, case, closing, stage.now)
    if plan.detour == "reopened":
        yield stage.at_work(dice, 6)
        reason = texts.REOPENING
        termination.reopen(stage.session, case, stage["supervisor"], stage.now, reason)


STEPS: tuple[Callable[[Stage, Random, Plan, Case], Story], ...] = (
    _approved,
    _set_out,
    _handled,
    _proposed,
    _terminated,
    _closed,
)
