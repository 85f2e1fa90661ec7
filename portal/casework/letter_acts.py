"""Issuing, replacing and voiding letters beside the acts of a case.

What a letter says comes from its kind (`letters.catalogue`); here stands who may, and that number,
content, audit entry and notices arise together. Locks: case or report, then register.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import (
    Letter,
    LetterKind,
    LetterState,
    Officer,
    Order,
    Role,
    StepPart,
    Termination,
)
from portal.access import scope
from portal.casework.lifecycle import Refused, Stale, lock
from portal.letters import register
from portal.letters.catalogue import CATALOGUE
from portal.letters.entry import Content, Entry
from portal.letters.gaps import Gap
from portal.notices import tell
from portal.protection import audit
from portal.wording import _


def offered(session: Session, row: Any, officer: Officer) -> list[LetterKind]:
    """The kinds of letter that `officer` may issue from `row`, which they can see."""
    return [
        kind
        for kind, entry in CATALOGUE.items()
        if isinstance(row, entry.source) and officer.active and officer.role in entry.issuers
    ]


def missing(session: Session, kind: LetterKind, row: Any, actor: Officer) -> list[Gap]:
    """What the letter still lacks, each with the screen where it is added."""
    return CATALOGUE[kind].missing(session, row, actor)


def draft(session: Session, kind: LetterKind, row: Any, actor: Officer) -> Content:
    """What the letter would say, without number, date and code: for a preview.

    Raises Refused where this officer may not issue it, or with a sentence for each absent part.
    """
    entry = _permitted(session, kind, row, actor)
    gaps = entry.missing(session, row, actor)
    if gaps:
        raise Refused(*map(str, gaps))
    return entry.content(session, row, actor)


def issue(session: Session, kind: LetterKind, row: Any, actor: Officer, now: datetime) -> Letter:
    """Issue a letter of `kind` from `row`: number, frozen content and steps of signing at once.

    Raises Refused as `draft` does, Stale where the data changed meanwhile, RenderError where it
    cannot be printed.
    """
    entry = _permitted(session, kind, row, actor)
    tried = draft(session, kind, row, actor)
    register.trial(session, kind, tried)
    about = entry.about(row)
    _lock(session, about.subject)
    content = _unchanged(tried, draft(session, kind, row, actor))
    letter = register.issue(session, kind, content, about, actor, now, source=row)
    tell_next(session, letter, actor)
    return letter


def replace(session: Session, letter: Letter, reason: str, actor: Officer, now: datetime) -> Letter:
    """A new letter from what is known today, with its own number; the old one stays, void.

    Raises Refused for whom it is not, for a letter that is not valid, or with what is absent.
    """
    entry, row = _replaceable(session, letter, actor)
    tried = _complete(session, entry, row, actor)
    register.trial(session, letter.kind, tried)
    about = entry.about(row)
    _lock(session, about.subject)
    session.refresh(letter)
    content = _unchanged(tried, _complete(session, entry, row, actor))
    register.void(session, letter, reason, actor, now)
    new = register.issue(
        session, letter.kind, content, about, actor, now, source=row, replaces=letter
    )
    _point_to(row, letter, new)
    audit.record(session, "letter_replaced", actor, new, kind=new.kind.value, number=letter.printed)
    tell_next(session, new, actor)
    return new


def void(session: Session, letter: Letter, reason: str, actor: Officer, now: datetime) -> None:
    """Void a letter that was issued by hand; what arose in an act of a case ends with that act.

    Raises Refused for whom it is not, RegisterError as `register.void` does.
    """
    _refuse_others(session, letter, actor)
    if not CATALOGUE[letter.kind].issuers:
        raise Refused(_("Surat ini terbit dari tahap kasus: batalkan tahap itu, atau ganti surat."))
    _lock(session, letter.case or letter.report)
    session.refresh(letter)
    register.void(session, letter, reason, actor, now)


def may_replace(letter: Letter, officer: Officer) -> bool:
    """Supervisors alone take back what went out; whether they see the letter asks the scope."""
    return letter.state is LetterState.valid and officer.active and officer.role is Role.supervisor


def next_step(letter: Letter) -> Any:
    """The paraf or signature that a valid letter waits for; None when it waits for none."""
    if letter.state is not LetterState.valid or any(one.returned_at for one in letter.steps):
        return None
    return next((one for one in letter.steps if one.done_at is None), None)


def tell_next(session: Session, letter: Letter, actor: Officer) -> None:
    """Tell whoever is next to initial or to sign."""
    step = next_step(letter)
    if step is not None:
        kind = "letter_to_sign" if step.part is StepPart.tanda_tangan else "letter_to_initial"
        tell(session, [step.officer], kind, but=actor)


# --- conditions -------------------------------------------------------------------------------


def _permitted(session: Session, kind: LetterKind, row: Any, actor: Officer) -> Entry:
    entry = CATALOGUE[kind]
    subject = entry.about(row).subject
    seen = subject is None or scope.sees(session, actor, subject)
    if kind not in offered(session, row, actor) or not seen:
        raise Refused(_("Anda tidak dapat menerbitkan surat ini."))
    return entry


def _refuse_others(session: Session, letter: Letter, actor: Officer) -> None:
    if not may_replace(letter, actor) or not scope.sees(session, actor, letter):
        raise Refused(_("Hanya supervisor yang dapat membatalkan surat yang berlaku."))


def _replaceable(session: Session, letter: Letter, actor: Officer) -> tuple[Entry, Any]:
    _refuse_others(session, letter, actor)
    entry = CATALOGUE[letter.kind]
    row = session.get(entry.source, letter.source_id) if letter.source_id else None
    if row is None:
        raise Refused(_("Data asal surat ini tidak ada lagi, jadi surat tidak dapat diganti."))
    return entry, row


def _complete(session: Session, entry: Entry, row: Any, actor: Officer) -> Content:
    gaps = entry.missing(session, row, actor)
    if gaps:
        raise Refused(*map(str, gaps))
    return entry.content(session, row, actor)


def _unchanged(tried: Content, locked: Content) -> Content:
    """What was rendered on trial is what is issued, though nothing was locked meanwhile."""
    if tried != locked:
        raise Stale(_("Data ini baru saja diubah petugas lain. Periksa keadaan terbaru dahulu."))
    return locked


def _lock(session: Session, subject: Any) -> None:
    if subject is not None:
        lock(session, subject)


def _point_to(row: Any, old: Letter, new: Letter) -> None:
    """Rows of a case that name their letter name the new one."""
    if isinstance(row, Order):
        row.letter = new
    if isinstance(row, Termination):
        name = "final_letter" if row.final_letter_id == old.id else "letter"
        setattr(row, name, new)
