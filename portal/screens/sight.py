"""Which columns the officer of this request may see: lists, pages, forms and exports ask here."""

from collections.abc import Iterable
from typing import Any

from models import Case, CaseEvent
from portal.access import columns
from portal.screens.sign_in import current_officer

REVIEW_NOTES = {"review_emergency": "review_note"}


def seen(model: type[Any], paths: Iterable[str]) -> list[str]:
    """Those of `paths` whose column this officer may see, in their order."""
    officer = current_officer()
    return columns.seen(officer.role if officer else None, model, paths)


def note(event: CaseEvent) -> str | None:
    """What was noted with an event; of a review only for those who may read it on the case."""
    column = REVIEW_NOTES.get(event.kind)
    return event.note if column is None or seen(Case, [column]) else None
