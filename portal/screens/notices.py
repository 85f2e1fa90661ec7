"""The screen of notices: an officer's own, each read when they say so."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import func, select, update
from werkzeug.wrappers import Response

from models import Notice, Officer
from portal.db import db
from portal.screens import edge
from portal.screens.screen import Screen
from portal.wording import _


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

    def is_visible(self) -> bool:
        """The bell leads here, not the menu."""
        return False


def unread(officer: Officer) -> int:
    """How many notices wait for `officer`."""
    wanted = select(func.count(Notice.id)).where(Notice.officer_id == officer.id)
    return db.session.scalar(wanted.where(Notice.read_at.is_(None))) or 0
