"""Failures to protect personal data: register, the 3 x 24 hours, and the draft of the notice.

UU 27/2022 art. 46: in writing, to the people and to the agency, at the latest 3 x 24 hours after
it was found; with the data that came out, when and how, and what is done about it. In certain
cases the public must be told as well (art. 46(3)).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Breach, BreachState, DataRequest, Officer, Role
from portal import notices, numbering
from portal.casework import holds
from portal.casework.lifecycle import Refused, lock
from portal.indonesia import dates
from portal.letters import office, said
from portal.protection import audit
from portal.wording import _, speaking
from portal.wording import lazy as _l

REGISTER, NUMBER = "kegagalan_data", "KD-{year}-{number:04d}"
TIME = timedelta(hours=72)
REMIND = timedelta(hours=24)
CONCERNED = (Role.supervisor, Role.pimpinan, Role.admin)
AGENCY, PEOPLE = "lembaga", "orang"
TEMPLATE = "pemberitahuan_kegagalan"


@dataclass(frozen=True)
class Rule:
    """One act on a breach, and what it is called."""

    act: str
    label: Any
    done: Any
    grave: bool = False


RULES = {
    rule.act: rule
    for rule in (
        Rule("tell_agency", _l("Catat pemberitahuan ke lembaga"), _l("Pemberitahuan dicatat")),
        Rule("tell_people", _l("Catat pemberitahuan ke orangnya"), _l("Pemberitahuan dicatat")),
        Rule("close", _l("Tutup"), _l("Kegagalan pelindungan ditutup"), grave=True),
    )
}


def due(found_at: datetime) -> datetime:
    """Until when people and agency must have been told in writing."""
    return found_at + TIME


def number(session: Session, now: datetime) -> str:
    """The next number of the register; take it before the row is in the session."""
    year = dates.local(now).year
    return NUMBER.format(year=year, number=numbering.take(session, REGISTER, year))


def receive(session: Session, breach: Breach, officer: Officer) -> None:
    """Start the clock of a new breach (`number` is taken), tell those concerned of it."""
    breach.due_at = due(breach.found_at)
    breach.recorded_by_id = officer.id
    notices.tell(session, notices.all_in(session, *CONCERNED), "breach_found", but=officer)


def obstacles(breach: Breach, act: str, officer: Officer) -> list[str]:
    """Why `officer` may not do `act` now; KeyError for an act there is not."""
    RULES[act]
    if officer.role not in CONCERNED or not officer.active:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if breach.state is BreachState.closed or TOLD.get(act, lambda one: None)(breach):
        return [_("Tindakan ini tidak berlaku untuk keadaan sekarang.")]
    if act == "close" and not _told(breach) and not breach.told_how:
        return [_("Catat dahulu pemberitahuannya, atau mengapa tidak diberitahukan.")]
    return []


TOLD = {
    "tell_agency": lambda one: one.agency_told_at,
    "tell_people": lambda one: one.people_told_at,
}


def _told(breach: Breach) -> bool:
    return breach.agency_told_at is not None and breach.people_told_at is not None


def tell(
    session: Session,
    breach: Breach,
    actor: Officer,
    act: str,
    told_at: datetime,
    how: str,
    version: int | None = None,
) -> None:
    """Record who was told, when and how. Raises Refused."""
    _permit(session, breach, act, actor, version)
    if told_at < breach.found_at:
        raise Refused(_("Pemberitahuan tidak mungkin sebelum kegagalan ditemukan."))
    column = "agency_told_at" if act == "tell_agency" else "people_told_at"
    setattr(breach, column, told_at)
    _note(breach, str(RULES[act].label), how)
    if _told(breach):
        breach.state = BreachState.notified
    audit.record(session, "breach_moved", actor, breach, to=act)
    session.flush()


def close(
    session: Session,
    breach: Breach,
    actor: Officer,
    now: datetime,
    note: str,
    version: int | None = None,
) -> None:
    """Nothing is left to do; without both notices `note` says why. Raises Refused."""
    lock(session, breach, version)
    stops = obstacles(breach, "close", actor)
    if stops and (breach.state is BreachState.closed or not note.strip()):
        raise Refused(*stops)
    _note(breach, str(RULES["close"].label), note)
    breach.state, breach.closed_at = BreachState.closed, now
    audit.record(session, "breach_moved", actor, breach, to="close")
    session.flush()


def _permit(
    session: Session, breach: Breach, act: str, actor: Officer, version: int | None
) -> None:
    lock(session, breach, version)
    if stops := obstacles(breach, act, actor):
        raise Refused(*stops)


def _note(breach: Breach, what: str, how: str) -> None:
    breach.told_how = "\n".join(part for part in (breach.told_how, f"{what}: {how}") if part)


# --- the clock ----------------------------------------------------------------------------------


def remind(session: Session, now: datetime) -> int:
    """Tell of breaches and requests whose time is over in a day, or over already; once each."""
    soon = now + REMIND
    waiting = {
        "breach_due": select(Breach).where(
            Breach.state == BreachState.found, Breach.due_at <= soon, Breach.reminded_at.is_(None)
        ),
        "data_request_due": select(DataRequest).where(
            DataRequest.state.in_(holds.OPEN_REQUESTS),
            DataRequest.due_at <= soon,
            DataRequest.reminded_at.is_(None),
        ),
    }
    told = {"breach_due": CONCERNED, "data_request_due": (Role.supervisor,)}
    queries = waiting.items()
    found: list[tuple[str, Any]] = [
        (k, row) for k, query in queries for row in session.scalars(query)
    ]
    for kind, row in found:
        notices.tell(session, notices.all_in(session, *told[kind]), kind)
        row.reminded_at = now
    session.flush()
    return len(found)


# --- the draft ----------------------------------------------------------------------------------


def draft(session: Session, breach: Breach, audience: str, today: str) -> dict[str, Any]:
    """The notice to `AGENCY` or `PEOPLE` as the template `TEMPLATE` prints it, dated `today`."""
    labels = office.Labels(session)
    with speaking("id"):
        return {
            **office.common(said.texts(session)),
            "dated": today,
            "number": breach.number,
            "addressee": ADDRESSEES[audience],
            "found": dates.moment(breach.found_at),
            "happened": breach.happened,
            "data": labels.all("breach_data", breach.data_kinds),
            "people": _count(breach) if audience == AGENCY else "",
            "risk": _risk(labels, breach) if audience == AGENCY else "",
            "measures": breach.measures,
            "advice": ADVICE if audience == PEOPLE else "",
        }


ADDRESSEES = {
    AGENCY: "Lembaga Pelindungan Data Pribadi",
    PEOPLE: "Bapak/Ibu yang datanya terkena",
}
ADVICE = (
    "Gantilah kata sandi dan waspadai pesan atau telepon yang mengaku dari kantor kami. "
    "Hubungi kami dengan cara yang aman bagi Anda bila merasa terancam."
)


def _risk(labels: Any, breach: Breach) -> str:
    """The risk without the response time that the list of cases tells beside it."""
    return str(labels("risk", breach.risk.value)).partition(" (")[0]


def _count(breach: Breach) -> str:
    known = breach.people_affected is not None
    return f"{breach.people_affected} orang" if known else "belum diketahui"


def as_text(content: dict[str, Any]) -> str:
    """The same notice as plain text, for an e-mail or a form of the agency."""
    parts = [
        f"PEMBERITAHUAN KEGAGALAN PELINDUNGAN DATA PRIBADI\n{content['letterhead']['office']}",
        f"Kepada Yth. {content['addressee']}",
        f"Nomor {content['number']}",
        f"1. Data pribadi yang terungkap\n{content['data']}",
        f"2. Kapan dan bagaimana terungkap\nDitemukan {content['found']}.\n{content['happened']}",
        f"3. Upaya penanganan dan pemulihan\n{content['measures']}",
        f"Jumlah orang: {content['people']}" if content["people"] else "",
        f"Tingkat risiko: {content['risk']}" if content["risk"] else "",
        content["advice"],
        content["letterhead"]["contact"],
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
