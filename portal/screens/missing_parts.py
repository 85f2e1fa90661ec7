"""What a nota lacks, each part with the page where it can be completed."""

from typing import Any

from flask import current_app, url_for

from models import Case
from portal.access.permissions import may
from portal.screens.sign_in import current_officer
from portal.wording import lazy as _l

Part = tuple[str, str]

# Sentence of `portal.letters.nota_terminasi` → table and page, and the word for the link.
PLACES: tuple[tuple[Any, str, str], ...] = (
    (_l("Korban belum dicatat."), "case", "edit"),
    (_l("Pelayanan yang diberikan belum dicatat."), "intervention", "create"),
    (_l("Jabatan penandatangan belum diisi."), "officer", "list"),
)
VIEWS = {"edit": "edit_view", "create": "create_view", "list": "index_view"}


def with_links(case: Case, sentences: list[str]) -> list[Part]:
    """Each sentence with the address where this officer can do something about it, or ""."""
    return [(sentence, _place(case, sentence)) for sentence in sentences]


def _place(case: Case, sentence: str) -> str:
    for text, table, verb in PLACES:
        endpoint = f"{table}.{VIEWS[verb]}"
        known = endpoint in current_app.view_functions
        if str(text) == sentence and known and may(current_officer(), f"{table}.{verb}"):
            key: dict[str, Any] = {"id": case.id} if table == "case" else {"case": case.id}
            return url_for(endpoint, **key)
    return ""
