"""What an office chooses for its paper: size, logo, who signs and how; and the code on it."""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
import segno
from PIL import Image

from portal.letters import RenderError, codes, pdf, qr, templating
from tests.letters import paper, samples

ADDRESS = "https://ruangaman.example.go.id/verifikasi/K7Q2M9XW4D"
BY_HAND = "Keaslian surat ini dapat diperiksa di"
ELECTRONIC = "Ditandatangani secara elektronik"


def order(**changes: Any) -> bytes:
    return pdf.render("surat_perintah", samples.surat_perintah(**changes))


def with_logo(logo: bytes, named: str | None = None) -> bytes:
    letter = samples.surat_perintah()
    letter["letterhead"]["logo"] = named or hashlib.sha256(logo).hexdigest()
    return pdf.render("surat_perintah", letter, logo)


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind)
    return out.getvalue()


def pictures(data: bytes) -> Iterator[Image.Image]:
    """The pictures of a document, the largest first."""
    with pikepdf.open(io.BytesIO(data)) as document:
        found = {
            item.objgen: pikepdf.PdfImage(item).as_pil_image()
            for item in document.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        }
    return iter(sorted(found.values(), key=lambda one: one.width * one.height, reverse=True))


def test_a_letter_frozen_before_these_choices_is_printed_as_it_was() -> None:
    assert order() == order(**templating.DEFAULTS)


def test_paper_is_a4_or_f4() -> None:
    assert "(A4)" in paper.properties(order())["Page size"]
    assert paper.properties(order(paper="F4"))["Page size"].startswith("609.449 x 935.433 pts")


def test_another_paper_is_refused() -> None:
    with pytest.raises(RenderError):
        order(paper="A5")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_office_logo_stands_in_the_kop(kind: str) -> None:
    [logo] = pictures(with_logo(picture(kind)))
    assert logo.size == (236, 157), "as large as 300 dots per inch print, as broad as it was"
    red, green, blue = logo.convert("RGB").getpixel((50, 50))
    assert red > 240 and green < 20 and blue < 20


def test_a_logo_that_one_can_see_through_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    [logo] = pictures(with_logo(out.getvalue()))
    assert logo.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


NO_PICTURES = {
    "text": b"bukan gambar",
    "a page": b"<html><img src=x></html>",
    "nothing": b"",
    "half": picture("PNG")[:60],
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "a form we do not read": picture("GIF"),
    "too many dots": picture("PNG", "1", (6000, 5000)),
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_a_logo_that_is_no_picture_gives_a_sentence_and_no_letter(name: str) -> None:
    with pytest.raises(RenderError, match="bukan gambar"):
        with_logo(NO_PICTURES[name])


def test_a_logo_other_than_the_one_that_was_frozen_gives_no_letter() -> None:
    with pytest.raises(RenderError, match="tidak ditemukan"):
        with_logo(picture("PNG"), named="0" * 64)
    letter = samples.surat_perintah()
    letter["letterhead"]["logo"] = "0" * 64
    with pytest.raises(RenderError, match="tidak ditemukan"):
        pdf.render("surat_perintah", letter)


def modules(code: Image.Image) -> list[list[bool]]:
    """The dark modules of a drawn code, its white border taken off."""
    grey = code.convert("L")
    side = grey.width // 4
    dark = [[grey.getpixel((4 * x + 2, 4 * y + 2)) < 128 for x in range(side)] for y in range(side)]
    return [row[2:-2] for row in dark[2:-2]]


@pytest.mark.parametrize("signed", ["", "elektronik"])
def test_the_code_on_the_paper_is_the_address_of_the_verification(signed: str) -> None:
    data = order(verification=ADDRESS, signed=signed)
    _logo, code = pictures(data)
    made = segno.make(ADDRESS, error="m", micro=False)
    assert modules(code) == [[bool(dark) for dark in row] for row in made.matrix]
    page, _slash, typed = ADDRESS.rpartition("/")
    said = f"{BY_HAND} {page} dengan kode {codes.grouped(typed)}"
    assert "".join(said.split()) in paper.letters(data)


def test_an_electronic_signature_is_said_in_place_of_the_room_for_a_pen() -> None:
    printed = paper.text(order(verification=ADDRESS, signed="elektronik"))
    parts = ["Keluarga Berencana Kota Malang,", ELECTRONIC, "Dra. Endah", "Tembusan", BY_HAND]
    places = [printed.find(part) for part in parts]
    assert -1 not in places and places == sorted(places)
    assert ELECTRONIC not in paper.text(order(verification=ADDRESS))


def test_without_an_address_there_is_no_code() -> None:
    assert len(list(pictures(order(signed="elektronik")))) == 1
    assert BY_HAND not in paper.text(order())


@pytest.mark.parametrize("capacity", ["Plh.", "Plt.", "a.n."])
def test_a_deputy_signs_in_the_capacity_that_is_theirs(capacity: str) -> None:
    signatory = samples.HEAD | {"capacity": capacity, "position": "Kepala Dinas"}
    assert f"{capacity} Kepala Dinas, Dra. Endah" in paper.text(order(signatory=signatory))
    nota = samples.nota_terminasi(signatory=signatory)
    assert f"Dari : {capacity} Kepala Dinas" in paper.text(pdf.render("nota_terminasi", nota))


TWO = """
{% from "_parts.html" import two_signatures with context %}
{% extends "_letter.html" %}
{% block title %}Formulir{% endblock %}
{% block body %}{{ two_signatures(left, right, "Penutup.", ["Arsip"]) }}{% endblock %}
"""


def test_two_sign_side_by_side() -> None:
    sides = {
        "left": {"role": "Pelapor", "name": ""},
        "right": {
            "role": "Petugas",
            "name": "Dewi Lestari",
            "nip": "1990",
            "place_date": "Malang, 24 November 2026",
        },
    }
    environment = templating.on_paper("surat_perintah").environment
    letter = templating.complete(samples.surat_perintah(verification=ADDRESS)) | sides
    placed = {"families": [], "sheet": pdf.SHEETS["A4"], "qr": qr.address(ADDRESS)}
    data, warnings = pdf.typeset(environment.from_string(TWO).render(letter | placed))
    printed = paper.text(data)
    parts = ["Penutup.", "Malang, 24 November 2026", "Pelapor", "Petugas", "( ___", "Dewi Lestari"]
    places = [printed.find(part) for part in [*parts, "NIP 1990", "Tembusan", BY_HAND]]
    assert -1 not in places and places == sorted(places) and warnings == 0
