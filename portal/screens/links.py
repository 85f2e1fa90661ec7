"""Small parts of a page that Python draws: coloured words, and links to the page of a row."""

from typing import Any

from flask import current_app, get_template_attribute, url_for
from markupsafe import Markup, escape
from sqlalchemy import inspect

from portal.access.permissions import PERMISSIONS, may
from portal.screens.sign_in import current_officer


def badge(text: str, tone: str = "neutral") -> Any:
    """A coloured word, as the templates draw it."""
    return get_template_attribute("admin/lib.html", "badge")(text, tone)


def breaking(text: Any) -> Any:
    """`text` that may go on in the next line after a stroke: numbers of letters are long."""
    if isinstance(text, Markup):
        return text
    return Markup("/<wbr>").join(escape(part) for part in str(text).split("/"))


def link(row: Any, text: str) -> Any:
    """`text` as a link to the page of `row`, where there is one and this officer may open it."""
    table = row.__tablename__
    permission = f"{table}.view"
    known = f"{table}.details_view" in current_app.view_functions and permission in PERMISSIONS
    if not known or not may(current_officer(), permission):
        return text
    key = inspect(row).identity[0]
    address = url_for(f"{table}.details_view", id=key)
    return Markup('<a href="{}">{}</a>').format(address, text)
