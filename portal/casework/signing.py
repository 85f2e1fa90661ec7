"""Paraf and signature: who is next, what they must have seen, and what remains of each step.

A paraf changes no byte and is an act here; only the signatory's signature goes into the PDF, whose
fingerprints before and after it are both kept. What is signed by hand: `signing_by_hand`.

Signing takes its time and may wait for a service elsewhere: `lay` reads what is to be signed,
nothing is locked while it is, and `conclude` locks the letter, asks everything once more and
stores what came of it, or nothing. Locks: the letter, then the audit head.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from models import (
    Case,
    Letter,
    LetterFile,
    LetterForm,
    LetterState,
    LetterStep,
    Officer,
    Report,
    SignedBy,
    StepPart,
)
from portal.access import scope
from portal.casework.letter_acts import found, next_step, tell_next
from portal.casework.lifecycle import Refused, Stale, lock
from portal.indonesia import dates
from portal.letters import held, progress, signatories, versions
from portal.letters.catalogue import CATALOGUE
from portal.letters.gaps import Gap
from portal.letters.seals import Seal
from portal.notices import tell
from portal.protection import audit, audit_writing
from portal.wording import _


@dataclass(frozen=True)
class Sheet:
    """A letter as it lies before its signatory."""

    letter_id: int
    printed: str
    pdf: bytes = field(repr=False)
    sha256: str


# --- what waits -----------------------------------------------------------------------------------


def waiting(officer: Officer) -> ColumnElement[bool]:
    """The condition for the letters whose next step is this officer's."""
    mine, before = aliased(LetterStep), aliased(LetterStep)
    sooner = and_(before.done_at.is_(None), before.position < mine.position)
    stopped = (before.letter_id == mine.letter_id, sooner | before.returned_at.is_not(None))
    found = select(mine.letter_id).where(
        mine.officer_id == officer.id,
        mine.done_at.is_(None),
        mine.returned_at.is_(None),
        ~exists().where(*stopped),
    )
    return and_(Letter.state == LetterState.valid, Letter.id.in_(found))


def see(session: Session, letter: Letter, officer: Officer, now: datetime) -> None:
    """Note that whoever is next says to have read the letter, as it is now."""
    lock_letter(session, letter)
    step = next_step(letter)
    if step is not None and step.officer_id == officer.id:
        step.seen_at = now


def seen(session: Session, letter: Letter, step: LetterStep) -> bool:
    """Whether the officer of the step has read the letter as it is now."""
    if step.seen_at is None:
        return False
    now = versions.current(session, letter)
    return now is None or now.version == 1 or now.created_at <= step.seen_at


def missing(session: Session, letter: Letter, officer: Officer) -> list[Gap]:
    """What the data of the letter lack by now, each with the screen where it is added."""
    if letter.kind not in CATALOGUE or letter.source_id is None:
        return []
    with scope.system(session):
        row = found(session, letter.kind, letter.source_id)
        return CATALOGUE[letter.kind].missing(session, row, officer) if row is not None else []


# --- may it be done -------------------------------------------------------------------------------


def obstacles(
    session: Session, letter: Letter, officer: Officer, reading: bool = False
) -> list[str]:
    """Why this officer may not do the next step of the letter now, as sentences.

    `reading`: it lies open before them, and they say with the step itself that they read it.
    """
    step = next_step(letter)
    if step is None:
        return [settled(letter)]
    if step.officer_id != officer.id:
        return [_("Surat ini menunggu %(name)s.", name=step.officer.name)]
    if not reading and not seen(session, letter, step):
        return [_("Buka dan baca surat ini dahulu.")]
    if step.part is StepPart.paraf:
        return []
    if not progress.electronic(letter):
        return [_("Surat ini ditandatangani dengan pena: cetak, lalu unggah pindaiannya.")]
    if held.over(signatories.every(session), step, audit_writing.now(session)):
        return [_("Masa Anda sebagai penandatangan surat ini sudah berakhir: surat ini diganti.")]
    return [str(gap) for gap in missing(session, letter, officer)]


def settled(letter: Letter) -> str:
    """Why a letter waits for nothing, as a sentence."""
    if letter.state is not LetterState.valid:
        return _("Surat ini sudah dibatalkan.")
    given_back = next((one for one in letter.steps if one.returned_at), None)
    if given_back is not None:
        return _("Surat ini sudah dikembalikan oleh %(name)s.", name=given_back.officer.name)
    last = next((one for one in reversed(letter.steps) if one.done_at), None)
    if last is None or last.done_at is None:
        return _("Surat ini tidak menunggu paraf atau tanda tangan.")
    when = dates.moment(last.done_at)
    return _(
        "Surat ini sudah ditandatangani oleh %(name)s pada %(time)s.",
        name=last.officer.name,
        time=when,
    )


def _mine(session: Session, letter: Letter, officer: Officer, part: StepPart) -> LetterStep:
    """The next step if it is this officer's and nothing stands in its way."""
    told = obstacles(session, letter, officer)
    step = next_step(letter)
    if told or step is None:
        raise Refused(*told)
    if step.part is not part:
        raise Refused(_("Keadaan surat ini baru saja berubah. Buka lagi surat ini."))
    return step


def lock_letter(session: Session, letter: Letter) -> None:
    """Nobody else changes the letter until the end of the transaction; read anew."""
    lock(session, letter)
    session.expire(letter, ["steps", "files"])


# --- paraf ----------------------------------------------------------------------------------------


def initial(session: Session, letter: Letter, officer: Officer, now: datetime) -> None:
    """The paraf of whoever is next; then the following step waits. Raises Refused."""
    _mine(session, letter, officer, StepPart.paraf)
    versions.stored(session, letter)
    lock_letter(session, letter)
    step = _mine(session, letter, officer, StepPart.paraf)
    fingerprint = draft(session, letter).sha256
    step.done_at, step.method = now, SignedBy.portal
    step.sha256_before = step.sha256_after = fingerprint
    session.flush()
    audit.record(session, "letter_initialled", officer, letter, **named(letter))
    tell_next(session, letter, officer)


def give_back(
    session: Session, letter: Letter, officer: Officer, now: datetime, reason: str
) -> None:
    """Refuse paraf or signature with a reason; whoever issued the letter hears of it.

    What it says is frozen: a supervisor replaces it, or voids it. Raises Refused.
    """
    if not reason.strip():
        raise Refused(_("Tuliskan alasan pengembalian."))
    lock_letter(session, letter)
    step = next_step(letter)
    if step is None or step.officer_id != officer.id:
        raise Refused(*obstacles(session, letter, officer))
    step.returned_at, step.return_reason = now, reason.strip()
    session.flush()
    audit.record(session, "letter_returned", officer, letter, **named(letter))
    tell_issuer(session, letter, "letter_returned", officer)


def pass_over(
    session: Session, leaver: Officer, actor: Officer | None, about: Case | Report | None = None
) -> None:
    """Nobody waits for the paraf of whoever left, or is kept from `about` by now.

    For their signature a letter is replaced.
    """
    mine = (LetterStep.officer_id == leaver.id, LetterStep.part == StepPart.paraf)
    open_ones = (LetterStep.done_at.is_(None), LetterStep.returned_at.is_(None))
    letters = select(Letter).join(LetterStep).where(Letter.state == LetterState.valid)
    if about is not None:
        letters = letters.where(held.concerning(about))
    for letter in session.scalars(letters.where(*mine, *open_ones).order_by(Letter.id)).all():
        lock_letter(session, letter)
        before = next_step(letter)
        theirs = (one for one in letter.steps if one.officer_id == leaver.id)
        for step in [one for one in theirs if one.part is StepPart.paraf and not one.done_at]:
            session.delete(step)
        session.flush()
        session.expire(letter, ["steps"])
        if before is not next_step(letter):
            tell_next(session, letter, actor)


# --- electronic signature -------------------------------------------------------------------------


def lay(session: Session, letter: Letter, officer: Officer) -> Sheet:
    """What is to be signed, stored. Raises Refused, StoreError, RenderError. The caller commits."""
    _mine(session, letter, officer, StepPart.tanda_tangan)
    data = versions.stored(session, letter)
    return Sheet(letter.id, letter.printed, data, hashlib.sha256(data).hexdigest())


def conclude(
    session: Session,
    letter: Letter,
    officer: Officer,
    now: datetime,
    sheet: Sheet,
    signed: bytes,
    seal: Seal,
) -> None:
    """Keep the signed PDF of `sheet` as the version that counts.

    Raises Refused for the second of two who sign at once, Stale where another PDF counts by now,
    StoreError where it cannot be written: nothing has changed then.
    """
    lock_letter(session, letter)
    step = _mine(session, letter, officer, StepPart.tanda_tangan)
    if draft(session, letter).sha256 != sheet.sha256:
        raise Stale(_("Surat ini baru saja dibuat ulang. Buka dan baca lagi."))
    kept = versions.add_signed(session, letter, signed)
    step.done_at, step.method, step.certificate = now, SignedBy.elektronik, _certificate(seal)
    step.sha256_before, step.sha256_after = sheet.sha256, kept.sha256
    letter.signed_at = now
    session.flush()
    facts = {"certificate": seal.certificate.fingerprint, "before": sheet.sha256}
    audit.record(
        session, "letter_signed", officer, letter, **named(letter), **facts, after=kept.sha256
    )
    tell_issuer(session, letter, "letter_signed", officer)


def _certificate(seal: Seal) -> str:
    """Whose certificate it was, who issued it and its number, as far as a line holds them."""
    own = seal.certificate
    return f"{own.subject} · {own.issuer} · {own.serial}"[:200]


def draft(session: Session, letter: Letter) -> LetterFile:
    """The stored version that counts, unsigned. Raises Refused where it is signed already."""
    found = versions.current(session, letter)
    if found is None or found.form is not LetterForm.naskah:
        raise Refused(settled(letter))
    return found


def tell_issuer(session: Session, letter: Letter, kind: str, but: Officer) -> None:
    """Tell whoever issued the letter what became of it."""
    tell(session, [letter.issued_by], kind, case=letter.case, report=letter.report, but=but)


def named(letter: Letter) -> dict[str, str]:
    """What the log carries of a letter."""
    return {"kind": letter.kind.value, "number": letter.printed}
