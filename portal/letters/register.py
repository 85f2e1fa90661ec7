"""The letter register: number and frozen content; voided or replaced, never deleted.

A letter is issued inside the transaction of the act that needs it: number, content, the steps of
its signature and the job that stores its PDF exist together or not at all. The content is rendered
on trial before anything is locked, so that storing cannot fail afterwards for what the letter says.
What is stored stands in `versions`, who signs in `signatories`, what proves it all in `proof`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Letter, LetterKind, LetterState, LetterStep, Officer, StepPart, verification_code
from portal import queue
from portal.db import letting_others_write
from portal.indonesia.dates import local_date
from portal.letters import logos, numbers, press, signatories, verification
from portal.letters.entry import About
from portal.letters.kinds import KINDS
from portal.letters.numbers import RegisterError
from portal.protection import audit
from portal.wording import _

_untried: ContextVar[bool] = ContextVar("untried", default=False)

JOB = "render_letter"
ELECTRONIC = "elektronik"


def trial(session: Session, kind: LetterKind, content: Mapping[str, Any]) -> bytes:
    """The PDF of `content` before it has a number; RenderError if it cannot be made.

    Call it before anything is locked. Where number, date and code will stand it prints what needs
    at least as much room.
    """
    if _untried.get():
        return b""
    tried = {
        **content,
        "number": "000.0.00.00/00000/00.00.000/0000",
        "dated": "2000-09-30",
        "verification": verification.address("0" * 32),
        "signed": ELECTRONIC,
    }
    logo = logos.of(session, tried)
    with letting_others_write(session):
        return press.render(kind.value, tried, logo)


def unnumbered(session: Session, content: Mapping[str, Any]) -> dict[str, Any]:
    """`content` as a draft shows it: dated today, its number still to come, no code."""
    number = _("(nomor diberikan saat terbit)")
    dated = signatories.today(session).isoformat()
    return {**content, "number": number, "dated": dated, "verification": "", "signed": ""}


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
    about: About,
    actor: Officer,
    now: datetime,
    *,
    source: Any = None,
    replaces: Letter | None = None,
) -> Letter:
    """A new letter filed with `about`, dated the day it is in Malang at `now` (aware).

    Takes the next number, freezes `content` with number, date, code and the way it is signed, and
    enqueues the job that stores the PDF. Signatory and addressee come from `content`
    (`signatory.id`, `addressee_id`), and who signs before the signatory (`signs_first`). `source`
    is the row it was made from. Raises RegisterError as `numbers.take` does.
    """
    dated = local_date(now)
    number, printed = numbers.take(session, kind, dated)
    signatory, code = content["signatory"]["id"], verification_code()
    frozen = {
        **content,
        "number": printed,
        "dated": dated.isoformat(),
        "verification": verification.address(code),
        "signed": _way(session, kind, signatory, now),
    }
    letter = Letter(
        kind=kind,
        year=dated.year,
        number=number,
        printed=printed,
        dated=dated,
        case=about.case,
        report=about.report,
        content=json.dumps(frozen, ensure_ascii=False, sort_keys=True),
        issued_by=actor,
        issued_at=now,
        signatory_id=signatory,
        addressee_id=content.get("addressee_id"),
        source_id=source.id if source is not None else None,
        replaces=replaces,
        verify_code=code,
        steps=_steps(session, kind, about, [*content.get("signs_first", ()), signatory], now),
    )
    session.add(letter)
    session.flush()
    audit.record(session, "letter_issued", actor, letter, kind=kind.value, number=printed)
    queue.enqueue(session, JOB, {"letter_id": letter.id})
    return letter


def _way(session: Session, kind: LetterKind, signatory: int | None, now: datetime) -> str:
    """How it will be signed, which the letter itself says: electronically, or "" for a pen."""
    if signatory is None or KINDS[kind].pen:
        return ""
    return ELECTRONIC if signatories.certified(session, signatory, now) else ""


def _steps(
    session: Session, kind: LetterKind, about: About, signing: Sequence[int | None], now: datetime
) -> list[LetterStep]:
    """The paraf in their order, then the signatures of officers, as far as they sign."""
    first = signatories.initiallers(session, kind, about.subject, local_date(now))
    before = [one.id for one in first if one.id not in signing]
    steps = [LetterStep(part=StepPart.paraf, officer_id=key) for key in before]
    signed_by = dict.fromkeys(key for key in signing if key is not None)
    steps += [LetterStep(part=StepPart.tanda_tangan, officer_id=key) for key in signed_by]
    for position, step in enumerate(steps, 1):
        step.position = position
    return steps


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
    session.flush()
    audit.record(
        session, "letter_voided", actor, letter, kind=letter.kind.value, number=letter.printed
    )
