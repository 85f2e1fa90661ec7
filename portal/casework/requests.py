"""Requests of people about their own data, and the clock the law puts on them.

UU 27/2022: correction (art. 6, 30), access and copy (art. 7, 13, 32), erasure (art. 8, 42-45),
withdrawal of consent (art. 9, 40), restriction (art. 11, 41). Each must be acted on within
3 x 24 hours of its receipt; for erasure the law names no hours, so the office sets them. A refusal
needs a ground of the law (art. 15, 33, 41, 44) and an answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from models import (
    Case,
    Consent,
    DataRequest,
    Officer,
    Person,
    Report,
    RequestKind,
    RequestState,
    Role,
    Setting,
    Suspect,
    Victim,
)
from portal import notices, numbering
from portal.access import scope
from portal.casework import erasing, holds
from portal.casework.lifecycle import Refused, lock
from portal.indonesia import dates, names
from portal.protection import audit
from portal.wording import _
from portal.wording import lazy as _l

REGISTER, NUMBER = "permohonan_data", "PD-{year}-{number:05d}"
LAW_HOURS = 72
ERASURE_HOURS = "erasure_request_hours"
UNCHECKED = "belum"
S = RequestState


@dataclass(frozen=True)
class Rule:
    """One act on a request: from which states to which, and what it is called."""

    act: str
    sources: frozenset[RequestState]
    target: RequestState
    label: Any
    done: Any
    grave: bool = False


RULES: dict[str, Rule] = {
    rule.act: rule
    for rule in (
        Rule("start", frozenset({S.received}), S.working, _l("Mulai tangani"), _l("Ditangani")),
        Rule(
            "fulfil",
            frozenset({S.received, S.working}),
            S.done,
            _l("Penuhi dan jawab"),
            _l("Permohonan dipenuhi"),
        ),
        Rule(
            "refuse",
            frozenset({S.received, S.working}),
            S.refused,
            _l("Tolak dengan dasar hukum"),
            _l("Permohonan ditolak"),
            grave=True,
        ),
        Rule(
            "lift",
            frozenset({S.done}),
            S.lifted,
            _l("Akhiri pembatasan"),
            _l("Pembatasan diakhiri"),
        ),
    )
}


def due(session: Session, kind: RequestKind, received_at: datetime) -> datetime:
    """Until when a request of `kind` must have been acted on."""
    return received_at + timedelta(hours=_hours(session, kind))


def _hours(session: Session, kind: RequestKind) -> int:
    if kind is not RequestKind.erasure:
        return LAW_HOURS
    said = session.scalar(select(Setting.value).where(Setting.key == ERASURE_HOURS)) or ""
    return int(said) if said.isascii() and said.isdigit() and 0 < int(said) < 10_000 else LAW_HOURS


def number(session: Session, now: datetime) -> str:
    """The next number of the register; take it before the row is in the session."""
    year = dates.local(now).year
    return NUMBER.format(year=year, number=numbering.take(session, REGISTER, year))


def receive(session: Session, request: DataRequest, officer: Officer) -> None:
    """Start the clock of a new request (`number` is taken), tell the supervisors."""
    request.due_at = due(session, request.kind, request.received_at)
    request.officer_id = officer.id
    notices.tell(session, notices.all_in(session, Role.supervisor), "data_request", but=officer)


# --- what stands in the way ---------------------------------------------------------------------


def obstacles(request: DataRequest, act: str, officer: Officer) -> list[str]:
    """Why `officer` may not do `act` now, as sentences; KeyError for an act there is not."""
    rule = RULES[act]
    if officer.role is not Role.supervisor or not officer.active:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    lifts_nothing = act == "lift" and not holds.in_force(request)
    if request.state not in rule.sources or request.erased_at or lifts_nothing:
        return [_("Tindakan ini tidak berlaku untuk keadaan sekarang.")]
    return _before_fulfilling(request, officer) if act == "fulfil" else []


def _before_fulfilling(request: DataRequest, officer: Officer) -> list[str]:
    stops = []
    if request.identity_check == UNCHECKED:
        stops.append(_("Periksa dahulu identitas pemohon dan catat caranya."))
    if request.person is None and request.kind is not RequestKind.correction:
        stops.append(_("Hubungkan dahulu permohonan ini dengan orangnya."))
    session = object_session(request)
    if stops or session is None or request.kind not in CONDITIONS:
        return stops
    return CONDITIONS[request.kind](session, request, officer)


def _access(session: Session, request: DataRequest, officer: Officer) -> list[str]:
    if request.file_given_at is None:
        return [_("Susun dan serahkan dahulu berkasnya.")]
    return []


def _withdrawal(session: Session, request: DataRequest, officer: Officer) -> list[str]:
    mine = select(Consent).join(Victim).where(Victim.person_id == request.person_id)
    with scope.system(session):
        if any(one.withdrawn for one in session.scalars(mine)):
            return []
    return [_("Catat dahulu pencabutannya pada halaman persetujuan orang ini.")]


def _erasure(session: Session, request: DataRequest, officer: Officer) -> list[str]:
    if request.person is None:
        return []
    if request.officer_id == officer.id:
        return [_("Penghapusan diputuskan orang lain daripada yang mencatat permohonannya.")]
    return erasure_obstacles(session, request.person)


CONDITIONS: dict[RequestKind, Callable[[Session, DataRequest, Officer], list[str]]] = {
    RequestKind.access: _access,
    RequestKind.withdrawal: _withdrawal,
    RequestKind.erasure: _erasure,
}


def erasure_obstacles(session: Session, person: Person) -> list[str]:
    """Why a person cannot be erased: work goes on, they are accused, the law needs the record.

    Every case counts, also those outside of the officer's sight and those of whom they are the
    guardian; none is named.
    """
    with scope.system(session):
        cases, reports = holds.around(session, person)
        holders: list[Case | Report] = [*cases, *reports]
        accused = select(Suspect.id).where(Suspect.person_id == person.id).limit(1)
        found = {
            _("Orang ini masih berada dalam kasus atau laporan yang berjalan."): any(
                map(holds.running, holders)
            ),
            _("Orang ini tercatat sebagai terlapor (UU 27/2022 Pasal 15 ayat (1) huruf b)."): (
                session.scalar(accused) is not None
            ),
            _("Ada proses hukum pada kasusnya (UU 27/2022 Pasal 44 ayat (1) huruf c)."): any(
                one.legal_process for holder in holders for one in holder.suspects
            ),
            _("Ada penahanan hukum atau permohonan lain yang belum dijawab."): any(
                holds.blocking(session, one) for one in (person, *holders)
            ),
            _("Orang ini tercatat sebagai wali orang lain yang datanya masih disimpan."): bool(
                holds.wards(session, person)
            ),
        }
    return [sentence for sentence, holds_true in found.items() if holds_true]


def access_obstacles(session: Session, request: DataRequest) -> list[str]:
    """Why no file may be given: it would tell the accused of the harmed (UU 27/2022 art. 33)."""
    person = request.person
    if person is None:
        return [_("Hubungkan dahulu permohonan ini dengan orangnya.")]
    if request.identity_check == UNCHECKED:
        return [_("Periksa dahulu identitas pemohon dan catat caranya.")]
    with scope.system(session):
        cases, reports = holds.standing(session, person)
        holders: list[Case | Report] = [*cases, *reports]
        accused = {one.person for holder in holders for one in holder.suspects}
        told = {one.reporter.person for one in reports if one.reporter}
        harmed = {one.person for holder in holders for one in holder.victims}
        if person not in harmed | told:
            return [str(ONLY_ACCUSED)] if person in accused else []
        asker = names.normalise(request.asker_name or "")
        known = [names.normalise(one.name or "") for one in accused if one and one is not person]
    return [str(ASKED_BY_ACCUSED)] if asker and asker in known else []


ONLY_ACCUSED = _l(
    "Berkas tidak dapat disusun: isinya akan membahayakan atau mengungkap orang lain "
    "(UU 27/2022 Pasal 33 huruf a dan b). Tolak permohonan ini tanpa menyebut ada atau "
    "tidaknya catatan."
)
ASKED_BY_ACCUSED = _l(
    "Nama pemohon sama dengan nama seorang terlapor pada kasus orang ini. Berkas tidak diserahkan "
    "(UU 27/2022 Pasal 33 huruf a)."
)


# --- the acts -----------------------------------------------------------------------------------


def _permit(
    session: Session, request: DataRequest, act: str, actor: Officer, version: int | None
) -> Rule:
    lock(session, request, version)
    if act == "fulfil" and request.kind is RequestKind.erasure and request.person is not None:
        erasing.lock_all(session, request.person)  # what is asked now holds until it is erased
    if stops := obstacles(request, act, actor):
        raise Refused(*stops)
    return RULES[act]


def _move(session: Session, request: DataRequest, rule: Rule, actor: Officer) -> None:
    request.state = rule.target
    audit.record(session, "request_moved", actor, request, to=rule.target.value)
    session.flush()


def start(
    session: Session, request: DataRequest, actor: Officer, now: datetime, version: int | None
) -> None:
    """Somebody looks into it. Raises Refused."""
    _move(session, request, _permit(session, request, "start", actor, version), actor)


def fulfil(
    session: Session,
    request: DataRequest,
    actor: Officer,
    now: datetime,
    answer: str,
    version: int | None = None,
) -> None:
    """Do what was asked and answer; an erasure happens here. Raises Refused."""
    rule = _permit(session, request, "fulfil", actor, version)
    request.answer, request.closed_at = answer, now
    _move(session, request, rule, actor)
    if request.kind is RequestKind.erasure and request.person is not None:
        erasing.erase(session, request.person, erasing.REQUESTED, now, actor)


def refuse(
    session: Session,
    request: DataRequest,
    actor: Officer,
    now: datetime,
    ground: str,
    answer: str,
    version: int | None = None,
) -> None:
    """Say no, on a ground of the law. Raises Refused."""
    rule = _permit(session, request, "refuse", actor, version)
    request.refusal_ground, request.answer, request.closed_at = ground, answer, now
    _move(session, request, rule, actor)


def lift(
    session: Session, request: DataRequest, actor: Officer, now: datetime, version: int | None
) -> None:
    """A restriction ends. Raises Refused."""
    _move(session, request, _permit(session, request, "lift", actor, version), actor)
