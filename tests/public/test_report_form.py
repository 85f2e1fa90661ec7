"""The complaint form: whatever happens, nothing that was typed is lost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CaseEvent, Draft, Notice, Report, Role
from tests.public.visitor import NARRATIVE, STEPS, Page, Visitor, receipt
from tests.support.databases import both_engines

PHONE = "0812 3456 78901"


def one_report(session: Session) -> Report:
    session.rollback()
    return session.scalars(select(Report)).one()


def drafts(session: Session) -> list[Draft]:
    session.rollback()
    return list(session.scalars(select(Draft)))


# --- from the first step to the receipt ---------------------------------------------------


@both_engines
def test_a_whole_report_arrives_as_it_was_told(visitor: Visitor, session: Session) -> None:
    visitor.report(
        kontak={"channel": "whatsapp", "phone": PHONE, "shared_phone": "ya"},
        keamanan={"days": ["senin", "rabu"], "from_time": "09:00", "code_word": "melati"},
        pelapor={"relation": "tetangga", "name": "Wati Rekaan"},
        korban={"name": "Bunga Rekaan", "sex": "perempuan", "age": "12"},
        kejadian={"narrative": NARRATIVE, "danger_now": "tidak", "violence_kinds": ["fisik"]},
        **{"waktu-tempat": {"when__bulan": "3", "when__tahun": "2026", "region": "35.73.02"}},
        terlapor={"relation": "orang_tua", "same_household": "ya"},
        harapan={"wishes": "Anak itu aman", "previously_reported": ["polisi"]},
        berkas={"card": "menyusul", "card_reason": "ada di rumah"},
    )
    number, _code = receipt(visitor.send())
    report = one_report(session)
    assert report.number == number
    assert report.narrative == NARRATIVE
    assert (report.incident_precision, report.incident_date.isoformat()) == ("bulan", "2026-03-01")
    assert report.region_code == "35.73.02"
    assert report.danger_now is False
    assert report.consents_to_processing
    assert (report.identity_card, report.identity_card_reason) == ("menyusul", "ada di rumah")
    contact = report.reporter.person.safe_contact
    assert (contact.channel, contact.address) == ("whatsapp", "+6281234567890" + "1")
    assert (contact.days, contact.code_word, contact.shared_phone) == (
        ["senin", "rabu"],
        "melati",
        True,
    )
    (victim,) = report.victims
    assert (victim.person.name, victim.age_at_incident) == ("Bunga Rekaan", 12)
    (suspect,) = report.suspects
    assert (suspect.relation, suspect.same_household, suspect.person) == ("orang_tua", True, None)


def test_a_new_report_starts_its_clock_and_tells_intake(visitor: Visitor, session: Session) -> None:
    before = datetime.now(UTC)
    visitor.report()
    visitor.send()
    report = one_report(session)
    assert before <= report.received_at <= datetime.now(UTC)
    assert [event.kind for event in session.scalars(select(CaseEvent))] == ["received"]
    told = session.scalars(select(Notice)).all()
    assert {notice.officer.role for notice in told} == {Role.petugas}
    assert {notice.kind for notice in told} == {"report_new"}


def test_one_sentence_is_enough(visitor: Visitor, session: Session) -> None:
    visitor.get("/lapor")
    visitor.fill("/lapor/berkas", card="tidak_ada")
    visitor.fill("/lapor/kejadian", narrative="Tolong.")
    visitor.send()
    report = one_report(session)
    assert report.narrative == "Tolong."
    assert report.reporter.anonymous
    assert len(report.victims) == 1


def test_a_number_to_call_is_enough(visitor: Visitor, session: Session) -> None:
    visitor.report(kejadian={}, kontak={"phone": PHONE})
    visitor.send()
    assert one_report(session).reporter.person.safe_contact.address == "+62812345678901"


@pytest.mark.parametrize("contact", [{}, {"channel": "jangan_dihubungi", "phone": PHONE}])
def test_nothing_told_and_no_way_to_ask_is_said_kindly(
    visitor: Visitor, session: Session, contact: dict[str, str]
) -> None:
    visitor.report(kejadian={}, kontak=contact)
    page = visitor.fill("/lapor/periksa")
    assert page.status == 422
    assert "satu kalimat" in page.words("//*[@role='alert']")
    assert "/lapor/kejadian?dari=periksa" in page.links()
    assert session.scalars(select(Report)).all() == []


def test_the_page_of_the_answers_shows_them_and_leads_back(visitor: Visitor) -> None:
    page = visitor.report(pelapor={"name": "Wati Rekaan", "nik": "123"})
    assert NARRATIVE in page.words()
    assert "NIK seharusnya 16 angka" in page.words()
    changed = visitor.fill("/lapor/pelapor?dari=periksa", name="Ningsih Rekaan")
    assert changed.leads_to == "/lapor/periksa"
    assert "Ningsih Rekaan" in visitor.get("/lapor/periksa").words()


# --- people -------------------------------------------------------------------------------


def test_several_people_can_be_harmed(visitor: Visitor, session: Session) -> None:
    visitor.report()
    assert visitor.fill("/lapor/korban", "tambah", name="Bunga").leads_to == "/lapor/korban/2"
    assert visitor.fill("/lapor/korban/2", "tambah", name="Mawar").leads_to == "/lapor/korban/3"
    visitor.fill("/lapor/korban/3", "kembali")
    visitor.send()
    names = [victim.person.name for victim in one_report(session).victims]
    assert names == ["Bunga", "Mawar"]


def test_somebody_added_by_mistake_is_taken_out_again(visitor: Visitor, session: Session) -> None:
    visitor.report()
    visitor.fill("/lapor/terlapor", "tambah", name="Tono")
    visitor.fill("/lapor/terlapor/2", "tambah", name="Keliru")
    visitor.fill("/lapor/terlapor/2", "hapus")
    visitor.send()
    assert [suspect.person.name for suspect in one_report(session).suspects] == ["Tono"]


def test_who_reports_for_herself_is_asked_once(visitor: Visitor, session: Session) -> None:
    visitor.get("/lapor/pelapor")
    visitor.fill("/lapor/pelapor", relation="korban_sendiri", name="Bunga Rekaan", sex="perempuan")
    asked = visitor.get("/lapor/korban").form("/lapor/korban")
    assert not {"name", "nik", "address", "region"} & asked.keys()
    visitor.fill("/lapor/korban", age="30", condition="Menginap di rumah kakak")
    visitor.fill("/lapor/kejadian", narrative=NARRATIVE)
    visitor.fill("/lapor/berkas", card="tidak_ada")
    visitor.send()
    report = one_report(session)
    assert report.victims[0].person is report.reporter.person
    assert (report.reporter.person.name, report.victims[0].age_at_incident) == ("Bunga Rekaan", 30)


# --- nothing is lost ----------------------------------------------------------------------


def test_typed_text_survives_an_error_and_the_way_back(visitor: Visitor) -> None:
    wrong = visitor.fill("/lapor/kontak", phone="0812-34", email="wati")
    assert wrong.status == 422
    assert wrong.form("/lapor/kontak")["phone"] == "0812-34"
    again = visitor.get("/lapor/kontak").form("/lapor/kontak")
    assert (again["phone"], again["email"]) == ("0812-34", "wati")


def test_the_back_button_of_the_page_keeps_what_was_typed(visitor: Visitor) -> None:
    visitor.fill("/lapor/kontak", phone=PHONE)
    page = visitor.fill("/lapor/pelapor", "kembali", name="Wati")
    assert page.leads_to == "/lapor/keamanan"
    assert visitor.get("/lapor/pelapor").form("/lapor/pelapor")["name"] == "Wati"


def test_leaving_a_page_keeps_what_was_typed(visitor: Visitor) -> None:
    assert visitor.fill("/lapor/kejadian", "simpan", narrative="Baru sebagian").status == 204
    assert "Baru sebagian" in visitor.get("/lapor/kejadian").text


def expire(session: Session) -> None:
    for draft in drafts(session):
        draft.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()


def test_a_page_posted_after_the_draft_expired_is_taken_up_again(
    visitor: Visitor, session: Session
) -> None:
    visitor.fill("/lapor/pelapor", name="Wati")
    form = visitor.get("/lapor/kejadian").form("/lapor/kejadian")
    expire(session)
    page = visitor.post("/lapor/kejadian", form | {"narrative": NARRATIVE, "aksi": "lanjut"})
    assert page.status == 200
    assert "tidak hilang" in page.words("//*[@role='status']")
    assert page.form("/lapor/kejadian")["narrative"] == NARRATIVE
    assert visitor.fill("/lapor/kejadian").leads_to == "/lapor/waktu-tempat"


def test_a_page_posted_without_its_cookie_is_taken_up_again(visitor: Visitor) -> None:
    form = visitor.get("/lapor/kejadian").form("/lapor/kejadian")
    visitor.client.delete_cookie("formulir")
    page = visitor.post("/lapor/kejadian", form | {"narrative": NARRATIVE})
    assert page.form("/lapor/kejadian")["narrative"] == NARRATIVE
    assert visitor.fill("/lapor/kejadian").status == 303


def test_as_many_steps_are_announced_as_are_counted(visitor: Visitor) -> None:
    announced = re.findall(r"Ada (\d+) langkah", visitor.get("/lapor").text)
    assert announced == re.findall(r"Langkah 1 dari (\d+)", visitor.get("/lapor/kontak").text)
    assert announced


def test_the_first_page_is_not_called_late(visitor: Visitor) -> None:
    assert visitor.fill("/lapor/kontak").leads_to == "/lapor/keamanan"


def test_an_expired_form_that_is_sent_says_that_nothing_was_sent(
    visitor: Visitor, session: Session
) -> None:
    form = visitor.report().form("/lapor/periksa")
    expire(session)
    page = visitor.post("/lapor/periksa", form)
    gone = visitor.get(page.leads_to)
    assert gone.status == 410
    assert "Belum ada laporan yang terkirim" in gone.words()
    assert session.scalars(select(Report)).all() == []


# --- once ---------------------------------------------------------------------------------


def test_sending_twice_makes_one_report_with_one_receipt(
    visitor: Visitor, session: Session
) -> None:
    form = visitor.report().form("/lapor/periksa")
    pages = [visitor.get(visitor.post("/lapor/periksa", form).leads_to) for _click in range(2)]
    assert receipt(pages[0]) == receipt(pages[1])
    one_report(session)


def test_the_receipt_is_shown_for_fifteen_minutes_only(visitor: Visitor, session: Session) -> None:
    visitor.report()
    _number, code = receipt(visitor.send())
    report = one_report(session)
    report.created_at -= timedelta(minutes=15)
    session.commit()
    page = visitor.get("/lapor/selesai")
    assert page.status == 410
    assert code not in page.text
    assert "sudah kami terima" in page.words()


def test_a_second_report_from_the_same_browser_is_another_report(
    visitor: Visitor, session: Session
) -> None:
    visitor.report()
    first = receipt(visitor.send())
    visitor.report(kejadian={"narrative": "Kejadian kedua"})
    assert receipt(visitor.send()) != first
    session.rollback()
    assert len(session.scalars(select(Report)).all()) == 2


def test_the_draft_is_gone_once_the_report_is_there(visitor: Visitor, session: Session) -> None:
    visitor.report()
    visitor.send()
    assert drafts(session) == []


# --- leaving no trace ---------------------------------------------------------------------


def test_quick_exit_destroys_the_draft_and_the_cookies(visitor: Visitor, session: Session) -> None:
    visitor.fill("/lapor/kejadian", narrative=NARRATIVE)
    page = visitor.post("/keluar-cepat", {})
    assert page.leads_to == "/cuaca"
    assert drafts(session) == []
    assert visitor.client.get_cookie("formulir") is None
    assert NARRATIVE not in visitor.get("/lapor/kejadian").text
    assert "bmkg" in visitor.client.get("/cuaca").headers["Refresh"]


def test_starting_again_empties_the_form(visitor: Visitor, session: Session) -> None:
    visitor.fill("/lapor/kejadian", narrative=NARRATIVE)
    form = visitor.get("/lapor").form("/lapor/ulang")
    assert visitor.post("/lapor/ulang", form).leads_to == "/lapor/kontak"
    assert drafts(session) == []


@pytest.mark.parametrize("path", ["/lapor", *(f"/lapor/{step}" for step in STEPS)])
def test_a_page_of_the_form_tells_nothing_over_a_shoulder(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.title.startswith("Formulir")
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "/keluar-cepat" in page.text
    assert "style=" not in page.text
    assert page.values("//input[@type='text' and not(@autocomplete='off')]/@name") == []


def test_the_draft_is_sealed_and_found_by_a_hash_only(visitor: Visitor, session: Session) -> None:
    visitor.fill("/lapor/kejadian", narrative="Kejadian yang sangat rahasia")
    row = session.connection().exec_driver_sql("SELECT content, token_hash FROM draft").one()
    assert b"rahasia" not in bytes(row[0])
    token = visitor.client.get_cookie("formulir")
    assert token is not None and token.value not in row[1]


def test_another_site_cannot_post_the_form(visitor: Visitor, session: Session) -> None:
    form = visitor.get("/lapor/kejadian").form("/lapor/kejadian")
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://jahat.example"}):
        answer = visitor.client.post("/lapor/kejadian", data=form, headers=header)
        assert answer.status_code == 403
    assert drafts(session) == []


def test_a_browser_that_hides_where_it_comes_from_may_report(visitor: Visitor) -> None:
    form = visitor.get("/lapor/kejadian").form("/lapor/kejadian") | {"narrative": NARRATIVE}
    answer = visitor.client.post("/lapor/kejadian", data=form, headers={"Origin": "null"})
    assert answer.status_code == 303


def test_danger_now_shows_whom_to_call_on_every_page_after(visitor: Visitor) -> None:
    visitor.fill("/lapor/kejadian", danger_now="ya", narrative=NARRATIVE)
    for path in ("/lapor/waktu-tempat", "/lapor/periksa"):
        page = visitor.get(path)
        assert "112" in page.words("//*[@class='danger']")
        assert "tel:112" in page.links()


@pytest.mark.parametrize(
    "path", ["/lapor/tidak-ada", "/lapor/korban/9", "/lapor/kontak/2", "/lapor/korban/999999999999"]
)
def test_a_page_that_does_not_exist_is_a_plain_page(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.status == 404
    assert isinstance(page, Page)
    assert "112" in page.words()
