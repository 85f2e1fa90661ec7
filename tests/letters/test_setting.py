"""The short way to a page ends where xhtml2pdf's own does; but tables begin below their title."""

import io
from typing import Any

import pikepdf
import pytest
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from portal.letters import pdf
from portal.letters.text import FONTS
from tests.letters import samples

ADDRESS = "https://ruangaman.example.go.id/verifikasi/9f86d081884c7d659a2feaa0c55ad015"
LETTERS: dict[str, dict[str, Any]] = {
    "surat_perintah": samples.surat_perintah(verification=ADDRESS),
    "nota_terminasi": samples.nota_terminasi(verification=ADDRESS, signed="elektronik"),
    "nota_akhir": samples.nota_akhir(paper="F4"),
    "laporan_bulanan": samples.laporan(4),
}
FACES = """<style>
@font-face { font-family: naskah; src: url("fonts/LiberationSans-Regular.ttf"); }
@font-face { font-family: naskah; font-weight: bold; src: url("fonts/LiberationSans-Bold.ttf"); }
@font-face { font-family: naskah; font-style: italic; src: url("fonts/LiberationSans-Italic.ttf"); }
</style>"""


def drawn(data: bytes) -> list[bytes]:
    """What is drawn on each page."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return [page.Contents.read_bytes() for page in document.pages]


def the_long_way(html: str) -> bytes:
    """By xhtml2pdf alone."""
    out = io.BytesIO()
    policy = ResourceAccessPolicy.server(FONTS, extra_roots=(pdf.IMAGES,), allow_remote=False)
    pisa.CreatePDF(
        html.replace("<style>", f"{FACES}<style>", 1),
        dest=out,
        encoding="utf-8",
        path=str(pdf.HERE / "letter.html"),
        resource_policy=policy,
    )
    return out.getvalue()


@pytest.mark.parametrize("template", LETTERS)
def test_the_pages_are_those_of_the_typesetter_itself(template: str) -> None:
    html = pdf.markup(template, LETTERS[template])
    for other in LETTERS:
        pdf.typeset(pdf.markup(other, LETTERS[other]))  # what they leave behind changes nothing
    assert drawn(pdf.typeset(html)[0]) == drawn(the_long_way(html))
