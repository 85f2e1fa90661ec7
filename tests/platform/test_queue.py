"""Jobs are done once, later again when they fail, and by somebody else when a worker dies."""

import os
import socket
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from models import Draft, Job, JobState
from portal import jobs, lanes, queue
from portal.config import Settings
from portal.protection import files
from tests.support.databases import both_engines

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def claimed(session: Session, now: datetime = NOW) -> Job | None:
    job = queue.claim(session, "worker:1", now)
    session.commit()
    return job


@both_engines
def test_a_job_is_claimed_by_one_worker_alone(session: Session) -> None:
    queue.enqueue(session, "letter", {"letter_id": 1}, NOW)
    session.commit()
    first = claimed(session)
    assert first is not None
    assert first.payload == {"letter_id": 1}
    assert claimed(session) is None


@both_engines
def test_workers_at_the_same_time_share_the_jobs_without_a_double(
    engine: Engine, session: Session
) -> None:
    for number in range(12):
        queue.enqueue(session, "count", {"number": number}, NOW)
    session.commit()
    seen: list[int] = []

    def work() -> None:
        with Session(engine) as own:
            while job := queue.claim(own, threading.current_thread().name, NOW):
                seen.append(job.payload["number"])
                own.commit()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(seen) == list(range(12))


def test_a_job_waits_for_its_time(session: Session) -> None:
    queue.enqueue(session, "remind", {}, NOW + timedelta(hours=1))
    session.commit()
    assert claimed(session) is None
    assert claimed(session, NOW + timedelta(hours=1)) is not None


def test_a_job_whose_worker_died_is_claimed_again_after_the_lease(session: Session) -> None:
    queue.enqueue(session, "letter", {}, NOW)
    session.commit()
    assert claimed(session) is not None
    assert claimed(session, NOW + queue.LEASE) is None
    assert claimed(session, NOW + queue.LEASE + timedelta(seconds=1)) is not None


def test_a_job_that_kills_every_worker_ends_failed(session: Session) -> None:
    job = queue.enqueue(session, "bomb", {}, NOW)
    session.commit()
    later = NOW
    for _ in range(queue.ATTEMPTS + 1):
        claimed(session, later)
        later += queue.LEASE + timedelta(seconds=1)
    assert (job.state, job.error) == (JobState.failed, "WorkerLost")
    assert claimed(session, later + timedelta(days=1)) is None


def test_a_job_that_killed_every_worker_is_passed_by_for_the_next(session: Session) -> None:
    bomb = queue.enqueue(session, "bomb", {}, NOW)
    bomb.attempts = queue.ATTEMPTS
    queue.enqueue(session, "letter", {}, NOW + timedelta(seconds=1))
    session.commit()
    following = claimed(session, NOW + timedelta(seconds=1))
    assert following is not None and following.kind == "letter"
    assert bomb.state is JobState.failed


def test_a_failed_job_is_tried_later_and_later_and_then_stays_failed(session: Session) -> None:
    job = queue.enqueue(session, "letter", {}, NOW)
    session.commit()
    now, waits = NOW, []
    while (again := claimed(session, now)) is not None:
        queue.fail(again, ValueError("Ibu W. menelepon"), now)
        waits.append(job.run_at - now)
        now = job.run_at
    assert job.state is JobState.failed
    assert waits.pop() == timedelta(0)
    assert waits == sorted(waits)
    assert len(waits) == queue.ATTEMPTS - 1


def test_only_the_class_of_an_error_is_kept(session: Session) -> None:
    job = queue.enqueue(session, "letter", {}, NOW)
    session.commit()
    queue.fail(job, ValueError("Ibu W. menelepon"), NOW)
    assert job.error == "ValueError"


def test_a_job_is_there_exactly_when_its_cause_is(session: Session) -> None:
    queue.enqueue(session, "letter", {}, NOW)
    session.rollback()
    assert session.scalars(select(Job)).all() == []


# --- the clock ---------------------------------------------------------------------------------


def test_the_clock_forgets_drafts_whose_time_is_over(app: Flask, session: Session) -> None:
    now = datetime.now(UTC)
    for minutes in (-1, 10):
        token_hash = f"{minutes:064d}"
        expires = now + timedelta(minutes=minutes)
        session.add(Draft(kind="lapor", token_hash=token_hash, content="{}", expires_at=expires))
    session.commit()
    jobs.work_off(app)
    session.rollback()
    assert session.scalars(select(Draft.token_hash)).all() == [f"{10:064d}"]


def test_a_stored_file_whose_row_never_came_goes_after_a_day(
    app: Flask, settings: Settings
) -> None:
    old, _ = files.store(b"abandoned")
    new, _ = files.store(b"on its way")
    yesterday = (datetime.now(UTC) - timedelta(days=1, minutes=1)).timestamp()
    os.utime(settings.files / old, (yesterday, yesterday))
    jobs.work_off(app)
    assert files.read(new) == b"on its way"
    assert not (settings.files / old).exists()


def test_a_chore_that_fails_does_not_keep_jobs_from_being_done(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_session: Session, _now: datetime) -> None:
        raise ValueError("Ibu W. menelepon")

    monkeypatch.setitem(jobs.CLOCK, "trouble", (timedelta(minutes=1), fail))
    monkeypatch.setitem(jobs.HANDLERS, "nothing", lambda _session, _payload: None)
    queue.enqueue(session, "nothing", {})
    session.commit()
    jobs.work_off(app)
    session.rollback()
    assert session.scalars(select(Job.state)).one() is JobState.done


def test_others_can_write_while_a_job_takes_its_time(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render_slowly(inside: Session, _payload: dict[str, Any]) -> None:
        inside.scalars(select(Draft)).all()
        session.add(Draft(kind="lapor", token_hash="a" * 64, content="{}", expires_at=NOW))
        session.commit()

    monkeypatch.setitem(jobs.HANDLERS, "slow", render_slowly)
    queue.enqueue(session, "slow", {})
    session.commit()
    jobs.work_off(app)
    session.rollback()
    assert session.scalars(select(Job.state)).one() is JobState.done


def test_a_killed_worker_that_nobody_collected_is_known_to_have_ended() -> None:
    child = subprocess.Popen(["sleep", "60"])
    name = f"{socket.gethostname()}:{child.pid}"
    assert not queue.has_ended(name)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and is not collected
    assert queue.has_ended(name)
    child.wait()
    assert queue.has_ended(name)


def test_hands_that_do_not_end_are_not_waited_for_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "PAUSE_AFTER_TROUBLE", 0.2)
    never, waited = threading.Event(), []

    class Hung(threading.Thread):
        def join(self, timeout: float | None = None) -> None:
            waited.append(timeout)
            never.wait(timeout)

    lanes.await_end([Hung() for _hand in range(3)])
    assert waited[0] > 0 and waited[1:] == [0, 0]


def test_a_lane_goes_on_whatever_it_stumbles_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its only hand gone, no answer would leave the house any more, and nobody would notice."""
    monkeypatch.setattr(lanes, "PAUSE_AFTER_TROUBLE", 0)
    stop, turns = threading.Event(), iter([TimeoutError(), KeyError(), None])

    def look() -> lanes.Work:
        trouble = next(turns)
        if trouble is not None:
            raise trouble
        return stop.set

    (hand,) = lanes.hands(1, look, stop)
    hand.start()
    assert stop.wait(10)
    hand.join()
