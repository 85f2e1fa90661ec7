"""What the demo shows of need to know: somebody kept from a case, and an emergency access."""

from datetime import datetime

from models import Case, CaseStatus, Conflict
from portal.casework import conflicts, grants
from seed import texts
from seed.stage import MINUTE, Stage, Story


def tell(stage: Stage, end: datetime) -> Story:
    """In the last hour: a supervisor keeps a relative out, a companion opens a case in need."""
    yield end - 50 * MINUTE
    handled = [one for one in stage.cases if one.status is CaseStatus.handling]
    if not handled:
        return
    _keep_out(stage, handled[0])
    yield end - 40 * MINUTE
    _in_need(stage, handled[-1])


def _keep_out(stage: Stage, case: Case) -> None:
    chief = case.approved_by or stage["supervisor"]
    relative, why = stage["petugas2"], texts.RELATIVE
    conflicts.exclude(stage.session, case, chief, stage.now, relative, Conflict.kerabat, reason=why)


def _in_need(stage: Stage, case: Case) -> None:
    leader = case.counsellor or stage["konselor"]
    other = stage["konselor2" if leader.username == "konselor" else "konselor"]
    grants.break_glass(stage.session, other, case.number, texts.IN_NEED, stage.now)
