"""Safe contact: how somebody may be reached without harm, in words and as a rule.

Every path that leaves the office asks `permit` (or one of its kin) first. What was never asked is
not allowed: a call to a shared telephone can cost more than a late answer. Only the reporter's own
look at the portal (`lewat_lacak`) is always open, since nothing reaches them there that they did
not fetch. Against an obstacle stands only a written reason, and that is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from models import Case, ContactAttempt, ContactState, Officer, Person, Report, SafeContact
from portal.casework import contact_text, lists
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
from portal.casework.lifecycle import Refused
from portal.indonesia import dates
from portal.protection import audit
from portal.wording import _

# --- the rule ---------------------------------------------------------------------------------


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


# --- the gate -------------------------------------------------------------------------------------


# Long enough for a call and a second try, too short for a list of numbers.
OPEN_FOR = timedelta(hours=1)


class NotPermitted(Refused):
    """The agreement is against it and no reason was written; `obstacles` say what stands there."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(*(one.sentence for one in obstacles))
        self.obstacles = list(obstacles)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to reach whom, by which way, when, in which matter, in which words."""

    person: Person
    channel: str
    officer: Officer | None
    at: datetime
    about: Case | Report
    text: str | None = None


def permit(
    session: Session,
    person: Person,
    channel: str,
    officer: Officer | None,
    now: datetime,
    reason: str | None = None,
    *,
    about: Case | Report,
    text: str | None = None,
) -> ContactAttempt:
    """The gate before anything leaves for `person` over `channel`: the attempt, as it is kept.

    Agreed: go ahead. Not agreed: only with a written `reason` of an officer, which is kept,
    audited and shown on the case. Changes nothing else and does not commit.

    Args:
        officer: who acts; None for the portal itself, which has no reasons.
        text: what will be said in writing, if anything.

    Raises NotPermitted.
    """
    against = hindrances(session, person.safe_contact, channel, now, text)
    wish = Wish(person, channel, officer, now, about, text)
    return settle(session, wish, against, reason if officer else None)


def hindrances(
    session: Session, contact: SafeContact | None, channel: str, at: Moment, text: str | None = None
) -> list[Obstacle]:
    """Everything against it: the way, the time and, where something is written, the words."""
    against = found(contact, channel, at)
    if text:
        own = [name for name in lists.office(session).values() if name and "\n" not in name]
        against += text_obstacles(contact, text, own)
    return against


def settle(
    session: Session, wish: Wish, against: Sequence[Obstacle], reason: str | None
) -> ContactAttempt:
    """Keep what was wished as permitted or overridden. Raises NotPermitted."""
    why = (reason or "").strip()
    if against and not why:
        raise NotPermitted(against)
    state = ContactState.overridden if against else ContactState.permitted
    return _keep(session, wish, state, against, why if against else None)


def refuse(session: Session, wish: Wish, against: Sequence[Obstacle]) -> ContactAttempt:
    """Keep that somebody tried, and was held back."""
    return _keep(session, wish, ContactState.refused, against)


def _keep(
    session: Session,
    wish: Wish,
    state: ContactState,
    against: Sequence[Obstacle],
    reason: str | None = None,
) -> ContactAttempt:
    about = wish.about
    attempt = ContactAttempt(
        person=wish.person,
        channel=wish.channel,
        officer=wish.officer,
        at=wish.at,
        report=about if isinstance(about, Report) else None,
        case=about.case if isinstance(about, Report) else about,
        wording=wish.text,
        state=state,
        obstacles=[one.code for one in against],
        override_reason=reason,
    )
    session.add(attempt)
    session.flush()
    facts = {"channel": wish.channel, "obstacles": attempt.obstacles}
    audit.record(session, f"contact_{state.value}", wish.officer, attempt, **facts)
    return attempt


def is_open(attempt: ContactAttempt, officer: Officer, now: datetime) -> bool:
    """Whether number and code word are told to `officer` for this attempt (still)."""
    let_through = attempt.state is not ContactState.refused and attempt.outcome is None
    return let_through and attempt.officer_id == officer.id and now - attempt.at < OPEN_FOR


def conclude(
    session: Session, attempt: ContactAttempt, officer: Officer, outcome: str, note: str | None
) -> None:
    """How the attempt went, once, by whoever made it. Raises Refused."""
    if attempt.officer_id != officer.id or attempt.state is ContactState.refused:
        raise Refused(_("Hasilnya dicatat oleh petugas yang menghubungi."))
    if attempt.outcome is not None:
        raise Refused(_("Hasil kontak ini sudah dicatat."))
    attempt.outcome, attempt.note = outcome, note
    session.flush()
    audit.record(session, "contact_concluded", officer, attempt, outcome=outcome)
