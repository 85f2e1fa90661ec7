"""Dates, times and ages as people here read them, and the groups they are counted in.

Times are stored in UTC and shown in Western Indonesia Time, which is UTC+7 all year since 1964:
a fixed offset, so that a bare machine needs no time zone files.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

from babel.dates import format_date
from babel.units import format_unit

from portal.indonesia.terbilang import terbilang
from portal.wording import _, language

WIB = timezone(timedelta(hours=7), "WIB")
MINUTE = timedelta(minutes=1)
DURATIONS = (("day", 1440), ("hour", 60), ("minute", 1))
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
LONG = "d MMMM y"
PRECISIONS = {"bulan": "MMMM y", "tahun": "y"}
UNKNOWN = "tidak_diketahui"
ADULT_AGE = 18

# SIMFONI's groups: the oldest age (years) and the longest delay (days) in each.
AGE_GROUPS = ((5, "0_5"), (12, "6_12"), (17, "13_17"), (24, "18_24"), (44, "25_44"), (59, "45_59"))
OLDEST = "60_plus"
DELAYS = (
    (3, "0_3_hari"),
    (5, "4_5_hari"),
    (14, "6_14_hari"),
    (30, "15_30_hari"),
    (90, "1_3_bulan"),
)
LONGEST_DELAY = "lebih_3_bulan"


def long_date(day: date) -> str:
    """`24 November 2026`."""
    return format_date(day, LONG, locale=language())


def weekday_date(day: date) -> str:
    """`Selasa, 24 November 2026`."""
    return format_date(day, "EEEE, d MMMM y", locale=language())


def date_in_words(day: date) -> str:
    """`Selasa, tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam`.

    Always Indonesian: it is the form of an official record (berita acara).
    """
    weekday, month = format_date(day, "EEEE|MMMM", locale="id").split("|")
    return f"{weekday}, tanggal {terbilang(day.day)} bulan {month} tahun {terbilang(day.year)}"


def month_year(day: date) -> str:
    """`November 2026`."""
    return format_date(day, "MMMM y", locale=language())


def short_date(day: date) -> str:
    """`24/11/2026`, for narrow columns."""
    return f"{day:%d/%m}/{day.year:04d}"


def date_as_known(day: date | None, precision: str) -> str:
    """`day` as exactly as it is known; `precision` is a code of the list `date_precision`."""
    if day is None or precision == UNKNOWN:
        return _("tidak diketahui")
    return format_date(day, PRECISIONS.get(precision, LONG), locale=language())


def moment(utc: datetime) -> str:
    """`24 November 2026 pukul 14.05 WIB`, from an aware time."""
    return _("%(date)s pukul %(time)s", date=long_date(local_date(utc)), time=clock_time(utc))


def clock_time(utc: datetime) -> str:
    """`14.05 WIB`, from an aware time."""
    return f"{local(utc):%H.%M} WIB"


def duration(length: timedelta) -> str:
    """`95 menit`, `3 jam`, `2 hari`: full units; minutes up to two hours, for the clock."""
    minutes = max(0, length // MINUTE)
    unit, size = next(pair for pair in DURATIONS if minutes >= pair[1] * 2 or pair[1] == 1)
    return format_unit(minutes // size, f"duration-{unit}", locale=language())


def local(utc: datetime) -> datetime:
    """An aware time as WIB. Raises ValueError for one without a zone: it could mean any hour."""
    if utc.tzinfo is None:
        raise ValueError("a time without a zone")
    return utc.astimezone(WIB)


def local_date(utc: datetime) -> date:
    """The day it is in Malang at an aware time."""
    return local(utc).date()


def today() -> date:
    """The day it is in Malang now."""
    return local_date(datetime.now(UTC))


def now() -> datetime:
    """This moment, as the clock on the wall shows it."""
    return datetime.now(WIB)


def start_of_day_utc(day: date) -> datetime:
    """The aware UTC time at which `day` begins in Malang."""
    return datetime.combine(day, time(), WIB).astimezone(UTC)


def roman_month(day: date) -> str:
    """`XI`, as letter numbers carry it."""
    return ROMAN[day.month - 1]


def age_on(birth: date, day: date) -> int:
    """Full years of age on `day`. Raises ValueError where that is before the birth."""
    if day < birth:
        raise ValueError(_("Tanggal lahir tidak boleh sesudah tanggal kejadian."))
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_child(age: int) -> bool:
    """Whether the law (UU 35/2014) protects a person of this age in years as a child."""
    return age < ADULT_AGE


def age_group(age: int | None) -> str:
    """The code of the list `age_group` for an age in years, None where it is unknown."""
    return UNKNOWN if age is None else _group(age, AGE_GROUPS, OLDEST)


def reporting_delay(days: int | None) -> str:
    """The code of the list `reporting_delay` for whole days from the incident to the report."""
    return UNKNOWN if days is None else _group(days, DELAYS, LONGEST_DELAY)


def _group(number: int, groups: tuple[tuple[int, str], ...], beyond: str) -> str:
    if number < 0:
        raise ValueError("nothing is counted below zero")
    return next((code for last, code in groups if number <= last), beyond)
