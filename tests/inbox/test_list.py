"""The list of conversations: who waits, who has waited longest, and nothing of what was said."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from tests.inbox.conftest import Write
from tests.inbox.test_page import act, page_of
from tests.screens.generated.desk import Desk
from tests.support.databases import both_engines

INBOX = "/admin/conversation/"


def rows(page: str) -> list[str]:
    """The numbers of the conversations in the list, in order."""
    return [part[:14] for part in page.split(" · PC-")[1:]]


def test_who_waits_longest_stands_first_and_the_urgent_before_them(
    session: Session, write: Write, desk: Callable[..., Desk]
) -> None:
    now = datetime.now(UTC)
    first = write(number="+628123450001", at=now - timedelta(minutes=50))
    second = write(number="+628123450002", at=now - timedelta(minutes=10))
    third = write(number="+628123450003", at=now - timedelta(minutes=5))
    third.urgent = True
    session.commit()
    page = desk().get(INBOX).text
    places = [page.index(one.number) for one in (third, first, second)]
    assert places == sorted(places)
    assert page.count("Lewat batas waktu") == 1 and "Mendesak" in page
    assert "Halo" not in page


def test_the_list_says_nothing_that_was_said_and_counts_each_view(
    write: Write, desk: Callable[..., Desk]
) -> None:
    write("Suami saya memukul saya")
    page = desk().get(INBOX)
    live = desk().get(f"{INBOX}langsung/?tampilan=baru")
    for text in (page.text, live.text):
        assert "memukul" not in text and "Wati Rekaan" in text
        assert 'id="view-baru"' in text
    assert "<title>Kotak masuk" in page.text


def test_it_is_found_by_number_and_by_telephone_and_never_by_address(
    write: Write, desk: Callable[..., Desk]
) -> None:
    talk = write(number="+628123450009")
    at = desk()
    for term in (talk.number, "0812-3450-009"):
        answer = at.post(f"{INBOX}cari/", {"search": term})
        assert "3450" not in answer.headers["Location"]
        assert talk.number in at.get(answer.headers["Location"]).text
    answer = at.post(f"{INBOX}cari/", {"search": "0812 9999 9999"})
    assert talk.number not in at.get(answer.headers["Location"]).text


def new_to(desk: Desk) -> list[str]:
    """How many messages the list says are new, for each conversation with such."""
    return re.findall(r'view-unread">(\d+)<', desk.get(INBOX).text)


def waiting_for(desk: Desk) -> str | None:
    """The number beside the inbox in the menu."""
    page = desk.get("/admin/akun/").text
    found = re.search(rf'href="{INBOX}"[^>]*>.*?side-count">(\d+)<.*?</a>', page.split("</nav>")[0])
    return found[1] if found else None


@both_engines
def test_each_officer_has_marks_of_their_own_for_all_that_reads_as_one_thread(
    session: Session, write: Write, desk: Callable[..., Desk]
) -> None:
    talk, other = write("Satu"), write("Dua", number="+628123450002")
    sari, budi = desk(), desk("supervisor")
    assert (
        act(budi, other, "merge", number=talk.number, reason="orang yang sama").status_code == 303
    )
    sari.get(page_of(talk))
    budi.get(page_of(talk))
    assert new_to(sari) == new_to(budi) == []
    write("Tiga", "Empat", number="+628123450002")
    assert new_to(sari) == new_to(budi) == ["2"] and waiting_for(sari) == "1"
    sari.get(page_of(write("Lima", number="+628123450003")))  # read, and later than the others
    assert new_to(sari) == ["2"] and waiting_for(sari) == "1"
    sari.get(page_of(talk))
    assert (new_to(sari), new_to(budi), waiting_for(sari)) == ([], ["2", "1"], None)
    sari.post(f"{INBOX}belum-dibaca/?id={talk.id}", {})
    assert new_to(sari) == ["1"]
