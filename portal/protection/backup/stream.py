"""An encrypted stream: AES-256-GCM in chunks, none of which can be changed, moved or left out.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, "Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015), as the
file format age uses it: every nonce is the number of the chunk and whether it is
the last one, under a key that belongs to this archive alone (HKDF of the ring's
backup key and a random salt). A stream that was cut, even between two chunks,
lacks its last one.
"""

import hmac
import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"RUANG-AMAN-BACKUP-1\n"
SALT_BYTES = 32
CHECK_BYTES = 16
CHUNK = 64 * 1024
TAG_BYTES = 16


class BackupError(Exception):
    """Why an archive cannot be made, read or restored; one line an operator can act on."""


class Altered(BackupError):
    """The archive is not as it was written."""

    def __init__(self) -> None:
        super().__init__("this archive was altered or cut off: do not trust it, take another one")


def _expand(key: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=salt, info=MAGIC + purpose).derive(key)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))


class Sealer:
    """Encrypts what is written to it; nothing counts until `finish` has been called."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        """Begin an archive in `file` under the backup `key` of the ring."""
        salt = secrets.token_bytes(SALT_BYTES)
        self._file, self._number, self._waiting = file, 0, bytearray()
        self._cipher = AESGCM(_expand(key, salt, b"chunks", 32))
        file.write(MAGIC + salt + _expand(key, salt, b"check", CHECK_BYTES))

    def write(self, data: bytes) -> int:
        """Take `data`; what fills a chunk is encrypted and written."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._chunk(CHUNK, last=False)
        return len(data)

    def finish(self) -> None:
        """Write the last chunk."""
        self._chunk(len(self._waiting), last=True)

    def _chunk(self, size: int, last: bool) -> None:
        plain = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), plain, None))
        self._number += 1


class Opener:
    """Decrypts what `Sealer` wrote; gives out nothing that was not authenticated."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        """Begin to read `file`; `BackupError` if it is no archive of this key."""
        head = file.read(len(MAGIC) + SALT_BYTES + CHECK_BYTES)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + SALT_BYTES + CHECK_BYTES:
            raise BackupError("this is no backup of the portal, or its beginning was altered")
        salt, check = head[len(MAGIC) : -CHECK_BYTES], head[-CHECK_BYTES:]
        if not hmac.compare_digest(check, _expand(key, salt, b"check", CHECK_BYTES)):
            raise BackupError(
                "this backup belongs to another key ring, or its beginning was altered: "
                "PORTAL_VAULT_KEYS must hold the `root` key of the installation that made it"
            )
        self._file, self._number = file, 0
        self._cipher = AESGCM(_expand(key, salt, b"chunks", 32))
        self._ahead = file.read(CHUNK + TAG_BYTES)
        self._ready = bytearray()
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, fewer only at the end; `Altered` where a chunk is not genuine."""
        while len(self._ready) < size and not self._ended:
            self._chunk()
        found = bytes(self._ready[:size])
        del self._ready[:size]
        return found

    def finish(self) -> None:
        """Read on to the end, which must be padding alone."""
        while rest := self.read(CHUNK):
            if rest.strip(b"\0"):
                raise Altered

    def _chunk(self) -> None:
        now, self._ahead = self._ahead, self._file.read(CHUNK + TAG_BYTES)
        self._ended = not self._ahead
        try:
            self._ready += self._cipher.decrypt(_nonce(self._number, self._ended), now, None)
        except InvalidTag:
            raise Altered from None
        self._number += 1
