"""Can this installation work? Each probe reaches for one thing it depends on."""

from collections.abc import Callable
from datetime import UTC, datetime

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from models import Officer
from portal.config import ROOT, Settings
from portal.db import db
from portal.protection import files
from portal.protection.backup import schedule


class Behind(Exception):
    """The database is older than the code."""


class Unsaved(Exception):
    """What was done lately would be lost with the disk."""


def _database(_settings: Settings) -> None:
    with db.engine.connect() as connection:
        connection.execute(select(1))


def _migrations(_settings: Settings) -> None:
    newest = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest:
        raise Behind("run `flask --app portal.app db upgrade`")


def _files(settings: Settings) -> None:
    files.configure(settings.files)
    key, _fingerprint = files.store(b"check")
    files.remove(key)


def _backups(settings: Settings) -> None:
    if found := backup_trouble(settings):
        raise Unsaved(found)


def backup_trouble(settings: Settings) -> str:
    """What is wrong with the daily backups, an empty text when nothing is or they are off."""
    if settings.backups is None:
        return ""
    with db.engine.connect() as connection:
        since = connection.scalar(select(func.min(Officer.created_at)))
    return schedule.trouble(settings.backups, since, datetime.now(UTC))


PROBES: dict[str, Callable[[Settings], None]] = {
    "database": _database,
    "migrations": _migrations,
    "files": _files,
    "backups": _backups,
}


def troubles(settings: Settings) -> dict[str, str]:
    """For each probe what is wrong, an empty text when nothing is; in the context of the app."""
    return {name: _trouble(probe, settings) for name, probe in PROBES.items()}


def _trouble(probe: Callable[[Settings], None], settings: Settings) -> str:
    try:
        probe(settings)
    except Exception as error:  # whatever is wrong is what is asked for
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return ""
