"""The NIK, Indonesia's identity number: what its sixteen digits say, and what contradicts them.

Its layout (Permendagri 40/2019): six digits of the region where it was first issued, six of the
birth date as ddmmyy, with 40 added to a woman's day, and four of a serial number.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from portal.indonesia import dates
from portal.wording import _
from portal.wording import lazy as _l

LENGTH = 16
WOMANS_DAY = 40
MAN, WOMAN = "laki_laki", "perempuan"
SEX_LABELS = {MAN: _l("laki-laki"), WOMAN: _l("perempuan")}

# Kemendagri's province codes, and 54: Timor Timur, whose numbers are still carried.
_PROVINCES = """
11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 54 61 62 63 64 65
71 72 73 74 75 76 81 82 91 92 93 94 95 96
"""
PROVINCES = frozenset(_PROVINCES.split())


@dataclass(frozen=True)
class Nik:
    """What a NIK says. `birth_date` and `sex` are None where its date cannot exist."""

    region: str
    """Kemendagri code of the kecamatan of first issue, as in `35.73.01`."""
    sex: str | None
    birth_date: date | None
    serial: str


def digits(text: str) -> str:
    """`text` without the blanks, dots and hyphens people put between digits."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(
        letter for letter in folded if not letter.isspace() and letter not in ".-\u2010\u2011\u2013"
    )


def parse(nik: str, today: date | None = None) -> Nik:
    """Read a NIK. `today` settles the century: a birth date never lies in the future.

    Raises ValueError with a sentence where it is not sixteen digits.
    """
    number = digits(nik)
    if fault := _shape_fault(number):
        raise ValueError(fault)
    day = int(number[6:8])
    woman = day > WOMANS_DAY
    born = _date(day - WOMANS_DAY * woman, int(number[8:10]), int(number[10:12]), today)
    return Nik(
        region=f"{number[:2]}.{number[2:4]}.{number[4:6]}",
        sex=None if born is None else WOMAN if woman else MAN,
        birth_date=born,
        serial=number[12:],
    )


def warnings(nik: str, birth_date: date | None = None, sex: str | None = None) -> list[str]:
    """Sentences on what is odd about a NIK, none where all fits or nothing was entered.

    They warn and never block: real cards carry mistakes, and a frightened person may recall
    hers wrongly. `sex` is a code of the list `sex`; an unknown one contradicts nothing.
    """
    number = digits(nik)
    if not number:
        return []
    if fault := _shape_fault(number):
        return [fault]
    read = parse(number)
    faults = (_region_fault(read), _date_fault(read, birth_date), _sex_fault(read, sex))
    return [fault for fault in faults if fault]


def _shape_fault(number: str) -> str | None:
    if not (number.isascii() and number.isdigit()):
        return _("NIK seharusnya hanya berisi angka.")
    if len(number) != LENGTH:
        return _(
            "NIK seharusnya %(length)s angka, yang diisi %(given)s angka.",
            length=LENGTH,
            given=len(number),
        )
    return None


def _region_fault(read: Nik) -> str | None:
    if read.region[:2] in PROVINCES and "00" not in read.region.split("."):
        return None
    return _("Kode wilayah %(region)s pada NIK tidak dikenal.", region=read.region)


def _date_fault(read: Nik, birth_date: date | None) -> str | None:
    if read.birth_date is None:
        return _("Tanggal lahir di dalam NIK tidak mungkin ada.")
    if birth_date and f"{birth_date:%d%m%y}" != f"{read.birth_date:%d%m%y}":
        return _(
            "Tanggal lahir di dalam NIK (%(nik)s) berbeda dari yang diisi (%(given)s).",
            nik=f"{read.birth_date:%d-%m-%y}",
            given=f"{birth_date:%d-%m-%y}",
        )
    return None


def _sex_fault(read: Nik, sex: str | None) -> str | None:
    if read.sex is None or sex not in SEX_LABELS or sex == read.sex:
        return None
    return _(
        "Menurut NIK jenis kelaminnya %(nik)s, yang diisi %(given)s.",
        nik=SEX_LABELS[read.sex],
        given=SEX_LABELS[sex],
    )


def _date(day: int, month: int, year: int, today: date | None) -> date | None:
    """The latest date up to today that these three can mean: a NIK has only two year digits."""
    latest = today or dates.today()
    century = latest.year // 100 * 100
    for candidate in (century + year, century + year - 100):
        try:
            born = date(candidate, month, day)
        except ValueError:
            continue
        if born <= latest:
            return born
    return None
