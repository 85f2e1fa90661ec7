"""The officers' side with its real screens, and officers at their desks."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import admin_views
from portal.access import scope
from portal.config import Settings
from portal.db import PortalSession, init_db
from portal.protection import files
from portal.protection.web import protect
from portal.screens.register import init_screens
from portal.screens.sign_in import init_sign_in
from seed import load
from tests.support.cast import PASSWORD

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def make(settings: Settings) -> Flask:
    """The application: gate, defences, screens."""
    app = Flask("portal")
    app.testing = True
    app.secret_key = settings.secret_key
    app.extensions["settings"] = settings
    files.configure(settings.files)
    init_db(app, settings)
    scope.attach(PortalSession)
    protect(app, settings)
    init_sign_in(app, settings, ())
    admin_views.register(init_screens(app))
    return app


def lists(session: Session) -> None:
    """The reference lists, as every office has them."""
    load.load(session)
    session.commit()


class Desk:
    """Somebody signed in, with a browser that sends tokens along."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client: FlaskClient = app.test_client()
        page = self.client.get("/masuk").text
        facts = {"username": username, "password": PASSWORD, "csrf_token": TOKEN.findall(page)[0]}
        assert self.client.post("/masuk", data=facts).status_code == 302

    def get(self, address: str, **kwargs: Any) -> Any:
        """Open a page."""
        return self.client.get(address, **kwargs)

    def post(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Send a form with the token of this session."""
        token = TOKEN.findall(self.client.get("/admin/").text)[0]
        return self.client.post(address, data={"csrf_token": token, **(data or {})}, **kwargs)
