"""The code lists of one request, each read once however many rows show them."""

from flask import g

from portal import labels
from portal.casework import lists
from portal.db import db
from portal.screens.kinds import Kind


def names(list_name: str) -> dict[str, str]:
    """Every code of a list with its label, those no longer offered included."""
    known: dict[str, dict[str, str]] = g.setdefault("code_names", {})
    if list_name not in known:
        known[list_name] = lists.labels(db.session(), list_name)
    return known[list_name]


def name(list_name: str, code: str) -> str:
    """The label of a code, the code itself where the list does not know it."""
    return names(list_name).get(code, code)


def options(kind: Kind) -> list[tuple[str, str]]:
    """What may be chosen for a column now, in the order of its list."""
    if kind.list_name:
        offered: dict[str, list[lists.Option]] = g.setdefault("code_options", {})
        if kind.list_name not in offered:
            offered[kind.list_name] = lists.options(db.session(), kind.list_name)
        if offered[kind.list_name]:
            return offered[kind.list_name]
    return labels.choices(kind.enum) if kind.enum else []


def every(kind: Kind) -> list[tuple[str, str]]:
    """As `options`, with the codes that old rows may still carry: what narrows a list."""
    if kind.enum:
        return labels.choices(kind.enum)
    offered = dict(options(kind))
    return list((offered | names(kind.list_name)).items())
