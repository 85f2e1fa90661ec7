"""What a letter lacks, each part with the page where it can be completed."""

from typing import Any

from flask import current_app, url_for

from portal.access.permissions import may
from portal.letters.gaps import Gap
from portal.screens.sign_in import current_officer

Part = tuple[str, str]

VIEWS = {
    "edit": "edit_view",
    "create": "create_view",
    "view": "details_view",
    "list": "index_view",
}


def with_links(gaps: list[Gap]) -> list[Part]:
    """Each sentence with the address where this officer can do something about it, or ""."""
    return [(gap.sentence, _place(gap)) for gap in gaps]


def _place(gap: Gap) -> str:
    endpoint = f"{gap.table}.{VIEWS.get(gap.verb, '')}"
    known = endpoint in current_app.view_functions
    if not known or not may(current_officer(), f"{gap.table}.{gap.verb}"):
        return ""
    key: dict[str, Any] = {"case": gap.row} if gap.verb == "create" else {"id": gap.row}
    return url_for(endpoint, **(key if gap.row is not None else {}))
