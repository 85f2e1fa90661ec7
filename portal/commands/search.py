"""The commands about searching."""

import click
from flask.cli import with_appcontext

from portal.commands.common import system_session
from portal.db import READING
from portal.protection import rebuilding


@click.group("search")
def search_group() -> None:
    """How sealed names and numbers are found."""


@search_group.command("rebuild")
@click.option("--all", "every", is_flag=True, help="also rows whose tokens are as they should be")
@with_appcontext
def search_rebuild(every: bool) -> None:
    """Make missing and outdated search tokens; stopped at any moment, the next run goes on."""
    with system_session(READING) as session:
        if every:
            rebuilding.forget_all(session)
        made = 0
        while done := rebuilding.rebuild(session):
            session.commit()
            made += done
        click.echo(f"tokens made for {made} rows, left: {rebuilding.outdated(session)}")
