"""Identification with its form: whoever identifies a report signs the formulir identifikasi.

With the case the report leaves the sight of intake, the form does not: they sign it. So it is
issued with the case or not at all. What it says is known only once the case is there: that is done
on trial first and taken back, so that nothing is locked while the form is typeset on trial.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Case, Letter, LetterKind, Officer, Report
from portal.access import scope
from portal.casework import reports
from portal.casework.letter_acts import tell_next
from portal.casework.lifecycle import Refused
from portal.casework.reports import Identification
from portal.db import taken_back
from portal.letters import register
from portal.letters.catalogue import CATALOGUE
from portal.wording import _

KIND = LetterKind.formulir_identifikasi


def complete(report: Report) -> bool:
    """Whether the form would lack nothing by what the report itself knows: it is proposed then."""
    known = (one.violence_kinds or report.violence_kinds for one in report.victims)
    return bool(report.victims) and all(known)


def identify(
    session: Session,
    report: Report,
    actor: Officer,
    now: datetime,
    found: Identification,
    version: int | None = None,
) -> tuple[Case, Letter]:
    """As `reports.identify`, and the form with it. Raises Refused with what the form lacks,
    RenderError where it cannot be printed."""
    with taken_back(session):
        reports.identify(session, report, actor, now, found, version)
        tried = _content(session, report, actor)
    register.trial(session, KIND, tried)
    case = reports.identify(session, report, actor, now, found, version)
    content = _content(session, report, actor)
    with scope.system(session):
        about = CATALOGUE[KIND].about(report)
        letter = register.issue(session, KIND, content, about, actor, now, source=report)
        tell_next(session, letter, actor)
    return case, letter


def _content(session: Session, report: Report, actor: Officer) -> dict[str, Any]:
    """What the form says; intake does not see the case it speaks of."""
    entry = CATALOGUE[KIND]
    with scope.system(session):
        gaps = entry.missing(session, report, actor)
        if gaps:
            raise Refused(*map(str, gaps), _later())
        return entry.content(session, report, actor)


def _later() -> str:
    return _(
        "Lengkapi dahulu, atau lepaskan centang formulir identifikasi: supervisor dapat "
        "menerbitkannya kemudian."
    )
