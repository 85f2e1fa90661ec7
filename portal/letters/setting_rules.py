"""What the office may set about its letters: one rule for the page and for the plain screen."""

import re
from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Letter, LetterKind, Logo, Setting
from portal.access import scope
from portal.letters import numbers
from portal.letters.kinds import FULL, INITIALS
from portal.letters.numbers import RegisterError
from portal.letters.pdf import SHEETS
from portal.letters.said import DEFAULTS, OF_A_KIND, Said, key_of, texts
from portal.wording import _

PATTERN, PAPER, UNIT, LOGO = "letter_number_pattern", "letter_paper", "letter_unit_code", "kop_logo"
NEEDED = ("nomor", "klasifikasi", "tahun")
NAMES = (FULL, INITIALS)
LINE, STORY = 200, 3_000
# What stands on every letter.
NEVER_EMPTY = {"kop_government", "kop_office", "kop_address", "letter_city", "letter_sifat"}
LINES = {"kop_government", "kop_office", "kop_unit", "kop_address", "letter_city", "letter_sifat"}
LINES |= {PATTERN, UNIT, PAPER}
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,29}")
TOUCHING = re.compile(r"\}\{|[0-9]\{nomor\}|\{nomor\}[0-9]")
# Key of a setting → the part and the kind that it is about.
PARTS = {key_of(part, kind): (part, kind) for kind in LetterKind for part in OF_A_KIND}
LATE = date(2026, 8, 1)  # the month with the longest number in Roman figures, VIII
LARGEST = 99_999


def faults(session: Session, wanted: Said) -> dict[str, str]:
    """What is wrong with the values `wanted` of settings, as sentences by key.

    They are judged together with what is set already. Keys that letters do not know are no
    business of theirs.
    """
    with session.no_autoflush:
        said = texts(session, but=wanted)
        found = {key: _fault(session, key, said) for key in wanted if key in DEFAULTS}
    return {key: sentence for key, sentence in found.items() if sentence}


def has_letters(session: Session, kind: LetterKind) -> bool:
    """Whether the register of a kind has begun: its first number is settled then."""
    with scope.system(session):
        found = session.scalar(select(Letter.id).where(Letter.kind == kind).limit(1))
    return found is not None


def _fault(session: Session, key: str, said: Said) -> str:
    if key in PARTS:
        part, kind = PARTS[key]
        return _length(key, said[key]) or OF_PARTS.get(part, _fine)(session, kind, said)
    if key in NEVER_EMPTY and not said[key].strip():
        return _("Wajib diisi.")
    return _length(key, said[key]) or OF_KEYS.get(key, _right)(session, said)


def _length(key: str, text: str) -> str:
    is_line = key in LINES or PARTS.get(key, ("",))[0] in ("classification", "start", "names")
    if is_line and "\n" in text.strip():
        return _("Isi satu baris saja.")
    most = LINE if is_line else STORY
    if len(text) > most:
        return _("Paling banyak %(most)s huruf, sekarang %(length)s.", most=most, length=len(text))
    return ""


def _fine(session: Session, kind: LetterKind, said: Said) -> str:
    return ""


def _right(session: Session, said: Said) -> str:
    return ""


# --- for all letters ----------------------------------------------------------------------------


def _pattern(session: Session, said: Said) -> str:
    """Numbers stand once: they need their running number, and what tells kinds and years apart."""
    pattern = said[PATTERN]
    places = numbers.PLACE.findall(pattern)
    if unknown := [one for one in places if one not in numbers.PARTS]:
        known = ", ".join(f"{{{one}}}" for one in numbers.PARTS)
        return _(
            "Bagian “%(name)s” tidak dikenal. Yang dikenal: %(known)s.",
            name=f"{{{unknown[0]}}}",
            known=known,
        )
    if absent := [one for one in NEEDED if one not in places]:
        return _("Pola harus memuat %(part)s, agar nomor tidak terulang.", part=f"{{{absent[0]}}}")
    if re.search(r"[{}]", numbers.PLACE.sub("", pattern)):
        return _("Kurung kurawal hanya untuk bagian yang dikenal.")
    if TOUCHING.search(pattern):
        return _("Pisahkan bagian-bagiannya dengan tanda, misalnya “/”.")
    return _too_long(said)


def _too_long(said: Said) -> str:
    """The longest number of any kind still fits."""
    try:
        for kind in LetterKind:
            code = said[key_of("classification", kind)]
            numbers.printed({**said, "classification": code}, LARGEST, LATE)
    except RegisterError:
        return _("Nomor yang dicetak terlalu panjang: paling banyak 80 huruf.")
    return ""


def _paper(session: Session, said: Said) -> str:
    known = said[PAPER].strip().upper() in SHEETS
    return "" if known else _("Pilih A4 atau F4.")


def _unit(session: Session, said: Said) -> str:
    if "{unit}" in said[PATTERN] and not CODE.fullmatch(said[UNIT].strip()):
        return _("Isi kode dengan angka, huruf, titik, atau tanda hubung.")
    return ""


def _logo(session: Session, said: Said) -> str:
    sha256 = said[LOGO]
    known = not sha256 or session.scalar(select(Logo.id).where(Logo.sha256 == sha256)) is not None
    return "" if known else _("Unggah logo di halaman Pengaturan surat.")


OF_KEYS: dict[str, Callable[[Session, Said], str]] = {
    PATTERN: _pattern,
    PAPER: _paper,
    UNIT: _unit,
    LOGO: _logo,
}


# --- of a kind ----------------------------------------------------------------------------------


def _classification(session: Session, kind: LetterKind, said: Said) -> str:
    code = said[key_of("classification", kind)].strip()
    if not CODE.fullmatch(code):
        return _("Isi kode dengan angka, huruf, titik, atau tanda hubung.")
    others = {said[key_of("classification", one)].strip() for one in LetterKind if one != kind}
    if code in others:
        return _("Kode ini sudah dipakai jenis surat lain.")
    return ""


def _start(session: Session, kind: LetterKind, said: Said) -> str:
    key = key_of("start", kind)
    wanted = said[key].strip()
    if not numbers.FIRST.fullmatch(wanted):
        return _("Isi angka dari 1 sampai 999999.")
    stored = session.scalar(select(Setting.value).where(Setting.key == key))
    before = (stored if stored is not None else DEFAULTS[key]).strip() or "1"
    if wanted != before and has_letters(session, kind):
        return _("Nomor awal tidak dapat diubah lagi: register ini sudah berisi surat.")
    return ""


def _names(session: Session, kind: LetterKind, said: Said) -> str:
    known = said[key_of("names", kind)].strip() in NAMES
    return "" if known else _("Pilih lengkap atau inisial.")


OF_PARTS: dict[str, Callable[[Session, LetterKind, Said], str]] = {
    "classification": _classification,
    "start": _start,
    "names": _names,
}
