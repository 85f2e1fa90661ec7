"""The commands about the channels."""

import json

import click
from flask.cli import with_appcontext

from portal.casework import channel_health
from portal.commands.common import settings, system_session
from portal.db import READING
from portal.health import channels_off


@click.group("channels")
def channels_group() -> None:
    """How messages, calls and mails come in and go out."""


@channels_group.command("status")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def channels_status(as_json: bool) -> None:
    """What has come, what waits, what nobody understood; each entry counted once."""
    with system_session(READING) as session:
        found = channel_health.status(session)
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo("\n".join(f"{name}: {count}" for name, count in found.items()))
    for name, lacking in channels_off(settings()).items():
        click.echo(f"off: {name} (set {', '.join(lacking)})")
