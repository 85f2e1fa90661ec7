"""What was worked off is let go of after some days: bytes of deliveries, and jobs that are done.

Of a delivery its fingerprint stays and those of its items, so that whatever is delivered once more
is known; Meta tries for seven days, a longer export of a chat comes after months. What failed for
good stays until `admin` has decided on it (`deliveries.close`, `queue.close`, or once more).
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import ChannelDelivery, Job, JobState, Setting

# In days, unless the office sets others within these bounds.
KEPT_DAYS, FEWEST_DAYS, MOST_DAYS = 30, 7, 366
BYTES, JOBS = "raw_delivery_days", "done_job_days"
BATCH = 500  # at a time, since nobody else writes meanwhile on SQLite


def kept_days(session: Session, setting: str) -> int:
    """So many days the setting (`BYTES`, `JOBS`) says that something is kept."""
    said = (session.scalar(select(Setting.value).where(Setting.key == setting)) or "").strip()
    known = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else KEPT_DAYS
    return min(max(known, FEWEST_DAYS), MOST_DAYS)


def purge_bytes(session: Session, now: datetime) -> int:
    """Let go of the bytes of what was read without any trouble; how many deliveries."""
    row, last = ChannelDelivery, now - timedelta(days=kept_days(session, BYTES))
    old = (row.trouble.is_(None), row.processed_at < last, row.purged_at.is_(None))
    ids = list(session.scalars(select(row.id).where(*old).limit(BATCH)))
    if ids:
        emptied = update(row).where(row.id.in_(ids))
        session.execute(emptied.values(body=None, purged_at=now))
    return len(ids)


def purge_jobs(session: Session, now: datetime) -> int:
    """Forget jobs that are done; how many."""
    last = now - timedelta(days=kept_days(session, JOBS))
    old = (Job.state == JobState.done, Job.run_at < last, Job.finished_at < last)
    ids = list(session.scalars(select(Job.id).where(*old).order_by(Job.run_at).limit(BATCH)))
    if ids:
        session.execute(delete(Job).where(Job.id.in_(ids)))
    return len(ids)
