"""The national signing service (BSrE): certificate and key lie there, the letter goes and returns.

One call: the PDF, the identity under which the signatory is known there (a NIK) and the
passphrase, as a form; the answer is the signed PDF, or JSON that names an error. Nothing of it is
repeated in a message or a log, no redirect is followed, no proxy of the environment is asked.
"""

from dataclasses import dataclass
from datetime import datetime

import httpx

from portal.config import Settings
from portal.letters import answers
from portal.letters.certificates import CertificateError, PassphraseError
from portal.letters.signature import SigningError
from portal.wording import _

PATIENCE = httpx.Timeout(60.0, connect=5.0)
LARGEST = 50_000_000  # bytes of an answer
LONGEST = 120.0  # seconds until it has come
PLACE = "/api/sign/pdf"
UNKNOWN, WRONG_PASSPHRASE = 2011, 2031  # the service's own numbers


@dataclass(frozen=True, repr=False)
class RemoteSigner:
    """One signatory of the service, by the identity they have there."""

    identity: str
    settings: Settings

    def sign(self, pdf: bytes, passphrase: str, at: datetime) -> bytes:
        """As Signer says; the moment is the service's own."""
        if not self.settings.signer_url:
            raise SigningError(_("Layanan tanda tangan belum diatur (SIGNER_URL)."))
        form = {"nik": self.identity, "passphrase": passphrase, "tampilan": "invisible"}
        try:
            status, answer = self._answer(form, pdf)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise SigningError(
                _("Layanan tanda tangan tidak menjawab. Surat belum ditandatangani; coba lagi.")
            ) from None
        if status == 200 and answer.startswith(b"%PDF-"):
            return answer
        raise _refusal(status, answer)

    def _answer(self, form: dict[str, str], pdf: bytes) -> tuple[int, bytes]:
        user, _colon, password = self.settings.signer_token.partition(":")
        place = self.settings.signer_url.rstrip("/") + PLACE
        files = {"file": ("surat.pdf", pdf, "application/pdf")}
        with (
            httpx.Client(
                auth=(user, password), timeout=PATIENCE, follow_redirects=False, trust_env=False
            ) as line,
            line.stream("POST", place, data=form, files=files) as answer,
        ):
            return answer.status_code, answers.whole(answer, LARGEST, LONGEST)


def _refusal(status: int, answer: bytes) -> CertificateError | SigningError:
    code = _code(answer)
    if code == WRONG_PASSPHRASE:
        return PassphraseError(_("Kata sandi tanda tangan (passphrase) ini tidak cocok."))
    if code == UNKNOWN:
        return CertificateError(_("Layanan tanda tangan tidak mengenal penanda tangan ini."))
    if status in (401, 403):
        return SigningError(
            _("Layanan tanda tangan menolak portal ini. Beri tahu admin (SIGNER_TOKEN).")
        )
    return SigningError(
        _("Layanan tanda tangan menolak surat ini (%(code)s).", code=code or status)
    )


def _code(answer: bytes) -> int | None:
    """The service's own number for what went wrong; its words may quote what was sent."""
    try:
        found = httpx.Response(200, content=answer[:10_000]).json()
    except (ValueError, RecursionError):
        return None
    code = found.get("status_code") if isinstance(found, dict) else None
    return code if isinstance(code, int) else None
