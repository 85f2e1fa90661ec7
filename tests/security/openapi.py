"""An OpenAPI description of every address of the portal, made from its URL map.

It is for tools that make up hostile requests: nothing in it is a promise to anybody.
"""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from portal.screens.screen import Screen

TEXT, NUMBER = {"type": "string"}, {"type": "integer", "minimum": 0, "maximum": 2**31}
KINDS = {"IntegerConverter": NUMBER}
# What lists and forms of the officers read from an address, beside their own filters.
ASKED = {
    **dict.fromkeys(("id", "page", "page_size", "sort", "limit", "offset"), NUMBER),
    **dict.fromkeys(("case", "victim", "report", "intervention", "termination"), NUMBER),
    **dict.fromkeys(("sebelum_pesan", "kutip", "tahun"), NUMBER),
    **dict.fromkeys(("desc", "url", "cari", "sesudah", "sebelum", "name", "kanal", "next"), TEXT),
}
# What views read from a form by themselves, beside the fields of the screens' own.
TYPED = dict.fromkeys(
    (
        *("search", "query", "action", "rowid", "row", "reason", "alasan", "text", "version_id"),
        *("nomor", "kode", "berkas", "pesan", "tujuan", "balas-quote", "balas-seen", "mendesak"),
    ),
    TEXT,
)
FORM = "application/x-www-form-urlencoded"
ANSWERS = {"default": {"description": "a page"}}


def described(app: Flask) -> dict[str, Any]:
    """The whole portal but for its static files."""
    screens = {view.endpoint: view for view in _screens(app)}
    paths: dict[str, dict[str, Any]] = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint != "static":
                screen = screens.get(rule.endpoint.partition(".")[0])
                paths.setdefault(_path(rule), {}).update(_operations(rule, screen))
    info = {"title": "Ruang Aman", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


def _screens(app: Flask) -> Iterator[Screen]:
    for view in app.extensions["admin"][0]._views:
        if isinstance(view, Screen):
            yield view


def _path(rule: Rule) -> str:
    return "".join(f"{{{part}}}" if variable else part for variable, part in rule._trace).split(
        "|", 1
    )[-1]


def _operations(rule: Rule, screen: Screen | None) -> dict[str, Any]:
    methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return {method.lower(): _operation(rule, method, screen) for method in methods}


def _operation(rule: Rule, method: str, screen: Screen | None) -> dict[str, Any]:
    filters = {one.parameter: TEXT for one in screen.filters} if screen else {}
    asked = [
        {"name": name, "in": "query", "schema": schema}
        for name, schema in (ASKED | filters).items()
    ]
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": KINDS.get(type(converter).__name__, TEXT),
        }
        for name, converter in rule._converters.items()
    ]
    operation: dict[str, Any] = {"parameters": in_path + asked, "responses": ANSWERS}
    if method == "POST":
        schema = {"type": "object", "properties": TYPED | _fields(screen)}
        operation["requestBody"] = {"content": {FORM: {"schema": schema}}}
    return operation


def _fields(screen: Screen | None) -> dict[str, Any]:
    """The fields of the forms of a screen."""
    return dict.fromkeys(screen.field_names(), TEXT) if screen else {}
