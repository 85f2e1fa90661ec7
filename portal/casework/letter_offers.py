"""Which letters an officer may issue for a case: from which row each, and what it still lacks.

Every kind that is issued by hand and can belong to a case is named, also while the row that it is
made from is not there: whoever looks for a letter is told what comes first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Case,
    Consent,
    Invitation,
    Letter,
    LetterKind,
    Officer,
    Outreach,
    Referral,
    Report,
)
from portal.access import scope
from portal.casework import invitations, letter_acts, services
from portal.letters import surat_rujukan
from portal.letters.catalogue import CATALOGUE
from portal.letters.gaps import Gap
from portal.wording import lazy as _l


@dataclass(frozen=True, slots=True)
class LetterOffer:
    """One letter that could be issued: `row` is what it is made from, None where that comes first;
    `before` the newest letter made from it; `gaps` what it lacks, none where it can be issued."""

    kind: LetterKind
    row: Any
    before: Letter | None
    gaps: list[Gap]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rows of a case that letters are made from are found, and how one comes about.

    `absent` says that there is none, `closed` why none can be written by now; `table` is the screen
    where one is written, "" where it arises in an act of the case. Of a row that is `over` no
    letter is made any more.
    """

    rows: Callable[[Case], Iterable[Any]]
    absent: Any
    table: str = ""
    closed: Callable[[Case], Any] = lambda case: ""
    over: Callable[[Any], bool] = lambda row: row.erased_at is not None


def _consents(case: Case) -> list[Consent]:
    return [one for victim in case.victims for one in victim.consents]


def _of_no_order(row: Outreach) -> bool:
    return row.order.voided_at is not None


def _referrals_closed(case: Case) -> Any:
    return "" if case.status in services.WORKING else services.REFERRALS_CLOSED


def _invitations_closed(case: Case) -> Any:
    return "" if case.status in invitations.RUNNING else invitations.CLOSED


ORIGINS: dict[type[Any], Origin] = {
    Report: Origin(lambda case: case.reports, _l("Kasus ini tidak mempunyai laporan.")),
    Consent: Origin(
        _consents,
        _l("Persetujuan korban yang berlaku belum dicatat."),
        "consent",
        over=lambda row: row.withdrawn_at is not None,
    ),
    Outreach: Origin(
        lambda case: case.outreaches, _l("Penjangkauan belum dimulai."), over=_of_no_order
    ),
    Referral: Origin(
        lambda case: case.referrals,
        _l("Rujukan yang berjalan belum dicatat."),
        "referral",
        _referrals_closed,
        lambda row: row.state not in surat_rujukan.OPEN,
    ),
    Invitation: Origin(
        lambda case: case.invitations,
        _l("Undangan yang berlaku belum dicatat."),
        "invitation",
        _invitations_closed,
        lambda row: row.cancelled_at is not None,
    ),
}


def of_case(session: Session, case: Case, officer: Officer) -> list[LetterOffer]:
    """What `officer` may issue for `case`, which they can see, in the order of the catalogue."""
    if case.erased_at is not None:
        return []
    found = [
        (kind, rows)
        for kind, entry in CATALOGUE.items()
        if entry.source in ORIGINS and entry.issued_by(officer)
        for rows in [_rows(case, entry.source)]
    ]
    before = _newest(session, [(kind, row.id) for kind, rows in found for row in rows])
    return [
        one
        for kind, rows in found
        for one in [_from(session, kind, row, officer, before) for row in rows]
        or [LetterOffer(kind, None, None, [_first(case, CATALOGUE[kind].source)])]
    ]


def _rows(case: Case, source: type[Any]) -> list[Any]:
    origin = ORIGINS[source]
    return [row for row in origin.rows(case) if not origin.over(row)]


Made = tuple[LetterKind, int]


def _from(
    session: Session, kind: LetterKind, row: Any, officer: Officer, before: dict[Made, Letter]
) -> LetterOffer:
    gaps = letter_acts.missing(session, kind, row, officer)
    return LetterOffer(kind, row, before.get((kind, row.id)), gaps)


def _first(case: Case, source: type[Any]) -> Gap:
    """What comes before the letter: the row, with the screen where it can be written by now."""
    origin = ORIGINS[source]
    if closed := origin.closed(case):
        return Gap(str(closed))
    table = (origin.table, "create", case.id) if origin.table else ()
    return Gap(str(origin.absent), *table)


def _newest(session: Session, made: list[Made]) -> dict[Made, Letter]:
    """The newest letter from each of these rows, whoever looks."""
    if not made:
        return {}
    kinds, keys = {kind for kind, _key in made}, {key for _kind, key in made}
    wanted = select(Letter).where(Letter.kind.in_(kinds), Letter.source_id.in_(keys))
    with scope.system(session):
        letters = session.scalars(wanted.order_by(Letter.id))
        return {(one.kind, one.source_id or 0): one for one in letters}
