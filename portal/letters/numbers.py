"""The numbers of letters: one gapless register a kind and year, printed as the office sets it."""

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Letter, LetterKind
from portal import numbering
from portal.access import scope
from portal.indonesia.dates import roman_month
from portal.letters import LetterError, said
from portal.letters.said import Said
from portal.wording import _

LONGEST_PRINTED = 80
PLACE = re.compile(r"\{(.*?)\}")
PARTS = ("klasifikasi", "nomor", "unit", "bulan", "tahun")
FIRST = re.compile(r"[1-9][0-9]{0,5}")


class RegisterError(LetterError):
    """A number that must not be given, or a letter that must not change."""


def take(session: Session, kind: LetterKind, on: date) -> tuple[int, str]:
    """The next number of the register of `kind` in the year of `on`, and how it is printed.

    The register stays locked until the transaction ends: lock the case before it. Raises
    RegisterError for a day before the register's last letter, a pattern that cannot be printed,
    and a printed number that any register has used before.
    """
    texts = said.texts(session, kind)
    with scope.system(session):
        first = start(session, texts, kind, on.year)
        number = numbering.take(session, kind.value, on.year, first)
        text = printed(texts, number, on)
        _refuse_back_dating(session, kind, on)
        _refuse_double(session, text)
    return number, text


def start(session: Session, texts: Said, kind: LetterKind, year: int) -> int:
    """The first number of a register: 1, but in the year in which the office began with us.

    An office that begins in mid-year continues its paper register from the number it sets;
    `texts` are those of the kind.
    Raises RegisterError for a setting that is no number.
    """
    setting = texts["start"].strip() or "1"
    if not FIRST.fullmatch(setting):
        raise RegisterError(_("Pengaturan nomor awal surat harus berupa angka mulai dari 1."))
    earlier = select(Letter.id).where(Letter.kind == kind, Letter.year < year).limit(1)
    return 1 if session.scalar(earlier) is not None else int(setting)


def printed(texts: Said, number: int, on: date) -> str:
    """How a number is printed by the settings `texts` of its kind.

    Raises RegisterError for a pattern that cannot be printed.
    """
    values = (texts["classification"], number, texts["letter_unit_code"], roman_month(on), on.year)
    parts = dict(zip(PARTS, map(str, values), strict=True))
    pattern = texts["letter_number_pattern"]
    unknown = set(PLACE.findall(pattern)) - parts.keys()
    text = PLACE.sub(lambda place: parts.get(place[1], ""), pattern)
    if unknown or "{nomor}" not in pattern or len(text) > LONGEST_PRINTED:
        raise RegisterError(_("Pengaturan pola nomor surat tidak dapat dipakai."))
    return text


def _refuse_back_dating(session: Session, kind: LetterKind, on: date) -> None:
    dated = select(Letter.dated).where(Letter.kind == kind)
    last = session.scalar(dated.order_by(Letter.year.desc(), Letter.number.desc()).limit(1))
    if last is not None and on < last:
        raise RegisterError(_("Surat tidak dapat bertanggal sebelum surat terakhir di agenda."))


def _refuse_double(session: Session, printed: str) -> None:
    if session.scalar(select(Letter.id).where(Letter.printed == printed)) is not None:
        raise RegisterError(
            _("Nomor %(number)s sudah dipakai. Periksa pengaturan nomor surat.", number=printed)
        )
