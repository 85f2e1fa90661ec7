"""Home, the standard, the language, the way out: pages that read and never ask."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Setting
from tests.public.visitor import Visitor

PAGES = ("/", "/lapor", "/lacak", "/pengaduan-layanan", "/pengaduan-layanan/status")
PAGES += ("/standar-pelayanan", "/tidak-ada")


def put(session: Session, key: str, value: str) -> None:
    session.scalars(select(Setting).where(Setting.key == key)).one().value = value
    session.commit()


def test_home_leads_to_help_at_once(visitor: Visitor) -> None:
    links = visitor.get("/").links()
    for target in ("tel:112", "tel:129", "tel:0341717744", "/lapor", "/lacak"):
        assert target in links
    for target in ("/pengaduan-layanan", "/standar-pelayanan", "/formulir.pdf"):
        assert target in links


def test_the_chat_has_no_ready_made_text(visitor: Visitor, session: Session) -> None:
    put(session, "whatsapp_number", "+62 812-3456-7890")
    put(session, "office_hours", "Senin\u2013Jumat, 08.00\u201316.00 WIB")
    page = visitor.get("/")
    assert [link for link in page.links() if "wa.me" in link] == ["https://wa.me/6281234567890"]
    assert "08.00" in page.words()


def test_without_a_number_no_chat_is_offered(visitor: Visitor) -> None:
    assert "wa.me" not in visitor.get("/").text


def test_the_standard_says_thirty_minutes_free_of_charge_and_where_to_complain(
    visitor: Visitor,
) -> None:
    words = visitor.get("/standar-pelayanan").words()
    for promise in ("30 menit", "tidak dipungut biaya", "Form Pendaftaran", "717744"):
        assert promise.lower() in words.lower()
    assert "Nota / Laporan Dinas Terminasi Kasus dan Hasil Monitoring" in words
    assert "sos.p3ap2kb@gmail.com" in words


def test_the_blank_form_is_a_pdf(visitor: Visitor) -> None:
    response = visitor.client.get("/formulir.pdf")
    assert response.mimetype == "application/pdf"
    assert response.data.startswith(b"%PDF")


@pytest.mark.parametrize("path", PAGES)
def test_the_quick_exit_stands_on_every_page(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    form = page.values("//form[@action='/keluar-cepat']/@data-quick-exit")
    assert form == ["https://www.bmkg.go.id/"]
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_reading_sets_no_cookie_that_stays(visitor: Visitor, path: str) -> None:
    cookies = visitor.get(path).response.headers.getlist("Set-Cookie")
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite" in cookie
        assert "Max-Age" not in cookie


def test_the_language_is_chosen_and_kept_until_the_browser_closes(visitor: Visitor) -> None:
    chosen = visitor.post("/bahasa", {"bahasa": "en", "kembali": "/lapor"})
    assert chosen.leads_to == "/lapor"
    assert "Max-Age" not in chosen.response.headers["Set-Cookie"]
    assert 'lang="en"' in visitor.get("/lapor").text
    assert 'lang="en"' in visitor.get("/tidak-ada").text
    visitor.post("/bahasa", {"bahasa": "id", "kembali": "/"})
    assert '<html lang="id"' in visitor.get("/").text


ELSEWHERE = ("https://jahat.example/", "//jahat.example", "/\\jahat.example")
# A browser drops tabs and ends of line from an address; a header may not hold them.
BENT = ("/\t/jahat.example/x", "/\njahat.example", "/x\r\nSet-Cookie: a=b")


@pytest.mark.parametrize("back", [*ELSEWHERE, *BENT])
def test_the_language_switch_leads_nowhere_else(visitor: Visitor, back: str) -> None:
    assert visitor.post("/bahasa", {"bahasa": "en", "kembali": back}).leads_to == "/"


def test_an_unknown_language_changes_nothing(visitor: Visitor) -> None:
    visitor.post("/bahasa", {"bahasa": "xx", "kembali": "/"})
    assert '<html lang="id"' in visitor.get("/").text
