"""After a decision: is somebody still to say why it came late?"""

from typing import Any

from sqlalchemy import select

from models import Case, Report
from portal.access.permissions import may
from portal.screens import edge


def unexplained(row: Any) -> int | None:
    """The report that was decided late without a cause, of `row` itself or of its case.

    Only one that this officer meets; the decision itself stands already.
    """
    if not isinstance(row, Case | Report) or not may(edge.me(), "clock_pause.create"):
        return None
    about = Report.id == row.id if isinstance(row, Report) else Report.case_id == row.id
    late = (Report.decided_late.is_(True), Report.delay_cause.is_(None))
    return edge.session().scalar(select(Report.id).where(about, *late).limit(1))
