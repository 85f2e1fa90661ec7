"""A signatory's certificate with its key: a PKCS#12 file, opened with its passphrase.

What cannot sign a letter is refused in a sentence, before it is kept and again before each use:
a file that is none, a wrong passphrase, a certificate without a key, one that is over or not yet
valid, or whose purpose or key is not fit for it. The passphrase is never kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import pkcs12 as asn1
from asn1crypto.pkcs12 import Pfx
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from portal.indonesia.dates import local_date, long_date
from portal.letters import LetterError
from portal.letters.text import legible
from portal.wording import _

LARGEST = 100_000  # bytes; a key and a chain of certificates take five thousand
# Rounds that make guessing a passphrase slow. A file may ask for any number, and be obeyed.
MOST_ROUNDS = 5_000_000
LEAST_RSA = 2048  # bits; NIST SP 800-57, 112 bits of strength
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
SOON = timedelta(days=30)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class CertificateError(LetterError):
    """A certificate that cannot sign; the text is a sentence for its owner."""


class PassphraseError(CertificateError):
    """The passphrase does not open the certificate."""


@dataclass(frozen=True)
class Certificate:
    """What a certificate says of itself."""

    subject: str
    issuer: str
    serial: str  # hexadecimal
    fingerprint: str  # SHA-256, hexadecimal
    valid_from: datetime
    valid_until: datetime

    def valid(self, at: datetime) -> bool:
        """Whether the certificate may sign at `at` (aware)."""
        return self.valid_from <= at <= self.valid_until

    def ends_soon(self, now: datetime) -> bool:
        """Whether 30 days or fewer are left."""
        return self.valid_until - now <= SOON


@dataclass(frozen=True, repr=False)
class Key:
    """An opened certificate: what signs, for as long as one signature takes."""

    private: PrivateKey
    own: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> Certificate:
        """What the certificate says of itself."""
        return described(self.own)


def open_certificate(data: bytes, passphrase: str, now: datetime) -> Certificate:
    """What the certificate in a PKCS#12 file says, once it is known that it can sign at `now`.

    Raises CertificateError, or PassphraseError where the passphrase is the reason.
    """
    return open_key(data, passphrase, now).certificate


def open_key(data: bytes, passphrase: str, now: datetime) -> Key:
    """The key in a PKCS#12 file, fit to sign at `now` (aware); raises as `open_certificate`."""
    _must_be_pkcs12(data)
    found = _opened(data, passphrase)
    if found.key is None or found.cert is None:
        raise CertificateError(_("Berkas ini tidak memuat sertifikat beserta kunci pribadinya."))
    own = found.cert.certificate
    private = _fit(found.key)
    _must_be_meant_for_this(own)
    _must_be_valid(described(own), now)
    return Key(private, own, tuple(one.certificate for one in found.additional_certs))


def _opened(data: bytes, passphrase: str) -> pkcs12.PKCS12KeyAndCertificates:
    wrong = PassphraseError(_("Kata sandi sertifikat ini tidak cocok."))
    if not passphrase or "\0" in passphrase:  # OpenSSL ends there, and its binding falls
        raise wrong
    try:
        return pkcs12.load_pkcs12(data, passphrase.encode("utf-8", "replace"))
    except ValueError:
        raise wrong from None
    except UnsupportedAlgorithm:
        raise CertificateError(
            _("Berkas sertifikat ini dikunci dengan cara yang tidak lagi didukung.")
        ) from None


def _must_be_pkcs12(data: bytes) -> None:
    if len(data) > LARGEST:
        raise CertificateError(_("Berkas sertifikat terlalu besar: paling banyak 100 kB."))
    try:
        rounds = _rounds(Pfx.load(data, strict=True))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise CertificateError(
            _("Berkas ini bukan sertifikat PKCS#12 (nama berkasnya biasanya berakhiran .p12).")
        ) from None
    if not rounds:
        raise CertificateError(_("Berkas ini tidak dikunci dengan kata sandi; kunci dahulu."))
    if any(count > MOST_ROUNDS for count in rounds):
        raise CertificateError(_("Berkas sertifikat ini dikunci terlalu rumit untuk dibuka."))


def _rounds(pfx: Pfx) -> list[int]:
    """How often the passphrase is hashed for each lock that shows before one is opened."""
    counts = [pfx["mac_data"]["iterations"].native] if pfx["mac_data"].native else []
    for part in pfx.authenticated_safe:
        if part["content_type"].native == "encrypted_data":
            counts += _asked(part["content"]["encrypted_content_info"])
        else:
            counts += _bags(asn1.SafeContents.load(part["content"].native))
    return counts


def _bags(bags: Any) -> list[int]:
    keys = (bag for bag in bags if bag["bag_id"].native == "pkcs8_shrouded_key_bag")
    return [count for bag in keys for count in _asked(bag["bag_value"], "encryption_algorithm")]


def _asked(info: Any, name: str = "content_encryption_algorithm") -> list[int]:
    algorithm = info[name]
    known = algorithm["parameters"].native or {}
    inner = known.get("key_derivation_func", {}).get("parameters") or {}
    found = (known.get("iterations"), inner.get("iteration_count"))
    return [count for count in found if isinstance(count, int)]


def _fit(key: object) -> PrivateKey:
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < LEAST_RSA:
            raise CertificateError(
                _("Kunci sertifikat ini terlalu lemah: RSA paling sedikit 2048 bit.")
            )
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, CURVES):
        return key
    raise CertificateError(
        _("Jenis kunci sertifikat ini belum dikenal pembaca PDF: gunakan RSA atau ECDSA.")
    )


def _must_be_meant_for_this(own: x509.Certificate) -> None:
    if not _may_sign(own):
        raise CertificateError(_("Sertifikat ini tidak diterbitkan untuk tanda tangan."))


def _may_sign(own: x509.Certificate) -> bool:
    """RFC 5280, 4.2.1.3: without the extension a key may do everything."""
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    return usage.digital_signature or usage.content_commitment


def _must_be_valid(certificate: Certificate, now: datetime) -> None:
    if now < certificate.valid_from:
        day = long_date(local_date(certificate.valid_from))
        raise CertificateError(_("Sertifikat ini baru berlaku mulai %(day)s.", day=day))
    if now > certificate.valid_until:
        day = long_date(local_date(certificate.valid_until))
        raise CertificateError(
            _("Sertifikat ini sudah kedaluwarsa sejak %(day)s. Unggah yang baru.", day=day)
        )


def described(own: x509.Certificate) -> Certificate:
    """What a certificate says of itself. Of its names only those that people read are taken."""
    return Certificate(
        subject=_name(own.subject),
        issuer=_name(own.issuer),
        serial=f"{own.serial_number:x}"[:64],
        fingerprint=own.fingerprint(SHA256()).hex(),
        valid_from=own.not_valid_before_utc,
        valid_until=own.not_valid_after_utc,
    )


def _name(name: x509.Name) -> str:
    """Common name, else organisation: a serial number in a name may be a NIK.

    Whoever made the certificate chose it: characters that no database keeps, or that turn a line
    round, are left out.
    """
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for part in name.get_attributes_for_oid(kind):
            if said := " ".join(legible(str(part.value)).split()):
                return said[:200]
    return "-"
