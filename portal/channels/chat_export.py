"""A chat as the telephone itself exports it, read back into messages. Pure: text in, messages out.

Android writes `25/11/26 14.05 - Nama: teks`, the iPhone `[25/11/26 14.05.33] Nama: teks`; order of
the date, its separators, clocks of twelve or of twenty-four hours and invisible marks depend on the
telephone's language. The order of the date is read out of the whole file: it must make every date
real and none jump backwards. What is not understood is kept: it stays with the message before it,
and is shown to whoever imports.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import PurePosixPath

from portal.casework.chat_lines import Said
from portal.channels import chat_words as words
from portal.indonesia.dates import WIB

ORDERS = {"dmy": (0, 1, 2), "mdy": (1, 0, 2), "ymd": (2, 1, 0)}  # where day, month, year stand
LONGEST_NAME = 100
SLACK = timedelta(days=1)  # a telephone's clock may be ahead
_MARKS = "\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_INVISIBLE = re.compile(f"[{_MARKS}]")
_BLANK = "[ \\t\u00a0\u2007\u202f]"
_HEAD = re.compile(
    rf"[{_MARKS}]*(?P<open>\[)?(\d{{1,4}})[/.\-]{_BLANK}?(\d{{1,2}})[/.\-]{_BLANK}?(\d{{1,4}})\.?,?"
    rf"(?:{_BLANK}+(?:pukul|jam|at|um|kl|klo|à))?{_BLANK}+"
    rf"(\d{{1,2}})[.:](\d{{2}})(?:[.:](\d{{2}}))?(?:{_BLANK}*([AaPp]\.?{_BLANK}?[Mm]\.?|PTG|PG))?"
    rf"(?(open)\]|{_BLANK}+[-\u2013]){_BLANK}(?P<rest>.*)",
    re.DOTALL,
)
# Something like the beginning of a message that the pattern above does not know.
_SUSPECT = re.compile(
    rf"[{_MARKS}]*\[?\W?\d{{1,4}}\D.{{0,25}}\d{{1,2}}[.:]\d{{2}}.{{0,20}}(?:[-\u2013]|\]){_BLANK}.+"
)
_SENDER = re.compile(rf"(.{{1,{LONGEST_NAME}}}?):(?: |$)")
_MARKED = re.compile(rf"[^\n]{{1,{LONGEST_NAME}}}?: ?\u200e")  # not typed by anybody
_WITHIN = re.compile(rf"<(?:{'|'.join(words.ATTACHED_WITHIN)}): *([^<>\n]+)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Export:
    """All of a chat; `orders` that are possible, the likeliest first, and what was not understood.

    `odd`: lines (number from 1, text) before the first message, or that look like the beginning of
    one and are not; the latter are kept within the message before them.
    """

    said: tuple[Said, ...]
    orders: tuple[str, ...]
    odd: tuple[tuple[int, str], ...]

    @property
    def senders(self) -> tuple[str, ...]:
        """The names in it, in the order of their first message."""
        return tuple(dict.fromkeys(one.sender for one in self.said if one.sender))


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of a message: its date as three numbers, not yet in order."""

    line: int
    date: tuple[int, int, int]
    time: tuple[int, int, int]
    rest: str


def parse(text: str, now: datetime, order: str | None = None) -> Export:
    """The messages of `text`; `order` (a key of `ORDERS`) where somebody has chosen it.

    Dates in the future of `now` (aware) speak against an order.
    """
    lines = re.sub(r"\r\n?", "\n", text).lstrip("\ufeff").split("\n")
    heads = [found for number, line in enumerate(lines, 1) if (found := _head(number, line))]
    orders = (order,) if order else _orders(heads, now)
    if not orders:
        return Export((), (), _odd(lines, set()))  # also where no date is real
    begun = {head.line: (head, at) for head in heads if (at := _moment(head, orders[0]))}
    return Export(tuple(_messages(lines, begun)), orders, _odd(lines, set(begun)))


def _head(number: int, line: str) -> _Head | None:
    found = _HEAD.match(line)
    if found is None:
        return None
    _open, *numbers, half, rest = found.groups()
    first, second, third, hour, minute, seconds = (int(one or 0) for one in numbers)
    hours = _hours(hour, half)
    if hours > 23 or minute > 59 or seconds > 59:
        return None
    return _Head(number, (first, second, third), (hours, minute, seconds), rest)


def _hours(hour: int, half: str | None) -> int:
    """Of a clock of twelve hours, where `half` says which (in Malay PG, PTG); 12 AM is midnight."""
    if half is None or not 1 <= hour <= 12:
        return hour
    morning = half == "PG" or half[0] in "Aa"
    return hour % 12 + (0 if morning else 12)


# --- the order of the date ------------------------------------------------------------------------


def _orders(heads: Sequence[_Head], now: datetime) -> tuple[str, ...]:
    """The orders in which most dates are real, none is to come, and time goes forward."""
    judged = {name: _against(name, heads, now) for name in ORDERS}
    if not heads or (best := min(judged.values()))[0] == len(heads):
        return ()
    return tuple(name for name, against in judged.items() if against == best)


def _against(order: str, heads: Iterable[_Head], now: datetime) -> tuple[int, int]:
    """How many dates are impossible in this order, and how often time jumps back by a day."""
    impossible = jumps = 0
    before: datetime | None = None
    for head in heads:
        at = _moment(head, order)
        short = order == "ymd" and head.date[0] < 1000  # rather a day
        if at is None or at > now + SLACK or short:
            impossible += 1
            continue
        jumps += before is not None and at < before - SLACK
        before = at
    return impossible, jumps


def _moment(head: _Head, order: str) -> datetime | None:
    """When it was, UTC; None where there is no such day."""
    day, month, year = (head.date[place] for place in ORDERS[order])
    if 100 <= year < 1000:
        return None
    try:
        there = datetime(year if year > 999 else 2000 + year, month, day, *head.time, tzinfo=WIB)
    except ValueError:
        return None
    return there.astimezone(UTC)


# --- messages -------------------------------------------------------------------------------------


def _messages(lines: Sequence[str], begun: dict[int, tuple[_Head, datetime]]) -> Iterable[Said]:
    starts = [*begun, len(lines) + 1]
    for start, following in pairwise(starts):
        head, at = begun[start]
        yield _said(at, "\n".join([head.rest, *lines[start : following - 1]]))


def _said(at: datetime, whole: str) -> Said:
    """One message, all of its lines together."""
    plain = _INVISIBLE.sub("", whole).rstrip("\n")
    found = _SENDER.match(plain.split("\n", 1)[0])
    if found is None or _by_itself(found.group(1), whole):
        return Said(at, "", plain.strip(), "system")
    text = plain[found.end(1) + 1 :].removeprefix(" ")
    return _told(Said(at, _name(found.group(1)), text))


def _by_itself(name: str, whole: str) -> bool:
    """The chat speaks, though something like a name stands before a colon."""
    marked = whole.split("\n", 1)[0] if _MARKED.match(whole) else ""
    said, small = f"{name}\n{marked}".casefold(), marked.casefold()
    return any(it in said for it in words.SYSTEM) or any(it in small for it in words.GROUP)


def _name(name: str) -> str:
    """Without the tilde before names that are in nobody's contacts."""
    return name.strip().removeprefix("~").strip()


def _told(one: Said) -> Said:
    """What kind of message it is, and what became of it."""
    one = _without_mark(one)
    small = one.text.strip().rstrip(".").casefold()
    if small in words.DELETED or small.startswith(words.DELETED_BY):
        return replace(one, text="", deleted=True)
    if small in words.OMITTED:
        return replace(one, text="", kind=words.OMITTED[small], omitted=True)
    if document := _left_out(one.text, small):
        return replace(one, text="", kind="document", file=document, omitted=True)
    name, rest = _attached(one.text)
    return replace(one, text=rest, kind=kind_of(name), file=name) if name else one


def _left_out(text: str, small: str) -> str:
    """The name of a document that an iPhone left out: `surat.pdf • 3 pages document omitted`."""
    name, bullet, _pages = text.partition(" \u2022 ")
    gone = small.endswith(tuple(it for it, kind in words.OMITTED.items() if kind == "document"))
    return name.strip() if bullet and gone and "\n" not in text else ""


def _without_mark(one: Said) -> Said:
    text = one.text.rstrip()
    for mark in words.EDITED:
        if text.casefold().endswith(mark):
            return replace(one, text=text[: -len(mark)].rstrip(), edited=True)
    return one


def _attached(text: str) -> tuple[str, str]:
    """The name of the file that came with a message, and what else was written; "" for none."""
    first, _line, caption = text.partition("\n")
    for mark in words.ATTACHED_AFTER:
        if first.rstrip().casefold().endswith(mark):
            return first.rstrip()[: -len(mark)].strip(), caption
    if found := _WITHIN.search(text):
        before, after = text[: found.start()].strip(), text[found.end() :].strip()
        return found.group(1).strip(), "\n".join(filter(None, (before, after)))
    return "", text


def kind_of(file: str) -> str:
    """What a file of this name is, in WhatsApp's words."""
    upper = re.sub(r"^[\d\-_]+", "", file.upper())
    for beginnings, kind in words.NAMES:
        if upper.startswith(beginnings):
            return kind
    return words.ENDINGS.get(PurePosixPath(file).suffix.lower(), "document")


def _odd(lines: Sequence[str], begun: set[int]) -> tuple[tuple[int, str], ...]:
    first = min(begun, default=len(lines) + 1)
    return tuple(
        (number, line)
        for number, line in enumerate(lines, 1)
        if number not in begun
        and line.strip()
        and (number < first or _HEAD.match(line) or _SUSPECT.match(line))
    )
