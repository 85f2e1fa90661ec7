"""A new password with an administrator's link: opened here by the officer, issued over there.

The token leaves the address at once, so that it stays neither in the history nor
on somebody's screen. Opening the link uses nothing up; setting the password does.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_admin import expose
from werkzeug.wrappers import Response as AnyResponse

from models import Officer
from portal.access import delays, links, sessions
from portal.access.sign_in import WeakPassword
from portal.casework import roles
from portal.db import db
from portal.protection.web import error_page
from portal.screens import browser_session as browser
from portal.screens import edge, second_step
from portal.screens.account import NewPasswordForm
from portal.wording import _

TOKEN = "link"

blueprint = Blueprint("links", __name__, url_prefix="/masuk/tautan")


@blueprint.get("/<token>")
def open_link(token: str) -> AnyResponse:
    """Take the token out of the address."""
    session[TOKEN] = token if browser.TOKEN.fullmatch(token) else ""
    return redirect(url_for("links.set_password"))


@blueprint.route("", methods=["GET", "POST"])
def set_password() -> Any:
    """A new password, twice."""
    token, now = session.get(TOKEN, ""), browser.now()
    form = NewPasswordForm(request.form)
    try:
        officer = links.owner(db.session(), token, now)
        if request.method == "POST" and form.validate():
            links.use(db.session(), token, form.password.data, now)
            return _done(officer)
    except links.NoLink:
        return _no_link()
    except WeakPassword as weak:
        db.session.rollback()
        form.password.errors = weak.sentences
    page = render_template("new_password.html", form=form, username=officer.username)
    return (page, 422) if form.errors else page


def _done(officer: Officer) -> AnyResponse:
    """Everybody signs in the usual way after that, second step included."""
    tries = delays.for_password(officer.username, browser.address(), None)
    delays.forgive(db.session(), [one for one in tries if not one.shared], browser.now())
    here = browser.here()
    if here.row is not None:
        sessions.end(db.session(), here.row, browser.now(), "signed_out")
    db.session.commit()
    here.drop()
    flash(_("Kata sandi baru tersimpan. Silakan masuk."), "success")
    return redirect(url_for("sign_in.sign_in"), 303)


def _no_link() -> AnyResponse:
    session.pop(TOKEN, None)
    return error_page(
        404,
        _("Tautan ini tidak berlaku lagi"),
        _("Tautan hanya berlaku sekali, selama 24 jam. Mintalah yang baru kepada admin."),
    )


class OfficerAccess:
    """The admin's pages for somebody's way in. Mixed into the screen of officers."""

    details_template = "screens/officer.html"
    demands: Mapping[str, str] = {"link_view": "edit", "end_view": "edit"}

    @expose("/tautan/", methods=("GET", "POST"))
    def link_view(self: Any) -> Any:
        """A link with which the officer sets a password; shown once, to be handed over."""
        officer = edge.fetch(Officer, request.args.get("id"))
        if not browser.is_sure():
            return second_step.to_make_sure(url_for(".link_view", id=officer.id))
        refused = roles.link_obstacles(edge.session(), officer, edge.me())
        address = _new_link(officer) if request.method == "POST" and not refused else ""
        page = self.render(
            "screens/officer_link.html", row=officer, address=address, refused=refused
        )
        return (page, 409) if refused and request.method == "POST" else page

    @expose("/sesi/", methods=("POST",))
    def end_view(self: Any) -> AnyResponse:
        """End every session of an officer."""
        officer = edge.fetch(Officer, request.args.get("id"))
        session = edge.session()
        count = sessions.revoke_all(session, officer, edge.me(), browser.now(), "revoked")
        session.commit()
        flash(_("%(n)s sesi diakhiri.", n=count), "success")
        return redirect(url_for(".details_view", id=officer.id), 303)


def _new_link(officer: Officer) -> str:
    """The address of a new link, committed."""
    token = roles.issue_link(edge.session(), officer, edge.me(), browser.now())
    edge.session().commit()
    return browser.policy().public_url + url_for("links.open_link", token=token)
