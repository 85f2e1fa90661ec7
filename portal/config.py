"""Settings: one frozen object, read once from a mapping, refusing nonsense aloud.

Each field carries its environment name, its reader, its default and one
sentence; `docs/settings.md` is made from them (`make docs`).
"""

import os
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from portal import readers, strength

ROOT = readers.ROOT
DEMO_SECRETS = "demo.env"
PLACES = ("PORTAL_DATA", "DATABASE_URL", "PORTAL_FILES_URL", "PORTAL_ANCHORS")
# Names of the contract that this release does not read yet; `flask check` says so when one is set.
RESERVED = ("SMTP_URL", "WHATSAPP_")


class SettingsError(Exception):
    """Settings that are missing, weak or nonsense: a line each that an operator can act on."""

    def __init__(self, *complaints: str) -> None:
        super().__init__(complaints[0])
        self.complaints = complaints


def _setting(
    env: str,
    about: str,
    read: Callable[[str], Any] = readers.text,
    default: str = "",
    secret: bool = False,
) -> Any:
    """A field: the default is text as in the environment and may name {data} and {port}."""
    metadata = {"env": env, "about": about, "read": read, "default": default, "secret": secret}
    return field(repr=not secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one installation is told from outside. Made by `read`, never by hand."""

    env: str = _setting(
        "PORTAL_ENV",
        "`demo`, `production` or `testing`. Left out: `demo` in a data folder that `make run` "
        "made, otherwise `production`.",
        readers.one_of("demo", "production", "testing"),
        "production",
    )
    data: Path = _setting(
        "PORTAL_DATA",
        "Folder of the SQLite database, the uploads and the secrets of the demo.",
        readers.folder,
        "var",
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "`sqlite:///…` or `postgresql+psycopg://…`.",
        readers.url("sqlite", "postgresql+psycopg"),
        "sqlite:///{data}/portal.sqlite3",
        secret=True,
    )
    secret_key: str = _setting(
        "PORTAL_SECRET_KEY", "Signs cookies: at least 32 random characters.", secret=True
    )
    vault_keys: str = _setting(
        "PORTAL_VAULT_KEYS",
        "The key ring, `id:base64,id:base64`, 32 bytes each (`flask keys new` makes one). The "
        "first one seals; receipts and search tokens are derived from the one named `root`.",
        readers.key_ring,
        secret=True,
    )
    public_url: str = _setting(
        "PORTAL_PUBLIC_URL",
        "The address people type: printed on letters as the address of the verification page.",
        readers.url("https", "http"),
        "http://localhost:{port}",
    )
    port: int = _setting("PORT", "Port on the loopback address.", readers.whole(1, 65535), "8000")
    proxies: int = _setting(
        "PORTAL_PROXIES",
        "How many reverse proxies stand before the portal: only then are `X-Forwarded-For` and "
        "`X-Forwarded-Proto` believed.",
        readers.whole(0, 5),
        "0",
    )
    upload_limit: int = _setting(
        "PORTAL_UPLOAD_MEGABYTES", "Largest file, in megabytes.", readers.whole(1, 200), "25"
    )
    idle_minutes: int = _setting(
        "PORTAL_IDLE_MINUTES",
        "An officer who does nothing is signed out.",
        readers.whole(5, 720),
        "15",
    )
    session_hours: int = _setting(
        "PORTAL_SESSION_HOURS",
        "The longest an officer stays signed in, however busy.",
        readers.whole(1, 24),
        "12",
    )
    files_url: str = _setting(
        "PORTAL_FILES_URL",
        "Folder of uploads and letters.",
        readers.url("file"),
        "file://{data}/files",
    )
    valkey_url: str = _setting(
        "VALKEY_URL",
        "`valkey://host:port`: counters of rate limits shared by several processes or hosts. Left "
        "out, each process counts by itself.",
        readers.url("valkey", "valkeys"),
        secret=True,
    )
    backups: Path | None = _setting(
        "PORTAL_BACKUPS",
        "Folder of the daily backups, on another disk if there is one; `off`: none are made.",
        readers.folder_or_off,
        "{data}/backups",
    )
    clamd_url: str = _setting(
        "CLAMD_URL",
        "ClamAV's daemon, `tcp://host:port` or `unix:///path`: files that are handed in stay in "
        "quarantine until it has scanned them. Left out, files are not scanned and say so.",
        readers.url("tcp", "unix"),
    )
    anchors: Path = _setting(
        "PORTAL_ANCHORS",
        "File outside the database that tells how far the audit log went; copy it elsewhere, too.",
        readers.folder,
        "{data}/audit-anchors.jsonl",
    )
    demo_password: str = _setting(
        "PORTAL_DEMO_PASSWORD",
        "Password of every demo sign-in; left out, a random one is made and printed.",
        secret=True,
    )

    @classmethod
    def read(cls, mapping: Mapping[str, str]) -> Self:
        """The settings of `mapping`; `SettingsError` names every one that cannot stand."""
        data = str(readers.folder(_given(mapping, _field("data"))))
        places = {"data": data, "port": _given(mapping, _field("port"))}
        values, wrong = {}, [*_unknown(mapping)]
        for one in fields(cls):
            try:
                values[one.name] = _value(one, mapping, places)
            except ValueError as error:
                wrong.append(f"{one.metadata['env']} {error}")
        if not wrong:
            settings = cls(**values)
            wrong = [*settings.complaints(), *_debugging(settings, mapping)]
        if wrong:
            raise SettingsError(*wrong)
        return settings

    def complaints(self) -> Iterator[str]:
        """What is missing, weak or makes no sense together, a sentence each."""
        if strength.weak(self.secret_key):
            yield "PORTAL_SECRET_KEY is missing or weak: at least 32 random characters"
        if not self.vault_keys:
            yield "PORTAL_VAULT_KEYS is missing: `flask --app portal.app keys new` prints a ring"
        if self.env == "production":
            yield from self._unsafe_in_production()

    def _unsafe_in_production(self) -> Iterator[str]:
        if not self.public_url.startswith("https://"):
            yield "PORTAL_PUBLIC_URL must be the https:// address people type"
        if self.demo_password:
            yield "PORTAL_DEMO_PASSWORD is for PORTAL_ENV=demo alone"
        if strength.known(self.secret_key):
            yield "PORTAL_SECRET_KEY is not random: `flask --app portal.app keys new` prints one"
        yield from strength.ring_complaints(self.vault_keys)
        mine = {"PORTAL_SECRET_KEY": self.secret_key, "PORTAL_VAULT_KEYS": self.vault_keys}
        for name in strength.shared(mine, _kept(self.data / DEMO_SECRETS)):
            yield f"{name} is that of the demo in PORTAL_DATA: production needs its own"

    @property
    def demo(self) -> bool:
        """Whether invented people and demo sign-ins are allowed."""
        return self.env == "demo"

    @property
    def files(self) -> Path:
        """The folder of uploads and letters."""
        return Path(urlsplit(self.files_url).path)


def _field(name: str) -> Field[Any]:
    return next(f for f in fields(Settings) if f.name == name)


def _given(mapping: Mapping[str, str], setting: Field[Any]) -> str:
    return mapping.get(setting.metadata["env"], "").strip() or setting.metadata["default"]


def _value(setting: Field[Any], mapping: Mapping[str, str], places: dict[str, str]) -> Any:
    about = setting.metadata
    given = mapping.get(about["env"], "").strip()
    return about["read"](given or about["default"].format(**places))


def _debugging(settings: Settings, mapping: Mapping[str, str]) -> Iterator[str]:
    """Werkzeug's debugger lets whoever causes an error run programs."""
    asked = mapping.get("FLASK_DEBUG", "").strip().lower()
    if settings.env == "production" and asked not in ("", "0", "f", "false", "n", "no", "off"):
        yield "FLASK_DEBUG must not be set in production"


def _unknown(mapping: Mapping[str, str]) -> Iterator[str]:
    known = {f.metadata["env"] for f in fields(Settings)}
    for name in sorted(mapping):
        if name.startswith("PORTAL_") and name not in known:
            yield f"{name} is not a setting (docs/settings.md lists them)"


# --- from the environment; the demo keeps its own secrets --------------------------------


def environment(mapping: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; in the demo, secrets come from the data folder."""
    given = dict(os.environ if mapping is None else mapping)
    folder = readers.folder(_given(given, _field("data")))
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
    kept = readers.folder(_given(given, _field("data"))) / DEMO_SECRETS
    keys = given.get("PORTAL_VAULT_KEYS") or _kept(kept).get("PORTAL_VAULT_KEYS", "")
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
    return _kept(path)


def _kept(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


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
