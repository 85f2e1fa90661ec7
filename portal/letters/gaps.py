"""What a letter still lacks: a sentence, and where it can be added."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that is absent. No sentence names a person.

    `table` and `verb` (`edit`, `create`, `view`, `list`) are the screen where it is added; `row`
    the key of that row, or of the case a new one belongs to.
    """

    sentence: str
    table: str = ""
    verb: str = ""
    row: int | None = None

    def __str__(self) -> str:
        return self.sentence
