"""Who signs: a certificate kept here, or a signing service elsewhere, behind one small interface.

Whatever a signer returns is verified before it is taken: our own bytes are its beginning, what
follows them changes nothing that is seen, there is one signature, it is intact, it covers the
whole file, and its certificate was valid then.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from portal.config import Settings
from portal.letters import additions, seals, signature
from portal.letters.certificates import Key, open_key
from portal.letters.seals import Seal, SealError
from portal.letters.signature import SigningError
from portal.letters.timestamps import Stamper
from portal.wording import _


class Signer(Protocol):
    """What signs a finished PDF for one person."""

    def sign(self, pdf: bytes, passphrase: str, at: datetime) -> bytes:
        """`pdf` with a signature appended, dated `at` (aware).

        Raises PassphraseError, CertificateError or SigningError, each with a sentence.
        """


@dataclass(frozen=True, repr=False)
class LocalSigner:
    """A certificate that the portal keeps sealed; its passphrase comes with each signature."""

    certificate: bytes  # PKCS#12
    settings: Settings
    location: str | None = None
    # Opened once for all that is signed with this object: with RSA that takes a tenth of a second.
    _opened: dict[str, Key] = field(default_factory=dict, init=False, compare=False)

    def sign(self, pdf: bytes, passphrase: str, at: datetime) -> bytes:
        """As Signer says."""
        if passphrase not in self._opened:
            self._opened[passphrase] = open_key(self.certificate, passphrase, at)
        address = self.settings.timestamp_url
        stamper = Stamper(address) if address else None
        key = self._opened[passphrase]
        return signature.sign(pdf, key, at, stamper=stamper, location=self.location)


def signed(signer: Signer, pdf: bytes, passphrase: str, at: datetime) -> tuple[bytes, Seal]:
    """`pdf` signed, and what its signature says; raises as `Signer.sign`.

    Call it outside of every lock: a service may take its time.
    """
    after = signer.sign(pdf, passphrase, at)
    return after, accepted(pdf, after, at)


def accepted(before: bytes, after: bytes, at: datetime) -> Seal:
    """What the signature of `after` says, once it is known to sign `before` and nothing else."""
    try:
        ours = after.startswith(before) and additions.are_harmless(before, after)
        seal = seals.inspect(after) if ours else None
    except SealError:
        seal = None
    if seal is None or not seal.sound:
        raise SigningError(
            _("Hasil tanda tangan tidak sesuai dengan surat ini, jadi tidak disimpan.")
        )
    if not seal.certificate.valid(at):
        raise SigningError(_("Sertifikat yang dipakai tidak berlaku pada saat ini."))
    return seal
