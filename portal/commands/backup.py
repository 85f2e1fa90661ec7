"""`flask backup create | verify | restore`."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models import OfficerLink, OfficerSession
from portal import environment
from portal.access import scope, sessions
from portal.casework import erasing
from portal.commands.common import settings, system_session
from portal.config import Settings, SettingsError
from portal.db import db, engine_options, prepare
from portal.protection import (
    audit,
    audit_anchors,
    audit_check,
    erasures,
    files,
    sealing,
    tokens,
    vault,
)
from portal.protection.backup import check, make
from portal.protection.backup.check import Summary
from portal.protection.backup.restore import restore
from portal.protection.backup.stream import BackupError

ARCHIVE = click.argument("archive", type=click.Path(path_type=Path))
TO_DO = """before the office opens:
- officers disabled, roles changed and exclusions placed after {then:%Y-%m-%d %H:%M} UTC are as
  they were then: go through them and do them again
- everybody was signed out and signs in again; second factors, too, are those of then
- links to set a password are gone: issue them anew
- run `flask --app portal.app audit verify`"""


@click.group("backup")
def backup_group() -> None:
    """Database and files in one encrypted archive."""


@backup_group.command("create")
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="default: PORTAL_BACKUPS"
)
@with_appcontext
def backup_create(to: Path | None) -> None:
    """Make an archive now, while the portal goes on."""
    folder = to or settings().backups
    if folder is None:
        raise click.ClickException("PORTAL_BACKUPS is off: name a folder with --to")
    try:
        place = make.place(settings(), db.engine)
        path, summary = make.create(place, folder.absolute(), datetime.now(UTC))
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    with system_session() as session:
        audit.record(session, "backup_made", None, rows=summary.rows, files=summary.files)
    click.echo(f"{path}\n{_told(summary)}")


@backup_group.command("verify")
@ARCHIVE
def backup_verify(archive: Path) -> None:
    """Read ARCHIVE from end to end; nothing is written."""
    _ready(None, None)
    try:
        summary = check.verify(archive)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"whole: {_told(summary)}")


@backup_group.command("restore")
@ARCHIVE
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="an empty data folder: database and files; default: what the settings name",
)
@click.option(
    "--database", help="URL of an empty database, instead of the settings' or the folder's"
)
@click.option(
    "--erasures",
    "lines",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a newer erasures.jsonl than the archive's: what it names is erased anew",
)
def backup_restore(
    archive: Path, into: Path | None, database: str | None, lines: Path | None
) -> None:
    """Fill an empty database and an empty files folder from ARCHIVE: all of it, or nothing."""
    target = _ready(into, database)
    newer = _lines_of(lines) if lines else b""
    engine = prepare(create_engine(target.database_url, **engine_options(target.database_url)))
    try:
        summary = restore(archive, make.place(target, engine), _afterwards, newer)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"restored: {_told(summary)}\n{TO_DO.format(then=summary.head.made_at)}")


def _lines_of(path: Path) -> bytes:
    """The erasures in a file that was kept elsewhere, each of them this portal's."""
    content = path.read_bytes()
    try:
        list(erasures.read(content.decode(errors="replace").splitlines()))
    except erasures.Forged as forged:
        raise click.ClickException(f"{path}: {forged}; nothing was restored") from None
    return content


def _ready(into: Path | None, database: str | None) -> Settings:
    """The places of a restore, the key ring installed."""
    try:
        found = environment.for_restore(into, database)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    found.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    vault.install(vault.Ring.parse(found.vault_keys))
    sealing.attach()
    tokens.attach()
    files.configure(found.files)
    erasures.configure(make.beside(found)[make.ERASURES])
    audit_anchors.configure(found.anchors)
    return found


def _afterwards(session: Session, summary: Summary) -> None:
    """What a restored office must not forget, in the transaction of the restore."""
    session.info["viewer"] = scope.SYSTEM
    if not audit_check.check(session.connection()).whole:
        click.echo("the audit log of this backup is not whole: see `audit verify`", err=True)
    anew = _erase_anew(session)
    end_what_was_open(session, datetime.now(UTC))
    made_at = summary.head.made_at.isoformat()
    rows, stored = summary.rows, summary.files
    audit.record(
        session, "backup_restored", None, made_at=made_at, rows=rows, files=stored, erased=anew
    )


def _erase_anew(session: Session) -> int:
    """What was erased since the backup stays erased; how much that was."""
    try:
        return erasing.replay(session, erasures.lines())
    except erasures.Forged as forged:
        raise BackupError(f"{erasures.path()}: {forged}; nothing was restored") from None


def end_what_was_open(session: Session, now: datetime) -> None:
    """A session ended or a link used since the backup must not live again."""
    for row in session.scalars(select(OfficerSession).where(OfficerSession.ended_at.is_(None))):
        sessions.revoke(session, row, None, now, "restored")
    for link in session.scalars(select(OfficerLink)):
        session.delete(link)


def _told(summary: Summary) -> str:
    """One archive in a few lines."""
    head = summary.head
    lines = [
        f"made {head.made_at:%Y-%m-%d %H:%M} UTC from {head.database}, release {head.revision}: "
        f"{summary.rows} rows of {len(head.tables)} tables, {summary.files} files"
    ]
    if summary.erased:
        lines.append(f"{summary.erased} files were erased while it was made")
    if summary.absent:
        lines.append(f"{summary.absent} files that rows name were not in the folder")
    return "\n".join(lines)
