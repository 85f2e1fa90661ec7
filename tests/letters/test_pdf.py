"""What a letter looks like and what it must never do, whatever somebody typed into it."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.letters import RenderError, pdf
from tests.letters import paper, samples

KINDS = {
    "surat_perintah": samples.surat_perintah,
    "nota_terminasi": samples.nota_terminasi,
    "nota_akhir": samples.nota_akhir,
}
SENTENCE = "Korban bercerita tentang peristiwa yang dialaminya di rumah. "


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))


def _bare(text: str) -> str:
    return "".join(text.split())


def test_everything_a_letter_is_given_stands_on_the_paper(kind: str) -> None:
    printed = paper.letters(pdf.render(kind, KINDS[kind]()))
    content = KINDS[kind]()
    for elsewhere in ("letterhead", "classification", "dated", "termination_dated"):
        content.pop(elsewhere, None)
    absent = [text for text in _texts(content) if _bare(text) not in printed]
    assert absent == []


def test_a_surat_perintah_follows_the_order_of_the_convention() -> None:
    printed = paper.text(pdf.render("surat_perintah", samples.surat_perintah()))
    parts = ["PEMERINTAH KOTA MALANG", "SURAT PERINTAH", "NOMOR 800.1.11.1/12", "Menimbang"]
    parts += ["Dasar", "MEMERINTAHKAN", "Kepada", "Dewi Lestari", "Untuk", "Ditetapkan di Malang"]
    parts += [
        "pada tanggal 24 November 2026 Kepala Dinas",
        "Dra. Endah",
        "Pembina Utama Muda",
        "NIP 1970",
    ]
    places = [printed.find(part) for part in [*parts, "Tembusan"]]
    assert -1 not in places and places == sorted(places)


def test_a_nota_dinas_follows_the_order_of_the_convention() -> None:
    printed = paper.text(pdf.render("nota_akhir", samples.nota_akhir()))
    parts = ["NOTA DINAS", "Kepada : Yth.", "Dari :", "Tembusan :", "Tanggal : 25 Februari 2027"]
    parts += ["Nomor : 400.2.4.2/3", "Sifat : Rahasia", "Lampiran :", "Hal :", "Ringkasan kasus"]
    parts += ["Pelayanan yang diberikan", "Alasan terminasi", "Persetujuan korban"]
    parts += ["Hasil monitoring", "Kesimpulan", "Demikian nota dinas", "Budi Santosa", "NIP 1980"]
    places = [printed.find(part) for part in parts]
    assert -1 not in places and places == sorted(places)


def test_the_kop_stands_on_the_first_page_alone_and_numbers_begin_on_the_second() -> None:
    first, second, *rest = paper.pages(
        pdf.render("nota_terminasi", samples.nota_terminasi(summary=SENTENCE * 200))
    )
    assert "PEMERINTAH KOTA MALANG" in first and "- 1 -" not in first
    for number, page in enumerate([second, *rest], 2):
        assert "PEMERINTAH" not in page and _bare(page.split("\n")[0]) == f"-{number}-"


def test_every_page_says_that_it_is_secret(kind: str) -> None:
    sheets = paper.pages(pdf.render(kind, KINDS[kind]()))
    assert all(sheet.strip().endswith("RAHASIA") for sheet in sheets)


@pytest.mark.parametrize("lines", range(1, 40, 6))
def test_a_signature_is_never_alone_on_a_page(lines: int) -> None:
    nota = samples.nota_terminasi(summary="\n".join([SENTENCE] * lines))
    last = paper.pages(pdf.render("nota_terminasi", nota))[-1]
    assert last.find("Demikian nota dinas") != -1
    assert last.find("Demikian nota dinas") < last.find("Budi Santosa")


def test_the_same_content_gives_the_same_bytes(kind: str) -> None:
    assert pdf.render(kind, KINDS[kind]()) == pdf.render(kind, KINDS[kind]())


def test_the_document_carries_its_own_date_its_language_and_nobodys_name(kind: str) -> None:
    content = KINDS[kind]()
    data = pdf.render(kind, content)
    properties = paper.properties(data)
    assert content["number"] in properties["Title"]
    assert properties["Author"] == samples.LETTERHEAD["office"]
    assert b"/Lang (id)" in data
    assert not any(name in str(properties) for name in ("Melati", "Kenanga", "Endah", "Budi"))


def test_paper_is_a4(kind: str) -> None:
    assert "(A4)" in paper.properties(pdf.render(kind, KINDS[kind]()))["Page size"]


MARKUP = (
    "<script>alert(1)</script>",
    "Bambang & Anak",
    "<b>tebal</b>",
    "</td></tr></table>",
    "{{ 7 * 7 }}",
    "<pdf:pagenumber>",
    "&amp;&#60;",
    "]]>-->",
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_that_somebody_typed_is_text(text: str) -> None:
    nota = samples.nota_terminasi(summary=text)
    nota["victims"][0][1] = nota["signatory"]["name"] = text
    printed = paper.letters(pdf.render("nota_terminasi", nota))
    assert printed.count(_bare(text)) >= 3


def test_a_name_of_200_characters_stays_inside_the_page() -> None:
    name = "Sitinurbaya" * 18 + "12"
    assert len(name) == 200
    order = samples.surat_perintah()
    order["officers"][0] = {**order["officers"][0], "name": name}
    printed = paper.letters(pdf.render("surat_perintah", order))
    assert name in printed


def test_a_narrative_of_forty_pages_is_printed_to_its_last_word() -> None:
    nota = samples.nota_terminasi(summary="\n".join([SENTENCE * 12] * 210) + "\nHABIS")
    sheets = paper.pages(pdf.render("nota_terminasi", nota))
    assert len(sheets) >= 40
    assert any("HABIS" in sheet for sheet in sheets)


def test_a_table_cell_longer_than_a_page_goes_on_under_a_repeated_head() -> None:
    nota = samples.nota_terminasi()
    nota["services"][1][5] = SENTENCE * 160 + "HABIS"
    sheets = paper.pages(pdf.render("nota_terminasi", nota))
    headed = [sheet for sheet in sheets if "Jenis pelayanan" in sheet]
    assert len(headed) >= 3
    assert "HABIS" in "".join(sheets)


@pytest.mark.parametrize("lines", [2, 4, 6])
def test_a_table_begins_below_its_title_and_no_page_is_left_half_empty(lines: int) -> None:
    rows = [[f"{n}.", "01/09/2026", "Konseling", "Semua", "Dewi", "Hadir. " * 30] for n in range(5)]
    nota = samples.nota_terminasi(summary=(SENTENCE + "\n") * lines, services=rows)
    first, second, *_rest = paper.pages(pdf.render("nota_terminasi", nota))
    _above, title, below = (first if "B. Pelayanan" in first else second).partition("B. Pelayanan")
    assert title and "0." in below
    assert len(first.strip().splitlines()) > 45


def test_a_hundred_services_keep_their_order_and_their_head() -> None:
    rows = [[f"{n}.", "01/09/2026", "Konseling", "Semua", "Dewi", f"ke{n}x"] for n in range(1, 121)]
    printed = paper.text(pdf.render("nota_terminasi", samples.nota_terminasi(services=rows)))
    places = [printed.find(f"ke{n}x") for n in range(1, 121)]
    assert -1 not in places and places == sorted(places)


def test_arabic_javanese_and_emoji_are_drawn_and_can_be_copied() -> None:
    nota = samples.nota_terminasi(summary="محمد ꦲꦏ꧀ꦱꦫ 😭 Zoë")
    data = pdf.render("nota_terminasi", nota)
    used = set(paper.fonts(data))
    assert {"NotoNaskhArabic-Regular", "NotoSansJavanese-Regular", "NotoEmoji-Regular"} <= used
    printed = paper.letters(data)
    assert "ꦲꦏ꧀ꦱꦫ" in printed and "😭" in printed and "Zoë" in printed


def test_fonts_are_only_loaded_where_they_are_needed() -> None:
    used = set(paper.fonts(pdf.render("nota_terminasi", samples.nota_terminasi())))
    assert not any("Noto" in name for name in used)


def test_nothing_is_logged_of_what_no_font_can_draw(caplog: pytest.LogCaptureFixture) -> None:
    nota = samples.nota_terminasi(summary="漢字 rahasia คน")
    with caplog.at_level(logging.DEBUG, logger="portal"):
        data = pdf.render("nota_terminasi", nota)
    assert "[?][?] rahasia" in paper.text(data)
    assert [r for r in caplog.records if r.name.startswith(("xhtml2pdf", "reportlab"))] == []


def test_the_typesetter_has_nothing_to_complain_of(kind: str) -> None:
    assert pdf.typeset(pdf.markup(kind, KINDS[kind]()))[1] == 0


# --- nothing is fetched -----------------------------------------------------------------------


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """A web server beside the test and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_nothing_is_fetched_for_what_a_reporter_wrote(visits: tuple[str, list[str]]) -> None:
    address, asked = visits
    typed = f'<img src="{address}/a.png"><link rel="stylesheet" href="{address}/b.css">'
    typed += (
        f"<style>@import url({address}/c.css); p {{ background: url({address}/d.png) }}</style>"
    )
    data = pdf.render("nota_terminasi", samples.nota_terminasi(summary=typed))
    assert asked == []
    assert f"{address}/a.png" in paper.letters(data)


def test_even_a_template_could_fetch_nothing_from_outside(visits: tuple[str, list[str]]) -> None:
    address, asked = visits
    html = (
        f'<img src="{address}/a.png"><img src="file:///etc/passwd"><img src="../pdf.py"><p>Isi</p>'
    )
    data, _warnings = pdf.typeset(html)
    assert asked == []
    assert paper.text(data) == "Isi"


# --- errors ---------------------------------------------------------------------------------


def test_a_missing_value_is_refused_without_repeating_the_letter() -> None:
    nota = samples.nota_terminasi(summary="RAHASIA SEKALI")
    del nota["closing"]
    with pytest.raises(RenderError) as refused:
        pdf.render("nota_terminasi", nota)
    assert "RAHASIA SEKALI" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_impossible_date_is_refused() -> None:
    with pytest.raises(RenderError):
        pdf.render("surat_perintah", samples.surat_perintah(dated="2026-02-30"))


@settings(max_examples=12)
@given(st.text(max_size=300))
def test_no_text_at_all_stops_a_letter(text: str) -> None:
    order = samples.surat_perintah(closing=text)
    order["officers"] = [{**order["officers"][0], "name": text}]
    html = pdf.markup("surat_perintah", order)
    data, warnings = pdf.typeset(html)
    assert warnings == 0
    assert data.startswith(b"%PDF")
