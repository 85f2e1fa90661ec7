"""What an officer signs with: a certificate kept sealed here, or their place at a signing service.

A certificate is opened with its passphrase before it is kept, so that what cannot sign is told at
once; the passphrase is kept nowhere. One is in force at a time: a new one ends the old.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Officer, Role, SigningCertificate
from portal.access import scope
from portal.access.permissions import may
from portal.casework.lifecycle import Refused, lock
from portal.config import Settings
from portal.indonesia import nik
from portal.letters import certificates
from portal.letters.certificates import SOON
from portal.letters.remote_signer import RemoteSigner
from portal.letters.signers import LocalSigner, Signer
from portal.notices import tell
from portal.protection import audit
from portal.wording import _

SERVICE = "Layanan tanda tangan elektronik (BSrE)"
BATCH = 100


def in_force(session: Session, officer: Officer) -> SigningCertificate | None:
    """What this officer signs with; None where they sign with a pen."""
    own = (SigningCertificate.officer_id == officer.id, SigningCertificate.withdrawn_at.is_(None))
    with scope.system(session):
        return session.scalar(select(SigningCertificate).where(*own))


def add(
    session: Session, officer: Officer, data: bytes, passphrase: str, now: datetime
) -> SigningCertificate:
    """Keep a PKCS#12 file as what `officer` signs with from now on.

    Raises CertificateError or PassphraseError as `certificates.open_certificate`, Refused.
    """
    found = certificates.open_certificate(data, passphrase, now)
    row = SigningCertificate(
        officer=officer,
        data=data,
        subject=found.subject,
        issuer=found.issuer,
        serial=found.serial,
        fingerprint=found.fingerprint,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
    )
    return _keep(session, row, officer, now)


def _refuse_foreign(session: Session, row: SigningCertificate, officer: Officer) -> None:
    """A certificate is one person's, even after it was withdrawn."""
    others = select(SigningCertificate.id).where(
        SigningCertificate.fingerprint == row.fingerprint,
        SigningCertificate.officer_id != officer.id,
    )
    with scope.system(session), session.no_autoflush:
        if session.scalar(others.limit(1)) is not None:
            raise Refused(_("Sertifikat ini milik petugas lain."))


def choose_service(
    session: Session, officer: Officer, identity: str, now: datetime
) -> SigningCertificate:
    """Let `officer` sign at the signing service, which knows them by their NIK. Raises Refused."""
    number = nik.digits(identity)
    if len(number) != nik.LENGTH or not number.isdecimal():
        raise Refused(_("NIK terdiri dari 16 angka."))
    row = SigningCertificate(officer=officer, identity=number, subject=SERVICE)
    return _keep(session, row, officer, now)


def _keep(
    session: Session, row: SigningCertificate, officer: Officer, now: datetime
) -> SigningCertificate:
    if not may(officer, "signing_certificate.create"):
        raise Refused(_("Peran Anda tidak menandatangani surat."))
    _refuse_foreign(session, row, officer)
    before = in_force(session, officer)
    if before is not None:
        withdraw(session, before, officer, now)
    session.add(row)
    session.flush()
    audit.record(session, "certificate_added", officer, row, serial=row.serial or "-")
    return row


def obstacles(row: SigningCertificate, officer: Officer) -> list[str]:
    """Why this officer may not withdraw it; empty when they may."""
    if row.withdrawn_at is not None:
        return [_("Sertifikat ini sudah dicabut.")]
    if row.officer_id != officer.id and officer.role is not Role.admin:
        return [_("Hanya pemilik atau admin yang dapat mencabutnya.")]
    return []


def withdraw(
    session: Session,
    row: SigningCertificate,
    actor: Officer,
    now: datetime,
    version: int | None = None,
) -> None:
    """Nothing is signed with it any more; the key is destroyed, what was signed stays valid."""
    lock(session, row, version)
    told = obstacles(row, actor)
    if told:
        raise Refused(*told)
    _end(session, row, actor, now)


def end(session: Session, officer: Officer, actor: Officer | None, now: datetime) -> None:
    """Whoever leaves signs nothing more: what they signed with is withdrawn."""
    row = in_force(session, officer)
    if row is not None:
        lock(session, row)
        _end(session, row, actor, now)


def _end(session: Session, row: SigningCertificate, actor: Officer | None, now: datetime) -> None:
    row.withdrawn_at, row.withdrawn_by = now, actor
    if row.data is not None:
        row.data = b""
    session.flush()
    facts = {"officer": row.officer_id, "serial": row.serial or "-"}
    audit.record(session, "certificate_withdrawn", actor, row, **facts)


def signer(
    session: Session, officer: Officer, settings: Settings, location: str | None
) -> tuple[Signer, SigningCertificate]:
    """What signs for this officer, and the row it comes from. Raises Refused where nothing does."""
    row = in_force(session, officer)
    if row is None:
        raise Refused(_("Anda belum memasang sertifikat tanda tangan."))
    if row.identity is not None:
        return RemoteSigner(row.identity, settings), row
    return LocalSigner(row.data or b"", settings, location), row


def ends_soon(row: SigningCertificate, now: datetime) -> bool:
    """Whether thirty days or fewer are left of it."""
    if row.withdrawn_at is not None or row.valid_until is None:
        return False
    return row.valid_until - now <= SOON


def warn(session: Session, now: datetime) -> int:
    """Tell each officer once, thirty days before the end of their certificate; how many."""
    ending = select(SigningCertificate).where(
        SigningCertificate.valid_until <= now + SOON,
        SigningCertificate.withdrawn_at.is_(None),
        SigningCertificate.warned_at.is_(None),
    )
    rows = session.scalars(ending.order_by(SigningCertificate.id).limit(BATCH)).all()
    for row in rows:
        row.warned_at = now
        tell(session, [row.officer], "certificate_ends")
    return len(rows)
