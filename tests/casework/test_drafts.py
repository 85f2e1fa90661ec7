"""Drafts of the public: sealed, thirty minutes, then gone with their files."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import Draft, Officer
from portal.access import scope
from portal.casework import drafts
from portal.casework.drafts import REPORT
from portal.protection import files
from tests.conftest import SystemSession
from tests.support.cast import Cast
from tests.support.databases import both_engines

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
TOKEN = "t" * 43
MINUTE = timedelta(minutes=1)


def kept(session: Session, at: datetime, token: str = TOKEN) -> drafts.Content | None:
    return drafts.read(session, REPORT, token, at)


def test_what_was_typed_is_kept_for_thirty_minutes(session: Session) -> None:
    drafts.write(session, REPORT, TOKEN, {"answers": {"kejadian": "😢"}}, NOW)
    assert kept(session, NOW + 29 * MINUTE) == {"answers": {"kejadian": "😢"}}
    assert kept(session, NOW + 30 * MINUTE) is None


def test_a_touch_prolongs_and_changes_nothing(session: Session) -> None:
    drafts.write(session, REPORT, TOKEN, {"answers": 1}, NOW)
    drafts.touch(session, REPORT, TOKEN, NOW + 20 * MINUTE)
    assert kept(session, NOW + 40 * MINUTE) == {"answers": 1}


def test_a_touch_does_not_undo_what_was_written_meanwhile(engine: Engine, session: Session) -> None:
    drafts.write(session, REPORT, TOKEN, {"answers": "old"}, NOW)
    session.commit()
    session.scalars(select(Draft)).one()
    session.rollback()
    with SystemSession(engine, info={"viewer": scope.SYSTEM}) as other:
        drafts.write(other, REPORT, TOKEN, {"answers": "new"}, NOW)
        other.commit()
    drafts.touch(session, REPORT, TOKEN, NOW + MINUTE)
    session.commit()
    assert kept(session, NOW + MINUTE) == {"answers": "new"}


def test_only_its_own_token_finds_a_draft(session: Session) -> None:
    drafts.write(session, REPORT, TOKEN, {"answers": 1}, NOW)
    assert kept(session, NOW, "x" * 43) is None
    assert drafts.read(session, drafts.COMPLAINT, TOKEN, NOW) is None


@pytest.fixture
def stored(tmp_path: Path) -> str:
    """A file that was handed in with a draft."""
    files.configure(tmp_path)
    return files.store(b"berkas")[0]


def test_a_discarded_draft_takes_its_files_along(session: Session, stored: str) -> None:
    drafts.write(session, REPORT, TOKEN, {"files": [{"storage_key": stored}]}, NOW)
    drafts.discard(session, REPORT, TOKEN)
    assert kept(session, NOW) is None
    with pytest.raises(FileNotFoundError):
        files.read(stored)


def test_files_a_report_took_over_stay(session: Session, stored: str) -> None:
    drafts.write(session, REPORT, TOKEN, {"files": [{"storage_key": stored}]}, NOW)
    drafts.discard(session, REPORT, TOKEN, keep_files=True)
    assert files.read(stored) == b"berkas"


def test_the_clock_forgets_expired_drafts_of_the_public_alone(
    session: Session, cast: Cast, stored: str
) -> None:
    drafts.write(session, REPORT, TOKEN, {"files": [{"storage_key": stored}]}, NOW)
    drafts.write(session, REPORT, "y" * 43, {}, NOW + 20 * MINUTE)
    officer = session.scalars(select(Officer)).first()
    session.add(Draft(kind="telepon", officer_id=officer.id, content="{}", expires_at=NOW))
    session.flush()
    assert drafts.purge(session, NOW + 30 * MINUTE) == 1
    assert kept(session, NOW + 30 * MINUTE, "y" * 43) == {}
    assert len(session.scalars(select(Draft)).all()) == 2
    with pytest.raises(FileNotFoundError):
        files.read(stored)


@both_engines
def test_two_first_pages_of_one_moment_make_one_draft(engine: Engine, session: Session) -> None:
    ready = Barrier(3)

    def begin(number: int) -> None:
        with SystemSession(engine, info={"viewer": scope.SYSTEM}) as own:
            ready.wait()
            drafts.write(own, REPORT, TOKEN, {"answers": number}, NOW)
            own.commit()

    with ThreadPoolExecutor(3) as clicks:
        list(clicks.map(begin, range(3)))
    assert len(session.scalars(select(Draft)).all()) == 1
