"""The commands about keys: fresh ones, and everything sealed anew under the first of the ring."""

import json
import secrets

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.commands.common import system_session
from portal.db import READING
from portal.protection import rotation, vault


@click.group("keys")
def keys_group() -> None:
    """Secrets."""


@keys_group.command("new")
@click.option("--entry", metavar="NAME", help="one entry to add to the ring, under this name")
def keys_new(entry: str | None) -> None:
    """Print fresh secrets for the environment; nothing is stored."""
    if entry:
        click.echo(vault.new_key(entry))
        return
    click.echo(f"PORTAL_SECRET_KEY={secrets.token_urlsafe(48)}")
    click.echo(f"PORTAL_VAULT_KEYS={vault.new_ring()}")


@keys_group.command("rotate")
@click.option("--now", is_flag=True, help="here and at once, not in the worker")
@click.option("--status", "only_status", is_flag=True, help="only say how much is left")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def keys_rotate(now: bool, only_status: bool, as_json: bool) -> None:
    """Seal everything anew under the first key of the ring, while the portal serves.

    Stopped at any moment, the next run goes on where it was.
    """
    if error := current_app.extensions.get("settings_error"):
        raise click.ClickException(str(error))
    with system_session(READING) as session:
        if now:
            _rotate(session)
        elif not only_status and not as_json:
            rotation.ask(session)
            click.echo("The worker is rotating; see how far with: keys rotate --status")
            return
        _tell(rotation.status(session), as_json)


def _rotate(session: Session) -> None:
    place: rotation.Place | None = rotation.begin(session)
    while place is not None:
        session.commit()
        place = rotation.step(session, place)


def _tell(found: rotation.Status, as_json: bool) -> None:
    removable = found.removable(vault.ring())
    facts = {"key": found.key, "left": found.left, "removable": removable}
    counts = {"values": dict(found.values), "files": dict(found.files)}
    if as_json:
        click.echo(json.dumps(facts | counts))
        return
    for what, by_key in counts.items():
        for name, count in sorted(by_key.items()):
            click.echo(f"{what:<7} {count:>9}  {name or 'a key that is not on the ring'}")
    click.echo(f"left to seal under {found.key}: {found.left}")
    for name in removable:
        click.echo(f"{name} may be taken off the ring, and kept with the backups it sealed")
