"""Backups: what was there comes back, all of it or nothing, and nobody can read or alter one."""

import os
import signal
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from models import (
    Attachment,
    AuditEntry,
    Base,
    CaseStatus,
    Job,
    Letter,
    LetterFile,
    LetterState,
    Officer,
    Role,
    Scan,
)
from portal import queue
from portal.casework.emptying import empty as empty_rows
from portal.letters import versions
from portal.protection import audit, audit_anchors, audit_check, files, vault
from portal.protection.backup import check, make
from portal.protection.backup.make import ANCHORS, ERASURES, Place
from portal.protection.backup.restore import MARK, MIGRATIONS, migrate, restore
from portal.protection.backup.stream import BackupError
from tests.conftest import SECRETS
from tests.support import backups, chats
from tests.support.cast import Cast
from tests.support.databases import both_engines, connect
from tests.support.office import Office

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
PICTURE = b"gambar rekaan"


def nothing(_session: Session, _summary: check.Summary) -> None:
    """An office that has nothing to remember after a restore."""


@pytest.fixture
def office(engine: Engine, session: Session, cast: Cast, tmp_path: Path) -> Place:
    """An office with a report and two photographs."""
    backups.stamp(engine)
    place = backups.place(engine, tmp_path / "office")
    files.configure(place.files)
    report = Office(session, cast).report()
    chats.write(session, "+6281200000009", "Wati Rekaan", "Halo, dia bawa pisau", NOW)
    for content in (PICTURE, PICTURE + b" lagi"):
        key, digest = files.store(content)
        facts = {"kind": "picture", "filename": "foto.jpg", "mime": "image/jpeg"}
        size = len(content)
        session.add(
            Attachment(report_id=report.id, storage_key=key, sha256=digest, size=size, **facts)
        )
    session.commit()
    return place


@pytest.fixture
def busy_office(office: Place, session: Session, cast: Cast) -> Place:
    """The same office with a case that has seen everything, and a stored letter."""
    case = Office(session, cast).case(CaseStatus.monitoring)
    versions.stored(session, case.letters[0])
    session.commit()
    return office


@pytest.fixture
def archive(office: Place, tmp_path: Path) -> Path:
    """A backup of the office."""
    return make.create(office, tmp_path / "backups", NOW)[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty installation on either database."""
    folder = tmp_path / "new"
    if request.param == "sqlite":
        with backups.empty(backups.sqlite_file(tmp_path), lambda _url: None, folder) as place:
            yield place
        return
    server = request.getfixturevalue("postgresql")
    with backups.empty(lambda: server.make(None), server.drop, folder) as place:
        yield place


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Place]:
    """An empty installation on SQLite."""
    with backups.empty(backups.sqlite_file(tmp_path), lambda _url: None, tmp_path / "new") as place:
        yield place


def tables(place: Place) -> set[str]:
    return set(sa.inspect(place.engine).get_table_names())


# --- what was there comes back ----------------------------------------------------------------


@both_engines
def test_every_row_and_every_file_comes_back_on_either_database(
    busy_office: Place, office: Place, archive: Path, target: Place
) -> None:
    before = backups.content(office.engine)
    assert len(before["case"]) == 1
    summary = restore(archive, target, nothing)
    assert backups.content(target.engine) == before
    assert summary.rows == sum(map(len, before.values()))
    assert backups.stored(target.files) == backups.stored(office.files)
    assert summary.files == len(backups.stored(office.files)) == 3
    assert (summary.erased, summary.absent) == (0, 0)


def test_the_restored_office_opens_its_files_and_goes_on_working(
    archive: Path, target: Place
) -> None:
    restore(archive, target, nothing)
    files.configure(target.files)
    with Session(target.engine) as session:
        keys = session.scalars(select(Attachment.storage_key).order_by(Attachment.id)).all()
        assert [files.read(key) for key in keys] == [PICTURE, PICTURE + b" lagi"]
        session.add(Officer(username="baru", name="Baru Rekaan", role=Role.petugas))
        queue.enqueue(session, "render_letter", {"letter_id": 1})
        session.commit()  # numbers go on behind the last
    with target.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE attachment SET report_id = 99999"))


@both_engines
def test_a_backup_made_while_others_write_is_of_one_moment(
    office: Place, empty: Place, tmp_path: Path
) -> None:
    ended = Event()
    with ThreadPoolExecutor(2) as pool:
        written = [pool.submit(_write_pairs, office.engine, n, ended) for n in range(2)]
        path, summary = make.create(office, tmp_path / "backups", NOW)
        ended.set()
    assert sum(one.result() for one in written) > 2, "nobody wrote meanwhile"
    restore(path, empty, nothing)
    assert summary.absent == 0
    with Session(empty.engine) as session:
        pairs = select(Officer.username).where(Officer.username.startswith("w-"))
        jobs = select(Job.kind).where(Job.kind.startswith("w-"))
        assert sorted(session.scalars(pairs)) == sorted(session.scalars(jobs))
        keys = session.scalars(select(Attachment.storage_key)).all()
    assert all((empty.files / key).exists() for key in keys)


def _write_pairs(engine: Engine, writer: int, ended: Event) -> int:
    """Transactions of a row that is read early, one that is read late, and a file."""
    count = 0
    while not ended.is_set():
        count += 1
        name = f"w-{writer}-{count}"
        with Session(engine) as session:
            session.add(Officer(username=name, name=name, role=Role.petugas))
            key, digest = files.store(name.encode())
            facts = {"kind": "picture", "filename": name, "mime": "image/jpeg", "size": 1}
            session.add(Attachment(report_id=1, storage_key=key, sha256=digest, **facts))
            session.flush()
            queue.enqueue(session, name, {})
            session.commit()
    return count


def test_a_file_that_was_erased_meanwhile_is_told_from_one_that_is_lost(
    office: Place, session: Session, tmp_path: Path
) -> None:
    erased, lost = session.scalars(select(Attachment.storage_key)).all()
    session.rollback()
    files.remove(lost)
    erase = _once(lambda: _erase(office.engine, erased))
    event.listen(office.engine, "before_cursor_execute", erase)
    path, summary = make.create(office, tmp_path / "backups", NOW)
    event.remove(office.engine, "before_cursor_execute", erase)
    assert (summary.erased, summary.absent, summary.files) == (1, 1, 0)
    assert check.verify(path) == summary


@both_engines
def test_what_was_destroyed_on_purpose_is_not_told_as_lost(
    busy_office: Place, session: Session, tmp_path: Path
) -> None:
    (printed,) = session.scalars(select(LetterFile))
    empty_rows(session, Letter, [printed.letter_id], state=LetterState.erased)
    infected = session.scalars(select(Attachment)).first()
    assert infected
    infected.scan, infected.scanned_at = Scan.infected, NOW
    session.commit()
    for key in (printed.storage_key, infected.storage_key):
        files.remove(key)
    _path, summary = make.create(busy_office, tmp_path / "backups", NOW)
    assert (summary.erased, summary.absent, summary.files) == (0, 0, 1)


def _once(work: Callable[[], None]) -> Callable[..., None]:
    """A listener that does `work` just before the names of the files are read."""
    done: list[bool] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "ORDER BY attachment.storage_key" in statement and not done:
            done.append(True)
            work()

    return listen


def _erase(engine: Engine, key: str) -> None:
    files.remove(key)
    with connect(engine.url.render_as_string(False)).begin() as connection:
        connection.execute(sa.delete(Attachment).where(Attachment.storage_key == key))


def test_a_backup_of_an_older_release_is_brought_up_to_date(
    empty: Place, target: Place, tmp_path: Path
) -> None:
    connection = empty.engine.connect()
    step = "20261126_2_sign_in"
    earlier = next(one for one in _revisions() if one.path.endswith(f"{step}.py")).revision
    with connection, connection.begin():
        migrate(connection, earlier)
        officer = sa.Table("officer", sa.MetaData(), autoload_with=connection)
        facts = {"uuid": uuid4().hex, "username": "lama", "name": "Lama Rekaan", "role": "petugas"}
        facts |= {"language": "id", "active": True, "version_id": 1}
        connection.execute(officer.insert(), facts | {"created_at": NOW.replace(tzinfo=None)})
    path, summary = make.create(empty, tmp_path / "backups", NOW)
    assert summary.head.revision == earlier
    restore(path, target, nothing)
    assert set(Base.metadata.tables) <= tables(target)
    with Session(target.engine) as session:
        assert session.scalars(select(Officer.username)).all() == ["lama"]


def _revisions() -> Iterator[Any]:
    return ScriptDirectory(str(MIGRATIONS)).walk_revisions()


# --- all of it or nothing ---------------------------------------------------------------------


def test_a_restore_that_fails_at_the_end_leaves_nothing(archive: Path, empty: Place) -> None:
    with pytest.raises(RuntimeError):
        restore(archive, empty, _fail)
    assert tables(empty) == set()
    assert backups.stored(empty.files) == {}
    restore(archive, empty, nothing)


def _fail(_session: Session, _summary: check.Summary) -> None:
    raise RuntimeError


def test_a_restore_that_was_killed_leaves_nothing_and_can_be_repeated(
    archive: Path, target: Place
) -> None:
    _killed(lambda: restore(archive, _own(target), _die))
    assert tables(target) == set()
    assert (target.files / MARK).exists()
    restore(archive, target, nothing)
    assert not (target.files / MARK).exists()


def _own(place: Place) -> Place:
    """The same installation with a connection that no other process has."""
    engine = connect(place.engine.url.render_as_string(hide_password=False))
    return Place(engine, place.files, place.beside)


def _die(*_words: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _killed(work: Callable[[], Any]) -> None:
    """Do `work` in a process of its own, which must end by being killed."""
    process = get_context("fork").Process(target=work)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def test_a_backup_that_was_killed_is_never_taken_for_one(office: Place, tmp_path: Path) -> None:
    folder = tmp_path / "backups"

    def half() -> None:
        make.check.verify = _die  # everything is written, nothing has been read back
        make.create(_own(office), folder, NOW)

    _killed(half)
    assert list(folder.glob("*.backup")) == []
    assert list(folder.glob("*.part")) != []
    path, _summary = make.create(office, folder, NOW)
    assert sorted(found.name for found in folder.iterdir()) == [".lock", path.name]


def test_only_an_empty_database_is_filled(archive: Path, office: Place, empty: Place) -> None:
    before = backups.content(office.engine)
    with pytest.raises(BackupError, match="database is not empty"):
        restore(archive, Place(office.engine, empty.files, empty.beside), nothing)
    assert backups.content(office.engine) == before
    assert backups.stored(empty.files) == {}


def test_only_an_empty_folder_is_filled(archive: Path, office: Place, empty: Place) -> None:
    before = backups.stored(office.files)
    with pytest.raises(BackupError, match="is not empty"):
        restore(archive, Place(empty.engine, office.files, empty.beside), nothing)
    assert backups.stored(office.files) == before
    assert tables(empty) == set()


def test_lines_beside_the_database_never_grow_older(
    office: Place, empty: Place, tmp_path: Path
) -> None:
    office.beside[ANCHORS].write_bytes(b'{"n":1}\n{"n":2}\n{"half a l')
    office.beside[ERASURES].write_bytes(b'{"e":1}\n')
    path, summary = make.create(office, tmp_path / "backups", NOW)
    assert summary.beside == (ANCHORS, ERASURES)
    newer = b'{"e":1}\n{"e":2}\n'
    for name in (ANCHORS, ERASURES):
        empty.beside[name].write_bytes(newer)
    restore(path, empty, nothing)
    assert empty.beside[ERASURES].read_bytes() == newer
    assert empty.beside[ANCHORS].read_bytes() == b'{"n":1}\n{"n":2}\n'
    (aside,) = empty.beside[ANCHORS].parent.glob("audit-anchors.until-*.jsonl")
    assert aside.read_bytes() == newer  # they prove what was lost


def test_what_a_killed_restore_left_hides_no_line_of_the_archive(
    office: Place, empty: Place, tmp_path: Path
) -> None:
    office.beside[ERASURES].write_bytes(b'{"e":1}\n{"e":2}\n')
    path, _summary = make.create(office, tmp_path / "backups", NOW)
    left = b'{"e":9}\n{"e":1}\n{"e"'
    empty.beside[ERASURES].write_bytes(left)
    with pytest.raises(RuntimeError):
        restore(path, empty, _fail, b'{"e":3}\n')
    assert empty.beside[ERASURES].read_bytes() == left
    restore(path, empty, nothing, b'{"e":3}\n')
    lines = empty.beside[ERASURES].read_bytes().splitlines()
    assert lines == [b'{"e":9}', b'{"e":1}', b'{"e"', b'{"e":2}', b'{"e":3}']


@both_engines
def test_the_log_is_whole_after_a_restore_and_goes_on(
    office: Place, session: Session, cast: Cast, target: Place, tmp_path: Path
) -> None:
    audit_anchors.configure(office.beside[ANCHORS])
    _log_and_anchor(session, cast)
    late = _once(lambda: _log_and_anchor_elsewhere(office.engine))
    event.listen(office.engine, "before_cursor_execute", late)
    path, _summary = make.create(office, tmp_path / "backups", NOW)
    event.remove(office.engine, "before_cursor_execute", late)
    audit_anchors.configure(target.beside[ANCHORS])
    restore(path, target, _told)
    with target.engine.connect() as connection:
        found = audit_check.check(connection)
    assert found.whole
    assert found.anchors == 1
    with Session(target.engine) as restored:
        events = restored.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
        assert events[-1] == "backup_restored"
        with pytest.raises(sa.exc.DatabaseError):
            restored.execute(sa.delete(AuditEntry))


def _log_and_anchor(session: Session, cast: Cast | None) -> None:
    audit.record(session, "sign_out", cast.sari if cast else None)
    session.commit()
    audit_anchors.anchor(session, NOW)
    session.commit()


def _log_and_anchor_elsewhere(engine: Engine) -> None:
    """The log goes on while the backup reads."""
    other = connect(engine.url.render_as_string(hide_password=False))
    with Session(other) as session:
        _log_and_anchor(session, None)
    other.dispose()


def _told(session: Session, summary: check.Summary) -> None:
    told = {"made_at": NOW.isoformat(), "rows": summary.rows, "files": summary.files}
    audit.record(session, "backup_restored", None, erased=0, **told)


# --- nobody reads or alters one ---------------------------------------------------------------


def test_an_archive_shows_nothing_and_belongs_to_its_owner_alone(archive: Path, cast: Cast) -> None:
    content = archive.read_bytes()
    for word in (cast.sari.name, cast.sari.username, "officer", "PDF", "archive.json", "JFIF"):
        assert word.encode() not in content
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert stat.S_IMODE(archive.parent.stat().st_mode) == 0o700


def test_a_changed_byte_anywhere_is_found_before_anything_is_written(
    archive: Path, empty: Place
) -> None:
    content = archive.read_bytes()
    places = [*range(0, 120, 7), *range(120, len(content), len(content) // 40), len(content) - 1]
    for number in places:
        changed = bytearray(content)
        changed[number] ^= 1
        archive.write_bytes(changed)
        with pytest.raises(BackupError):
            restore(archive, empty, nothing)
    assert tables(empty) == set()
    assert backups.stored(empty.files) == {}


def test_an_archive_of_another_key_ring_says_so(archive: Path, key_ring: vault.Ring) -> None:
    vault.install(vault.Ring.parse(vault.new_ring()))
    try:
        with pytest.raises(BackupError, match=r"another key ring.*PORTAL_VAULT_KEYS"):
            check.verify(archive)
    finally:
        vault.install(key_ring)


def test_a_backup_whose_sealing_key_was_thrown_away_names_the_key(
    office: Place, tmp_path: Path, key_ring: vault.Ring
) -> None:
    root, old, new = (vault.new_key(name) for name in ("root", "lama", "baru"))
    try:
        vault.install(vault.Ring.parse(f"{old},{root}"))
        path, _summary = make.create(office, tmp_path / "backups", NOW)
        vault.install(vault.Ring.parse(f"{new},{old},{root}"))
        check.verify(path)
        vault.install(vault.Ring.parse(f"{new},{root}"))
        with pytest.raises(BackupError, match="lacks the key lama"):
            check.verify(path)
    finally:
        vault.install(key_ring)


def test_a_backup_made_during_a_rotation_names_the_key_that_half_of_it_needs(
    office: Place, tmp_path: Path, key_ring: vault.Ring
) -> None:
    """Photographs were sealed by the key of yesterday, the newest one by that of today."""
    old = SECRETS["PORTAL_VAULT_KEYS"]
    new, unused, root = vault.new_key("baru"), vault.new_key("lain"), old.partition(":")[2]
    try:
        vault.install(vault.Ring.parse(f"{new},{unused},{old},root:{root}"))
        path, _summary = make.create(office, tmp_path / "backups", NOW)
        vault.install(vault.Ring.parse(f"{new},{old},root:{root}"))
        check.verify(path)
        vault.install(vault.Ring.parse(f"{new},root:{root}"))
        with pytest.raises(BackupError, match="lacks the key uji that"):
            check.verify(path)
    finally:
        vault.install(key_ring)


def test_something_else_is_no_archive(tmp_path: Path) -> None:
    other = tmp_path / "foto.backup"
    for content in (b"", b"PK\x03\x04", b"x" * 200):
        other.write_bytes(content)
        with pytest.raises(BackupError, match="no backup of the portal"):
            check.verify(other)
    with pytest.raises(BackupError, match="cannot be read"):
        check.verify(tmp_path / "nowhere.backup")


def test_two_backups_at_the_same_moment_are_one(office: Place, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with make.alone(folder), pytest.raises(BackupError, match="another backup"):
        make.create(office, folder, NOW)
    make.create(office, folder, NOW)
    with pytest.raises(BackupError, match="exists already"):
        make.create(office, folder, NOW)


def test_an_office_without_tables_has_nothing_to_back_up(empty: Place, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="db upgrade"):
        make.create(empty, tmp_path / "backups", NOW)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".lock"]


def test_a_folder_that_cannot_be_written_is_named(office: Place, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(BackupError, match="cannot be written"):
        make.create(office, tmp_path / "taken", NOW)


def test_counts_stay_those_of_the_rows(office: Place, session: Session, archive: Path) -> None:
    officers = session.scalar(select(func.count()).select_from(Officer))
    assert officers == 11
    assert check.verify(archive).head.made_at == NOW
