"""Every request of the officers' side, replayed by every other role and by who is kept from a case.

One case is worked on by Joko, Maya, and Budi, who are then kept from it: nobody but the system may
meet it, whatever is asked under whatever address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import models as m
from models import CaseStatus, Conflict
from portal.access import scope
from portal.app import create_app
from portal.casework import intake
from portal.casework.arrival import Accused, Harmed, PersonFacts
from portal.config import Settings
from portal.db import READING
from portal.protection import files
from portal.screens.acts import ACTS
from tests.conftest import SECRETS, SystemSession
from tests.screens.generated import desk
from tests.screens.generated.desk import Desk
from tests.support import office as offices
from tests.support.cast import Cast, make_cast
from tests.support.databases import SqliteTemplates, connect
from tests.support.office import Office

HIDDEN = ("Zubaidah", "Wahyuningtyas", "Tirtonegoro", "Kesumawati", "0812777")
PEOPLE = {
    "reporter": PersonFacts(name="Kesumawati Rekaan", phone="+628127770001"),
    "victims": [Harmed(person=PersonFacts(name="Zubaidah Rekaan", phone="+628127770002"))],
    "suspects": [Accused(person=PersonFacts(name="Tirtonegoro Rekaan"))],
    "narrative": "Kata Wahyuningtyas ia dipukul di dapur",
}
KEPT = ("penjangkau", "konselor", "supervisor")
STRANGERS = ("petugas", "supervisor2", "pendamping", "pimpinan", "admin", "auditor")
# Pages that belong to no single row, or to the officer alone; their content is looked at all the
# same. What is not named here must answer 403 or 404 for a row that is hidden.
NO_ROW = {
    *("index", "index_view", "search_view", "create_view", "export", "ajax_lookup", "action_view"),
    *("speak", "draft_view", "discard_view", "receipt_view", "due_view", "live_view"),
    *("install_view", "monthly_view"),
}
ALIKE = {400, 403, 404, 405}
# What is about no single person.
RECORDS = ("retention_class", "breach", "erasure")
MOST_ACTS = 3  # they share one page


@dataclass
class House:
    """The application, its database as the system sees it, the hidden rows, the desks."""

    app: object
    session: Session
    cast: Cast
    case: m.Case
    rows: dict[str, int]
    desks: dict[str, Desk]

    def desk(self, username: str) -> Desk:
        """The desk of an officer, who signs in when first asked for."""
        if username not in self.desks:
            self.desks[username] = Desk(self.app, username)
        return self.desks[username]


@pytest.fixture(scope="module")
def house(sqlite: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    url, folder = sqlite.make("reference"), tmp_path_factory.mktemp("replayed")
    places = {"DATABASE_URL": url, "PORTAL_DATA": str(folder), "PORTAL_ENV": "testing"}
    engine = connect(url)
    settings = Settings.read(SECRETS | places)
    with SystemSession(engine, info={"viewer": scope.SYSTEM, READING: True}) as session:
        cast = make_cast(session)
        app = create_app(settings)
        files.configure(settings.files)
        case = _case(session, cast)
        session.commit()
        yield House(app, session, cast, case, _rows(session), {})
    engine.dispose()
    sqlite.drop(url)


def _case(session: Session, cast: Cast) -> m.Case:
    """A case in monitoring with a row in every table, from which its three officers are kept."""
    before, offices.arrival = offices.arrival, _told(offices.arrival)
    try:
        case = Office(session, cast).case(CaseStatus.monitoring)
    finally:
        offices.arrival = before
    desk.complete(session, cast)
    report = case.reports[0]
    for about in (case, report):
        about.violence_kinds = ["fisik"]
    intake.add_message(session, report, "Pesan tentang Wahyuningtyas", case.opened_at)
    for officer in (cast.joko, cast.maya, cast.budi):
        session.add(
            m.Exclusion(
                officer=officer,
                case=case,
                report=report,
                kind=Conflict.kerabat,
                reason="Ipar Tirtonegoro",
                by=cast.dewi,
                at=case.opened_at,
            )
        )
    session.add(
        m.AccessGrant(
            officer=cast.maya,
            case=case,
            kind=m.GrantKind.serah_terima,
            reason="Wahyuningtyas meminta",
            at=case.opened_at,
        )
    )
    return case


def _told(usual):
    return lambda channel="website", **more: usual(channel, **(PEOPLE | more))


def _rows(session: Session) -> dict[str, int]:
    """A row of the hidden case in every table that has one, by the table's name."""
    found = {}
    for mapper in m.Base.registry.mappers:
        model = mapper.class_
        if model in scope.SCOPES and hasattr(model, "id"):
            key = session.scalar(select(model.id).order_by(model.id).limit(1))
            found[model.__tablename__] = key or 1
    return found


def addresses(house: House) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of every request the officers' side knows, for hidden rows."""
    for rule in house.app.url_map.iter_rules():
        if not rule.rule.startswith("/admin/") or rule.endpoint == "admin.static":
            continue
        table, _dot, view = rule.endpoint.rpartition(".")
        for path in _paths(rule, table):
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield view, method, f"{path}?id={house.rows.get(table, 1)}"


def _paths(rule: Rule, table: str) -> list[str]:
    if "<act>" in rule.rule:
        return [rule.rule.replace("<act>", act) for act in sorted(ACTS[table])[:MOST_ACTS]]
    known = {"export_type": "csv", "code": "en"}
    return [re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1], "x"), rule.rule)]


def ask(at: Desk, method: str, address: str):
    """The request, with whatever a form of that page might carry."""
    if method == "GET":
        return at.get(address)
    answers = {"version_id": "1", "rowid": "1", "row": "1:1", "action": "hand_over"}
    return at.post(
        address, {**answers, "reason": "Uji coba", "query": "Zubaidah", "name": "person"}
    )


@pytest.mark.parametrize("username", [*KEPT, *STRANGERS])
def test_no_request_of_another_reaches_the_hidden_case(house: House, username: str):
    at = house.desk(username)
    number, told = house.case.number, []
    for view, method, address in addresses(house):
        if method == "POST" and _own(address, username):
            continue  # it is theirs to do, and would change who works here
        answer = ask(at, method, address)
        shown = answer.get_data().decode("latin-1") + str(answer.headers)
        mine = "letter" in address and username == "pimpinan"
        if any(word in shown for word in HIDDEN) or (number in shown and not mine):
            told.append((method, address, "shows it"))
        if answer.status_code >= 500:
            told.append((method, address, answer.status_code))
        if view not in NO_ROW and not _own(address, username) and answer.status_code not in ALIKE:
            told.append((method, address, answer.status_code))
    assert told == []


def _own(address: str, username: str) -> bool:
    """What is not about the case, or is this officer's by another right."""
    table = address.split("/")[2]
    rights = {
        "pimpinan": {"letter", "service_complaint", "notice", "breach"},
        "admin": {
            *(
                "cue",
                "officer",
                "job",
                "role_change",
                "setting",
                "notice",
                "kanal",
                "channel_delivery",
            ),
            *RECORDS,
        },
        "auditor": {"audit_entry", "notice", "erasure"},
    }
    open_to_all = {
        *("akun", "bahasa", "akses-darurat", "officer", "notice", "service_complaint", "impor"),
        *("region", "code_item", "day_off", "partner_institution", "setting", "", *RECORDS),
    }
    if username.startswith(("petugas", "supervisor")):
        open_to_all |= {"visit", "hand_over", "cue", "call"}  # a call that the walk itself began
    return table in rights.get(username, open_to_all) | {"akun", "bahasa", "akses-darurat", ""} | (
        {"partner_institution", "region", "code_item", "day_off", "canned_answer", "duty"}
    )


def test_nothing_was_changed_by_all_that(house: House):
    house.session.rollback()
    house.session.expire_all()
    assert house.case.status is CaseStatus.monitoring
    assert house.case.counsellor_id == house.cast.maya.id
    assert {one.lifted_at for one in house.case.exclusions} == {None}


@pytest.mark.parametrize("username", KEPT)
def test_without_the_exclusion_they_do_meet_it(house: House, username: str):
    """Else the replay proves nothing."""
    rows = house.case.exclusions
    for row in rows:
        row.lifted_at, row.lifted_reason = row.at, "Uji coba"
    house.session.commit()
    try:
        page = house.desk(username).get(f"/admin/case/details/?id={house.case.id}")
        listed = house.desk(username).get("/admin/victim/").text
    finally:
        for row in rows:
            row.lifted_at = row.lifted_reason = None
        house.session.commit()
    assert page.status_code == 200
    assert "Zubaidah" in page.text and "Zubaidah" in listed


@pytest.mark.parametrize("username", [*KEPT, *STRANGERS])
def test_no_count_search_or_notice_tells_that_it_exists(house: House, username: str):
    at = house.desk(username)
    number = house.case.number
    for table in ("case", "report", "victim", "person", "monitoring", "exclusion", "access_grant"):
        for query in ("", "?search=Zubaidah", f"?search={number}"):
            answer = at.get(f"/admin/{table}/{query}")
            assert answer.status_code in (200, 403)
            listed = re.sub(r'value="[^"]*"', "", answer.text)  # what was typed may be said back
            assert not any(word in listed for word in HIDDEN), (table, query)
    assert number not in at.get("/admin/").text
    assert number not in at.get("/admin/notice/").text


def test_a_table_that_is_neither_scoped_nor_open_is_found():
    """Every mapped table says who meets it."""
    tables = {mapper.class_ for mapper in m.Base.registry.mappers}
    assert tables - set(scope.SCOPES) - scope.OPEN == set()
    assert set(scope.SCOPES) & scope.OPEN == set()


@pytest.mark.parametrize("username", [*KEPT, *STRANGERS])
def test_every_row_of_the_case_is_hidden_from_the_session_itself(house: House, username: str):
    """Beneath all pages: whatever statement a view may think of."""
    officer = next(one for one in house.cast if one.username == username)
    eyes = SystemSession(house.session.get_bind(), info={READING: True})
    scope.view_as(eyes, officer)
    of_case = [one for one in scope.SCOPES if hasattr(one, "case_id") and one is not m.AuditEntry]
    with eyes:
        met = [
            one.__tablename__
            for one in of_case
            if eyes.scalar(select(one.id).where(one.case_id == house.case.id).limit(1))
        ]
    theirs = {"pimpinan": {"letter"}, "supervisor2": {"notice"}}  # told while it was undecided
    assert set(met) <= theirs.get(username, set())
