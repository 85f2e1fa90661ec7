"""Joining a report to an earlier case, also to one its officer may not see.

The search for earlier cases answers of such a case only that there is one and who handles it.
So that the report can still be joined, the answer carries a reference: sealed for this officer
and this report, good for an hour, saying nothing to anybody else.
"""

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Officer, Report
from portal.access import gate, scope
from portal.casework import reports
from portal.casework.lifecycle import Refused
from portal.protection.vault import VaultError, ring
from portal.wording import _

LIFE = timedelta(hours=1)
LONGEST = 1_000


def reference(case_id: int, report: Report, officer: Officer, now: datetime) -> str:
    """What the page of the search carries instead of a case."""
    content = json.dumps([case_id, int((now + LIFE).timestamp())]).encode()
    sealed = ring().seal(content, _place(report, officer))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _place(report: Report, officer: Officer) -> tuple[str, str, str]:
    return "join", str(report.uuid), str(officer.id)


def case_id_in(text: str, report: Report, officer: Officer, now: datetime) -> int | None:
    """The case a reference means; None where it is old, altered or somebody else's."""
    if len(text) > LONGEST:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
        case_id, until = json.loads(ring().unseal(sealed, _place(report, officer)))
    except (ValueError, binascii.Error, VaultError):
        return None
    return int(case_id) if now.timestamp() < until else None


def do(
    session: Session, report: Report, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    """Join `report` to the case the form means; Refused where there is none for this officer.

    Nothing of the case is shown to who joins: after the act only its own scope counts again.
    """
    case = _case(session, report, who, at, form)
    with scope.system(session):
        reports.join(session, report, who, at, case, form.note.data, version)


def _case(session: Session, report: Report, who: Officer, at: datetime, form: Any) -> Case:
    found = None
    if form.case_number.data:
        number = form.case_number.data.strip().upper()
        found = session.scalar(select(Case).where(Case.number == number))
    elif key := case_id_in(form.reference.data or "", report, who, at):
        kept = gate.kept_cases(session, who)
        with scope.system(session):
            found = None if key in kept else session.get(Case, key)
    if found is None:
        raise Refused(
            _("Kasus itu tidak ditemukan. Cari lagi orangnya, lalu pilih dari hasil pencarian.")
        )
    return found
