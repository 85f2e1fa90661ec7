"""Files that are only compared: read as a stream, remembered as a fingerprint, kept nowhere."""

import hashlib
import io
from typing import IO, Any, cast

from flask import Request
from werkzeug.datastructures import FileStorage

from portal.protection.spool import Spool

# Where a file that is handed in is compared and nothing else.
COMPARED = "/verifikasi/"
MEGABYTE = 1_000_000
LARGEST = 25 * MEGABYTE


class Fingerprinting(io.RawIOBase):
    """What an upload is written into: it counts and hashes, and forgets the bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.digest, self.size = hashlib.sha256(), 0

    def write(self, data: Any) -> int:
        """Take the next piece into the fingerprint."""
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """There is nothing to go back to."""
        return 0


class ComparingRequest(Request):
    """A request whose files are written to no disk where they are only compared, and to none in
    the clear."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        compared = self.path.startswith(COMPARED)
        return cast(IO[bytes], Fingerprinting() if compared else Spool())


def of(file: FileStorage | None) -> Fingerprinting | None:
    """What is left of an upload, None where nothing was chosen."""
    stream: Any = file.stream if file is not None and file.filename else None
    return stream if isinstance(stream, Fingerprinting) else None
