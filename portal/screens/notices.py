"""The screen of notices: an officer's own, read once they have been listed."""

from datetime import UTC, datetime

from flask_admin import expose
from sqlalchemy import func, select

from models import Notice, Officer
from portal.db import db
from portal.screens.screen import Screen


class Notices(Screen):
    """What waits, without saying about whom."""

    @expose("/")
    def index_view(self) -> str:
        """The list; what it shows for the first time counts as read from now on."""
        page = super().index_view()
        for row in db.session.scalars(select(Notice).where(Notice.read_at.is_(None)).limit(500)):
            row.read_at = datetime.now(UTC)
        db.session.commit()
        return str(page)

    def is_visible(self) -> bool:
        """The bell leads here, not the menu."""
        return False


def unread(officer: Officer) -> int:
    """How many notices wait for `officer`."""
    wanted = select(func.count(Notice.id)).where(Notice.officer_id == officer.id)
    return db.session.scalar(wanted.where(Notice.read_at.is_(None))) or 0
