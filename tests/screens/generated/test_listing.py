"""Lists: pages, order, search, filters, and what they must not tell."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from models import (
    AuditEntry,
    CaseStatus,
    Intervention,
    InterventionState,
    Monitoring,
    Person,
    Risk,
    ServiceComplaint,
    Victim,
)
from portal.protection import audit, tokens
from portal.screens import keyset
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk

ROW = re.compile(r'<tr role="row"(?: class="[^"]*")?>(.*?)</tr>', re.DOTALL)
NEXT = re.compile(r'href="([^"]+)" rel="next"')
PREVIOUS = re.compile(r'href="([^"]+)" rel="prev"')


def rows(page: str) -> list[str]:
    """What the rows say, without markup."""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in ROW.findall(page)][1:]


def numbers(page: str) -> list[str]:
    """The numbers of the cases on a page, in their order."""
    return [found[0] for row in rows(page) if (found := re.findall(r"KS-\d+-\d+", row))]


def search(desk: Desk, table: str, term: str, narrowed: str = "") -> tuple[str, str]:
    """Where a search leads, and what stands there."""
    answer = desk.post(f"/admin/{table}/cari/?{narrowed}", {"search": term})
    assert answer.status_code == 303
    return answer.location, desk.get(answer.location).text


# --- pages and order ------------------------------------------------------------------------


def test_pages_follow_one_another_without_gap_or_double(house: House) -> None:
    desk, seen, address = house.desk("supervisor"), [], "/admin/region/?page_size=25"
    pages = []
    while address:
        page = desk.get(address).text
        pages.append(page)
        seen += [row.split()[0] for row in rows(page)]
        following = NEXT.search(page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == sorted(seen) and len(seen) == len(set(seen)) == 63
    back = PREVIOUS.search(pages[2])
    assert back and rows(desk.get(back[1].replace("&amp;", "&")).text) == rows(pages[1])
    assert PREVIOUS.search(pages[0]) is None


def test_a_list_is_sorted_by_its_columns_both_ways(house: House) -> None:
    for _ in range(3):
        house.office.case()
    desk = house.desk("supervisor")
    up = numbers(desk.get("/admin/case/?sort=0").text)
    down = numbers(desk.get("/admin/case/?sort=0&desc=1").text)
    assert up == sorted(up) and down == up[::-1] and len(up) == 3


def test_a_column_that_is_not_offered_does_not_sort(house: House) -> None:
    """Neither risk nor a number beyond the last column: the list stays as it was."""
    for _ in range(2):
        house.office.case()
    desk = house.desk("supervisor")
    usual = numbers(desk.get("/admin/case/").text)
    assert numbers(desk.get("/admin/case/?sort=2").text) == usual
    assert numbers(desk.get("/admin/case/?sort=900").text) == usual


def test_rows_that_share_a_moment_are_told_apart_by_their_key(house: House) -> None:
    now = datetime(2026, 3, 2, 3, tzinfo=UTC)
    house.session.add_all(
        ServiceComplaint(number=f"PL-{n:03}", via="email", received_at=now, body="x")
        for n in range(60)
    )
    house.session.commit()
    desk, seen = house.desk("supervisor"), []
    address = "/admin/service_complaint/"
    while address:
        page = desk.get(address).text
        seen += [row.split()[0] for row in rows(page)]
        following = NEXT.search(page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"PL-{n:03}" for n in reversed(range(60))]


def test_counting_stops_at_a_thousand(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = house.desk("supervisor")
    assert "63 baris" in desk.get("/admin/region/").text
    monkeypatch.setattr(keyset, "COUNTED", 62)
    assert "Lebih dari 1.000 baris" in desk.get("/admin/region/").text


def test_a_list_asks_the_database_no_more_for_more_rows(house: House) -> None:
    """Related rows come for the whole page at once."""
    house.office.case()
    few = house.statements("supervisor", "/admin/case/")
    for _ in range(6):
        house.office.case()
    assert house.statements("supervisor", "/admin/case/") == few


# --- search -----------------------------------------------------------------------------------


def test_a_name_is_found_in_old_spelling_and_never_stands_in_an_address(house: House) -> None:
    case = house.office.case()
    case.victims[0].person.name = "Soekarno Putri"
    house.session.commit()
    house.office.case()
    desk = house.desk("supervisor")
    for table in ("case", "person", "victim", "report"):
        address, page = search(desk, table, "sukarno")
        assert "sukarno" not in address.lower() and len(rows(page)) == 1, table
        assert page.count("sukarno") >= 1, "the search box still shows what was typed"


def test_numbers_of_people_are_found_whole(house: House) -> None:
    case = house.office.case()
    person = case.victims[0].person
    person.nik, person.phone = "3573015201990001", "+6281234567890"
    house.session.commit()
    house.office.case()
    desk = house.desk("supervisor")
    for term, found in [
        ("3573 0152 0199 0001", 1),
        ("0812-3456-7890", 1),
        ("357301520199", 0),
        ("%", 0),
        ("_", 0),
        ("", 2),
    ]:
        assert len(rows(search(desk, "case", term)[1])) == found, term


def test_a_search_fills_its_pages_whoever_shares_a_bucket(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one bucket for all, and few rows opened at once, the list is the same."""
    monkeypatch.setattr(tokens, "BUCKETS", 1)
    monkeypatch.setattr(keyset, "BATCHES", (7, 11))
    case = house.office.case()
    for n in range(40):
        people = [Person(name=f"Melati {n}"), Person(name=f"Kenanga {n}")]
        house.session.add_all([Victim(case=case, person=person) for person in people])
        house.session.flush()
    house.session.commit()
    desk, seen = house.desk("supervisor"), []
    address = search(desk, "person", "melati")[0]
    while address:
        page = desk.get(address).text
        assert "40 baris" in page
        seen += [int(n) for n in re.findall(r"Melati (\d+)", " ".join(rows(page)))]
        assert "Kenanga" not in " ".join(rows(page))
        following = NEXT.search(page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == list(range(40)) and seen in (sorted(seen), sorted(seen)[::-1])


def test_a_case_is_found_by_part_of_its_number(house: House) -> None:
    wanted = [house.office.case().number for _ in range(2)][1]
    assert numbers(search(house.desk("supervisor"), "case", wanted[-4:].lower())[1]) == [wanted]


def test_a_search_for_people_is_in_the_log_without_the_term(house: House) -> None:
    house.office.case()
    search(house.desk("supervisor"), "case", "Bunga")
    house.session.rollback()
    entry = house.session.scalars(select(AuditEntry).filter_by(event="searched")).one()
    assert entry.actor_id == house.cast.budi.id
    assert audit.details_of(entry) == {"table": "case", "found": 1}


def test_the_address_of_a_search_means_nothing_to_another_officer(house: House) -> None:
    house.office.case()
    address, _page = search(house.desk("supervisor"), "case", "Bunga")
    page = house.desk("supervisor2").get(address)
    assert page.status_code == 200
    assert "tidak berlaku lagi" in page.text and "Bunga" not in page.text.split("list-tools")[0]


def test_a_search_keeps_the_filters_and_filters_keep_the_search(house: House) -> None:
    house.office.case()
    desk = house.desk("supervisor")
    address, page = search(desk, "case", "Bunga", "status=identified&status=returned")
    assert parse_qs(urlsplit(address).query)["status"] == ["identified", "returned"]
    assert 'name="cari"' in page, "the filter form carries the search along"


def test_nobody_finds_people_outside_of_their_scope(house: House) -> None:
    case = house.office.case()
    ratna = house.desk("petugas2")
    for table in ("case", "person", "victim", "suspect", "consent"):
        assert rows(search(ratna, table, "Bunga")[1]) == []
        assert "Bunga" not in ratna.get(f"/admin/{table}/").text
    assert rows(search(ratna, "case", case.number)[1]) == []


# --- filters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("status=identified", 1),
        ("status=identified&status=handling", 2),
        ("risk=darurat", 1),
        ("counsellor=saya", 0),
        ("violence_kinds=fisik", 2),
        ("violence_kinds=psikis", 0),
        ("region=35.73", 1),
        ("region=35.73.05", 1),
        ("region=35.73.01", 0),
        ("outside_city=ya", 0),
        ("opened_at_dari=2026-03-02&opened_at_sampai=2026-03-02", 2),
        ("opened_at_dari=2026-03-03", 0),
        ("opened_at_sampai=2026-03-01", 0),
        ("terlambat=ya", 1),
    ],
)
def test_cases_are_narrowed_by_their_address(house: House, narrowed: str, found: int) -> None:
    house.office.case(CaseStatus.handling, Risk.rendah)
    late = house.office.case(CaseStatus.identified, Risk.darurat)
    late.region_code = "35.73.05.1001"
    house.session.commit()
    page = house.desk("supervisor").get(f"/admin/case/?{narrowed}").text
    assert len(rows(page)) == found
    assert "Disaring:" in page


def test_my_cases_are_mine(house: House) -> None:
    house.office.case(CaseStatus.handling)
    house.office.case()
    maya = house.cast.maya.id
    assert len(rows(house.desk("konselor").get("/admin/case/?counsellor=saya").text)) == 1
    assert len(rows(house.desk("supervisor").get(f"/admin/case/?counsellor={maya}").text)) == 1


def test_overdue_monitoring_is_marked_and_can_be_asked_for(house: House) -> None:
    house.office.case(CaseStatus.monitoring)
    monitoring = house.session.scalars(select(Monitoring)).first()
    assert monitoring
    monitoring.due_on = (datetime.now(UTC) - timedelta(days=2)).date()
    house.session.commit()
    page = house.desk("konselor").get("/admin/monitoring/?terlambat=ya").text
    assert len(rows(page)) >= 1 and 'class="row-late"' in page


def test_the_rows_of_one_case_are_listed_by_a_link(house: House) -> None:
    case, other = house.office.case(CaseStatus.handling), house.office.case(CaseStatus.handling)
    for one in (case, case, other):
        row = Intervention(case=one, service="kesehatan", state=InterventionState.planned)
        house.session.add(row)
    house.session.commit()
    page = house.desk("supervisor").get(f"/admin/intervention/?case={case.id}").text
    assert len(rows(page)) == 2 and case.number in page


@pytest.mark.parametrize(
    "narrowed",
    [
        "status=closed'--",
        "status=%00",
        "risk=RENDAH",
        "counsellor=0",
        "counsellor=99999999999999999999",
        "region=35.73.05.%25",
        "opened_at_dari=kemarin",
        "opened_at_dari=0001-01-01",
        "opened_at_dari=2026-02-30",
        "outside_city=mungkin",
        "terlambat=tidak",
        "violence_kinds=%22fisik%22",
    ],
)
def test_an_unknown_value_is_left_out_with_a_word(house: House, narrowed: str) -> None:
    house.office.case()
    answer = house.desk("supervisor").get(f"/admin/case/?{narrowed}")
    if answer.status_code != 400:  # control signs are refused before anybody reads them
        assert "tidak mengenal nilai itu" in answer.text and len(rows(answer.text)) == 1


def test_a_filter_says_nothing_about_rows_one_may_not_see(house: House) -> None:
    case = house.office.case(CaseStatus.handling)
    ratna = house.desk("petugas2")
    for address in (
        f"/admin/victim/?case={case.id}",
        f"/admin/suspect/?case={case.id}",
        f"/admin/case_event/?case={case.id}",
        f"/admin/case/?counsellor={house.cast.maya.id}",
        "/admin/victim/?violence_kinds=fisik",
    ):
        page = ratna.get(address).text
        assert rows(page) == [] and case.number not in page, address


# --- look-ups -----------------------------------------------------------------------------------


def look_up(desk: Desk, table: str, name: str, query: str) -> list[list[object]]:
    asked = {"query": query, "offset": "0", "limit": "10"}
    found: list[list[object]] = desk.post(f"/admin/{table}/ajax/lookup/?name={name}", asked).json
    return found


def test_look_ups_find_rows_within_the_scope_alone(house: House) -> None:
    case = house.office.case()
    person = case.victims[0].person
    budi, ratna = house.desk("supervisor"), house.desk("petugas2")
    named = f"Bunga Rekaan, orang nomor {person.id}"  # nothing else tells two of one name apart
    assert [person.id, named] in look_up(budi, "victim", "person", "bunga")
    assert look_up(budi, "victim", "case", case.number[-3:]) == [[case.id, case.number]]
    assert look_up(ratna, "victim", "person", "bunga") == []
    assert look_up(ratna, "victim", "case", case.number[-3:]) == []
    assert look_up(ratna, "consent", "victim", "bunga") == []
    assert ["35.73.05", "Lowokwaru (kecamatan)"] in look_up(budi, "case", "region", "lowok")
    assert look_up(budi, "intervention", "officer", "maya") == [
        [house.cast.maya.id, "Maya Kusuma (Konselor)"]
    ]
    assert look_up(budi, "intervention", "officer", "%") == []


def test_an_id_that_was_never_offered_is_refused(house: House) -> None:
    case = house.office.case()
    for page in (f"?person={case.victims[0].person_id}", ""):
        answer = house.desk("petugas2").fill(
            f"/admin/victim/new/{page}", person=case.victims[0].person_id, case=case.id
        )
        assert "Pilihan ini tidak dikenal" in answer.text


# --- addresses nobody made ------------------------------------------------------------------------

HOSTILE = [
    "sesudah=x",
    "sesudah=W10",
    "sesudah=WzFd",
    "sebelum=bnVsbA",
    "sesudah=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ",
    "sesudah=WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwiYSJd",
    "sesudah=" + "A" * 700,
    "sesudah=%F0%9F%98%80",
    "cari=x",
    "cari=" + "A" * 2000,
    "sort=99999999999999999999",
    "sort=-1",
    "desc=x",
    "page=99999999999999999999",
    "page_size=7",
    "url=//evil.example/",
    "url=javascript:alert(1)",
    "url=http://[",
    "url=/admin/\\evil",
    "endpoint=x",
    "_external=1&_anchor=x&_scheme=evil",
    "values=x&view=y&self=z",
    "id=,",
    "id=99999999999999999999",
    "id=1%27",
    "id=%00",
    "flt0_0=x&flt1_status_equals=y",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_address_breaks_a_page(full_house: House, query: str) -> None:
    desk = full_house.desk("supervisor")
    for page in ("", "details/", "edit/", "new/", "export/csv/"):
        for table in ("case", "region", "victim"):
            address = f"/admin/{table}/{page}?{query}"
            if page in ("details/", "edit/") and not query.startswith("id="):
                address += "&id=1"
            answer = desk.get(address)
            assert answer.status_code in (200, 302, 400, 403, 404), address
            assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "\0"},
        {"query": "a" * 100_000},
        {"query": "a", "limit": "-5", "offset": "99999999999999999999"},
        {"query": "a", "offset": "x"},
        {},
    ],
)
def test_no_look_up_breaks(full_house: House, asked: dict[str, str]) -> None:
    desk = full_house.desk("supervisor")
    for name in ("person", "case"):
        answer = desk.post(f"/admin/victim/ajax/lookup/?name={name}", asked)
        assert answer.status_code == 200
    assert desk.post("/admin/victim/ajax/lookup/?name[]=x").status_code == 404
    assert desk.get("/admin/victim/ajax/lookup/?name=case&query=a").status_code == 405


@pytest.mark.parametrize(
    "form",
    [
        {"action": "approve", "rowid": ["1", "2"]},
        {"action": "delete", "rowid": ["1"]},
        {"action": "__class__", "rowid": ["x"]},
        {},
    ],
)
def test_actions_go_to_the_page_of_the_act_or_nowhere(
    full_house: House, form: dict[str, object]
) -> None:
    answer = full_house.desk("supervisor").post("/admin/case/action/", form)
    if form.get("action") == "approve":
        assert answer.status_code == 307 and "approve" in answer.location
    else:
        assert answer.status_code == 404


def test_people_of_a_role_without_the_act_are_not_offered_it(full_house: House) -> None:
    answer = full_house.desk("petugas").post("/admin/case/action/", {"action": "approve"})
    assert answer.status_code == 404
    assert 'value="approve"' in full_house.desk("supervisor").get("/admin/case/").text
    assert 'value="approve"' not in full_house.desk("petugas").get("/admin/case/").text


def test_whoever_opens_a_person_is_noted(house: House) -> None:
    case = house.office.case()
    person = case.victims[0].person
    house.desk("supervisor").get(f"/admin/person/details/?id={person.id}")
    house.desk("petugas2").get(f"/admin/person/details/?id={person.id}")
    house.session.rollback()
    seen = house.session.scalars(select(AuditEntry).filter_by(event="viewed")).all()
    assert [(e.actor_id, e.subject_table, e.subject_id) for e in seen] == [
        (house.cast.budi.id, "person", person.id)
    ]
