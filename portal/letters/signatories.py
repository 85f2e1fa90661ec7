"""Who signs and who initials a letter: the list of signatories, with its days and plt./plh."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import (
    Capacity,
    Case,
    LetterKind,
    Officer,
    Report,
    Signatory,
    SigningCertificate,
    StepPart,
)
from portal.access import gate, scope
from portal.access.permissions import may
from portal.indonesia.dates import local_date
from portal.letters import LetterError, office
from portal.letters.gaps import Gap
from portal.protection import audit_writing
from portal.wording import _

PREFIXES = {
    Capacity.definitif: "",
    Capacity.plt: "Plt.",
    Capacity.plh: "Plh.",
    Capacity.atas_nama: "a.n.",
}


@dataclass(frozen=True, slots=True)
class Signer:
    """An officer as they sign a letter: for themselves, as plt. or plh., or for somebody else."""

    officer: Officer
    capacity: Capacity = Capacity.definitif
    title: str = ""

    @property
    def position(self) -> str:
        """The jabatan under which they sign; empty where nobody wrote one down."""
        return self.title or (self.officer.position or "").strip()

    def printed(self) -> dict[str, Any]:
        """As letters print it. Who signs for another (`a.n.`) has their own jabatan below."""
        own = self.officer.position or ""
        return office.officer(self.officer) | {
            "capacity": PREFIXES[self.capacity],
            "position": self.position,
            "below": own if self.capacity is Capacity.atas_nama and self.title else "",
        }


def signer(
    session: Session,
    kind: LetterKind,
    about: Case | Report | None,
    otherwise: Officer,
    on: date,
) -> Signer:
    """Who signs letters of `kind` on this day: who the list names, or `otherwise`.

    A line for the kind goes before one for all kinds; of several the one that began last, as a
    plt. does. Raises LetterError where the list names somebody who is not active any more, or
    who must not meet `about`.
    """
    named = next(iter(lines(session, kind, StepPart.tanda_tangan, on)), None)
    if named is None:
        return Signer(otherwise)
    who = named.officer
    if not who.active:
        raise LetterError(
            _("Daftar penandatangan menyebut “%(who)s”, yang tidak aktif.", who=who.name)
        )
    if not able(who):
        raise LetterError(_("Peran %(name)s tidak menandatangani surat.", name=who.name))
    if who.id in gate.kept_out(session, about):
        raise LetterError(_("%(name)s dikecualikan dan tidak dapat menandatangani.", name=who.name))
    return Signer(who, named.capacity, named.title or "")


def initiallers(
    session: Session, kind: LetterKind, about: Case | Report | None, on: date
) -> list[Officer]:
    """Who initials letters of `kind` on this day, in order.

    Whoever left, has another role by now or must not meet `about` is passed over: a paraf never
    holds a letter up for ever.
    """
    kept = gate.kept_out(session, about)
    found = lines(session, kind, StepPart.paraf, on)
    ordered = sorted(found, key=lambda line: line.position)
    met = [one.officer for one in ordered if able(one.officer) and one.officer_id not in kept]
    return list(dict.fromkeys(met))


def able(officer: Officer) -> bool:
    """Whether this officer reaches the desk where letters are initialled and signed."""
    return may(officer, "letter.edit")


def certified(session: Session, officer_id: int, now: datetime) -> bool:
    """Whether this officer has something to sign electronically with at `now` (aware)."""
    own = select(SigningCertificate.id).where(
        SigningCertificate.officer_id == officer_id,
        SigningCertificate.withdrawn_at.is_(None),
        or_(SigningCertificate.valid_until.is_(None), SigningCertificate.valid_until > now),
    )
    with scope.system(session):
        return session.scalar(own.limit(1)) is not None


def today(session: Session) -> date:
    """The day in Malang, by the clock of `session`."""
    return local_date(audit_writing.now(session))


def unsigned(signing: Callable[[], Signer]) -> list[Gap]:
    """What is absent of the signature: nobody who may sign, or no jabatan to sign under."""
    try:
        who = signing()
    except LetterError as error:
        return [Gap(str(error), "signatory", "list")]
    if who.position:
        return []
    return [Gap(_("Jabatan penandatangan belum diisi."), "officer", "edit", who.officer.id)]


def lines(session: Session, kind: LetterKind, part: StepPart, on: date) -> Sequence[Signatory]:
    """The lines in force, those of the kind itself first, the latest first."""
    return in_force(every(session), kind, part, on)


def every(session: Session) -> Sequence[Signatory]:
    """The whole list, the latest first: a few lines a year, asked once for many letters."""
    latest = select(Signatory).order_by(Signatory.valid_from.desc(), Signatory.id.desc())
    with scope.system(session):  # whoever issues a letter, the list holds for them
        return session.scalars(latest).all()


def in_force(
    known: Iterable[Signatory], kind: LetterKind, part: StepPart, on: date
) -> list[Signatory]:
    """As `lines`, of what `every` found."""
    found = [
        one
        for one in known
        if one.part is part
        and one.kind in (kind, None)
        and one.valid_from <= on
        and (one.valid_until is None or one.valid_until >= on)
    ]
    return [one for one in found if one.kind] + [one for one in found if not one.kind]
