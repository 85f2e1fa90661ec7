"""What a report is typed from: a call that goes on, somebody at the counter, a conversation.

The address names it (`?panggilan=`, `?antrean=`, `?percakapan=`): the form is filled with what is
known, its draft is that of this call alone, and report and origin are tied in one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, request
from sqlalchemy.orm import Session

from models import Call, Channel, Conversation, Officer, Report, Visit
from portal.casework import calls, officer_drafts, talk_acts, visits
from portal.indonesia import phone
from portal.screens import edge

TALK, USUAL_CALL = "percakapan", "laporan_baru"
Settle = Callable[[Session, Any, Report, Officer, datetime], None]


@dataclass(frozen=True)
class Origin:
    """The row a report is typed from, its parameter in the address, what ties both."""

    parameter: str
    row: Any
    values: dict[str, Any]
    became: Settle

    @property
    def made(self) -> int | None:
        """The report that was made of it; a conversation may become several."""
        return None if self.parameter == TALK else self.row.report_id

    def draft(self, channel: Channel) -> str:
        """The kind of its draft; that of a conversation is begun in the inbox."""
        if self.parameter == TALK:
            return officer_drafts.of_report(channel.value, self.row.id)
        return f"laporan_{channel.value}_{self.parameter[0]}{self.row.id}"

    @property
    def address(self) -> dict[str, int]:
        """For the addresses of the form's pages."""
        return {self.parameter: self.row.id}

    def fill(self, form: Any) -> None:
        """What is known already."""
        for name, value in self.values.items():
            if value is not None and name in form:
                form[name].data = value


def _of_call(call: Call) -> dict[str, Any]:
    return {
        "narrative": call.notes,
        "received_at": call.started_at,
        "call_kind": call.kind if call.kind not in calls.EMPTY else USUAL_CALL,
        # That of a missed call is told by the rule of safe contact alone.
        "reporter_phone": phone.display(call.number) if call.number and call.answered_at else None,
        "danger_now": call.conversation.urgent or None,
    }


def _of_visit(visit: Visit) -> dict[str, Any]:
    return {"narrative": visit.note, "received_at": visit.arrived_at}


def _became(
    session: Session, talk: Conversation, report: Report, officer: Officer, now: datetime
) -> None:
    talk_acts.link(session, talk, officer, now, report)


# parameter → its channel (None: any), its table, what it tells, what ties it to its report.
ORIGINS: dict[str, tuple[Channel | None, type[Any], Callable[[Any], dict[str, Any]], Settle]] = {
    TALK: (None, Conversation, lambda talk: {}, _became),
    "panggilan": (Channel.telepon, Call, _of_call, calls.became),
    "antrean": (Channel.datang_langsung, Visit, _of_visit, visits.became),
}


def of(channel: Channel) -> Origin | None:
    """The origin that the address names; 404 for one that this officer does not meet."""
    for parameter, (own, model, tells, became) in ORIGINS.items():
        if parameter in request.args and own in (None, channel):
            row = edge.fetch(model, request.args[parameter])
            return Origin(parameter, row, tells(row), became)
    return None if not set(ORIGINS) & set(request.args) else abort(404)
