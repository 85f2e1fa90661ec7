"""What the page of an act shows beside its form: what one should know before doing it."""

from collections.abc import Iterable
from typing import Any

from models import (
    Case,
    Monitoring,
    MonitoringState,
    Officer,
    Person,
    Report,
    Termination,
)
from portal import labels
from portal.casework import contact_told, monitoring
from portal.indonesia import dates
from portal.letters import nota_terminasi
from portal.screens import columns, edge, missing_parts, sight, texts, titles
from portal.wording import _

Facts = list[tuple[str, Any]]
Page = dict[str, Any]


def as_facts(row: Any, *names: str) -> Facts:
    """Label and value of columns, those that are empty left out."""
    known = (
        (str(texts.of(type(row), name)), columns.show(row, name, columns.PAGE))
        for name in sight.seen(type(row), names)
    )
    return [(label, value) for label, value in known if value]


def of_case(case: Case, officer: Officer) -> Page:
    """The case in a few lines."""
    people = ", ".join(titles.of(victim) for victim in case.victims)
    return {
        "facts": [
            *as_facts(case, "status", "risk", "opened_at", "identified_by", "counsellor"),
            (_("Korban"), people or _("Belum dicatat")),
            *as_facts(case, "violence_kinds", "status_reason"),
        ]
    }


def of_verification(case: Case, officer: Officer) -> Page:
    """The case, and how its people may be reached: an order may lead to their home."""
    return of_case(case, officer) | {"contacts": contacts_of(people_of(case), case)}


def of_emergency(case: Case, officer: Officer) -> Page:
    """Who approved their own case, when, and why."""
    shown = as_facts(case, "risk", "approved_by", "approved_at", "emergency_reason")
    return {"facts": shown}


def of_order(case: Case, officer: Officer) -> Page:
    """Where the order sends somebody, and how the people there may be reached."""
    orders = [order for order in case.orders if order.voided_at is None]
    names = ("letter", "task", "place", "safe_meeting_point", "starts_on", "ends_on")
    facts = as_facts(orders[-1], *names) if orders else []
    return {"facts": facts, "contacts": contacts_of(people_of(case), case)}


def people_of(case: Case) -> list[Person]:
    """Who might be reached in a case: the victims and those who told of them."""
    reporters = [report.reporter.person for report in case.reports if report.reporter]
    everybody = [*(victim.person for victim in case.victims), *reporters]
    return list(dict.fromkeys(everybody))


def people_of_report(report: Report) -> list[Person]:
    """Who might be reached about a report: the teller first, then those who were harmed."""
    teller = [report.reporter.person] if report.reporter else []
    return list(dict.fromkeys([*teller, *(victim.person for victim in report.victims)]))


def contacts_of(people: Iterable[Person], about: Case | Report) -> list[tuple[str, list[str]]]:
    """For each person of a case or report the sentences on how to reach them safely."""
    return [(named(one, about), contact_told.sentences(one.safe_contact)) for one in people]


def named(person: Person, about: Case | Report) -> str:
    """Name and part: who told and who was harmed may bear one name, and not one rule."""
    reports = about.reports if isinstance(about, Case) else [about]
    tellers = [one.reporter.person for one in reports if one.reporter]
    parts: dict[str, list[Person | None]] = {
        _("korban"): [one.person for one in about.victims],
        _("pelapor"): [*tellers],
        _("wali"): [one.person.guardian for one in about.victims],
    }
    told = [part for part, people in parts.items() if person in people]
    return f"{titles.of(person)} ({', '.join(told)})" if told else titles.of(person)


def of_report(report: Report, officer: Officer) -> Page:
    """The report in a few lines, with what was told."""
    names = ("status", "clock", "channel", "call_kind", "received_at", "owner", "forwarded_to")
    reporter = [report.reporter.person] if report.reporter else []
    return {
        "facts": [*as_facts(report, *names), *as_facts(report, "narrative")],
        "contacts": contacts_of(reporter, report),
    }


# --- termination and monitoring ---------------------------------------------------------------


def open_proposal(case: Case) -> Termination | None:
    """The proposal that waits for a decision."""
    return next((one for one in reversed(case.terminations) if one.decision is None), None)


def of_proposal(case: Case, officer: Officer) -> Page:
    """What the counsellor proposes."""
    proposal = open_proposal(case)
    names = ("proposed_by", "proposed_at", "reason", "agreement", "agreement_note", "summary")
    return {"facts": as_facts(proposal, *names) if proposal else []}


def of_termination(case: Case, officer: Officer) -> Page:
    """The proposal, what the nota lacks and where to complete it, the dates to come."""
    proposal = open_proposal(case)
    if proposal is None:
        return {}
    absent = nota_terminasi.missing(edge.session(), proposal, officer)
    planned = monitoring.plan(edge.session(), case, dates.today())
    return of_proposal(case, officer) | {
        "missing": missing_parts.with_links(absent),
        "planned": [
            (titles.of(victim), number, dates.weekday_date(due)) for victim, number, due in planned
        ],
    }


def of_closing(case: Case, officer: Officer) -> Page:
    """The results of the monitoring, and what the final nota lacks."""
    ended = [one for one in case.terminations if one.letter and one.reopened_at is None]
    if not ended:
        return {}
    absent = nota_terminasi.final_missing(edge.session(), ended[-1], officer)
    return {
        "facts": [(_("Nota terminasi"), titles.of(ended[-1].letter))],
        "results": [_result(one) for one in ended[-1].monitorings],
        "missing": missing_parts.with_links(absent),
    }


def _result(one: Monitoring) -> tuple[str, int, str, str]:
    """Whom, which contact, when, and what came of it."""
    day = one.done_on if one.state is MonitoringState.done else one.due_on
    safety = labels.label(one.safety) if one.safety else ""
    told = ", ".join(part for part in (labels.label(one.state), safety) if part)
    return titles.of(one.victim), one.sequence, dates.short_date(day or one.due_on), told


def of_contact(one: Monitoring, officer: Officer) -> Page:
    """Whom to contact, when it was due, how to do it safely, and what earlier contacts found."""
    earlier = [other for other in one.termination.monitorings if other.victim_id == one.victim_id]
    return {
        "facts": [
            *as_facts(one, "case", "victim", "sequence", "due_on"),
            *as_facts(one.termination, "reason", "summary"),
        ],
        "contacts": contacts_of([one.victim.person], one.case),
        "results": [_result(other) for other in earlier if other.sequence < one.sequence],
    }
