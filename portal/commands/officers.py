"""`flask officer …`: who may sign in, and ways back in for those who cannot."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Officer, Role
from portal.access import factors, sign_in
from portal.casework import conflicts, leaving, roles, signing_held
from portal.casework.lifecycle import Refused
from portal.commands.common import settings, system_session
from portal.protection import audit


@click.group("officer")
def officer_group() -> None:
    """Who may sign in."""


@officer_group.command("create")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.password_option(help="asked for when left out")
@with_appcontext
def officer_create(username: str, name: str, role: str, password: str) -> None:
    """Add an officer who signs in as USERNAME."""
    officer = Officer(username=username.casefold(), name=name, role=Role(role))
    try:
        sign_in.set_password(officer, password)
        with system_session() as session:
            session.add(officer)
            audit.record(session, "created", None, officer)
            conflicts.ask_to_screen(session, officer)
    except sign_in.WeakPassword as weak:
        raise click.ClickException(" ".join(weak.sentences)) from None
    except IntegrityError:
        raise click.ClickException(f"{username} exists already") from None


@officer_group.command("rename")
@click.argument("username")
@click.option("--name", required=True)
@with_appcontext
def officer_rename(username: str, name: str) -> None:
    """Correct the name of USERNAME, who is then kept from what names a namesake.

    No admin does it alone: a name decides from which cases somebody is kept.
    """
    if not name.strip():
        raise click.ClickException("A name is needed")
    with system_session() as session:
        officer = _officer(session, username)
        officer.name = name.strip()
        conflicts.ask_to_screen(session, officer)


@officer_group.command("disable")
@click.argument("username")
@click.option("--to", "successor", help="who takes over; default: whoever has least to do")
@with_appcontext
def officer_disable(username: str, successor: str | None) -> None:
    """End the access of USERNAME at once and hand their open work over."""
    with system_session() as session:
        officer, now = _officer(session, username), datetime.now(UTC)
        to = _officer(session, successor) if successor else None
        try:
            outcome = leaving.disable(session, officer, None, now, to)
        except Refused as refusal:
            raise click.ClickException(" ".join(refusal.sentences)) from None
        letters = signing_held.signatures_of(session, officer)
    click.echo(f"handed over: {outcome.moved}, without a successor: {outcome.orphaned}")
    click.echo(f"letters that wait for their signature: {letters}")


@officer_group.command("reset-mfa")
@click.argument("username")
@with_appcontext
def officer_reset_mfa(username: str) -> None:
    """Take the second factors of USERNAME away (a lost telephone); their sessions end."""
    with system_session() as session:
        officer = _officer(session, username)
        count = factors.reset(session, officer, None, datetime.now(UTC))
    click.echo(f"{count} second factors of {username} removed; a new one is asked for at sign-in.")


@officer_group.command("link")
@click.argument("username")
@with_appcontext
def officer_link(username: str) -> None:
    """Print a link with which USERNAME sets a password; once, within 24 hours."""
    with system_session() as session:
        token = roles.issue_link(session, _officer(session, username), None, datetime.now(UTC))
    click.echo(f"{settings().public_url}/masuk/tautan/{token}")


def _officer(session: Session, username: str) -> Officer:
    officer = session.scalar(select(Officer).filter_by(username=username.casefold()))
    if officer is None:
        raise click.ClickException(f"There is no {username}")
    return officer
