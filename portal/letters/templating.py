"""The templates of letters and what all of them may ask for.

Paper and screen show the same templates; what differs are the parts these are put together from:
`_letter.html` and `_parts.html` for paper, the same names in `screen/` for screens.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from portal.indonesia import dates
from portal.letters.codes import grouped
from portal.letters.text import legible_content

TEMPLATES = Path(__file__).parent / "templates"
SCREEN = TEMPLATES / "screen"

# What a content says that does not say it: letters frozen before a key was known read as they did.
DEFAULTS = {"paper": "A4", "verification": "", "signed": ""}


def complete(content: Mapping[str, Any]) -> dict[str, Any]:
    """`content` with `DEFAULTS`, every text in it legible."""
    return DEFAULTS | dict(legible_content(dict(content)))


def on_paper(name: str) -> Template:
    """The template `name` (without `.html`) with the parts for paper."""
    return _environment(TEMPLATES).get_template(f"{name}.html")


def on_screen(name: str) -> Template:
    """The template `name` (without `.html`) with the parts for screens."""
    return _environment(SCREEN, TEMPLATES).get_template(f"{name}.html")


def _long_date(iso: str) -> str:
    return dates.long_date(date.fromisoformat(iso))


def _weekday_date(iso: str) -> str:
    return dates.weekday_date(date.fromisoformat(iso))


def _short_date(iso: str) -> str:
    return dates.short_date(date.fromisoformat(iso))


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _office_held(signatory: Mapping[str, str]) -> str:
    """The position as it is printed: `Plh. Kepala Dinas`."""
    return f"{signatory.get('capacity') or ''} {signatory['position']}".strip()


def _where_to_verify(address: str) -> str:
    """For those who type: the page, and the code in groups that a finger can follow."""
    page, _slash, code = address.rpartition("/")
    return f"Keaslian surat ini dapat diperiksa di {page} dengan kode {grouped(code)}"


def _sender(signatory: Mapping[str, str]) -> str:
    """Whom a nota dinas is from: `Sekretaris, a.n. Kepala Dinas` where one signs for another."""
    own = signatory.get("below") or ""
    return ", ".join(part for part in (own, _office_held(signatory)) if part)


def _lettered(position: int) -> str:
    """`a.`, `b.` … `z.`, `aa.`: points of Menimbang, counted from 1."""
    return ascii_lowercase[(position - 1) % 26] * (1 + (position - 1) // 26) + "."


def _numbered(position: int) -> str:
    return f"{position}."


@cache
def _environment(*folders: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        long_date=_long_date,
        weekday_date=_weekday_date,
        short_date=_short_date,
        paragraphs=_paragraphs,
        office_held=_office_held,
        sender=_sender,
        where_to_verify=_where_to_verify,
    )
    environment.globals.update(letters=_lettered, digits=_numbered)
    return environment
