"""What the letter register is narrowed by beside its columns: the year, and how far it is."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from models import Base
from portal.db import db
from portal.letters import progress
from portal.letters.progress import Progress
from portal.screens.filters import Filter, Option
from portal.screens.letter_texts import PROGRESS


class OfYear(Filter):
    """One or more years in which there are letters for this officer."""

    several = True

    def options(self, model: type[Base]) -> list[Option]:
        """The newest first."""
        year = getattr(model, self.path)
        return [(str(one), str(one)) for one in _distinct(year)]

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """Any of them."""
        found: ColumnElement[bool] = column.in_([int(value) for value in values])
        return found


def _distinct(column: Any) -> list[int]:
    return list(db.session.scalars(select(column).distinct().order_by(column.desc())))


class ByProgress(Filter):
    """How far the signature is."""

    several = True

    def options(self, model: type[Base]) -> list[Option]:
        """In the order in which it happens."""
        return [(one.value, str(text)) for one, text in PROGRESS.items()]

    def condition(self, model: type[Base], values: list[str]) -> ColumnElement[bool]:
        """Any of them."""
        return or_(*(progress.condition(Progress(value)) for value in values))
