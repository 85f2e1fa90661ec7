"""What an agreement on safe contact allows: channel, day, hour, and the words of a text."""

from collections.abc import Sequence
from datetime import date, datetime, time

from models import SafeContact
from portal.casework import contact_text
from portal.casework.contact_told import when
from portal.casework.contact_words import (
    CHANNELS,
    DAY_CODES,
    FETCHED,
    LETTER,
    NEVER,
    TO_THE_HOME,
    TOLD_OF_TEXT,
    UNKNOWN,
    Moment,
    Obstacle,
)
from portal.indonesia import dates
from portal.wording import _


def allowed(contact: SafeContact | None, channel: str, at: Moment) -> bool:
    """Whether `channel` may be used at `at`."""
    return not found(contact, channel, at)


def obstacles(contact: SafeContact | None, channel: str, at: Moment) -> list[str]:
    """As `found`, the sentences alone."""
    return [one.sentence for one in found(contact, channel, at)]


def found(contact: SafeContact | None, channel: str, at: Moment) -> list[Obstacle]:
    """Why `channel` may not be used at `at` (aware); empty if it may.

    Args:
        channel: a code of `CHANNELS`; any other is one that was never agreed.
    """
    if channel == FETCHED:
        return []
    if contact is None or contact.channel == UNKNOWN:
        asked = _home(contact, channel) if contact and channel in TO_THE_HOME else [_unasked()]
        return asked + _window(contact, channel, at)
    if contact.channel == NEVER:
        return [Obstacle("never", _("Orang ini minta jangan dihubungi."))]
    way = _home(contact, channel) if channel in TO_THE_HOME else _other(contact, channel)
    return way + _window(contact, channel, at)


def _unasked() -> Obstacle:
    return Obstacle("not_asked", _("Cara menghubungi yang aman belum ditanyakan."))


def _home(contact: SafeContact, channel: str) -> list[Obstacle]:
    """A yes opens the home, a no closes it even to the way that was agreed."""
    said = getattr(contact, TO_THE_HOME[channel])
    if said or (said is None and channel == contact.channel):
        return []
    if channel == LETTER:
        return [Obstacle("no_letter", _("Surat tidak boleh dikirim ke rumah."))]
    return [Obstacle("no_visit", _("Petugas tidak boleh datang ke rumah."))]


def _other(contact: SafeContact, channel: str) -> list[Obstacle]:
    if channel == contact.channel:
        return []
    agreed = CHANNELS.get(contact.channel, contact.channel)
    sentence = _("Cara menghubungi yang disepakati: %(channel)s.", channel=agreed)
    return [Obstacle("other_channel", sentence)]


def _window(contact: SafeContact | None, channel: str, at: Moment) -> list[Obstacle]:
    """A letter lies in the box at any hour; everything else keeps to the days and hours."""
    if contact is None or at is None or channel == LETTER or _is_open(contact, at):
        return []
    sentence = _("Sekarang di luar waktu yang aman. %(window)s", window=when(contact))
    if not isinstance(at, datetime):
        sentence = _("Hari itu di luar waktu yang aman. %(window)s", window=when(contact))
    return [Obstacle("closed_window", sentence)]


def _is_open(contact: SafeContact, at: datetime | date) -> bool:
    here = dates.local(at) if isinstance(at, datetime) else at
    if contact.days and DAY_CODES[here.weekday()] not in contact.days:
        return False
    if not isinstance(here, datetime):
        return True
    return _within(here.time(), contact.from_time, contact.until_time)


def _within(moment: time, start: time | None, end: time | None) -> bool:
    """Whether `moment` lies in a window that may cross midnight; an open end stays open."""
    start, end = start or time.min, end or time.max
    return start <= moment <= end if start <= end else moment >= start or moment <= end


# --- what is written ------------------------------------------------------------------------------


def text_obstacles(
    contact: SafeContact | None, text: str, own: Sequence[str] = ()
) -> list[Obstacle]:
    """What in `text` may not stand on a phone that is shared, or of which nobody knows.

    Args:
        own: the office's own names, addresses and numbers.
    """
    if contact is not None and contact.shared_phone is False:
        return []
    words: dict[str, list[str]] = {}
    for code, word in contact_text.findings(text, own):
        words.setdefault(code, []).append(f"\u201c{word}\u201d")
    return [
        Obstacle(code, str(TOLD_OF_TEXT[code]) % {"words": ", ".join(said)})
        for code, said in words.items()
    ]
