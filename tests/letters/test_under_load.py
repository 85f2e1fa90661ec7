"""Numbers while many approve, processes are killed, the year changes and the disk is full."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import (
    Case,
    CaseEvent,
    CaseStatus,
    Job,
    Letter,
    LetterFile,
    LetterKind,
    Officer,
    Order,
    Role,
    Setting,
)
from portal.access import scope
from portal.casework import letter_acts
from portal.db import letting_others_write
from portal.letters import pdf, proof, register, versions
from portal.letters.catalogue import CATALOGUE
from portal.letters.numbers import RegisterError
from portal.letters.versions import StoreError
from portal.protection import files
from tests.support import approvals
from tests.support.approvals import NOW, approve, approve_all, die, killed_at, waiting_cases
from tests.support.at_once import Attempt, at_once
from tests.support.cast import Cast
from tests.support.databases import both_engines, connect
from tests.support.disk import room_for

CLEAN = {"gaps": 0, "doubles": 0, "changed": 0}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    files.configure(tmp_path / "files")
    return tmp_path / "files"


def numbers(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(Letter.number).order_by(Letter.number)))


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def on_the_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# --- many at once -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("database_url", "many"),
    [pytest.param("postgresql", 200, marks=pytest.mark.long), ("sqlite", 40)],
    indirect=["database_url"],
)
def test_approvals_by_eight_processes_get_each_number_once(
    engine: Engine, session: Session, cast: Cast, many: int
) -> None:
    first, *keys = waiting_cases(session, cast, many)
    session.rollback()
    with register.untried():
        approve(engine, first)  # each process inherits what is compiled by now
    assert len(approve_all(engine, keys, tried=False)) == many - 1
    assert numbers(session) == list(range(1, many + 1))
    assert proof.verify(session) == {"letters": many} | CLEAN
    for model in (Order, CaseEvent, Job):
        assert count(session, model) >= many


@both_engines
def test_two_who_issue_the_same_draft_at_once_make_one_letter(
    engine: Engine, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = LetterKind.surat_perintah
    by_hand = replace(CATALOGUE[kind], issuers=frozenset({Role.supervisor}))
    monkeypatch.setitem(CATALOGUE, kind, by_hand)
    (key,) = waiting_cases(session, cast, 1)
    budi = cast.budi.id
    session.rollback()
    with register.untried():
        approve(engine, key)
    order = session.scalars(select(Order)).one()
    order_id, before = order.id, order.letter_id
    session.rollback()

    def act(desk: Session, row: Order, officer: Officer, _version: int | None) -> None:
        with register.untried():
            letter_acts.issue(desk, kind, row, officer, NOW, after=before)

    came = at_once(engine, *[Attempt(budi, Order, order_id, act)] * 2)
    assert sorted(type(one).__name__ for one in came) == ["NoneType", "Stale"]
    assert numbers(session) == [1, 2]


def test_a_trial_keeps_no_other_writer_waiting(
    engine: Engine, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: while a letter is set, it must be somebody else."""
    first, second = waiting_cases(session, cast, 2)
    session.rollback()
    render = pdf.render

    def meanwhile(*args: object) -> bytes:
        monkeypatch.setattr(pdf, "render", render)
        approve(engine, second)
        return render(*args)

    monkeypatch.setattr(pdf, "render", meanwhile)
    approve(engine, first)
    assert numbers(session) == [1, 2]
    (early,) = session.scalars(select(Letter).filter_by(number=1))
    assert early.case_id == second


def test_what_was_written_before_is_not_let_go(engine: Engine) -> None:
    approvals.scope.attach(approvals.DeskSession)
    with approvals.DeskSession(engine, info={"viewer": scope.SYSTEM}) as session:
        session.add(Setting(key="k", value="1", label="k", label_en="k"))
        session.flush()
        with letting_others_write(session):
            pass
        session.rollback()
        assert session.scalar(select(Setting.key).filter_by(key="k")) is None


# --- killed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("database_url", "moment"),
    [("sqlite", "render"), ("sqlite", "tell"), ("postgresql", "tell")],
    indirect=["database_url"],
)
def test_an_approval_that_is_killed_leaves_no_gap(
    database_url: str,
    engine: Engine,
    session: Session,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    first, second = waiting_cases(session, cast, 2)
    session.rollback()
    places = {
        "render": (pdf, "render"),
        "tell": (approvals.cases, "tell"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(*places[moment], die)
        killed_at(lambda: approve(connect(database_url), first))
    assert numbers(session) == []
    with register.untried():
        approve(engine, first), approve(engine, second)
    assert numbers(session) == [1, 2]
    assert proof.verify(session) == {"letters": 2} | CLEAN


@pytest.mark.parametrize(
    ("database_url", "moment"),
    [("sqlite", "render"), ("sqlite", "store"), ("sqlite", "commit"), ("postgresql", "store")],
    indirect=["database_url"],
)
def test_storing_that_is_killed_leaves_no_orphan(
    database_url: str,
    engine: Engine,
    session: Session,
    cast: Cast,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    (key,) = waiting_cases(session, cast, 1)
    session.rollback()
    with register.untried():
        approve(engine, key)
    letter = session.scalars(select(Letter)).one()
    letter_id, stored = letter.id, files.store
    session.rollback()

    def store() -> None:
        with Session(connect(database_url), info={"viewer": scope.SYSTEM}) as mine:
            versions.stored(mine, mine.get_one(Letter, letter_id))
            die()

    with monkeypatch.context() as patch:
        if moment == "render":
            patch.setattr(pdf, "render", die)
        if moment == "store":
            patch.setattr(files, "store", lambda data: die(stored(data)))
        killed_at(store)
    assert count(session, LetterFile) == 0
    assert len(on_the_disk(folder)) == (moment != "render")
    later = datetime.now(UTC) + timedelta(days=2)
    assert files.sweep(lambda keys: set(), later) == (moment != "render")
    versions.stored(session, session.get_one(Letter, letter_id))
    session.commit()
    assert len(on_the_disk(folder)) == 1
    assert proof.verify(session) == {"letters": 1} | CLEAN


# --- the year, the settings ----------------------------------------------------------------------

MIDNIGHT = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


def test_at_midnight_in_malang_the_numbers_begin_again(
    engine: Engine, session: Session, cast: Cast
) -> None:
    keys = waiting_cases(session, cast, 4)
    session.rollback()
    moments = [MIDNIGHT + timedelta(seconds=n) for n in (-2, -1, 0, 1)]
    with register.untried():
        for key, moment in zip(keys, moments, strict=True):
            approve(engine, key, moment)
    session.rollback()
    found = session.execute(
        select(Letter.year, Letter.number, Letter.dated).order_by(Letter.id)
    ).all()
    assert [(year, number, f"{dated}") for year, number, dated in found] == [
        (2026, 1, "2026-12-31"),
        (2026, 2, "2026-12-31"),
        (2027, 1, "2027-01-01"),
        (2027, 2, "2027-01-01"),
    ]
    assert proof.verify(session) == {"letters": 4} | CLEAN


def test_after_the_new_year_nothing_is_dated_into_the_old(
    engine: Engine, session: Session, cast: Cast
) -> None:
    first, second = waiting_cases(session, cast, 2)
    session.rollback()
    with register.untried():
        approve(engine, first, MIDNIGHT)
        with pytest.raises(RegisterError, match="sebelum surat terakhir"):
            approve(engine, second, MIDNIGHT - timedelta(seconds=1))
        approve(engine, second, MIDNIGHT)
    assert numbers(session) == [1, 2]


def test_settings_that_print_a_number_twice_are_refused_and_burn_none(
    engine: Engine, session: Session, cast: Cast
) -> None:
    first, second = waiting_cases(session, cast, 2)
    pattern = Setting(key="letter_number_pattern", value="{nomor}/{tahun}", label="p", label_en="p")
    session.add(pattern)
    session.commit()
    with register.untried():
        approve(engine, first)
        letter = session.scalars(select(Letter)).one()
        letter.kind, letter.printed = LetterKind.surat_undangan, "2/2026"
        session.commit()
        with pytest.raises(RegisterError, match="2/2026 sudah dipakai"):
            approve(engine, second)
        pattern.value = "{klasifikasi}/{nomor}/{tahun}"
        session.commit()
        approve(engine, second)
    session.rollback()
    assert list(session.scalars(select(Letter.printed).order_by(Letter.id))) == [
        "2/2026",
        "800.1.11.1/2/2026",
    ]


# --- a full disk ----------------------------------------------------------------------------------


def test_a_full_disk_stores_no_half_letter(
    engine: Engine, session: Session, cast: Cast, folder: Path
) -> None:
    (key,) = waiting_cases(session, cast, 1)
    session.rollback()
    with register.untried():
        approve(engine, key)
    letter = session.scalars(select(Letter)).one()
    with room_for(1_000), pytest.raises(StoreError, match="tempat penyimpanan penuh"):
        versions.stored(session, letter)
    session.rollback()
    assert on_the_disk(folder) == [] and count(session, LetterFile) == 0
    assert versions.stored(session, session.get_one(Letter, letter.id)).startswith(b"%PDF")


def test_an_approval_on_a_full_disk_changes_nothing(
    engine: Engine, session: Session, cast: Cast
) -> None:
    (key,) = waiting_cases(session, cast, 1)
    session.rollback()
    with register.untried(), room_for(1_000), pytest.raises(OperationalError):
        approve(engine, key)
    assert numbers(session) == []
    assert session.get_one(Case, key).status is CaseStatus.identified
    with register.untried():
        approve(engine, key)
    assert numbers(session) == [1]
