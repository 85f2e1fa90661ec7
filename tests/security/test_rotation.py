"""Keys are rotated while the portal is written to, and stopped at any moment, nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Base, CaseStatus, ChannelDelivery, Job, JobState, Person
from portal import jobs, queue
from portal.access import scope
from portal.casework import receipts
from portal.config import ROOT
from portal.letters import register
from portal.protection import files, rotation, search, vault
from portal.protection.sealing import sealed_columns
from portal.protection.vault import Ring, VaultError
from tests.conftest import SECRETS, SystemSession
from tests.support import chats
from tests.support.databases import both_engines, on_postgres
from tests.support.office import Office

OLD, NEW, ROOT_KEY = (vault.new_key(name) for name in ("lama", "baru", "root"))
BEFORE = Ring.parse(f"{OLD},{NEW},{ROOT_KEY}")
DURING = Ring.parse(f"{NEW},{OLD},{ROOT_KEY}")
AFTER = Ring.parse(f"{NEW},{ROOT_KEY}")


@pytest.fixture(autouse=True)
def old_ring() -> Iterator[None]:
    """Everything of this test is sealed with the old key first."""
    usual = vault.ring()
    vault.install(BEFORE)
    yield
    vault.install(usual)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files.configure(tmp_path / "files")
    return tmp_path / "files"


def rotate(session: Session) -> None:
    place: rotation.Place | None = rotation.begin(session)
    while place:
        session.commit()
        place = rotation.step(session, place)
    session.commit()


def everything(session: Session) -> dict[str, list[object]]:
    """Every sealed value there is, opened."""
    session.expire_all()
    return {
        name: [[getattr(row, key) for key in sealed_columns(model)] for row in rows]
        for name, model in rotation.tables().items()
        if name not in ("audit_entry", "audit_key")  # the log tells of the rotation itself
        for rows in [session.scalars(select(model).order_by(model.id)).all()]
    }


def test_every_table_with_a_sealed_column_is_covered() -> None:
    sealed = {m.class_ for m in Base.registry.mappers if sealed_columns(m.class_)}
    assert set(rotation.tables().values()) == sealed
    assert len(sealed) > 15


@both_engines
def test_afterwards_the_old_key_is_not_needed(session: Session, cast: object, folder: Path) -> None:
    office = Office(session, cast)
    with register.untried():
        for status in (CaseStatus.monitoring, CaseStatus.identified):
            office.case(status)
    message = chats.write(session, "+6281200000009", "Wati Rekaan", "Halo", office.now)
    session.commit()
    token = receipts.code_for("sebuah-token")
    key, _ = files.store(b"isi berkas")
    before = everything(session)
    versions = session.scalars(select(Person.version_id)).all()
    vault.install(DURING)
    assert rotation.status(session).left > 20
    rotate(session)
    found = rotation.status(session)
    assert (found.left, found.removable(DURING)) == (0, ["lama"])
    vault.install(AFTER)
    assert everything(session) == before
    assert files.read(key) == b"isi berkas"
    assert session.scalars(select(ChannelDelivery)).one().body.startswith(b'{"from"')
    assert message.external_id == chats.wamid("+6281200000009")
    assert session.scalars(select(Person.version_id)).all() == versions, "nobody's edit is stale"
    assert receipts.code_for("sebuah-token") == token, "receipts outlive a rotation"
    assert list(search.found(session, Person, search.sought("Bunga"))), "so do search tokens"
    events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events.count("keys_rotation_begun") == events.count("keys_rotation_ended") == 1
    assert "changed" not in events[events.index("keys_rotation_begun") :]


@both_engines
def test_somebody_writes_all_the_while(engine: Engine, session: Session, folder: Path) -> None:
    session.add_all(Person(name=f"Orang {n}", notes="catatan") for n in range(600))
    session.commit()
    vault.install(DURING)
    done, edits = threading.Event(), []
    writer = threading.Thread(target=_edit_until, args=(engine, done, edits))
    writer.start()
    while not edits:
        time.sleep(0.01)
    rotate(session)
    done.set()
    writer.join(30)
    session.rollback()
    assert edits and not any(isinstance(one, Exception) for one in edits)
    assert rotation.status(session).left == 0
    vault.install(AFTER)
    session.expire_all()
    names = dict(session.execute(text("SELECT id, version_id FROM person")).all())
    for person in session.scalars(select(Person)):
        expected = max((n for row, n in edits if row == person.id), default=None)
        assert person.name == (f"Orang {person.id - 1}" if expected is None else f"Baru {expected}")
        assert person.notes == "catatan"
    assert sum(names.values()) == 600 + len(edits)


def _edit_until(engine: Engine, done: threading.Event, edits: list[object]) -> None:
    number = 0
    try:
        while not done.is_set():
            number += 1
            with SystemSession(engine, info={"viewer": scope.SYSTEM}) as session:
                person = session.get_one(Person, number * 37 % 600 + 1)
                person.name = f"Baru {number}"
                session.commit()
                edits.append((person.id, number))
    except Exception as error:
        edits.append(error)


@on_postgres
def test_a_row_that_somebody_holds_is_passed_over_and_done_later(
    engine: Engine, session: Session, folder: Path
) -> None:
    session.add_all([Person(name="Satu"), Person(name="Dua")])
    session.commit()
    vault.install(DURING)
    with SystemSession(engine, info={"viewer": scope.SYSTEM}) as other:
        held = other.scalars(select(Person).limit(1).with_for_update()).one()
        assert rotation._batch(session, Person, 0) is not None
        session.commit()
        assert rotation.status(session).left == 1
        held.name = "Tiga"
        other.commit()
    rotate(session)
    assert rotation.status(session).left == 0
    session.expire_all()
    assert sorted(session.scalars(select(Person)), key=lambda p: p.id)[0].name == "Tiga"


@both_engines
def test_a_value_that_changed_since_it_was_read_is_left_alone(session: Session) -> None:
    person = Person(name="Lama")
    session.add(person)
    session.commit()
    table = Person.__table__
    row = session.execute(select(table.c.id, table.c.uuid, *rotation._columns(Person))).one()
    person.name = "Baru"
    session.commit()
    vault.install(DURING)
    assert rotation._replace(session, Person, row) is False
    session.expire_all()
    assert person.name == "Baru"


def test_a_value_that_does_not_open_stops_nothing(session: Session, folder: Path) -> None:
    people = [Person(name="Satu"), Person(name="Dua")]
    session.add_all(people)
    session.commit()
    session.execute(
        text("UPDATE person SET name = (SELECT name FROM person WHERE id = :a) WHERE id = :b"),
        {"a": people[0].id, "b": people[1].id},
    )
    session.commit()
    vault.install(DURING)
    rotate(session)
    assert rotation.status(session).left == 1
    with pytest.raises(VaultError):
        session.refresh(people[1])


def test_a_process_with_the_ring_of_yesterday_does_not_seal_backwards(session: Session) -> None:
    vault.install(DURING)
    place = rotation.begin(session)
    vault.install(BEFORE)
    with pytest.raises(rotation.OtherKey) as refused:
        rotation.step(session, place)
    job = Job(kind=rotation.JOB, payload={}, attempts=queue.ATTEMPTS + 1)
    queue.fail(job, refused.value, datetime.now(UTC))
    assert job.state is JobState.waiting, "it is never given up: a newer process will come"


# --- files ----------------------------------------------------------------------------------


def test_a_file_is_sealed_anew_under_its_name_and_never_comes_back(folder: Path) -> None:
    key, other = files.store(b"satu")[0], files.store(b"dua")[0]
    written = (folder / key).stat().st_mtime_ns
    vault.install(DURING)
    assert files.reseal(key) and not files.reseal(key)
    assert files.sealed_by(key) == "baru" and files.read(key) == b"satu"
    assert (folder / key).stat().st_mtime_ns == written, "the sweep still knows how old it is"
    files.remove(other)
    assert not files.reseal(other) and not (folder / other).exists()
    assert list(files.stored()) == [key]


def test_what_an_interrupted_rewrite_left_is_no_obstacle(folder: Path) -> None:
    key, _ = files.store(b"satu")
    (folder / key).with_suffix(".part").write_bytes(b"separuh")
    vault.install(DURING)
    assert files.reseal(key) and files.read(key) == b"satu"
    assert list(files.stored()) == [key]


def test_a_file_moved_to_another_name_does_not_open(folder: Path) -> None:
    one, other = files.store(b"satu")[0], files.store(b"dua")[0]
    vault.install(DURING)
    files.reseal(one)
    (folder / other).write_bytes((folder / one).read_bytes())
    with pytest.raises(VaultError):
        files.read(other)


# --- the command and the worker ----------------------------------------------------------------


def test_the_worker_rotates_step_by_step(app: object, session: Session, cast: object) -> None:
    vault.install(BEFORE)  # the application came with its own
    with register.untried():
        Office(session, cast).case(CaseStatus.approved)
    session.commit()
    vault.install(DURING)
    run = app.test_cli_runner()
    assert "worker is rotating" in run.invoke(args=["keys", "rotate"]).output
    assert json.loads(run.invoke(args=["keys", "rotate", "--json"]).output)["left"] > 0
    jobs.work_off(app)
    told = json.loads(run.invoke(args=["keys", "rotate", "--status", "--json"]).output)
    assert (told["left"], told["removable"]) == (0, ["lama"])
    session.rollback()
    kinds = session.scalars(select(Job).filter_by(kind=rotation.JOB)).all()
    assert len(kinds) <= 1, "the steps do not pile up in the list of jobs"


def test_without_settings_it_says_which_one_is_missing() -> None:
    environment = {"PATH": os.environ["PATH"], "PORTAL_ENV": "production"}
    command = [sys.executable, "-m", "flask", "--app", "portal.app", "keys", "rotate"]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1 and "PORTAL_" in ended.stderr and "Traceback" not in ended.stderr


def test_a_fresh_entry_for_the_ring_can_be_had(app: object) -> None:
    printed = app.test_cli_runner().invoke(args=["keys", "new", "--entry", "k2"]).output.strip()
    assert Ring.parse(printed).key_id == "k2"


# Killed in its third batch, whatever it has written of that one.
DYING = """
import os, signal
from flask.cli import main
from portal.protection import rotation
whole, begun = rotation._replace, []
def replace(session, model, row):
    begun.append(row)
    if len(begun) == 2.5 * rotation.BATCH:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(session, model, row)
rotation._replace = replace
main()
"""


def test_killed_in_the_middle_the_next_run_goes_on(
    tmp_path: Path, database_url: str, session: Session, folder: Path
) -> None:
    """kill -9; then the old key goes."""
    many = 3 * rotation.BATCH
    session.add_all(Person(name=f"Orang {n}") for n in range(many))
    session.commit()
    environment = os.environ | SECRETS | {
        "PORTAL_ENV": "testing",
        "DATABASE_URL": database_url,
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_VAULT_KEYS": f"{NEW},{OLD},{ROOT_KEY}",
    }  # fmt: skip
    words = ["--app", "portal.app", "keys", "rotate", "--now"]
    vault.install(DURING)
    killed = subprocess.run([sys.executable, "-c", DYING, *words], env=environment, cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    session.rollback()
    assert 0 < rotation.status(session).left < many
    command = [sys.executable, "-m", "flask", *words]
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    session.rollback()
    assert rotation.status(session).left == 0
    vault.install(AFTER)
    names = [one.name for one in session.scalars(select(Person).order_by(Person.id))]
    assert names == [f"Orang {n}" for n in range(many)]
