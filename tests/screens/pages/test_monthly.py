"""Issuing the laporan bulanan from its page: which month, the draft, the letter."""

from sqlalchemy import select

import models as m
from tests.screens.generated.conftest import House, house

__all__ = ["house"]
PAGE = "/admin/letter/bulanan/"
DRAFT = "/admin/letter/terbit/?kind=laporan_bulanan&id=202603"


def test_a_supervisor_chooses_a_month_reads_the_draft_and_issues_it(house: House) -> None:
    house.office.case()
    house.session.commit()
    budi = house.desk("supervisor")
    assert PAGE in budi.get("/admin/letter/").text
    assert "sementara" in budi.get(PAGE).text
    chosen = budi.get(f"{PAGE}?bulan=2026-03")
    assert chosen.headers["Location"] == DRAFT
    draft = budi.get(DRAFT).text
    assert "Korban anak dan dewasa" in draft
    assert "Bunga" not in draft and "KS-2026-00001" not in draft
    assert budi.fill(DRAFT).status_code == 303
    house.session.commit()
    letter = house.session.scalars(select(m.Letter)).one()
    assert (letter.kind, letter.source_id) == (m.LetterKind.laporan_bulanan, 202603)
    assert budi.get(f"/admin/letter/details/?id={letter.id}").status_code == 200
    assert house.desk("konselor").get(PAGE).status_code == 403
    assert PAGE not in house.desk("konselor").get("/admin/letter/").text
    assert house.desk("konselor").get(DRAFT).status_code == 404
    for impossible in ("202613", "0", "99999999"):
        assert budi.get(DRAFT.replace("202603", impossible)).status_code == 404
