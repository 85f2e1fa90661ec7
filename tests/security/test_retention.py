"""Retention: what is erased when its time is over, what stays, and what a restore cannot undo."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import models as m
from models import Base, CaseStatus, JobState, LetterState
from portal.access import scope
from portal.casework import erasing, holds, retention
from portal.casework.emptying import KEPT, STAYS, _blank, _emptied
from portal.casework.lifecycle import Refused
from portal.indonesia.dates import local_date
from portal.letters import proof, register, versions
from portal.protection import audit_keys, erasures, files
from portal.protection.sealing import sealed_columns
from tests.support.cast import Cast
from tests.support.databases import both_engines, on_postgres
from tests.support.office import Office

STORY = "Cerita rekaan yang tidak boleh tersisa"
LATER = datetime(2060, 1, 1, 20, tzinfo=UTC)  # 03.00 in Malang, decades after everything
NAMES = ("Bunga Rekaan", "Wati Rekaan", "Tono Rekaan")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    files.configure(tmp_path / "files")
    erasures.configure(tmp_path / "erasures.jsonl")
    return tmp_path


@pytest.fixture
def office(session: Session, cast: Cast, reference: None) -> Iterator[Office]:
    with register.untried():  # what the letters say is tried elsewhere
        yield Office(session, cast)


@pytest.fixture
def case(office: Office) -> m.Case:
    """A closed case with everything in it."""
    return full_case(office)


def full_case(office: Office, status: CaseStatus = CaseStatus.closed) -> m.Case:
    session = office.session
    case = office.case(status)
    report = case.reports[0]
    talk = report.conversation
    case.narrative = report.narrative = STORY
    case.region_code, case.victims[0].age_at_incident = "35.73.01.1001", 9
    key, digest = files.store(b"isi berkas rekaan")
    facts = {"mime": "image/jpeg", "size": 17, "sha256": digest, "storage_key": key}
    session.add_all(
        [
            m.Attachment(case=case, report=report, kind="bukti", filename="foto.jpg", **facts),
            m.Message(conversation=talk, report=report, direction="masuk", body=STORY),
            m.Consent(victim=case.victims[0], given_by="wali", given_on=date(2026, 3, 2))
            if status is not CaseStatus.closed
            else m.Notice(officer=office.cast.sari, kind="report_new", report=report),
        ]
    )
    session.commit()
    return case


def printed(session: Session, case: m.Case) -> None:
    """The PDFs of its letters are stored."""
    for letter in case.letters:
        versions.stored(session, letter)
    session.commit()


def work(session: Session) -> None:
    """What the worker does after the commit."""
    for job in session.scalars(select(m.Job).where(m.Job.state == JobState.waiting)):
        if job.kind == retention.JOB:
            retention.erase_due(session, job.payload)
        job.state = JobState.done
    session.commit()
    for job in session.scalars(select(m.Job).where(m.Job.kind == erasing.JOB)):
        erasing.finish(session, job.payload)
    session.commit()


def erase(session: Session, subject: Base, ground: str = "kasus_anak") -> None:
    assert erasing.erase(session, subject, ground, LATER)
    session.commit()
    work(session)


def everything(session: Session) -> str:
    """All rows of all tables as somebody with the key reads them."""
    session.expire_all()
    rows = [
        row for mapper in Base.registry.mappers for row in session.scalars(select(mapper.class_))
    ]
    return "\n".join(
        f"{type(row).__name__}.{name}={getattr(row, name)}"
        for row in rows
        if not isinstance(row, m.AuditEntry | m.Officer | m.Job | m.Draft)
        for name in (column.key for column in type(row).__mapper__.column_attrs)
    )


def grow_old(case: m.Case) -> None:
    """Its time is over since the second of January."""
    long_ago = datetime(1990, 1, 2, tzinfo=UTC)
    case.opened_at = case.closed_at = long_ago
    case.retention_class, case.retain_until = "kasus_anak", date(2026, 1, 2)


def kept_files(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "files").rglob("*"))


# --- what goes, what stays ------------------------------------------------------------------------


@both_engines
def test_of_an_erased_case_nothing_is_left_that_names_or_tells(
    session: Session, case: m.Case, folder: Path
) -> None:
    printed(session, case)
    assert STORY in everything(session)
    assert kept_files(folder) == 4
    erase(session, case)
    left = everything(session)
    assert not [word for word in (STORY, *NAMES, "+62812", "Korban pulih") if word in left]
    assert kept_files(folder) == 0
    for model in (m.Victim, m.Suspect, m.Reporter, m.Message, m.Attachment, m.Order, m.CaseEvent):
        assert session.scalar(select(func.count()).select_from(model)) == 0


@both_engines
def test_letters_keep_number_kind_date_and_fingerprint(session: Session, case: m.Case) -> None:
    printed(session, case)
    before = [(one.printed, one.kind, one.dated, one.files[0].sha256) for one in case.letters]
    erase(session, case)
    session.expire_all()
    letters = case.letters
    assert [(one.printed, one.kind, one.dated, one.files[0].sha256) for one in letters] == before
    assert {one.state for one in letters} == {LetterState.erased}
    found = proof.verify(session)
    assert found == {"letters": 3, "gaps": 0, "doubles": 0, "changed": 0}
    with pytest.raises(versions.StoreError):
        versions.stored(session, letters[0])


@both_engines
def test_one_row_a_victim_is_left_for_statistics_and_names_the_kecamatan_only(
    session: Session, case: m.Case
) -> None:
    erase(session, case)
    row = session.scalars(select(m.PastVictim)).one()
    assert (row.year, row.quarter, row.age_group, row.sex) == (2026, 1, "6_12", "perempuan")
    assert (row.relation, row.region_code) == ("orang_tua", "35.73.01")
    assert (row.services, row.outcome) == (["kesehatan"], "tujuan_tercapai")
    assert {
        column.name for column in m.PastVictim.__table__.foreign_keys for column in [column.parent]
    } == {"region_code"}


def test_who_did_not_agree_to_statistics_leaves_no_row(office: Office) -> None:
    case = full_case(office, CaseStatus.rejected)
    erase(office.session, case, "kasus_tidak_ditangani")
    assert office.session.scalars(select(m.PastVictim)).all() == []


def test_a_person_another_case_needs_is_kept(office: Office) -> None:
    session = office.session
    case, other = full_case(office), office.case(CaseStatus.handling)
    person = case.victims[0].person
    other.victims[0].person = person
    session.commit()
    erase(session, case)
    session.refresh(person)
    assert person.name == "Bunga Rekaan"
    assert person.erased_at is None


def test_nothing_of_the_skeletons_can_be_sealed_and_every_column_can_be_emptied() -> None:
    for model, stays in STAYS.items():
        assert stays <= set(model.__table__.columns.keys()), model
        assert not stays & set(sealed_columns(model)), model
        for name in _emptied(model):
            _blank(model, name)


def test_the_tables_that_are_never_emptied_hold_nothing_sealed_about_a_case() -> None:
    """The log seals its details under a key of their own; everything else with a story goes."""
    tables = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    holding = {name for name in KEPT & set(tables) if sealed_columns(tables[name])}
    assert holding <= {"audit_entry", "audit_key"}


@both_engines
def test_erasing_twice_changes_nothing(session: Session, case: m.Case) -> None:
    erase(session, case)
    assert not erasing.erase(session, case, "kasus_anak", LATER)
    assert session.scalar(select(func.count()).select_from(m.Erasure)) == 1


# --- when -----------------------------------------------------------------------------------------


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 100))
def test_years_are_full_years(day: date, years: int) -> None:
    end = retention.years_after(day, years)
    assert (end.year - day.year, end.month) == (years, day.month)
    assert end.day == day.day or (day.month, day.day, end.day) == (2, 29, 28)


@given(st.integers(1, 100), st.dates(date(2026, 1, 1), date(2090, 1, 1)), st.dates())
def test_nothing_is_erased_without_thirty_days_notice(years: int, today: date, sent: date) -> None:
    complaint = m.ServiceComplaint(
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        answered_at=datetime.combine(
            sent.replace(year=2026, day=min(sent.day, 28)), datetime.min.time(), UTC
        ),
    )
    until = retention.until(complaint, years, today)
    assert until >= today + timedelta(days=30)
    assert until >= retention.years_after(retention.ended_on(complaint), years)


@given(st.dates(date(2008, 1, 1), date(2026, 1, 1)))
def test_for_a_child_the_years_begin_at_the_eighteenth_birthday(born: date) -> None:
    victim = m.Victim(person=m.Person(birth_date=born, sex="perempuan"))
    closed = datetime(2026, 3, 2, 12, tzinfo=UTC)
    case = m.Case(status=CaseStatus.closed, closed_at=closed, victims=[victim])
    assert retention.class_of(case) == "kasus_anak"
    assert retention.ended_on(case) == max(date(2026, 3, 2), retention.years_after(born, 18))


@pytest.mark.parametrize("known", ["birth", "age"])
def test_a_report_about_a_child_is_counted_from_the_eighteenth_birthday(known: str) -> None:
    born = date(2020, 5, 5)
    victim = m.Victim(person=m.Person(birth_date=born if known == "birth" else None))
    victim.age_at_incident = 6
    received = datetime(2026, 5, 5, 3, tzinfo=UTC)
    report = m.Report(received_at=received, victims=[victim], decided_at=received)
    assert retention.ended_on(report) == date(2038, 5, 5)


def test_adults_children_and_the_unknown_have_their_classes() -> None:
    def closed(*ages: int | None) -> m.Case:
        victims = [m.Victim(person=m.Person(), age_at_incident=age) for age in ages]
        return m.Case(status=CaseStatus.closed, victims=victims)

    assert retention.class_of(closed(30, 18)) == "kasus_dewasa"
    assert retention.class_of(closed(30, 17)) == "kasus_anak"
    assert retention.class_of(closed(None)) == "kasus_anak"
    assert retention.class_of(m.Case(status=CaseStatus.rejected)) == "kasus_tidak_ditangani"


@both_engines
def test_the_night_dates_what_ended_and_erases_what_is_due(session: Session, case: m.Case) -> None:
    closed = local_date(case.closed_at)
    retention.nightly(session, datetime(2026, 11, 26, 19, tzinfo=UTC))  # 02.00 in Malang
    session.commit()
    session.expire_all()
    eighteen = retention.years_after(local_date(case.opened_at), 9)
    assert case.retain_until == retention.years_after(max(closed, eighteen), 20)
    assert retention.nightly(session, LATER.replace(hour=8)) == 0  # by day
    assert retention.nightly(session, LATER) == 1
    session.commit()
    grow_old(case)  # the worker's own clock is today's
    session.commit()
    work(session)
    session.expire_all()
    assert case.erased_at is not None
    assert retention.nightly(session, LATER) == 0


def test_a_reopened_case_is_kept(office: Office) -> None:
    session, case = office.session, full_case(office)
    night = datetime(2027, 1, 1, 19, tzinfo=UTC)
    retention.nightly(session, night)
    session.commit()
    office.reopen(case)
    case.retain_until = date(2026, 1, 2)
    session.commit()
    assert not retention.may_erase(session, case, date(2060, 1, 1))
    retention.date_all(session, night)
    session.refresh(case)
    assert case.retain_until is None


def night(session: Session, today: date) -> bool:
    """Whether the job of the night erases the one case there is."""
    case = session.scalars(select(m.Case)).one()
    erased = erasing.erase(
        session, case, "kasus_anak", LATER, may=lambda: retention.may_erase(session, case, today)
    )
    session.commit()
    return erased


@both_engines
def test_a_corrected_birth_date_keeps_the_case_of_a_child(session: Session, case: m.Case) -> None:
    grow_old(case)
    case.retention_class = "kasus_dewasa"
    case.victims[0].person.birth_date = date(2015, 5, 5)
    session.commit()
    assert not night(session, date(2026, 11, 26))
    assert case.retention_class == "kasus_anak"
    assert case.retain_until == date(2053, 5, 5)
    assert night(session, date(2053, 5, 5))


def test_a_case_that_was_closed_anew_is_counted_anew(session: Session, case: m.Case) -> None:
    case.retention_class, case.retain_until = "kasus_anak", date(2026, 1, 2)
    session.commit()
    assert not night(session, date(2026, 11, 26))
    assert case.retain_until == date(2055, 3, 2)


def test_what_happened_while_the_lock_was_waited_for_counts(
    session: Session, cast: Cast, case: m.Case
) -> None:
    grow_old(case)
    session.commit()
    assert retention.may_erase(session, case, date(2026, 11, 26))
    hold = m.LegalHold(report_id=case.reports[0].id, reason="Rekaan", placed_by=cast.budi)
    with Session(session.get_bind()) as other:
        session.rollback()
        other.merge(hold)
        other.commit()
    assert not night(session, date(2026, 11, 26))
    assert case.narrative == STORY


@both_engines
def test_nobody_adds_to_what_is_being_erased(session: Session, case: m.Case) -> None:
    """Whoever tells something about the case is waited for, and what they told is erased, too."""
    erasing.lock_all(session, case)
    bind = session.get_bind()
    if bind.dialect.name == "sqlite":  # one writer
        return
    with Session(bind) as other, pytest.raises(DBAPIError):
        other.execute(text("SET lock_timeout = '100ms'"))
        report = case.reports[0]
        talk = report.conversation.id
        late = m.Message(report_id=report.id, conversation_id=talk, direction="masuk", body="Telat")
        other.add(late)
        other.flush()


@on_postgres
@pytest.mark.parametrize("on", ["case", "report", "person"])
def test_who_places_a_hold_waits_for_an_erasure_that_has_begun(
    session: Session, case: m.Case, on: str
) -> None:
    targets = {"case": case, "report": case.reports[0], "person": case.suspects[0].person}
    model, key = type(targets[on]), targets[on].id
    erasing.lock_all(session, case)
    with Session(session.get_bind(), info={"viewer": scope.SYSTEM}) as other:
        other.execute(text("SET lock_timeout = '100ms'"))
        hold = m.LegalHold(**{on: other.get_one(model, key)})
        with pytest.raises(DBAPIError):
            holds.faults(hold)


def test_held_records_do_not_keep_others_from_being_erased(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, cases = office.session, [office.case(CaseStatus.closed) for _ in range(3)]
    for case in cases:
        grow_old(case)
    on = [m.LegalHold(case=one, reason="Rekaan", placed_by=office.cast.budi) for one in cases[:2]]
    session.add_all(on)
    session.commit()
    monkeypatch.setattr(retention, "BATCH", 1)
    assert list(retention.due(session, date(2026, 11, 26))) == [cases[2]]


def test_a_class_the_office_lacks_keeps_no_other_record_undated(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = office.session
    rejected, closed = office.case(CaseStatus.rejected), office.case(CaseStatus.closed)
    session.execute(delete(m.RetentionClass).filter_by(code="kasus_tidak_ditangani"))
    session.commit()
    monkeypatch.setattr(retention, "BATCH", 1)
    assert retention.missing_classes(session) == ["kasus_tidak_ditangani"]
    assert retention.date_all(session, LATER) == 1
    session.expire_all()
    assert (rejected.retain_until, closed.retention_class) == (None, "kasus_anak")


@pytest.mark.usefixtures("reference")
def test_the_rules_and_the_table_name_the_same_classes(session: Session) -> None:
    assert retention.missing_classes(session) == []
    assert set(session.scalars(select(m.RetentionClass.code))) == retention.CODES


def test_a_night_without_work_writes_nothing(session: Session, case: m.Case) -> None:
    """On SQLite whoever writes keeps everybody else from writing."""
    night = datetime(2026, 11, 26, 19, tzinfo=UTC)
    retention.nightly(session, night)
    session.commit()
    writing: list[str] = []

    def told(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        writing.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", told)
    assert retention.nightly(session, night) == 0
    event.remove(session.get_bind(), "before_cursor_execute", told)
    assert writing
    assert {one.split()[0] for one in writing} <= {"SELECT", "BEGIN", "SAVEPOINT"}
    assert "BEGIN IMMEDIATE" not in writing


# --- hold -----------------------------------------------------------------------------------------


@both_engines
@pytest.mark.parametrize("on", ["case", "report", "person"])
def test_a_hold_blocks_everything_until_it_is_lifted(
    session: Session, cast: Cast, case: m.Case, on: str
) -> None:
    targets = {"case": case, "report": case.reports[0], "person": case.suspects[0].person}
    hold = m.LegalHold(**{on: targets[on]}, reason="Penyidikan rekaan", placed_by=cast.budi)
    session.add(hold)
    case.retain_until = date(2026, 1, 2)
    session.commit()
    assert not retention.may_erase(session, case, date(2060, 1, 1))
    with pytest.raises(Refused):
        holds.lift(session, hold, cast.budi, LATER, " ")
    holds.lift(session, hold, cast.budi, LATER, "Perkara selesai")
    session.commit()
    assert retention.may_erase(session, case, date(2060, 1, 1))
    with pytest.raises(Refused):
        holds.lift(session, hold, cast.budi, LATER, "Sekali lagi")


def test_what_the_log_says_of_a_hold_goes_with_the_complaint_it_lies_on(
    session: Session, cast: Cast
) -> None:
    complaint = m.ServiceComplaint(number="PL-1", via="telepon", received_at=LATER, body="Rekaan")
    hold = m.LegalHold(complaint=complaint, reason="Rekaan", placed_by=cast.budi)
    session.add_all([complaint, hold])
    session.commit()
    place = audit_keys.place_of(session.connection(), "legal_hold", hold.id)
    assert (place.table, place.row_id) == ("service_complaint", complaint.id)


def test_whoever_waits_for_an_answer_is_not_erased_meanwhile(
    session: Session, cast: Cast, case: m.Case
) -> None:
    session.add(
        m.DataRequest(
            number="PD-2026-00001",
            kind=m.RequestKind.access,
            person=case.victims[0].person,
            received_at=LATER,
            due_at=LATER,
            asked_by="sendiri",
            identity_check="belum",
            officer=cast.sari,
        )
    )
    session.commit()
    assert holds.blocking(session, case)


# --- a restore ------------------------------------------------------------------------------------


@pytest.fixture
def backup(office: Office, folder: Path) -> Iterator[tuple[Session, m.Case]]:
    """The session of a database as a backup brings it back: the erasure has not happened there."""
    case = full_case(office)
    line = erasures.Line(
        "11111111-2222-4333-8444-555555555555",
        "case",
        str(case.uuid),
        "kasus_anak",
        LATER.isoformat(),
    )
    erasures.note(line)
    yield office.session, case


@both_engines
def test_a_restored_backup_erases_anew_what_was_erased(
    backup: tuple[Session, m.Case], folder: Path
) -> None:
    session, case = backup
    assert erasing.replay(session, erasures.lines()) == 1
    session.commit()
    work(session)
    session.expire_all()
    assert case.erased_at == LATER
    assert kept_files(folder) == 0
    assert session.scalars(select(m.Erasure.uuid)).one() == UUID(
        int=0x11111111222243338444555555555555
    )
    assert erasing.replay(session, erasures.lines()) == 0
    assert STORY not in everything(session)


def test_the_file_tells_every_erasure_and_nothing_about_anybody(
    session: Session, case: m.Case, folder: Path
) -> None:
    erase(session, case)
    (text,) = erasures.lines()
    said = {"erasure", "table", "subject", "ground", "at", "before", "mac"}
    assert json.loads(text).keys() == said
    assert case.number not in text
    assert (folder / "erasures.jsonl").stat().st_mode & 0o777 == 0o600


def test_an_erasure_is_noted_without_waiting_for_the_worker(session: Session, case: m.Case) -> None:
    erasing.erase(session, case, "kasus_anak", LATER)
    session.rollback()
    session.commit()
    assert erasures.lines() == []
    erasing.erase(session, case, "kasus_anak", LATER)
    assert erasures.lines() == []
    session.commit()
    (noted,) = erasures.lines()
    work(session)
    assert erasures.lines() == [noted]


@pytest.mark.parametrize("how", ["first", "middle", "damaged"])
def test_a_line_that_was_taken_out_or_damaged_is_told(how: str) -> None:
    for number in range(3):
        erasures.note(erasures.Line(f"erasure-{number}", "case", "subject", "kasus_anak", "at"))
    first, middle, last = erasures.lines()
    altered = {
        "first": [middle, last],
        "middle": [first, last],
        "damaged": [first, middle[:-5], last],
    }
    with pytest.raises(erasures.Forged):
        list(erasures.read(altered[how]))
    assert len(list(erasures.read([first, middle, last[:-5]]))) == 2


@pytest.mark.parametrize("part", ["subject", "table", "mac"])
def test_a_forged_line_erases_nothing(backup: tuple[Session, m.Case], part: str) -> None:
    session, case = backup
    said = json.loads(erasures.lines()[0])
    said[part] = "person" if part == "table" else said[part][::-1]
    with pytest.raises(erasures.Forged):
        erasing.replay(session, [json.dumps(said)])
    assert case.erased_at is None


def test_a_line_broken_off_by_a_power_cut_swallows_no_other(
    backup: tuple[Session, m.Case], folder: Path
) -> None:
    session, _case = backup
    whole = (folder / "erasures.jsonl").read_text()
    (folder / "erasures.jsonl").write_text(whole[:40])
    erasures.note(next(erasures.read([whole])))
    assert erasing.replay(session, erasures.lines()) == 1
