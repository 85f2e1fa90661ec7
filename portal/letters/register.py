"""The letter register: frozen content, the stored PDF and its proof; voided, never deleted.

A letter is issued inside the transaction of the act that needs it: number, content and the job
that stores its PDF exist together or not at all. The content is rendered on trial before anything
is locked, so that storing cannot fail afterwards for what the letter says. A stored PDF is only
read: regenerating adds a version, and every version has its fingerprint (SHA-256) here.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import Session

from models import Case, Letter, LetterFile, LetterKind, LetterState, Officer, RegisterCounter
from portal import queue
from portal.access import scope
from portal.indonesia.dates import local_date
from portal.letters import LetterError, numbers, office, pdf
from portal.letters.numbers import RegisterError
from portal.numbering import INSERTS
from portal.protection import audit, files
from portal.protection.vault import VaultError
from portal.wording import _

_untried: ContextVar[bool] = ContextVar("untried", default=False)

JOB = "render_letter"
# What a trial prints where number and date will stand: no letter will need more room.
TRIAL = {"number": "000.0.00.00/00000/00.00.000/0000", "dated": "2000-09-30"}


class StoreError(LetterError):
    """A stored PDF that is gone or is not the one that was stored."""


def trial(kind: LetterKind, content: Mapping[str, Any]) -> bytes:
    """The PDF of `content` before it has a number; RenderError if it cannot be made.

    Call it before anything is locked.
    """
    return b"" if _untried.get() else pdf.render(kind.value, {**content, **TRIAL})


@contextmanager
def untried() -> Iterator[None]:
    """Inside the block nothing is rendered on trial: for words known to print, as the demo's."""
    token = _untried.set(True)
    try:
        yield
    finally:
        _untried.reset(token)


def issue(
    session: Session,
    kind: LetterKind,
    content: Mapping[str, Any],
    case: Case,
    actor: Officer,
    now: datetime,
) -> Letter:
    """A new letter about `case`, dated the day it is in Malang at `now` (aware).

    Takes the next number, freezes `content` with number and date, and enqueues the job that
    stores the PDF. Signatory and addressee come from `content` (`signatory.id`,
    `addressee_id`). Raises RegisterError as `numbers.take` does.
    """
    dated = local_date(now)
    number, printed = numbers.take(session, kind, dated)
    frozen = {**content, "number": printed, "dated": dated.isoformat()}
    letter = Letter(
        kind=kind,
        year=dated.year,
        number=number,
        printed=printed,
        dated=dated,
        case=case,
        content=json.dumps(frozen, ensure_ascii=False, sort_keys=True),
        issued_by=actor,
        issued_at=now,
        signatory_id=content["signatory"]["id"],
        addressee_id=content.get("addressee_id"),
    )
    session.add(letter)
    session.flush()
    audit.record(session, "letter_issued", actor, letter, kind=kind.value, number=printed)
    queue.enqueue(session, JOB, {"letter_id": letter.id})
    return letter


def void(session: Session, letter: Letter, reason: str, actor: Officer, now: datetime) -> None:
    """Declare `letter` invalid: number, content and PDF stay, with `reason` beside them.

    Raises RegisterError without a reason, and for a letter that is void already.
    """
    if not reason.strip():
        raise RegisterError(_("Tuliskan alasan pembatalan surat."))
    if letter.state is not LetterState.valid:
        raise RegisterError(_("Surat ini sudah dibatalkan."))
    letter.state = LetterState.void
    letter.void_reason = reason.strip()
    letter.voided_by_id, letter.voided_at = actor.id, now
    audit.record(
        session, "letter_voided", actor, letter, kind=letter.kind.value, number=letter.printed
    )


# --- stored PDFs ----------------------------------------------------------------------------


def stored_pdf(session: Session, letter: Letter) -> bytes:
    """The PDF of `letter` in its newest version, rendered and stored now if nobody has yet.

    Worker and reader may come at once: the first to store wins, both return the same bytes.
    Raises StoreError where the file no longer matches its fingerprint, RenderError where it
    cannot be made. The caller commits.
    """
    newest = _newest(session, letter) if letter.content is not None else None
    return read(newest if newest is not None else _store(session, letter, 1))


def shown_pdf(session: Session, letter: Letter) -> bytes:
    """The PDF of `letter` for a reader: as stored, or the same bytes made now.

    Looking at a letter stores nothing. Raises as `stored_pdf` does.
    """
    newest = _newest(session, letter)
    return read(newest) if newest else _rendered(letter)


def regenerate(session: Session, letter: Letter) -> LetterFile:
    """A new PDF version from the frozen content and today's template. The caller commits."""
    newest = _newest(session, letter)
    return _store(session, letter, newest.version + 1 if newest else 1)


def read(version: LetterFile) -> bytes:
    """The bytes of one stored version; StoreError if they are gone or not what was stored."""
    try:
        data = files.read(version.storage_key)
    except (FileNotFoundError, VaultError):
        data = b""
    if hashlib.sha256(data).hexdigest() != version.sha256:
        raise StoreError(_("Berkas surat ini hilang atau berubah. Beri tahu admin."))
    return data


def _newest(session: Session, letter: Letter) -> LetterFile | None:
    versions = select(LetterFile).where(LetterFile.letter_id == letter.id)
    return session.scalar(versions.order_by(LetterFile.version.desc()).limit(1))


def _rendered(letter: Letter) -> bytes:
    if letter.content is None:
        raise StoreError(_("Isi surat ini sudah dihapus sesuai masa simpannya."))
    return pdf.render(letter.kind.value, json.loads(letter.content))


def _store(session: Session, letter: Letter, number: int) -> LetterFile:
    """Version `number`, or the one that somebody else stored under it in the meantime."""
    data = _rendered(letter)
    storage_key, sha256 = files.store(data)
    insert = INSERTS[session.get_bind().dialect.name](cast(Table, LetterFile.__table__))
    version = insert.values(
        letter_id=letter.id,
        version=number,
        template_version=pdf.template_version(letter.kind.value),
        storage_key=storage_key,
        sha256=sha256,
        size=len(data),
    )
    session.execute(version.on_conflict_do_nothing(index_elements=["letter_id", "version"]))
    query = select(LetterFile).filter_by(letter_id=letter.id, version=number)
    stored = session.scalars(query).one()
    if stored.storage_key != storage_key:
        files.remove(storage_key)
    return stored


# --- proof ----------------------------------------------------------------------------------


def verify(session: Session) -> dict[str, int]:
    """Hold the register and every stored PDF against their record.

    Returns `{"letters", "gaps", "doubles", "changed"}`: how many letters there are, how many
    numbers are missing from a register, how many stand twice, and how many stored PDFs are gone
    or altered. Erased letters count in the register; of their PDFs only the fingerprint is left.
    """
    with scope.system(session):
        kept = select(LetterFile).join(Letter).where(Letter.state != LetterState.erased)
        query = kept.order_by(LetterFile.id).execution_options(yield_per=100)
        return {
            "letters": session.scalar(select(func.count()).select_from(Letter)) or 0,
            "gaps": sum(_gaps(session)),
            "doubles": _doubles(session, Letter.kind, Letter.year, Letter.number)
            + _doubles(session, Letter.printed),
            "changed": sum(not _unchanged(version) for version in session.scalars(query)),
        }


def _gaps(session: Session) -> Iterator[int]:
    """How many numbers each register should hold and does not."""
    said = office.texts(session)
    kinds = [kind.value for kind in LetterKind]
    counters = select(RegisterCounter).where(RegisterCounter.register.in_(kinds))
    for counter in session.scalars(counters):
        kind = LetterKind(counter.register)
        here = (Letter.kind == kind, Letter.year == counter.year)
        held = select(func.min(Letter.number), func.max(Letter.number), func.count()).where(*here)
        lowest, highest, count = session.execute(held).one()
        first = numbers.start(session, said, kind, counter.year)
        end = max(counter.next_number, (highest or 0) + 1)
        yield max(0, end - min(first, lowest or first) - count)


def _doubles(session: Session, *key: Any) -> int:
    twice: ColumnElement[bool] = func.count() > 1
    groups = select(*key).group_by(*key).having(twice).subquery()
    return session.scalar(select(func.count()).select_from(groups)) or 0


def _unchanged(version: LetterFile) -> bool:
    try:
        return len(read(version)) == version.size
    except StoreError:
        return False
