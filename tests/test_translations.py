"""Both languages are whole: every Indonesian text has its English one, and no text bypasses them.

After a change of wording: `make translations`, then fill in what it left empty.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from jinja2 import Environment, nodes

from portal.public.visit import LANGUAGE_COOKIE
from portal.wording import CATALOGUES, _, speaking

ROOT = Path(__file__).parent.parent
ENGLISH = CATALOGUES / "en/LC_MESSAGES/messages.po"
GETTEXT = {"_", "_l", "lazy", "gettext", "ngettext"}
KEYWORDS = DEFAULT_KEYWORDS | dict.fromkeys(GETTEXT - {"ngettext"})
TEMPLATES = sorted((ROOT / "portal/templates").rglob("*.html"))
# Official letters are Indonesian by law; the commands speak to whoever runs the server.
SPOKEN = [
    *(path for path in ROOT.glob("portal/**/*.py") if "letters" not in path.parts),
    *ROOT.glob("admin_views.py"),
]
FACED = [path for path in SPOKEN if {"screens", "public", "admin_views.py"} & set(path.parts)]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def entries(path: Path) -> list[Message]:
    """Every message of a catalogue but its header."""
    return [message for message in catalogue(path) if message.id]


@cache
def texts() -> frozenset[str]:
    """Every text that the sources want translated, as `make translations` finds them."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    rows = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=_holds_sources
    )
    messages = [message for _name, _line, message, _comments, _context in rows]
    return frozenset(one if isinstance(one, str) else one[0] for one in messages)


def _holds_sources(folder: str) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] == "portal"


# --- the catalogues ---------------------------------------------------------------------------


def test_every_text_has_its_english() -> None:
    done = {one.id for one in entries(ENGLISH) if one.string and not one.fuzzy}
    assert sorted(texts() - done) == [], "run `make translations`, then translate these"


def test_no_translation_outlives_its_text() -> None:
    assert sorted({one.id for one in entries(ENGLISH)} - texts()) == [], "run `make translations`"


CATALOGUE_FILES = sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po"))
SLOTS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>")


def pairs(message: Message) -> list[tuple[str, str]]:
    """Source and translation; of a plural each form with each of its translations."""
    return [(forms(message.id)[-1], form) for form in forms(message.string)]


def skeleton(text: str) -> tuple[list[str], bool, bool]:
    """What a translation must keep: placeholders, markup, blanks at both ends."""
    return sorted(SLOTS.findall(text)), text[:1].isspace(), text[-1:].isspace()


def translated(path: Path) -> list[tuple[str, str]]:
    return [pair for message in entries(path) for pair in pairs(message) if pair[1]]


def test_english_keeps_placeholders_and_markup() -> None:
    assert [pair for pair in translated(ENGLISH) if skeleton(pair[0]) != skeleton(pair[1])] == []


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=named)
def test_translations_name_no_placeholder_that_nobody_fills(path: Path) -> None:
    assert [
        (source, text)
        for source, text in translated(path)
        if not set(SLOTS.findall(text)) <= set(SLOTS.findall(source))
    ] == []


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=named)
def test_the_compiled_catalogue_is_up_to_date(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = content(read_mo(file))
    assert compiled == content(catalogue(path)), "run `make translations`"


def content(whole: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Source forms and their translations; what is untranslated or fuzzy is not compiled."""
    return {
        forms(one.id): forms(one.string)
        for one in whole
        if one.id and any(one.string) and not one.fuzzy
    }


def forms(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_python_and_templates_speak_the_language_in_force(client: FlaskClient) -> None:
    with speaking("en"):
        assert _("Keluar cepat") == "Leave quickly"
    assert "Keluar cepat" in client.get("/").text
    client.set_cookie(LANGUAGE_COOKIE, "en")
    page = client.get("/").text
    assert 'lang="en"' in page
    assert "Leave quickly" in page and "Keluar cepat" not in page
    client.delete_cookie(LANGUAGE_COOKIE)
    assert "Keluar cepat" in client.get("/").text


# --- nothing bypasses them ------------------------------------------------------------------


def test_texts_are_written_out_where_they_are_asked_for() -> None:
    """A text put together at run time is in no catalogue."""
    hidden = [
        f"{named(path)}:{call.lineno}"
        for path in SPOKEN
        if path.name != "wording.py"
        for call in calls(ast.parse(path.read_text()))
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert hidden == []


def test_templates_ask_for_texts_that_are_written_out() -> None:
    hidden = [
        f"{named(path)}:{call.lineno}"
        for path in TEMPLATES
        for call in parsed(path.read_text()).find_all(nodes.Call)
        if asks(call) and not (call.args and isinstance(call.args[0], nodes.Const))
    ]
    assert hidden == []


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


def test_a_bare_literal_would_be_noticed() -> None:
    assert bypassing('flash("Laporan ini sudah diambil")') == ["Laporan ini sudah diambil"]
    assert bypassing('title = "Beranda"') == ["Beranda"]
    assert bypassing('"""Bukan untuk orang."""\ntitle = _("Beranda")\nslug = "beranda"') == []


@pytest.mark.parametrize("path", FACED, ids=named)
def test_screens_and_public_pages_say_nothing_past_gettext(path: Path) -> None:
    assert bypassing(path.read_text()) == []


# --- templates --------------------------------------------------------------------------------

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


def test_a_hard_coded_text_in_a_template_would_be_noticed() -> None:
    assert hard_coded('<p class="x">Selamat datang</p>') == ["Selamat datang"]
    assert hard_coded('<a title="Buka laporan">{{ name }}</a>') == ["Buka laporan"]
    assert hard_coded('{{ notice("Laporan ini sudah diambil") }}') == ["Laporan ini sudah diambil"]
    assert hard_coded('{{ button("Beranda") }}{% if kind == "Menu" %}{% endif %}') == ["Beranda"]
    assert hard_coded('{# no #}<{{ t }} class="a b">{{ _("Beranda") }} · 112</{{ t }}>') == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_hold_no_text_of_their_own(path: Path) -> None:
    assert hard_coded(path.read_text()) == []
