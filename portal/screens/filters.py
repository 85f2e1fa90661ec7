"""What a list can be narrowed by: each filter is one parameter of the address.

Their names last (`/admin/case/?status=handling`), so that a card or a bookmark can lead there.

Related rows are asked with EXISTS, which neither doubles rows nor leaves half pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, inspect, or_, select

from models import Base, Officer, Region
from portal.db import db
from portal.indonesia import dates
from portal.screens import codes, kinds, lookups, texts, titles
from portal.screens.sign_in import current_officer
from portal.wording import _

Option = tuple[str, str]
MINE, YES, NO, EMPTY = "saya", "ya", "tidak", "kosong"


class Unknown(ValueError):
    """A value that this filter does not have."""


@dataclass(frozen=True)
class Filter:
    """A parameter `name` of the address about the column at `path`; `label` stands before it."""

    path: str
    name: str = ""
    label: Any = None
    input_type = ""
    several = False

    @property
    def parameter(self) -> str:
        """The name in the address."""
        return self.name or self.path.rpartition(".")[2]

    def titled(self, model: type[Base]) -> str:
        """What stands before the field."""
        return str(self.label or texts.of(model, self.path))

    def options(self, model: type[Base]) -> list[Option]:
        """What may be chosen; empty where one types instead."""
        return []

    def read(self, model: type[Base], values: list[str]) -> list[str]:
        """The values of the address. Raises Unknown for one that cannot be."""
        offered = {code for code, _text in self.options(model)}
        if not set(values) <= offered:
            raise Unknown(self.parameter)
        return values

    def told(self, model: type[Base], values: list[str]) -> str:
        """The narrowing in words."""
        offered = dict(self.options(model))
        chosen = ", ".join(offered.get(value, value) for value in values)
        return f"{self.titled(model)}: {chosen}"

    def condition(self, model: type[Base], values: list[str]) -> ColumnElement[bool]:
        """The rows that remain."""
        return reach(model, self.path, lambda owner, name: self.test(getattr(owner, name), values))

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """The condition on the column at the end of the path."""
        raise NotImplementedError


def reach(
    model: type[Any], path: str, test: Callable[[type[Any], str], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """`test` on the table at the end of `path`, as EXISTS over each relation on the way."""
    step, _dot, rest = path.partition(".")
    if not rest:
        return test(model, step)
    relation = inspect(model).relationships[step]
    inner = reach(relation.mapper.class_, rest, test)
    attribute = getattr(model, step)
    found: ColumnElement[bool] = attribute.any(inner) if relation.uselist else attribute.has(inner)
    return found


class OneOf(Filter):
    """One or more codes of a list or an enum."""

    several = True

    def options(self, model: type[Base]) -> list[Option]:
        """Every code, those no longer offered included."""
        return codes.every(kinds.of(*kinds.last(model, self.path)))

    def condition(self, model: type[Base], values: list[str]) -> ColumnElement[bool]:
        """Rows with one of the codes; of several codes a row has, one is enough."""
        if kinds.of(*kinds.last(model, self.path)).name == "codes":
            return reach(model, self.path, lambda owner, name: _holds(owner, name, values))
        return super().condition(model, values)

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """Any of them."""
        found: ColumnElement[bool] = column.in_(values)
        return found


def _holds(owner: type[Any], name: str, values: list[str]) -> ColumnElement[bool]:
    """Both databases write a JSON list with its codes in double quotes."""
    text = cast(getattr(owner, name), String)
    return or_(*(text.contains(f'"{value}"', autoescape=True) for value in values))


class ByOfficer(Filter):
    """Whose it is, also "mine"."""

    def options(self, model: type[Base]) -> list[Option]:
        """Mine, then everybody by name."""
        officers = db.session.execute(select(Officer.id, Officer.name).order_by(Officer.name))
        return [(MINE, _("Saya sendiri")), *((str(key), name) for key, name in officers)]

    def condition(self, model: type[Base], values: list[str]) -> ColumnElement[bool]:
        """By the foreign key."""
        officer = current_officer()
        me = str(officer.id) if officer else "0"
        keys = [int(me if value == MINE else value) for value in values]
        return reach(model, f"{self.path}_id", lambda owner, name: getattr(owner, name).in_(keys))


class ByRegion(Filter):
    """A kelurahan, or a kecamatan with all of its kelurahan."""

    def options(self, model: type[Base]) -> list[Option]:
        """The regions in the order of their codes."""
        regions = db.session.scalars(select(Region).order_by(Region.code))
        return [(region.code, f"{region.name} ({region.level})") for region in regions]

    def condition(self, model: type[Base], values: list[str]) -> ColumnElement[bool]:
        """The code itself, or one that begins with it."""
        return reach(model, f"{self.path}_code", lambda owner, name: _within(owner, name, values))


def _within(owner: type[Any], name: str, values: list[str]) -> ColumnElement[bool]:
    column = getattr(owner, name)
    begun = (column.startswith(f"{value}.", autoescape=True) for value in values)
    return or_(column.in_(values), *begun)


class YesNo(Filter):
    """Yes, no, or never said."""

    def options(self, model: type[Base]) -> list[Option]:
        """Unknown only where the column can be empty."""
        unknown = [(EMPTY, _("Tidak diketahui"))]
        nullable = kinds.of(*kinds.last(model, self.path)).nullable
        return [(YES, _("Ya")), (NO, _("Tidak")), *(unknown if nullable else [])]

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """NULL is unknown."""
        wanted: dict[str, bool | None] = {YES: True, NO: False, EMPTY: None}
        return or_(*(column.is_(wanted[value]) for value in values))


class Empty(Filter):
    """Whether somebody has filled it in: yes or no."""

    def options(self, model: type[Base]) -> list[Option]:
        """Two answers."""
        return [(YES, _("Ya")), (NO, _("Tidak"))]

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """Yes: there is a value."""
        wanted = (column.is_not(None) if value == YES else column.is_(None) for value in values)
        return or_(*wanted)


@dataclass(frozen=True)
class Only(Filter):
    """A condition of its own, switched on: `?terlambat=ya`."""

    rule: Callable[[datetime], ColumnElement[bool]] | None = None

    def options(self, model: type[Base]) -> list[Option]:
        """On; leaving it out is off."""
        return [(YES, _("Ya"))]

    def condition(self, model: type[Base], values: list[str]) -> ColumnElement[bool]:
        """The rule at this moment."""
        if self.rule is None:
            raise NotImplementedError
        return self.rule(datetime.now(UTC))


class OfRow(Filter):
    """The rows that belong to one other row: `/admin/intervention/?case=12`. Never offered."""

    input_type = "hidden"

    def read(self, model: type[Base], values: list[str]) -> list[str]:
        """Rows this officer may not see are unknown."""
        if len(values) != 1 or self._row(model, values[0]) is None:
            raise Unknown(self.parameter)
        return values

    def _row(self, model: type[Base], value: str) -> Any:
        target = kinds.of(*kinds.last(model, self.path)).model
        return lookups.LOADERS[target].get_one(value) if target else None

    def told(self, model: type[Base], values: list[str]) -> str:
        """By the title of the row."""
        return f"{self.titled(model)}: {titles.of(self._row(model, values[0]))}"

    def condition(self, model: type[Base], values: list[str]) -> ColumnElement[bool]:
        """By the foreign key."""
        key = int(values[0])
        return reach(model, f"{self.path}_id", lambda owner, name: getattr(owner, name) == key)


# --- days -----------------------------------------------------------------------------------


class Since(Filter):
    """From this day on, in Malang: `<column>_dari`."""

    input_type = "date"
    suffix = "dari"

    @property
    def parameter(self) -> str:
        """Two filters share a column."""
        return f"{super().parameter}_{self.suffix}"

    def titled(self, model: type[Base]) -> str:
        """The column, and which end of it."""
        return f"{super().titled(model)}, {self.end()}"

    def end(self) -> str:
        """Which end of the time this is."""
        return _("dari tanggal")

    def read(self, model: type[Base], values: list[str]) -> list[str]:
        """One day as ISO writes it."""
        try:
            day = date.fromisoformat(values[0])
        except ValueError:
            raise Unknown(self.parameter) from None
        if len(values) != 1 or not 1900 <= day.year <= 2200:
            raise Unknown(self.parameter)
        return values

    def told(self, model: type[Base], values: list[str]) -> str:
        """The day as people write it."""
        return f"{self.titled(model)} {dates.long_date(date.fromisoformat(values[0]))}"

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """A day, or the instant at which it begins."""
        found: ColumnElement[bool] = column >= self.bound(column, date.fromisoformat(values[0]))
        return found

    @staticmethod
    def bound(column: Any, day: date) -> date | datetime:
        """`day` as the column stores it."""
        moments = kinds.of(column.class_, column.key).name == "moment"
        return dates.start_of_day_utc(day) if moments else day


class Until(Since):
    """Up to and with this day: `<column>_sampai`."""

    suffix = "sampai"

    def end(self) -> str:
        """Which end of the time this is."""
        return _("sampai tanggal")

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """Before the next day begins."""
        day = date.fromisoformat(values[0]) + timedelta(days=1)
        found: ColumnElement[bool] = column < self.bound(column, day)
        return found


def period(path: str) -> tuple[Filter, Filter]:
    """Both ends of a time."""
    return Since(path), Until(path)
