"""The screen of notices: an officer's own, each read when they say so."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import func, select, update
from werkzeug.wrappers import Response

from models import Notice, Officer
from portal.db import db
from portal.letters.progress import Progress
from portal.screens import edge
from portal.screens.screen import Screen
from portal.wording import _

# Where it waits, of what is filed with no case, report or conversation.
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "letter_to_initial": ("signing_desk.index", {}),
    "letter_to_sign": ("signing_desk.index", {}),
    "letter_held": ("signing_desk.index", {}),
    "letter_returned": ("letter.index_view", {"signature": Progress.dikembalikan.value}),
    "certificate_ends": ("signing_certificate.index_view", {}),
}


class Notices(Screen):
    """What waits, without saying about whom."""

    list_template = "screens/notices.html"
    demands = {"read_view": "list"}

    @expose("/dibaca/", methods=("POST",))
    def read_view(self) -> Response:
        """One of one's own notices has been read (`?id=`), or all of them."""
        mine = (Notice.officer_id == edge.me().id, Notice.read_at.is_(None))
        if "id" in request.args:
            row = edge.fetch(Notice, request.args["id"])
            row.read_at = row.read_at or datetime.now(UTC)
        else:
            db.session.execute(update(Notice).where(*mine).values(read_at=datetime.now(UTC)))
            flash(_("Semua pemberitahuan ditandai sudah dibaca."), "success")
        db.session.commit()
        return redirect(url_for(".index_view"), 303)

    def row_class(self, row: Any) -> str:
        """What was not read yet stands out."""
        return "" if row.read_at else "row-unread"

    def place_of(self, row: Notice) -> str:
        """The address where what the notice speaks of waits, "" where its row names it."""
        endpoint, query = PLACES.get(row.kind, ("", {}))
        return url_for(endpoint, **query) if endpoint else ""

    def is_visible(self) -> bool:
        """The bell leads here, not the menu."""
        return False


def unread(officer: Officer) -> int:
    """How many notices wait for `officer`."""
    wanted = select(func.count(Notice.id)).where(Notice.officer_id == officer.id)
    return db.session.scalar(wanted.where(Notice.read_at.is_(None))) or 0
