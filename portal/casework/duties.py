"""What must hold for an entry of the roster before it is stored."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Duty, DutyKind, Role
from portal.wording import _

REPLACEABLE = {Role.supervisor, Role.pimpinan}


def faults(session: Session, row: Duty) -> dict[str, str]:
    """What is wrong, as sentences by field: times, who stands in for whom, and what overlaps."""
    if row.from_at is None or row.until_at is None or row.until_at <= row.from_at:
        return {"until_at": _("Akhir harus sesudah awal.")}
    if row.kind is DutyKind.plh:
        return _standing_in(session, row) or _overlapping(session, row)
    if row.stands_for is not None:
        return {"stands_for": _("Hanya untuk pelaksana harian (plh.).")}
    return _overlapping(session, row)


def _standing_in(session: Session, row: Duty) -> dict[str, str]:
    replaced = row.stands_for
    if replaced is None or replaced.role not in REPLACEABLE:
        return {"stands_for": _("Pilih supervisor atau pimpinan yang digantikan.")}
    if replaced.id == row.officer.id:
        return {"stands_for": _("Petugas tidak dapat menggantikan dirinya sendiri.")}
    same = Duty.kind == DutyKind.plh, Duty.stands_for_id == replaced.id
    if _meets(session, row, *same):
        return {"stands_for": _("Pada waktu itu sudah ada pelaksana harian untuknya.")}
    return {}


def _overlapping(session: Session, row: Duty) -> dict[str, str]:
    """Nobody is on leave and at work at once, nor twice the same."""
    kinds = set(DutyKind) if row.kind is DutyKind.cuti else {row.kind, DutyKind.cuti}
    if row.kind is DutyKind.plh:
        kinds = {DutyKind.cuti}
    if _meets(session, row, Duty.officer_id == row.officer.id, Duty.kind.in_(kinds)):
        return {"from_at": _("Bertabrakan dengan jadwal lain petugas ini.")}
    return {}


def _meets(session: Session, row: Duty, *conditions: ColumnElement[bool]) -> bool:
    """Whether another entry with these conditions covers some of the same time."""
    wanted = select(Duty.id).where(
        Duty.from_at < row.until_at,
        Duty.until_at > row.from_at,
        *conditions,
    )
    if row.id is not None:
        wanted = wanted.where(Duty.id != row.id)
    with session.no_autoflush:
        return session.scalar(wanted.limit(1)) is not None
