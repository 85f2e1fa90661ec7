"""Files that people give us: checked, cleaned, stored sealed, never under their own name.

`inspect` decides by content and makes pictures and PDFs anew. `store` writes
before the commit that mentions the file; if that commit never comes, `sweep`
takes the file away again.
"""

import fcntl
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from portal.protection import flags, media, office
from portal.protection.cleaning import CleaningError, clean_pdf, clean_picture
from portal.protection.recognition import EXTENSIONS, Kind, recognise
from portal.protection.vault import key_of, ring
from portal.wording import _

MEGABYTE = 1_000_000
NAME_LENGTH = 120
LONGEST_HEADER = 257


class Refused(Exception):
    """A file we do not take; `sentence` tells its sender why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unknown(Refused):
    """A file of no kind that we take."""


@dataclass(frozen=True)
class Limits:
    """What one file may be at most, in bytes."""

    size: int = 25 * MEGABYTE


@dataclass(frozen=True)
class Checked:
    """A file that may be stored: `data` is what is left of it after cleaning."""

    kind: str
    mime: str
    extension: str
    filename: str
    data: bytes = field(repr=False)
    flags: tuple[str, ...] = ()


def inspect(source: BinaryIO | bytes, filename: str, limits: Limits | None = None) -> Checked:
    """The file recognised by content and cleaned; `Refused` with a sentence otherwise."""
    data = _read(source, (limits or Limits()).size)
    kind = recognise(data)
    if kind is None:
        raise Unknown(
            _(
                "Jenis berkas ini tidak diterima. Kirim foto (JPG, PNG, WebP), PDF, "
                "rekaman suara, video, atau dokumen Word, Excel, atau PowerPoint."
            )
        )
    try:
        clean, found = _clean(data, kind)
    except (CleaningError, office.OfficeError) as error:
        raise Refused(str(error)) from None
    name = display_name(filename, kind.extension)
    return Checked(kind.kind, kind.mime, kind.extension, name, clean, found)


def _read(source: BinaryIO | bytes, size: int) -> bytes:
    """At most `size` bytes; nothing longer is ever held in memory."""
    data = source if isinstance(source, bytes) else source.read(size + 1)
    if len(data) > size:
        raise Refused(_("Berkas ini terlalu besar: paling besar %(n)s MB.", n=size // MEGABYTE))
    if not data:
        raise Refused(_("Berkas ini kosong."))
    return data


def _clean(data: bytes, kind: Kind) -> tuple[bytes, tuple[str, ...]]:
    if kind.kind == "picture":
        return clean_picture(data, kind), ()
    if kind.kind == "pdf":
        clean, disarmed = clean_pdf(data)
        return clean, (flags.PDF_ACTIVE,) if disarmed else ()
    if media.poses(data):
        raise CleaningError(_("Berkas ini berisi dua jenis sekaligus. Kirim salah satunya saja."))
    if kind.kind == "document":
        return data, office.check(data)
    clean, told = media.forget(data, kind)
    if recognise(clean) is None:
        raise CleaningError(_("Rekaman ini rusak. Coba kirim ulang."))
    return clean, (flags.LOCATION,) if told else ()


def display_name(filename: str, extension: str) -> str:
    """The last part of a path, at most 120 characters, nothing invisible, the true extension."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", filename)[-1])
    visible = (c if c == " " or unicodedata.category(c)[0] not in "CZ" else " " for c in name)
    words = " ".join(re.sub(r'[<>:"|?*]', " ", "".join(visible)).split())
    stem, dot, suffix = words.rpartition(".")
    known = f"{dot}{suffix}".lower()
    if known in EXTENSIONS:
        words, extension = stem, known if _alike(known, extension) else extension
    return (words.strip(". ")[: NAME_LENGTH - len(extension)].strip(". ") or "berkas") + extension


def _alike(given: str, true: str) -> bool:
    """Other spellings of the true extension that need not be corrected."""
    return given == true or (given, true) in {(".jpeg", ".jpg"), (".opus", ".ogg")}


# --- the folder -----------------------------------------------------------------------------

_folders: list[Path] = []
_KEY = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}")


def configure(folder: Path) -> None:
    """Keep files under `folder`, made if need be, from now on in this process."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _folders[:] = [folder.resolve()]


def _path(storage_key: str) -> Path:
    if not _KEY.fullmatch(storage_key):
        raise ValueError("not a storage key")
    return _folders[0] / storage_key


def _context(storage_key: str) -> tuple[str, str, str]:
    return "file", "data", storage_key


def store(data: bytes) -> tuple[str, str]:
    """Write `data` sealed under a random name; its storage key and SHA-256 (of `data`).

    The bytes are on the disk when this returns: a row that names the key may be committed.
    """
    name = secrets.token_hex(16)
    storage_key = f"{name[:2]}/{name[2:4]}/{name}"
    path = _path(storage_key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, ring().seal(data, _context(storage_key)))
    return storage_key, hashlib.sha256(data).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """All of it under its name or nothing: written aside, synced, renamed."""
    aside = path.with_suffix(".part")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(folder: Path) -> None:
    """See that a new name in `folder` is on the disk: the bytes of a file alone are not enough."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(storage_key: str) -> bytes:
    """What was stored; `FileNotFoundError` if it is gone, `VaultError` if it was altered."""
    return ring().unseal(_path(storage_key).read_bytes(), _context(storage_key))


def remove(storage_key: str) -> None:
    """Take the file away; one that is gone already is no error."""
    _unlink(_path(storage_key))


def _unlink(path: Path) -> None:
    if path.parent.exists():
        with _alone_in(path.parent):
            path.unlink(missing_ok=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """No other process takes a file of `folder` away, or writes one anew, inside the block."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


# --- sealed anew ----------------------------------------------------------------------------


def stored(folder: str = "[0-9a-f][0-9a-f]") -> Iterator[str]:
    """The keys of all stored files, or of those whose name begins with the two signs `folder`."""
    for path in sorted(_folders[0].glob(f"{folder}/[0-9a-f][0-9a-f]/*")):
        storage_key = path.relative_to(_folders[0]).as_posix()
        if _KEY.fullmatch(storage_key):
            yield storage_key


def sealed_by(storage_key: str) -> str:
    """The name of the key that sealed this file; "" where none did, or it is gone."""
    try:
        with _path(storage_key).open("rb") as file:
            return key_of(file.read(LONGEST_HEADER))
    except FileNotFoundError:
        return ""


def reseal(storage_key: str) -> bool:
    """Seal a file anew under the first key of the ring, all of it or not at all.

    False where nothing was to be done: it was already, or it is gone. `VaultError` if it does
    not open.
    """
    path = _path(storage_key)
    if sealed_by(storage_key) in ("", ring().key_id):
        return False
    with _alone_in(path.parent):
        if not path.exists():
            return False
        old = path.stat()
        path.with_suffix(".part").unlink(missing_ok=True)  # of a process that was killed
        _write(path, ring().seal(read(storage_key), _context(storage_key)))
        os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    return True


def sweep(known_keys: Callable[[set[str]], set[str]], older_than: datetime) -> int:
    """Remove files that no row names and that were written before `older_than` (aware).

    `known_keys` gets the keys of one folder at a time and answers which of them rows
    name, so that memory stays bounded. Returns how many files went.
    """
    removed = 0
    for folder in sorted(_folders[0].glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
        old = dict(_older(folder, older_than.timestamp()))
        known = known_keys(set(old)) if old else set()
        for key in old.keys() - known:
            _unlink(old[key])
            removed += 1
    return removed


def _older(folder: Path, moment: float) -> Iterator[tuple[str, Path]]:
    """Key and path of each old file, an abandoned `.part` included."""
    for path in folder.iterdir():
        if path.stat().st_mtime < moment:
            yield path.relative_to(_folders[0]).as_posix(), path
