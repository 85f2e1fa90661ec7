"""`flask audit …`: the log."""

import json
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from portal.commands.common import system_session
from portal.db import READING
from portal.protection import audit_anchors, audit_check


@click.group("audit")
def audit_group() -> None:
    """The audit log."""


@audit_group.command("verify")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def audit_verify(as_json: bool) -> None:
    """Is the log as it was written? Names what was changed, removed, put in or cut off."""
    with system_session(READING) as session:
        found = audit_check.verify(session)
    facts = asdict(found) | {"whole": found.whole, "public_key": audit_anchors.public_key()}
    lines = [f"{name}: {value}" for name, value in facts.items()]
    click.echo(json.dumps(facts) if as_json else "\n".join(lines))
    if not found.whole:
        raise SystemExit(1)
