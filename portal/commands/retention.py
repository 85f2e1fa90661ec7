"""`flask retention …`: what falls due, erasing it now, and catching up after a restore."""

from datetime import UTC, datetime, timedelta

import click
from flask.cli import with_appcontext

from portal.casework import erasing, retention
from portal.commands.common import system_session
from portal.db import READING
from portal.indonesia import dates
from portal.protection import erasures


@click.group("retention")
def retention_group() -> None:
    """Records whose time is over."""


@retention_group.command("preview")
@click.option("--days", default=30, show_default=True, type=click.IntRange(0, 3650))
@with_appcontext
def preview(days: int) -> None:
    """How many records fall due within so many days, by class. Changes nothing."""
    last = dates.today() + timedelta(days=days)
    with system_session(READING) as session:
        found = retention.counts(session, last)
    for (day, code), count in sorted(found.items()):
        click.echo(f"{day} {code} {count}")
    click.echo(f"{sum(found.values())} within {days} days")


@retention_group.command("run")
@with_appcontext
def run() -> None:
    """Date what has ended and erase what is due, each record in a transaction of its own."""
    now = datetime.now(UTC)
    with system_session(READING) as session:
        dated = retention.date_all(session, now)
    with system_session(READING) as session:
        due = [(row.__tablename__, row.id) for row in retention.due(session, dates.today())]
    erased = sum(_erase(table, key) for table, key in due)
    with system_session(READING) as session:
        left = retention.counts(session, dates.today()).total()
    click.echo(f"dated {dated}, erased {erased}, kept by a hold {left}")


def _erase(table: str, key: int) -> bool:
    with system_session(READING) as session:
        return retention.erase_due(session, {"table": table, "id": key})


@retention_group.command("replay")
@with_appcontext
def replay() -> None:
    """Erase anew what the signed file says was erased: after restoring a backup."""
    try:
        with system_session(READING) as session:
            count = erasing.replay(session, erasures.lines())
    except erasures.Forged as forged:
        raise click.ClickException(str(forged)) from None
    click.echo(f"erased anew {count}")
