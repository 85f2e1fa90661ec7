"""Is this letter genuine? What its code tells whoever holds the paper, and nothing about the case.

A code (`Letter.verify_code`) is 128 random bits: it is compared as a whole, never searched by a
part of it. What is told of the signatory is what was printed; of the rest of the content nothing.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Letter, LetterForm, LetterKind, LetterState, Scan, SignedBy, StepPart
from portal.letters.codes import grouped

CODE = re.compile(r"[0-9a-f]{32}")
BETWEEN = re.compile(r"[\s\-.·]+")

_base = ["http://localhost:8000"]


class Standing(StrEnum):
    """What a letter is worth today."""

    valid = "valid"
    unsigned = "unsigned"
    replaced = "replaced"
    void = "void"


class FileRole(StrEnum):
    """What a file is to a letter."""

    signed = "signed"
    issued = "issued"
    before_signing = "before_signing"
    scan = "scan"
    older = "older"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The SHA-256 of a file of the letter, in hexadecimal digits."""

    sha256: str
    role: FileRole

    @property
    def groups(self) -> str:
        """In groups that can be compared by eye."""
        return grouped(self.sha256, 8)


@dataclass(frozen=True, slots=True)
class Signing:
    """How and when it was signed; `certificate` names the holder of an electronic signature."""

    method: SignedBy
    at: datetime
    certificate: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is told of a letter. Signatory and jabatan as printed; empty once erased."""

    code: str
    kind: LetterKind
    number: str
    dated: date
    signatory: str
    position: str
    standing: Standing
    electronic: bool
    successor: tuple[str, date] | None
    signing: Signing | None
    erased: bool
    fingerprints: tuple[Fingerprint, ...]

    def role_of(self, sha256: str) -> FileRole | None:
        """What the file with this fingerprint is to the letter; None: it is none of its files."""
        return next((one.role for one in self.fingerprints if one.sha256 == sha256), None)


def configure(public_url: str) -> None:
    """Where people reach the portal: the address printed on letters begins with it."""
    _base[0] = public_url.rstrip("/")


def address(code: str) -> str:
    """The address of the page that says whether the letter with `code` is genuine."""
    return f"{_base[0]}/verifikasi/{code}"


def typed(text: str) -> str:
    """The code that somebody typed from paper: blanks, hyphens and capitals do not matter."""
    return BETWEEN.sub("", text).lower()


def find(session: Session, code: str) -> Facts | None:
    """What is told of the letter with exactly this code, None for any other.

    Whatever is no code is looked for all the same: an answer comes as late for all of them.
    """
    wanted = code if CODE.fullmatch(code) else ""
    letter = session.scalar(select(Letter).where(Letter.verify_code == wanted))
    return _facts(letter) if letter else None


def _facts(letter: Letter) -> Facts:
    said = json.loads(letter.content) if letter.content else {}
    signatory, successor = said.get("signatory") or {}, letter.replaced_by
    held = f"{signatory.get('capacity') or ''} {signatory.get('position') or ''}".strip()
    return Facts(
        code=letter.verify_code,
        kind=letter.kind,
        number=letter.printed,
        dated=letter.dated,
        signatory=signatory.get("name", ""),
        position=held,
        standing=_standing(letter),
        electronic=_electronic(said),
        successor=(successor.printed, successor.dated) if successor else None,
        signing=_signing(letter),
        erased=letter.state is LetterState.erased,
        fingerprints=tuple(_fingerprints(letter, _electronic(said))),
    )


def _standing(letter: Letter) -> Standing:
    """An erased letter is worth what it was worth before."""
    if letter.replaced_by is not None:
        return Standing.replaced
    if letter.state is LetterState.void or letter.voided_at is not None:
        return Standing.void
    return Standing.valid if letter.signed_at is not None else Standing.unsigned


def _signing(letter: Letter) -> Signing | None:
    if letter.signed_at is None:
        return None
    signed = [one for one in letter.steps if one.part is StepPart.tanda_tangan and one.done_at]
    step = signed[-1] if signed else None
    method = step.method if step and step.method else SignedBy.pena
    return Signing(method, letter.signed_at, (step.certificate if step else "") or "")


def _electronic(said: Mapping[str, Any]) -> bool:
    return said.get("signed") == SignedBy.elektronik


def _fingerprints(letter: Letter, electronic: bool) -> Iterator[Fingerprint]:
    """The file that counts first. A file that was made twice alike stands once."""
    seen: set[str] = set()
    for one in (*_of_files(letter, electronic), *_of_scans(letter)):
        if one.sha256 not in seen:
            seen.add(one.sha256)
            yield one


def _of_files(letter: Letter, electronic: bool) -> Iterator[Fingerprint]:
    """What says that it is signed electronically is no more than a draft before it is."""
    newest = list(reversed(letter.files))
    signed = [one for one in newest if one.form is LetterForm.bertanda_tangan]
    drafts = [one for one in newest if one.form is LetterForm.naskah]
    last = FileRole.before_signing if signed or electronic else FileRole.issued
    for files, role in ((signed, FileRole.signed), (drafts, last)):
        for place, one in enumerate(files):
            yield Fingerprint(one.sha256, FileRole.older if place else role)


def _of_scans(letter: Letter) -> Iterator[Fingerprint]:
    clean = (one for one in reversed(letter.scans) if one.scan is not Scan.infected)
    return (Fingerprint(one.sha256, FileRole.scan) for one in clean)
