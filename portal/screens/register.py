"""The officers' side of the application: its frame, its first page, what every page knows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_admin import Admin, BaseView, expose
from flask_admin.menu import MenuLink
from werkzeug.wrappers import Response

from models import Officer
from portal import labels
from portal.access.permissions import may
from portal.config import Settings
from portal.db import db
from portal.screens import catalogue, door, inbox_views, notices
from portal.screens.screen import Screen
from portal.screens.sign_in import current_officer
from portal.wording import CATALOGUES, LANGUAGES, _, language
from portal.wording import lazy as _l

NAME, URL = "Ruang Aman", "/admin"
Groups = Sequence[tuple[Any, Sequence[type[Screen]]]]


class Start(BaseView):
    """The first page, for whoever signed in."""

    template = "admin/index.html"

    def is_accessible(self) -> bool:
        """Officers only."""
        return current_officer() is not None

    def _handle_view(self, name: str, **kwargs: Any) -> None:
        if not self.is_accessible():
            abort(403)

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    @expose("/")
    def index(self) -> str:
        """What waits for this officer."""
        return self.render(self.template, **self.facts())

    def facts(self) -> dict[str, Any]:
        """Variables of the template; a subclass fills the page."""
        return {"page_title": _("Beranda")}

    @expose("/bahasa/<code>", methods=("POST",))
    def speak(self, code: str) -> Response:
        """Show the screens in another language from now on."""
        officer = current_officer()
        if code not in LANGUAGES or officer is None:
            abort(404)
        officer.language = code
        db.session.commit()
        return redirect(_where_from(), 303)


class ScreenLink(MenuLink):
    """A narrowed list in the menu, for those who may open the list."""

    def __init__(self, name: Any, screen: Screen, query: str) -> None:
        super().__init__(name, url=f"{URL}/{screen.table}/?{query}", category=screen.category)
        self.screen = screen

    def is_accessible(self) -> bool:
        """Like the screen itself."""
        return self.screen.is_accessible()


def init_screens(app: Flask, start: BaseView | None = None) -> Admin:
    """Give `app` the officers' side; `admin_views.register` fills it."""
    catalogue.init_babel(app)
    admin = Admin(
        app,
        name=NAME,
        url=URL,
        index_view=start or Start(name=_l("Beranda"), endpoint="admin", url=URL),
        translations_path=str(CATALOGUES),
    )
    app.context_processor(_frame)
    catalogue.warm_up(app, admin)
    return admin


def add_groups(admin: Admin, groups: Groups) -> None:
    """Add every screen under the heading of its group, in this order."""
    for title, screens in groups:
        key = str(title)
        admin.add_category(key)
        for screen in screens:
            admin.add_view(screen(category=key))
        admin.get_category_menu_item(key).name = title  # said anew in each language


def _frame() -> dict[str, Any]:
    """What the frame of every officers' page shows."""
    officer = current_officer()
    if officer is None or not request.path.startswith(URL):
        return {}
    return {
        "language": language(),
        "officer_name": officer.name,
        "session_left": door.seconds_left(),
        "officer_role": labels.label(officer.role),
        "notices_url": url_for("notice.index_view"),
        "notices_count": notices.unread(officer),
        "menu_counts": _waiting(officer),
        **_telephone(officer),
        "profile_url": url_for("account.index"),
        "languages": [(code, name, f"{URL}/bahasa/{code}") for code, name in LANGUAGES.items()],
    }


def _waiting(officer: Officer) -> dict[str, int]:
    """Conversations with something new for this officer, beside the inbox in the menu."""
    if not may(officer, "conversation.list"):
        return {}
    address = url_for("conversation.index_view")
    return {address: inbox_views.waiting_for(officer, datetime.now(UTC))}


def _telephone(officer: Officer) -> dict[str, str]:
    """The telephone on every page, for who answers it; asked only where one is connected."""
    if not may(officer, "call.create"):
        return {}
    settings: Settings = current_app.extensions["settings"]
    ringing = url_for("call.ringing_view") if settings.telephone_token else ""
    return {"call_start": url_for("call.start_view"), "ringing_url": ringing}


def _where_from() -> str:
    """The page on which the language was changed, if a browser tells it."""
    path = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return path if path.startswith(f"{URL}/") else f"{URL}/"
