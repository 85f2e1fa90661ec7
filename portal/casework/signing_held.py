"""Letters that wait in vain for a paraf or a signature: who is told, and what they read of it.

What a letter says is frozen, its signatory as well: a supervisor replaces it, then whoever signs
today is named. Each letter is told of once: by the act that made it wait in vain, or by the clock
(a leave that began, a term of office that ended).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    Case,
    ClockAlarm,
    DutyKind,
    Letter,
    LetterStep,
    Officer,
    Report,
    Role,
    StepPart,
)
from portal.access import roster, scope
from portal.casework import oversight
from portal.casework.letter_acts import next_step
from portal.indonesia import dates
from portal.letters import held
from portal.letters.held import Held, Why
from portal.notices import all_in, tell
from portal.wording import lazy as _l

TOLD = {"subject_table": "letter", "step": "held", "level": "over"}
MOST = 50
SENTENCES = {
    Why.left: _l("%(name)s tidak bertugas lagi."),
    Why.kept: _l("%(name)s dikecualikan dari urusan ini."),
    Why.role: _l("Peran %(name)s sekarang tidak menandatangani surat."),
    Why.over: _l("Masa %(name)s sebagai penandatangan surat ini sudah berakhir."),
    Why.away: _l(
        "%(name)s cuti sampai %(until)s. Bila tidak dapat ditunggu: minta admin mencatat plh. di "
        "daftar penandatangan, lalu ganti suratnya."
    ),
}


def at_the_desk(session: Session, officer: Officer, now: datetime) -> list[Held]:
    """What `officer` may replace because it waits in vain for others, oldest first."""
    if officer.role is not Role.supervisor:
        return []
    others = LetterStep.officer_id != officer.id
    return held.of(session, now, others, most=MOST)[:MOST]


def of_letter(session: Session, letter: Letter, now: datetime) -> Held | None:
    """Whom this letter waits for in vain, if it does."""
    if next_step(letter) is None:
        return None
    return next(iter(held.of(session, now, LetterStep.letter_id == letter.id)), None)


def sentences(session: Session, found: list[Held], now: datetime) -> list[str]:
    """Why each waits in vain."""
    away = any(one.why is Why.away for one in found)
    leave = roster.of(session, now, DutyKind.cuti) if away else []  # the one that ends last is last
    until = {one.officer_id: dates.moment(one.until_at) for one in leave}
    return [
        str(SENTENCES[one.why])
        % {"name": one.step.officer.name, "until": until.get(one.step.officer_id, "")}
        for one in found
    ]


def signatures_of(session: Session, officer: Officer) -> int:
    """How many letters wait for the signature of `officer`, whoever asks.

    Whether they are kept from some of them does not count: the figure would tell an admin.
    """
    mine = (LetterStep.officer_id == officer.id, LetterStep.part == StepPart.tanda_tangan)
    wanted = select(func.count(LetterStep.id)).join(Letter).where(held.still_open(), *mine)
    with scope.system(session):
        return session.scalar(wanted) or 0


# --- told once ------------------------------------------------------------------------------------


def tell_of(
    session: Session, officer: Officer, now: datetime, about: Case | Report | None = None
) -> None:
    """Of the letters that wait for `officer` in vain from now on, all or those `about` something,
    tell whoever may replace them."""
    narrow: list[held.Condition] = [LetterStep.officer_id == officer.id]
    if about is not None:
        narrow.append(held.concerning(about))
    with scope.system(session):
        session.flush()
        waiting = [one.step.letter for one in held.of(session, now, *narrow)]
        for letter in waiting:
            _claimed(session, letter, now)
        _tell(session, waiting, now)


def watch(session: Session, now: datetime) -> int:
    """Tell of the letters that wait in vain and nobody was told of; how many. By the clock."""
    with scope.system(session):
        found = held.of(session, now, ~_told(Letter.id))
        ours = [one.step.letter for one in found if _claimed(session, one.step.letter, now)]
        _tell(session, ours, now)
    return len(ours)


def _told(key: Any) -> held.Condition:
    same = (getattr(ClockAlarm, name) == value for name, value in TOLD.items())
    return select(ClockAlarm.id).where(ClockAlarm.subject_id == key, *same).exists()


def _claimed(session: Session, letter: Letter, now: datetime) -> bool:
    """Whether this worker is the one to tell: several keep the same clock."""
    try:
        with session.begin_nested():
            session.add(ClockAlarm(**TOLD, subject_id=letter.id, at=now))
            session.flush()
    except IntegrityError:
        return False
    return True


def _tell(session: Session, letters: Iterable[Letter], now: datetime) -> None:
    """One notice each, however many letters it is about."""
    subjects = dict.fromkeys(map(_subject, letters))
    tell(session, [one for about in subjects for one in _who(session, about, now)], "letter_held")


def _subject(letter: Letter) -> Case | Report | None:
    report = letter.report
    return letter.case or (report.case if report else None) or report


def _who(session: Session, about: Case | Report | None, now: datetime) -> Iterator[Officer]:
    """Who may replace letters about a case, about a report without one, or a monthly one."""
    if isinstance(about, Case):
        yield from oversight.supervisors(session, about, now)
    elif isinstance(about, Report):
        yield from oversight.unconcerned(session, about)
    else:
        yield from all_in(session, Role.supervisor)
