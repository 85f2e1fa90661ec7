"""The daily backup: made by itself, old ones thinned, and somebody is told when it fails."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import AuditEntry, Case, Officer, OfficerLink, OfficerSession
from portal import health, jobs
from portal.access import links, scope
from portal.casework import erasing
from portal.config import Settings
from portal.db import READING, db
from portal.protection import audit, erasures
from portal.protection.backup import make, schedule
from tests.conftest import SECRETS, SystemSession
from tests.support import backups
from tests.support.cast import Cast
from tests.support.databases import connect
from tests.support.office import Office
from tests.support.visitors import signed_in

NIGHT = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)  # half past one in the office
DAY = timedelta(days=1)


def made(folder: Path, *moments: datetime) -> None:
    """Archives as their names alone."""
    folder.mkdir(exist_ok=True)
    for moment in moments:
        (folder / f"{moment.strftime(make.PATTERN)}{make.SUFFIX}").touch()


def test_the_day_gets_its_backup_after_one_at_night_and_a_new_office_at_once(
    tmp_path: Path,
) -> None:
    assert schedule.due(tmp_path, NIGHT)
    made(tmp_path, NIGHT)
    assert not schedule.due(tmp_path, NIGHT + timedelta(hours=22))  # 23.30, the same day
    assert not schedule.due(tmp_path, NIGHT + timedelta(hours=23))  # 00.30, too early
    assert schedule.due(tmp_path, NIGHT + timedelta(hours=23, minutes=30))
    assert schedule.due(tmp_path, NIGHT + timedelta(days=9, hours=3))


def test_an_archive_from_the_future_hides_no_gap(tmp_path: Path) -> None:
    made(tmp_path, NIGHT, NIGHT + timedelta(days=400))
    assert schedule.due(tmp_path, NIGHT + DAY)
    assert "48 hours old" in schedule.trouble(tmp_path, None, NIGHT + 2 * DAY)


moments = st.lists(
    st.integers(0, 700 * 24).map(lambda hours: NIGHT - timedelta(hours=hours)), unique=True
)


@given(moments)
def test_thinning_keeps_the_newest_and_no_more_than_it_promises(times: list[datetime]) -> None:
    gone = schedule.superfluous(times)
    stay = set(times) - gone
    assert len(stay) <= 7 + 4 + 12
    assert not times or max(times) in stay
    assert schedule.superfluous(stay) == set()


def test_a_year_of_daily_backups_leaves_days_weeks_and_months() -> None:
    year = [NIGHT - n * DAY for n in range(400)]
    stay = sorted(set(year) - schedule.superfluous(year), reverse=True)
    assert stay[:7] == year[:7]
    assert len({moment.strftime("%Y-%m") for moment in stay}) == 12
    assert 18 <= len(stay) <= 23


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    made(tmp_path, *(NIGHT - n * DAY for n in range(9)))
    (tmp_path / "catatan.backup").touch()
    (tmp_path / "ruang-aman-20260101T000000Z.part").touch()
    assert len(schedule.kept(tmp_path)) == 9
    assert schedule.newest(tmp_path, NIGHT) == NIGHT


# --- by the clock ------------------------------------------------------------------------------


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The tests' settings, with backups."""
    places = {
        "DATABASE_URL": settings.database_url,
        "PORTAL_DATA": str(settings.data),
        "PORTAL_BACKUPS": str(tmp_path / "backups"),
    }
    return Settings.read(SECRETS | places | {"PORTAL_ENV": "testing"})


@pytest.fixture
def folder(app: Flask, settings: Settings) -> Iterator[Path]:
    """Where the worker puts them; the database says that it is migrated."""
    with app.app_context():
        backups.stamp(db.engine)
    assert settings.backups is not None
    erasures.configure(settings.data / make.ERASURES)
    yield settings.backups
    erasures.configure(settings.data / make.ERASURES)


def test_the_worker_makes_one_a_day_and_the_log_says_so(
    app: Flask, folder: Path, session: Session, cast: Cast
) -> None:
    made(folder, *(datetime.now(UTC) - n * DAY for n in range(2, 12)))
    for _ in range(2):
        jobs.work_off(app)
    assert len(schedule.kept(folder)) < 11
    newest = schedule.newest(folder, datetime.now(UTC))
    assert newest is not None
    assert datetime.now(UTC) - newest < timedelta(minutes=5)
    events = select(AuditEntry.event).where(AuditEntry.event == "backup_made")
    assert session.scalars(events).all() == ["backup_made"]


def test_a_worker_that_cannot_make_one_says_why_and_goes_on(
    app: Flask, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file in the way")
    jobs.work_off(app)
    assert "no backup was made: the backup cannot be written" in caplog.text


def test_who_looks_is_told_of_a_backup_that_failed(
    app: Flask, folder: Path, session: Session, cast: Cast, settings: Settings
) -> None:
    assert health_of(app, settings) == ""
    long_ago = datetime.now(UTC) - timedelta(hours=40)
    with scope.system(session):
        session.execute(update(Officer).values(created_at=long_ago))
    session.commit()
    assert "there is no backup yet" in health_of(app, settings)
    made(folder, datetime.now(UTC) - timedelta(hours=50))
    assert "50 hours old" in health_of(app, settings)
    assert "Cadangan" in signed_in(app, cast.admin.username).get("/admin/").text
    assert "Cadangan" not in signed_in(app, cast.sari.username).get("/admin/").text
    jobs.work_off(app)
    assert health_of(app, settings) == ""
    assert "Cadangan terakhir" in signed_in(app, cast.admin.username).get("/admin/").text


def health_of(app: Flask, settings: Settings) -> str:
    with app.app_context():
        return health.troubles(settings)["backups"]


# --- by hand -----------------------------------------------------------------------------------

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command in the application of this test."""
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=words, **more)


def test_by_hand_a_backup_is_made_checked_and_restored(
    run: Run, folder: Path, session: Session, cast: Cast, tmp_path: Path
) -> None:
    keys = {"PORTAL_VAULT_KEYS": SECRETS["PORTAL_VAULT_KEYS"]}
    done = run("backup", "create", "--to", str(tmp_path / "elsewhere"))
    assert done.exit_code == 0
    archive = done.output.splitlines()[0]
    assert archive.startswith(str(tmp_path / "elsewhere"))
    checked = run("backup", "verify", archive, env=keys)
    assert checked.output.startswith("whole: made ")
    words = ("backup", "restore", archive, "--into", str(tmp_path / "new"))
    assert run(*words, env=keys).output.startswith("restored: made ")
    again = run(*words, env=keys)
    assert again.exit_code == 1
    assert "not empty" in again.output


def test_what_ended_since_the_backup_stays_ended(
    run: Run, app: Flask, folder: Path, session: Session, cast: Cast, tmp_path: Path
) -> None:
    """A case erased since, a browser left signed in, a link not used yet: none comes back."""
    work = Office(session, cast)
    case = work.case()
    signed_in(app, cast.sari.username)
    links.issue(session, cast.ratna, cast.admin, datetime.now(UTC))
    session.commit()
    archive = run("backup", "create").output.splitlines()[0]
    erasing.erase(session, case, erasing.REQUESTED, datetime.now(UTC))
    session.commit()
    jobs.work_off(app)
    (tmp_path / "new").mkdir()
    shutil.copy(erasures.path(), tmp_path / "new" / make.ERASURES)
    keys = {"PORTAL_VAULT_KEYS": SECRETS["PORTAL_VAULT_KEYS"]}
    assert (
        run("backup", "restore", archive, "--into", str(tmp_path / "new"), env=keys).exit_code == 0
    )
    engine = connect(f"sqlite:///{tmp_path}/new/portal.sqlite3")
    with SystemSession(engine, info={"viewer": scope.SYSTEM, READING: True}) as restored:
        assert restored.scalars(select(Case.erased_at)).one() is not None
        assert restored.scalars(select(OfficerSession.ended_why)).all() == ["restored"]
        assert restored.scalars(select(OfficerLink)).all() == []
        told = select(AuditEntry).where(AuditEntry.event == "backup_restored")
        assert audit.details_of(restored.scalars(told).one())["erased"] == 1
    engine.dispose()


def test_erasures_kept_elsewhere_are_repeated_and_what_is_left_to_do_is_told(
    run: Run, app: Flask, folder: Path, session: Session, cast: Cast, tmp_path: Path
) -> None:
    """The disk is lost: an old archive and a copy of the signed lines are all there is."""
    case = Office(session, cast).case()
    session.commit()
    archive = run("backup", "create").output.splitlines()[0]
    erasing.erase(session, case, erasing.REQUESTED, datetime.now(UTC))
    session.commit()
    jobs.work_off(app)
    kept = tmp_path / "kept.jsonl"
    shutil.copy(erasures.path(), kept)
    words = ("backup", "restore", archive, "--into", str(tmp_path / "new"), "--erasures", str(kept))
    keys = {"PORTAL_VAULT_KEYS": SECRETS["PORTAL_VAULT_KEYS"]}
    told = run(*words, env=keys).output
    for word in ("officers disabled", "signs in again", "links", "audit verify"):
        assert word in told
    engine = connect(f"sqlite:///{tmp_path}/new/portal.sqlite3")
    with SystemSession(engine, info={"viewer": scope.SYSTEM, READING: True}) as restored:
        assert restored.scalars(select(Case.erased_at)).one() is not None
    engine.dispose()
    assert (tmp_path / "new" / make.ERASURES).read_bytes() == kept.read_bytes()
    kept.write_text(kept.read_text().replace(erasing.REQUESTED, "kasus"))
    refused = run(*words, env=keys)
    assert (refused.exit_code, "kept.jsonl: line 1 was not written" in refused.output) == (1, True)


def test_a_forged_erasure_stops_the_restore(run: Run, folder: Path, tmp_path: Path) -> None:
    archive = run("backup", "create").output.splitlines()[0]
    (tmp_path / "new").mkdir()
    fields = ("erasure", "table", "subject", "ground", "at", "before", "mac")
    (tmp_path / "new" / make.ERASURES).write_text(json.dumps(dict.fromkeys(fields, "x")) + "\n")
    keys = {"PORTAL_VAULT_KEYS": SECRETS["PORTAL_VAULT_KEYS"]}
    refused = run("backup", "restore", archive, "--into", str(tmp_path / "new"), env=keys)
    assert refused.exit_code == 1
    assert "line 1 was not written by this portal; nothing was restored" in refused.output


def test_by_hand_a_damaged_backup_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    archive = run("backup", "create").output.splitlines()[0]
    Path(archive).write_bytes(Path(archive).read_bytes()[:-1])
    keys = {"PORTAL_VAULT_KEYS": SECRETS["PORTAL_VAULT_KEYS"]}
    refused = run("backup", "verify", archive, env=keys)
    assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
    assert "altered or cut off" in refused.output
