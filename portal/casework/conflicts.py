"""Conflict of interest: officers who must not meet a case or a report, and who says so.

An exclusion lies beneath every rule (`portal.access.reach`). It is set by hand, or by itself when
somebody in the report bears an officer's name; a supervisor who is not concerned may lift it. What
is set on a report follows it into its case.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models import (
    Case,
    Conflict,
    Exclusion,
    Officer,
    Person,
    Report,
    Reporter,
    Role,
    Suspect,
    Victim,
)
from portal import queue
from portal.access import gate, scope
from portal.access.gate import Subject, kept_out
from portal.casework import oversight, stand_ins
from portal.casework.lifecycle import Refused, advance, lock, permit
from portal.casework.rules import INTAKE
from portal.indonesia import names
from portal.protection import audit
from portal.wording import _

JOB, BATCH = "screen_officer", 500
# Who in a report makes an officer of the same name a party, gravest first.
PARTIES: tuple[tuple[Conflict, type[Suspect] | type[Victim] | type[Reporter]], ...] = (
    (Conflict.terlapor, Suspect),
    (Conflict.korban, Victim),
    (Conflict.pelapor, Reporter),
)


def refuse_kept(session: Session, subject: Subject, officers: Iterable[Officer]) -> None:
    """Raises Refused where one of `officers` is kept from `subject`."""
    kept = kept_out(session, subject)
    for one in officers:
        if one.id in kept:
            raise Refused(_("%(name)s dikecualikan dan tidak dapat dipilih.", name=one.name))


# --- by hand --------------------------------------------------------------------------------------


def exclude(
    session: Session,
    subject: Subject,
    actor: Officer,
    now: datetime,
    officer: Officer,
    kind: Conflict,
    reason: str,
    version: int | None = None,
) -> Exclusion:
    """Keep `officer` from a case or report (who may name others: `may_name_others`).

    Raises Refused without a reason, where the officer is kept from it already, and for the last
    supervisor who could decide, unless they say it of themselves: then the head is told.
    """
    rule = permit(session, subject, "exclude", actor, version)
    if officer.id != actor.id:
        _refuse_to_name(session, subject, actor, officer)
    if not reason.strip():
        raise Refused(_("Tuliskan alasannya."))
    if officer.id in kept_out(session, subject):
        raise Refused(_("Petugas ini sudah dikecualikan."))
    row = _row(subject, officer, kind, reason.strip(), now)
    row.by = actor
    session.add(row)
    audit.record(session, "excluded", actor, subject, officer=officer.id, kind=kind.value)
    advance(session, subject, rule, actor, now)
    stand_ins.go_on_without(session, subject, [officer], now, actor)
    return row


def may_name_others(session: Session, subject: Subject, actor: Officer) -> bool:
    """Intake, of what is theirs: not by an emergency access. Others speak for themselves alone."""
    mine = isinstance(subject, Report) or scope.keeps(session, actor, subject)
    return actor.role in INTAKE and mine


def _refuse_to_name(session: Session, subject: Subject, actor: Officer, officer: Officer) -> None:
    if not may_name_others(session, subject, actor):
        raise Refused(_("Anda hanya dapat mengecualikan diri sendiri."))
    left = oversight.unconcerned(session, subject)
    if [one.id for one in left] == [officer.id]:
        raise Refused(
            _("Supervisor terakhir tidak dapat dikecualikan: mintalah supervisor lain ditunjuk.")
        )


def _row(subject: Subject, officer: Officer, kind: Conflict, why: str, now: datetime) -> Exclusion:
    report = subject if isinstance(subject, Report) else None
    case = subject if isinstance(subject, Case) else subject.case
    return Exclusion(officer=officer, case=case, report=report, kind=kind, reason=why, at=now)


def obstacles(exclusion: Exclusion, officer: Officer) -> list[str]:
    """Why `officer` may not lift this exclusion; empty when they may."""
    if not officer.active or officer.role is not Role.supervisor:
        return [_("Pengecualian dicabut oleh supervisor.")]
    if exclusion.officer_id == officer.id:
        return [_("Pengecualian atas diri sendiri dicabut oleh supervisor lain.")]
    return [_("Pengecualian ini sudah dicabut.")] if exclusion.lifted_at else []


def lift(
    session: Session,
    exclusion: Exclusion,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """A supervisor who is not concerned takes an exclusion back, with a reason."""
    lock(session, exclusion, version)
    if sentences := obstacles(exclusion, actor):
        raise Refused(*sentences)
    if not reason.strip():
        raise Refused(_("Tuliskan alasannya."))
    exclusion.lifted_at, exclusion.lifted_by = now, actor
    exclusion.lifted_reason = reason.strip()
    audit.record(session, "exclusion_lifted", actor, exclusion, officer=exclusion.officer_id)
    session.flush()


# --- by itself ------------------------------------------------------------------------------------


def screen(session: Session, subject: Subject, now: datetime) -> list[Exclusion]:
    """Keep out every officer whose name somebody in `subject` bears.

    What was lifted stays so, but not for another part in it: a lifted kinship says nothing of a
    suspect who is entered later.
    """
    session.flush()
    with scope.system(session):
        officers = session.scalars(select(Officer).order_by(Officer.id)).all()
        known = kept_out(session, subject)
        rows = select(Exclusion.officer_id, Exclusion.kind).where(gate.kept_of(subject))
        judged = {(officer_id, kind) for officer_id, kind in session.execute(rows)}
        found: dict[int, Exclusion] = {}
        for kind, person in _people(session, subject):
            for one in officers:
                if one.id in known or one.id in found or (one.id, kind) in judged:
                    continue
                if _bears(person, one):
                    found[one.id] = _automatic(session, subject, one, kind, now)
        if found:
            kept = [one.officer for one in found.values()]
            stand_ins.go_on_without(session, subject, kept, now)
    return list(found.values())


def _bears(person: Person, officer: Officer) -> bool:
    called = (person.name, person.alias)
    return any(one and names.namesakes(one, officer.name) for one in called)


def _automatic(
    session: Session, subject: Subject, officer: Officer, kind: Conflict, now: datetime
) -> Exclusion:
    row = _row(subject, officer, kind, _("Nama petugas sama dengan nama dalam laporan."), now)
    row.automatic = True
    session.add(row)
    audit.record(session, "excluded", None, subject, officer=officer.id, kind=kind.value)
    return row


def _people(session: Session, subject: Subject) -> Iterator[tuple[Conflict, Person]]:
    """Everybody who stands in a report, or in a case and its reports."""
    reports = [subject.id]
    if isinstance(subject, Case):
        reports = list(session.scalars(select(Report.id).where(Report.case_id == subject.id)))
    for kind, party in PARTIES:
        standing: ColumnElement[bool] = party.report_id.in_(reports)
        if isinstance(subject, Case) and party is not Reporter:
            standing = or_(standing, party.case_id == subject.id)  # type: ignore[union-attr]
        wanted = select(Person).join(party, party.person_id == Person.id).where(standing)
        yield from ((kind, person) for person in session.scalars(wanted))


def screen_row(session: Session, row: object, now: datetime) -> None:
    """After a form: `screen` the cases and reports in which this row stands."""
    with scope.system(session):
        subjects = list(_subjects(session, row))
    for subject in subjects:
        screen(session, subject, now)


def ask_to_screen(session: Session, officer: Officer) -> None:
    """Have the background worker look for the name of a new or renamed officer in old reports."""
    session.flush()
    queue.enqueue(session, JOB, {"officer_id": officer.id})


def screen_officer(session: Session, officer: Officer, now: datetime) -> None:
    """Keep an officer out of every case and report in which somebody bears their name."""
    everybody = select(Person).order_by(Person.id).execution_options(yield_per=BATCH)
    with scope.system(session):
        known = [one.id for one in session.scalars(everybody) if _bears(one, officer)]
        for key in known:
            screen_row(session, session.get_one(Person, key), now)


def _subjects(session: Session, row: object) -> Iterator[Subject]:
    if isinstance(row, Case | Report):
        yield row
    elif isinstance(row, Victim | Suspect | Reporter):
        holder = getattr(row, "case", None) or row.report
        yield from (holder,) if holder else ()
    elif isinstance(row, Person):
        for _kind, party in PARTIES:
            standing = session.scalars(select(party).where(party.person_id == row.id)).all()
            for one in standing:
                yield from _subjects(session, one)


# --- what is set on a report follows it -----------------------------------------------------------


def follow(session: Session, report: Report, case: Case, now: datetime) -> None:
    """The exclusions of a report hold for the case it became or joined.

    Whoever worked on a case that was there before leaves nothing lying in it either.
    """
    with scope.system(session):
        before = kept_out(session, case)
        rows = session.scalars(select(Exclusion).where(Exclusion.report_id == report.id)).all()
        for row in rows:
            row.case = case
        session.flush()
        late = kept_out(session, case) - before
        others = select(Report.id).where(Report.case_id == case.id, Report.id != report.id)
        if late and session.scalar(others.limit(1)) is not None:
            kept = [row.officer for row in rows if row.officer_id in late]
            stand_ins.go_on_without(session, case, kept, now)


def part(session: Session, report: Report, case: Case, now: datetime) -> None:
    """A report that leaves a case takes the case's exclusions along."""
    in_force = select(Exclusion).where(Exclusion.case_id == case.id, Exclusion.lifted_at.is_(None))
    with scope.system(session):
        rows = session.scalars(in_force).all()
        known = {row.officer_id for row in rows if row.report_id == report.id}
        for row in rows:
            if row.officer_id not in known:
                known.add(row.officer_id)
                session.add(_copy(row, report, now))
        session.flush()


def _copy(row: Exclusion, report: Report, now: datetime) -> Exclusion:
    return Exclusion(
        officer=row.officer,
        report=report,
        kind=row.kind,
        automatic=row.automatic,
        reason=row.reason,
        by=row.by,
        at=now,
    )
