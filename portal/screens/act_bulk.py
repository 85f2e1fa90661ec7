"""One act on several rows: one form for all, a transaction each, a list of what came of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin.helpers import get_form_data
from sqlalchemy import select

from models import Officer
from portal.screens import edge, titles, traces
from portal.screens.act import Act
from portal.screens.act_table import WORDS, obstacles
from portal.screens.refusals import sentences
from portal.wording import _

MOST = 100
WRONG = 422
CHOSEN = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")


@dataclass(frozen=True)
class Outcome:
    """What came of one row: nothing in `stops` means it was done. `title` may be of a gone row."""

    key: int
    title: str
    stops: Sequence[str] = ()


def page(view: Any, name: str, act: Act) -> Any:
    """The form for the rows that were chosen in a list, or what came of it."""
    if not WORDS[view.table][name].bulk or request.method != "POST":
        abort(404)
    keys, versions = _chosen()
    if not keys:
        flash(_("Pilih dahulu sedikitnya satu baris."), "warning")
        return redirect(url_for(".index_view"), 303)
    if len(keys) == 1 and not versions:
        return redirect(url_for(".act_view", act=name, id=keys[0]), 303)
    officer = edge.me()
    form = act.form(get_form_data() if versions else None)
    form.prepare(None, officer)
    if versions and form.validate():
        outcomes = [_do(view, name, act, form, pair, officer) for pair in versions.items()]
        return _results(view, name, act, outcomes)
    asked = _asked(view, name, act, form, _rows(view.model, keys), officer)
    return (asked, WRONG) if versions else asked


def _chosen() -> tuple[list[int], dict[int, int]]:
    """The keys from the list, or keys with the versions that the form of this page carried."""
    carried = [CHOSEN.fullmatch(text) for text in request.form.getlist("row")]
    versions = {int(pair[1]): int(pair[2]) for pair in carried if pair}
    keys = list(versions) or [edge.number(text) for text in request.form.getlist("rowid")]
    if len(keys) > MOST:
        abort(400)
    return list(dict.fromkeys(keys)), versions


def _rows(model: type[Any], keys: Sequence[int]) -> list[Any]:
    wanted = select(model).where(model.id.in_(keys)).order_by(model.id)
    return list(edge.session().scalars(wanted))


def _asked(view: Any, name: str, act: Act, form: Any, rows: Sequence[Any], officer: Officer) -> str:
    """The form: which rows it is for, and which are left out and why."""
    stops = {row: obstacles(row, name, officer) for row in rows}
    page: str = view.render(
        "screens/act_bulk.html",
        act=act,
        words=WORDS[view.table][name],
        form=form,
        rows=[row for row in rows if not stops[row]],
        left_out=[Outcome(row.id, titles.of(row), stops[row]) for row in rows if stops[row]],
        facts_of=lambda row: act.facts(row, officer).get("facts", []),
    )
    return page


def _do(
    view: Any, name: str, act: Act, form: Any, pair: tuple[int, int], officer: Officer
) -> Outcome:
    """The act on one row, committed by itself."""
    key, version = pair
    row = next(iter(_rows(view.model, [key])), None)
    if row is None:
        return Outcome(key, _("Tidak dikenal"), [edge.not_there()])
    title = titles.of(row)
    with sentences() as told:
        act.do(edge.session(), row, officer, edge.now(), form, version)
        edge.session().commit()
    if told:
        again = next(iter(_rows(view.model, [key])), None)
        traces.refused(again, name)
        edge.session().commit()
    return Outcome(key, title, told)


def _results(view: Any, name: str, act: Act, outcomes: Sequence[Outcome]) -> str:
    visible = {row.id for row in _rows(view.model, [one.key for one in outcomes])}
    page: str = view.render(
        "screens/act_results.html",
        act=act,
        words=WORDS[view.table][name],
        done=[one for one in outcomes if not one.stops],
        refused=[one for one in outcomes if one.stops],
        visible=visible,
    )
    return page
