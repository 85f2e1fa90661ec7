"""A report of many rows: quick to set, and no different to look at."""

import io

import pytest
from pikepdf import pdfa

from models import CaseStatus
from portal import labels
from portal.letters import html, laporan_bulanan, pdf
from tests.letters import paper, samples

HEAD = "Nomor kasus"


def numbers(printed: str) -> list[int]:
    return [printed.find(f"K-2026-{n:04} ") for n in range(1, 121)]


def test_every_row_is_printed_in_order_under_a_head_on_every_page() -> None:
    data = pdf.render("laporan_bulanan", samples.laporan(120))
    places = numbers(paper.text(data))
    assert -1 not in places and places == sorted(places)
    sheets = [sheet for sheet in paper.pages(data) if "K-2026-" in sheet]
    assert len(sheets) >= 4
    assert [sheet.count(HEAD) for sheet in sheets] == [1] * len(sheets)


def test_it_is_archived_like_any_letter_and_the_same_each_time() -> None:
    first, again = (pdf.render("laporan_bulanan", samples.laporan(60)) for _time in range(2))
    assert first == again
    report = pdfa.validate_written(io.BytesIO(first), "2b")
    assert report.verdict == "pass", report.summary()
    used = {row["name"].partition("+")[2] for row in paper.font_table(first)}
    assert used == {"LiberationSans", "LiberationSans-Bold"}


def test_a_title_stays_with_the_first_rows_below_it_and_no_page_is_left_half_empty() -> None:
    first, *_rest = paper.pages(pdf.render("laporan_bulanan", samples.laporan(120)))
    title, row = first.find("B. Daftar kasus"), first.find("K-2026-0005")
    assert -1 < title < row


@pytest.mark.parametrize("above", range(30, 42, 2))
def test_a_title_is_never_the_last_line_of_a_page(above: int) -> None:
    report = samples.laporan(40)
    report["sections"][0]["paragraphs"] = ["Baris."] * above
    for sheet in paper.pages(pdf.render("laporan_bulanan", report)):
        if "B. Daftar kasus" in sheet:
            assert "K-2026-0001" in sheet
            return
    raise AssertionError("the title is missing")


MARKUP = "<b>tebal</b> & <script>alert(1)</script> </para>"
STRANGE = (MARKUP, "Sitinurbaya" * 18, "😭 ꦲꦏ꧀ꦱꦫ", "a" * 200, "satu\n\ndua\ntiga")


def test_what_is_strange_in_a_cell_is_printed_as_it_is() -> None:
    report = samples.laporan(40)
    for row, text in zip(report["sections"][1]["table"]["rows"], STRANGE, strict=False):
        row[3] = text
    printed = paper.letters(pdf.render("laporan_bulanan", report))
    absent = [text for text in STRANGE if "".join(text.split()) not in printed]
    assert absent == []


def test_a_cell_longer_than_a_page_goes_on_on_the_next() -> None:
    report = samples.laporan(40)
    report["sections"][1]["table"]["rows"][3][4] = "Panjang sekali. " * 900 + "HABIS"
    data = pdf.render("laporan_bulanan", report)
    printed = paper.text(data)
    assert printed.count("Panjang") == 900 and "HABIS" in printed
    assert all(sheet.count(HEAD) <= 1 for sheet in paper.pages(data))


def test_what_is_written_leftwards_is_set_by_the_other_way() -> None:
    report = samples.laporan(30)
    report["sections"][1]["table"]["rows"][3][3] = "محمد"
    data = pdf.render("laporan_bulanan", report)
    assert "NotoNaskhArabic-Regular" in paper.fonts(data)
    assert numbers(paper.text(data))[29] != -1


def test_the_screen_has_every_row_too() -> None:
    shown = html.fragment("laporan_bulanan", samples.laporan(120))
    assert shown.count("<tr>") == 121 + 5 and shown.count('scope="col"') == 10


def test_no_word_of_the_list_of_cases_is_broken() -> None:
    states = [labels.label(one).partition(",")[0].split() for one in CaseStatus]
    words = {1: ["01/11/2026"], 2: ["WhatsApp"], 3: ["penelantaran;"], 4: ["Kedungkandang"]}
    words[7] = [word for state in states for word in state]
    report = samples.laporan(1)
    table = report["sections"][1]["table"]
    table["heads"], table["widths"] = zip(*laporan_bulanan.ANNEXE, strict=True)
    table["rows"] = [
        ["" if place != column else word for place in range(len(table["heads"]))]
        for column, ones in words.items()
        for word in ones
    ]
    printed = paper.text(pdf.render("laporan_bulanan", report)).split()
    assert {word for ones in words.values() for word in ones} <= set(printed)
