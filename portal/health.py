"""Can this installation work? Each probe reaches for one thing it depends on."""

from collections.abc import Callable

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select

from portal.config import ROOT, Settings
from portal.db import db
from portal.protection import files


class Behind(Exception):
    """The database is older than the code."""


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


PROBES: dict[str, Callable[[Settings], None]] = {
    "database": _database,
    "migrations": _migrations,
    "files": _files,
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
