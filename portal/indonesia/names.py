"""Names as they are searched: blind to case, accents, titles, and to old or new spelling.

One person is Soekarno on a birth certificate, Sukarno on a card and "bpk sukarno" in a chat.
Both sides of a comparison are folded alike, so a fold may merge more than spelling reform did:
two names too many on a list cost a glance, one too few makes a second file of the same victim.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_TITLES = """
bpk bapak bp pak ibu bu sdr sdri sdra saudara saudari ny nyonya nn nona tn tuan mas mbak mba kak
dr drs dra drg drh ir prof h hj haji hajjah hajah kh kyai kiai nyai ust ustad ustaz ustadz ustadzah
adik alm almh almarhum almarhumah rr rd raden
"""
TITLES = frozenset(_TITLES.split())
PARTICLES = frozenset({"bin", "binti", "bt", "binte", "als", "alias"})

# Old spelling (van Ophuijsen, Soewandi) to new, then spellings that vary among the living. The old
# j is today's y and the old dj today's j: nobody can tell which one a name was written with.
SPELLINGS = (
    ("chr", "kr"),
    ("tj", "c"),
    ("dj", "j"),
    ("j", "y"),
    ("moh", "muh"),
    ("ch", "h"),
    ("kh", "h"),
    ("oe", "u"),
    ("ie", "i"),
    ("q", "k"),
)
DOUBLED = re.compile(r"([^\W\daeiou_])\1+")
# What is written short or in its own way by whoever bears it.
SHORT = {"muh": "muhamad", "muhd": "muhamad", "mhd": "muhamad", "muhamed": "muhamad"}
SHORT |= {"muhamat": "muhamad", "abd": "abdul", "abdl": "abdul"}
APOSTROPHES = str.maketrans("", "", "'`\u2018\u2019\u02bc\u02bb\u02be\u02bf")
WORD = re.compile(r"[^\W_]+")
DEGREE = re.compile(r"\w+(\.\w+)+")


def normalise(name: str) -> tuple[str, ...]:
    """The words of `name` in the one spelling used for matching, in their order, titles dropped.

    A name of nothing but titles keeps them: somebody may be called Mas.
    """
    return tuple(_respell(word) for word in _without_titles(_words(name)))


def matches(query: str, name: str) -> bool:
    """Whether each word of `query` is a word of `name` or begins one; an empty query matches none.

    Words are compared as typed and respelt, so that half a word finds its name even where the
    break falls inside a digraph ("Soekarn", "So").
    """
    return fits(wanted(query), name)


def wanted(query: str) -> tuple[tuple[str, str], ...]:
    """The words of a query without titles, each as typed and respelt: what `fits` looks for."""
    return tuple((word, _respell(word)) for word in _without_titles(_words(query)))


def fits(words: Iterable[tuple[str, str]], name: str) -> bool:
    """`matches`, for a query that was taken apart before it meets many names."""
    typed = _words(name)
    respelt = [_respell(word) for word in typed]
    pairs = list(words)
    return bool(pairs) and all(
        _begins(word, typed) or _begins(folded, respelt) for word, folded in pairs
    )


def forms(name: str) -> frozenset[str]:
    """Every word of `name`, as typed and respelt: a query that fits begins one of them."""
    typed = _words(name)
    return frozenset(typed).union(_respell(word) for word in typed)


def namesakes(one: str, other: str) -> bool:
    """Whether two people may bear one name: the same words, or two and more of them within the
    longer name ("Dewi Anggraini" and "Dewi Anggraini Putri"), in any order and spelling.
    """
    fewer, more = sorted((set(normalise(one)), set(normalise(other))), key=len)
    return bool(fewer) and (fewer == more or (len(fewer) > 1 and fewer < more))


def initials(name: str) -> str:
    """`Siti Aminah, S.H.` as `S.A.`; nothing for a name without a letter."""
    return "".join(f"{word[0].upper()}." for word in _without_titles(_words(name)))


def _begins(start: str, words: Iterable[str]) -> bool:
    return any(word.startswith(start) for word in words)


def _words(name: str) -> list[str]:
    plain = _plain(name)
    before, comma, after = plain.partition(",")
    return WORD.findall(before + comma + DEGREE.sub(" ", after))


def _plain(text: str) -> str:
    """Lower case, without accents and apostrophes: Nur'aini is Nuraini."""
    if text.isascii():
        return text.translate(APOSTROPHES).lower()
    apart = unicodedata.normalize("NFKD", text.translate(APOSTROPHES).casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFKC", bare).casefold()


def _without_titles(words: list[str]) -> list[str]:
    return [one for one in words if not {one, _respell(one)} & _left_out()] or words


@lru_cache(maxsize=1)
def _left_out() -> frozenset[str]:
    """Titles and particles in every spelling."""
    plain = TITLES | PARTICLES
    return plain | frozenset(map(_respell, plain))


@lru_cache(maxsize=20_000)  # a search meets the same few thousand words again and again
def _respell(word: str) -> str:
    folded = word
    while (again := _fold(folded)) != folded:
        folded = again
    return SHORT.get(folded, folded)


def _fold(word: str) -> str:
    for old, new in SPELLINGS:
        word = word.replace(old, new)
    return DOUBLED.sub(r"\1", word)
