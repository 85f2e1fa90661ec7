"""The Form Pendaftaran for the counter and the power cut."""

import csv
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models import CodeItem
from portal.letters import blank_form, pdf
from tests.letters import paper

REFERENCE = Path("seed/reference")


def _load(session: Session, name: str) -> list[str]:
    with (REFERENCE / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    session.add_all(
        CodeItem(list_name=name, code=r["code"], label=r["label"], label_en=r["label_en"])
        for r in rows
    )
    return [row["label"] for row in rows]


@pytest.fixture
def labels(session: Session) -> list[str]:
    """Every list the form prints, as the office gets it."""
    loaded = [label for name in blank_form.LISTS for label in _load(session, name)]
    session.commit()
    return loaded


def test_every_choice_of_the_website_can_be_ticked_on_paper(
    session: Session, labels: list[str]
) -> None:
    printed = paper.letters(blank_form.render(session))
    absent = [label for label in labels if f"□{''.join(label.split())}" not in printed]
    assert absent == []


def test_it_asks_for_safe_contact_consent_and_three_signatures(
    session: Session, labels: list[str]
) -> None:
    printed = paper.text(blank_form.render(session))
    for part in (
        "FORM PENDAFTARAN LAPORAN PENGADUAN",
        "hubungi 112",
        "tidak dipungut biaya",
        "Cara menghubungi dengan aman",
        "Kata sandi yang disepakati",
        "Apa yang terjadi?",
        "Persetujuan",
        "Pelapor Korban atau wali Petugas penerima",
        "Tanda terima",
    ):
        assert part in printed


def test_it_is_several_pages_of_a4_with_the_kop_on_the_first(
    session: Session, labels: list[str]
) -> None:
    data = blank_form.render(session)
    first, *rest = paper.pages(data)
    assert 4 <= len(rest) + 1 <= 6
    assert "PEMERINTAH KOTA MALANG" in first
    assert not any("PEMERINTAH KOTA" in page for page in rest)
    assert "(A4)" in paper.properties(data)["Page size"]


def test_a_choice_the_office_took_away_is_not_printed(session: Session, labels: list[str]) -> None:
    item = session.query(CodeItem).filter_by(list_name="agama", code="konghucu").one()
    item.active = False
    session.commit()
    assert "Konghucu" not in paper.text(blank_form.render(session))


def test_it_is_the_same_paper_every_time_and_bears_no_date(
    session: Session, labels: list[str]
) -> None:
    data = blank_form.render(session)
    assert data == blank_form.render(session)
    assert "CreationDate" not in paper.properties(data)
    assert pdf.typeset(pdf.markup(blank_form.TEMPLATE, blank_form.content(session)))[1] == 0
