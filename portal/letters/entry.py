"""What a kind of letter tells about itself: one `Entry` in the module that assembles its data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from models import Case, LetterKind, Officer, Report, Role
from portal.access.permissions import may
from portal.letters.gaps import Gap

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """The case and the report that a letter is filed with; neither for a laporan bulanan."""

    case: Case | None = None
    report: Report | None = None

    @property
    def subject(self) -> Case | Report | None:
        """What need to know is asked of."""
        return self.case or self.report


@dataclass(frozen=True, slots=True)
class Entry:
    """How letters of one kind are made.

    source: the table (or value) they are made from; it has an `id`.
    content: session, source row and acting officer → what the letter says but for number, date
        and code; raises LetterError where it cannot be put together.
    missing: the same → what is absent, each with the screen where it is added.
    about: source row → where the letter is filed.
    issuers: who issues one by hand; nobody where it arises in an act of the case alone.
    """

    kind: LetterKind
    source: type[Any]
    content: Callable[[Session, Any, Officer], Content]
    missing: Callable[[Session, Any, Officer], list[Gap]]
    about: Callable[[Any], About]
    issuers: frozenset[Role] = field(default_factory=frozenset)

    def issued_by(self, officer: Officer) -> bool:
        """Whether this officer issues letters of this kind by hand."""
        return may(officer, "letter.create") and officer.role in self.issuers
