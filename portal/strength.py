"""Is a secret a secret? What no installation may keep its people's names with."""

from base64 import b64decode
from collections.abc import Iterator
from itertools import pairwise

# Words that stand in examples, tests and templates, never in 32 random bytes.
SPOKEN = (
    *("uji-coba", "contoh", "example", "changeme", "change-me", "ganti-", "gantilah", "rahasia"),
    *("password", "passwort", "secret", "default", "insecure", "development", "testing", "dummy"),
)
LEAST = 32


def weak(secret: str) -> bool:
    """Too short or too regular to keep anything secret."""
    return len(secret) < LEAST or len(set(secret)) < 10


def known(secret: str) -> bool:
    """Something a person made up, or a pattern: it can be guessed, however long it is."""
    lowered = secret.lower()
    return any(word in lowered for word in SPOKEN) or patterned(secret.encode())


def patterned(secret: bytes) -> bool:
    """A short piece repeated, or bytes that count up or down."""
    repeated = any(
        secret == (secret[:length] * len(secret))[: len(secret)]
        for length in range(1, len(secret) // 2 + 1)
    )
    steps = {(after - before) % 256 for before, after in pairwise(secret)}
    return repeated or len(steps) <= 2


def ring_keys(ring: str) -> dict[str, bytes]:
    """The keys of a ring that has been read, by name."""
    entries = (entry.strip().partition(":") for entry in ring.split(",") if entry.strip())
    return {name: b64decode(encoded) for name, _, encoded in entries}


def ring_complaints(ring: str) -> Iterator[str]:
    """What is wrong with the keys of a ring, one sentence each."""
    keys = ring_keys(ring)
    for name, key in keys.items():
        if patterned(key) or (key.isascii() and key.decode().isprintable()):
            yield f"PORTAL_VAULT_KEYS: the key {name} is not random: `keys new` prints a ring"
    if len(set(keys.values())) < len(keys):
        yield "PORTAL_VAULT_KEYS holds the same key under two names"


def shared(mine: dict[str, str], theirs: dict[str, str]) -> Iterator[str]:
    """Names of secrets in `mine` that stand in `theirs`, too, be it as one key of the ring."""
    for name, secret in mine.items():
        other = theirs.get(name, "")
        if name == "PORTAL_VAULT_KEYS":
            if set(ring_keys(secret).values()) & set(ring_keys(other).values()):
                yield name
        elif secret and secret == other:
            yield name
