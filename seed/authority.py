"""A certificate authority made on the spot, for the demo and the tests: nobody else trusts it.

The portal itself makes no certificates: an office brings its signatories' own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    KeySerializationEncryption,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
TOWN = "Kota Rekaan"
YEARS = timedelta(days=730)


@dataclass(frozen=True, repr=False)
class Issued:
    """A certificate, its key, and who issued it."""

    certificate: x509.Certificate
    key: PrivateKey
    issuer: x509.Certificate

    def file(self, passphrase: str) -> bytes:
        """All of it as PKCS#12, AES-256; without a lock where the passphrase is empty."""
        lock: KeySerializationEncryption = NoEncryption()
        if passphrase:
            lock = BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            b"tanda tangan", self.key, self.certificate, [self.issuer], lock
        )


class Authority:
    """Issues certificates; valid ten years from the day before `now`."""

    def __init__(self, now: datetime, name: str = "Otoritas Sertifikat Rekaan") -> None:
        self.now = now
        self.key = ec.generate_private_key(ec.SECP256R1())
        named = _name(name)
        builder = _builder(named, named, self.key, now - timedelta(days=1), YEARS * 5)
        self.root = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .sign(self.key, SHA256())
        )

    def issue(
        self,
        name: str,
        *,
        key: PrivateKey | None = None,
        since: datetime | None = None,
        lasting: timedelta = YEARS,
        usage: tuple[str, ...] = ("digital_signature", "content_commitment"),
        stamping: bool = False,
    ) -> Issued:
        """A certificate for `name`, P-256 unless a key is given, from the day before `now`."""
        own = key or ec.generate_private_key(ec.SECP256R1())
        start = since or self.now - timedelta(days=1)
        builder = _builder(_name(name), self.root.subject, own, start, lasting)
        builder = builder.add_extension(_usage(*usage), critical=True)
        if stamping:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(purpose, critical=True)
        return Issued(builder.sign(self.key, SHA256()), own, self.root)


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Pemerintah {TOWN}"),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PrivateKey, start: datetime, lasting: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lasting)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: name in allowed for name in names})
