"""What the log can be narrowed by, beside officer and time."""

from typing import Any

from sqlalchemy import ColumnElement

from models import Base
from portal.screens import computed
from portal.screens.filters import Filter, Option, Unknown
from portal.wording import lazy as _l

HIGHEST = 2_000_000_000


class ByEvent(Filter):
    """What happened."""

    several = True

    def options(self, model: type[Base]) -> list[Option]:
        """Every event, by its words."""
        return sorted(((code, str(text)) for code, text in computed.EVENTS.items()), key=_text)

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """Any of them."""
        found: ColumnElement[bool] = column.in_(values)
        return found


class ByTable(ByEvent):
    """On which list."""

    def titled(self, model: type[Base]) -> str:
        """Not the name of the column."""
        return str(_l("Daftar"))

    def options(self, model: type[Base]) -> list[Option]:
        """Every table that has a name."""
        return sorted(
            ((code, str(text)) for code, text in computed.TABLE_LABELS.items()), key=_text
        )


class ByNumber(Filter):
    """One row of a table, by its key: where a line of the log leads."""

    input_type = "hidden"

    def titled(self, model: type[Base]) -> str:
        """Not the name of the column."""
        return str(_l("Nomor data"))

    def read(self, model: type[Base], values: list[str]) -> list[str]:
        """One key."""
        fits = len(values) == 1 and values[0].isascii() and values[0].isdigit()
        if not fits or len(values[0]) > 10 or int(values[0]) > HIGHEST:
            raise Unknown(self.parameter)
        return values

    def told(self, model: type[Base], values: list[str]) -> str:
        """As it is."""
        return f"{self.titled(model)}: {values[0]}"

    def test(self, column: Any, values: list[str]) -> ColumnElement[bool]:
        """That row."""
        found: ColumnElement[bool] = column == int(values[0])
        return found


def _text(option: Option) -> str:
    return option[1].casefold()
