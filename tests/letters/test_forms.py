"""The forms that people sign by hand: what each says, of whom it is silent, what it waits for."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import (
    Case,
    Consent,
    LetterKind,
    LetterState,
    Officer,
    OrderOfficer,
    Outreach,
    OutreachState,
    Report,
    ReportStatus,
    Role,
    Setting,
    Signatory,
    Suspect,
    Victim,
)
from portal.access.permissions import OPEN_TO
from portal.casework import letter_acts
from portal.casework.lifecycle import Refused
from portal.letters import LetterError, html, pdf, register
from portal.letters.catalogue import CATALOGUE
from portal.letters.contexts import contexts
from portal.protection import files
from portal.wording import speaking
from tests.letters import filled, paper
from tests.support.cast import Cast

TOLD, RECORD = LetterKind.formulir_penerimaan, LetterKind.berita_acara
FOUND, AGREED = LetterKind.formulir_identifikasi, LetterKind.surat_persetujuan
FORMS = (TOLD, FOUND, RECORD, AGREED)
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
NUMBERED = {"number": "400.2.5/12/35.73.000/2026", "dated": "2026-11-26"}
NUMBERED |= {"verification": "https://contoh.go.id/verifikasi/" + "0" * 32}

pytestmark = pytest.mark.usefixtures("reference")


class Desk:
    """One report, the case it became, the visit and the consent: what the four forms say."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast = session, cast
        self.report: Report = filled.make_report(session, cast)
        self.mother, self.child = self.report.victims
        self.consent: Consent = filled.agree(session, self.mother, cast)
        self.case: Case = filled.identify(session, self.report, cast)
        self.visit: Outreach = filled.visit(session, self.case, cast)

    def row(self, kind: LetterKind) -> Any:
        return {TOLD: self.report, FOUND: self.report, RECORD: self.visit, AGREED: self.consent}[
            kind
        ]

    def says(self, kind: LetterKind, by: Officer | None = None) -> dict[str, Any]:
        content = CATALOGUE[kind].content(self.session, self.row(kind), by or self.cast.budi)
        json.dumps(content)
        return content

    def printed(self, kind: LetterKind, by: Officer | None = None) -> str:
        return paper.text(pdf.render(kind.value, self.says(kind, by) | NUMBERED))

    def gaps(self, kind: LetterKind) -> list[str]:
        found = CATALOGUE[kind].missing(self.session, self.row(kind), self.cast.budi)
        return [str(one) for one in found]

    def set(self, **values: str) -> None:
        rows = [Setting(key=k, value=v, label=k, label_en=k) for k, v in values.items()]
        for row in rows:
            old = self.session.query(Setting).filter_by(key=row.key).one_or_none()
            if old is None:
                self.session.add(row)
            else:
                old.value = row.value
        self.session.commit()


@pytest.fixture
def desk(session: Session, cast: Cast, tmp_path: Path) -> Desk:
    files.configure(tmp_path / "files")
    return Desk(session, cast)


@pytest.fixture(params=FORMS, ids=str)
def kind(request: pytest.FixtureRequest) -> LetterKind:
    return LetterKind(request.param)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        yield from (text for part in parts for text in _texts(part))


def _absent(content: dict[str, Any], shown: str) -> list[str]:
    bare = "".join(shown.split()).upper()
    said = {
        k: v for k, v in content.items() if k not in ("signatory", "dated", "paper", "verification")
    }
    return [text for text in _texts(said) if "".join(text.split()).upper() not in bare]


def _fields(rows: Any) -> dict[str, str]:
    return dict(rows)


# --- what holds of all of them ------------------------------------------------------------------


def test_all_that_is_known_stands_on_paper_and_on_the_screen(desk: Desk, kind: LetterKind) -> None:
    filled.add_file(desk.session, desk.report)
    content = desk.says(kind) | NUMBERED
    printed = paper.letters(pdf.render(kind.value, content))
    shown = paper.words(str(html.fragment(kind.value, content)))
    assert _absent(content, printed) == []
    assert _absent(content, shown) == []


def test_what_people_type_is_printed_whatever_it_is(desk: Desk, kind: LetterKind) -> None:
    desk.set(letter_paper="F4")
    name = "<script>alert(1)</script> & " + "Sitinurbaya" * 15 + " \U0001f600 مريم ꦱꦶꦠꦶ"
    desk.mother.person.name = desk.report.reporter.person.name = name
    desk.report.narrative = desk.visit.assessment = desk.consent.withhold = name
    desk.session.commit()
    printed = paper.letters(pdf.render(kind.value, desk.says(kind) | NUMBERED))
    assert "<script>alert(1)</script>&Sitinurbaya" in printed and "[?]" not in printed
    assert "<script" not in str(html.fragment(kind.value, desk.says(kind) | NUMBERED))


def test_a_story_of_forty_pages_is_printed_to_its_last_word(desk: Desk) -> None:
    told = "\n".join(["Korban bercerita tentang peristiwa itu. " * 20] * 260) + "\nHABIS"
    desk.report.narrative = told
    sheets = paper.pages(pdf.render(TOLD.value, desk.says(TOLD) | NUMBERED))
    assert len(sheets) >= 40
    assert any("HABIS" in sheet for sheet in sheets)
    assert "Isian ini benar" in sheets[-1]


def test_nobody_is_named_in_full_where_the_office_wants_initials(
    desk: Desk, kind: LetterKind
) -> None:
    desk.set(**{f"letter_names_{kind.value}": "inisial"})
    filled.add_file(desk.session, desk.report, "KTP Melati.jpg")
    said = json.dumps(desk.says(kind))
    for telling in ("Melati", "Puspa", "3573014107950001", "Gang Rekaan", "+62812"):
        assert telling not in said
    assert "M.P." in said


def test_a_form_is_indonesian_whatever_the_officer_speaks(desk: Desk, kind: LetterKind) -> None:
    before = desk.says(kind)
    with speaking("en"):
        assert desk.says(kind) == before


def test_the_words_around_it_are_the_offices_own(desk: Desk, kind: LetterKind) -> None:
    words = {"opening": "Pembuka kami.", "closing": "Penutup kami.", "copies": "Arsip\nInspektorat"}
    desk.set(**{f"letter_{part}_{kind.value}": text for part, text in words.items()})
    content = desk.says(kind)
    assert (content["opening"], content["closing"]) == ("Pembuka kami.", "Penutup kami.")
    assert content["copy_to"] == ["Arsip", "Inspektorat"]


def test_it_is_issued_filed_and_waits_for_the_officers_pen(desk: Desk, kind: LetterKind) -> None:
    by = {RECORD: desk.cast.joko, AGREED: desk.cast.maya}.get(kind, desk.cast.budi)
    with register.untried():
        letter = letter_acts.issue(desk.session, kind, desk.row(kind), by, NOW)
    assert letter.case is desk.case
    assert letter.report is (None if kind is RECORD else desk.report)
    assert json.loads(letter.content)["signed"] == ""
    sari, budi, joko = desk.cast.sari, desk.cast.budi, desk.cast.joko
    signs = {TOLD: [sari], FOUND: [sari, budi], RECORD: [joko], AGREED: [sari]}
    assert [one.officer for one in letter.steps] == signs[kind]
    assert letter.signatory is signs[kind][-1]


def test_it_can_be_replaced_by_what_is_known_later(desk: Desk, kind: LetterKind) -> None:
    by = {RECORD: desk.cast.joko, AGREED: desk.cast.maya}.get(kind, desk.cast.budi)
    with register.untried():
        old = letter_acts.issue(desk.session, kind, desk.row(kind), by, NOW)
        new = letter_acts.replace(desk.session, old, "Salah nama", desk.cast.budi, NOW)
    assert old.state is LetterState.void
    assert new.replaces is old and new.source_id == desk.row(kind).id


def test_only_who_works_with_it_issues_it(desk: Desk, kind: LetterKind) -> None:
    may = {
        one.role
        for one in desk.cast
        if kind in letter_acts.offered(desk.session, desk.row(kind), one)
    }
    field = {Role.penjangkau, Role.konselor, Role.pendamping}
    intake = {Role.petugas, Role.supervisor}
    told = {TOLD: intake, FOUND: intake, RECORD: field | {Role.supervisor}, AGREED: field | intake}
    assert may == told[kind]
    assert CATALOGUE[kind].issuers <= OPEN_TO[kind]


def test_nothing_is_made_of_what_was_erased(desk: Desk, kind: LetterKind) -> None:
    desk.case.erased_at = desk.report.erased_at = NOW
    (sentence,) = desk.gaps(kind)
    assert "dihapus" in sentence


# --- formulir penerimaan ------------------------------------------------------------------------


def test_the_intake_form_follows_the_blank_one(desk: Desk) -> None:
    printed = desk.printed(TOLD)
    parts = ["FORMULIR PENERIMAAN PENGADUAN", "Nomor laporan : LP-2026-00077", "A. Yang melapor"]
    parts += ["Wati Rekaan", "B. Cara menghubungi", "WhatsApp", "Senin; Rabu"]
    parts += ["dari 09.00 sampai 12.30 WIB", "C. Korban", "Melati Puspa", "Memar", "Kenanga"]
    parts += ["D. Kejadian", "Kekerasan fisik; Kekerasan psikis", "22 November 2026", "Kronologi"]
    parts += ["meminta tolong", "RT/RW/kelurahan", "E. Terduga pelaku", "Tono Rekaan", "F. Berkas"]
    parts += ["G. Persetujuan", "WCC Contoh", "Isian ini benar", "Pelapor Petugas penerima"]
    places = [printed.find(part) for part in parts]
    assert -1 not in places and places == sorted(places)


def test_what_nobody_knows_is_said_and_what_nobody_asks_is_left_out(desk: Desk) -> None:
    child = _fields(desk.says(TOLD)["victims"][1])
    assert child["Alamat"] == child["Keadaan sekarang"] == "tidak diketahui"
    assert child["Wali"] == "Melati Puspa" and child["Usia"] == "9 tahun (anak)"
    assert "NIK" not in child and "Pekerjaan" not in child


def test_who_typed_a_call_received_it_whoever_works_on_it_now(desk: Desk) -> None:
    desk.report.entered_by = desk.cast.ratna
    assert desk.says(TOLD)["right"]["name"] == "Ratna Puspita"
    desk.cast.ratna.active = False
    assert desk.says(TOLD)["right"]["name"] == "Sari Wulandari"


def test_the_code_word_and_the_faith_are_not_printed(desk: Desk) -> None:
    said = json.dumps(desk.says(TOLD))
    assert "kembang kol" not in said and "disepakati, tidak dicetak" in said
    assert "slam" not in said


def test_who_tells_anonymously_stays_so(desk: Desk) -> None:
    desk.report.reporter.anonymous = True
    content = desk.says(TOLD)
    said = json.dumps(content)
    for telling in ("Wati", "+628120000001", "+628120000002", "3573015507800002", "Adik"):
        assert telling not in said
    assert content["left"]["name"] == ""
    assert _fields(content["reporter"])["Hubungan dengan korban"] == "Tetangga"


@pytest.mark.parametrize("kind", [TOLD, FOUND], ids=str, indirect=True)
def test_a_victim_who_tells_anonymously_is_named_nowhere(desk: Desk, kind: LetterKind) -> None:
    filled.add_file(desk.session, desk.report, "KTP Melati.jpg")
    desk.report.reporter.anonymous, desk.report.reporter.person = True, desk.mother.person
    said = json.dumps(desk.says(kind))
    for telling in ("Melati", "3573014107950001", "Gang Rekaan", "+628120000077"):
        assert telling not in said


def test_a_report_by_nobody_about_nobody_waits_for_its_story(session: Session, cast: Cast) -> None:
    bare = filled.bare_report(session, cast)
    (gap,) = CATALOGUE[TOLD].missing(session, bare, cast.sari)
    assert (gap.table, gap.verb, gap.row) == ("report", "edit", bare.id)
    bare.narrative = "Ada yang berteriak."
    assert CATALOGUE[TOLD].missing(session, bare, cast.sari) == []
    content = CATALOGUE[TOLD].content(session, bare, cast.sari)
    printed = paper.text(pdf.render(TOLD.value, content | NUMBERED))
    for said in ("Nama : tidak diketahui", "Korban belum diketahui", "Terduga pelaku belum"):
        assert said in printed


def test_who_was_not_asked_has_refused_nothing(desk: Desk) -> None:
    changes = {"given_on": None, "legal_basis": "kepentingan_vital", "partners": []}
    filled.agree(desk.session, desk.child, desk.cast, **changes)
    content = desk.says(TOLD)
    assert [row[0] for row in content["consents"]] == ["Melati Puspa"]
    assert content["bases"].startswith("Pelindungan kepentingan vital")


# --- formulir identifikasi ----------------------------------------------------------------------


def test_identification_tells_outcome_kinds_contexts_and_services(desk: Desk) -> None:
    content = desk.says(FOUND)
    outcome, mother = _fields(content["outcome"]), _fields(content["victims"][0])
    assert outcome["Hasil identifikasi"] == "Kasus baru"
    assert outcome["Diidentifikasi oleh"] == "Sari Wulandari"
    assert outcome["Waktu identifikasi"] == "24 November 2026 pukul 09.05 WIB"
    assert mother["Usia saat kejadian"] == "31 tahun (kelompok 25–44 tahun)"
    assert mother["Jenis utama (GBVIMS)"] == "Kekerasan fisik"
    assert mother["Konteks"].startswith("kekerasan dalam rumah tangga (KDRT)")
    assert _fields(content["victims"][1])["Anak atau dewasa"] == "anak"
    assert _fields(content["incident"])["Jarak ke laporan"] == "0–3 hari"
    assert content["services"] == ["Rehabilitasi sosial", "Penampungan sementara"]
    assert (content["left"]["name"], content["right"]["name"]) == ("Sari Wulandari", "Budi Santoso")


def test_a_joined_report_is_an_old_case_that_knows_its_victims(desk: Desk) -> None:
    again = filled.bare_report(desk.session, desk.cast)
    again.case, again.status = desk.case, ReportStatus.joined
    desk.session.add(Victim(report=again, person=desk.mother.person))
    desk.session.commit()
    desk.report = again
    assert desk.gaps(FOUND) == []
    assert _fields(desk.says(FOUND)["victims"][0])["Kebutuhan"].startswith("Konseling")
    assert _fields(desk.says(FOUND)["outcome"])["Hasil identifikasi"] == "Kasus lama (digabungkan)"


def test_suspects_are_told_by_their_relation_alone(desk: Desk) -> None:
    content = desk.says(FOUND)
    assert content["suspects"] == [["1.", "Suami/istri", "ya"]]
    assert "Tono" not in json.dumps(content)


def test_who_identified_does_not_sign_for_the_supervisor_too(desk: Desk) -> None:
    told = desk.report.events[-1]
    told.actor = desk.cast.budi
    assert desk.says(FOUND, by=desk.cast.budi)["right"]["name"] == ""
    assert desk.says(FOUND, by=desk.cast.dewi)["right"]["name"] == "Dewi Anggraini"


def test_the_list_of_signatories_names_the_supervisor(desk: Desk) -> None:
    line = Signatory(kind=FOUND, officer=desk.cast.dewi, valid_from=NOW.date().replace(year=2020))
    desk.session.add(line)
    desk.session.commit()
    assert desk.says(FOUND)["right"]["name"] == "Dewi Anggraini"
    desk.cast.dewi.active = False
    (sentence,) = desk.gaps(FOUND)
    assert "tidak aktif" in sentence


def test_a_report_that_is_no_case_has_no_identification(session: Session, cast: Cast) -> None:
    bare, entry = filled.bare_report(session, cast), CATALOGUE[FOUND]
    (gap,) = entry.missing(session, bare, cast.budi)
    assert (gap.table, gap.row) == ("report", bare.id)
    with pytest.raises(LetterError):
        entry.content(session, bare, cast.budi)


def test_each_victim_needs_a_kind_of_violence(desk: Desk) -> None:
    desk.case.violence_kinds = []
    (gap,) = CATALOGUE[FOUND].missing(desk.session, desk.report, desk.cast.budi)
    assert "korban ke-2" in str(gap)
    assert (gap.table, gap.verb, gap.row) == ("victim", "edit", desk.child.id)


CONTEXTS = [
    # relation, household, kinds, gbvims, age → contexts
    ("suami_istri", None, "fisik", None, 31, ["KDRT", "pasangan"]),
    ("orang_tua", None, "fisik", None, 9, ["KDRT"]),
    ("keluarga", True, "fisik", None, 20, ["KDRT"]),
    ("keluarga", None, "fisik", None, 20, []),
    ("majikan", True, "fisik", None, 20, ["KDRT"]),
    ("tetangga", True, "seksual", None, 17, ["anak"]),
    ("tetangga", None, "seksual", None, 18, []),
    ("tetangga", None, "seksual", None, None, []),
    ("tetangga", None, "fisik", "rape", 12, ["anak"]),
    ("lainnya", None, "psikis", "forced_marriage", 16, ["perkawinan anak"]),
    ("pacar_teman", None, "fisik", None, 20, ["bila terlapor adalah pacar"]),
]


@pytest.mark.parametrize(("relation", "home", "kind_of", "gbvims", "years", "found"), CONTEXTS)
def test_contexts_are_computed(
    relation: str,
    home: bool | None,
    kind_of: str,
    gbvims: str | None,
    years: int | None,
    found: list[str],
) -> None:
    victim = Victim(gbvims_type=gbvims, tpks_kinds=[])
    suspect = Suspect(relation=relation, same_household=home)
    seen = contexts(victim, [kind_of], [suspect], years)
    assert len(seen) == len(found)
    assert all(part in name for part, name in zip(found, seen, strict=True))


# --- berita acara -------------------------------------------------------------------------------


def test_the_record_of_a_visit_says_when_where_who_and_what(desk: Desk) -> None:
    printed = desk.printed(RECORD)
    for said in (
        "Pada hari ini, Selasa, tanggal dua puluh empat bulan November tahun dua ribu dua puluh"
        " enam (24/11/2026), bertempat di Balai RW rekaan",
        f"Surat Perintah Nomor {desk.visit.order.letter.printed} tanggal 24 Agustus 2026",
        "kasus Nomor KS-2026-00077",
        "1. Melati Puspa 2. Kenanga",
        "Ditemui : ya",
        "Korban tenang dan mau bercerita.",
        "Sedang",
        "1. Konseling psikologis 2. Visum et repertum",
        "Pendampingan ke rumah sakit besok pagi.",
        "Saksi/pihak yang dikunjungi Petugas penjangkau",
    ):
        assert said in printed


def test_who_went_along_signs_beside(desk: Desk) -> None:
    desk.visit.order.assignments.append(OrderOfficer(officer=desk.cast.lestari))
    desk.session.commit()
    content = desk.says(RECORD)
    assert [one["name"] for one in content["officers"]] == ["Joko Prasetyo", "Lestari Handayani"]
    assert content["left"]["name"] == "Lestari Handayani"
    assert content["right"]["name"] == "Joko Prasetyo"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": OutreachState.started}, "belum dilaporkan"),
        ({"visited_on": None}, "Tanggal penjangkauan"),
    ],
)
def test_no_record_of_a_visit_before_it_is_reported(
    desk: Desk, changes: dict[str, Any], sentence: str
) -> None:
    for name, value in changes.items():
        setattr(desk.visit, name, value)
    (told,) = desk.gaps(RECORD)
    assert sentence in told
    with pytest.raises(LetterError):
        desk.says(RECORD)


def test_a_void_order_carries_no_record(desk: Desk) -> None:
    register.void(desk.session, desk.visit.order.letter, "Salah", desk.cast.budi, NOW)
    assert desk.gaps(RECORD) == ["Surat perintah yang berlaku belum ada."]


# --- surat persetujuan --------------------------------------------------------------------------


def test_consent_is_a_cross_for_each_purpose(desk: Desk) -> None:
    content = desk.says(AGREED)
    assert [row[1:] for row in content["purposes"]] == [["X", ""], ["X", ""], ["", "X"]]
    assert content["partners"] == "WCC Contoh"
    assert "keluarga terlapor" in content["withhold"]
    assert (content["left"]["name"], content["witness"]["name"]) == ("Melati Puspa", "")
    printed = desk.printed(AGREED)
    for said in ("Bertindak sebagai : Korban sendiri", "menarik kembali", "Saksi", "24 November"):
        assert said in printed
    assert "Beri tanda silang" not in printed


def test_consent_can_be_printed_before_it_is_given(desk: Desk) -> None:
    changes = {"for_services": False, "for_sharing": False, "withhold": None, "partners": []}
    facts = {"given_by": "wali", "given_on": None, "legal_basis": "kepentingan_vital"}
    desk.consent = filled.agree(desk.session, desk.child, desk.cast, **changes | facts)
    content = desk.says(AGREED)
    assert all(row[1:] == ["", ""] for row in content["purposes"])
    assert content["left"]["name"] == "Melati Puspa"
    assert desk.says(AGREED, by=desk.cast.maya)["right"]["name"] == "Maya Kusuma"
    printed = desk.printed(AGREED)
    assert "Beri tanda silang (X)" in printed and "____" in printed
    assert "Tanpa persetujuan, data diproses berdasarkan: Pelindungan kepentingan vital" in printed
    assert "Tanggal persetujuan" not in printed


def test_whose_name_nobody_knows_writes_it_down(desk: Desk) -> None:
    desk.consent.given_by = "lainnya"
    content = desk.says(AGREED)
    assert set(_fields(content["giver"])["Nama"]) == {"_"}
    assert content["left"]["name"] == ""


def test_who_shares_with_nobody_names_no_institution(desk: Desk) -> None:
    desk.consent.for_sharing = False
    assert desk.says(AGREED)["partners"] == ""


def test_consent_taken_back_is_not_printed_any_more(desk: Desk) -> None:
    desk.consent.withdrawn_at, desk.consent.withdrawn = NOW, ["services", "sharing"]
    (sentence,) = desk.gaps(AGREED)
    assert "sudah dicabut" in sentence
    with pytest.raises(Refused, match="sudah dicabut"):
        letter_acts.issue(desk.session, AGREED, desk.consent, desk.cast.budi, NOW)


def test_a_consent_taken_back_in_part_says_no_there(desk: Desk) -> None:
    desk.consent.for_sharing, desk.consent.withdrawn = False, ["sharing"]
    assert [row[1:] for row in desk.says(AGREED)["purposes"]][1] == ["", "X"]
