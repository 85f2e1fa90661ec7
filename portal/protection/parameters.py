"""Hostile requests, answered before anybody reads them.

Numbers in an address are whole and fit the database; control characters have no
business in an address and are taken out of what was typed into a form.
"""

import re
from collections.abc import Iterable, Iterator

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict

OFFICERS, DELIVERIES = "/admin/", "/webhook/"
LARGEST_ID = 2_147_483_647
WHOLE = re.compile(r"0|[1-9][0-9]{0,9}")
REGION = re.compile(r"[0-9]{2}(\.[0-9]{2,4}){0,3}")
# Parameter of an officers' page → largest value; an empty one counts as left out.
FIGURES = {
    "page": 1_000_000,
    "page_size": 1_000,
    "sort": 1_000,
    "limit": 1_000,
    "offset": 1_000_000,
}

_ADDRESS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def guard(app: Flask) -> None:
    """Look at every request of `app` before its view does."""
    app.before_request(_refuse_hostile)
    app.before_request(_clean_form)


def _refuse_hostile() -> None:
    """404 for an id that cannot be, 400 for any other impossible parameter."""
    if any(_ADDRESS.search(text) for text in _address()):
        abort(400)
    if request.path.startswith(OFFICERS):
        _check_ids(request.args.getlist("id"))
        for name, largest in FIGURES.items():
            if not all(_is_whole(text, largest) for text in request.args.getlist(name) if text):
                abort(400)


def _address() -> Iterator[str]:
    yield request.path
    for key, values in request.args.lists():
        yield key
        yield from values


def _check_ids(values: Iterable[str]) -> None:
    for text in values:
        is_region = request.path.startswith("/admin/region/") and REGION.fullmatch(text)
        if not (is_region or _is_whole(text, LARGEST_ID)):
            abort(404)


def _is_whole(text: str, largest: int) -> bool:
    return bool(WHOLE.fullmatch(text)) and int(text) <= largest


def _clean_form() -> None:
    """Before any view or form reads it: what nobody types is gone, ends of line are `\\n`.

    What a machine delivers is kept byte for byte.
    """
    if not request.path.startswith(DELIVERIES) and request.form:
        pairs = [(clean(key), clean(value)) for key, value in request.form.items(multi=True)]
        request.form = ImmutableMultiDict(pairs)
        if request.path.startswith(OFFICERS):
            _check_ids(request.form.getlist("rowid"))


def clean(text: str) -> str:
    """`text` without control characters but tab and end of line, which becomes `\\n`."""
    return _TYPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def stays_here(address: str) -> bool:
    """Whether a redirect there stays on this host: browsers drop tabs and take `\\` for `/`."""
    ours = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return ours and address.isprintable()
