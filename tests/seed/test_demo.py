"""The demo office: complete, plausible, the same every time, and made of nobody real."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Base,
    Breach,
    Case,
    CaseEvent,
    CaseStatus,
    ComplaintStatus,
    Consent,
    Conversation,
    DataRequest,
    Intervention,
    Job,
    LegalHold,
    Letter,
    LetterFile,
    LetterForm,
    LetterKind,
    LetterState,
    LetterStep,
    Monitoring,
    MonitoringState,
    Notice,
    Officer,
    Person,
    Report,
    ReportStatus,
    RequestState,
    Role,
    ServiceComplaint,
    SigningCertificate,
    TalkState,
    Victim,
    Visit,
)
from portal.access import scope
from portal.casework import answering, tracking
from portal.casework.monitoring import overdue
from portal.indonesia import nik
from portal.indonesia.dates import start_of_day_utc
from portal.letters import pdf, proof, seals, versions
from portal.protection import files
from seed import load, morning, signing
from seed.demo import NotADemo, Summary, demo
from tests.conftest import SystemSession
from tests.support.databases import connect, on_postgres

TODAY = date(2026, 11, 24)
CASES = 36
CODED: dict[Any, str] = {
    Person.sex: "sex",
    Person.education: "pendidikan",
    Person.occupation: "pekerjaan",
    Person.religion: "agama",
    Person.marital_status: "status_perkawinan",
    Person.citizenship: "kewarganegaraan",
    Case.place_kind: "tempat_kejadian",
    Case.incident_precision: "date_precision",
    Case.incident_time: "time_of_day",
    Case.violence_kinds: "bentuk_kekerasan",
    Case.previously_reported: "previously_reported",
    Victim.gbvims_type: "gbvims_type",
    Victim.tpks_kinds: "jenis_tpks",
    Victim.tppo_kinds: "jenis_tppo",
    Victim.needs: "kebutuhan",
    Intervention.service: "jenis_pelayanan",
    Intervention.uptd_function: "fungsi_uptd",
    Monitoring.method: "monitoring_method",
    Monitoring.wellbeing: "wellbeing",
    ServiceComplaint.via: "complaint_via",
}


@contextmanager
def invented(
    folder: Path, cases: int, fast: bool = False, today: date = TODAY, password: str = ""
) -> Iterator[tuple[Session, Summary]]:
    """A demo in a database of its own; its files lie under `folder` as well."""
    files.configure(folder / "files")
    engine = connect(f"sqlite:///{folder}/demo.sqlite3")
    Base.metadata.create_all(engine)
    with SystemSession(engine, info={"viewer": scope.SYSTEM}) as session:
        yield session, demo(session, cases, today, fast, password)
    engine.dispose()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, Summary]]:
    with invented(tmp_path_factory.mktemp("demo"), CASES) as office:
        yield office


@pytest.fixture
def office(made: tuple[Session, Summary]) -> Session:
    return made[0]


def count(session: Session, table: type[Base], *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_every_state_of_the_lifecycle_can_be_seen(office: Session) -> None:
    assert set(office.scalars(select(Case.status))) == set(CaseStatus)
    assert set(office.scalars(select(Report.status))) == set(ReportStatus)
    assert set(office.scalars(select(ServiceComplaint.status))) == set(ComplaintStatus)
    assert count(office, Case) == CASES


def test_it_covers_eighteen_months_and_nothing_lies_in_the_future(office: Session) -> None:
    now = start_of_day_utc(TODAY)
    first = office.scalar(select(func.min(Report.received_at)))
    assert first is not None and now - timedelta(days=550) < first < now - timedelta(days=365)
    for moment in (CaseEvent.at, Case.created_at, Notice.at, Letter.issued_at, Case.status_since):
        assert (office.scalar(select(func.max(moment))) or now) <= now


def test_what_was_written_carries_the_hour_it_happened(office: Session) -> None:
    case = office.scalars(select(Case).where(Case.status == CaseStatus.closed)).first()
    assert case is not None
    assert case.created_at == case.opened_at
    assert [event.at for event in case.events] == sorted(event.at for event in case.events)


def test_contacts_after_termination_are_done_missed_excused_and_still_to_come(
    office: Session,
) -> None:
    late = overdue(TODAY)
    assert count(office, Monitoring, late) > 0
    assert count(office, Monitoring, Monitoring.due_on >= TODAY) > 0
    states = set(office.scalars(select(Monitoring.state)))
    assert {MonitoringState.done, MonitoringState.excused, MonitoringState.scheduled} <= states


def test_some_cases_went_another_way(office: Session) -> None:
    acts = set(office.scalars(select(CaseEvent.kind)))
    assert {"correct", "reconsider", "withdraw_order", "refuse_termination", "hand_over"} <= acts
    assert {"review_emergency", "join", "forward", "accept_forward"} <= acts


def test_the_registers_have_neither_gap_nor_double(office: Session) -> None:
    found = proof.verify(office)
    assert found["letters"] == count(office, Letter) > 0
    assert (found["gaps"], found["doubles"]) == (0, 0)


@pytest.mark.parametrize("kind", LetterKind)
def test_its_letters_can_be_printed(office: Session, kind: LetterKind) -> None:
    letter = office.scalars(select(Letter).where(Letter.kind == kind)).first()
    assert letter is not None
    assert pdf.render(kind.value, json.loads(letter.content)).startswith(b"%PDF")


def test_rights_and_their_clocks_can_be_seen(office: Session) -> None:
    assert set(office.scalars(select(DataRequest.state))) >= {
        RequestState.received,
        RequestState.refused,
    }
    assert count(office, DataRequest, DataRequest.due_at < start_of_day_utc(TODAY)) > 0
    assert count(office, Breach) == count(office, LegalHold) == 1
    assert [one.withdrawn for one in office.scalars(select(Consent)) if one.withdrawn]


def test_nobody_in_it_can_be_real(office: Session) -> None:
    people = office.scalars(select(Person)).all()
    assert len(people) > CASES
    assert all(person.phone is None or "+628120000" in person.phone for person in people)
    numbers = [person.nik for person in people if person.nik]
    assert numbers and all(number.startswith("99") for number in numbers)
    assert all("tidak dikenal" in nik.warnings(number)[0] for number in numbers)


def test_a_nik_contradicts_neither_birth_date_nor_sex(office: Session) -> None:
    known = [person for person in office.scalars(select(Person)) if person.nik]
    warned = [nik.warnings(one.nik or "", one.birth_date, one.sex) for one in known]
    assert {len(sentences) for sentences in warned} == {1}


@pytest.mark.parametrize("column", CODED, ids=str)
def test_every_code_stands_in_its_list(office: Session, column: Any) -> None:
    known = {item["code"] for item in load.code_lists()[CODED[column]]}
    found: set[str] = set()
    for value in office.scalars(select(column)):
        found |= set(value) if isinstance(value, list) else {value}
    assert found - {None} <= known
    assert found - {None}


def test_sexual_violence_is_never_mediated(office: Session) -> None:
    mediated = office.scalars(select(Intervention).where(Intervention.service == "mediasi")).all()
    assert not [one for one in mediated if "seksual" in one.case.violence_kinds]


def test_a_fresh_demo_shows_a_living_inbox(tmp_path: Path) -> None:
    now = start_of_day_utc(TODAY) + timedelta(hours=10)
    with invented(tmp_path, 6, fast=True) as (session, _):
        morning.begin(session, now)
        talks = session.scalars(
            select(Conversation).where(Conversation.channel.in_(["whatsapp", "email"]))
        ).all()
        of_chats = [one for one in talks if one.report_id is None]
        assert {one.state for one in of_chats} == set(TalkState)
        assert [one.waiting_since for one in of_chats if one.urgent] == [now - timedelta(minutes=9)]
        assert [one.snooze_until for one in of_chats if one.snooze_until and one.owner]
        assert all(one.last_at <= now for one in of_chats)
        today = session.scalars(select(Visit).where(Visit.day == TODAY)).all()
        assert [bool(one.called_at) for one in today] == [True, True, False]
        assert count(session, Job, Job.kind == answering.JOB) == 0


def test_everybody_of_the_contract_can_sign_in(office: Session) -> None:
    names = set(office.scalars(select(Officer.username)))
    assert {role.value for role in Role} | {"petugas2", "supervisor2"} <= names
    assert all(
        one.role.value == one.username.rstrip("2") for one in office.scalars(select(Officer))
    )


def test_a_receipt_opens_its_report(made: tuple[Session, Summary]) -> None:
    session, summary = made
    for receipt in summary.receipts:
        assert tracking.open_with(session, receipt.number, receipt.code)


def test_old_notices_were_read_and_the_newest_wait(office: Session) -> None:
    now = start_of_day_utc(TODAY)
    waiting = office.scalars(select(Notice.at).where(Notice.read_at.is_(None))).all()
    assert waiting and min(waiting) >= now - timedelta(days=2)


def told(session: Session) -> list[tuple[Any, ...]]:
    """What a reader could see of a demo."""
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    events = session.scalars(select(CaseEvent).order_by(CaseEvent.id)).all()
    people = session.scalars(select(Person).order_by(Person.id)).all()
    return [
        *((one.number, one.status, one.narrative, one.opened_at) for one in cases),
        *((one.kind, one.at, one.note) for one in events),
        *((one.name, one.nik, one.phone, one.birth_date, one.created_at) for one in people),
    ]


def test_the_same_day_gives_the_same_office(tmp_path_factory: pytest.TempPathFactory) -> None:
    offices = []
    for name in ("one", "another"):
        with invented(tmp_path_factory.mktemp(name), 6, fast=True) as (session, _):
            offices.append(told(session))
    assert offices[0] == offices[1]
    assert len(offices[0]) > 50


def test_in_a_hurry_no_file_is_made_and_no_pdf_waits(tmp_path: Path) -> None:
    with invented(tmp_path, 6, fast=True) as (session, summary):
        assert summary.letters == count(session, Letter) > 0
        assert count(session, Job) == 0
    assert [path.stem for path in tmp_path.rglob("*") if path.is_file()] == ["demo"]


def test_production_is_refused(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_ENV", "production")
    with pytest.raises(NotADemo):
        demo(session, 1, TODAY)
    assert count(session, Officer) == 0


def test_an_office_with_people_of_its_own_is_refused(session: Session) -> None:
    session.add(Officer(username="asli", name="Petugas Asli", role=Role.petugas))
    session.flush()
    with pytest.raises(NotADemo):
        demo(session, 1, TODAY)


def test_a_second_demo_in_the_same_database_is_refused(session: Session) -> None:
    demo(session, 1, TODAY, fast=True)
    with pytest.raises(NotADemo):
        demo(session, 1, TODAY, fast=True)


@on_postgres
def test_the_demo_fills_postgresql_as_well(session: Session) -> None:
    assert demo(session, 10, TODAY, fast=True).letters > 0


@pytest.mark.parametrize("today", [date(2026, 3, 23), date(2027, 1, 2), date(2028, 2, 29)], ids=str)
def test_long_holidays_leave_no_state_empty(tmp_path: Path, today: date) -> None:
    with invented(tmp_path, 11, fast=True, today=today) as (_, summary):
        assert set(summary.cases) == {status.value for status in CaseStatus}


def test_former_letters_were_signed_by_pen_and_the_newest_wait(office: Session) -> None:
    open_ones = select(LetterStep.letter_id).where(LetterStep.done_at.is_(None))
    valid = (Letter.id.in_(open_ones), Letter.state == LetterState.valid)
    waiting = office.scalars(select(Letter.issued_at).where(*valid)).all()
    assert waiting and min(waiting) >= start_of_day_utc(TODAY) - timedelta(days=1)
    assert count(office, Letter, Letter.signed_at.is_not(None)) > 20


def test_with_a_password_the_demo_signs_and_something_is_left_to_sign(tmp_path: Path) -> None:
    with invented(tmp_path, 8, password="kata sandi demo") as (session, _):
        signed = session.scalars(select(LetterFile).filter_by(form=LetterForm.bertanda_tangan))
        seals_found = [seals.inspect(versions.read(one)) for one in signed]
        assert seals_found and all(one and one.sound for one in seals_found)
        steps = session.scalars(select(LetterStep).where(LetterStep.done_at.is_(None))).all()
        assert {one.officer.username for one in steps} >= {"supervisor", "pimpinan"}
        names = session.scalars(select(SigningCertificate.subject)).all()
        officers = {one.username: one for one in session.scalars(select(Officer))}
        signing.certify(session, officers, "kata sandi demo", datetime.now(UTC))
        assert session.scalars(select(SigningCertificate.subject)).all() == names
        signing.certify(session, officers, "yang lain", datetime.now(UTC))
        assert len(session.scalars(select(SigningCertificate)).all()) == 2 * len(names)
        assert proof.verify(session)["changed"] == 0
