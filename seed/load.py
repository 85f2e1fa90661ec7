"""Loads the reference lists: what is new is added, what an office edited stays as it is."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from holidays import GOVERNMENT, PUBLIC, country_holidays
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import (
    Base,
    CannedAnswer,
    CodeItem,
    Cue,
    DayOff,
    PartnerInstitution,
    Region,
    RetentionClass,
    Setting,
)
from portal.indonesia import dates

REFERENCE = Path(__file__).parent / "reference"
REGIONS, PARTNERS, SETTINGS = "region", "partner_institution", "settings"
RETENTION, CUES, CANNED = "retention_class", "cues", "canned_answer"
HOLIDAYS_SOURCE = "SKB libur nasional dan cuti bersama (pustaka holidays)"


def load(session: Session, today: date | None = None) -> dict[str, int]:
    """Add the reference rows that are missing; how many, by table. Flushes, does not commit.

    A row that exists is never touched: its label, value or activity may be the office's own.
    """
    year = (today or dates.today()).year
    return {
        "region": _add(session, Region.code, _regions()),
        "code_item": _add_codes(session),
        "partner_institution": _add(session, PartnerInstitution.name, _partners()),
        "retention_class": _add(session, RetentionClass.code, map(_retention, rows(RETENTION))),
        "setting": _add(session, Setting.key, map(_setting, rows(SETTINGS))),
        "canned_answer": _add(session, CannedAnswer.title, map(_canned, rows(CANNED))),
        "cue": _add(session, Cue.pattern, (Cue(**row) for row in rows(CUES))),
        "day_off": add_days_off(session, year) + _add_next_year(session, year + 1),
    }


def add_days_off(session: Session, year: int) -> int:
    """Add the days off of a year that has none yet; how many.

    A year is filled once, so that a day the office moved does not come back.
    """
    within = DayOff.day.between(date(year, 1, 1), date(year, 12, 31))
    if session.scalar(select(DayOff.id).where(within).limit(1)):
        return 0
    days = _named(year, PUBLIC, GOVERNMENT)
    session.add_all(
        DayOff(day=day, name=name, source=HOLIDAYS_SOURCE) for day, name in days.items()
    )
    session.flush()
    return len(days)


def _add_next_year(session: Session, year: int) -> int:
    """Only once its decree on collective leave is known: before, most dates would be guesses."""
    return add_days_off(session, year) if _named(year, GOVERNMENT) else 0


@cache
def rows(name: str) -> list[dict[str, str]]:
    """The lines of one reference file, by their column names."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def code_lists() -> dict[str, list[dict[str, str]]]:
    """Every code list by its name, which is the name of its file."""
    names = sorted(path.stem for path in REFERENCE.glob("*.csv"))
    tables = (REGIONS, PARTNERS, SETTINGS, RETENTION, CUES, CANNED)
    return {name: rows(name) for name in names if name not in tables}


def _named(year: int, *categories: str) -> Mapping[date, str]:
    days: Mapping[date, str] = country_holidays(
        "ID", years=year, categories=categories, language="id"
    )
    return days


def _regions() -> Iterable[Region]:
    return (Region(**row | {"parent_code": row["parent_code"] or None}) for row in rows(REGIONS))


def _partners() -> Iterable[PartnerInstitution]:
    return (
        PartnerInstitution(name=row["name"], services=row["services"].split(";"))
        for row in rows(PARTNERS)
    )


def _canned(row: dict[str, str]) -> CannedAnswer:
    return CannedAnswer(**{**row, "position": int(row["position"])})


def _retention(row: dict[str, str]) -> RetentionClass:
    facts: dict[str, Any] = {**row, "years": int(row["years"])}
    return RetentionClass(**facts)


def _setting(row: dict[str, str]) -> Setting:
    return Setting(**row | {"help": row["help"] or None})


def _add(session: Session, key: InstrumentedAttribute[str], wanted: Iterable[Base]) -> int:
    """Add those of `wanted` whose `key` no row has; how many."""
    known = set(session.scalars(select(key)))
    new = [row for row in wanted if getattr(row, key.key) not in known]
    return _insert(session, new)


def _add_codes(session: Session) -> int:
    known = {tuple(pair) for pair in session.execute(select(CodeItem.list_name, CodeItem.code))}
    new = [
        _code_item(name, row)
        for name, items in code_lists().items()
        for row in items
        if (name, row["code"]) not in known
    ]
    return _insert(session, new)


def _code_item(list_name: str, row: dict[str, str]) -> CodeItem:
    typed: dict[str, Any] = {"position": int(row["position"]), "active": row["active"] == "1"}
    return CodeItem(list_name=list_name, **row | typed)


def _insert(session: Session, new: Iterable[Base]) -> int:
    added = list(new)
    session.add_all(added)
    session.flush()
    return len(added)
