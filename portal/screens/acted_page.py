"""The page of a row with acts of its own: what can be done now, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models import Officer
from portal.screens import edge
from portal.screens.act_table import WORDS, obstacles
from portal.screens.acts import Acting


@dataclass(frozen=True)
class Button:
    """What leads to the page of an act."""

    act: str
    label: Any
    grave: bool


@dataclass(frozen=True)
class Doable:
    """An act on this row, and what stands in its way (nothing: go ahead)."""

    rule: Button
    obstacles: Sequence[str]


def doable(table: str, row: Any, officer: Officer) -> list[Doable]:
    """The acts of a table, for this row and officer."""
    return [
        Doable(Button(act, words.label, words.grave), obstacles(row, act, officer))
        for act, words in WORDS[table].items()
    ]


class ActedPage(Acting):
    """Mixed into a generated screen whose table stands in `act_table`."""

    details_template = "screens/acted.html"
    demands: Mapping[str, str] = {"act_view": "view"}

    def details_facts(self: Any, row: Any) -> dict[str, Any]:
        """The acts of this table, those that cannot be done with the reason."""
        return {"doable": doable(self.table, row, edge.me())}
