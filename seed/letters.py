"""The letters that officers of the demo issue by hand, as they work: some of each kind."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from models import Case, Handing, Invitation, Invited, LetterKind, Officer, PartnerInstitution
from portal.casework import letter_acts
from portal.casework.monthly import find
from portal.indonesia.dates import local_date, start_of_day_utc
from portal.indonesia.workdays import add_months, next_workday
from seed import texts
from seed.stage import MINUTE, Stage, Story

REPORTED = 3  # so many months have their laporan bulanan


def issue(stage: Stage, kind: LetterKind, row: Any, officer: Officer) -> None:
    """A letter from `row`, unless it lacks something."""
    session = stage.session
    session.flush()
    session.refresh(row)
    if not letter_acts.missing(session, kind, row, officer):
        letter_acts.issue(session, kind, row, officer, stage.now)


def invite(stage: Stage, case: Case, officer: Officer) -> None:
    """A partner institution is invited to talk a case over."""
    day = next_workday(stage.today + timedelta(days=3), stage.days_off)
    query = select(PartnerInstitution).where(PartnerInstitution.name == texts.INVITED)
    row = Invitation(
        case=case,
        form=Invited.undangan,
        partner=stage.session.scalars(query).one(),
        invitee=texts.INVITED,
        at=start_of_day_utc(day) + 10 * 60 * MINUTE,
        place=texts.MEETING_PLACE,
        purpose=texts.MEETING,
        handing=Handing.lembaga,
        officer=officer,
    )
    stage.session.add(row)
    issue(stage, LetterKind.surat_undangan, row, officer)


def monthly(stage: Stage, end: datetime) -> Story:
    """The laporan of each of the last months, on the second day of the next."""
    this = local_date(end).replace(day=1)
    for back in range(REPORTED, 0, -1):
        first = add_months(this, -back)
        yield start_of_day_utc(add_months(first, 1) + timedelta(days=1)) + 9 * 60 * MINUTE
        month = find(stage.session, first.year * 100 + first.month)
        if month is not None:
            supervisor = stage["supervisor"]
            letter_acts.issue(
                stage.session, LetterKind.laporan_bulanan, month, supervisor, stage.now
            )
