"""What has happened to a case or a report, as lines for the page, newest first."""

from typing import Any

from models import Case, CaseEvent, Report
from portal.casework.report_rules import REPORT_RULES
from portal.casework.rules import CASE_RULES
from portal.indonesia import dates
from portal.screens import computed, sight
from portal.wording import _

TONES = {
    "break_glass": "danger",
    **dict.fromkeys(
        ("return", "withdraw_order", "refuse_termination", "reopen", "return_forward"), "warning"
    ),
    **dict.fromkeys(("reject", "refer"), "danger"),
    **dict.fromkeys(("approve", "terminate", "close"), "success"),
}
ACTS = {**CASE_RULES, **REPORT_RULES}


def of_case(case: Case) -> list[dict[str, Any]]:
    """The life of a case, that of its reports included."""
    events = {event.id: event for event in case.events}
    for report in case.reports:
        events |= {event.id: event for event in report.events}
    return _lines(list(events.values()))


def of_report(report: Report) -> list[dict[str, Any]]:
    """The life of a report."""
    return _lines(list(report.events))


def _lines(events: list[CaseEvent]) -> list[dict[str, Any]]:
    ordered = sorted(events, key=lambda event: (event.at, event.id), reverse=True)
    return [_line(event) for event in ordered]


def _line(event: CaseEvent) -> dict[str, Any]:
    letter = event.letter.printed if event.letter else ""
    return {
        "title": computed.happened(event.kind),
        "when": dates.moment(event.at),
        "iso": event.at.isoformat(),
        "who": event.actor.name if event.actor else _whose(event.kind),
        "text": "\n".join(part for part in (sight.note(event), letter) if part),
        "tone": TONES.get(event.kind, "neutral"),
    }


def _whose(kind: str) -> str:
    """Nobody of the office: the reporter wrote, or the portal itself acted."""
    return _("pelapor") if kind in ("received", "message_in") else _("sistem")
