"""Whether a text says who somebody is: what letters that leave the house must not do by the way."""

import re
from collections.abc import Iterable, Iterator

from models import Case, Person
from portal.indonesia import names

SHORTEST = 3
WORD = re.compile(r"[^\W\d_]{3,}(?:['’][^\W\d_]+)*")
NOT_A_DIGIT = re.compile(r"\D")
PIECE = re.compile(r"\w+")
# How addresses are shortened → the word meant; nothing for what is left out as often.
SAME = {
    **{"jl": "jalan", "jln": "jalan", "gg": "gang", "kel": "kelurahan", "kec": "kecamatan"},
    **dict.fromkeys(("no", "nomor"), ""),
}
PREFIX = re.compile(r"^(?:62|0)")


def people_of(case: Case) -> list[Person]:
    """Everybody who was harmed or is accused in `case`, and their guardians."""
    harmed = [one.person for one in case.victims]
    known = harmed + [one.person for one in case.suspects if one.person is not None]
    guardians = [one.guardian for one in known if one.guardian is not None]
    return list(dict.fromkeys([*known, *guardians]))


def identifies(text: str | None, people: Iterable[Person]) -> bool:
    """Whether `text` has a name of one of `people` in any spelling, a number, or the address."""
    if not text:
        return False
    words = {word for found in WORD.findall(text) for word in names.normalise(found)}
    return any(_is_named(one, text, words) for one in people)


def _is_named(person: Person, text: str, words: set[str]) -> bool:
    digits, plain = NOT_A_DIGIT.sub("", text), text.casefold()
    numbers = [_bare(one) for one in (person.nik, person.kk, person.phone) if one]
    return (
        bool(_called(person) & words)
        or any(one in digits for one in numbers if one)
        or bool(person.email and person.email.casefold() in plain)
        or has_address(text, person)
    )


def has_address(text: str | None, person: Person) -> bool:
    """Whether `text` has the address of `person`, with whatever commas and abbreviations."""
    own, said = (" ".join(_place(one or "")) for one in (person.address, text))
    return bool(own) and f" {own} " in f" {said} "


def _place(text: str) -> Iterator[str]:
    found = (SAME.get(word, word) for word in PIECE.findall(text.casefold()))
    return (word for word in found if word)


def _called(person: Person) -> set[str]:
    called = " ".join(part for part in (person.name, person.alias) if part)
    return {word for word in names.normalise(called) if len(word) >= SHORTEST}


def _bare(number: str) -> str:
    """Digits without the country or trunk prefix: both ways to write a number agree."""
    return PREFIX.sub("", NOT_A_DIGIT.sub("", number))
