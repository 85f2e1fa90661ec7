"""The roster: who is on duty (piket), on leave (cuti), or stands in (plh.) for somebody.

It says who is told and asked first. It opens nothing: what somebody may see follows their role.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Duty, DutyKind, Officer
from portal.access import scope


def in_force(now: datetime) -> ColumnElement[bool]:
    """The entries that cover this moment."""
    return (Duty.from_at <= now) & (Duty.until_at > now)


def of(session: Session, now: datetime, *kinds: DutyKind) -> list[Duty]:
    """The entries of these kinds that cover this moment, of officers who are active."""
    wanted = (in_force(now), Duty.kind.in_(kinds), Duty.officer.has(Officer.active))
    with scope.system(session):
        return list(session.scalars(select(Duty).where(*wanted).order_by(Duty.until_at, Duty.id)))


def away(session: Session, now: datetime) -> set[int]:
    """The ids of those on leave."""
    return {one.officer_id for one in of(session, now, DutyKind.cuti)}


def first_of(session: Session, officers: Iterable[Officer], now: datetime) -> list[Officer]:
    """Of these officers those on duty; where nobody is, those not on leave; else all of them."""
    known = list(officers)
    absent = away(session, now)
    duty = {one.officer_id for one in of(session, now, DutyKind.piket)} - absent
    present = [one for one in known if one.id not in absent]
    return [one for one in present if one.id in duty] or present or known


def stand_ins(session: Session, officers: Iterable[Officer], now: datetime) -> list[Officer]:
    """Who stands in for any of these officers now."""
    meant = {one.id for one in officers}
    return [one.officer for one in of(session, now, DutyKind.plh) if one.stands_for_id in meant]
