"""What a surat perintah says: who is sent where, when, to do what, on which basis.

Officers carry it, so it names the case by its number and no victim at all. Form and order:
Permendagri 1/2023 (menimbang, dasar, memerintahkan, kepada, untuk).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import Case, LetterKind, Officer, Order
from portal.indonesia.dates import long_date
from portal.letters import LetterError, office
from portal.letters.entry import About, Entry
from portal.letters.gaps import Gap
from portal.letters.said import lines, texts
from portal.letters.signatories import Signer, signer, today, unsigned
from portal.wording import _, speaking

KIND = LetterKind.surat_perintah


def content(
    session: Session,
    case: Case,
    order: Order,
    officers: Sequence[Officer],
    counsellor: Officer,
    actor: Officer,
) -> dict[str, Any]:
    """The letter's content but for number and date, which `register.issue` adds.

    Of `order` only its own columns are read (task, place, dates, basis): it need not be stored
    yet. `counsellor` will lead the case, `actor` approves it and signs where neither the list of
    signatories nor that of officers names a head. Raises LetterError where the first names nobody
    active.
    """
    said = texts(session, KIND)
    signatory = signing(session, case, actor)
    with speaking("id"):
        return office.common(said) | {
            "considering": office.points(_considering(said, case)),
            "basis": office.points(lines(order.basis)),
            "officers": [office.officer(one) for one in officers],
            "tasks": office.points(_tasks(order, counsellor)),
            "closing": said["closing"],
            "signatory": signatory.printed(),
            "copy_to": lines(said["copies"]),
        }


def signing(session: Session, case: Case, actor: Officer) -> Signer:
    """Who signs: who the list names today, else the head, else the supervisor who approves."""
    head = office.head(session, case)
    return signer(session, KIND, case, head or actor, today(session))


def usual_basis(session: Session) -> str:
    """The legal basis from the settings, a line each: what the order form is filled with."""
    return texts(session)["letter_basis"]


def _considering(said: dict[str, str], case: Case) -> list[str]:
    known = f"bahwa pengaduan yang dicatat sebagai kasus Nomor {case.number} telah diverifikasi"
    return [known, *lines(said["letter_considering"])]


def _tasks(order: Order, counsellor: Officer) -> list[str]:
    place = "Bertemu di titik temu aman" if order.safe_meeting_point else "Bertempat di"
    separator = ": " if order.safe_meeting_point else " "
    return [
        *lines(order.task),
        f"{place}{separator}{' '.join(order.place.split())}",
        f"Melaksanakan tugas {_period(order.starts_on, order.ends_on)}",
        f"Berkoordinasi dengan {counsellor.name} sebagai konselor penanggung jawab kasus",
        "Melaporkan hasil pelaksanaan tugas kepada pemberi perintah",
    ]


def _period(start: date, end: date) -> str:
    if start == end:
        return f"pada tanggal {long_date(start)}"
    return f"mulai tanggal {long_date(start)} sampai dengan tanggal {long_date(end)}"


# --- the same letter again, from what is stored ------------------------------------------------


def _again(session: Session, order: Order, actor: Officer) -> dict[str, Any]:
    counsellor = order.case.counsellor
    if counsellor is None:
        raise LetterError(_("Konselor penanggung jawab belum ditetapkan."))
    sent = [one.officer for one in order.assignments]
    return content(session, order.case, order, sent, counsellor, actor)


def _missing(session: Session, order: Order, actor: Officer) -> list[Gap]:
    return unsigned(lambda: signing(session, order.case, actor))


ENTRY = Entry(KIND, Order, _again, _missing, lambda order: About(order.case))
