"""What an admin sets about letters, in one act: kop, numbers, clauses, paper, and the logo."""

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import LetterKind, Logo, Officer, Setting
from portal.casework.lifecycle import Refused, Stale
from portal.letters import logos, setting_rules
from portal.letters.said import DEFAULTS, GENERAL, OF_A_KIND, Said, key_of, texts
from portal.letters.setting_rules import LOGO
from portal.protection import audit
from portal.wording import _

# These stand in a surat perintah alone.
OF_ORDERS = ("letter_considering", "letter_basis")


def keys(kind: LetterKind) -> list[str]:
    """The settings that a letter of `kind` is made with, but for the logo."""
    absent = {LOGO} if kind is LetterKind.surat_perintah else {LOGO, *OF_ORDERS}
    return [
        *(key for key in GENERAL if key not in absent),
        *(key_of(one, kind) for one in OF_A_KIND),
    ]


def stored(session: Session, kind: LetterKind) -> dict[str, str]:
    """What is set now, by key."""
    said = texts(session)
    return {key: said[key] for key in keys(kind)}


def mark(values: Said) -> str:
    """What a page carries of the values it was opened with, so that a stale one is known."""
    text = json.dumps(dict(values), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save(session: Session, kind: LetterKind, values: Said, seen: str) -> None:
    """Set `values`, some of `keys(kind)`. The session notes each change in the log.

    Raises Refused with what is wrong, Stale where somebody else set something since `seen`.
    """
    now = stored(session, kind)
    if all(now[key] == value for key, value in values.items()):
        return  # as after a double click
    if seen != mark(now):
        raise Stale(_("Pengaturan ini baru saja diubah petugas lain."))
    if wrong := setting_rules.faults(session, values):
        raise Refused(*wrong.values())
    _set(session, values)


def upload_logo(session: Session, png: bytes, officer: Officer) -> Logo:
    """Make `png` (`logos.prepared`) the logo of letters from now on; those issued keep theirs.

    Raises LetterError where it cannot be stored.
    """
    logo = logos.keep(session, png, officer)
    _set(session, {LOGO: logo.sha256})
    audit.record(session, "logo_uploaded", officer, logo)
    return logo


def drop_logo(session: Session) -> None:
    """Back to the placeholder; the picture stays for the letters that name it."""
    _set(session, {LOGO: ""})


def _set(session: Session, values: Said) -> None:
    """A setting that was never stored is stored once it differs from what counts without it."""
    rows = {row.key: row for row in session.scalars(select(Setting).where(Setting.key.in_(values)))}
    for key, value in values.items():
        if key in rows:
            rows[key].value = value
        elif value != DEFAULTS[key]:
            session.add(Setting(key=key, value=value, label=key, label_en=key))
    session.flush()
