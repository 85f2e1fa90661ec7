"""Both languages are whole: every Indonesian text has its English one, and no text bypasses them.

After a change of wording: `make translations`, then fill in what it left empty.
"""

import ast
import re
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from jinja2 import nodes

from portal.public.visit import LANGUAGE_COOKIE
from portal.wording import CATALOGUES, _, lazy, lazy_in, speaking
from tests.support.texts import (
    ROOT,
    Key,
    asked,
    asks,
    bypassing,
    calls,
    forms,
    hard_coded,
    parsed,
)

ENGLISH = CATALOGUES / "en/LC_MESSAGES/messages.po"
TEMPLATES = sorted((ROOT / "portal/templates").rglob("*.html"))
# Official letters are Indonesian by law; the commands speak to whoever runs the server.
SPOKEN = [
    *(path for path in ROOT.glob("portal/**/*.py") if "letters" not in path.parts),
    *ROOT.glob("admin_*.py"),
]
FACED = [
    path
    for path in SPOKEN
    if {"screens", "public", "admin_views.py", "admin_letters.py"} & set(path.parts)
]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def entries(path: Path) -> list[Message]:
    """Every message of a catalogue but its header."""
    return [message for message in catalogue(path) if message.id]


# --- the catalogues ---------------------------------------------------------------------------


def test_every_text_has_its_english() -> None:
    done = {key(one) for one in entries(ENGLISH) if one.string and not one.fuzzy}
    assert sorted(asked() - done) == [], "run `make translations`, then translate these"


def test_no_translation_outlives_its_text() -> None:
    left = {key(one) for one in entries(ENGLISH)} - asked()
    assert sorted(left) == [], "run `make translations`"


def key(message: Message) -> Key:
    context = message.context or ""
    return forms(message.id)[0], context.decode() if isinstance(context, bytes) else context


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


def content(whole: Catalog) -> dict[Key, tuple[str, ...]]:
    """What is translated; what is untranslated or fuzzy is not compiled."""
    return {
        key(one): forms(one.string) for one in whole if one.id and any(one.string) and not one.fuzzy
    }


def test_python_and_templates_speak_the_language_in_force(client: FlaskClient) -> None:
    with speaking("en"):
        assert _("Keluar cepat") == "Leave quickly"
        assert str(lazy("Korban")) == "Victim"
        assert str(lazy_in("daftar", "Korban")) == "Victims"
    assert str(lazy_in("daftar", "Korban")) == "Korban"
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
        if not all(isinstance(one, ast.Constant) for one in call.args or [call])
    ]
    assert hidden == []


def test_templates_ask_for_texts_that_are_written_out() -> None:
    hidden = [
        f"{named(path)}:{call.lineno}"
        for path in TEMPLATES
        for call in parsed(path.read_text()).find_all(nodes.Call)
        if asks(call) and not all(isinstance(one, nodes.Const) for one in call.args or [call])
    ]
    assert hidden == []


def test_a_bare_literal_would_be_noticed() -> None:
    assert bypassing('flash("Laporan ini sudah diambil")') == ["Laporan ini sudah diambil"]
    assert bypassing('title = "Beranda"') == ["Beranda"]
    assert bypassing('"""Bukan untuk orang."""\ntitle = _("Beranda")\nslug = "beranda"') == []


@pytest.mark.parametrize("path", FACED, ids=named)
def test_screens_and_public_pages_say_nothing_past_gettext(path: Path) -> None:
    assert bypassing(path.read_text()) == []


# --- templates --------------------------------------------------------------------------------


def test_a_hard_coded_text_in_a_template_would_be_noticed() -> None:
    assert hard_coded('<p class="x">Selamat datang</p>') == ["Selamat datang"]
    assert hard_coded('<a title="Buka laporan">{{ name }}</a>') == ["Buka laporan"]
    assert hard_coded('{{ notice("Laporan ini sudah diambil") }}') == ["Laporan ini sudah diambil"]
    assert hard_coded('{{ button("Beranda") }}{% if kind == "Menu" %}{% endif %}') == ["Beranda"]
    assert hard_coded('{# no #}<{{ t }} class="a b">{{ _("Beranda") }} · 112</{{ t }}>') == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_hold_no_text_of_their_own(path: Path) -> None:
    assert hard_coded(path.read_text()) == []
