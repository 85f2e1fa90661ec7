"""The tables of the letters: the register, who signs, what an invitation says.

A part of `models`, which everybody imports them from; the same rules hold.
"""

import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from model_base import *

if TYPE_CHECKING:
    from models import Attachment, Case, Officer, PartnerInstitution, Report, Suspect, Victim


def verification_code() -> str:
    """A code that nobody guesses: 128 bits, 32 hexadecimal digits."""
    return secrets.token_hex(16)


# --- the register -----------------------------------------------------------------------------


class RegisterCounter(Base):
    """The next number of a register in a year; locked while a number is taken."""

    register: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_number: Mapped[int] = mapped_column(default=1)


class Letter(Row, Versioned, Base, named_by="printed"):
    """An entry of the letter register: number and frozen content, never changed, only voided.

    `source_id` is the row that it was made from, in the table that its kind is made from; of a
    laporan bulanan it is the month as a number, 202611.
    """

    __table_args__ = (
        UniqueConstraint("kind", "year", "number"),
        CheckConstraint("number >= 1", name="numbers_start_at_one"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void_has_a_reason"),
        CheckConstraint("(state = 'erased') = (content IS NULL)", name="says_something"),
        CheckConstraint(
            "kind = 'laporan_bulanan' OR coalesce(case_id, report_id) IS NOT NULL",
            name="about_something",
        ),
        Index("ix_letter_kind_source", "kind", "source_id"),
        Index("uq_letter_replaces_id", "replaces_id", unique=True),
        Index("uq_letter_verify_code", "verify_code", unique=True),
    )

    kind: Mapped[LetterKind]
    year: Mapped[int]
    number: Mapped[int]
    printed: Mapped[str] = mapped_column(String(80), unique=True)
    dated: Mapped[date] = mapped_column(index=True)
    case_id: Mapped[CaseRef | None]
    content: Mapped[SecretText | None]
    state: Mapped[LetterState] = mapped_column(default=LetterState.valid)
    issued_by_id: Mapped[OfficerRef]
    issued_at: Mapped[datetime]
    signatory_id: Mapped[OfficerRef | None]
    addressee_id: Mapped[OfficerRef | None]
    void_reason: Mapped[SecretText | None]
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[OfficerRef | None]
    report_id: Mapped[ReportRef | None]
    source_id: Mapped[int | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    verify_code: Mapped[str] = mapped_column(String(32), default=verification_code)
    signed_at: Mapped[datetime | None]

    case: Mapped["Case | None"] = relationship(back_populates="letters")
    report: Mapped["Report | None"] = relationship(back_populates="letters")
    issued_by: Mapped["Officer"] = relationship(foreign_keys="Letter.issued_by_id")
    signatory: Mapped["Officer | None"] = relationship(foreign_keys="Letter.signatory_id")
    addressee: Mapped["Officer | None"] = relationship(foreign_keys="Letter.addressee_id")
    voided_by: Mapped["Officer | None"] = relationship(foreign_keys="Letter.voided_by_id")
    replaces: Mapped["Letter | None"] = relationship(
        remote_side="Letter.id", back_populates="replaced_by"
    )
    replaced_by: Mapped["Letter | None"] = relationship(back_populates="replaces", uselist=False)
    files: Mapped[list["LetterFile"]] = rows("letter", "LetterFile.version")
    steps: Mapped[list["LetterStep"]] = rows("letter", "LetterStep.position")
    scans: Mapped[list["Attachment"]] = rows("letter", "Attachment.id")


class LetterFile(Row, Base):
    """A stored PDF of a letter; what is made anew or signed adds a version, nothing is
    overwritten."""

    __table_args__ = (UniqueConstraint("letter_id", "version"),)

    letter_id: Mapped[LetterRef]
    version: Mapped[int]
    template_version: Mapped[Code]
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    sha256: Mapped[Digest] = mapped_column(index=True)
    size: Mapped[int]
    form: Mapped[LetterForm] = mapped_column(
        default=LetterForm.naskah, server_default=text("'naskah'")
    )

    letter: Mapped[Letter] = relationship(back_populates="files")


class LetterStep(Row, Versioned, Base, named_by="part"):
    """A paraf or a signature that a letter needs, in its place of the sequence.

    `seen_at`: when this officer opened the letter to decide on it. Fingerprints are those of the
    PDF before and after the step; a paraf changes no byte. `certificate` names the certificate
    of an electronic signature.
    """

    __table_args__ = (
        UniqueConstraint("letter_id", "position"),
        CheckConstraint("(done_at IS NULL) = (method IS NULL)", name="done_somehow"),
        CheckConstraint(
            "(returned_at IS NULL) = (return_reason IS NULL)", name="returned_for_a_reason"
        ),
        CheckConstraint("done_at IS NULL OR returned_at IS NULL", name="one_answer"),
        Index(
            "ix_letter_step_waiting",
            "officer_id",
            "letter_id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    letter_id: Mapped[LetterRef]
    position: Mapped[int]
    part: Mapped[StepPart]
    officer_id: Mapped[OfficerRef]
    seen_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    method: Mapped[SignedBy | None]
    sha256_before: Mapped[Digest | None]
    sha256_after: Mapped[Digest | None]
    certificate: Mapped[Short | None]
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[SecretText | None]

    letter: Mapped[Letter] = relationship(back_populates="steps")
    officer: Mapped["Officer"] = relationship()


# --- who signs, and with what -------------------------------------------------------------------


class Signatory(Row, Versioned, Base, named_by="officer"):
    """Who signs or initials letters of a kind (every kind where it is empty), from when to when.

    `position` orders the paraf before the signature; `title` is the jabatan printed instead of
    the officer's own.
    """

    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days_in_order"),
        CheckConstraint("position >= 1", name="positions_start_at_one"),
    )

    kind: Mapped[LetterKind | None]
    part: Mapped[StepPart] = mapped_column(default=StepPart.tanda_tangan)
    position: Mapped[int] = mapped_column(default=1)
    officer_id: Mapped[OfficerRef]
    capacity: Mapped[Capacity] = mapped_column(default=Capacity.definitif)
    title: Mapped[Short | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    officer: Mapped["Officer"] = relationship()


class SigningCertificate(Row, Versioned, Base, named_by="subject"):
    """What an officer signs with: a PKCS#12 sealed here, or their identity at a signing service.

    The pass phrase is typed at each signing and kept nowhere. `identity` is the NIK by which a
    signing service knows them.
    """

    __table_args__ = (
        CheckConstraint("(data IS NULL) <> (identity IS NULL)", name="here_or_there"),
        CheckConstraint("data IS NULL OR valid_until IS NOT NULL", name="certificates_end"),
        Index(
            "uq_signing_certificate_in_force",
            "officer_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    officer_id: Mapped[OfficerRef]
    data: Mapped[SecretBytes | None]
    identity: Mapped[SecretText | None]
    subject: Mapped[Short]
    issuer: Mapped[Short | None]
    serial: Mapped[str | None] = mapped_column(String(64))
    fingerprint: Mapped[Digest | None]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[OfficerRef | None]
    warned_at: Mapped[datetime | None]

    officer: Mapped["Officer"] = relationship(foreign_keys="SigningCertificate.officer_id")
    withdrawn_by: Mapped["Officer | None"] = relationship(
        foreign_keys="SigningCertificate.withdrawn_by_id"
    )


class Logo(Row, Base):
    """A logo the office uploaded for its kop. Letters name it by its fingerprint: none goes."""

    sha256: Mapped[Digest] = mapped_column(unique=True)
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    size: Mapped[int]
    uploaded_by_id: Mapped[OfficerRef | None]

    uploaded_by: Mapped["Officer | None"] = relationship()


# --- what letters are made from -----------------------------------------------------------------


class Invitation(Row, Versioned, Base):
    """Undangan or pemanggilan: who is asked to come, when, where and what for.

    `handing` is how the letter reaches them: it asks the safe contact of the victim, if it is one.
    """

    __table_args__ = (
        CheckConstraint("victim_id IS NULL OR suspect_id IS NULL", name="one_invited"),
        CheckConstraint(
            "(cancelled_at IS NULL) = (cancel_reason IS NULL)", name="cancelled_for_a_reason"
        ),
    )

    case_id: Mapped[CaseRef]
    form: Mapped[Invited] = mapped_column(default=Invited.undangan)
    victim_id: Mapped[int | None] = mapped_column(ForeignKey("victim.id"), index=True)
    suspect_id: Mapped[int | None] = mapped_column(ForeignKey("suspect.id"), index=True)
    partner_id: Mapped[PartnerRef | None]
    invitee: Mapped[SecretText]
    address: Mapped[SecretText | None]
    at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[SecretText]
    purpose: Mapped[SecretText]
    bring: Mapped[SecretText | None]
    handing: Mapped[Handing] = mapped_column(default=Handing.diserahkan)
    officer_id: Mapped[OfficerRef]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[SecretText | None]

    case: Mapped["Case"] = relationship(back_populates="invitations")
    victim: Mapped["Victim | None"] = relationship()
    suspect: Mapped["Suspect | None"] = relationship()
    partner: Mapped["PartnerInstitution | None"] = relationship()
    officer: Mapped["Officer"] = relationship()
