"""Letters that can still be opened, read and searched in decades: PDF/A-2b.

The judge is pikepdf's validator, which works through the rules of veraPDF and refuses whatever it
does not know. veraPDF itself is not to be had from the package registries.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
from typing import Any

import pikepdf
import pytest
from pikepdf import pdfa
from reportlab.pdfgen.canvas import Canvas

from portal.letters import RenderError, archive, pdf
from tests.letters import paper, samples

ADDRESS = "https://ruangaman.example.go.id/verifikasi/K7Q2M9XW4D"
SCRIPTS = "محمد ꦲꦏ꧀ꦱꦫ 😭 Zoë"
LETTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "printed": ("surat_perintah", samples.surat_perintah(verification=ADDRESS, paper="F4")),
    "signed": ("nota_terminasi", samples.nota_terminasi(verification=ADDRESS, signed="elektronik")),
    "monitored": ("nota_akhir", samples.nota_akhir(summary=SCRIPTS)),
}


@pytest.fixture(params=LETTERS)
def letter(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return LETTERS[str(request.param)]


def judged(data: bytes) -> pdfa.Report:
    return pdfa.validate_written(io.BytesIO(data), "2b")


def test_a_letter_is_pdf_a_2b(letter: tuple[str, dict[str, Any]]) -> None:
    report = judged(pdf.render(*letter))
    assert report.verdict == "pass", report.summary()


def test_the_judge_refuses_what_the_typesetter_made(letter: tuple[str, dict[str, Any]]) -> None:
    raw, _warnings = pdf.typeset(pdf.markup(*letter))
    assert judged(raw).violations


def test_every_font_lies_in_the_file_and_none_is_a_stranger() -> None:
    fonts = paper.font_table(pdf.render(*LETTERS["monitored"]))
    assert {row["name"].partition("+")[2] for row in fonts} == {
        "LiberationSans",
        "LiberationSans-Bold",
        "NotoNaskhArabic-Regular",
        "NotoSansJavanese-Regular",
        "NotoEmoji-Regular",
    }
    assert all(row["emb"] == row["sub"] == row["uni"] == "yes" for row in fonts)


def test_title_office_language_and_date_are_said_twice_and_alike() -> None:
    kind, content = LETTERS["signed"]
    with pikepdf.open(io.BytesIO(pdf.render(kind, content))) as document:
        told, said = document.docinfo, document.open_metadata()
        assert said["dc:title"] == str(told.Title) == f"Nota Dinas {content['number']}"
        assert said["dc:creator"] == [str(told.Author)] == [samples.LETTERHEAD["office"]]
        assert said["dc:language"] == {"id"} and document.Root.Lang == "id"
        assert said["xmp:CreateDate"] == "2026-11-24T00:00:00+07:00"
        assert told.CreationDate == told.ModDate == "D:20261124000000+07'00'"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert {"/OpenAction", "/AA", "/AcroForm", "/Names"}.isdisjoint(document.Root.keys())


def test_a_font_that_is_drawn_with_but_not_in_the_file_is_refused() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 72, "Helvetica")
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(72, 90, "Times")
    canvas.save()
    with pytest.raises(RenderError):
        archive.archived(out.getvalue())


ELSEWHERE = """
import hashlib, json, sys
from portal.letters import pdf
for kind, content in json.load(sys.stdin).values():
    print(hashlib.sha256(pdf.render(kind, content)).hexdigest())
"""


def test_the_same_content_gives_the_same_bytes_in_another_process_clock_and_locale() -> None:
    here = [hashlib.sha256(pdf.render(*one)).hexdigest() for one in LETTERS.values()]
    surroundings = {"TZ": "America/Lima", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4711"}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=json.dumps(LETTERS),
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == here
