"""Reading an archive from end to end: nothing in it is believed before it is authenticated."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from portal.protection.backup import archive, rows
from portal.protection.backup.stream import Altered, BackupError, Opener
from portal.protection.vault import VaultError, key_of, ring

_PROBE = b"ruang aman"


@dataclass(frozen=True)
class Head:
    """What an archive says of itself at its beginning."""

    made_at: datetime
    database: str
    revision: str
    tables: dict[str, rows.Columns]


@dataclass(frozen=True)
class Summary:
    """What an archive holds."""

    head: Head
    rows: int
    files: int
    erased: int
    absent: int
    beside: tuple[str, ...]


class Taker(Protocol):
    """Somebody who is handed the parts of an archive, in their order."""

    def begin(self, head: Head) -> None:
        """The archive begins."""

    def table(self, name: str, values: list[dict[str, Any]]) -> None:
        """Some rows of a table."""

    def file(self, key: str, data: bytes) -> None:
        """A stored file, sealed."""

    def beside(self, name: str, data: bytes) -> None:
        """A signed file that lies beside the database."""


class Nobody:
    """Takes nothing: for who only wants to know whether an archive is whole."""

    def begin(self, head: Head) -> None:
        """Nothing."""

    def table(self, name: str, values: list[dict[str, Any]]) -> None:
        """Nothing."""

    def file(self, key: str, data: bytes) -> None:
        """Nothing."""

    def beside(self, name: str, data: bytes) -> None:
        """Nothing."""


def verify(path: Path) -> Summary:
    """Read all of `path` and write nothing; `BackupError` says what is wrong with it."""
    return read(path, Nobody())


def read(path: Path, taker: Taker) -> Summary:
    """Hand everything in `path` to `taker`.

    Raises `BackupError`. Only when this returns the archive is known to be whole:
    what `taker` did before must be undone otherwise.
    """
    try:
        with path.open("rb") as file:
            return _read(Opener(file, ring().derive("backup")), taker)
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from None


def _read(opener: Opener, taker: Taker) -> Summary:
    members = archive.read(opener)
    name, data = next(members, ("", b""))
    if name != archive.HEAD:
        raise Altered
    told = json.loads(data)
    head, keys = _head(told), _Keys(told)
    keys.demand(told["key"])
    taker.begin(head)
    counted: Counter[str] = Counter()
    manifest, beside = None, []
    for name, data in members:
        kind, _, rest = name.partition("/")
        if kind == "database":
            table = rest.partition("/")[0]
            values = rows.unpack(data, head.tables[table])
            counted[table] += len(values)
            keys.met_in(values)
            taker.table(table, values)
        elif kind == "files":
            counted["/files"] += 1
            keys.met(data)
            taker.file(rest, data)
        elif kind == "beside":
            beside.append(rest)
            taker.beside(rest, data)
        else:
            manifest = json.loads(data)
    keys.demand()
    return _summary(head, manifest, counted, beside)


def _summary(head: Head, manifest: Any, counted: Counter[str], beside: list[str]) -> Summary:
    """Compare what was found with what the manifest counts."""
    if manifest is None:
        raise Altered
    files = manifest["files"]
    if counted.pop("/files", 0) != files["stored"] or counted != Counter(manifest["rows"]):
        raise Altered
    return Summary(
        head=head,
        rows=counted.total(),
        files=files["stored"],
        erased=files["erased_meanwhile"],
        absent=len(files["absent"]),
        beside=tuple(beside),
    )


def _head(found: dict[str, Any]) -> Head:
    if found["format"] != archive.FORMAT:
        raise BackupError("this backup was made by a newer release of the portal")
    return Head(
        made_at=datetime.fromisoformat(found["made_at"]),
        database=found["database"],
        revision=found["revision"],
        tables=found["tables"],
    )


def probes(made_at: str) -> dict[str, str]:
    """Something sealed by each key of the ring, to tell later whether a ring still has it."""
    return {name: ring().seal(_PROBE, _place(made_at), name).hex() for name in ring().names}


def _place(made_at: str) -> tuple[str, str, str]:
    return "backup", "probe", made_at


class _Keys:
    """The keys that sealed what an archive holds, several while a rotation is under way."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._probes, self._place = told["probes"], _place(told["made_at"])
        self._needed: set[str] = set()

    def met_in(self, values: list[dict[str, Any]]) -> None:
        """Rows were read."""
        for row in values:
            for value in row.values():
                if isinstance(value, bytes):
                    self.met(value)

    def met(self, sealed: bytes) -> None:
        """Something was read that a key may have sealed."""
        if (name := key_of(sealed)) in self._probes:
            self._needed.add(name)

    def demand(self, *also: str) -> None:
        """Raise BackupError unless the ring has every key that was met, and `also` these."""
        self._needed |= set(also)
        if lacking := sorted(name for name in self._needed if not self._has(name)):
            raise BackupError(
                f"the key ring lacks the key {', '.join(lacking)} that sealed what this backup "
                "holds: add it to PORTAL_VAULT_KEYS"
            )

    def _has(self, name: str) -> bool:
        try:
            return bool(ring().unseal(bytes.fromhex(self._probes[name]), self._place))
        except VaultError:
            return False
