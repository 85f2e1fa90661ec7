"""Who is behind a number or an address: an officer says so, and how it was checked.

Only people of the reports and cases the conversation is about can be chosen, as far as the officer
sees them. From then on their agreement on safe contact holds for answers, and their file and an
erasure reach the chat. What contradicts it later (`correspondents.ask_again`) asks for it anew.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models import Case, Conversation, Correspondent, Officer, Person, Report, Reporter, Victim
from portal.access import scope
from portal.casework.lifecycle import Refused, lock
from portal.casework.reissue import PROOFS
from portal.casework.talk_follow import happened
from portal.casework.talk_rules import permit
from portal.casework.threads import family
from portal.wording import _


def candidates(session: Session, talk: Conversation) -> dict[Person, str]:
    """Who may be behind it and as what they stand there, tellers first, as far as the session sees.

    Nobody who is only accused: the page must never offer to write to them.
    """
    found: dict[Person, str] = {}
    for part, people in _standing(session, talk):
        for one in people:
            found.setdefault(one, part)
    return found


def _standing(session: Session, talk: Conversation) -> Iterator[tuple[str, list[Person]]]:
    reports, cases = _about(session, talk)
    tellers = select(Reporter.person_id).where(Reporter.report_id.in_(reports))
    mine = or_(Victim.report_id.in_(reports), Victim.case_id.in_(cases))
    harmed = _people(session, select(Victim.person_id).where(mine))
    yield _("pelapor"), _people(session, tellers)
    yield _("korban"), harmed
    guardians = select(Person.guardian_id).where(Person.id.in_([one.id for one in harmed]))
    yield _("wali"), _people(session, guardians)


def _about(session: Session, talk: Conversation) -> tuple[list[int], list[int]]:
    """The ids of the reports and cases in sight; asked anew, whatever is loaded already."""
    keys = [one.report_id for one in talk.links] + [talk.report_id]
    wanted = select(Case.id).where(Case.id.in_([one.case_id for one in talk.links]))
    cases = list(session.scalars(wanted))
    told = select(Report.id).where(or_(Report.id.in_(keys), Report.case_id.in_(cases)))
    return list(session.scalars(told)), cases


def _people(session: Session, keys: Select[Any]) -> list[Person]:
    ids = list(session.scalars(keys))
    wanted = select(Person).where(Person.id.in_(ids), Person.erased_at.is_(None))
    return list(session.scalars(wanted.order_by(Person.id)))


def fault(person: Person | None, proof: str) -> str | None:
    """What is wrong with this way of checking this person; None for nothing."""
    if proof not in PROOFS:
        return _("Pilih cara pemeriksaannya.")
    agreed = person.safe_contact if person is not None else None
    if PROOFS[proof].needs_code_word and (agreed is None or not agreed.code_word):
        return _("Kata sandi percakapan belum disepakati dengan orang ini.")
    return None


def check(
    session: Session,
    talk: Conversation,
    officer: Officer,
    now: datetime,
    person: Person | None,
    proof: str,
) -> None:
    """Say who is behind it (None: still not known who), as was checked by `proof`.

    Raises Refused for anybody who is not among the `candidates`. The line in the conversation does
    not name them: not everybody who reads it meets their report.
    """
    permit(session, talk, "check_identity", officer)
    if person is not None and person not in candidates(session, talk):
        raise Refused(_("Pilih salah satu orang dari laporan atau kasus percakapan ini."))
    if wrong := fault(person, proof):
        raise Refused(wrong)
    for somebody in _behind(session, talk):
        somebody.person_id = person.id if person is not None else None
        somebody.checked_at, somebody.checked_by = now, officer
        somebody.checked_how = proof
    told = _("Identitas pengirim diperiksa %(n)s.", n=officer.name)
    happened(session, talk, "check_identity", officer, f"{told} {PROOFS[proof].label}.", now)


def uncheck(session: Session, talk: Conversation, officer: Officer, now: datetime) -> None:
    """It was not so: nobody knows who is behind it."""
    permit(session, talk, "uncheck_identity", officer)
    for somebody in _behind(session, talk):
        somebody.person_id = somebody.checked_at = None
        somebody.checked_by = somebody.checked_how = None
    told = _("%(n)s mencabut pemeriksaan identitas pengirim.", n=officer.name)
    happened(session, talk, "uncheck_identity", officer, told, now)


def _behind(session: Session, talk: Conversation) -> list[Correspondent]:
    """Whoever writes in this thread, locked: what was merged is one human being. Raises Refused
    where somebody was said to be behind it whom this officer does not meet."""
    with scope.system(session):
        members = [one.correspondent for one in family(session, talk)]
        found = list(dict.fromkeys(one for one in members if one is not None))
        for one in sorted(found, key=lambda somebody: somebody.id):
            lock(session, one)
    known = {one.person_id for one in found if one.person_id is not None}
    seen = set(session.scalars(select(Person.id).where(Person.id.in_(known))))
    if known - seen:
        raise Refused(_("Orang yang tercatat hanya dapat diganti petugas yang dapat membukanya."))
    return found
