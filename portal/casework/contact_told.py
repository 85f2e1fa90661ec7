"""Safe contact in sentences: what an officer must know before, and what is told once it may be.

Number, address and code word are told by `secrets` alone, to whom the gate let through.
"""

from collections.abc import Callable
from datetime import time

from models import Person, SafeContact
from portal.casework.contact_words import CHANNELS, DAYS, LETTER, TRUSTED, VISIT
from portal.indonesia import phone
from portal.wording import _


def sentences(contact: SafeContact | None) -> list[str]:
    """What an officer must know before reaching out, the most important first."""
    if contact is None:
        return [_("Cara menghubungi yang aman belum ditanyakan.")]
    return [sentence for tell in _TELLERS if (sentence := tell(contact))]


def secrets(person: Person, channel: str) -> list[str]:
    """Where the person is reached over `channel` and how to begin, for who is let through."""
    contact = person.safe_contact
    address = _address(person, channel)
    told = [_("Hubungi: %(address)s.", address=address or _("nomor atau alamatnya belum dicatat"))]
    if contact and contact.code_word:
        word = contact.code_word
        told.append(_("Sebutkan kata sandi ini lebih dahulu: \u201c%(word)s\u201d.", word=word))
    return told


def _address(person: Person, channel: str) -> str:
    """What was agreed for this way; else what is known of the person."""
    contact = person.safe_contact
    known = {"email": person.email, LETTER: person.address, VISIT: person.address, TRUSTED: None}
    agreed = contact.address if contact and contact.channel == channel else None
    return phone.display(agreed or known.get(channel, person.phone) or "")


def when(contact: SafeContact) -> str:
    """The agreed days and hours as a sentence; empty where none were agreed."""
    if not (contact.days or contact.from_time or contact.until_time):
        return ""
    days = ", ".join(str(DAYS.get(day, day)) for day in contact.days) or _("setiap hari")
    if not (contact.from_time or contact.until_time):
        return _("Hanya pada: %(days)s.", days=days)
    start = contact.from_time or time.min
    end = contact.until_time or time(23, 59)
    hours = f"{start:%H.%M}\u2013{end:%H.%M} WIB"
    return _("Hanya pada: %(days)s, pukul %(hours)s.", days=days, hours=hours)


# --- a sentence each ------------------------------------------------------------------------------


def _how(contact: SafeContact) -> str:
    channel = CHANNELS.get(contact.channel, contact.channel)
    return _("Cara menghubungi: %(channel)s.", channel=channel)


def _code_word(contact: SafeContact) -> str:
    if not contact.code_word:
        return ""
    return _("Ada kata sandi yang disebutkan lebih dahulu: tampil di halaman Hubungi.")


def _shared(contact: SafeContact) -> str:
    if contact.shared_phone is None:
        return _("Belum diketahui siapa yang memakai teleponnya: jangan sebut kantor atau masalah.")
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
    when,
    _code_word,
    _shared,
    _who,
    _letters,
    _visits,
    _notes,
)
