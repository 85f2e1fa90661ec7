"""The key ring: AES-256-GCM for what is stored, HKDF for every other secret.

A sealed value is `version | length of key id | key id | nonce | ciphertext` and
is bound to its place (table, column, row): moved elsewhere it no longer opens.

The ring is text, `id:base64,id2:base64`, each key 32 bytes. The first key
seals; every key opens what it once sealed. Rotating is putting a new key in
front. Receipts, tokens and hashes must outlive a rotation, so they are derived
from the key named `root`, which never seals, or, in a ring without one, from
the last key: put new keys in front of it and never take it away.
"""

import binascii
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
ROOT = "root"


class VaultError(Exception):
    """A key ring that cannot be used, or a value that does not open here."""


def _expand(key: bytes, info: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=b"ruang-aman", info=info.encode()).derive(key)


def _place(header: bytes, context: Iterable[str]) -> bytes:
    """Associated data: every part behind its length, so no two places read alike."""
    return header + "".join([f"{len(part)}:{part}" for part in context]).encode()


def header(key_id: str) -> bytes:
    """What stands before everything that the key of this name sealed."""
    name = key_id.encode()
    return bytes((VERSION, len(name))) + name


class Ring:
    """Keys by name, in order: the first that is not `root` seals."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """`keys`: 32 bytes each, under names of 1 to 255 bytes; else `VaultError`."""
        sealing = [name for name in keys if name != ROOT]
        if not sealing:
            raise VaultError("the key ring has no key that seals")
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise VaultError(f"every key of the ring has {KEY_BYTES} bytes")
        if any(not 1 <= len(name.encode()) <= 255 for name in keys):
            raise VaultError("the name of a key has 1 to 255 bytes")
        self.key_id = sealing[0]
        self.names = tuple(keys)
        self.root_name = ROOT if ROOT in keys else sealing[-1]
        self._root = keys[self.root_name]
        self._ciphers = {name: AESGCM(_expand(key, "seal")) for name, key in keys.items()}
        self._header = header(self.key_id)
        self._derived: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"Ring({', '.join(self._ciphers)})"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The ring written as `id:base64,id2:base64`; `VaultError` names what is wrong."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            name, separator, encoded = entry.partition(":")
            if not (name and separator) or name in keys:
                raise VaultError("each key is id:base64, each id once")
            keys[name] = _decode(name, encoded)
        return cls(keys)

    def seal(self, plaintext: bytes, context: tuple[str, ...], key_id: str = "") -> bytes:
        """`plaintext` sealed for the place `context` (table, column, row uuid), by the first key.

        `key_id` names another one of the ring.
        """
        nonce, before = secrets.token_bytes(NONCE_BYTES), header(key_id or self.key_id)
        cipher = self._ciphers[key_id or self.key_id]
        return before + nonce + cipher.encrypt(nonce, plaintext, _place(before, context))

    def unseal(self, sealed: bytes, context: tuple[str, ...]) -> bytes:
        """What `seal` was given; `VaultError` if altered, moved, or its key is gone."""
        start = 2 + sealed[1] if len(sealed) > 1 and sealed[0] == VERSION else 0
        body = start + NONCE_BYTES
        if not start or len(sealed) < body:
            raise VaultError("this is no sealed value")
        try:
            cipher = self._ciphers[sealed[2:start].decode()]
            return cipher.decrypt(
                sealed[start:body], sealed[body:], _place(sealed[:start], context)
            )
        except (KeyError, UnicodeDecodeError):
            raise VaultError("the key of this value is not on the ring") from None
        except InvalidTag:
            raise VaultError("this value was altered or belongs elsewhere") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the first key sealed this: what a rotation may pass over."""
        return sealed.startswith(self._header)

    def derive(self, purpose: str) -> bytes:
        """32 secret bytes for one purpose, the same before and after a rotation."""
        if purpose not in self._derived:
            self._derived[purpose] = _expand(self._root, f"derive:{purpose}")
        return self._derived[purpose]


def _decode(name: str, encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except binascii.Error:
        raise VaultError(f"key {name} is not base64") from None


def new_key(key_id: str) -> str:
    """A fresh random entry for the ring."""
    return f"{key_id}:{b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def new_ring() -> str:
    """A fresh ring: one key that seals and the root that everything else is derived from."""
    return f"{new_key('k1')},{new_key(ROOT)}"


def key_of(sealed: bytes) -> str:
    """The name of the key that sealed this (its beginning is enough); "" for anything else."""
    if len(sealed) < 2 or sealed[0] != VERSION:
        return ""
    return sealed[2 : 2 + sealed[1]].decode(errors="replace")


_installed: list[Ring] = []


def install(ring_: Ring) -> None:
    """Make `ring_` the one that this process seals with; called once at the start."""
    _installed[:] = [ring_]


def ring() -> Ring:
    """The installed ring; `VaultError` before the start."""
    if not _installed:
        raise VaultError("no key ring is installed")
    return _installed[0]


def keyed_hash(purpose: str, text: str | bytes) -> bytes:
    """32 bytes that tell equal texts without telling the text: HMAC under the purpose's key."""
    # What comes from outside may hold halves of signs that no encoding knows.
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return hmac.digest(ring().derive(purpose), data, "sha256")
