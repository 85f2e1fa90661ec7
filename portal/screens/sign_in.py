"""Who is here: the officer of the session, as Flask-Login and the screens want to see one."""

from typing import Any

from flask import Request
from flask_login import LoginManager, UserMixin, current_user

from models import Officer
from portal.protection.parameters import stays_here
from portal.screens import browser_session as browser

HOME = "/admin/"
login = LoginManager()
login.session_protection = None  # an officer's telephone changes its address all day


class Account(UserMixin):
    """An officer as Flask-Login wants to see one."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer

    def __getattr__(self, name: str) -> Any:
        """For templates: the officer's name, role and language."""
        return getattr(self.officer, name)

    def get_id(self) -> str:
        """Flask-Login asks; no session of ours holds it."""
        return str(self.officer.id)


def current_officer() -> Officer | None:
    """The officer who signed in, with everything it takes, and is still active, or None."""
    return current_user.officer if current_user and current_user.is_authenticated else None


@login.request_loader
def _load(_request: Request) -> Account | None:
    row = browser.here().row
    return Account(row.officer) if row is not None and row.complete else None


def half_way() -> Officer | None:
    """The officer who gave the password and still owes the second step, or None."""
    row = browser.here().row
    return row.officer if row is not None and not row.complete else None


def is_ours(target: str) -> bool:
    """Whether this is a page of ours to go on to after signing in."""
    return stays_here(target) and not target.startswith(("/masuk", "/keluar"))
