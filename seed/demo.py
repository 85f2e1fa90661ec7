"""A demo office: invented people, and cases in every state over the last 18 months.

The same number of cases and the same day give the same office. Everything goes through the acts
of the casework at hours of its own, so it is as consistent as what officers do themselves.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import Case, DayOff, Job, Letter, Notice, Officer, Report, Setting
from portal.casework.receipts import Receipt
from portal.indonesia.dates import local_date, start_of_day_utc
from portal.letters import register
from portal.protection import tokens
from seed import doors, inbox, letters, load, officers, protection, rights, roster, signing, stories
from seed.inbox import OUTCOMES, WAITING, Side
from seed.stage import MINUTE, Stage, Story, play
from seed.stories import Plan
from seed.texts import COMPLAINTS, THEMES

SEED = 2026
WHATSAPP = "+628120000000"
RECEIPTS_SHOWN = 3
READ_AFTER = timedelta(days=2)

# How many hours before the end the report of a case arrives that shall get so far: late enough
# for the state to be plausible, early enough for it to be reached.
DAY = 24
ARRIVALS = {
    "identified": (2, 20),
    "returned": (4, 4 * DAY),
    "rejected": (5 * DAY, 500 * DAY),
    "referred": (5 * DAY, 500 * DAY),
    "approved": (3, DAY),
    "outreach": (DAY, 3 * DAY),
    "handling": (6 * DAY, 40 * DAY),
    "termination_proposed": (50 * DAY, 65 * DAY),
    "monitoring": (60 * DAY, 110 * DAY),
    "closed": (180 * DAY, 545 * DAY),
}
EACH_ONCE = tuple(ARRIVALS)
OFTEN = ("closed", "handling", "closed", "monitoring", "closed")
SELDOM = (
    *("rejected", "outreach", "identified", "approved", "termination_proposed"),
    *("referred", "returned", "identified", "monitoring", "closed"),
)
DESTINIES = (*EACH_ONCE, *OFTEN * 8, *SELDOM)
DETOURS = (
    *("", "emergency", "", "withdrawn", "", "corrected", "", "reconsidered", "refused"),
    *("handed_over", "", "reopened", "", ""),
)

# Busy hours in Malang, and some of the night.
HOURS = (0, 3, 6, 7, *(8, 9, 10, 11, 13, 14, 15) * 2, 16, 18, 19, 20, 21, 22)
JOINED = (3 * DAY, 60 * DAY)
ENDED = (2 * DAY, 500 * DAY)
STILL_WAITING = (1, 10)


class NotADemo(RuntimeError):
    """This database is not for invented people."""


@dataclass(frozen=True)
class Summary:
    """What the demo office holds: cases and reports by status, letters, receipts to try out."""

    cases: dict[str, int]
    reports: dict[str, int]
    letters: int
    receipts: list[Receipt]


def demo(
    session: Session, cases: int, today: date, fast: bool = False, password: str = ""
) -> Summary:
    """Fill an empty database with `cases` invented cases up to the beginning of `today`.

    Args:
        session: sees every row (`scope.system`); flushed, not committed.
        fast: leave out files, the jobs that store PDFs (letters are made when opened) and search
            tokens (until `search rebuild` every row is read by itself).
        password: opens the certificates of whoever signs; without one they sign with a pen.

    The officers have no password yet.

    Raises NotADemo in production, and where there is anybody or anything that is not the demo's.
    """
    _refuse(session)
    if fast:
        session.info[tokens.LATER] = True
    load.load(session, today)
    end = start_of_day_utc(today)
    stage = _stage(session, today, end, fast)
    with register.untried():
        play(stage, _all(stage, cases, end, password), end)
    _tidy(session, end, fast)
    return _summary(session, stage)


def _refuse(session: Session) -> None:
    strangers = select(Officer.id).where(Officer.username.not_in(officers.USERNAMES))
    if os.environ.get("PORTAL_ENV") == "production":
        raise NotADemo("the demo is not for production")
    if session.scalar(select(Report.id).limit(1)) or session.scalar(strangers.limit(1)):
        raise NotADemo("the demo needs an empty database")


def _stage(session: Session, today: date, end: datetime, fast: bool) -> Stage:
    first = local_date(end - timedelta(hours=ARRIVALS["closed"][1]))
    for year in range(first.year, today.year):
        load.add_days_off(session, year)
    number = session.scalars(select(Setting).where(Setting.key == "whatsapp_number")).one()
    number.value = number.value or WHATSAPP
    return Stage(
        session=session,
        officers=officers.add(session),
        days_off=frozenset(session.scalars(select(DayOff.day))),
        now=start_of_day_utc(first),
        with_files=not fast,
    )


# --- who goes how far ---------------------------------------------------------------------


def _all(stage: Stage, cases: int, end: datetime, password: str) -> Iterator[Story]:
    for plan in _plans(cases, end):
        yield stories.tell(stage, plan, _dice("story", plan.number))
    for side in _sides(cases, end):
        yield inbox.tell(stage, side, _dice("story", side.number))
    yield protection.tell(stage, end)
    yield roster.tell(stage, end)
    yield signing.tell(stage, end, password)
    yield letters.monthly(stage, end)
    yield doors.tell(stage, end)
    for number, _ in enumerate(COMPLAINTS):
        dice = _dice("complaint", number)
        yield inbox.complain(stage, number, _arrival(dice, end, DAY * 2, DAY * 90), dice)
    yield from rights.tell(stage, end)


def _plans(cases: int, end: datetime) -> Iterator[Plan]:
    so_far: Counter[str] = Counter()
    for number in range(cases):
        until, dice = DESTINIES[number % len(DESTINIES)], _dice("plan", number)
        yield Plan(
            number=number,
            arrives=_arrival(dice, end, *ARRIVALS[until]),
            until=until,
            theme=THEMES[number % len(THEMES)],
            detour=_detour(until, so_far[until]),
            prompt=ARRIVALS[until][1] <= 4 * DAY,
        )
        so_far[until] += 1


def _detour(until: str, earlier: int) -> str:
    """Closed cases took every way there is; one approval in an emergency awaits its review."""
    if until == "closed":
        return DETOURS[earlier % len(DETOURS)]
    return "emergency" if until == "approved" and earlier % 3 == 1 else ""


def _sides(cases: int, end: datetime) -> Iterator[Side]:
    for number in range(max(len(OUTCOMES), cases // 4)):
        outcome, dice = OUTCOMES[number % len(OUTCOMES)], _dice("side", number)
        window = STILL_WAITING if outcome in WAITING else JOINED if outcome == "joined" else ENDED
        theme = THEMES[number * 3 % len(THEMES)]
        yield Side(cases + number, _arrival(dice, end, *window), outcome, theme)


def _arrival(dice: Random, end: datetime, low: int, high: int) -> datetime:
    """Some time from `high` to `low` hours before the end; of older ones at a likely hour."""
    at = end - MINUTE * dice.randrange(low * 60, high * 60)
    if low < DAY:
        return at
    midnight = start_of_day_utc(local_date(at))
    return midnight + timedelta(hours=dice.choice(HOURS), minutes=dice.randrange(60))


def _dice(kind: str, number: int) -> Random:
    return Random(f"{SEED}-{kind}-{number}")


# --- afterwards ---------------------------------------------------------------------------


def _tidy(session: Session, end: datetime, fast: bool) -> None:
    """What is older than two days was read; in a hurry no PDF waits to be stored."""
    old = Notice.at < end - READ_AFTER
    session.execute(update(Notice).where(old).values(read_at=Notice.at))
    if fast:
        session.execute(delete(Job).where(Job.kind == register.JOB))
    session.flush()


def _summary(session: Session, stage: Stage) -> Summary:
    def by_status(table: type[Case] | type[Report]) -> dict[str, int]:
        counted = select(table.status, func.count()).group_by(table.status)
        return {status.value: count for status, count in session.execute(counted)}

    return Summary(
        cases=by_status(Case),
        reports=by_status(Report),
        letters=session.scalar(select(func.count()).select_from(Letter)) or 0,
        receipts=stage.receipts[-RECEIPTS_SHOWN:],
    )
