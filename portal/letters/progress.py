"""How far the signature of a letter is: of one letter, and as a condition for lists."""

import json
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_

from models import Letter, LetterState, LetterStep, SignedBy, StepPart
from portal.letters.kinds import KINDS
from portal.letters.register import ELECTRONIC

Progress = StrEnum(
    "Progress", "menunggu_paraf menunggu_tanda_tangan dikembalikan elektronik pena tanpa"
)
SIGNED = {SignedBy.elektronik: Progress.elektronik, SignedBy.pena: Progress.pena}
UNSIGNED = "belum"
WAITING = {
    StepPart.paraf: Progress.menunggu_paraf,
    StepPart.tanda_tangan: Progress.menunggu_tanda_tangan,
}


def of(letter: Letter) -> Progress:
    """How far `letter` is; one that is not valid waits for nobody."""
    signature = next((one for one in letter.steps if one.part is StepPart.tanda_tangan), None)
    if signature is not None and signature.method in SIGNED:
        return SIGNED[signature.method]
    if signature is None and letter.signed_at is not None:
        return Progress.pena
    if letter.state is not LetterState.valid:
        return Progress.tanpa
    if any(one.returned_at for one in letter.steps):
        return Progress.dikembalikan
    step = next((one for one in letter.steps if one.done_at is None), None)
    return WAITING[step.part] if step is not None else Progress.tanpa


def electronic(letter: Letter) -> bool:
    """Whether the letter says that it is signed electronically; else it waits for a pen."""
    return not KINDS[letter.kind].pen and _content(letter).get("signed") == ELECTRONIC


def praises_itself(letter: Letter) -> bool:
    """Whether it says that it is signed though it is not: so it is frozen, since its bytes do not
    change any more, but it must not go out like that."""
    return letter.signed_at is None and electronic(letter)


def as_it_stands(letter: Letter) -> dict[str, Any]:
    """What a screen shows of it: of what is not signed yet that it is not."""
    said = _content(letter)
    return said | {"signed": UNSIGNED} if praises_itself(letter) else said


def _content(letter: Letter) -> dict[str, Any]:
    """What the letter says, frozen; nothing once it was erased."""
    said: dict[str, Any] = json.loads(letter.content or "{}")
    return said


def condition(progress: Progress) -> ColumnElement[bool]:
    """The letters for which `of` says `progress`."""
    return _conditions()[progress]


def _conditions() -> dict[Progress, ColumnElement[bool]]:
    step = LetterStep
    signature = step.part == StepPart.tanda_tangan
    found: dict[Progress, ColumnElement[bool]] = {
        told: _has(signature, step.method == method) for method, told in SIGNED.items()
    }
    by_others = and_(Letter.signed_at.is_not(None), not_(_has(signature)))
    found[Progress.pena] = or_(found[Progress.pena], by_others)
    under_way = and_(Letter.state == LetterState.valid, not_(or_(*found.values())))
    returned = _has(step.returned_at.is_not(None))
    initials = _has(step.part == StepPart.paraf, step.done_at.is_(None))
    pending = _has(signature, step.done_at.is_(None))
    found[Progress.dikembalikan] = and_(under_way, returned)
    found[Progress.menunggu_paraf] = and_(under_way, not_(returned), initials)
    found[Progress.menunggu_tanda_tangan] = and_(under_way, not_(returned), not_(initials), pending)
    found[Progress.tanpa] = not_(or_(*found.values()))
    return found


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(LetterStep.letter_id == Letter.id, *conditions)
