"""`/lacak`: number and code open a report; everything else is not found."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Attachment, CaseStatus, Message, Notice, Report
from portal.casework import intake, receipts
from portal.public import visit
from tests.protection import samples
from tests.public.visitor import Page, Visitor, file, receipt
from tests.support.cast import Cast
from tests.support.office import Office

NOT_FOUND = "tidak ditemukan"


@pytest.fixture
def sent(visitor: Visitor) -> tuple[str, str]:
    """Number and code of a report that Wati sent."""
    visitor.report()
    return receipt(visitor.send())


def look_up(visitor: Visitor, number: str, code: str, **more: str) -> Page:
    return visitor.fill("/lacak", nomor=number, kode=code, **more)


def opened(visitor: Visitor, sent: tuple[str, str]) -> Page:
    assert look_up(visitor, *sent).leads_to == "/lacak/laporan"
    return visitor.get("/lacak/laporan")


def the_report(session: Session) -> Report:
    session.rollback()
    return session.scalars(select(Report)).one()


# --- opening ------------------------------------------------------------------------------


def test_number_and_code_open_the_report(visitor: Visitor, sent: tuple[str, str]) -> None:
    page = opened(visitor, sent)
    assert sent[0] in page.words()
    assert "sudah kami terima" in page.words("//*[@class='track__status']")
    assert page.title == "Lacak"


@pytest.mark.parametrize(
    "retyped",
    [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "],
)
def test_a_code_may_be_typed_as_people_type(
    visitor: Visitor, sent: tuple[str, str], retyped: object
) -> None:
    assert look_up(visitor, sent[0].lower(), retyped(sent[1])).leads_to == "/lacak/laporan"


def test_letters_that_look_like_digits_are_read_as_digits(
    visitor: Visitor, sent: tuple[str, str]
) -> None:
    looks = sent[1].replace("0", "O").replace("1", "I")
    assert look_up(visitor, sent[0], looks).status == 303


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("%", "%"),
        ("", ""),
        ("LP-2026-%", None),
        (None, "%"),
        (None, ""),
        (None, "0000-0000-0000-0000"),
        ("LP-2026-999999", None),
        ("' OR 1=1 --", None),
        ("😢", "😢"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_every_way_of_being_wrong_looks_the_same(
    visitor: Visitor, sent: tuple[str, str], number: str | None, code: str | None
) -> None:
    page = look_up(
        visitor, sent[0] if number is None else number, sent[1] if code is None else code
    )
    assert page.status == 422
    assert NOT_FOUND in page.words("//*[@role='alert']")
    assert visitor.get("/lacak/laporan").leads_to == "/lacak"


def test_a_code_opens_its_own_report_only(visitor: Visitor, sent: tuple[str, str]) -> None:
    visitor.report(kejadian={"narrative": "Laporan lain"})
    other = receipt(visitor.send())
    assert look_up(visitor, other[0], sent[1]).status == 422


def test_the_database_does_not_know_the_code(sent: tuple[str, str], session: Session) -> None:
    dump = "\n".join(session.connection().connection.driver_connection.iterdump())
    assert sent[0] in dump
    assert sent[1] not in dump
    assert sent[1].replace("-", "") not in dump


def test_closing_forgets_the_report(visitor: Visitor, sent: tuple[str, str]) -> None:
    form = opened(visitor, sent).form("/lacak/tutup")
    assert visitor.post("/lacak/tutup", form).leads_to == "/"
    assert visitor.get("/lacak/laporan").leads_to == "/lacak"


def test_it_closes_by_itself(
    visitor: Visitor, sent: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(visitor, sent)
    monkeypatch.setattr(visit, "TRACK_FOR", timedelta(seconds=-1))
    assert visitor.get("/lacak/laporan").leads_to == "/lacak"


def test_a_forged_cookie_opens_nothing(visitor: Visitor, sent: tuple[str, str]) -> None:
    visitor.client.set_cookie("lacak", "eyJraW5kIjoicmVwb3J0IiwiaWQiOjF9.aaaa.bbbb")
    assert visitor.get("/lacak/laporan").leads_to == "/lacak"


def test_quick_exit_closes_it_too(visitor: Visitor, sent: tuple[str, str]) -> None:
    opened(visitor, sent)
    visitor.post("/keluar-cepat", {})
    visitor.post("/kembali", {})
    assert visitor.get("/lacak/laporan").leads_to == "/lacak"


# --- what it says -------------------------------------------------------------------------


def test_the_office_answers_and_keeps_its_notes_to_itself(
    visitor: Visitor, sent: tuple[str, str], session: Session, cast: Cast
) -> None:
    report = the_report(session)
    intake.answer(session, report, cast.sari, "Kami siap membantu.", visit.now())
    intake.note(session, report, cast.sari, "Pelapor tampak takut", visit.now())
    session.commit()
    page = opened(visitor, sent)
    assert "Kami siap membantu." in page.words()
    assert "takut" not in page.words("//*[@class='talk']")
    assert cast.sari.name not in page.text
    answer = session.scalars(select(Message).order_by(Message.id)).first()
    session.refresh(answer)
    assert answer.read_at is not None


@pytest.mark.parametrize("status", CaseStatus)
def test_every_state_of_a_case_is_told_in_plain_words(
    visitor: Visitor, session: Session, cast: Cast, status: CaseStatus
) -> None:
    office = Office(session, cast)
    case = office.case(status)
    report = case.reports[0]
    code = "AAAA-BBBB-CCCC-DDDD"
    report.receipt_hash = receipts.code_hash(code)
    session.commit()
    page = opened(visitor, (report.number, code))
    told = page.words()
    assert page.words("//*[@class='track__status']")
    assert "Laporan dipelajari dan diajukan" in told
    for internal in (case.number, status.value, *(officer.name for officer in cast)):
        assert internal not in told
    assert case.status_reason is None or case.status_reason not in told


def test_a_closed_case_does_not_mute_the_reporter(
    visitor: Visitor, session: Session, cast: Cast
) -> None:
    case = Office(session, cast).case(CaseStatus.closed)
    report, code = case.reports[0], "AAAA-BBBB-CCCC-DDDD"
    report.receipt_hash = receipts.code_hash(code)
    session.commit()
    opened(visitor, (report.number, code))
    visitor.fill("/lacak/laporan", text="Ia datang lagi.")
    session.rollback()
    assert session.scalars(select(Message)).one().body == "Ia datang lagi."
    told = session.scalars(select(Notice).where(Notice.kind == "report_message")).all()
    assert {cast.maya.id} == {notice.officer_id for notice in told}  # intake opens it no more


# --- what the reporter adds ---------------------------------------------------------------


def test_the_reporter_writes_and_hands_in_the_card_later(
    visitor: Visitor, sent: tuple[str, str], session: Session
) -> None:
    opened(visitor, sent)
    card = file(samples.picture("JPEG"), "ktp.jpg")
    page = visitor.fill("/lacak/laporan", text="Ini kartu saya\nMaaf terlambat", card_files=card)
    assert page.leads_to == "/lacak/laporan?terkirim=1"
    shown = visitor.get(page.leads_to)
    assert "Ini kartu saya" in shown.words()
    assert "ktp.jpg" in shown.words()
    (stored,) = session.scalars(select(Attachment)).all()
    assert stored.kind == "kartu_identitas"
    assert stored.message.body == "Ini kartu saya\nMaaf terlambat"


def test_a_bad_file_is_refused_while_the_words_arrive(
    visitor: Visitor, sent: tuple[str, str], session: Session
) -> None:
    opened(visitor, sent)
    page = visitor.fill(
        "/lacak/laporan", text="Lihat foto ini", other_files=file(b"MZ\x90\0" * 40, "foto.jpg")
    )
    assert page.status == 422
    assert "foto.jpg" in page.error_at("other_files")
    assert "sudah kami terima" in page.words("//*[@role='status']")
    assert page.form("/lacak/laporan")["text"] == ""
    session.rollback()
    assert session.scalars(select(Message)).one().body == "Lihat foto ini"


def test_an_empty_message_asks_for_words(visitor: Visitor, sent: tuple[str, str]) -> None:
    opened(visitor, sent)
    assert visitor.fill("/lacak/laporan").error_at("text")


def test_words_written_too_late_are_sent_after_opening_again(
    visitor: Visitor, sent: tuple[str, str], session: Session
) -> None:
    form = opened(visitor, sent).form("/lacak/laporan") | {"text": "Kalimat panjang saya"}
    visitor.client.delete_cookie("lacak")
    late = visitor.post("/lacak/laporan", form)
    assert "belum terkirim" in late.words("//*[@role='status']")
    again = late.form("/lacak") | {"nomor": sent[0], "kode": sent[1]}
    assert again["text"] == "Kalimat panjang saya"
    shown = visitor.post("/lacak", again)
    assert shown.form("/lacak/laporan")["text"] == "Kalimat panjang saya"
    visitor.post("/lacak/laporan", shown.form("/lacak/laporan"))
    session.rollback()
    assert session.scalars(select(Message)).one().body == "Kalimat panjang saya"


def test_another_site_cannot_write_in_the_reporters_name(
    visitor: Visitor, sent: tuple[str, str], session: Session
) -> None:
    opened(visitor, sent)
    visitor.post("/lacak/laporan", {"text": "Cabut laporan saya"})
    session.rollback()
    assert session.scalars(select(Message)).all() == []
