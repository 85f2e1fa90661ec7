"""The register and every stored PDF held against their record (`flask letters verify`)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Letter, LetterFile, LetterKind, LetterState, RegisterCounter
from portal.access import scope
from portal.letters import numbers, said, versions


def verify(session: Session) -> dict[str, int]:
    """Hold the register and every stored PDF against their record.

    Returns `{"letters", "gaps", "doubles", "changed"}`: how many letters there are, how many
    numbers are missing from a register, how many stand twice, and how many stored PDFs are gone
    or altered. Erased letters count in the register; of their PDFs only the fingerprint is left.
    """
    with scope.system(session):
        kept = select(LetterFile).join(Letter).where(Letter.state != LetterState.erased)
        query = kept.order_by(LetterFile.id).execution_options(yield_per=100)
        return {
            "letters": session.scalar(select(func.count()).select_from(Letter)) or 0,
            "gaps": sum(_gaps(session)),
            "doubles": _doubles(session, Letter.kind, Letter.year, Letter.number)
            + _doubles(session, Letter.printed),
            "changed": sum(not _unchanged(version) for version in session.scalars(query)),
        }


def _gaps(session: Session) -> Iterator[int]:
    """How many numbers each register should hold and does not."""
    kinds = [kind.value for kind in LetterKind]
    counters = select(RegisterCounter).where(RegisterCounter.register.in_(kinds))
    for counter in session.scalars(counters):
        kind = LetterKind(counter.register)
        here = (Letter.kind == kind, Letter.year == counter.year)
        held = select(func.min(Letter.number), func.max(Letter.number), func.count()).where(*here)
        lowest, highest, count = session.execute(held).one()
        first = numbers.start(session, said.texts(session, kind), kind, counter.year)
        end = max(counter.next_number, (highest or 0) + 1)
        yield max(0, end - min(first, lowest or first) - count)


def _doubles(session: Session, *key: Any) -> int:
    twice: ColumnElement[bool] = func.count() > 1
    groups = select(*key).group_by(*key).having(twice).subquery()
    return session.scalar(select(func.count()).select_from(groups)) or 0


def _unchanged(version: LetterFile) -> bool:
    try:
        return len(versions.read(version)) == version.size
    except versions.StoreError:
        return False
