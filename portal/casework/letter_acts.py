"""Issuing, replacing and voiding letters beside the acts of a case.

What a letter says comes from its kind (`letters.catalogue`); here stands who may, and that number,
content, audit entry and notices arise together. Locks: case or report, then register.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Letter,
    LetterKind,
    LetterState,
    Officer,
    Order,
    Referral,
    Role,
    StepPart,
    Termination,
)
from portal.access import scope
from portal.casework import holds, invitations, monthly
from portal.casework.lifecycle import Refused, Stale, lock
from portal.letters import register
from portal.letters.catalogue import CATALOGUE
from portal.letters.entry import Content, Entry
from portal.letters.gaps import Gap
from portal.notices import tell
from portal.protection import audit, audit_writing
from portal.wording import _


def offered(session: Session, row: Any, officer: Officer) -> list[LetterKind]:
    """The kinds of letter that `officer` may issue from `row`, which they can see."""
    return [
        kind
        for kind, entry in CATALOGUE.items()
        if isinstance(row, entry.source) and entry.issued_by(officer)
    ]


def missing(session: Session, kind: LetterKind, row: Any, actor: Officer) -> list[Gap]:
    """What the letter still lacks or stands against it, each with the screen where that is put
    right."""
    gaps = CATALOGUE[kind].missing(session, row, actor)
    return gaps + AGAINST.get(kind, _nothing)(session, row, audit_writing.now(session))


def _nothing(session: Session, row: Any, now: datetime) -> list[Gap]:
    return []


def _restricted(session: Session, row: Referral, now: datetime) -> list[Gap]:
    """Whoever asked for a halt is not passed on (UU 27/2022 art. 41)."""
    if not holds.restricted(session, row.victim.person):
        return []
    told = _("Pemrosesan data korban ini sedang dibatasi atas permohonannya.")
    return [Gap(told, "referral", "view", row.id)]


# What is made from no row but from a value that the casework counts: session and key → the value.
VALUES: dict[LetterKind, Callable[[Session, int], Any]] = {
    LetterKind.laporan_bulanan: monthly.find,
}
# Rules of the casework that a letter of the kind must keep beside its own.
AGAINST: dict[LetterKind, Callable[[Session, Any, datetime], list[Gap]]] = {
    LetterKind.surat_rujukan: _restricted,
    LetterKind.surat_undangan: invitations.gaps,
}


def draft(session: Session, kind: LetterKind, row: Any, actor: Officer) -> Content:
    """What the letter would say, without number, date and code: for a preview.

    Raises Refused where this officer may not issue it, or with a sentence for each absent part.
    """
    entry = _permitted(session, kind, row, actor)
    gaps = missing(session, entry.kind, row, actor)
    if gaps:
        raise Refused(*map(str, gaps))
    return entry.content(session, row, actor)


def fingerprint(content: Content) -> str:
    """What tells two drafts apart (SHA-256, hex): the form of a preview carries it."""
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def latest(session: Session, kind: LetterKind, row: Any) -> Letter | None:
    """The newest letter of `kind` that was made from `row`, whoever looks."""
    made = select(Letter).where(Letter.kind == kind, Letter.source_id == row.id)
    with scope.system(session):
        return session.scalar(made.order_by(Letter.id.desc()).limit(1))


def issue(
    session: Session,
    kind: LetterKind,
    row: Any,
    actor: Officer,
    now: datetime,
    *,
    shown: str | None = None,
    after: int | None = None,
) -> Letter:
    """Issue a letter of `kind` from `row`: number, frozen content and steps of signing at once.

    `shown`: the fingerprint of the draft that was read; `after`: the id of the newest letter made
    from `row` by then (0: none), so that a second click issues no second letter. Raises Refused as
    `draft` does, Stale where either changed meanwhile, RenderError where it cannot be printed.
    """
    entry = _permitted(session, kind, row, actor)
    tried = draft(session, kind, row, actor)
    if shown not in (None, fingerprint(tried)):
        raise Stale(_("Data ini berubah sejak rancangan surat ditampilkan. Baca lagi di bawah."))
    register.trial(session, kind, tried)
    about = entry.about(row)
    _lock(session, about.subject)
    content = _unchanged(tried, draft(session, kind, row, actor))
    before = latest(session, kind, row)
    letter = register.issue(session, kind, content, about, actor, now, source=row)
    _refuse_second(session, letter, before.id if after is None and before else after)
    _tell(session, letter, actor)
    return letter


def _refuse_second(session: Session, letter: Letter, after: int | None) -> None:
    """Asked while the register is locked: whoever came first has committed by now."""
    others = select(Letter.printed).where(
        Letter.kind == letter.kind, Letter.source_id == letter.source_id, Letter.id != letter.id
    )
    with scope.system(session):
        first = session.scalar(others.where(Letter.id > (after or 0)).limit(1))
    if first is not None:
        raise Stale(_("Surat ini baru saja terbit dengan nomor %(number)s.", number=first))


def replace(
    session: Session,
    letter: Letter,
    reason: str,
    actor: Officer,
    now: datetime,
    version: int | None = None,
) -> Letter:
    """A new letter from what is known today, with its own number; the old one stays, void.

    Raises Refused for whom it is not, for a letter that is not valid, or with what is absent.
    """
    _refuse(session, letter, "replace", actor)
    entry, row = CATALOGUE[letter.kind], source_of(session, letter)
    tried = _complete(session, entry, row, actor)
    register.trial(session, letter.kind, tried)
    about = entry.about(row)
    _lock(session, about.subject)
    lock(session, letter, version)
    content = _unchanged(tried, _complete(session, entry, row, actor))
    register.void(session, letter, reason, actor, now)
    new = register.issue(
        session, letter.kind, content, about, actor, now, source=row, replaces=letter
    )
    _point_to(row, letter, new)
    audit.record(session, "letter_replaced", actor, new, kind=new.kind.value, number=letter.printed)
    _tell(session, new, actor)
    return new


def void(
    session: Session,
    letter: Letter,
    reason: str,
    actor: Officer,
    now: datetime,
    version: int | None = None,
) -> None:
    """Void a letter that was issued by hand; what arose in an act of a case ends with that act.

    Raises Refused for whom it is not, RegisterError as `register.void` does.
    """
    _refuse(session, letter, "void", actor)
    _lock(session, letter.case or letter.report)
    lock(session, letter, version)
    register.void(session, letter, reason, actor, now)


def obstacles(letter: Letter, act: str, officer: Officer) -> list[str]:
    """Why `officer` may not `void` or `replace` this letter now; empty when they may.

    Supervisors alone take back what went out; whether they see the letter asks the scope.
    """
    if not officer.active or officer.role is not Role.supervisor:
        return [_("Hanya supervisor yang dapat membatalkan atau mengganti surat.")]
    if letter.replaced_by is not None:
        return [_("Surat ini sudah diganti oleh %(number)s.", number=letter.replaced_by.printed)]
    if letter.state is not LetterState.valid:
        return [_("Surat ini tidak berlaku lagi.")]
    entry = CATALOGUE.get(letter.kind)
    if act == "void" and (entry is None or not entry.issuers):
        return [_("Surat ini terbit dari tahap kasus: batalkan tahap itu, atau ganti surat.")]
    if act == "replace" and (entry is None or letter.source_id is None):
        return [_("Data asal surat ini tidak ada lagi, jadi surat tidak dapat diganti.")]
    return []


def lacking(session: Session, letter: Letter, actor: Officer) -> list[Gap]:
    """What a replacement of `letter` lacks."""
    return missing(session, letter.kind, source_of(session, letter), actor)


def source_of(session: Session, letter: Letter) -> Any:
    """The row a letter was made from; raises Refused where it is gone."""
    row = found(session, letter.kind, letter.source_id or 0)
    if row is None:
        raise Refused(_("Data asal surat ini tidak ada lagi, jadi surat tidak dapat diganti."))
    return row


def found(session: Session, kind: LetterKind, key: int) -> Any:
    """The row or value with this key that letters of `kind` are made from, None without one."""
    if kind in VALUES:
        return VALUES[kind](session, key)
    entry = CATALOGUE[kind]
    return session.scalar(select(entry.source).where(entry.source.id == key))


def next_step(letter: Letter) -> Any:
    """The paraf or signature that a valid letter waits for; None when it waits for none."""
    if letter.state is not LetterState.valid or any(one.returned_at for one in letter.steps):
        return None
    return next((one for one in letter.steps if one.done_at is None), None)


def tell_next(session: Session, letter: Letter, actor: Officer | None) -> None:
    """Tell whoever is next to initial or to sign."""
    step = next_step(letter)
    if step is not None:
        kind = "letter_to_sign" if step.part is StepPart.tanda_tangan else "letter_to_initial"
        tell(session, [step.officer], kind, but=actor)


def _tell(session: Session, letter: Letter, actor: Officer) -> None:
    tell_next(session, letter, actor)
    tell(session, [letter.addressee], "letter_issued", but=actor)


# --- conditions -------------------------------------------------------------------------------


def _permitted(session: Session, kind: LetterKind, row: Any, actor: Officer) -> Entry:
    entry = CATALOGUE[kind]
    subject = entry.about(row).subject
    seen = subject is None or scope.sees(session, actor, subject)
    if kind not in offered(session, row, actor) or not seen:
        raise Refused(_("Anda tidak dapat menerbitkan surat ini."))
    return entry


def _refuse(session: Session, letter: Letter, act: str, actor: Officer) -> None:
    stops = obstacles(letter, act, actor)
    if stops or not scope.sees(session, actor, letter):
        raise Refused(*(stops or [_("Anda tidak dapat membatalkan atau mengganti surat ini.")]))


def _complete(session: Session, entry: Entry, row: Any, actor: Officer) -> Content:
    gaps = missing(session, entry.kind, row, actor)
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
