"""Erasing: a case, a report, a complaint, a request or a person becomes a skeleton.

Everything goes in one transaction: what was told, who it was about, messages, files, drafts,
codes, the key of the log's details, the words of the letters. What stays names nobody: numbers,
dates and states, the fingerprints of the letters, and one row a victim for statistics. The signed
line outside of the database and the bytes of the files follow after the commit, by a job of the
same transaction (UU 27/2022 art. 42 to 45).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from models import (
    Attachment,
    Base,
    Case,
    Conversation,
    DataRequest,
    Erasure,
    Letter,
    LetterFile,
    LetterState,
    LetterStep,
    Officer,
    Person,
    Report,
    Reporter,
    ServiceComplaint,
    Suspect,
    Victim,
)
from portal import queue
from portal.access import scope
from portal.casework import erasing_talks, holds, past
from portal.casework.emptying import empty, remove_below
from portal.db import begin_writing
from portal.protection import audit, erasures, files

JOB = "finish_erasure"
REQUESTED = "permohonan"
ROOTS: dict[str, type[Any]] = {
    model.__tablename__: model
    for model in (Case, Report, ServiceComplaint, DataRequest, Person, Conversation)
}


def erase(
    session: Session,
    subject: Any,
    ground: str,
    now: datetime,
    actor: Officer | None = None,
    erasure: UUID | None = None,
    may: Callable[[], bool] = lambda: True,
) -> bool:
    """Erase `subject` (a row of `ROOTS`); False where it is erased already, or may not be.

    `ground` is the code of a retention class, or `REQUESTED`; `erasure` the uuid of the ledger's
    line when a restored backup catches up. `may` is asked when everything is locked: somebody
    reopened the case, or placed a hold, a moment ago.
    """
    with scope.system(session):
        lock_all(session, subject)
        if subject.erased_at is not None or not may():
            return False
        stored = ERASERS[type(subject)](session, subject, now)
        _forget(session, subject)
        _record(session, subject, ground, now, actor, erasure or uuid4(), stored)
        session.expire_all()
        return True


def lock_all(session: Session, subject: Any) -> None:
    """Nobody changes or adds to what goes with `subject` from here on, until the commit.

    On PostgreSQL even rows that only refer to it wait, and are waited for: what came unseen would
    outlive the erasure. What was read before is forgotten: it may have changed.
    """
    begin_writing(session)
    session.flush()
    session.expire_all()
    holds.lock_together(session, subject, how=True)
    session.expire_all()


def _record(
    session: Session,
    subject: Any,
    ground: str,
    now: datetime,
    actor: Officer | None,
    erasure: UUID,
    stored: Sequence[str],
) -> None:
    """The ledger, the log, and the job that does what must wait for the commit."""
    table = subject.__tablename__
    line = Erasure(
        uuid=erasure, at=now, subject_table=table, subject_uuid=subject.uuid, ground=ground
    )
    session.add(line)
    audit.record(session, "erased", actor, subject, ground=ground, files=len(stored))
    session.flush()
    erasures.note_after_commit(session, as_line(line))
    queue.enqueue(session, JOB, {"erasure": line.id, "files": list(stored)})
    session.flush()


def finish(session: Session, payload: dict[str, Any]) -> None:
    """After the commit: note the erasure outside of the database, then destroy the bytes."""
    with scope.system(session):
        line = session.get_one(Erasure, payload["erasure"])
    erasures.note(as_line(line))
    for key in payload["files"]:
        files.remove(key)


def as_line(row: Erasure) -> erasures.Line:
    """A row of the ledger as it stands in the signed file."""
    at, table = row.at.astimezone(UTC).isoformat(), row.subject_table
    return erasures.Line(str(row.uuid), table, str(row.subject_uuid), row.ground, at)


def _forget(session: Session, subject: Any) -> None:
    """Destroy the key of what the log says about `subject`, where the log has one."""
    forget: Callable[[Session, Any], object] | None = getattr(audit, "forget", None)
    if forget is not None:
        forget(session, subject)


# --- by kind of record ----------------------------------------------------------------------


def _case(session: Session, case: Case, now: datetime) -> list[str]:
    people, reports = holds.people_of(case), [one.id for one in case.reports]
    talks = erasing_talks.about(session, [case.id], reports)
    stored = _stored(session, [case.id], reports) + erasing_talks.stored(session, talks)
    session.add_all(past.rows(case))
    session.flush()
    for report in case.reports:
        _forget(session, report)
    _letters(session, [case.id], reports)
    erasing_talks.forget(session, talks, now)
    erasing_talks.visits(session, reports)
    remove_below(session, Report, reports)
    remove_below(session, Case, [case.id])
    empty(session, Report, reports, erased_at=now)
    empty(session, Case, [case.id], erased_at=now)
    _people(session, people, now)
    return stored


def _report(session: Session, report: Report, now: datetime) -> list[str]:
    people = holds.people_of(report)
    talks = erasing_talks.about(session, [], [report.id])
    stored = _stored(session, [], [report.id]) + erasing_talks.stored(session, talks)
    erasing_talks.forget(session, talks, now)
    erasing_talks.visits(session, [report.id])
    _letters(session, [], [report.id])
    remove_below(session, Report, [report.id])
    empty(session, Report, [report.id], erased_at=now)
    _people(session, people, now)
    return stored


def _plain(session: Session, subject: Any, now: datetime) -> list[str]:
    """A complaint or a request: nobody else stands in it."""
    remove_below(session, type(subject), [subject.id])
    empty(session, type(subject), [subject.id], erased_at=now)
    return []


def _person(session: Session, person: Person, now: datetime) -> list[str]:
    """Somebody asked: what is about them alone goes, elsewhere they are taken out."""
    cases, reports = holds.standing(session, person)
    holders: list[Case | Report] = [*cases, *(one for one in reports if one.case_id is None)]
    for holder in holders:
        if holder.erased_at is None and concerns_only(holder, person):
            erase(session, holder, REQUESTED, now)
    shared = select(Victim).where(Victim.person_id == person.id, Victim.case_id.is_not(None))
    session.add_all(past.row(victim) for victim in session.scalars(shared) if past.counts(victim))
    session.flush()
    erasing_talks.part(session, [person], now, wholly=True)
    _blot_out(session, [person], now)
    return []


def _talk(session: Session, talk: Conversation, now: datetime) -> list[str]:
    """A chat about nothing that is kept."""
    stored = erasing_talks.stored(session, [talk.id])
    erasing_talks.forget(session, [talk.id], now)
    return stored


ERASERS: dict[type[Base], Callable[[Session, Any, datetime], list[str]]] = {
    Case: _case,
    Report: _report,
    ServiceComplaint: _plain,
    DataRequest: _plain,
    Person: _person,
    Conversation: _talk,
}


def concerns_only(holder: Case | Report, person: Person) -> bool:
    """Whether nobody but `person` was harmed in a case or report."""
    return bool(holder.victims) and all(one.person_id == person.id for one in holder.victims)


# --- parts ----------------------------------------------------------------------------------


def _stored(session: Session, cases: list[int], reports: list[int]) -> list[str]:
    """The names under which the bytes of files and letters lie."""
    letters = _letters_of(cases, reports)
    own = or_(
        Attachment.case_id.in_(cases),
        Attachment.report_id.in_(reports),
        Attachment.letter_id.in_(letters),
    )
    printed = LetterFile.letter_id.in_(letters)
    found = (
        select(Attachment.storage_key).where(own),
        select(LetterFile.storage_key).where(printed),
    )
    return [key for query in found for key in session.scalars(query)]


def _letters_of(cases: list[int], reports: list[int]) -> Select[int]:
    return select(Letter.id).where(or_(Letter.case_id.in_(cases), Letter.report_id.in_(reports)))


def _letters(session: Session, cases: list[int], reports: list[int]) -> None:
    """Number, kind, date, signature and fingerprint stay, the words go."""
    letters = session.scalars(_letters_of(cases, reports)).all()
    steps = session.scalars(select(LetterStep.id).where(LetterStep.letter_id.in_(letters))).all()
    # The log tells of the erasure itself, not of what each row held.
    # nosemgrep: bulk-past-the-audit
    session.execute(delete(Attachment).where(Attachment.letter_id.in_(letters)))
    empty(session, LetterStep, steps)
    empty(session, Letter, letters, state=LetterState.erased)


def _people(session: Session, people: Sequence[Person], now: datetime) -> None:
    """Those whom nothing else needs: no other case or report, no ward, no hold."""
    for person in people:
        if person.erased_at is None and not _needed(session, person):
            _blot_out(session, [person], now)


def _needed(session: Session, person: Person) -> bool:
    uses = (
        select(Victim.id).where(Victim.person_id == person.id),
        select(Suspect.id).where(Suspect.person_id == person.id),
        select(Reporter.id).where(Reporter.person_id == person.id),
        select(Person.id).where(Person.guardian_id == person.id, Person.erased_at.is_(None)),
    )
    found = any(session.scalar(use.limit(1)) is not None for use in uses)
    return found or holds.blocking(session, person)


def _blot_out(session: Session, people: Sequence[Person], now: datetime) -> None:
    erasing_talks.part(session, people, now, wholly=False)
    for person in people:
        _forget(session, person)
    keys = [person.id for person in people]
    remove_below(session, Person, keys)
    empty(session, Person, keys, erased_at=now)


# --- after a restore ----------------------------------------------------------------------------


def replay(session: Session, lines: Iterable[str]) -> int:
    """Erase anew what the signed lines name; how many rows a restored backup had brought back.

    Twice the same changes nothing. Holds do not count: what was erased was erased. Raises
    `erasures.Forged` before anything is done when a line is not this portal's. The caller commits.
    """
    told = list(erasures.read(lines))
    with scope.system(session):
        return sum(_again(session, line) for line in told)


def _again(session: Session, line: erasures.Line) -> bool:
    model, at = ROOTS[line.table], datetime.fromisoformat(line.at)
    known = select(Erasure.id).where(Erasure.uuid == UUID(line.erasure))
    subject = session.scalar(select(model).where(model.uuid == UUID(line.subject)))
    if subject is None or subject.erased_at is not None:
        return False
    twin = None if session.scalar(known) is not None else UUID(line.erasure)
    return erase(session, subject, line.ground, at, erasure=twin)
