"""The portal's defences and its gate around a few pages made for the tests."""

from typing import Any

from flask import Blueprint, Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError
from sqlalchemy.orm.exc import StaleDataError

from portal.access import scope
from portal.config import Settings
from portal.db import PortalSession, init_db
from portal.protection.web import protect
from portal.screens.gate import init_sign_in
from portal.wording import _

open_pages = Blueprint("open_pages", __name__)
officers = Blueprint("officers", __name__, url_prefix="/admin")
SECRET = "Siti Aminah"
FORM = "<form method=post>{{ csrf_token() }}</form>"


@open_pages.route("/", methods=["GET", "POST"])
def home() -> ResponseReturnValue:
    """A public page that says back what was typed."""
    return request.form.get("text", "") or render_template_string(FORM)


@open_pages.get("/token")
def token() -> ResponseReturnValue:
    """A token for forms of this browser."""
    return render_template_string("{{ csrf_token() }}")


@open_pages.get("/crash")
def crash() -> ResponseReturnValue:
    """A mistake of the program, with a name in its message."""
    raise RuntimeError(SECRET)


@open_pages.get("/stale")
def stale() -> ResponseReturnValue:
    """Somebody else was faster."""
    raise StaleDataError(SECRET)


@open_pages.get("/impossible")
def impossible() -> ResponseReturnValue:
    """A value no column can hold."""
    raise DataError(SECRET, {}, ValueError(SECRET))


@officers.get("/")
def desk() -> ResponseReturnValue:
    """The officers' first page."""
    return render_template_string("meja {{ current_user.name }} {{ csrf_token() }}")


@officers.route("/case/", methods=["GET", "POST"])
@officers.route("/region/", methods=["GET", "POST"])
def case() -> ResponseReturnValue:
    """A page with a form; an empty text is refused."""
    if request.method == "POST" and request.form.get("text"):
        return "", 303, {"Location": f"/admin/?done={request.form['text'][:4]}"}
    return render_template_string("form {{ csrf_token() }}")


def make(settings: Settings, **config: Any) -> Flask:
    """The application; `config` overrides what the defences set."""
    app = Flask("portal")
    app.secret_key = settings.secret_key
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals["_"] = _
    init_db(app, settings)
    scope.attach(PortalSession)
    protect(app, settings)
    init_sign_in(app, settings, {"open_pages"})
    app.register_blueprint(open_pages)
    app.register_blueprint(officers)
    app.config.update(config)
    return app
