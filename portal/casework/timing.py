"""What the office has set for its clocks: hours, days off, channels that never close, limits.

Decided here, explained in docs/clock.md: the promise of thirty minutes counts every minute on the
channels that are open day and night, and office hours on the others; of an emergency every minute
counts whatever way it came.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Channel, DayOff, Setting
from portal.indonesia import hours
from portal.indonesia.hours import Always, Calendar, Counting
from portal.wording import _

DECISION = timedelta(minutes=30)
COUNTER = timedelta(minutes=10)
HOURS, CHANNELS, ANSWER, FORWARD = "clock_hours", "clock_channels", "clock_answer", "clock_forward"
WARNING, PAUSE = "clock_warning", "clock_pause"
DEFAULTS = {
    HOURS: "Senin-Kamis 08.00-16.00, istirahat 12.00-13.00\n"
    "Jumat 07.30-14.30, istirahat 11.30-13.00",
    CHANNELS: "website, whatsapp",
    ANSWER: "30",
    FORWARD: "15",
    WARNING: "67",
    PAUSE: "24",
}
# The least and the most of each number.
RANGES = {ANSWER: (5, 1440), FORWARD: (5, 1440), WARNING: (10, 95), PAUSE: (1, 240)}
EVERY_MINUTE = Always()
KEPT = "portal.timing"


@dataclass(frozen=True)
class Timing:
    """The clocks of the office as they are set now."""

    office: Calendar
    open_always: frozenset[Channel]
    answer: timedelta
    forward: timedelta
    warning: float
    longest_pause: timedelta

    @property
    def days_off(self) -> frozenset[date]:
        """The days on which the office does not work."""
        return self.office.days_off

    def counting(self, channel: Channel, emergency: bool = False) -> Counting:
        """How time counts for something that came by `channel`."""
        return EVERY_MINUTE if emergency or channel in self.open_always else self.office


def of(session: Session) -> Timing:
    """The clocks as they are set; read once a transaction."""
    transaction = session.get_transaction()
    known = session.info.get(KEPT)
    if known is None or transaction is None or known[0] is not transaction:
        made = _read(session)
        known = session.info[KEPT] = (session.get_transaction(), made)
    found: Timing = known[1]
    return found


def _read(session: Session) -> Timing:
    query = select(Setting.key, Setting.value).where(Setting.key.in_(DEFAULTS))
    stored: dict[str, str] = dict(session.execute(query).all())
    return made(stored, frozenset(session.scalars(select(DayOff.day))))


def made(stored: Mapping[str, str], days_off: frozenset[date] = frozenset()) -> Timing:
    """The clocks that these settings describe; one that cannot be read is as it was delivered."""
    said = DEFAULTS | dict(stored)
    usable = {key: DEFAULTS[key] if faults(key, value) else value for key, value in said.items()}
    return Timing(
        office=Calendar(hours.parse(usable[HOURS]), days_off),
        open_always=_channels(usable[CHANNELS]),
        answer=timedelta(minutes=int(usable[ANSWER])),
        forward=timedelta(minutes=int(usable[FORWARD])),
        warning=int(usable[WARNING]) / 100,
        longest_pause=timedelta(hours=int(usable[PAUSE])),
    )


# --- what may be set ----------------------------------------------------------------------------


def faults(key: str, value: str | None) -> str | None:
    """What is wrong with the value of a setting, as a sentence; None for other settings."""
    check = CHECKS.get(key)
    if check is None:
        return None
    try:
        check(key, value or "")
    except ValueError as error:
        return str(error)
    return None


def _channels(text: str) -> frozenset[Channel]:
    """Channels by their codes, with commas between them. Raises ValueError for another."""
    words = (one.strip().lower() for one in text.replace("\n", ",").split(","))
    named = {word.replace(" ", "_") for word in words if word}
    if unknown := sorted(named - {one.value for one in Channel}):
        known = ", ".join(one.value for one in Channel)
        raise ValueError(
            _(
                "Saluran “%(name)s” tidak dikenal. Pilihannya: %(known)s.",
                name=unknown[0],
                known=known,
            )
        )
    return frozenset(map(Channel, named))


def _number(key: str, text: str) -> None:
    least, most = RANGES[key]
    known = text.strip()
    if not (known.isascii() and known.isdigit() and len(known) < 7 and least <= int(known) <= most):
        raise ValueError(_("Isi angka dari %(least)s sampai %(most)s.", least=least, most=most))


CHECKS: dict[str, Callable[[str, str], object]] = {
    HOURS: lambda key, text: hours.parse(text),
    CHANNELS: lambda key, text: _channels(text),
    **dict.fromkeys(RANGES, _number),
}
