"""A list narrowed to what waits begins with whoever has waited longest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.screens.keyset import Order

# What narrows a list to rows that wait: parameter → its values that mean waiting.
Waits = Mapping[str, frozenset[str]]


class OldestFirst:
    """Mixed into a screen whose rows wait for somebody; `waits` says when."""

    waits: Waits = {}

    def order(self: Any, asked: Any) -> Order:
        """As the address asks; otherwise the oldest first where the list is of what waits."""
        found: Order = super().order(asked)  # type: ignore[misc]  # of the screen
        if asked.sort is not None or not self.is_of_waiting(asked.values()):
            return found
        return replace(found, descending=False)

    def is_of_waiting(self, narrowed: Mapping[str, list[str]]) -> bool:
        """Whether one of the filters in force leaves only rows that wait."""
        return any(set(narrowed.get(name, ())) & values for name, values in self.waits.items())
