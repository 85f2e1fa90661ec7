"""Where a text has words that ask for haste: patterns of words, no regular expressions.

A pattern is up to six words with one space between; `*` at the end or the beginning of a word
stands for any letters there, `...` between two words for at most three others. Both sides are
folded alike: case, accents, "o0" and "e3", old spelling, "tolooong", "b u n u h" and "b*nuh" make
no difference. Negation is not understood ("tidak dibunuh" is found): a human decides.

A text is read once: each word leads to the few patterns that can begin with it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from portal.wording import _

LONGEST_TEXT = 100_000
MOST_WORDS, MOST_GAPS, GAP = 6, 2, 3
STEM, WHOLE = 3, 2  # the fewest letters of a word with and without `*`
GAP_SIGN, ANY = "...", "*"
WORD = re.compile(r"[^\W_]+(?:['’`*@$][^\W_]+)*")
SENTENCE_ENDS = re.compile(r"[.!?\n]")
PATTERN_WORD = re.compile(r"\*?[^\W\d_]+\*?")
LOOKALIKES = str.maketrans("013457@$", "oieastas", "'’`")
# Spellings of before 1972, of Javanese and of chats, to the shortest one; "2" doubles a word.
SPELLINGS = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("dh", "d"), ("th", "t"))
REPEATED = re.compile(r"(.)\1+")
SPELT_OUT = 4  # so many single letters in a row are one word


class Rule(NamedTuple):
    """A pattern with the key and the category of its cue."""

    id: int
    category: str
    pattern: str


class Found(NamedTuple):
    """Words of a text that fit a rule, as they stand there."""

    rule: Rule
    words: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: folded, where it stands, and in which sentence."""

    folded: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a pattern: its stem, where letters may follow or precede, words before it."""

    stem: str
    open_start: bool
    open_end: bool
    gap: int

    def fits(self, word: str) -> bool:
        """Whether a folded word is this one."""
        if ANY in word:
            return self._fits_masked(word)
        if self.open_start and self.open_end:
            return self.stem in word
        if self.open_start:
            return word.endswith(self.stem)
        return word.startswith(self.stem) if self.open_end else word == self.stem

    def _fits_masked(self, word: str) -> bool:
        """`b*nuh`: letters that the writer hid count as any."""
        spare = len(word) - len(self.stem)
        if len(self.stem) < STEM or spare < 0 or (spare and not (self.open_start or self.open_end)):
            return False
        at = spare if self.open_start and not self.open_end else 0
        shown = word[at : at + len(self.stem)]
        return all(b in (a, ANY) for a, b in zip(self.stem, shown, strict=True))


# --- texts ----------------------------------------------------------------------------------------


def fold(word: str) -> str:
    """The one spelling of a word that patterns and texts are compared in."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    if any(letter.isalpha() for letter in plain):
        plain = plain.removesuffix("2").translate(LOOKALIKES)
    plain = REPEATED.sub(r"\1", plain)
    for old, new in SPELLINGS:
        plain = plain.replace(old, new)
    return REPEATED.sub(r"\1", plain)


def words_of(text: str) -> list[Word]:
    """The words of a text; letters that stand alone one after the other are a word."""
    found: list[Word] = []
    sentence = end = 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        end = match.end()
        alone = len(match[0]) == 1
        if SENTENCE_ENDS.search(between) and not (alone and len(between) == 1):
            sentence += 1
        found.append(Word(fold(match[0]), match.start(), end, sentence))
    return list(_spelt_together(found))


def _spelt_together(words: Iterable[Word]) -> Iterator[Word]:
    letters: list[Word] = []
    for word in words:
        if len(word.folded) == 1 and (not letters or letters[-1].sentence == word.sentence):
            letters.append(word)
            continue
        yield from _joined(letters)
        letters = [word] if len(word.folded) == 1 else []
        if not letters:
            yield word
    yield from _joined(letters)


def _joined(letters: Sequence[Word]) -> Sequence[Word]:
    if len(letters) < SPELT_OUT:
        return letters
    spelt = fold("".join(one.folded for one in letters))
    return [Word(spelt, letters[0].start, letters[-1].end, letters[0].sentence)]


# --- patterns -------------------------------------------------------------------------------------


def faults(pattern: str) -> str:
    """What is wrong with a pattern, as a sentence; nothing if it can be used."""
    words = [one for one in pattern.split() if one != GAP_SIGN]
    gaps = pattern.split().count(GAP_SIGN)
    if not words or len(words) > MOST_WORDS or gaps > MOST_GAPS:
        return _("Isi 1 sampai 6 kata, dengan paling banyak dua jeda “...”.")
    if not all(PATTERN_WORD.fullmatch(one) for one in words):
        return _("Hanya huruf, “*” di awal atau akhir kata, dan jeda “...” di antara dua kata.")
    if not _gaps_between(pattern.split()):
        return _("Jeda “...” hanya boleh berdiri di antara dua kata.")
    if any(len(fold(one.strip(ANY))) < (STEM if ANY in one else WHOLE) for one in words):
        return _("Kata terlalu pendek: paling sedikit 2 huruf, atau 3 huruf bila memakai “*”.")
    return ""


def _gaps_between(pieces: Sequence[str]) -> bool:
    ends = GAP_SIGN in (pieces[0], pieces[-1])
    return not ends and (GAP_SIGN, GAP_SIGN) not in pairwise(pieces)


def parse(pattern: str) -> tuple[Part, ...]:
    """The words of a pattern that `faults` found nothing against."""
    parts, gap = [], 0
    for piece in pattern.split():
        if piece == GAP_SIGN:
            gap = GAP
            continue
        stem = fold(piece.strip(ANY))
        parts.append(Part(stem, piece.startswith(ANY), piece.endswith(ANY), gap))
        gap = 0
    return tuple(parts)


# --- reading --------------------------------------------------------------------------------------

Entry = tuple[Rule, tuple[Part, ...]]
Index = dict[str, list[Entry]]


class Reader:
    """Reads texts with rules that were prepared once; faulty ones are left out."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.whole: Index = defaultdict(list)
        self.begins: Index = defaultdict(list)
        self.ends: Index = defaultdict(list)
        self.within: list[Entry] = []
        self.all: list[Entry] = []
        for rule in rules:
            if not faults(rule.pattern):
                self._add((rule, parse(rule.pattern)))

    def _add(self, entry: Entry) -> None:
        first = entry[1][0]
        self.all.append(entry)
        if first.open_start and first.open_end:
            self.within.append(entry)
        elif first.open_start:
            self.ends[first.stem[-STEM:]].append(entry)
        elif first.open_end:
            self.begins[first.stem[:STEM]].append(entry)
        else:
            self.whole[first.stem].append(entry)

    def read(self, text: str) -> list[Found]:
        """Each rule that fits at its first place, the longest of a category where they overlap."""
        text = text[:LONGEST_TEXT]
        words = words_of(text)
        spans = list(_longest(self._spans(words)))
        seen: set[int] = set()
        found = []
        for rule, first, last in spans:
            if rule.id not in seen:
                seen.add(rule.id)
                found.append(Found(rule, text[words[first].start : words[last].end]))
        return found

    def _spans(self, words: Sequence[Word]) -> Iterator[tuple[Rule, int, int]]:
        for at, word in enumerate(words):
            for rule, parts in self._beginning(word.folded):
                if parts[0].fits(word.folded):
                    last = _follow(parts[1:], words, at)
                    if last is not None:
                        yield rule, at, last

    def _beginning(self, word: str) -> Iterable[Entry]:
        """The rules that may begin with this word."""
        if ANY in word:
            return self.all
        return (
            *self.whole.get(word, ()),
            *self.begins.get(word[:STEM], ()),
            *self.ends.get(word[-STEM:], ()),
            *self.within,
        )


def _follow(parts: Sequence[Part], words: Sequence[Word], at: int) -> int | None:
    """Where the words end that begin at `at`; None where the rest does not follow."""
    if not parts:
        return at
    for near in range(at + 1, min(at + 2 + parts[0].gap, len(words))):
        same = words[near].sentence == words[at].sentence
        if same and parts[0].fits(words[near].folded):
            last = _follow(parts[1:], words, near)
            if last is not None:
                return last
    return None


def _longest(spans: Iterable[tuple[Rule, int, int]]) -> Iterator[tuple[Rule, int, int]]:
    """Without those that lie within a longer one ("bunuh" in "bunuh diri"), or overlap one of
    their own category."""
    kept: list[tuple[Rule, int, int]] = []
    for one in sorted(spans, key=lambda span: (span[1] - span[2], span[1], span[0].id)):
        if not any(_covers(other, one) for other in kept):
            kept.append(one)
    return iter(sorted(kept, key=lambda span: (span[1], span[2])))


def _covers(longer: tuple[Rule, int, int], one: tuple[Rule, int, int]) -> bool:
    (rule, first, last), (other, begin, end) = longer, one
    if rule.category == other.category:
        return begin <= last and first <= end
    return first <= begin and end <= last and last - first > end - begin


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is one of `words`: for a page that shows them."""
    wanted = sorted({one for one in words if one}, key=len, reverse=True)
    if not wanted:
        return [(text, False)]
    pieces = re.split("(" + "|".join(map(re.escape, wanted)) + ")", text)
    return [(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]
