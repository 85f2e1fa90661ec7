"""What a surat perintah says."""

import json
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import LetterKind, Officer, Setting, Signatory
from portal.letters import LetterError, register, surat_perintah
from portal.wording import speaking
from tests.letters import paper, story
from tests.support.cast import Cast


def _content(session: Session, cast: Cast, **changes: object) -> dict[str, object]:
    case = story.make_case(session, cast)
    written = story.order(cast, **changes)
    return surat_perintah.content(
        session, case, written, [cast.joko, cast.lestari], cast.maya, cast.budi
    )


def _set(session: Session, **values: str) -> None:
    session.add_all(Setting(key=k, value=v, label=k, label_en=k) for k, v in values.items())
    session.commit()


def test_it_names_case_officers_tasks_place_and_dates(session: Session, cast: Cast) -> None:
    content = _content(session, cast)
    printed = paper.text(register.trial(session, LetterKind.surat_perintah, content))
    for said in (
        "kasus Nomor KS-2026-00012",
        "Nama : Joko Prasetyo",
        "Nama : Lestari Handayani",
        "1. Menjangkau korban dan menilai keadaannya; 2. Memastikan korban aman;",
        "titik temu aman: Ruang konseling Puskesmas Contoh",
        "mulai tanggal 24 Agustus 2026 sampai dengan tanggal 26 Agustus 2026",
        "Maya Kusuma sebagai konselor penanggung jawab",
        "Undang-Undang Nomor 12 Tahun 2022.",
    ):
        assert said in printed


def test_no_victim_is_named(session: Session, cast: Cast) -> None:
    told = json.dumps(_content(session, cast))
    assert "Melati" not in told
    assert "Kenanga" not in told


def test_one_day_is_one_date(session: Session, cast: Cast) -> None:
    content = _content(session, cast, ends_on=date(2026, 8, 24))
    assert "Melaksanakan tugas pada tanggal 24 Agustus 2026;" in content["tasks"]


def test_a_place_that_is_no_meeting_point_is_simply_a_place(session: Session, cast: Cast) -> None:
    content = _content(session, cast, safe_meeting_point=False, place="Kelurahan\nContoh")
    assert "Bertempat di Kelurahan Contoh;" in content["tasks"]


def _sign(session: Session, officer: Officer, **facts: object) -> None:
    known = {"kind": LetterKind.surat_perintah, "valid_from": date(2026, 1, 1)}
    session.add(Signatory(officer=officer, **known | facts))
    session.commit()


def test_the_head_signs_unless_the_list_names_another(session: Session, cast: Cast) -> None:
    assert _content(session, cast)["signatory"]["name"] == "Hadi Purnomo"  # type: ignore[index]
    _sign(session, cast.dewi)
    case = story.make_case(session, cast, "KS-2026-00013")
    again = surat_perintah.content(session, case, story.order(cast), [], cast.maya, cast.budi)
    assert again["signatory"]["name"] == "Dewi Anggraini"


def test_without_a_head_the_supervisor_who_approves_signs(session: Session, cast: Cast) -> None:
    cast.hadi.active = False
    content = _content(session, cast)
    assert content["signatory"]["id"] == cast.budi.id  # type: ignore[index]


def test_a_signatory_who_left_is_refused_in_a_sentence(session: Session, cast: Cast) -> None:
    cast.dewi.active = False
    _sign(session, cast.dewi)
    with pytest.raises(LetterError, match="Dewi Anggraini"):
        _content(session, cast)


def test_the_offices_own_words_are_printed(session: Session, cast: Cast) -> None:
    _set(
        session,
        kop_unit="UPT Contoh & Rekan",
        letter_closing_surat_perintah="Laksanakan.",
        letter_copies_surat_perintah="Sekretaris Daerah\nArsip",
        letter_sifat="Sangat Rahasia",
    )
    printed = paper.text(
        register.trial(session, LetterKind.surat_perintah, _content(session, cast))
    )
    for said in ("UPT CONTOH & REKAN", "Laksanakan.", "1. Sekretaris Daerah", "SANGAT RAHASIA"):
        assert said in printed


def test_a_letter_is_indonesian_whatever_the_officer_speaks(session: Session, cast: Cast) -> None:
    with speaking("en"):
        content = _content(session, cast)
        printed = paper.text(register.trial(session, LetterKind.surat_perintah, content))
    assert "24 Agustus 2026" in printed
    assert "30 September 2000" in printed


def test_the_usual_basis_has_a_line_for_each_law(session: Session) -> None:
    assert len(surat_perintah.usual_basis(session).splitlines()) >= 3
