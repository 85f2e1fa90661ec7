"""Safe contact: how somebody may be reached without harm, in words and as a rule.

Every path that leaves the office asks `obstacles` first. What was never asked is not allowed:
a call to a shared telephone can cost more than a late answer. Only the reporter's own look at
the portal (`lewat_lacak`) is always open, since nothing reaches them there that they did not fetch.
"""

from collections.abc import Callable
from datetime import datetime, time

from models import SafeContact
from portal.indonesia import dates, phone
from portal.wording import _
from portal.wording import lazy as _l

FETCHED, NEVER, UNKNOWN = "lewat_lacak", "jangan_dihubungi", "tidak_diketahui"
LETTER, VISIT = "surat", "kunjungan"
CHANNELS = {
    "telepon": _l("telepon"),
    "whatsapp": _l("WhatsApp"),
    "sms": _l("SMS"),
    "email": _l("surel (e-mail)"),
    LETTER: _l("surat"),
    VISIT: _l("kunjungan"),
    FETCHED: _l("hanya lewat halaman lacak"),
    "lewat_orang_lain": _l("lewat orang yang dipercaya"),
    NEVER: _l("jangan dihubungi"),
    UNKNOWN: _l("belum diketahui"),
}
DAYS = {
    "senin": _l("Senin"),
    "selasa": _l("Selasa"),
    "rabu": _l("Rabu"),
    "kamis": _l("Kamis"),
    "jumat": _l("Jumat"),
    "sabtu": _l("Sabtu"),
    "minggu": _l("Minggu"),
}
DAY_CODES = tuple(DAYS)
TO_THE_HOME = {LETTER: "letter_allowed", VISIT: "visit_allowed"}


def sentences(contact: SafeContact | None) -> list[str]:
    """What an officer must know before reaching out, the most important first."""
    if contact is None:
        return [_("Cara menghubungi yang aman belum ditanyakan.")]
    return [sentence for tell in _TELLERS if (sentence := tell(contact))]


def allowed(contact: SafeContact | None, channel: str, at: datetime) -> bool:
    """Whether `channel` may be used at the aware time `at`."""
    return not obstacles(contact, channel, at)


def obstacles(contact: SafeContact | None, channel: str, at: datetime) -> list[str]:
    """Why `channel` may not be used at the aware time `at`, as sentences; empty if it may.

    Args:
        channel: a code of `CHANNELS`, or `surat`, or `kunjungan`.
    """
    if channel == FETCHED:
        return []
    if contact is None:
        return [_("Cara menghubungi yang aman belum ditanyakan.")]
    if channel in TO_THE_HOME and channel != contact.channel:
        return _home_obstacles(contact, channel)
    found = [_channel_obstacle(contact, channel), _window_obstacle(contact, at)]
    return [obstacle for obstacle in found if obstacle]


def _home_obstacles(contact: SafeContact, channel: str) -> list[str]:
    if getattr(contact, TO_THE_HOME[channel]):
        return []
    if channel == LETTER:
        return [_("Surat tidak boleh dikirim ke rumah.")]
    return [_("Petugas tidak boleh datang ke rumah.")]


def _channel_obstacle(contact: SafeContact, channel: str) -> str:
    if channel == contact.channel:
        return ""
    agreed = CHANNELS.get(contact.channel, contact.channel)
    return _("Cara menghubungi yang disepakati: %(channel)s.", channel=agreed)


def _window_obstacle(contact: SafeContact, at: datetime) -> str:
    here = dates.local(at)
    day_fits = not contact.days or DAY_CODES[here.weekday()] in contact.days
    if day_fits and _within(here.time(), contact.from_time, contact.until_time):
        return ""
    return _("Sekarang di luar waktu yang aman. %(window)s", window=_when(contact))


def _within(moment: time, start: time | None, end: time | None) -> bool:
    """Whether `moment` lies in a window that may cross midnight; an open end stays open."""
    start, end = start or time.min, end or time.max
    return start <= moment <= end if start <= end else moment >= start or moment <= end


def _how(contact: SafeContact) -> str:
    channel = CHANNELS.get(contact.channel, contact.channel)
    if not contact.address:
        return _("Cara menghubungi: %(channel)s.", channel=channel)
    address = phone.display(contact.address)
    return _("Cara menghubungi: %(channel)s, %(address)s.", channel=channel, address=address)


def _when(contact: SafeContact) -> str:
    days = ", ".join(str(DAYS.get(day, day)) for day in contact.days) or _("setiap hari")
    if not (contact.days or contact.from_time or contact.until_time):
        return ""
    if not (contact.from_time or contact.until_time):
        return _("Hanya pada: %(days)s.", days=days)
    start = contact.from_time or time.min
    end = contact.until_time or time(23, 59)
    hours = f"{start:%H.%M}\u2013{end:%H.%M} WIB"
    return _("Hanya pada: %(days)s, pukul %(hours)s.", days=days, hours=hours)


def _code_word(contact: SafeContact) -> str:
    if not contact.code_word:
        return ""
    return _("Sebutkan kata sandi ini lebih dahulu: \u201c%(word)s\u201d.", word=contact.code_word)


def _shared(contact: SafeContact) -> str:
    if contact.shared_phone is None:
        return ""
    if contact.shared_phone:
        return _("Telepon dipakai bersama orang lain: jangan sebut nama kantor atau masalahnya.")
    return _("Telepon hanya dipakai sendiri.")


def _who(contact: SafeContact) -> str:
    if not contact.who_may_answer:
        return ""
    return _("Selain yang bersangkutan, yang boleh menjawab: %(who)s.", who=contact.who_may_answer)


def _letters(contact: SafeContact) -> str:
    if contact.letter_allowed:
        return _("Surat boleh dikirim ke rumah.")
    return _("Surat tidak boleh dikirim ke rumah.")


def _visits(contact: SafeContact) -> str:
    if contact.visit_allowed:
        return _("Petugas boleh datang ke rumah.")
    return _("Petugas tidak boleh datang ke rumah.")


def _notes(contact: SafeContact) -> str:
    return contact.notes or ""


_TELLERS: tuple[Callable[[SafeContact], str], ...] = (
    _how,
    _code_word,
    _when,
    _shared,
    _who,
    _letters,
    _visits,
    _notes,
)
