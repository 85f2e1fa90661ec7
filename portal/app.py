"""The application, put together. A table of contents: every line names where to read on."""

from flask import Flask
from flask_migrate import Migrate

import admin_views
from portal import cli, public
from portal.access import scope
from portal.config import ROOT, Settings, SettingsError
from portal.db import PortalSession, db, init_db
from portal.environment import environment
from portal.letters import press, verification
from portal.protection import (
    audit_anchors,
    erasures,
    files,
    scanning,
    sealing,
    tokens,
    vault,
)
from portal.protection.limits import limit_rates
from portal.protection.web import protect
from portal.public import telephone
from portal.screens import door
from portal.screens.gate import init_sign_in
from portal.screens.pages import first_page
from portal.screens.register import init_screens
from portal.screens.traces import init_traces


def create_app(settings: Settings | None = None) -> Flask:
    """The portal with `settings`, by default those of the environment."""
    try:
        settings = settings or environment()
    except SettingsError as error:
        return cli.without_settings(error)
    app = Flask("portal")
    app.extensions["settings"] = settings
    app.secret_key = settings.secret_key
    vault.install(vault.Ring.parse(settings.vault_keys))
    sealing.attach()
    tokens.attach()
    scope.attach(PortalSession)
    files.configure(settings.files)
    press.start(settings.letter_workers)
    verification.configure(settings.public_url)
    scanning.attach()
    scanning.configure(settings.clamd_url)
    erasures.configure(settings.data / "erasures.jsonl")
    audit_anchors.configure(settings.anchors)
    init_db(app, settings)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    protect(app, settings)
    init_traces(app)
    init_sign_in(app, settings, open_to_all={"public", "telephone", "webhooks"})
    public.register(app)
    telephone.register(app)
    admin_views.register(init_screens(app, first_page(app)))
    limit_rates(app, settings, door.is_known)
    cli.init_cli(app)
    return app
