"""Bad input: a clear answer beside the field, nothing lost, never a 500."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Attachment, Report
from portal.config import Settings
from tests.protection import samples
from tests.public.visitor import NARRATIVE, Page, Visitor, file
from tests.support.databases import both_engines

MEGABYTE = 1_000_000


def told(visitor: Visitor, session: Session, narrative: str) -> str | None:
    """A narrative as the office reads it."""
    visitor.report(kejadian={"narrative": narrative})
    visitor.send()
    session.rollback()
    return session.scalars(select(Report)).one().narrative


# --- words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "narrative",
    [
        "Saya takut 😢💔 tolong",
        "قال لي أن أسكت",
        "kalimat " * 1_250,
        "<script>alert(1)</script> & 'kutip' %(nama)s {{ 7*7 }}",
    ],
    ids=["emoji", "right to left", "10,000 characters", "markup"],
)
def test_a_story_arrives_as_it_was_written(
    visitor: Visitor, session: Session, narrative: str
) -> None:
    assert told(visitor, session, narrative) == narrative.strip()


@both_engines
def test_nul_and_other_control_characters_are_left_out(visitor: Visitor, session: Session) -> None:
    assert told(visitor, session, "sa\0ya\x08 di\r\nsini\x1b") == "saya di\nsini"


def test_a_story_that_is_too_long_is_kept_and_measured(visitor: Visitor) -> None:
    page = visitor.fill("/lapor/kejadian", narrative="a" * 20_001)
    assert page.status == 422
    assert "20.000" in page.error_at("narrative")
    assert "20.001" in page.error_at("narrative")
    assert len(visitor.get("/lapor/kejadian").form("/lapor/kejadian")["narrative"]) == 20_001


def test_a_choice_that_was_never_offered_is_refused(visitor: Visitor) -> None:
    form = visitor.get("/lapor/kejadian").form("/lapor/kejadian")
    wrong = {"danger_now": "mungkin", "violence_kinds": ["fisik", "ajaib"]}
    page = visitor.post("/lapor/kejadian", form | wrong | {"narrative": NARRATIVE})
    assert page.status == 422
    assert page.error_at("danger_now")
    assert page.error_at("violence_kinds")
    assert page.form("/lapor/kejadian")["narrative"] == NARRATIVE


def test_fields_nobody_asked_for_are_not_kept(visitor: Visitor, session: Session) -> None:
    form = visitor.get("/lapor/kejadian").form("/lapor/kejadian")
    visitor.post("/lapor/kejadian", form | {"status": "spam", "narrative": NARRATIVE})
    visitor.fill("/lapor/berkas", card="tidak_ada")
    visitor.send()
    assert session.scalars(select(Report)).one().status == "new"


# --- dates, numbers, addresses ------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "month", "year", "said"),
    [
        ("31", "2", "2026", "tidak ada di kalender"),
        ("12", "13", "2026", "tidak ada di kalender"),
        ("5", "", "2026", "bulannya"),
        ("", "5", "", "tahunnya"),
        ("", "", "26", "empat angka"),
        ("", "", "2999", "belum terjadi"),
        ("kemarin", "", "", "angka"),
        ("0", "1", "2026", "angka"),
        ("99999999999999999999", "1", "2026", "angka"),
        ("²", "1", "2026", "angka"),
    ],
)
def test_an_impossible_date_is_explained(
    visitor: Visitor, day: str, month: str, year: str, said: str
) -> None:
    typed = {"when__hari": day, "when__bulan": month, "when__tahun": year, "place": "Pasar"}
    page = visitor.fill("/lapor/waktu-tempat", **typed)
    assert page.status == 422
    assert said in page.error_at("when")
    kept = page.form("/lapor/waktu-tempat")
    assert (kept["when-hari"], kept["place"]) == (day, "Pasar")


@pytest.mark.parametrize("number", ["0812 3456 78901", "+62 812-3456-7890", "(0341) 717744"])
def test_numbers_are_taken_as_people_write_them(visitor: Visitor, number: str) -> None:
    assert visitor.fill("/lapor/kontak", phone=number).status == 303


def test_a_way_without_its_number_asks_for_it(visitor: Visitor) -> None:
    page = visitor.fill("/lapor/kontak", channel="telepon")
    assert "nomornya" in page.error_at("phone")
    assert "#phone" in page.links()
    assert page.title.startswith("Perlu diperbaiki")


@pytest.mark.parametrize("age", ["131", "tiga", "-1", "9" * 50])
def test_an_impossible_age_is_explained(visitor: Visitor, age: str) -> None:
    assert "angka" in visitor.fill("/lapor/korban", age=age).error_at("age")


def test_half_a_birth_date_points_to_the_estimated_age(visitor: Visitor) -> None:
    page = visitor.fill("/lapor/korban", born__tahun="2012")
    assert "perkiraan umur" in page.error_at("born")


@pytest.mark.parametrize("nik", ["123", "3573 0156 0312 1234", "bukan angka", "9" * 16])
def test_an_odd_nik_warns_and_never_blocks(visitor: Visitor, session: Session, nik: str) -> None:
    visitor.report(pelapor={"nik": nik})
    assert visitor.send().status == 200


# --- files --------------------------------------------------------------------------------


def hand_in(visitor: Visitor, aksi: str = "lanjut", **fields: object) -> Page:
    return visitor.fill("/lapor/berkas", aksi, **fields)


def test_a_card_is_handed_in_cleaned_and_belongs_to_the_report(
    visitor: Visitor, session: Session
) -> None:
    visitor.report(
        berkas={"card": "dilampirkan", "card_files": file(samples.picture("JPEG"), "ktp.jpg")}
    )
    visitor.send()
    (card,) = session.scalars(select(Attachment)).all()
    assert (card.kind, card.filename, card.mime) == ("kartu_identitas", "ktp.jpg", "image/jpeg")
    assert card.report.identity_card == "dilampirkan"


def test_a_card_that_is_said_to_be_here_must_be_here(visitor: Visitor) -> None:
    page = hand_in(visitor, card="dilampirkan")
    assert page.status == 422
    assert "menyusul" in page.error_at("card_files")


def test_later_is_welcome_with_a_reason(visitor: Visitor) -> None:
    assert hand_in(visitor, card="menyusul").error_at("card_reason")
    assert hand_in(visitor, card="menyusul", card_reason="di rumah").status == 303


def test_an_executable_called_jpg_is_refused_by_name_and_the_rest_is_kept(
    visitor: Visitor, session: Session
) -> None:
    given = [file(b"MZ\x90\0" + b"x" * 200, "foto.jpg"), file(samples.picture("JPEG"), "luka.jpg")]
    page = hand_in(visitor, card="menyusul", card_reason="di rumah", other_files=given)
    assert page.status == 422
    assert page.error_at("other_files").count("foto.jpg") == 1
    assert "luka.jpg" in page.words("//*[@class='files']")
    assert page.form("/lapor/berkas")["card_reason"] == "di rumah"


def test_sixty_megabytes_are_refused_beside_the_field(visitor: Visitor, settings: Settings) -> None:
    huge = file(b"\xff\xd8\xff" + bytes(60 * MEGABYTE), "video.jpg")
    page = hand_in(visitor, card="menyusul", card_reason="di rumah", other_files=huge)
    assert page.status == 422
    assert f"{settings.upload_limit} MB" in page.error_at("other_files")
    assert page.form("/lapor/berkas")["card_reason"] == "di rumah"


def test_more_than_a_request_can_carry_gets_a_plain_page_and_loses_no_other_step(
    visitor: Visitor,
) -> None:
    visitor.fill("/lapor/kejadian", narrative=NARRATIVE)
    huge = [file(bytes(30 * MEGABYTE), f"{n}.mp4") for n in range(4)]
    page = hand_in(visitor, card="menyusul", other_files=huge)
    assert page.status == 413
    assert "terlalu besar" in page.words()
    assert NARRATIVE in visitor.get("/lapor/kejadian").text


def test_a_file_can_be_taken_out_again(visitor: Visitor, session: Session) -> None:
    page = hand_in(visitor, "unggah", other_files=file(samples.picture("JPEG"), "salah.jpg"))
    assert page.leads_to == "/lapor/berkas"
    shown = visitor.get("/lapor/berkas")
    (button,) = shown.values("//button[starts-with(@value, 'buang:')]/@value")
    hand_in(visitor, button)
    assert "salah.jpg" not in visitor.get("/lapor/berkas").text


def test_the_same_file_twice_is_kept_once(visitor: Visitor, session: Session) -> None:
    for _click in range(2):
        hand_in(visitor, "unggah", other_files=file(samples.picture("JPEG"), "luka.jpg"))
    assert visitor.get("/lapor/berkas").words("//*[@class='files']").count("luka.jpg") == 2
    visitor.fill("/lapor/kejadian", narrative=NARRATIVE)
    hand_in(visitor, card="tidak_ada")
    visitor.send()
    assert len(session.scalars(select(Attachment)).all()) == 1


def test_files_of_an_abandoned_draft_are_removed(visitor: Visitor, settings: Settings) -> None:
    hand_in(visitor, "unggah", other_files=file(samples.picture("JPEG"), "luka.jpg"))
    stored = [path for path in settings.files.rglob("*") if path.is_file()]
    visitor.post("/keluar-cepat", {})
    assert len(stored) == 1
    assert not stored[0].exists()
