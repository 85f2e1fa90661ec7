"""Settings: one frozen object, read once from a mapping, refusing nonsense aloud.

Each field carries its environment name, its reader, its default and one
sentence; `docs/settings.md` is made from them (`make docs`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from portal import readers, strength

ROOT = readers.ROOT
DEMO_SECRETS = "demo.env"
PORT = "8000"
SHORTEST_TOKEN = 16


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
    port: int = _setting("PORT", "Port on the loopback address.", readers.whole(1, 65535), PORT)
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
    whatsapp_secret: str = _setting(
        "WHATSAPP_APP_SECRET",
        "Signs what Meta delivers to `/webhook/whatsapp`; two, with a comma, while it changes.",
        secret=True,
    )
    whatsapp_verify_token: str = _setting(
        "WHATSAPP_VERIFY_TOKEN", "Proves the subscription of that address.", secret=True
    )
    whatsapp_token: str = _setting(
        "WHATSAPP_TOKEN", "Opens Meta's interface: files and answers.", secret=True
    )
    whatsapp_number_id: str = _setting(
        "WHATSAPP_PHONE_NUMBER_ID", "The office's number at Meta; deliveries for others are kept."
    )
    whatsapp_url: str = _setting(
        "WHATSAPP_API_URL",
        "Where Meta's interface lies, its version included.",
        readers.url("https", "http"),
        "https://graph.facebook.com/v25.0",
    )
    telephone_token: str = _setting(
        "PORTAL_TELEPHONE_TOKEN",
        "The secret end of `/webhook/telepon/…`, to which the telephone system pushes its calls; "
        "two, with a comma, while it changes.",
        secret=True,
    )
    smtp_url: str = _setting(
        "SMTP_URL",
        "`smtp(s)://user:password@host:port`: warnings to officers, answers to e-mail.",
        readers.url("smtp", "smtps"),
        secret=True,
    )
    mail_from: str = _setting("PORTAL_MAIL_FROM", "The office's address on what it sends.")
    imap_url: str = _setting(
        "IMAP_URL",
        "`imap(s)://user:password@host:port/folder`: the mailbox that is read.",
        readers.url("imap", "imaps"),
        secret=True,
    )
    signer_url: str = _setting(
        "SIGNER_URL",
        "A signing service (such as BSrE's) for signatories whose certificate lies there; left "
        "out, only certificates kept in the portal sign.",
        readers.url("https", "http"),
    )
    signer_token: str = _setting(
        "SIGNER_TOKEN", "`user:password` with which the portal is known there.", secret=True
    )
    timestamp_url: str = _setting(
        "TIMESTAMP_URL",
        "A time-stamp authority (RFC 3161) that dates electronic signatures; left out, they carry "
        "the portal's own clock.",
        readers.url("https", "http"),
    )
    letter_workers: int = _setting(
        "PORTAL_LETTER_WORKERS",
        "Processes that set letters, so that no request waits for another's; `0` sets them in the "
        "process that asks.",
        readers.whole(0, 16),
        "2",
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
        data = str(readers.folder(text_of(mapping, setting("data"))))
        port = text_of(mapping, setting("port"))
        places = {"data": data, "port": port if port.isdecimal() else PORT}
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
        yield from self._unsafe_doors()
        yield from strength.ring_complaints(self.vault_keys)
        mine = {"PORTAL_SECRET_KEY": self.secret_key, "PORTAL_VAULT_KEYS": self.vault_keys}
        for name in strength.shared(mine, kept(self.data / DEMO_SECRETS)):
            yield f"{name} is that of the demo in PORTAL_DATA: production needs its own"

    def _unsafe_doors(self) -> Iterator[str]:
        doors = {
            "WHATSAPP_APP_SECRET": self.whatsapp_secret.split(","),
            "WHATSAPP_VERIFY_TOKEN": [self.whatsapp_verify_token],
            "PORTAL_TELEPHONE_TOKEN": self.telephone_token.split(","),
        }
        for name, given in doors.items():
            if any(0 < len(one.strip()) < SHORTEST_TOKEN for one in given):
                yield f"{name} is weak: at least {SHORTEST_TOKEN} characters that nobody can guess"

    @property
    def demo(self) -> bool:
        """Whether invented people and demo sign-ins are allowed."""
        return self.env == "demo"

    @property
    def files(self) -> Path:
        """The folder of uploads and letters."""
        return Path(urlsplit(self.files_url).path)


def setting(name: str) -> Field[Any]:
    """The field of this name."""
    return next(f for f in fields(Settings) if f.name == name)


def text_of(mapping: Mapping[str, str], setting: Field[Any]) -> str:
    """What the environment says of a field, or its default."""
    return mapping.get(setting.metadata["env"], "").strip() or setting.metadata["default"]


def _value(setting: Field[Any], mapping: Mapping[str, str], places: dict[str, str]) -> Any:
    about = setting.metadata
    given = mapping.get(about["env"], "").strip()
    return about["read"](given or about["default"].format(**places))


def kept(path: Path) -> dict[str, str]:
    """The secrets that were written there, none where there is no such file."""
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


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
