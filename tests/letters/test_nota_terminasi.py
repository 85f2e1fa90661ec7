"""What the nota dinas says at termination and at the end, and what it refuses to leave out."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import (
    Agreement,
    Capacity,
    InterventionState,
    LetterKind,
    MonitoringState,
    Setting,
    Signatory,
)
from portal.letters import LetterError, nota_terminasi, register
from tests.letters import paper, story
from tests.support.cast import Cast

NOTA, FINAL = LetterKind.nota_terminasi, LetterKind.nota_akhir


def test_the_nota_tells_case_services_reason_agreement_and_plan(
    session: Session, cast: Cast
) -> None:
    case, proposal = story.whole_story(session, cast)
    content = nota_terminasi.content(session, case, proposal, story.plan(case), cast.budi)
    printed = paper.text(register.trial(session, NOTA, content))
    for said in (
        "Kepada : Yth. Kepala Dinas",
        "Dari : Kepala Seksi",
        "Hal : Terminasi Kasus Nomor KS-2026-00012",
        "24 Agustus 2026 (Telepon)",
        "Waktu kejadian : Agustus 2026",
        "Tempat kejadian : Rumah tangga",
        "Hubungan pelaku : Suami/istri",
        "1. Melati Puspa Perempuan 31 tahun Kekerasan fisik",
        "2. Kenanga Perempuan 9 tahun (anak) Kekerasan psikis",
        "Ia merasa aman.",
        "Tujuan penanganan tercapai.",
        "diusulkan oleh Maya Kusuma pada tanggal 23 November 2026",
        "Korban menyetujui terminasi.",
        "Disampaikan pada sesi terakhir.",
        "1. Melati Puspa 28/12/2026 25/01/2027 24/02/2027",
        "Budi Santoso",
    ):
        assert said in printed


def test_services_stand_by_date_and_what_was_only_planned_is_left_out(
    session: Session, cast: Cast
) -> None:
    case, proposal = story.whole_story(session, cast)
    rows = nota_terminasi.content(session, case, proposal, [], cast.budi)["services"]
    assert [row[:5] for row in rows] == [
        ["1.", "25/08/2026", "Penjangkauan korban", "Semua korban", "Joko Prasetyo"],
        ["2.", "10/09/2026", "Rujukan: Bantuan hukum", "Melati Puspa", "WCC Contoh"],
        ["3.", "20/09/2026", "Rehabilitasi sosial", "Melati Puspa", "Maya Kusuma"],
    ]
    assert rows[0][5] == "Korban ditemui.\nKorban aman di rumah orang tuanya."
    assert rows[1][5] == "Diterima."


def test_the_final_nota_has_the_result_of_every_contact(session: Session, cast: Cast) -> None:
    case, proposal = story.whole_story(session, cast)
    content = nota_terminasi.final_content(session, case, proposal, cast.budi)
    mother, child = content["results"]
    held = ["1", "28/12/2026", "28/12/2026", "Telepon", "Membaik", "Aman", "-", "Tidak"]
    assert mother["name"] == "Melati Puspa"
    assert mother["visits"][0] == held
    assert len(mother["visits"]) == len(child["visits"]) == 3
    assert child["visits"][2][6] == "Dikecualikan: Pindah ke luar kota"
    printed = paper.text(register.trial(session, FINAL, content))
    assert f"Nomor {proposal.letter.printed} tanggal 24 November 2026" in printed
    assert "Dari 6 (enam) kontak pemantauan, 5 (lima) dilaksanakan dan 1 (satu)" in printed
    assert "Tidak ada kekerasan berulang" in printed


def test_violence_that_came_back_is_said_in_the_conclusion(session: Session, cast: Cast) -> None:
    case, proposal = story.whole_story(session, cast)
    proposal.monitorings[1].recurrence = True
    content = nota_terminasi.final_content(session, case, proposal, cast.budi)
    assert "Kekerasan berulang tercatat pada 1 (satu) kontak." in content["conclusion"]
    assert content["results"][0]["visits"][1][7] == "Ya"


def test_where_no_contact_was_excused_none_is_counted(session: Session, cast: Cast) -> None:
    case, proposal = story.whole_story(session, cast)
    for contact in proposal.monitorings:
        contact.state = MonitoringState.done
    content = nota_terminasi.final_content(session, case, proposal, cast.budi)
    assert content["conclusion"].startswith("Seluruh 6 (enam) kontak pemantauan dilaksanakan. ")


def test_an_office_may_print_initials_alone(session: Session, cast: Cast) -> None:
    case, proposal = story.whole_story(session, cast)
    key = "letter_names_nota_akhir"
    session.add(Setting(key=key, value="inisial", label=key, label_en=key))
    session.commit()
    content = nota_terminasi.final_content(session, case, proposal, cast.budi)
    printed = paper.text(register.trial(session, FINAL, content))
    assert "Melati" not in printed
    assert "M.P." in printed


def test_a_victim_nobody_could_name_is_still_a_row(session: Session, cast: Cast) -> None:
    case, proposal = story.whole_story(session, cast)
    case.victims[1].person.alias = None
    case.victims[1].age_at_incident = None
    rows = nota_terminasi.content(session, case, proposal, [], cast.budi)["victims"]
    assert rows[1][1:4] == ["nama tidak diketahui", "Perempuan", "tidak diketahui"]


@pytest.mark.parametrize("agreement", Agreement)
def test_every_answer_of_the_victim_has_its_sentence(
    session: Session, cast: Cast, agreement: Agreement
) -> None:
    case, proposal = story.whole_story(session, cast)
    proposal.agreement = agreement
    told = nota_terminasi.content(session, case, proposal, [], cast.budi)["agreement"]
    assert told.startswith(nota_terminasi.AGREEMENTS[agreement])


def test_a_counsellor_may_close_but_who_decided_the_termination_signs(
    session: Session, cast: Cast
) -> None:
    case, proposal = story.whole_story(session, cast)
    content = nota_terminasi.final_content(session, case, proposal, cast.maya)
    assert content["signatory"]["id"] == cast.budi.id
    assert content["addressee_id"] == cast.hadi.id


def test_there_is_no_final_nota_before_the_first(session: Session, cast: Cast) -> None:
    case = story.make_case(session, cast)
    proposal = story.add_termination(session, case, cast)
    with pytest.raises(LetterError):
        nota_terminasi.final_content(session, case, proposal, cast.budi)


# --- completeness -----------------------------------------------------------------------------


def test_nothing_is_missing_from_a_complete_case(session: Session, cast: Cast) -> None:
    _case, proposal = story.whole_story(session, cast)
    assert nota_terminasi.missing(session, proposal, cast.budi) == []
    assert nota_terminasi.final_missing(session, proposal, cast.budi) == []


def test_every_absent_part_is_named(session: Session, cast: Cast) -> None:
    case, proposal = story.whole_story(session, cast)
    register.void(session, case.orders[0].letter, "Salah petugas", cast.budi, story.CLOSED)
    case.outreaches[0].state = "cancelled"
    case.interventions[0].state = InterventionState.cancelled
    session.delete(case.referrals[0])
    proposal.summary, cast.budi.position = "  ", None
    session.flush()
    session.expire(case)
    sentences = " ".join(map(str, nota_terminasi.missing(session, proposal, cast.budi)))
    for part in ("Surat perintah", "Ringkasan", "Pelayanan", "Jabatan"):
        assert part in sentences


def test_each_open_contact_is_named_without_the_victim(session: Session, cast: Cast) -> None:
    _case, proposal = story.whole_story(session, cast)
    proposal.monitorings[4].state = MonitoringState.scheduled
    (sentence,) = nota_terminasi.final_missing(session, proposal, cast.budi)
    assert str(sentence) == "Hasil monitoring ke-2 untuk korban ke-2 belum ada."


def test_a_void_nota_cannot_be_followed_by_a_final_one(session: Session, cast: Cast) -> None:
    _case, proposal = story.whole_story(session, cast)
    register.void(session, proposal.letter, "Salah ringkasan", cast.budi, story.CLOSED)
    sentences = nota_terminasi.final_missing(session, proposal, cast.budi)
    assert list(map(str, sentences)) == ["Nota terminasi yang berlaku belum ada."]


def test_a_contact_that_never_took_place_shows_no_result(session: Session, cast: Cast) -> None:
    case, proposal = story.whole_story(session, cast)
    contact = proposal.monitorings[0]
    contact.state, contact.due_on = MonitoringState.cancelled, date(2026, 12, 29)
    row = nota_terminasi.final_content(session, case, proposal, cast.budi)["results"][0]
    assert row["visits"][0] == ["1", "29/12/2026", "-", "-", "-", "-", "Dibatalkan", "-"]


def test_who_signs_for_another_stands_below_in_the_signature_and_as_sender(
    session: Session, cast: Cast
) -> None:
    case, proposal = story.whole_story(session, cast)
    line = Signatory(officer=cast.dewi, capacity=Capacity.atas_nama, title="Kepala Dinas Contoh")
    line.valid_from = date(2026, 1, 1)
    session.add(line)
    session.commit()
    content = nota_terminasi.content(session, case, proposal, story.plan(case), cast.budi)
    printed = paper.text(register.trial(session, NOTA, content))
    assert "Dari : Kepala Seksi, a.n. Kepala Dinas Contoh" in printed
    assert "a.n. Kepala Dinas Contoh Kepala Seksi," in printed
    line.capacity = Capacity.plh
    session.commit()
    content = nota_terminasi.content(session, case, proposal, story.plan(case), cast.budi)
    printed = paper.text(register.trial(session, NOTA, content))
    assert "Dari : Plh. Kepala Dinas Contoh Tembusan" in printed
    assert "Plh. Kepala Dinas Contoh, " in printed
