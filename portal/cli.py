"""The commands of `flask --app portal.app …`. Each is the door to one function elsewhere."""

import json
import signal
from datetime import UTC, datetime

import click
import flask_migrate
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import seed.demo
import seed.load
import seed.morning
import seed.signing
from models import Officer
from portal import health, jobs, server
from portal.access import sign_in
from portal.casework import retention
from portal.commands import log, officers
from portal.commands.backup import backup_group
from portal.commands.channels import channels_group
from portal.commands.common import application, settings, system_session
from portal.commands.keys import keys_group
from portal.commands.retention import retention_group
from portal.commands.search import search_group
from portal.config import Settings, SettingsError
from portal.db import READING, db
from portal.indonesia import dates
from portal.letters import proof
from seed.officers import OFFICERS, USERNAMES

DEMO_CASES = 60


def init_cli(app: Flask) -> None:
    """Add every command to `app`; in production Flask's own server for development is refused."""
    _refuse_development(app.extensions["settings"])
    for command in (serve, worker, demo, check, seed_group, keys_group, search_group):
        app.cli.add_command(command)
    app.cli.add_command(letters_group)
    app.cli.add_command(officers.officer_group)
    app.cli.add_command(retention_group)
    app.cli.add_command(backup_group)
    app.cli.add_command(channels_group)
    app.cli.add_command(log.audit_group)


def _refuse_development(of: Settings) -> None:
    """`flask run` looks at no `refusals`, and with `--debugger` offers a console to everybody."""
    context = click.get_current_context(silent=True)
    if of.env == "production" and context is not None and context.info_name == "run":
        raise click.ClickException("run is for development: in production use serve")


class CommandsWithoutSettings(AppGroup):
    """What can be done while settings are missing; everything else says which one it is."""

    def __init__(self, error: SettingsError) -> None:
        super().__init__(commands={"check": check, "keys": keys_group, "backup": backup_group})
        self.error = error

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command, or the end with one clear line."""
        if command := super().get_command(context, name):
            return command
        raise click.ClickException(str(self.error))


def without_settings(error: SettingsError) -> Flask:
    """An application that knows a few commands alone; outside of `flask …` the error itself."""
    context = click.get_current_context(silent=True)
    if context is None:
        raise error
    if context.parent is not None:
        raise click.ClickException(str(error))
    app = Flask("portal")
    app.extensions["settings_error"] = error
    app.cli = CommandsWithoutSettings(error)
    return app


# --- serving -------------------------------------------------------------------------------


@click.command()
@click.option("--bind", multiple=True, help="address:port; default: the loopback addresses, PORT")
@click.option("--processes", default=1, show_default=True, help="limits are counted per process")
@click.option("--threads", default=8, show_default=True)
def serve(bind: tuple[str, ...], processes: int, threads: int) -> None:
    """Serve the portal (production web server)."""
    app = application()
    _refuse_unsafe(app)
    with app.app_context():
        addresses = bind or _loopback()
        proxies = settings().proxies
        db.engine.dispose()  # no connection may be shared with the processes made from here on
    server.serve(app, addresses, processes, threads, proxies)


def _refuse_unsafe(app: Flask) -> None:
    """In production a database with demo sign-ins, or one that is behind, is not served."""
    with app.app_context():
        refusals = health.refusals(settings())
        db.engine.dispose()
    if refusals:
        raise click.ClickException("\nError: ".join(refusals))


def _loopback() -> list[str]:
    try:
        return server.loopback(settings().port)
    except server.PortTaken as error:
        raise click.ClickException(str(error)) from None


@click.command()
@click.option("--once", is_flag=True, help="do what is due now, then end")
def worker(once: bool) -> None:
    """Do the jobs and keep the clock."""
    app = application()
    _refuse_unsafe(app)
    if once:
        jobs.work_off(app)
        return
    worker = jobs.Worker(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    worker.run()


# --- the database and what stands in it --------------------------------------------------------


@click.group("seed")
def seed_group() -> None:
    """Reference lists, and invented cases for the demo."""


@seed_group.command("reference")
@with_appcontext
def seed_reference() -> None:
    """Add missing reference rows; rows that exist stay as the office edited them."""
    with system_session() as session:
        added = seed.load.load(session)
    click.echo(", ".join(f"{table} +{count}" for table, count in added.items()))


@seed_group.command("demo")
@click.option("--cases", required=True, type=click.IntRange(1), help="how many")
@click.option("--fast", is_flag=True, help="leave out PDFs and search tokens")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="the day to end at")
@with_appcontext
def seed_demo(cases: int, fast: bool, today: datetime | None) -> None:
    """Add invented people and cases; the same cases for the same date."""
    if not settings().demo:
        raise click.ClickException("Invented cases are for PORTAL_ENV=demo alone")
    with system_session() as session:
        try:
            day, password = today.date() if today else dates.today(), settings().demo_password
            seed.demo.demo(session, cases, day, fast, password)
        except seed.demo.NotADemo as refusal:
            raise click.ClickException(str(refusal)) from None
        _give_demo_password(session)


# --- make run -------------------------------------------------------------------------------


@click.command()
@with_appcontext
def demo() -> None:
    """Everything of `make run`: migrate, fill an empty database, serve, work, until Ctrl-C."""
    if not settings().demo:
        raise click.ClickException("make run is the demo; in production use serve and worker")
    _loopback()
    _prepare_demo()
    children = server.start([["serve"], ["worker"]])
    raise SystemExit(server.wait(children, _announce_when_ready))


def _prepare_demo() -> None:
    flask_migrate.upgrade()
    with system_session() as session:
        seed.load.load(session)
        if not session.scalar(select(func.count()).select_from(Officer)):
            click.echo(f"Inventing {DEMO_CASES} cases (once) ...")
            password = settings().demo_password
            seed.demo.demo(session, DEMO_CASES, dates.today(), fast=False, password=password)
            seed.morning.begin(session, datetime.now(UTC))
        _give_demo_password(session)
    db.engine.dispose()


def _give_demo_password(session: Session) -> None:
    """The demo sign-ins open with the password of the settings, also when that changed."""
    password = settings().demo_password
    officers = session.scalars(select(Officer).where(Officer.username.in_(USERNAMES))).all()
    for officer in officers:
        officer.demo = True  # also in a database that is older than this mark
    if officers and not sign_in.matches(officers[0].password_hash or "", password):
        hashed = sign_in.hash_password(password)
        for officer in officers:
            officer.password_hash = hashed
    if officers:
        by_name = {one.username: one for one in officers}
        seed.signing.certify(session, by_name, password, datetime.now(UTC))


def _announce_when_ready() -> bool:
    port = settings().port
    if not server.listening(port):
        return False
    names = "\n".join(f"    {name:<12} {position}" for name, _, position, _ in OFFICERS)
    click.echo(f"\n  http://localhost:{port}\n\n  Demo sign-ins at /masuk, all with the password")
    click.echo(f"    {settings().demo_password}\n{names}\n\n  Ctrl-C stops everything.\n")
    return True


# --- letters, check -------------------------------------------------------------


@click.group("letters")
def letters_group() -> None:
    """The letter register."""


@letters_group.command("verify")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def letters_verify(as_json: bool) -> None:
    """Is the register without gap and double, and every PDF as it was stored?"""
    with system_session(READING) as session:
        found = proof.verify(session)
    lines = [f"{name}: {count}" for name, count in found.items()]
    click.echo(json.dumps(found) if as_json else "\n".join(lines))
    if found["gaps"] or found["doubles"] or found["changed"]:
        raise SystemExit(1)


@click.command()
def check() -> None:
    """The settings, and whether what they point to can be reached."""
    app = application()
    if error := app.extensions.get("settings_error"):
        click.echo("\n".join(f"FAIL {complaint}" for complaint in error.complaints))
        raise SystemExit(1)
    with app.app_context():
        troubles, off = health.troubles(settings()), health.channels_off(settings())
        missing = [] if any(troubles.values()) else _missing_classes()
    for name, trouble in troubles.items():
        click.echo(f"{'ok  ' if not trouble else 'FAIL'} {name} {trouble}".rstrip())
    for name, lacking in off.items():
        click.echo(f"off  {name}: set {', '.join(lacking)}")
    if missing:
        click.echo(f"note retention classes are missing ({', '.join(missing)}): see `flask seed`")
    if any(troubles.values()):
        raise SystemExit(1)


def _missing_classes() -> list[str]:
    with system_session(READING) as session:
        return retention.missing_classes(session)
