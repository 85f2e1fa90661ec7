"""Paraf and signatures that nobody will give: of whom a letter waits in vain, and why.

Each reason knows the officers it may be about and a condition on their steps, which reads
`LetterStep` beside its `Letter`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from models import (
    Case,
    Duty,
    DutyKind,
    Exclusion,
    Letter,
    LetterState,
    LetterStep,
    Officer,
    Report,
    Signatory,
    StepPart,
)
from portal.access import roster
from portal.access.permissions import PERMISSIONS
from portal.indonesia.dates import local_date
from portal.letters import signatories

Condition = ColumnElement[bool]


class Why(StrEnum):
    """Why a step is not done by whom it waits for, the most lasting reason first."""

    left = "left"
    kept = "kept"
    role = "role"
    over = "over"
    away = "away"


@dataclass(frozen=True, slots=True)
class Held:
    """A step that waits in vain."""

    step: LetterStep
    why: Why


class Reason(NamedTuple):
    """Officers, by their ids, of whom letters may wait in vain, and for which of their steps.

    They are looked up first: mostly there are few or none, and the index of what waits for each
    spares asking step after step where many papers wait for their scans.
    """

    officers: Select[int]
    condition: Condition


# What is said of each comes with it, however many they are.
LETTER = contains_eager(LetterStep.letter)
TOGETHER = (
    joinedload(LetterStep.officer),
    LETTER.joinedload(Letter.issued_by),
    LETTER.selectinload(Letter.steps),
    LETTER.selectinload(Letter.replaced_by),
)


def of(session: Session, now: datetime, *narrow: Condition, most: int = 200) -> list[Held]:
    """A step for each letter that waits in vain at `now` (aware), oldest letter first.

    As far as whoever looks meets the letters; at most `most` for each reason. `narrow`: further
    conditions on `LetterStep` and `Letter`.
    """
    found: dict[int, Held] = {}
    lines = signatories.every(session)
    for why, reason in REASONS.items():
        about = reason(now)
        if not (officers := session.scalars(about.officers.distinct()).all()):
            continue
        theirs = (LetterStep.officer_id.in_(officers), still_open(), about.condition)
        waiting = select(LetterStep).join(LetterStep.letter).options(*TOGETHER)
        ordered = waiting.where(*theirs, *narrow).order_by(Letter.id, LetterStep.position)
        for step in session.scalars(ordered.limit(most)):
            if why is not Why.over or over(lines, step, now):
                found.setdefault(step.letter_id, Held(step, why))
    return [found[key] for key in sorted(found)]


def still_open() -> Condition:
    """The steps that a letter still waits for, now or after others."""
    other = aliased(LetterStep)
    returned = (other.letter_id == LetterStep.letter_id, other.returned_at.is_not(None))
    valid = Letter.state == LetterState.valid
    return and_(valid, LetterStep.done_at.is_(None), ~exists().where(*returned))


def concerning(subject: Case | Report) -> Condition:
    """The letters from which an exclusion keeps: of a case with those of the reports that led to
    it; a report that led to one stands for the whole case."""
    case = subject if isinstance(subject, Case) else subject.case
    if case is None:
        return Letter.report_id == subject.id
    led_there = select(Report.id).where(Report.case_id == case.id)
    return or_(Letter.case_id == case.id, Letter.report_id.in_(led_there))


def over(lines: Iterable[Signatory], step: LetterStep, now: datetime) -> bool:
    """Whether the days of the signatory have passed under which the letter names this officer;
    `lines`: the list of signatories (`signatories.every`).

    Authority ends with its time (UU 30/2014 art. 15); another line in the same capacity extends it.
    """
    letter, today = step.letter, local_date(now)
    then = _line(lines, letter, step, letter.dated)
    if then is None or then.valid_until is None or then.valid_until >= today:
        return False
    same = (step.officer_id, then.capacity)
    by_now = signatories.in_force(lines, letter.kind, step.part, today)
    return all((one.officer_id, one.capacity) != same for one in by_now)


def _line(
    lines: Iterable[Signatory], letter: Letter, step: LetterStep, on: date
) -> Signatory | None:
    """The line by which this officer was to sign, if it was one."""
    if step.part is not StepPart.tanda_tangan:
        return None
    line = next(iter(signatories.in_force(lines, letter.kind, step.part, on)), None)
    return line if line is not None and line.officer_id == step.officer_id else None


# --- the reasons ----------------------------------------------------------------------------------


def _before() -> Condition:
    """A step of the same letter comes first."""
    other = aliased(LetterStep)
    sooner = (other.done_at.is_(None), other.position < LetterStep.position)
    return exists().where(other.letter_id == LetterStep.letter_id, *sooner)


def _left(now: datetime) -> Reason:
    return Reason(select(Officer.id).where(Officer.active.is_(False)), true())


def _role(now: datetime) -> Reason:
    signing = Officer.role.in_(PERMISSIONS["letter.edit"])
    return Reason(select(Officer.id).where(Officer.active, ~signing), true())


def _kept(now: datetime) -> Reason:
    led_to = select(Report.case_id).where(Report.id == Letter.report_id).scalar_subquery()
    about = or_(
        Exclusion.case_id == Letter.case_id,
        Exclusion.report_id == Letter.report_id,
        Exclusion.case_id == led_to,
    )
    in_force = Exclusion.lifted_at.is_(None)
    theirs = exists().where(Exclusion.officer_id == LetterStep.officer_id, in_force, about)
    return Reason(select(Exclusion.officer_id).where(in_force), theirs)


def _away(now: datetime) -> Reason:
    """On leave, when it is their turn."""
    leave = (Duty.kind == DutyKind.cuti, roster.in_force(now))
    return Reason(select(Duty.officer_id).where(*leave), ~_before())


def _over(now: datetime) -> Reason:
    """Those of whom `over` may be true: a line of theirs ended since, and none extends it."""
    ended, later, today = aliased(Signatory), aliased(Signatory), local_date(now)
    theirs = (ended.officer_id == LetterStep.officer_id, ended.part == LetterStep.part)
    days = (ended.valid_from <= Letter.dated, ended.valid_until >= Letter.dated)
    same = (later.officer_id == ended.officer_id, later.part == ended.part)
    by_now = (
        *(later.capacity == ended.capacity, later.valid_from <= today),
        or_(later.valid_until.is_(None), later.valid_until >= today),
    )
    extended = exists().where(*same, *by_now, or_(later.kind == Letter.kind, later.kind.is_(None)))
    line = exists().where(*theirs, *days, ended.valid_until < today, ~extended)
    signature = LetterStep.part == StepPart.tanda_tangan
    before = select(Signatory.officer_id).where(Signatory.valid_until < today)
    return Reason(before, and_(signature, line))


REASONS: dict[Why, Callable[[datetime], Reason]] = {
    Why.left: _left,
    Why.kept: _kept,
    Why.role: _role,
    Why.over: _over,
    Why.away: _away,
}
