"""What letters take from the office's settings and lists: kop, people, labels."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Case,
    CodeItem,
    Officer,
    PartnerInstitution,
    Person,
    Region,
    Report,
    Role,
    Victim,
)
from portal.access import gate
from portal.indonesia.dates import is_child
from portal.indonesia.names import initials
from portal.letters.kinds import INITIALS
from portal.letters.said import Said


def points(items: list[str]) -> list[str]:
    """The points of an enumeration: each ends with a semicolon, the last with a full stop."""
    bare = [item.rstrip(" .;,") for item in items]
    return [f"{item};" for item in bare[:-1]] + [f"{item}." for item in bare[-1:]]


def letterhead(said: Said) -> dict[str, str]:
    """The kop, from `texts`."""
    return {part: said[f"kop_{part}"] for part in LETTERHEAD}


LETTERHEAD = ("government", "office", "unit", "address", "contact", "logo")


def common(said: Said) -> dict[str, Any]:
    """What every letter carries."""
    return {
        "letterhead": letterhead(said),
        "classification": said["letter_sifat"],
        "place": said["letter_city"],
        "paper": said["letter_paper"].strip().upper() or "A4",
    }


def partner(row: PartnerInstitution) -> list[str]:
    """An institution as an addressee: its name, then where it is, a line each."""
    where = [line.strip() for line in (row.address or "").splitlines() if line.strip()]
    return [f"Yth. {row.name}", *(where or ["di tempat"])]


UNKNOWN = "tidak diketahui"

# --- people ---------------------------------------------------------------------------------


def officer(row: Officer) -> dict[str, Any]:
    """An officer as letters name them; what is unknown is an empty text."""
    return {
        "id": row.id,
        "name": row.name,
        "rank": row.rank or "",
        "nip": row.nip or "",
        "position": row.position or "",
    }


def head(session: Session, case: Case | None) -> Officer | None:
    """The head of the office: the active officer of that role who has been there longest.

    None where the only one must not meet `case`.
    """
    heads = select(Officer).where(Officer.role == Role.pimpinan, Officer.active)
    kept = gate.kept_out(session, case)
    known = session.scalars(heads.order_by(Officer.id))
    return next((one for one in known if one.id not in kept), None)


def victim_name(victim: Victim, said: Said) -> str:
    """Name or alias, or initials where the office wants no more (`texts` of the kind)."""
    return person_name(victim.person, said)


def person_name(person: Person, said: Said) -> str:
    """As `victim_name`, of anybody."""
    name = person.name or person.alias
    if not name:
        return "nama tidak diketahui"
    return initials(name) or name if said["names"].strip() == INITIALS else name


def age(victim: Victim) -> str:
    """Age at the incident: `9 tahun (anak)`."""
    years = victim.age_at_incident
    if years is None:
        return UNKNOWN
    return f"{years} tahun (anak)" if is_child(years) else f"{years} tahun"


# --- lists ----------------------------------------------------------------------------------


class Labels:
    """Indonesian labels of the code lists, read once a letter: `labels("sex", "perempuan")`."""

    def __init__(self, session: Session) -> None:
        self._labels = {(row.list_name, row.code): row.label for row in _items(session)}

    def __call__(self, list_name: str, code: str | None) -> str:
        """The label; `-` for nothing, the code itself where no list has it."""
        return self._labels.get((list_name, code), code) if code else "-"

    def codes(self, list_name: str) -> list[str]:
        """The codes of a list in the office's order."""
        return [code for name, code in self._labels if name == list_name]

    def all(self, list_name: str, codes: list[str] | None) -> str:
        """Several labels, `; ` between them; `-` for none."""
        return "; ".join(self(list_name, code) for code in codes or []) or "-"


def _items(session: Session) -> list[CodeItem]:
    return list(session.scalars(select(CodeItem).order_by(CodeItem.position, CodeItem.id)))


def place(incident: Case | Report, labels: Labels) -> str:
    """Where it happened, as far as statistics know it: kind of place and region."""
    outside = "di luar Kota Malang" if incident.outside_city else None
    kind = labels("tempat_kejadian", incident.place_kind) if incident.place_kind else None
    return ", ".join(part for part in (kind, region(incident.region) or outside) if part) or UNKNOWN


def region(row: Region | None) -> str:
    """`Kelurahan Sawojajar`; the level is told, since five names stand on both."""
    return f"{row.level.capitalize()} {row.name}" if row else ""


def day(value: date | None) -> str:
    """`24/11/2026` for tables, `-` for none."""
    return f"{value:%d/%m}/{value.year:04d}" if value else "-"
