"""Can this installation work? Each probe reaches for one thing it depends on."""

from collections.abc import Callable
from datetime import UTC, datetime

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from models import Officer
from portal import meta, post
from portal.config import ROOT, Settings, setting
from portal.db import db
from portal.protection import files, scanning
from portal.protection.backup import schedule


class TooNarrow(Exception):
    """A service that takes less than the portal does."""


class Behind(Exception):
    """The database is older than the code."""


class Unsafe(Exception):
    """People's data would lie open."""


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


def _accounts(settings: Settings) -> None:
    """In production nobody signs in with a name and a password that stand on a page."""
    if settings.env != "production":
        return
    active = select(Officer.username).where(Officer.demo, Officer.active)
    with db.engine.connect() as connection:
        names = sorted(connection.scalars(active))
    if names:
        raise Unsafe(
            f"demo sign-ins are active ({', '.join(names)}): disable each with "
            "`flask --app portal.app officer disable NAME`, or begin with an empty database"
        )


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


def _scanner(settings: Settings) -> None:
    if found := scanning.trouble(settings.upload_limit * files.MEGABYTE):
        raise TooNarrow(found)


PROBES: dict[str, Callable[[Settings], None]] = {
    "database": _database,
    "migrations": _migrations,
    "files": _files,
    "clamd": _scanner,
    "smtp": post.probe_out,
    "imap": post.probe_in,
    "whatsapp": meta.probe,
    "accounts": _accounts,
    "backups": _backups,
}
# Without these no process of a production begins.
NEEDED = ("database", "migrations", "accounts")


# Channels, and the settings without which each of them is off.
CHANNELS: dict[str, tuple[str, ...]] = {
    "whatsapp (deliveries)": ("whatsapp_secret", "whatsapp_verify_token"),
    "whatsapp (answers, files)": ("whatsapp_token", "whatsapp_number_id"),
    "telephone": ("telephone_token",),
    "e-mail (mailbox)": ("imap_url",),
    "e-mail (answers, warnings)": ("smtp_url",),
}


def channels_off(settings: Settings) -> dict[str, list[str]]:
    """The channels that are off, and the settings (as the environment names them) they lack."""
    lacking = {
        name: [setting(one).metadata["env"] for one in needed if not getattr(settings, one)]
        for name, needed in CHANNELS.items()
    }
    return {name: missing for name, missing in lacking.items() if missing}


def troubles(settings: Settings) -> dict[str, str]:
    """For each probe what is wrong, an empty text when nothing is; in the context of the app."""
    return {name: _trouble(probe, settings) for name, probe in PROBES.items()}


def refusals(settings: Settings) -> list[str]:
    """Why serving and working must not begin in production; a line each, in the app's context."""
    if settings.env != "production":
        return []
    found = {name: _trouble(PROBES[name], settings) for name in NEEDED}
    return [f"{name}: {trouble}" for name, trouble in found.items() if trouble]


def _trouble(probe: Callable[[Settings], None], settings: Settings) -> str:
    try:
        probe(settings)
    except Exception as error:  # whatever is wrong is what is asked for
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return ""
