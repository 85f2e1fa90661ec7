"""The log cannot be changed unnoticed: by a mistake, a statement, or whoever owns the database."""

# ruff: noqa: S608 (the statements of an attacker)

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import AuditEntry, AuditHead, Person
from portal.access import scope
from portal.db import READING
from portal.protection import audit, audit_anchors, audit_check, audit_triggers, audit_writing
from portal.protection.audit_check import Findings
from tests.conftest import SystemSession
from tests.support.cast import Cast
from tests.support.databases import both_engines

LENGTH = 12
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def anchors(tmp_path: Path) -> Path:
    """Where this test's anchors are."""
    audit_anchors.configure(tmp_path / "anchors.jsonl")
    return tmp_path / "anchors.jsonl"


def writer(engine: Engine) -> Session:
    return SystemSession(engine, info={"viewer": scope.SYSTEM})


@pytest.fixture
def log(engine: Engine) -> Engine:
    """A log of twelve entries, each with details."""
    with writer(engine) as session:
        for number in range(LENGTH):
            audit.record(session, "people_searched", None, found=number)
            session.commit()
    return engine


def verified(engine: Engine) -> Findings:
    with writer(engine) as session:
        return audit_check.verify(session)


def anchored(engine: Engine, now: datetime = NOW) -> bool:
    with writer(engine) as session:
        done = audit_anchors.anchor(session, now)
        session.commit()
        return done


def as_owner(engine: Engine, *statements: str) -> None:
    """Whoever owns the database takes the triggers away and puts them back afterwards."""
    with engine.begin() as connection:
        audit_triggers.remove(connection)
        for statement in statements:
            connection.execute(text(statement))
        audit_triggers.install(connection)


# --- appending --------------------------------------------------------------------------------


@both_engines
def test_many_who_write_at_once_never_fork_the_chain_nor_leave_a_gap(engine: Engine) -> None:
    def write() -> None:
        with writer(engine) as session:
            for number in range(25):
                audit.record(session, "people_searched", None, found=number)
                audit.record(session, "viewed", None)
                session.rollback() if number % 5 == 4 else session.commit()

    threads = [Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verified(engine)
    assert found.whole
    assert found.entries == 8 * 20 * 2


@both_engines
def test_what_a_savepoint_takes_back_leaves_no_entry(engine: Engine) -> None:
    with writer(engine) as session:
        audit.record(session, "people_searched", None, found=1)
        with pytest.raises(RuntimeError), session.begin_nested():
            audit.record(session, "people_searched", None, found=2)
            with session.begin_nested():
                audit.record(session, "people_searched", None, found=3)
            raise RuntimeError
        with session.begin_nested():
            audit.record(session, "people_searched", None, found=4)
        session.commit()
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [audit.details_of(one)["found"] for one in entries] == [1, 4]
    assert verified(engine).whole


@both_engines
def test_an_entry_goes_with_its_transaction_also_when_the_session_is_closed(engine: Engine) -> None:
    with writer(engine) as session:
        audit.record(session, "viewed", None)
        session.rollback()
        audit.record(session, "viewed", None)
        session.close()
        session.commit()
        assert session.scalars(select(AuditEntry)).all() == []


@both_engines
def test_a_session_that_only_reads_can_note_a_visit(session: Session, cast: Cast) -> None:
    session.commit()
    assert session.get(AuditHead, 1) is not None
    audit.record(session, "viewed", cast.sari, cast.budi)
    session.commit()
    assert session.scalars(select(AuditEntry.event)).all() == ["viewed"]


@both_engines
def test_a_whole_log_is_found_whole(log: Engine) -> None:
    anchored(log)
    found = verified(log)
    assert found.whole
    assert (found.entries, found.anchors, found.anchored) == (LENGTH, 1, LENGTH)


# --- append-only ------------------------------------------------------------------------------

ATTEMPTS = {
    "update": "UPDATE audit_entry SET event = 'viewed' WHERE id = 3",
    "mac": "UPDATE audit_entry SET mac = mac",
    "delete": "DELETE FROM audit_entry WHERE id = 3",
    "delete_all": "DELETE FROM audit_entry",
    "head_back": "UPDATE audit_head SET sequence = 3",
    "anchor_back": "UPDATE audit_head SET anchored = -1",
    "head_gone": "DELETE FROM audit_head",
    "key_gone": "DELETE FROM audit_key",
}
ON_SQLITE = {"replace": "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 3"}
ON_POSTGRESQL = {
    "truncate": "TRUNCATE audit_entry",
    "truncate_cascade": "TRUNCATE audit_head, audit_entry CASCADE",
    "upsert": "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE id = 3"
    " ON CONFLICT (id) DO UPDATE SET event = 'viewed'",
}


@both_engines
def test_no_statement_changes_removes_or_replaces_an_entry(log: Engine) -> None:
    own = ON_SQLITE if log.dialect.name == "sqlite" else ON_POSTGRESQL
    for statement in (ATTEMPTS | own).values():
        with pytest.raises(DBAPIError, match="append-only"), log.begin() as connection:
            connection.execute(text(statement))
    assert verified(log).whole


@both_engines
def test_a_trigger_that_is_gone_is_told(log: Engine) -> None:
    with log.begin() as connection:
        audit_triggers.remove(connection)
    with log.connect() as connection:
        assert verified(log).triggers == sorted(audit_triggers.EXPECTED[connection.dialect.name])


HOLLOW = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT 1; END",
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON officer"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    ),
    "postgresql": (
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON officer"
        " FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NEW; END $$",
    ),
}


@both_engines
def test_a_trigger_that_does_something_else_or_elsewhere_is_told(log: Engine) -> None:
    dialect = log.dialect.name
    name = next(iter(audit_triggers.EXPECTED[dialect]))
    for statement in HOLLOW[dialect]:
        assert verified(log).triggers == []
        with log.begin() as connection:
            if "TRIGGER" in statement:
                on = " ON audit_entry" if dialect == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER {name}{on}"))
            connection.execute(text(statement))
        assert name in verified(log).triggers
        with log.begin() as connection:
            if " ON officer" in statement and dialect == "postgresql":
                connection.execute(text(f"DROP TRIGGER {name} ON officer"))
            audit_triggers.remove(connection)
            audit_triggers.install(connection)


@pytest.mark.parametrize("early", [False, True])
def test_entries_wait_for_the_commit_however_many_unless_nobody_else_writes(
    engine: Engine, early: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_writing, "MOST_WAITING", 3)
    with writer(engine) as session:
        session.info[audit.EARLY] = early
        for _ in range(5):
            audit.record(session, "viewed", None)
        written = session.scalars(select(AuditEntry.id)).all()
        assert written == ([1, 2, 3, 4] if early else [])


# --- the keys of the details ------------------------------------------------------------------

LOSSES = {
    "removed": "DELETE FROM audit_key",
    "destroyed": f"UPDATE audit_key SET wrapped = NULL, destroyed_at = '{NOW:%Y-%m-%d %H:%M:%S}'",
    "another's": "UPDATE audit_key SET wrapped = (SELECT mac FROM audit_head)",
}


@both_engines
@pytest.mark.parametrize("how", LOSSES)
def test_a_key_that_is_gone_although_nothing_was_erased_is_named(log: Engine, how: str) -> None:
    with log.connect() as connection:
        known = connection.scalars(text("SELECT id FROM audit_key")).all()
    as_owner(log, LOSSES[how])
    assert (verified(log).keys, verified(log).whole) == (known, False)


@both_engines
def test_the_log_accounts_for_the_key_of_whoever_was_erased(engine: Engine) -> None:
    with writer(engine) as session:
        person = Person(name="Rekaan")
        session.add(person)
        session.flush()
        audit.record(session, "changed", None, person, fields={"alias": [None, "Rekaan"]})
        session.commit()
        audit.forget(session, person)
        session.commit()
        assert session.scalars(select(AuditEntry.event)).all()[-1] == "forgotten"
    assert verified(engine).whole


# --- going around the triggers ----------------------------------------------------------------

COLUMNS = "uuid, created_at, at, event, actor_id, subject_table, subject_id, case_id, key_id"
REST = f"{COLUMNS}, details, mac"
MOVED_UP = "UPDATE audit_entry SET id = id - 1 WHERE id > 5"
MOVED_DOWN = (
    "UPDATE audit_entry SET id = -id WHERE id >= 5",
    "UPDATE audit_entry SET id = 1 - id WHERE id < 0",
)
HEAD_AT = "UPDATE audit_head SET sequence = {0}, mac = (SELECT mac FROM audit_entry WHERE id = {0})"


def forged(number: int, like: int) -> str:
    """Another entry like one that exists."""
    copied = REST.replace("uuid", "'00000000000000000000000000000001'", 1)
    return (
        f"INSERT INTO audit_entry (id, {REST})"
        f" SELECT {number}, {copied} FROM audit_entry WHERE id = {like}"
    )


def flipped(engine: Engine, column: str, number: int) -> str:
    """One bit of one byte, the others as they were."""
    with engine.connect() as connection:
        query = text(f"SELECT {column} FROM audit_entry WHERE id = {number}")
        value = bytearray(connection.scalar(query))
    value[len(value) // 2] ^= 1
    literal = f"X'{value.hex()}'" if engine.dialect.name == "sqlite" else f"'\\x{value.hex()}'"
    return f"UPDATE audit_entry SET {column} = {literal} WHERE id = {number}"


@both_engines
def test_one_changed_byte_is_found_where_it_is(log: Engine) -> None:
    for number in (1, 7, LENGTH):
        for column in ("details", "mac"):
            statement = flipped(log, column, number)
            as_owner(log, statement)
            found = verified(log)
            assert (found.changed, found.removed, found.inserted) == ([number], [], []), column
            as_owner(log, flipped(log, column, number))
    assert verified(log).whole


CHANGES = (
    *("event = 'signed_in'", "actor_id = 99", "subject_table = 'case'", "subject_id = 1"),
    *("case_id = 1", "key_id = NULL", "details = NULL"),
    *(f"{column} = (SELECT at FROM audit_entry WHERE id = 1)" for column in ("at", "created_at")),
    "uuid = '00000000000000000000000000000001'",
)


@both_engines
def test_no_column_can_be_changed_unseen(log: Engine) -> None:
    for number, change in enumerate(CHANGES, 2):
        as_owner(log, f"UPDATE audit_entry SET {change} WHERE id = {number}")
    assert verified(log).changed == list(range(2, 2 + len(CHANGES)))


SPOILT = (
    *("actor_id = 'nobody'", "details = 'a text'", "uuid = 'no uuid'", "uuid = X'0102'"),
    *("at = 'yesterday'", "created_at = 7", "event = X'ff'", "mac = 'a text'"),
)


def test_what_can_be_no_entry_any_more_is_found_where_it_is(log: Engine) -> None:
    """SQLite keeps whatever is written there; the walk does not end at it."""
    for number, change in enumerate(SPOILT, 3):
        as_owner(log, f"UPDATE audit_entry SET {change} WHERE id = {number}")
    as_owner(log, f"DELETE FROM audit_entry WHERE id = {LENGTH}")
    found = verified(log)
    assert (found.changed, found.removed) == ([*range(3, 3 + len(SPOILT))], [LENGTH])
    assert (found.inserted, found.head) == ([], "")


@pytest.mark.parametrize("spoilt", ["sequence = 'x'", "mac = 'x'", "anchored = 'x'"])
def test_what_can_be_no_head_is_told(log: Engine, spoilt: str) -> None:
    as_owner(log, f"UPDATE audit_head SET {spoilt}")
    assert verified(log).head == "missing"


@both_engines
def test_a_removed_entry_is_found(log: Engine) -> None:
    gone: list[int] = []
    for number in (1, 6, LENGTH):
        as_owner(log, f"DELETE FROM audit_entry WHERE id = {number}")
        gone.append(number)
        assert (verified(log).removed, verified(log).changed) == (gone, [])


@both_engines
def test_a_removed_entry_is_found_although_the_others_closed_the_gap(log: Engine) -> None:
    as_owner(log, "DELETE FROM audit_entry WHERE id = 5", MOVED_UP, HEAD_AT.format(LENGTH - 1))
    found = verified(log)
    assert (found.removed, found.changed, found.inserted) == ([5], [], [])


@both_engines
def test_an_entry_put_in_between_is_found(log: Engine) -> None:
    as_owner(log, *MOVED_DOWN, forged(5, 2), HEAD_AT.format(LENGTH + 1))
    found = verified(log)
    assert (found.inserted, found.changed, found.removed) == ([5], [], [])


@both_engines
def test_an_entry_put_at_the_end_is_found(log: Engine) -> None:
    with log.begin() as connection:  # no trigger stands in the way of an insert
        connection.execute(text(forged(LENGTH + 1, 2)))
    assert verified(log).inserted == [LENGTH + 1]
    as_owner(log, HEAD_AT.format(LENGTH + 1))
    assert verified(log).changed == [LENGTH + 1]


@both_engines
def test_exchanged_entries_are_found(log: Engine) -> None:
    as_owner(
        log,
        "UPDATE audit_entry SET id = -4 WHERE id = 4",
        "UPDATE audit_entry SET id = 4 WHERE id = 9",
        "UPDATE audit_entry SET id = 9 WHERE id = -4",
    )
    assert {4, 9} <= set(verified(log).changed)


@both_engines
def test_a_head_set_back_or_taken_away_is_told(log: Engine) -> None:
    as_owner(log, "UPDATE audit_head SET mac = (SELECT mac FROM audit_entry WHERE id = 2)")
    assert verified(log).head == "changed"
    as_owner(log, "DELETE FROM audit_head")
    assert verified(log).head == "missing"


# --- the end, and the anchors -----------------------------------------------------------------


def cut(engine: Engine, last: int) -> None:
    gone = f"DELETE FROM audit_entry WHERE id > {last}"
    as_owner(engine, gone, HEAD_AT.format(last), "UPDATE audit_head SET anchored = 0")


@both_engines
def test_a_cut_end_is_seen_by_the_anchor_outside(log: Engine) -> None:
    cut(log, LENGTH - 1)
    assert verified(log).whole, "nothing inside of the database tells"


@both_engines
def test_an_anchored_end_cannot_be_cut(log: Engine) -> None:
    assert anchored(log)
    cut(log, 9)
    assert verified(log).cut == [10, 11, 12]
    with writer(log) as session:
        for _ in range(4):
            audit.record(session, "viewed", None)
        session.commit()
    assert verified(log).changed == [LENGTH], "other entries grew where the old ones were"


def test_an_anchor_is_written_when_the_log_moved_and_every_day(log: Engine, anchors: Path) -> None:
    hours = [NOW, NOW + timedelta(minutes=5), NOW + timedelta(hours=25)]
    assert [anchored(log, hour) for hour in hours] == [True, False, True]
    with writer(log) as session:
        audit.record(session, "viewed", None)
        session.commit()
    assert anchored(log, NOW + timedelta(hours=25, minutes=5))
    lines = [json.loads(line) for line in anchors.read_text().splitlines()]
    assert [line["sequence"] for line in lines] == [LENGTH, LENGTH, LENGTH + 1]
    assert anchors.stat().st_mode & 0o777 == 0o600
    assert verified(log).whole


@both_engines
def test_a_worker_that_looked_earlier_writes_no_anchor_behind_a_newer_one(log: Engine) -> None:
    with SystemSession(log, info={"viewer": scope.SYSTEM, READING: True}) as slow:
        slow.scalars(select(AuditHead.sequence)).all()
        with writer(log) as session:
            audit.record(session, "viewed", None)
            session.commit()
        assert anchored(log)
        assert not audit_anchors.anchor(slow, NOW)
        slow.commit()
    assert verified(log).whole


@pytest.fixture
def three(log: Engine) -> Iterator[Engine]:
    """Three anchors."""
    for day in range(3):
        with writer(log) as session:
            audit.record(session, "viewed", None)
            session.commit()
        anchored(log, NOW + timedelta(days=day))
    yield log


def _second(change: Callable[[dict], object]) -> Callable[[list[str]], list[str]]:
    def tampered(lines: list[str]) -> list[str]:
        told = json.loads(lines[1])
        change(told)
        return [lines[0], json.dumps(told), lines[2]]

    return tampered


TAMPERED = {
    "changed": (_second(lambda told: told.update(sequence=1)), [2, 3]),
    "other_mac": (_second(lambda told: told.update(mac="00" * 32)), [2, 3]),
    "unsigned": (_second(lambda told: told.pop("signature")), [2, 3]),
    "removed": (lambda lines: [lines[0], lines[2]], [2]),
    "first_removed": (lambda lines: lines[1:], [1]),
    "exchanged": (lambda lines: [lines[1], lines[0], lines[2]], [1, 2, 3]),
    "put_in": (lambda lines: [*lines, lines[0]], [4]),
    "no_json": (lambda lines: [lines[0], "{", lines[2]], [2, 3]),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_line_is_named(three: Engine, anchors: Path, how: str) -> None:
    tamper, lines = TAMPERED[how]
    anchors.write_text("".join(f"{line}\n" for line in tamper(anchors.read_text().splitlines())))
    assert verified(three).anchor_lines == lines


def test_a_shortened_or_missing_file_is_told(three: Engine, anchors: Path) -> None:
    anchors.write_text("".join(anchors.read_text().splitlines(keepends=True)[:2]))
    assert verified(three).anchor_file == "shortened"
    anchors.unlink()
    assert verified(three).anchor_file == "missing"


def test_the_anchors_go_on_after_a_crash_left_half_a_line(three: Engine, anchors: Path) -> None:
    whole = anchors.read_text()
    anchors.write_text(whole + whole.splitlines()[0][:40])
    assert (verified(three).anchors, verified(three).whole) == (3, True)
    assert anchored(three, NOW + timedelta(days=9))
    assert (verified(three).anchors, verified(three).whole) == (4, True)
