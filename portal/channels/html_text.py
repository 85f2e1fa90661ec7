"""The words of an HTML mail. Nothing is loaded, nothing runs, nothing is rendered.

libxml2 reads it, since Python's own parser takes minutes over markup that is made to be slow; what
it cannot read either (nested thousands of levels deep) loses its tags alone.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

from lxml import etree

LONGEST = 5_000_000
UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})
BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("nav", "ol", "p", "pre", "section", "table", "tr", "ul"),
    }
)
CELLS = frozenset({"td", "th"})
_TAG = re.compile(r"<[^<>]*>")


class Words(NamedTuple):
    """What an HTML mail says, and how many pictures it wanted to fetch from elsewhere."""

    text: str
    remote: int


def words_of(html: str) -> Words:
    """The words of `html`, a line for each block; pictures say what they are instead of loading."""
    html = html.replace("\0", "")[:LONGEST]
    root = _tree(html)
    if root is None:
        return Words(_tidy(unescape(_TAG.sub("\n", html))), 0)
    return Words(_tidy("".join(_pieces(root))), _remote(root))


def _tree(html: str) -> Any:
    """The tree of it; None where it is nested too deep, or is none at all."""
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
    cut = any("depth" in one.message for one in parser.error_log)
    return None if cut else root


def _pieces(root: Any) -> Iterator[str]:
    """Text in order, line ends around blocks; without recursion, whatever the depth."""
    hidden = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        name = node.tag if isinstance(node.tag, str) else ""
        if name in UNSEEN:
            hidden += 1 if event == "start" else -1
        if hidden == 0:
            yield "\n" if name in BLOCKS else " " if name in CELLS else ""
            yield from _own(node, name) if event == "start" and name not in UNSEEN else ()
        if event == "end" and hidden == 0:
            yield node.tail or ""


def _own(node: Any, name: str) -> Iterator[str]:
    if name == "img" and node.get("alt"):
        yield f"[{node.get('alt')}]"
    yield node.text or ""
    address = node.get("href", "") if name == "a" else ""
    if address.startswith(("http:", "https:", "mailto:")) and address not in (node.text or ""):
        yield f" <{address}> "


def _remote(root: Any) -> int:
    addresses = (str(node.get("src", "")) for node in root.iter("img"))
    return sum(one.strip().lower().startswith(("http:", "https:", "//")) for one in addresses)


def _tidy(text: str) -> str:
    """One blank between words, at most one empty line between paragraphs."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
