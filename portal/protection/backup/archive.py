"""What lies inside an archive: a tar of small members, in the order they are needed.

`archive.json` tells what it is (release of the tables, columns, keys);
`database/<table>/<n>.jsonl.gz` hold the rows, `files/…` the sealed files as they
lie in the folder, `beside/…` the signed files beside the database;
`manifest.json` counts all of it, and `SHA256SUMS` names every member with its
digest. Plain formats: whoever has the key can read them without this program.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from portal.protection.backup.stream import Altered, Opener, Sealer

HEAD, MANIFEST, SUMS = "archive.json", "manifest.json", "SHA256SUMS"
FORMAT = 1
IN_MEMORY = 1_000_000
_NAMES = re.compile(
    r"archive\.json|manifest\.json|SHA256SUMS|database/[a-z0-9_]+/\d{6}\.jsonl\.gz"
    r"|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}|beside/[a-z-]+\.jsonl"
)


class Writer:
    """Adds members one after the other; `finish` makes it an archive."""

    def __init__(self, sealer: Sealer, made_at: float) -> None:
        self._sealer, self._made_at = sealer, int(made_at)
        self._tar = tarfile.open(fileobj=sealer, mode="w|", format=tarfile.PAX_FORMAT)  # type: ignore[call-overload]  # noqa: SIM115
        self._sums = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115

    def add(self, name: str, data: bytes) -> None:
        """Add one member."""
        self._sums.write(_line(name, data))
        self._append(name, data)

    def add_json(self, name: str, content: Any) -> None:
        """Add a member of JSON."""
        self.add(name, json.dumps(content, indent=1).encode())

    def finish(self) -> None:
        """Add the list of digests and close the tar and the stream."""
        self._append_from(SUMS, self._sums, self._sums.tell())
        self._tar.close()
        self._sealer.finish()

    def _append(self, name: str, data: bytes) -> None:
        self._append_from(name, io.BytesIO(data), len(data))

    def _append_from(self, name: str, source: Any, size: int) -> None:
        source.seek(0)
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, self._made_at, 0o600
        self._tar.addfile(member, source)


def _line(name: str, data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode()


def read(opener: Opener) -> Iterator[tuple[str, bytes]]:
    """Name and content of every member but the list of digests, which is compared.

    Raises `Altered` for anything that is not as it was written. The last member
    has been read only when the iteration has come to its end.
    """
    found, listed = hashlib.sha256(), None
    try:
        with tarfile.open(fileobj=opener, mode="r|") as tar:  # type: ignore[call-overload]
            for member in tar:
                if member.name == SUMS:
                    listed = _digest(tar.extractfile(member))
                    continue
                data = _content(tar, member)
                found.update(_line(member.name, data))
                yield member.name, data
    except (tarfile.TarError, EOFError):
        raise Altered from None
    opener.finish()
    if listed != found.digest():
        raise Altered


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member) if member.isreg() else None
    if file is None or not _NAMES.fullmatch(member.name):
        raise Altered
    return file.read()


def _digest(file: Any) -> bytes:
    digest = hashlib.sha256()
    while block := file.read(IN_MEMORY):
        digest.update(block)
    return digest.digest()
