"""The same letter for those who cannot see paper: headings, lists and tables as such."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from portal.letters import RenderError, html, pdf, templating
from tests.letters import paper, samples
from tests.letters.paper import words
from tests.support.looks import violations

ADDRESS = "https://ruangaman.example.go.id/verifikasi/K7Q2M9XW4D"
KINDS = {
    "surat_perintah": samples.surat_perintah,
    "surat_rujukan": samples.surat_rujukan,
    "surat_undangan": samples.surat_undangan,
    "nota_terminasi": samples.nota_terminasi,
    "nota_akhir": samples.nota_akhir,
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        yield from (text for part in parts for text in _texts(part))


def test_everything_a_letter_is_given_stands_on_the_screen_too(kind: str) -> None:
    content = KINDS[kind](signed="elektronik", verification=ADDRESS)
    shown = words(html.fragment(kind, content)).upper()
    for said_otherwise in ("signed", "dated", "termination_dated", "verification"):
        content.pop(said_otherwise, None)
    absent = [text for text in _texts(content) if "".join(text.split()).upper() not in shown]
    assert absent == []
    assert "DITANDATANGANISECARAELEKTRONIK" in shown
    assert "/VERIFIKASIDENGANKODEK7Q2M9XW4D" in shown


def test_the_screen_says_no_more_than_the_paper() -> None:
    order = samples.surat_perintah(verification=ADDRESS)
    printed = paper.letters(pdf.render("surat_perintah", order))
    lines = re.findall(r">([^<>]+)<", html.fragment("surat_perintah", order))
    more = [line for line in lines if words(line) and words(line) not in printed]
    assert more == []


def test_headings_begin_at_the_level_of_the_page_and_leave_none_out() -> None:
    for level in (1, 2, 4):
        found = re.findall(
            r"<h(\d)", html.fragment("nota_akhir", samples.nota_akhir(), level=level)
        )
        assert set(found) == {str(level), str(level + 1), str(level + 2)}
        assert found[0] == str(level) and found.count(str(level)) == 1


def test_a_letter_has_no_room_for_a_heading_below_six() -> None:
    with pytest.raises(ValueError, match="six levels"):
        html.fragment("nota_akhir", samples.nota_akhir(), level=5)


def test_a_page_of_its_own_has_a_title_a_language_and_no_style_of_its_own(kind: str) -> None:
    content = KINDS[kind]()
    whole = html.page(kind, content, "/static/naskah.css")
    assert whole.startswith("<!doctype html>") and '<html lang="id">' in whole
    assert content["number"] in re.findall("<title>(.*)</title>", whole)[0]
    assert not re.search(r"<style|<script|style=|\son\w+=|<img", whole)


def test_what_somebody_typed_is_text_on_the_screen() -> None:
    typed = "<script>alert(1)</script> & <img src=x onerror=alert(2)>"
    nota = samples.nota_terminasi(summary=typed)
    nota["victims"][0][1] = nota["signatory"]["name"] = typed
    shown = html.fragment("nota_terminasi", nota)
    assert "<script" not in shown and "<img" not in shown
    assert words(shown).count("".join(typed.split())) == 3


def test_a_missing_value_is_refused_without_repeating_the_letter() -> None:
    nota = samples.nota_terminasi(summary="RAHASIA SEKALI")
    del nota["closing"]
    with pytest.raises(RenderError) as refused:
        html.fragment("nota_terminasi", nota)
    assert "RAHASIA SEKALI" not in str(refused.value) and refused.value.__cause__ is None


@pytest.mark.parametrize("template", ["surat_perintah", "nota_akhir"])
def test_nothing_trips_a_screen_reader(template: str, browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(html.page(template, KINDS[template](verification=ADDRESS), "about:blank"))
    assert violations(page) == []
    page.close()


def test_the_screen_knows_every_part_of_the_paper() -> None:
    paper_parts, screen_parts = (
        set(re.findall(r"macro (\w+)\(", (folder / "_parts.html").read_text()))
        for folder in (templating.TEMPLATES, templating.SCREEN)
    )
    assert paper_parts - screen_parts == {"named", "code"}, "what only other parts use"
