"""What people read, as the sources say it: texts for translation, and texts that bypass it."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent.parent
IN_CONTEXT = dict.fromkeys(("_in", "lazy_in"), ((1, "c"), 2))
KEYWORDS = DEFAULT_KEYWORDS | dict.fromkeys(("_l", "lazy")) | IN_CONTEXT
GETTEXT = {"_", "_l", "lazy", "gettext", "ngettext", *IN_CONTEXT}
Key = tuple[str, str]  # the text, and the context that tells it from others


@cache
def asked() -> frozenset[Key]:
    """Every text that the sources want translated, as `make translations` finds them."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    rows = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=_holds_sources
    )
    return frozenset((forms(text)[0], context or "") for _n, _l, text, _c, context in rows)


@cache
def texts() -> frozenset[str]:
    return frozenset(text for text, _context in asked())


def _holds_sources(folder: str) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] == "portal"


def forms(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


# --- in Python ---------------------------------------------------------------------------------


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of gettext."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in GETTEXT
        ):
            yield node


# Common words of an Indonesian sentence, none of them an English word or a code of ours.
INDONESIAN = re.compile(
    r"\b(yang|tidak|dan|atau|untuk|dengan|ini|itu|anda|belum|sudah|pada|dari|oleh|ke|di|isi|pilih|"
    r"tulis|kasus|laporan|korban|petugas|surat|harus|bila|dapat|akan|semua|lain|baru)\b",
    re.IGNORECASE,
)


def bypassing(source: str) -> list[str]:
    """Literals of Python source that look like Indonesian for people, yet are no gettext texts.

    A sentence shows itself by its words, a label by being a text elsewhere.
    """
    tree = ast.parse(source)
    allowed = {id(node) for call in calls(tree) for node in ast.walk(call)} | set(_docstrings(tree))
    literals = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in allowed
    ]
    return [text for text in literals if _for_people(text)]


def _for_people(text: str) -> bool:
    if " " in text.strip():
        return len(INDONESIAN.findall(text)) > 0
    return text in texts() and text[:1].isupper()


def _docstrings(tree: ast.AST) -> Iterator[int]:
    """Also the strings that stand under an attribute as its description."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


# --- in templates -------------------------------------------------------------------------------

# The office's own names, the same in every language.
NAMES = re.compile(r"Ruang Aman|Kantor Dinas Sosial P3AP2KB Kota Malang")
READ_ALOUD = {"title", "alt", "placeholder", "aria-label", "aria-description", "label"}
WORD = re.compile(r"[^\W\d_]{2,}")
FILLER = "x9"  # stands for what an expression prints; a letter first, for it may be a tag's name
PRINTED = re.compile(rf"{FILLER}(-[\w-]+)?")  # with what makes an id of it


class Reader(HTMLParser):
    """What a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def handle_data(self, data: str) -> None:
        self.heard.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.heard += [value or "" for name, value in attrs if name in READ_ALOUD]


JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def parsed(source: str) -> nodes.Template:
    return JINJA.parse(source)


def skeleton_of(source: str) -> str:
    """The page without Jinja: expressions became a filler, tags and comments are gone."""
    kinds = {"data": lambda text: text, "variable_begin": lambda text: FILLER}
    return "".join(kinds[kind](text) for _line, kind, text in JINJA.lex(source) if kind in kinds)


def hard_coded(source: str) -> list[str]:
    """Words of a template that stand there in one language."""
    reader = Reader()
    reader.feed(skeleton_of(source))
    heard = [NAMES.sub("", PRINTED.sub("", text)) for text in reader.heard]
    return [text.strip() for text in heard if WORD.search(text)] + literals_of(parsed(source))


def literals_of(page: nodes.Template) -> list[str]:
    """Texts within expressions that go to nobody's catalogue; what is only compared is no text."""
    harmless = {
        id(constant)
        for node in page.find_all((nodes.Call, nodes.Compare))
        if isinstance(node, nodes.Compare) or asks(node)
        for constant in node.find_all(nodes.Const)
    }
    constants = [node for node in page.find_all(nodes.Const) if isinstance(node.value, str)]
    return [one.value for one in constants if id(one) not in harmless and _for_people(one.value)]


def asks(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
