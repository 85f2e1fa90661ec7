"""The settings of this process, and the secrets that the demo makes and keeps for itself."""

import os
import secrets
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from portal import readers
from portal.config import DEMO_SECRETS, Settings, kept, setting, text_of

PLACES = ("PORTAL_DATA", "DATABASE_URL", "PORTAL_FILES_URL", "PORTAL_ANCHORS")


def environment(mapping: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; in the demo, secrets come from the data folder."""
    given = dict(os.environ if mapping is None else mapping)
    folder = readers.folder(text_of(given, setting("data")))
    if not given.get("PORTAL_ENV") and (folder / DEMO_SECRETS).exists():
        given["PORTAL_ENV"] = "demo"
    if given.get("PORTAL_ENV") == "demo":
        given = demo_secrets(folder) | {name: text for name, text in given.items() if text}
    return Settings.read(given)


def for_restore(
    into: Path | None, database: str | None, mapping: Mapping[str, str] | None = None
) -> Settings:
    """Where to restore to, and the keys: whatever else is not set yet can wait.

    `into` is a data folder (its database and files), `database` a URL; without them the places
    of the environment.
    """
    given = dict(os.environ if mapping is None else mapping)
    place = readers.folder(text_of(given, setting("data"))) / DEMO_SECRETS
    keys = given.get("PORTAL_VAULT_KEYS") or kept(place).get("PORTAL_VAULT_KEYS", "")
    places = {name: given[name] for name in PLACES if given.get(name)}
    if into is not None:
        places = {"PORTAL_DATA": str(into.absolute())}
    if database is not None:
        places["DATABASE_URL"] = database
    passing = {"PORTAL_ENV": "testing", "PORTAL_SECRET_KEY": secrets.token_urlsafe(48)}
    return Settings.read(places | passing | {"PORTAL_VAULT_KEYS": keys})


def demo_secrets(folder: Path) -> dict[str, str]:
    """The secrets of the demo in `folder`, mode 0600: made the first time, then the same."""
    path = folder / DEMO_SECRETS
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [f"{name}={value}\n" for name, value in _new_secrets().items()]
        _write_private(path, "".join(lines))
    return kept(path)


def _new_secrets() -> dict[str, str]:
    keys = {name: b64encode(secrets.token_bytes(32)).decode() for name in ("demo", "root")}
    return {
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_VAULT_KEYS": ",".join(f"{name}:{key}" for name, key in keys.items()),
        "PORTAL_DEMO_PASSWORD": secrets.token_urlsafe(12),
    }


def _write_private(path: Path, text: str) -> None:
    """All of it or nothing: two processes that start together agree on one file."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
