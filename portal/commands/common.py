"""What every command stands on: the application, its settings, a session that sees every row."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from portal.access import scope
from portal.config import Settings
from portal.db import db


def application() -> Flask:
    """The application that `flask` loaded."""
    return click.get_current_context().ensure_object(ScriptInfo).load_app()


def settings() -> Settings:
    """The settings of the running application; the one that is missing is said in one line."""
    if error := current_app.extensions.get("settings_error"):
        raise click.ClickException(str(error))
    found: Settings = current_app.extensions["settings"]
    return found


@contextmanager
def system_session(*marks: str) -> Iterator[Session]:
    """The session of this command: it sees every row, and is committed at the end.

    Marked READING it locks nothing before it writes.
    """
    with scope.system(db.session()):
        db.session.info.update(dict.fromkeys(marks, True))
        yield db.session()
        db.session.commit()
