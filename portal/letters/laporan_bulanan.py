"""What a laporan bulanan says: figures of a month, each with what it counts, and no person's name.

The figures come counted (`casework.monthly`); here they become sections, and the list of cases an
annexe. Victims, cases and acts are counted apart and say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import LetterKind, Officer, Role
from portal.indonesia.dates import long_date, month_year
from portal.letters import office
from portal.letters.entry import About, Content, Entry
from portal.letters.gaps import Gap
from portal.letters.said import Said, lines, texts
from portal.letters.signatories import Signer, signer, today, unsigned
from portal.wording import _, speaking

KIND = LetterKind.laporan_bulanan
NONE = "Tidak ada pada bulan ini."
# No number of a case: the report outlives the case, and is read by who must not meet it.
ANNEXE = (
    ("No.", "7%"),
    ("Dibuka", "13%"),
    ("Saluran", "12%"),
    ("Bentuk", "19%"),
    ("Kecamatan", "18%"),
    ("Usia", "10%"),
    ("L/P", "6%"),
    ("Keadaan", "15%"),
)
WHOLE = 100
# How wide the first column is, by how many stand beside it.
WIDE, NARROW, MANY = 28, 22, 5
CONFIDENTIAL = (
    "Laporan ini untuk pimpinan dan tidak memuat nama. Angka di bawah 5 tidak disamarkan di "
    "dalamnya dan dapat menunjuk orang tertentu: jangan diterbitkan dan jangan "
    "diteruskan ke luar kantor."
)
LEGEND = "L: laki-laki, P: perempuan, ?: tidak diketahui; usia dalam tahun saat kejadian."


@dataclass(frozen=True)
class Tally:
    """A table of figures. `unit` is what is counted: laporan, kasus, korban, layanan, …"""

    heading: str
    unit: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Month:
    """A month of the office, counted. `id` is 202611; `cases` are the rows of the annexe but for
    their number in it."""

    id: int
    first: date
    provisional: bool = False
    tallies: Sequence[Tally] = ()
    cases: Sequence[Sequence[str]] = field(default_factory=list)

    def __str__(self) -> str:
        return month_year(self.first)


def content(session: Session, month: Month, actor: Officer) -> Content:
    """The report but for number and date, which `register.issue` adds."""
    said = texts(session, KIND)
    head = office.head(session, None)
    with speaking("id"):
        return office.common(said) | {
            "title": "Laporan bulanan",
            "subtitle": _subtitle(session, month),
            "addressee": _addressee(head, said),
            "addressee_id": head.id if head else None,
            "opening": said["opening"],
            "sections": [*_sections(month), _annexe(month)],
            "closing": said["closing"],
            "signatory": signing(session, actor).printed(),
            "copy_to": lines(said["copies"]),
        }


def signing(session: Session, actor: Officer) -> Signer:
    """Who signs: who the list names today, else the supervisor who issues it."""
    return signer(session, KIND, None, actor, today(session))


def _addressee(head: Officer | None, said: Said) -> str:
    return f"Yth. {(head.position if head else None) or 'Kepala ' + said['kop_office']}"


def _subtitle(session: Session, month: Month) -> str:
    name = f"Bulan {month_year(month.first)}"
    if not month.provisional:
        return name
    return f"{name} (sementara, menurut keadaan {long_date(today(session))})"


def _sections(month: Month) -> list[dict[str, Any]]:
    return [
        {
            "heading": f"{chr(ord('A') + place)}. {one.heading} (satuan: {one.unit})",
            "paragraphs": [*one.notes, *([] if one.rows else [NONE])],
            "table": _table(one) if one.rows else None,
        }
        for place, one in enumerate(month.tallies)
    ]


def _table(tally: Tally) -> dict[str, Any]:
    """The first column is a name, the others share the rest."""
    others = len(tally.heads) - 1
    first = WIDE if others < MANY else NARROW
    share = (WHOLE - first) / others
    return {
        "heads": list(tally.heads),
        "widths": [f"{first}%", *[f"{share:.2f}%"] * others],
        "rows": [list(row) for row in tally.rows],
        "centred": list(range(1, len(tally.heads))),
    }


def _annexe(month: Month) -> dict[str, Any]:
    rows = [[f"{place}.", *row] for place, row in enumerate(month.cases, 1)]
    return {
        "heading": "Lampiran. Kasus yang dibuka bulan ini",
        "paragraphs": [CONFIDENTIAL, LEGEND if rows else NONE],
        "table": {
            "heads": [name for name, _width in ANNEXE],
            "widths": [width for _name, width in ANNEXE],
            "rows": rows,
            "centred": [0, 1],
        }
        if rows
        else None,
    }


def missing(session: Session, month: Month, actor: Officer) -> list[Gap]:
    """A month that has not begun has nothing to tell."""
    ahead = [Gap(_("Bulan ini belum mulai."))] if month.first > today(session) else []
    return ahead + unsigned(lambda: signing(session, actor))


ENTRY = Entry(KIND, Month, content, missing, lambda month: About(), frozenset({Role.supervisor}))
