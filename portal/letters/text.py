"""Text as the vendored fonts can draw it: every script that may come, nothing that is not text.

Whatever a person typed is printed. A character that no font has becomes a visible `[?]`, so that a
reader sees that something stood there; what is invisible by nature (control characters, direction
overrides that make a name read backwards, skin tones) is left out.
"""

import re
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from reportlab.pdfbase.ttfonts import TTFontFile

FONTS = Path(__file__).parent / "fonts"
UNDRAWABLE = "[?]"

# CSS family → file: what draws the characters that the font of the letters lacks.
FALLBACKS = {
    "arab": "NotoNaskhArabic-Regular.ttf",
    "jawa": "NotoSansJavanese-Regular.ttf",
    "emoji": "NotoEmoji-Regular.ttf",
}
MAIN = "LiberationSans-Regular.ttf"

LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
INVISIBLE = frozenset({"Cc", "Cf"})
MODIFIERS = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")
KEPT = frozenset("\n\u00ad")


@cache
def _coverage(filename: str) -> frozenset[int]:
    return frozenset(TTFontFile(str(FONTS / filename)).charToGlyph)


def legible(text: str) -> str:
    """`text` composed (NFC), with line breaks as `\\n`, and only characters the fonts can draw."""
    composed = unicodedata.normalize("NFC", LINE_BREAKS.sub("\n", text))
    return composed.translate({ord(one): _shown(one) for one in set(composed) - _plain()})


def _shown(character: str) -> str:
    if unicodedata.category(character) in INVISIBLE or MODIFIERS.match(character):
        return ""
    if _fallback(character):
        return character
    return " " if character.isspace() else UNDRAWABLE


def families(text: str) -> list[str]:
    """The families beyond the first that legible `text` needs, in the order of `FALLBACKS`."""
    needed = {_fallback(character) for character in set(text) - _plain()}
    return [name for name in FALLBACKS if name in needed]


def runs(text: str) -> list[tuple[str | None, str]]:
    """Legible `text` in pieces, each with the family that draws it; None: the first one."""
    pieces = groupby(text, lambda one: None if one in _plain() else _fallback(one))
    return [(family, "".join(characters)) for family, characters in pieces]


@cache
def _plain() -> frozenset[str]:
    """What the first family draws, and the characters that only say where a line ends."""
    drawn = map(chr, _coverage(MAIN))
    return frozenset(one for one in drawn if unicodedata.category(one) not in INVISIBLE) | KEPT


def _fallback(character: str) -> str | None:
    code = ord(character)
    return next((name for name, file in FALLBACKS.items() if code in _coverage(file)), None)


def legible_content(content: Any) -> Any:
    """A JSON-able value with every text in it made legible; numbers and keys as they are."""
    if isinstance(content, str):
        return legible(content)
    if isinstance(content, dict):
        return {key: legible_content(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [legible_content(value) for value in content]
    return content
