"""Making an archive while the portal is being written to.

The rows are of one moment: one read-only transaction (REPEATABLE READ on
PostgreSQL, a WAL snapshot on SQLite). Files are written once, before the row
that names them is committed, so whatever the snapshot names is there, unless it
was erased meanwhile: that is listed. An archive gets its name only when it is
complete, on the disk, and has been read back from end to end.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from models import AuditEntry, LetterState, Scan
from portal.config import Settings
from portal.protection import files
from portal.protection.backup import check, rows
from portal.protection.backup.archive import FORMAT, HEAD, MANIFEST, Writer
from portal.protection.backup.stream import BackupError, Sealer
from portal.protection.vault import ring

SUFFIX, PART = ".backup", ".part"
PATTERN = "ruang-aman-%Y%m%dT%H%M%SZ"
KEY_COLUMN = "storage_key"
# Signed lines beside the database; both are read after the snapshot, so that none is missing.
ANCHORS, ERASURES = "audit-anchors.jsonl", "erasures.jsonl"


@dataclass(frozen=True)
class Place:
    """What belongs to an installation: its database, its files, the signed files beside them."""

    engine: Engine
    files: Path
    beside: Mapping[str, Path]


def place(settings: Settings, engine: Engine) -> Place:
    """The installation of `settings`."""
    return Place(engine, settings.files, beside(settings))


def beside(settings: Settings) -> dict[str, Path]:
    """Where the signed files of this installation lie."""
    return {ANCHORS: settings.anchors, ERASURES: settings.data / ERASURES}


def create(place: Place, folder: Path, now: datetime) -> tuple[Path, check.Summary]:
    """An archive of `place` as it is `now`, in `folder` (made if need be, private).

    Raises `BackupError` and leaves nothing behind.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(folder):
            target = folder / (now.astimezone(UTC).strftime(PATTERN) + SUFFIX)
            if target.exists():
                raise BackupError(f"{target} exists already")
            return target, _complete(place, target, now)
    except OSError as error:
        raise BackupError(f"the backup cannot be written: {error.strerror}") from None
    except sa.exc.SQLAlchemyError as error:
        raise BackupError(f"the database cannot be read: {type(error).__name__}") from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one is made at a time; what an interrupted one left is taken away."""
    path = folder / ".lock"
    path.touch(0o600)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("another backup is being made just now") from None
        for leftover in folder.glob(f"*{PART}"):
            leftover.unlink()
        yield


def _complete(place: Place, target: Path, now: datetime) -> check.Summary:
    aside = target.with_suffix(PART)
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            _write(place, file, now)
            file.flush()
            os.fsync(file.fileno())
        summary = check.verify(aside)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    files.sync(target.parent)
    return summary


def _write(place: Place, file: BinaryIO, now: datetime) -> None:
    sealer = Sealer(file, ring().derive("backup"))
    writer = Writer(sealer, now.timestamp())
    with rows.snapshot(place.engine) as connection:
        tables = rows.layout(connection)
        writer.add_json(HEAD, _head(connection, tables, now))
        counts = {name: _table(writer, connection, name, tables[name]) for name in tables}
        lines = {name: _whole_lines(path) for name, path in place.beside.items()}
        lines[ANCHORS] = _anchors_until(lines[ANCHORS], _end_of_log(connection, tables))
        stored, gone = _files(writer, connection, tables, place.files)
    for name, content in lines.items():
        if content:
            writer.add(f"beside/{name}", content)
    absent = _still_named(place.engine, tables, gone)
    files = {"stored": stored, "erased_meanwhile": len(gone) - len(absent), "absent": absent}
    writer.add_json(MANIFEST, {"rows": counts, "files": files})
    writer.finish()


def _head(
    connection: Connection, tables: Mapping[str, rows.Columns], now: datetime
) -> dict[str, Any]:
    """What the archive is. Each of its `probes` opens for whoever holds the key of that name."""
    revision = rows.revision(connection)
    if revision is None:
        raise BackupError("the database has no tables yet: run `flask --app portal.app db upgrade`")
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "database": connection.dialect.name,
        "revision": revision,
        "key": ring().key_id,
        "probes": check.probes(now.isoformat()),
        "tables": tables,
    }


def _table(writer: Writer, connection: Connection, name: str, columns: rows.Columns) -> int:
    count = 0
    for number, (found, packed) in enumerate(rows.parts(connection, name, columns), 1):
        writer.add(f"database/{name}/{number:06}.jsonl.gz", packed)
        count += found
    return count


def _whole_lines(path: Path) -> bytes:
    """The file up to its last whole line: somebody may be writing the next."""
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def _end_of_log(connection: Connection, tables: Mapping[str, rows.Columns]) -> int:
    """The number of the last entry of the log that this backup holds."""
    log = rows.table(AuditEntry.__tablename__, tables[AuditEntry.__tablename__])
    return connection.scalar(sa.select(sa.func.max(log.c.id))) or 0


def _anchors_until(lines: bytes, end: int) -> bytes:
    """Without the anchors of entries that came after the snapshot; what is no anchor stays."""
    return b"".join(line for line in lines.splitlines(keepends=True) if _anchored(line) <= end)


def _anchored(line: bytes) -> int:
    try:
        return int(json.loads(line)["sequence"])
    except (ValueError, KeyError, TypeError):
        return 0


# --- files ----------------------------------------------------------------------------------


def _named(
    tables: Mapping[str, rows.Columns],
) -> Iterator[tuple[sa.Column[Any], sa.ColumnElement[bool]]]:
    """The columns that name a stored file, and the rows of which there should be one."""
    for name, columns in tables.items():
        if KEY_COLUMN in columns:
            found = rows.table(name, columns)
            yield found.c[KEY_COLUMN], _kept(found, tables)


def _kept(found: sa.Table, tables: Mapping[str, rows.Columns]) -> sa.ColumnElement[bool]:
    """Without erased letters and infected files: their rows stay, their bytes were destroyed."""
    kept: sa.ColumnElement[bool] = sa.true()
    if "letter_id" in found.c:  # of an attachment, only where it is the scan of a letter
        letters = rows.table("letter", tables["letter"])
        erased = sa.select(letters.c.id).where(letters.c.state == LetterState.erased.value)
        kept = sa.or_(found.c.letter_id.is_(None), found.c.letter_id.not_in(erased))
    return sa.and_(kept, found.c.scan != Scan.infected.value) if "scan" in found.c else kept


def _files(
    writer: Writer, connection: Connection, tables: Mapping[str, rows.Columns], folder: Path
) -> tuple[int, list[str]]:
    """Add every file that rows name, as it lies there; how many, and the keys of the others."""
    stored, gone = 0, []
    for column, kept in _named(tables):
        wanted = sa.select(column).where(column.is_not(None), kept).order_by(column)
        for key in connection.scalars(wanted, execution_options={"yield_per": rows.BATCH}):
            try:
                writer.add(f"files/{key}", (folder / key).read_bytes())
                stored += 1
            except FileNotFoundError:
                gone.append(key)
    return stored, gone


def _still_named(
    engine: Engine, tables: Mapping[str, rows.Columns], gone: Sequence[str]
) -> list[str]:
    """Those of `gone` that rows name even now: they are lost."""
    found: list[str] = []
    with rows.snapshot(engine) as connection:
        for start in range(0, len(gone), rows.BATCH):
            some = gone[start : start + rows.BATCH]
            for column, kept in _named(tables):
                found += connection.scalars(sa.select(column).where(column.in_(some), kept))
    return sorted(found)
