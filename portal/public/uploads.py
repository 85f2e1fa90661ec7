"""Files handed in on the public site: each one judged by itself, so that one bad one loses none."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import PureWindowsPath
from typing import Any, BinaryIO, cast

from flask import current_app
from werkzeug.datastructures import FileStorage, MultiDict

from portal.casework.arrival import FileFacts
from portal.channels.web import CARD_KIND, OTHER_KIND
from portal.config import Settings
from portal.protection import files
from portal.public.fields import PlainForm
from portal.wording import _

MOST_FILES = 20
LONGEST_NAME = 80
KINDS = {"card_files": CARD_KIND, "other_files": OTHER_KIND}

Kept = dict[str, Any]
Refusals = dict[str, list[str]]


def settings() -> Settings:
    """The settings of this portal."""
    found: Settings = current_app.extensions["settings"]
    return found


def take(form: PlainForm, given: MultiDict[str, FileStorage], kept: list[Kept]) -> Refusals:
    """Store the files handed in with `form`, appended to `kept`; the refused ones by field."""
    refusals: Refusals = {}
    for name, kind in KINDS.items():
        for storage in given.getlist(name) if name in form else ():
            if storage.filename:
                _take_one(storage, kind, kept, refusals.setdefault(name, []))
    return {name: sentences for name, sentences in refusals.items() if sentences}


def _take_one(storage: FileStorage, kind: str, kept: list[Kept], refused: list[str]) -> None:
    try:
        file = _store(storage, kind, len(kept))
    except files.Refused as refusal:
        name = PureWindowsPath(storage.filename or "").name[:LONGEST_NAME]
        refused.append(_("%(name)s: %(why)s", name=name, why=refusal.sentence))
        return
    if handle(file) in map(handle, kept):  # the same file once more, as after a double click
        files.remove(file["storage_key"])
    else:
        kept.append(file)


def _store(storage: FileStorage, kind: str, so_far: int) -> Kept:
    if so_far >= MOST_FILES:
        raise files.Refused(_("Paling banyak %(n)s berkas dalam satu laporan.", n=MOST_FILES))
    limits = files.Limits(size=settings().upload_limit * files.MEGABYTE)
    checked = files.inspect(cast(BinaryIO, storage.stream), storage.filename or "", limits)
    storage_key, sha256 = files.store(checked.data)
    facts = FileFacts(
        kind=kind,
        filename=checked.filename,
        mime=checked.mime,
        size=len(checked.data),
        sha256=sha256,
        storage_key=storage_key,
        flags=checked.flags,
    )
    return asdict(facts)


def facts(kept: Iterable[Kept]) -> list[FileFacts]:
    """Stored files as an `Arrival` takes them."""
    return [FileFacts(**file) for file in kept]


def handle(file: Kept) -> str:
    """How a page names a stored file without saying where it lies."""
    return str(file["sha256"])[:16]


def drop(kept: list[Kept], named: str) -> list[Kept]:
    """Take the file out that a page named with `handle`."""
    for file in kept:
        if handle(file) == named:
            files.remove(file["storage_key"])
    return [file for file in kept if handle(file) != named]
