"""The public site: home, complaint form, tracking, complaints about the service, the standard,
whether a letter is genuine."""

from flask import Flask

from portal.public import complaints, pages, report, tracking, verify
from portal.public.hashing import ComparingRequest
from portal.public.site import site
from portal.public.webhooks import webhooks

__all__ = ["complaints", "pages", "register", "report", "tracking", "verify"]


def register(app: Flask) -> None:
    """Put the public site on `app`; its forms are guarded by `visit`, not by a session."""
    app.request_class = ComparingRequest
    for one in (site, webhooks):
        app.register_blueprint(one)
        if guard := app.extensions.get("csrf"):
            guard.exempt(one)
