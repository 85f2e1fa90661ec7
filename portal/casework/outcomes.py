"""How a call of a transport went: what it answers to `portal.casework.sendings`."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Accepted:
    """It was taken; `external_id` names it there from now on."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now: again after `after`, or after a pause that grows with each try."""

    code: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Never; `code` stands in `send_errors` or is shown as it is, `text` tells more."""

    code: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it was taken."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing leaves by this channel any more until somebody has looked; the message waits."""

    code: str


Outcome = Accepted | Retry | Failed | Unknown | Stopped
