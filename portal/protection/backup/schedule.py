"""The daily backup: when it is due, which old ones stay, and whether it can be relied on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.indonesia import dates
from portal.protection.backup import make
from portal.protection.backup.check import Summary
from portal.protection.backup.make import PATTERN, SUFFIX, Place

# How many days, weeks and months keep their newest backup.
KEEP = (("%Y-%m-%d", 7), ("%G-W%V", 4), ("%Y-%m", 12))
FROM_HOUR = 1
TOO_OLD = timedelta(hours=36)
MINUTE = timedelta(minutes=1)


def kept(folder: Path) -> dict[datetime, Path]:
    """The complete archives in `folder` by their time, the newest first."""
    found = {}
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            made = datetime.strptime(path.name, PATTERN + SUFFIX).replace(tzinfo=UTC)
        except ValueError:
            continue  # somebody else's file
        found[made] = path
    return dict(sorted(found.items(), reverse=True))


def newest(folder: Path, now: datetime) -> datetime | None:
    """When the newest complete archive in `folder` was made, as seen from `now`.

    One from the future, made under a wrong clock, must not hide that today's is missing.
    """
    return next((made for made in kept(folder) if made <= now + MINUTE), None)


def due(folder: Path, now: datetime) -> bool:
    """Whether the day (of the office) still lacks its backup: from one o'clock on, or at once."""
    last = newest(folder, now)
    if last is None or now - last >= timedelta(hours=25):
        return True
    local = dates.local(now)
    return local.hour >= FROM_HOUR and dates.local_date(last) < local.date()


def superfluous(times: Iterable[datetime]) -> set[datetime]:
    """Those of `times` that are not the newest of one of the periods that are kept."""
    known = sorted(times, reverse=True)
    needed: set[datetime] = set()
    for period, count in KEEP:
        newest_of: dict[str, datetime] = {}
        for moment in known:
            newest_of.setdefault(dates.local(moment).strftime(period), moment)
        needed.update(list(newest_of.values())[:count])
    return set(known) - needed


def daily(place: Place, folder: Path, now: datetime) -> Summary | None:
    """Make the backup of the day if it is due, then thin the old ones; None if it was not due.

    Raises `BackupError`; old archives are thinned only after a new one was read back.
    """
    if not due(folder, now):
        return None
    _path, summary = make.create(place, folder, now)
    archives = kept(folder)
    for moment in superfluous(archives):
        archives[moment].unlink()
    return summary


def trouble(folder: Path, since: datetime | None, now: datetime) -> str:
    """What is wrong with the backups in `folder`, an empty text when nothing is.

    `since`: when there began to be something to lose; an office of today needs none yet.
    """
    last = newest(folder, now)
    moment = last or since
    if moment is None or now - moment <= TOO_OLD:
        return ""
    hours = int((now - moment).total_seconds() // 3600)
    return f"the newest backup is {hours} hours old" if last else "there is no backup yet"
