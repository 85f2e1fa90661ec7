"""Office hours: how they are written, and time that counts only while the office is open.

`Always` and `Calendar` answer the same three questions: how much time counts between two moments,
when a length of it is over, and how early something must have begun for it to be over by now. All
moments are aware; hours are those of Malang (UTC+7 all year, so no day is longer than another).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from portal.indonesia.dates import WIB, local_date
from portal.indonesia.workdays import DAY
from portal.wording import _

DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
ZERO = timedelta(0)
# Where hardly a day is open for two years the plain calendar holds: nobody is left waiting.
FURTHEST = timedelta(days=731)

Span = tuple[time, time]
Week = tuple[tuple[Span, ...], ...]
Moments = tuple[datetime, datetime]

_HOURS = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})")
_LINE = re.compile(r"([a-z]+)(?:\s*[-–]\s*([a-z]+))?\s+([\d.:]+\s*[-–]\s*[\d.:]+)(.*)", re.I)
_BREAK = re.compile(r",?\s*istirahat\s+([\d.:]+\s*[-–]\s*[\d.:]+)\s*", re.I)


# --- how they are written -----------------------------------------------------------------------


def parse(text: str) -> Week:
    """The week that `Senin-Kamis 08.00-16.00, istirahat 12.00-13.00` and further lines describe.

    One line for a day or a run of days; days without a line are closed. Raises ValueError with
    the sentence to show.
    """
    week: list[tuple[Span, ...]] = [()] * 7
    for line in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(_("Baris “%(line)s” tidak terbaca.", line=line))
        first, last, hours, rest = found.groups()
        for day in _days(first, last or first):
            if week[day]:
                raise ValueError(_("Hari %(day)s disebut dua kali.", day=DAYS[day].capitalize()))
            week[day] = _open(hours, rest)
    if not any(week):
        raise ValueError(_("Tulis sedikitnya satu hari kerja."))
    return tuple(week)


def _days(first: str, last: str) -> range:
    named = [DAYS.index(one) if (one := name.lower()) in DAYS else -1 for name in (first, last)]
    if -1 in named or named[1] < named[0]:
        raise ValueError(
            _("Hari “%(first)s” sampai “%(last)s” tidak dikenal.", first=first, last=last)
        )
    return range(named[0], named[1] + 1)


def _open(hours: str, rest: str) -> tuple[Span, ...]:
    begins, ends = _span(hours)
    if not rest.strip():
        return ((begins, ends),)
    found = _BREAK.fullmatch(rest)
    if found is None:
        raise ValueError(_("Bagian “%(text)s” tidak terbaca.", text=rest.strip(" ,")))
    pause, resume = _span(found[1])
    if not begins < pause < resume < ends:
        raise ValueError(_("Istirahat harus berada di dalam jam kerja."))
    return ((begins, pause), (resume, ends))


def _span(text: str) -> Span:
    found = _HOURS.fullmatch(text.strip())
    numbers = [int(one) for one in found.groups()] if found else []
    if not numbers or max(numbers[0], numbers[2]) > 23 or max(numbers[1], numbers[3]) > 59:
        raise ValueError(_("Jam “%(text)s” tidak terbaca: tulis seperti 08.00-16.00.", text=text))
    begins, ends = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    if ends <= begins:
        raise ValueError(_("Jam “%(text)s” berakhir sebelum mulai.", text=text))
    return begins, ends


# --- time that counts ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Always:
    """Every minute counts: a channel that is open day and night, or an emergency."""

    def between(self, begins: datetime, ends: datetime) -> timedelta:
        """How much time counts from `begins` to `ends`; none where that is the wrong way round."""
        return max(ZERO, ends - begins)

    def after(self, begins: datetime, length: timedelta) -> datetime:
        """The moment by which `length` has counted since `begins`."""
        return begins + length

    def before(self, ends: datetime, length: timedelta) -> datetime:
        """The beginning since which just `length` has counted by `ends`; more of an earlier."""
        return ends - length

    def is_open(self, moment: datetime) -> bool:
        """Whether time counts at this moment."""
        return True


@dataclass(frozen=True)
class Calendar:
    """Only the hours of `week` count, and none on `days_off`."""

    week: Week
    days_off: frozenset[date] = frozenset()

    def between(self, begins: datetime, ends: datetime) -> timedelta:
        """As `Always.between`, within the hours."""
        days = _days_from(local_date(begins), local_date(ends))
        open_hours = (span for day in days for span in self._spans(day))
        return sum((_overlap(span, begins, ends) for span in open_hours), ZERO)

    def after(self, begins: datetime, length: timedelta) -> datetime:
        """As `Always.after`, within the hours."""
        left = length
        for day in _days_from(local_date(begins), local_date(begins) + FURTHEST):
            for opens, closes in self._spans(day):
                here = _overlap((opens, closes), begins, closes)
                if here >= left and here:
                    return max(opens, begins) + left
                left -= here
        return begins + length

    def before(self, ends: datetime, length: timedelta) -> datetime:
        """As `Always.before`, within the hours."""
        left, day = length, local_date(ends)
        while day > local_date(ends) - FURTHEST:
            for opens, closes in reversed(self._spans(day)):
                here = _overlap((opens, closes), opens, ends)
                if here > left:
                    return min(closes, ends) - left
                left -= here
            day -= DAY
        return ends - length

    def is_open(self, moment: datetime) -> bool:
        """Whether the office is open at this moment."""
        return any(opens <= moment < closes for opens, closes in self._spans(local_date(moment)))

    def _spans(self, day: date) -> tuple[Moments, ...]:
        return () if day in self.days_off else _moments(self.week, day)


Counting = Always | Calendar


@lru_cache(maxsize=1024)
def _moments(week: Week, day: date) -> tuple[Moments, ...]:
    spans = week[day.weekday()]
    return tuple((_at(day, opens), _at(day, closes)) for opens, closes in spans)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, WIB).astimezone(UTC)


def _days_from(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _overlap(span: Moments, begins: datetime, ends: datetime) -> timedelta:
    return max(ZERO, min(span[1], ends) - max(span[0], begins))
