"""The electronic signature of a PDF: PAdES, invisible, and certifying that nothing may change.

What the reader of the paper sees (name, QR code, "ditandatangani secara elektronik") is drawn by
the letter's template; the signature itself takes no room. It is appended: the bytes that were
there stay as they were, in front (ETSI EN 319 142-1, baseline B-B, with a time stamp B-T).
"""

import io
import logging
from datetime import datetime
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError as Refused
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.letters import LetterError
from portal.letters.awaiting import finished
from portal.letters.certificates import Key
from portal.wording import _

FIELD = "TandaTangan"
REASON = "Ditandatangani secara elektronik"

# Their warnings may name who signed.
for noisy in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)


class SigningError(LetterError):
    """A letter that could not be signed; the text is a sentence for the signatory."""


class _Dated(PdfSigner):
    """Signs at a given moment instead of whenever the clock is asked."""

    at: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session

    def register_extensions(self, pdf_out: Any, *, md_algorithm: str) -> None:
        """PDF 1.7 and PAdES, whatever the key: a catalog that says 2.0 would not be PDF/A-2."""
        pdf_out.ensure_output_version(version=(1, 7))
        pdf_out.register_extension(ESIC_EXTENSION_1)


def sign(
    pdf: bytes,
    key: Key,
    at: datetime,
    *,
    stamper: TimeStamper | None = None,
    location: str | None = None,
) -> bytes:
    """`pdf` with one signature by `key`, dated `at` (aware); what was there is its beginning.

    `location` names a town, never a person. Raises SigningError where the PDF is signed already
    (a certified document takes no second signature), cannot be read, or the authority for time
    stamps does not answer.
    """
    about = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=REASON,
        location=location,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = _Dated(about, _Pen(key), timestamper=stamper)
    signer.at = at
    return _signed(signer, pdf)


def _signed(signer: PdfSigner, pdf: bytes) -> bytes:
    out = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        finished(signer.async_sign_pdf(writer, output=out))
    except TimestampRequestError:
        raise SigningError(
            _("Layanan penanda waktu tidak menjawab. Surat belum ditandatangani; coba lagi nanti.")
        ) from None
    except Refused:
        raise SigningError(_("Surat ini sudah ditandatangani dan tidak boleh diubah.")) from None
    except (PdfError, ValueError, KeyError, TypeError, IndexError):
        raise SigningError(_("Berkas surat ini tidak dapat ditandatangani.")) from None
    return out.getvalue()


class _Pen(Signer):
    """Signs with a key that stays the object it is: exported and read anew, RSA takes 0.2 s."""

    def __init__(self, key: Key) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(_asn1(one) for one in key.chain)
        super().__init__(signing_cert=_asn1(key.own), cert_registry=store)
        self.key = key.private

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(data, PKCS1v15(), SHA256())
        return self.key.sign(data, ECDSA(SHA256()))


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
