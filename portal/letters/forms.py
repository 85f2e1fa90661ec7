"""What the forms signed by hand share: rows of what is known, how people are named, who signs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models import Case, Officer, Person, Report, Victim
from portal.access import gate
from portal.indonesia.dates import is_child
from portal.indonesia.names import initials
from portal.letters import office, signatories
from portal.letters.gaps import Gap
from portal.letters.kinds import INITIALS
from portal.letters.office import UNKNOWN, Labels
from portal.letters.said import Said
from portal.wording import _

Row = list[str]
YES_NO = {True: "ya", False: "tidak", None: UNKNOWN}
UNNAMED = "identitas dirahasiakan atas permintaan pelapor"


# --- rows of a form ---------------------------------------------------------------------------


def asked(name: str, value: str | None) -> Row:
    """A row for what an officer would ask: it says so where nobody knows."""
    return [name, (value or "").strip() or UNKNOWN]


def told(name: str, value: str | None) -> Row | None:
    """A row for what stands on the form only where somebody said it."""
    text = (value or "").strip()
    return [name, text] if text else None


def present(*rows: Row | None) -> list[Row]:
    """The rows there are."""
    return [row for row in rows if row]


def listed(labels: Labels, name: str, codes: Iterable[str] | None) -> str:
    """The labels of `codes`, each once; empty for none."""
    known = list(dict.fromkeys(codes or ()))
    return labels.all(name, known) if known else ""


def counted(items: list[str]) -> str:
    """A line for each; where there are several, with its number."""
    if len(items) < 2:
        return "".join(items)
    return "\n".join(f"{place}. {item}" for place, item in enumerate(items, 1))


# --- people -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """How people are named: as the office wants it of this kind, and who told us anonymously not
    at all, even where they are the victim."""

    said: Said
    unnamed: Person | None = None

    @classmethod
    def of(cls, report: Report, said: Said) -> "Names":
        """As a letter about `report` names them."""
        teller = report.reporter
        return cls(said, teller.person if teller and teller.anonymous else None)

    def __call__(self, person: Person | None) -> str:
        """The name, or what stands for it."""
        if person is None:
            return UNKNOWN
        return UNNAMED if self.hides(person) else office.person_name(person, self.said)

    def hides(self, person: Person) -> bool:
        """Whether this is the one who wishes to stay unnamed."""
        return self.unnamed is not None and person.id == self.unnamed.id

    @property
    def full(self) -> bool:
        """Whether the office has names printed in full."""
        return self.said["names"].strip() != INITIALS

    def opens(self, person: Person) -> bool:
        """Whether what tells who it is (number, address, telephone) may stand there as well.

        A child lives where its guardian lives.
        """
        home = [person, *filter(None, [person.guardian])]
        return self.full and not any(map(self.hides, home))

    def short(self, name: str) -> str:
        """A name of which no person is kept, as the office wants it."""
        return name if self.full else initials(name) or name

    def signs(self, person: Person | None) -> str:
        """The name under a signature; empty, so that a line stands there, where it is not told."""
        named = person is not None and self.opens(person) and (person.name or person.alias)
        return named or ""


def age(victim: Victim) -> str:
    """Age at the incident, or what was estimated of the person; child or adult."""
    years, about = victim.age_at_incident, ""
    if years is None:
        years, about = victim.person.estimated_age, "sekitar "
    if years is None:
        return ""
    return f"{about}{years} tahun ({'anak' if is_child(years) else 'dewasa'})"


# --- who signs --------------------------------------------------------------------------------


def hand(
    session: Session, subject: Case | Report | None, actor: Officer, *who: Officer | None
) -> Officer:
    """The officer who signs: the first of `who` that is active and not kept from `subject`."""
    kept = gate.kept_out(session, subject)
    able = (one for one in who if one and one.active and one.id not in kept)
    return next(able, actor)


def able(session: Session, subject: Case | Report, who: Officer) -> list[int]:
    """Who signs beside the signatory, if they still may."""
    kept = gate.kept_out(session, subject)
    return [who.id] if signatories.able(who) and who.id not in kept else []


def side(role: str, officer: Officer | None = None, name: str = "") -> dict[str, Any]:
    """One who signs, as `two_signatures` prints them; without a name a line to write it on."""
    if officer is None:
        return {"role": role, "name": name, "nip": ""}
    return {"role": role, "name": officer.name, "nip": officer.nip or ""}


def signatory(officer: Officer) -> dict[str, Any]:
    """The officer of whom the register waits for a signature."""
    return office.officer(officer) | {"capacity": "", "below": ""}


def erased(row: Case | Report | None) -> list[Gap]:
    """Nothing can be said of what was erased at the end of its time."""
    if row is None or row.erased_at is None:
        return []
    return [Gap(_("Data ini sudah dihapus sesuai jadwal retensi."))]
