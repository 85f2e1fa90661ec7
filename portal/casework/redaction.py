"""Masking in free text whatever is known to be about other people.

No machine finds every hint in a story ("my neighbour at the corner shop"), so a masked text is
still only given away by an officer who read it; this takes out what the portal knows for certain:
the names of the others in any spelling, numbers and addresses that are not the reader's own.
"""

import re
from collections.abc import Iterable

from models import Person
from portal.indonesia import names

MASK = "[disamarkan]"
SHORTEST = 2  # Li, Yu, Al; one letter would mask half of a text
WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)*")
NUMBER = re.compile(r"\+?\d(?:[ .()-]{0,2}\d){6,}")
DAY = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|\d{4}-\d{2}-\d{2}")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LOCAL = re.compile(r"^(?:62|0)")


def mask(text: str, own: Person, others: Iterable[Person]) -> str:
    """`text` without the names of `others` and without numbers and addresses but `own`'s."""
    hidden = set().union(*map(_words, others)) - _words(own)
    addresses = {(own.email or "").casefold()}
    numbers = {_digits(one) for one in (own.nik, own.kk, own.phone) if one}
    text = EMAIL.sub(lambda found: _unless(found[0].casefold() in addresses, found), text)
    text = NUMBER.sub(lambda found: _number(found, numbers), text)
    return WORD.sub(lambda found: _unless(not hidden & _respelt(found[0]), found), text)


def _unless(own: bool, found: re.Match[str]) -> str:
    return found[0] if own else MASK


def _number(found: re.Match[str], own: set[str]) -> str:
    return _unless(_digits(found[0]) in own or bool(DAY.fullmatch(found[0])), found)


def _digits(text: str) -> str:
    """Digits without the country or trunk prefix, so that both ways to write a number agree."""
    return LOCAL.sub("", re.sub(r"\D", "", text))


def _words(person: Person) -> set[str]:
    called = " ".join(part for part in (person.name, person.alias) if part)
    return {word for word in names.normalise(called) if len(word) >= SHORTEST}


def _respelt(word: str) -> set[str]:
    return set(names.normalise(word))
