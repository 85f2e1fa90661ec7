"""What can be done with a certificate, as a table."""

from typing import Any

from models import SigningCertificate
from portal.casework import signing_certificates
from portal.screens import act_forms
from portal.screens.act import Act, Obstacles, Words
from portal.screens.act_doing import bare
from portal.wording import lazy as _l

ACTS: dict[str, dict[str, Act]] = {
    "signing_certificate": {
        "withdraw": Act(
            act_forms.ConfirmForm,
            bare(signing_certificates.withdraw),
            _l(
                "Tidak ada lagi yang ditandatangani dengan sertifikat ini dan kuncinya dihapus. "
                "Surat yang sudah ditandatangani tetap sah."
            ),
        ),
    },
}
WORDS: dict[str, dict[str, Words]] = {
    "signing_certificate": {
        "withdraw": Words(_l("Cabut sertifikat"), _l("Sertifikat dicabut"), grave=True),
    },
}
OBSTACLES: dict[type[Any], Obstacles] = {
    SigningCertificate: lambda row, act, officer: signing_certificates.obstacles(row, officer),
}
