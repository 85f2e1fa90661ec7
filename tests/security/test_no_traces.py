"""What a visit leaves behind on a computer that others use: plain titles and nothing else."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Request

from portal import notices
from portal.casework import contact_text
from portal.wording import speaking
from tests.public.visitor import NARRATIVE, STEPS, Visitor
from tests.public.visitor import Page as Answer
from tests.support.browser import visit
from tests.support.cast import Cast

PATHS = (
    *("/", "/lapor", *(f"/lapor/{step}" for step in STEPS), "/lapor/selesai", "/lacak"),
    *("/pengaduan-layanan", "/pengaduan-layanan/status", "/standar-pelayanan", "/cuaca"),
    *("/tidak-ada", "/lapor/tidak-ada", "/verifikasi"),
)
# Words of the office's own work, which officers' notices must use to point anywhere at all.
WORK = {
    "lapor",
    "kasus",
    "pengaduan",
    "monitoring",
    "terminasi",
    "penanganan",
    "penjangkau",
    "petugas",
    "rujukan",
}
WORK |= {"report", "case", "counsel"}
TYPED = "//input[not(@type) or @type='text' or @type='tel' or @type='email' or @type='number']"


@pytest.fixture
def visitor(client: FlaskClient, cast: Cast) -> Visitor:
    """Wati, at somebody else's computer."""
    return Visitor(client)


def receipts(visitor: Visitor) -> list[Answer]:
    """The pages at the end: a receipt, the report it opens, a complaint's receipt."""
    visitor.report()
    return [visitor.send(), visitor.get("/lapor/selesai")]


def speak(visitor: Visitor, code: str) -> None:
    visitor.post("/bahasa", {"bahasa": code, "kembali": "/"})


# --- titles, icon, autofill, caches ---------------------------------------------------------------


@pytest.mark.parametrize("code", ["id", "en"])
def test_no_title_names_the_office_or_the_matter(visitor: Visitor, code: str) -> None:
    speak(visitor, code)
    for path in PATHS:
        title = visitor.get(path).title
        assert title and contact_text.findings(title) == [], (path, title)
    for page in receipts(visitor):
        assert contact_text.findings(page.title) == [], page.title


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_kept_nowhere_and_tells_nobody(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    headers = page.response.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert page.values("//link[@rel='icon']/@href") == ["data:,"]
    assert page.values("//link[@rel='manifest']/@href") == []
    if path not in ("/", "/standar-pelayanan"):  # what anybody may look for and find
        assert page.values("//meta[@name='robots']/@content") == ["noindex"]


@pytest.mark.parametrize("path", PATHS)
def test_no_field_is_remembered(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.values(f"{TYPED}[not(@autocomplete='off')]/@name") == []
    assert page.values("//textarea[not(@autocomplete='off')]/@name") == []
    assert (
        page.values("//form[.//input[not(@type='hidden')]][not(@autocomplete='off')]/@action") == []
    )


@pytest.mark.parametrize("path", PATHS)
def test_everything_on_a_page_comes_from_here(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    sources = page.values(
        "//script/@src | //img/@src | //link/@href | //iframe/@src | //source/@src"
    )
    assert [one for one in sources if not one.startswith(("/static/", "data:"))] == []


def test_the_receipt_holds_number_and_code_and_not_a_word_of_the_story(visitor: Visitor) -> None:
    for page in receipts(visitor):
        assert NARRATIVE not in page.text and "Bunga" not in page.text
        assert "Simpan dengan aman" in page.words()
        printed = page.words("//*[contains(@class, 'receipt')]")
        assert {code for code, _word in contact_text.findings(printed)} <= {"text_number"}


# --- notices -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["id", "en"])
@pytest.mark.parametrize("kind", notices.KINDS)
def test_a_notice_names_nobody_and_nothing_that_was_done_to_them(kind: str, code: str) -> None:
    with speaking(code):
        sentence = str(notices.KINDS[kind])
    found = {word for _code, word in contact_text.findings(sentence)}
    assert found <= WORK, (sentence, found)
    assert not re.search(r"[%{}]|\d{4}", sentence), "a place for somebody's name or number"


# --- in a browser ------------------------------------------------------------------------------

STORED = """async () => [
  localStorage.length, sessionStorage.length, (await caches.keys()).length,
  (await indexedDB.databases()).length,
  (await navigator.serviceWorker.getRegistrations()).length, document.cookie,
]"""
NOTHING = [0, 0, 0, 0, 0, ""]


@pytest.fixture
def asked(browser: Browser, address: str, cast: Cast) -> Iterator[tuple[Page, list[Request]]]:
    """A visitor, and every request the browser makes."""
    requests: list[Request] = []
    with visit(browser, address) as page:
        page.context.on("request", lambda one: requests.append(one))
        yield page, requests


@pytest.mark.browser
@pytest.mark.xdist_group("public_browser")
def test_a_visit_leaves_nothing_in_the_browser_and_asks_nobody_else(
    asked: tuple[Page, list[Request]], address: str
) -> None:
    page, requests = asked
    for path in (one for one in PATHS if one != "/cuaca"):
        page.goto(path)
        if path == "/lapor/kejadian":
            page.get_by_label("Apa yang terjadi?").fill(NARRATIVE)
        assert page.evaluate(STORED) == NOTHING, path
    page.goto("/masuk")
    assert page.evaluate(STORED) == NOTHING
    assert {one.url for one in requests if not one.url.startswith((address, "data:"))} == set()
