"""Where an upload waits while its request is read: what does not fit into memory lies in a
temporary file, sealed with a key that nobody keeps."""

import io
import secrets
from tempfile import SpooledTemporaryFile
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

IN_MEMORY = 500_000  # bytes; as much as Werkzeug keeps there
BLOCK = 16


class Spool(io.RawIOBase):
    """A file as Werkzeug writes one, from front to end and once, and everybody reads it.

    AES-256-CTR: the key is this object's alone and no place is written twice, so that no counter
    is used for two texts. Nothing is authenticated: only this process ever reads it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._key = AES256(secrets.token_bytes(32))
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed with this object)

    def readable(self) -> bool:
        """It is."""
        return True

    writable = seekable = readable

    def write(self, data: Any) -> int:
        """Seal the next piece."""
        self._file.write(self._turned(bytes(data)))
        return len(data)

    def readinto(self, buffer: Any) -> int:
        """The next piece into `buffer`."""
        plain = self._next(len(buffer))
        buffer[: len(plain)] = plain
        return len(plain)

    def readall(self) -> bytes:
        """All that follows, in one go."""
        return self._next(-1)

    def _next(self, size: int) -> bytes:
        at = self._file.tell()
        sealed = self._file.read(size)
        return self._turned(sealed, at)

    def _turned(self, data: bytes, at: int | None = None) -> bytes:
        """Sealed or opened, which is the same, for its place."""
        block, within = divmod(self._file.tell() if at is None else at, BLOCK)
        stream = Cipher(self._key, CTR(block.to_bytes(BLOCK, "big"))).encryptor()
        stream.update(bytes(within))
        return stream.update(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        self._file.seek(offset, whence)
        return self._file.tell()

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def close(self) -> None:
        """The file is gone with it."""
        self._file.close()
        super().close()
