"""What the columns of an attempt to reach somebody are called."""

from typing import Any

from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "ContactAttempt.channel": _l("Cara menghubungi"),
    "ContactAttempt.state": _l("Menurut kesepakatan"),
    "obstacles": _l("Yang bertentangan"),
    "override_reason": _l("Alasan tetap menghubungi"),
    "wording": _l("Teks"),
    "outcome": _l("Hasil"),
    "contact_attempts": _l("Upaya menghubungi"),
}
