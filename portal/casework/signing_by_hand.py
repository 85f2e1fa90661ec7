"""Pen and paper: a letter that was printed and signed by hand, its scan added to the same entry."""

from datetime import datetime

from sqlalchemy.orm import Session

from models import Attachment, Letter, LetterState, Officer, Role, SignedBy, StepPart
from portal.casework.lifecycle import Refused
from portal.casework.signing import draft, lock_letter, named, settled, tell_issuer
from portal.letters import progress, versions
from portal.protection import audit
from portal.wording import _


def obstacles(letter: Letter, officer: Officer) -> list[str]:
    """Why this officer may not add the scan of the signed paper; empty when they may."""
    signing = {one.officer_id for one in letter.steps if one.part is StepPart.tanda_tangan}
    concerned = {letter.issued_by_id, letter.signatory_id, *signing}
    if not officer.active or not (officer.id in concerned or officer.role is Role.supervisor):
        return [_("Pindaian ditambahkan penerbit surat, penandatangan, atau supervisor.")]
    if letter.state is not LetterState.valid or any(one.returned_at for one in letter.steps):
        return [settled(letter)]
    if progress.electronic(letter):
        return [_("Surat ini ditandatangani secara elektronik, bukan dengan pena.")]
    return []


def add_scan(
    session: Session, letter: Letter, officer: Officer, now: datetime, scans: list[Attachment]
) -> None:
    """What was signed by hand, scanned: every step that still waited was done on that paper.

    A further scan joins the others. Raises Refused.
    """
    versions.stored(session, letter)
    lock_letter(session, letter)
    told = obstacles(letter, officer)
    if told:
        raise Refused(*told)
    before = draft(session, letter).sha256
    for step in (one for one in letter.steps if one.done_at is None):
        step.done_at, step.method = now, SignedBy.pena
        step.sha256_before, step.sha256_after = before, scans[0].sha256
    letter.signed_at = letter.signed_at or now
    session.flush()
    audit.record(session, "letter_scanned", officer, letter, **named(letter))
    tell_issuer(session, letter, "letter_signed", officer)
