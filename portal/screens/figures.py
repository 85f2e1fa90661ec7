"""Figures of a page as a file: asked why, noted, and ended by a line of who made it and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, request
from flask_admin.helpers import get_form_data

from models import Officer
from portal import labels
from portal.indonesia import dates
from portal.protection import audit
from portal.screens import edge, sheets
from portal.screens.export import ExportForm
from portal.wording import _

WRONG = 422


@dataclass(frozen=True)
class Figures:
    """What would leave: the table as the log names it, the file's name without its ending."""

    table: str
    name: str
    rows: Sequence[Sequence[str]]
    filters: dict[str, list[str]]
    facts: Sequence[tuple[str, str]]
    back: str


def kinds(address: Callable[[str], str]) -> list[tuple[str, Any]]:
    """Where each kind of file is asked for, and what it is called."""
    return [(address(kind), sheets.KINDS[kind].label) for kind in sheets.KINDS]


def export(view: Any, kind: str, figures: Figures, address: Callable[[str], str]) -> Any:
    """What would leave, and the question why; with an answer to it, the file."""
    if kind not in sheets.KINDS:
        abort(404)
    form = ExportForm(get_form_data())
    if request.method == "POST" and form.validate():
        _note(figures, kind, str(form.why.data))
        return _file(figures, kind, edge.me(), edge.now())
    page = view.render(
        "screens/export.html",
        form=form,
        facts=[*figures.facts, (_("Jumlah baris"), str(len(figures.rows)))],
        kinds=kinds(address),
        return_url=figures.back,
    )
    return (page, WRONG) if form.errors else page


def _note(figures: Figures, kind: str, why: str) -> None:
    facts: dict[str, Any] = {"table": figures.table, "filters": figures.filters}
    facts |= {"rows": len(figures.rows), "format": kind, "why": why}
    audit.record(edge.session(), "exported", edge.me(), **facts)
    edge.session().commit()


def _file(figures: Figures, kind: str, officer: Officer, now: datetime) -> Response:
    who = f"{officer.name} ({labels.label(officer.role)})"
    last = [_("Dibuat oleh %(who)s, %(when)s.", who=who, when=dates.moment(now))]
    sheet = sheets.KINDS[kind]
    answer = Response(sheet.pieces([*map(list, figures.rows), last]), mimetype=sheet.mime)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{figures.name}.{kind}")
    return answer
