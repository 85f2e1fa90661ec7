"""What leaves the house with a referral: the service asked for, and the least of the rest."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import (
    Consent,
    LetterKind,
    PartnerInstitution,
    Referral,
    ReferralState,
    SafeContact,
    Setting,
)
from portal.letters import LetterError, register, surat_rujukan
from tests.letters import paper, story
from tests.support.cast import Cast

KIND = LetterKind.surat_rujukan
# What the case knows and nobody outside needs.
SECRETS = (
    *("Melati", "Puspa", "3573014107950003", "081234567890", "Jalan Rekaan"),
    *("Kenanga", "fisik", "psikis", "Rumah tangga", "Suami", "bertengkar"),
)


@pytest.fixture
def referral(session: Session, cast: Cast) -> Referral:
    """Melati agreed that the hospital is asked to examine her; the case knows much more."""
    story.add_labels(session)
    case = story.make_case(session, cast)
    case.narrative = "Mereka bertengkar."
    mother = case.victims[0]
    mother.person.nik, mother.person.phone = "3573014107950003", "+6281234567890"
    mother.person.address = "Jalan Rekaan 7"
    mother.person.safe_contact = SafeContact(channel="telepon")
    hospital = PartnerInstitution(name="RSUD Contoh", address="Jalan Contoh 1\nMalang")
    consent = Consent(
        victim=mother,
        given_by="sendiri",
        given_on=date(2026, 9, 1),
        for_sharing=True,
        partners=[hospital],
    )
    row = Referral(
        case=case,
        victim=mother,
        partner=hospital,
        service="kesehatan",
        purpose="Pemeriksaan kesehatan dan keterangan dokter.",
        referred_on=date(2026, 9, 2),
        consent=consent,
        officer=cast.maya,
    )
    session.add(row)
    session.commit()
    return row


def gaps(session: Session, referral: Referral, cast: Cast) -> list[str]:
    return list(map(str, surat_rujukan.missing(session, referral, cast.maya)))


def printed(session: Session, referral: Referral, cast: Cast) -> str:
    content = surat_rujukan.content(session, referral, cast.maya)
    return paper.text(register.trial(session, KIND, content))


def test_it_asks_the_partner_for_a_service_and_brings_the_slip_for_the_answer(
    session: Session, referral: Referral, cast: Cast
) -> None:
    assert gaps(session, referral, cast) == []
    text = printed(session, referral, cast)
    for said in (
        "Yth. RSUD Contoh Jalan Contoh 1 Malang",
        "Hal : Rujukan Layanan Kesehatan",
        "Nama : M.P.",
        "Jenis kelamin : Perempuan",
        "Kelompok usia : Dewasa",
        "Tujuan rujukan : Pemeriksaan kesehatan dan keterangan dokter.",
        "Dasar : Persetujuan tanggal 1 September 2026",
        "Narahubung : Maya Kusuma, Konselor",
        "LEMBAR BALASAN RUJUKAN",
        *("Diterima", "Ditolak", "Selesai"),
    ):
        assert said in text


def test_nothing_else_of_the_case_leaves_the_house(
    session: Session, referral: Referral, cast: Cast
) -> None:
    content = surat_rujukan.content(session, referral, cast.maya)
    frozen = json.dumps(content, ensure_ascii=False)
    pdf = register.trial(session, KIND, content)
    found = [one for one in SECRETS if one in frozen or one in paper.text(pdf)]
    assert found == []
    assert not [one for one in SECRETS if one.encode() in pdf]


def test_what_she_asked_to_keep_back_leaves_nothing_but_initials(
    session: Session, referral: Referral, cast: Cast
) -> None:
    _set(session, letter_names_surat_rujukan="lengkap")
    assert surat_rujukan.content(session, referral, cast.maya)["victim"][0][1] == "Melati Puspa"
    consent = Consent(
        victim=referral.victim, given_by="sendiri", given_on=date(2026, 9, 1), withhold="Usianya"
    )
    session.add(consent)
    session.commit()
    content = surat_rujukan.content(session, referral, cast.maya)
    assert content["victim"] == [["Nama", "M.P."]]
    assert "Dewasa" not in paper.text(register.trial(session, KIND, content))


def test_it_rests_on_a_consent_that_still_reaches_this_partner(
    session: Session, referral: Referral, cast: Cast
) -> None:
    consent, hospital = referral.consent, referral.partner
    assert consent is not None
    broken: list[tuple[str, dict[str, Any]]] = [
        ("sudah dicabut", {"withdrawn": ["sharing"], "for_sharing": False}),
        ("tidak mencakup", {"for_sharing": False}),
        ("tidak mencakup", {"partners": [PartnerInstitution(name="Lembaga Lain")]}),
    ]
    for sentence, changes in broken:
        whole = {"withdrawn": [], "for_sharing": True, "partners": [hospital]}
        for name, value in (whole | changes).items():
            setattr(consent, name, value)
        session.commit()
        assert [sentence in one for one in gaps(session, referral, cast)] == [True]
        with pytest.raises(LetterError, match=sentence):
            surat_rujukan.content(session, referral, cast.maya)
    consent.partners = []  # everybody
    session.commit()
    assert gaps(session, referral, cast) == []


def test_a_recorded_legal_basis_stands_without_consent(
    session: Session, referral: Referral, cast: Cast
) -> None:
    referral.consent, referral.legal_basis = None, "kepentingan_vital"
    session.commit()
    assert gaps(session, referral, cast) == []
    assert "kepentingan_vital" in printed(session, referral, cast)


def test_a_purpose_that_says_who_she_is_stops_the_letter(
    session: Session, referral: Referral, cast: Cast
) -> None:
    for purpose in (
        "Periksa Ibu Mélati",
        "Hubungi 0812-3456-7890",
        "Jemput di jalan rekaan 7",
        "NIK 3573 0141 0795 0003",
        "Bersama Kenanga",
    ):
        referral.purpose = purpose
        [gap] = surat_rujukan.missing(session, referral, cast.maya)
        assert (gap.table, gap.verb, gap.row) == ("referral", "edit", referral.id)
        assert "nama, nomor, atau alamat" in gap.sentence


def test_what_is_over_is_not_asked_for_again(
    session: Session, referral: Referral, cast: Cast
) -> None:
    for state in (ReferralState.selesai, ReferralState.ditolak):
        referral.state, referral.state_reason = state, "Penuh"
        assert any("ditolak atau selesai" in one for one in gaps(session, referral, cast))


def _set(session: Session, **values: str) -> None:
    session.add_all(Setting(key=k, value=v, label=k, label_en=k) for k, v in values.items())
    session.commit()
