"""Work put off until after the commit: jobs are rows of the same database.

Whoever decides that something must be done calls `enqueue` inside its own
transaction, so that a job exists exactly when its cause does. `portal.jobs`
does the work.
"""

import os
import socket
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models import Job, JobState

LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=1)
ATTEMPTS = 8


class Away(Exception):
    """Something outside that a job needs does not answer: the job waits and is never given up."""


class WorkerLost(Exception):
    """The worker of a job ended without a word."""


def enqueue(
    session: Session, kind: str, payload: dict[str, Any], run_at: datetime | None = None
) -> Job:
    """A job of `kind` (a name in `portal.jobs.HANDLERS`), due at once or at `run_at` (aware).

    `payload` holds ids and codes, never what somebody told: jobs are shown to `admin`.
    """
    job = Job(kind=kind, payload=payload, run_at=run_at or datetime.now(UTC))
    session.add(job)
    return job


def claimable(now: datetime) -> Select[Job]:
    """Jobs that are due, and those whose worker has not been heard of for a lease; oldest first."""
    due = (Job.state == JobState.waiting) & (Job.run_at <= now)
    abandoned = (Job.state == JobState.running) & (Job.claimed_at < now - LEASE)
    return select(Job).where(or_(due, abandoned)).order_by(Job.run_at, Job.id)


def claim(
    session: Session,
    worker: str,
    now: datetime,
    only: Collection[str] = (),
    but: Collection[str] = (),
) -> Job | None:
    """The next job, marked as `worker`'s; None when nothing is due. Commit before working.

    `only` and `but`: kinds of jobs, so that what waits for others (a network) can have a lane of
    its own.
    """
    following = claimable(now).limit(1).with_for_update(skip_locked=True)
    following = following.where(Job.kind.in_(only)) if only else following
    following = following.where(Job.kind.not_in(but)) if but else following
    while (job := session.scalar(following)) is not None and job.attempts >= ATTEMPTS:
        fail(job, WorkerLost(), now)  # it took a worker with it every time
    if job is not None:
        job.state = JobState.running
        job.claimed_at, job.claimed_by = now, worker
        job.attempts += 1
    return job


def release(session: Session, dead: Callable[[str], bool], now: datetime) -> int:
    """Let others have the jobs of workers that are known to be `dead` (by name), without the wait
    of a lease; how many."""
    running = session.scalars(select(Job).where(Job.state == JobState.running)).all()
    left = [job for job in running if job.claimed_by and dead(job.claimed_by)]
    for job in left:
        job.state, job.run_at = JobState.waiting, now
    return len(left)


def has_ended(worker: str) -> bool:
    """Whether a worker (`host:pid`) of this machine has ended; others may well be at work."""
    host, _colon, pid = worker.rpartition(":")
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return True  # asked before the first job: an earlier life of this number
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _uncollected(int(pid))


def _uncollected(pid: int) -> bool:
    """Whether a process has ended and nobody asked how: in a container without init it stays."""
    try:
        about = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return False
    return about.rpartition(")")[2].split()[:1] in (["Z"], ["X"])


def again(job: Job, now: datetime) -> None:
    """Try a job once more that had failed for good."""
    job.state, job.attempts, job.run_at = JobState.waiting, 0, now
    job.finished_at = job.error = None


def close(job: Job, now: datetime) -> None:
    """Try a job that had failed for good no more; how it failed stays beside it."""
    job.state, job.finished_at = JobState.done, now


def finish(job: Job, now: datetime) -> None:
    """The work of `job` is done."""
    job.state, job.finished_at, job.error = JobState.done, now, None


def fail(job: Job, error: Exception, now: datetime) -> None:
    """Try later, twice as late each time; after `ATTEMPTS` stay failed for `admin` to see.

    Only the class of the error is kept: its text may carry what a person wrote.
    """
    job.error = type(error).__name__
    if isinstance(error, Away):
        job.attempts = min(job.attempts, ATTEMPTS - 1)
    if job.attempts >= ATTEMPTS:
        job.state, job.finished_at = JobState.failed, now
    else:
        job.state = JobState.waiting
        job.run_at = now + min(timedelta(seconds=2**job.attempts * 5), LONGEST_WAIT)
