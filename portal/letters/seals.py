"""What a signed PDF says: who signed it, when, and whether one byte has changed since."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.letters import LetterError
from portal.letters.awaiting import finished
from portal.letters.certificates import Certificate, described
from portal.wording import _

SIGNING = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)


class SealError(LetterError):
    """A PDF, or the signature in it, that cannot be read."""


@dataclass(frozen=True)
class Seal:
    """One signature, as the file itself tells it."""

    certificate: Certificate
    signed_at: datetime  # of the time stamp if there is one, else the signatory's clock
    intact: bool  # the signed bytes are those that were signed, by this certificate
    whole: bool  # nothing was added afterwards
    certifying: bool  # it forbids every change
    stamp: bool | None  # whether the time stamp is in order; None without one
    trusted: bool  # issued, at that time, by one of the authorities asked for
    count: int  # of signatures in the file

    @property
    def sound(self) -> bool:
        """Whether this file is what one person signed, to its last byte."""
        return self.intact and self.whole and self.count == 1 and self.stamp is not False


def inspect(pdf: bytes, roots: Iterable[x509.Certificate] = ()) -> Seal | None:
    """The signature of `pdf`, None without one. Nothing is fetched: revocation is not asked.

    `roots` are the authorities to trust. Raises SealError where the file cannot be read.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        found = reader.embedded_regular_signatures
        return finished(_seal(found[0], list(roots), len(found))) if found else None
    except (
        *(PdfError, SignatureValidationError, ValueError, KeyError, TypeError),
        *(IndexError, AttributeError, AssertionError, RecursionError, NotImplementedError),
    ):
        raise SealError(_("Tanda tangan pada berkas ini rusak atau tidak terbaca.")) from None


async def _seal(embedded: Any, roots: list[x509.Certificate], count: int) -> Seal:
    said = embedded.self_reported_timestamp
    context = _context(roots, said)
    status = await async_validate_pdf_signature(embedded, context, key_usage_settings=SIGNING)
    stamp = status.timestamp_validity
    return Seal(
        certificate=described(x509.load_der_x509_certificate(status.signing_cert.dump())),
        signed_at=(stamp.timestamp if stamp else said).astimezone(UTC),
        intact=status.intact and status.valid,
        whole=_whole(status),
        certifying=embedded.docmdp_level is MDPPerm.NO_CHANGES,
        stamp=(stamp.intact and stamp.valid) if stamp else None,
        trusted=status.trusted,
        count=count,
    )


def _whole(status: PdfSignatureStatus) -> bool:
    """The last byte is signed too, or what follows only proves that the certificate was good.

    A service may append such proof and later time stamps (ETSI EN 319 142-1, B-LT and B-LTA).
    """
    proof = status.modification_level is ModificationLevel.LTA_UPDATES
    return status.coverage is SignatureCoverageLevel.ENTIRE_FILE or proof


def _context(roots: list[x509.Certificate], at: datetime) -> ValidationContext:
    trusted = [asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in roots]
    return ValidationContext(trust_roots=trusted, moment=at, allow_fetching=False)
