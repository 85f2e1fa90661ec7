"""Whether a delivery comes from whom it says: Meta's signature over the bytes as they came.

HMAC-SHA256 under the secret of the app, in `X-Hub-Signature-256` (developers.facebook.com,
webhooks/create-webhook-endpoint). Two secrets are good while one is exchanged for the other.
"""

import hmac
import re

HEADER = "X-Hub-Signature-256"
_FORM = re.compile(r"sha256=([0-9A-Fa-f]{64})", re.ASCII)


def secrets(setting: str) -> list[bytes]:
    """The secrets of a setting, the first one in use; none while the channel is off."""
    return [one.strip().encode() for one in setting.split(",") if one.strip()]


def genuine(body: bytes, given: str, known: list[bytes]) -> bool:
    """Whether `given` signs `body` under one of the secrets; constant in time, never an error."""
    written = _FORM.fullmatch(given)
    signature = bytes.fromhex(written[1]) if written else b""
    matching = [_same(hmac.digest(secret, body, "sha256"), signature) for secret in known]
    return any(matching)


def _same(wanted: bytes, given: bytes) -> bool:
    return hmac.compare_digest(wanted, given)


def same_text(wanted: str, given: str) -> bool:
    """Whether a secret word was told, in constant time; an empty one is told by nobody."""
    return bool(wanted) and hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))
