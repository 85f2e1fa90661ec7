"""A signed letter says who signed it and when, and one byte that is changed shows."""

import io
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from asn1crypto.pkcs12 import Pfx
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from portal.config import Settings
from portal.letters import LetterError, pdf, seals, signature, signers
from portal.letters.certificates import (
    LARGEST,
    Certificate,
    CertificateError,
    PassphraseError,
    open_certificate,
    open_key,
)
from portal.letters.remote_signer import RemoteSigner
from portal.letters.seals import SealError
from portal.letters.signature import SigningError
from portal.letters.signers import LocalSigner
from seed.authority import Issued
from tests.conftest import SECRETS
from tests.letters import samples
from tests.letters.test_archive import judged
from tests.support import signing
from tests.support.signing import NIK, NOW, PASSPHRASE, authority, budi, pdfsig, refused, service

DAY = timedelta(days=1)


def portal(**said: str) -> Settings:
    return Settings.read(SECRETS | {"PORTAL_ENV": "testing"} | said)


@cache
def nota() -> bytes:
    """The two-page nota."""
    return pdf.render("nota_terminasi", samples.nota_terminasi())


@cache
def signed() -> bytes:
    return signers.signed(LocalSigner(signing.file(), portal(), "Malang"), nota(), PASSPHRASE, NOW)[
        0
    ]


def _stream(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


def flipped(data: bytes, place: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 0x01
    return bytes(changed)


def detected(data: bytes) -> bool:
    """Whether the file no longer passes as the one that was signed."""
    try:
        seal = seals.inspect(data)
    except SealError:
        return True
    return seal is None or not seal.sound


# --- the signature --------------------------------------------------------------------------------


def test_what_was_there_stays_in_front_and_both_readers_call_it_valid(tmp_path: Path) -> None:
    assert signed().startswith(nota())
    seal = seals.inspect(signed(), [authority().root])
    assert seal and seal.sound and seal.trusted and seal.certifying and seal.stamp is None
    assert (seal.certificate.subject, seal.signed_at) == ("Budi Santoso Rekaan", NOW)
    said = pdfsig(signed(), tmp_path)
    for part in (
        "Signature is Valid",
        "Total document signed",
        "ETSI.CAdES.detached",
        "Budi Santoso Rekaan",
    ):
        assert part in said
    assert said.count("Signature #") == 1


def test_an_rsa_key_signs_as_well(tmp_path: Path) -> None:
    own = authority().issue("Siti Rekaan", key=signing.rsa_key())
    signer = LocalSigner(own.file(PASSPHRASE), portal())
    after, seal = signers.signed(signer, nota(), PASSPHRASE, NOW)
    assert seal.certificate.subject == "Siti Rekaan"
    assert "Signature is Valid" in pdfsig(after, tmp_path)


def test_the_field_is_invisible_prints_and_names_nobody() -> None:
    with pikepdf.open(_stream(signed())) as document:
        (annotation,) = document.pages[0].Annots
        assert [float(edge) for edge in annotation.Rect] == [0, 0, 0, 0]
        assert int(annotation.F) & 4 and not int(annotation.F) & (1 | 2 | 32)  # PDF/A-2, 6.3.2
        about = annotation.V
        assert (str(about.Reason), str(about.Location)) == (signature.REASON, "Malang")
        assert int(document.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1


def test_a_signed_letter_is_pdf_a_still() -> None:
    """The judge does not know forms and permissions, and says so; it refuses nothing."""
    for key in (None, signing.rsa_key()):
        own = open_key(authority().issue("Budi", key=key).file("x"), "x", NOW)
        found = judged(signature.sign(nota(), own, NOW)).findings
        assert {(one.kind, one.where.rpartition("/")[2]) for one in found} == {
            ("unsupported", "AcroForm"),
            ("unsupported", "Perms"),
        }


def test_a_changed_byte_is_detected_by_both_readers(tmp_path: Path) -> None:
    text = signed().index(b"stream") + 40
    for changed in (flipped(signed(), text), flipped(signed(), len(nota()) + 100)):
        assert detected(changed)
        assert "Signature is Valid" not in pdfsig(changed, tmp_path)


@effort(max_examples=30)
@given(st.integers(0, 10**9))
def test_no_byte_of_the_letter_can_be_changed_unseen(place: int) -> None:
    assert detected(flipped(signed(), place % len(nota())))


def test_whatever_is_added_afterwards_is_detected() -> None:
    assert detected(signed() + b"\n% lain\n")
    with pikepdf.open(_stream(signed())) as document:
        document.docinfo.Title = "Lain"
        out = _stream(b"")
        document.save(out)
    assert detected(out.getvalue())
    with pytest.raises(SigningError, match="tidak sesuai"):
        signers.accepted(nota(), out.getvalue(), NOW)


def test_a_signed_letter_takes_no_second_signature() -> None:
    key = open_key(signing.file(), PASSPHRASE, NOW)
    with pytest.raises(SigningError, match="sudah ditandatangani"):
        signature.sign(signed(), key, NOW)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 rusak", b"GIF89a", b"%PDF-1.7\n" * 1000])
def test_what_is_no_pdf_is_neither_signed_nor_called_signed(data: bytes) -> None:
    key = open_key(signing.file(), PASSPHRASE, NOW)
    with pytest.raises(SigningError, match="tidak dapat ditandatangani"):
        signature.sign(data, key, NOW)
    assert detected(data)


def test_an_unsigned_letter_has_no_seal() -> None:
    assert seals.inspect(nota()) is None


def test_a_stranger_may_sign_but_is_not_trusted() -> None:
    own = type(authority())(NOW).issue("Orang Lain")
    key = open_key(own.file("x"), "x", NOW)
    seal = seals.inspect(signature.sign(nota(), key, NOW), [authority().root])
    assert seal and seal.sound and not seal.trusted


def test_signing_the_two_page_nota_takes_a_fraction_of_its_making() -> None:
    key, start = open_key(signing.file(), PASSPHRASE, NOW), time.process_time()
    for _ in range(5):
        signature.sign(nota(), key, NOW)
    assert (time.process_time() - start) / 5 < 0.15  # measured: 0.02 s


# --- certificates ---------------------------------------------------------------------------------


def test_a_certificate_tells_whose_it_is_and_until_when() -> None:
    found = open_certificate(signing.file(), PASSPHRASE, NOW)
    assert (found.subject, found.issuer) == ("Budi Santoso Rekaan", "Otoritas Sertifikat Rekaan")
    assert (found.valid_from, found.valid_until) == (NOW - DAY, NOW + 729 * DAY)
    assert len(found.fingerprint) == 64 and int(found.serial, 16)
    assert not found.ends_soon(NOW) and found.ends_soon(NOW + 700 * DAY)


def _issued(**about: object) -> bytes:
    return authority().issue("Budi", **about).file(PASSPHRASE)  # type: ignore[arg-type]


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "over": (
        lambda: _issued(since=NOW - 9 * DAY, lasting=8 * DAY),
        "kedaluwarsa sejak 23 November",
    ),
    "early": (lambda: _issued(since=NOW + DAY), "baru berlaku mulai 25 November 2026"),
    "purpose": (
        lambda: _issued(usage=("key_encipherment",)),
        "tidak diterbitkan untuk tanda tangan",
    ),
    "weak": (lambda: _issued(key=signing.rsa_key(1024)), "RSA paling sedikit 2048"),
    "kind": (lambda: _issued(key=ed25519.Ed25519PrivateKey.generate()), "belum dikenal pembaca"),
    "large": (lambda: b"0" * (LARGEST + 1), "paling banyak 100 kB"),
    "text": (lambda: b"-----BEGIN CERTIFICATE-----", "bukan sertifikat PKCS#12"),
    "empty": (lambda: b"", "bukan sertifikat PKCS#12"),
    "cut": (lambda: signing.file()[:-40], "bukan sertifikat PKCS#12"),
    "deep": (lambda: b"\x30\x80" * 4000, "bukan sertifikat PKCS#12"),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_sign_is_refused_in_a_sentence(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(CertificateError, match=words):
        open_certificate(make(), PASSPHRASE, NOW)


def test_a_key_without_its_certificate_is_refused() -> None:
    lock = BestAvailableEncryption(PASSPHRASE.encode())
    alone = pkcs12.serialize_key_and_certificates(None, budi().key, None, None, lock)
    with pytest.raises(CertificateError, match="beserta kunci pribadinya"):
        open_certificate(alone, PASSPHRASE, NOW)


@pytest.mark.parametrize("way", [[], ["-legacy"], ["-nomac"]], ids=str)
def test_files_of_other_makers_open(way: list[str], tmp_path: Path) -> None:
    made = _exported(tmp_path, *way)
    assert open_certificate(made, "abc", NOW).subject == "Budi Santoso Rekaan"
    with pytest.raises(PassphraseError):
        open_certificate(made, "abd", NOW)


def test_a_key_that_every_passphrase_opens_is_refused(tmp_path: Path) -> None:
    made = _exported(tmp_path, "-nomac", "-keypbe", "NONE", "-certpbe", "NONE")
    with pytest.raises(CertificateError, match="tidak dikunci"):
        open_certificate(made, "abc", NOW)


def _exported(folder: Path, *way: str) -> bytes:
    """Budi's certificate as OpenSSL writes it."""
    (folder / "key").write_bytes(_pem(budi()))
    (folder / "own").write_bytes(budi().certificate.public_bytes(Encoding.PEM))
    command = ["openssl", "pkcs12", "-export", "-inkey", "key", "-in", "own", "-out", "file"]
    subprocess.run([*command, "-passout", "pass:abc", *way], cwd=folder, check=True)
    return (folder / "file").read_bytes()


def _pem(issued: Issued) -> bytes:
    return issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "passphrase", ["", "salah", PASSPHRASE + " ", "\x00", "🔑" * 5000, "\ud800"]
)
def test_a_wrong_passphrase_is_told_apart(passphrase: str) -> None:
    with pytest.raises(PassphraseError, match="tidak cocok"):
        open_certificate(signing.file(), passphrase, NOW)


def test_a_file_that_asks_for_endless_work_is_not_opened() -> None:
    start = time.process_time()
    with pytest.raises(CertificateError):
        open_certificate(_endless(signing.file()), PASSPHRASE, NOW)
    assert time.process_time() - start < 1


def _endless(data: bytes) -> bytes:
    pfx = Pfx.load(data)
    pfx["mac_data"]["iterations"] = 2_000_000_000
    return pfx.dump(force=True)


@effort(max_examples=30)
@given(st.binary(max_size=300), st.integers(0, 10**6))
def test_no_bytes_are_anything_but_a_certificate_or_a_sentence(junk: bytes, place: int) -> None:
    data = signing.file()
    at = place % len(data)
    for hostile in (junk, data[:at] + junk + data[at:]):
        try:
            assert isinstance(open_certificate(hostile, PASSPHRASE, NOW), Certificate)
        except LetterError as refusal:
            assert str(refusal).endswith((".", ")."))


# --- the national service -------------------------------------------------------------------------


def test_the_service_signs_and_its_answer_is_verified(tmp_path: Path) -> None:
    with service() as there:
        signer = RemoteSigner(NIK, portal(**there.settings()))
        after, seal = signers.signed(signer, nota(), PASSPHRASE, NOW)
    assert seal.certificate.subject == "Budi Santoso Rekaan"
    assert "Signature is Valid" in pdfsig(after, tmp_path)
    (form,) = there.asked
    assert (form["file"], form["tampilan"]) == (nota(), b"invisible")
    assert there.paths == ["/api/sign/pdf"]  # nobody's NIK in an address


@pytest.mark.parametrize(
    ("nik", "passphrase", "kind", "words"),
    [
        (NIK, "salah", PassphraseError, "tidak cocok"),
        ("3573010101700002", PASSPHRASE, CertificateError, "tidak mengenal"),
    ],
)
def test_what_the_service_refuses_is_said(
    nik: str, passphrase: str, kind: type[LetterError], words: str
) -> None:
    with service() as there, pytest.raises(kind, match=words):
        RemoteSigner(nik, portal(**there.settings())).sign(nota(), passphrase, NOW)


ANSWERS = {
    "no_pdf": (200, b"<html>"),
    "moved": (302, b""),
    "broken": (500, b"NIK 3573010101700001"),
    "no_json": (400, b"[" * 9000),
    "list": (400, b"[1]"),
    "word": (400, b'{"status_code": "3573010101700001"}'),
    "other": refused(9999, "NIK 3573010101700001"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_answer_of_the_service_is_repeated(answer: signing.Answer) -> None:
    with service() as there, pytest.raises(SigningError, match="menolak surat") as refusal:
        there.instead = answer
        RemoteSigner(NIK, portal(**there.settings())).sign(nota(), PASSPHRASE, NOW)
    assert NIK not in str(refusal.value)
    assert len(there.asked) == 1  # no redirect was followed


def test_a_service_that_does_not_know_the_portal_or_is_away_is_said() -> None:
    with service() as there:
        strange = portal(SIGNER_URL=there.address, SIGNER_TOKEN="lain:lain")
        with pytest.raises(SigningError, match="SIGNER_TOKEN"):
            RemoteSigner(NIK, strange).sign(nota(), PASSPHRASE, NOW)
        gone = portal(**there.settings())
    with pytest.raises(SigningError, match="tidak menjawab"):
        RemoteSigner(NIK, gone).sign(nota(), PASSPHRASE, NOW)
    with pytest.raises(SigningError, match="SIGNER_URL"):
        RemoteSigner(NIK, portal()).sign(nota(), PASSPHRASE, NOW)


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "flipped": lambda data: flipped(data, 5000),
    "in the signature": lambda data: flipped(data, data.rindex(b"/ByteRange") + 3),
    "longer": lambda data: data + b"\n%%EOF\n",
    "shorter": lambda data: data[:-100],
    "unsigned": lambda data: nota(),
    "another letter": lambda data: signature.sign(
        pdf.render("surat_perintah", samples.surat_perintah()),
        open_key(signing.file(), PASSPHRASE, NOW),
        NOW,
    ),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_is_not_this_letter_signed_is_not_taken(spoil: Callable[[bytes], bytes]) -> None:
    with service() as there, pytest.raises(SigningError, match="tidak disimpan"):
        there.spoil = spoil
        signers.signed(RemoteSigner(NIK, portal(**there.settings())), nota(), PASSPHRASE, NOW)


def test_a_certificate_that_is_over_is_not_taken_from_the_service_either() -> None:
    old = authority().issue("Budi", lasting=3 * DAY)
    with service() as there, pytest.raises(SigningError, match="tidak berlaku"):
        there.issued = old
        signer = RemoteSigner(NIK, portal(**there.settings()))
        signers.signed(signer, nota(), PASSPHRASE, NOW + 30 * DAY)


# --- time stamps ----------------------------------------------------------------------------------


def test_a_time_stamp_dates_the_signature(tmp_path: Path) -> None:
    with signing.stamping() as address:
        signer = LocalSigner(signing.file(), portal(TIMESTAMP_URL=address))
        after, seal = signers.signed(signer, nota(), PASSPHRASE, NOW + DAY)
    assert (seal.stamp, seal.signed_at) == (True, NOW)  # the authority's clock, not ours
    assert "Signature is Valid" in pdfsig(after, tmp_path)


def test_without_its_time_stamp_nothing_is_signed() -> None:
    with signing.stamping(lambda _answer: b"junk") as address:
        signer = LocalSigner(signing.file(), portal(TIMESTAMP_URL=address))
        with pytest.raises(SigningError, match="penanda waktu tidak menjawab"):
            signer.sign(nota(), PASSPHRASE, NOW)
    with pytest.raises(SigningError, match="penanda waktu tidak menjawab"):
        replace(signer).sign(nota(), PASSPHRASE, NOW)


def test_neither_key_nor_passphrase_shows_in_what_is_printed_of_them() -> None:
    key = open_key(signing.file(), PASSPHRASE, NOW)
    shown = repr([key, LocalSigner(signing.file(), portal()), RemoteSigner(NIK, portal()), budi()])
    assert NIK not in shown and "PrivateKey" not in shown
