"""The list of a screen: narrowed, searched, sorted, a page at a time.

Everything the list shows stands in its address, the search term sealed (`terms.py`).
The export reads the same address, so that it is the same list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import ColumnElement, Select, inspect, or_, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from models import Base
from portal.db import db
from portal.protection import audit
from portal.screens import columns, edge, keyset, people, sight, terms, titles, traces
from portal.screens.filters import Filter, Unknown
from portal.wording import _

PEOPLE = "people"
PAGE_SIZES = (25, 50, 100)
OF_ONE_PAGE = (keyset.AFTER, keyset.BEFORE)
OWN = ("sort", "desc", "page_size", terms.PARAMETER)


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list."""

    sort: int | None
    descending: bool
    term: str
    size: int
    narrowed: list[tuple[Filter, list[str]]]

    def values(self) -> dict[str, list[str]]:
        """The narrowing, by parameter."""
        return {one.parameter: values for one, values in self.narrowed}


class Listing:
    """The list of a table. Mixed into `Screen`, which says what may be shown."""

    model: Any
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()
    list_size = PAGE_SIZES[0]

    @expose("/")
    def index_view(self: Any) -> str:
        """The page of the list that the address asks for."""
        asked = self.asked()
        order = self.order(asked)
        query, keep = self.likely_rows(asked), self.keep(asked)
        cursors = {name: request.args[name] for name in OF_ONE_PAGE if name in request.args}
        try:
            loaded = self.loaded(query)
            page = keyset.page(db.session(), loaded, order, asked.size, keep, **cursors)
        except keyset.BadCursor:
            abort(400)
        if self.personal:
            codes = {one.parameter: values for one, values in asked.narrowed}
            traces.listed(self.table, codes | ({"cari": [_("ya")]} if asked.term else {}))
        return self.render(self.list_template, **self.list_facts(asked, page))

    @expose("/cari/", methods=("POST",))
    def search_view(self: Any) -> Response:
        """Seal what was typed and lead to the list narrowed by it; noted when it names people."""
        term = terms.clean(request.form.get("search", ""))
        token = terms.seal(term, self.table, edge.me()) if term else None
        if term:
            self.note_search(term)
        return redirect(self._address(cari=token), 303)

    def note_search(self: Any, term: str) -> None:
        """Who looked for people here; the log holds how many were found, not the term."""
        if PEOPLE in self.search:
            found = people.count(db.session(), term)
            audit.record(db.session(), "searched", edge.me(), table=self.table, found=found)
            db.session.commit()

    # --- what this officer may see of it --------------------------------------------------

    def listed(self: Any) -> list[str]:
        """The columns of the list, those left out that this officer may not see."""
        return sight.seen(self.model, self.column_list)

    def open_filters(self: Any) -> list[Filter]:
        """The filters by columns this officer may see: any other would tell by its answer."""
        open_paths = sight.seen(self.model, [one.path for one in self.filters])
        return [one for one in self.filters if one.path in open_paths]

    # --- what the address says ------------------------------------------------------------

    def asked(self: Any) -> Asked:
        """The address, read. What no filter knows is left out, with a message."""
        return Asked(
            sort=request.args.get("sort", type=int),
            descending=request.args.get("desc") == "1",
            term=self._term(),
            size=self._size(),
            narrowed=[pair for one in self.open_filters() if (pair := self._read(one))],
        )

    def _term(self: Any) -> str:
        token = request.args.get(terms.PARAMETER, "")
        if not token or not self.search:
            return ""
        term = terms.unseal(token, self.table, edge.me())
        if term is None:
            flash(_("Pencarian itu tidak berlaku lagi. Ketik sekali lagi."), "warning")
        return term or ""

    def _size(self: Any) -> int:
        size = request.args.get("page_size", type=int)
        return size if size in PAGE_SIZES else self.list_size

    def _read(self: Any, one: Filter) -> tuple[Filter, list[str]] | None:
        values = [value for value in request.args.getlist(one.parameter) if value]
        if not values:
            return None
        try:
            return one, one.read(self.model, values)
        except Unknown:
            label = one.titled(self.model)
            flash(_("Saringan “%(label)s” tidak mengenal nilai itu.", label=label), "warning")
            return None

    # --- rows -----------------------------------------------------------------------------

    def order(self: Any, asked: Asked) -> keyset.Order:
        """The column to sort by: asked for, or the one of this screen."""
        name, descending = self.column_default_sort
        listed = dict(enumerate(self.listed()))
        wanted = listed.get(-1 if asked.sort is None else asked.sort)
        if wanted in self.column_sortable_list:
            name, descending = wanted, asked.descending
        key = inspect(self.model).primary_key[0].key
        return keyset.Order(getattr(self.model, name), getattr(self.model, key), descending)

    def narrowed_rows(self: Any, asked: Asked) -> Select[Any]:
        """The rows of the list, in no order yet; the scope comes with the session."""
        return self._rows(asked, partial(people.rows_of, db.session()))

    def likely_rows(self: Any, asked: Asked) -> Select[Any]:
        """The same with rows that may be found by their people: `keep` says which are."""
        return self._rows(asked, people.maybe)

    def _rows(self: Any, asked: Asked, named: Callable[[Any, str], Any]) -> Select[Any]:
        conditions = [one.condition(self.model, values) for one, values in asked.narrowed]
        if asked.term:
            by_people = [named(self.model, asked.term)] if PEOPLE in self.search else []
            conditions.append(or_(*self._plainly(asked.term), *by_people))
        return select(self.model).where(*conditions)

    def _plainly(self: Any, term: str) -> list[ColumnElement[bool]]:
        """The conditions that a plain column contains the term."""
        named = [name for name in self.search if name != PEOPLE]
        plain = [getattr(self.model, name) for name in sight.seen(self.model, named)]
        return [one.icontains(term, autoescape=True) for one in plain]

    def keep(self: Any, asked: Asked) -> keyset.Keep | None:
        """Which of the likely rows are meant; None where they all are."""
        if not asked.term or PEOPLE not in self.search:
            return None
        plain = self._plainly(asked.term)
        return partial(people.meant, db.session(), self.model, asked.term, plain)

    def loaded(self: Any, query: Select[Any], shown: Sequence[str] = ()) -> Select[Any]:
        """With every related row that the columns show, so that none is asked for one by one."""
        return query.options(*eager(self.model, shown or self.column_list))

    # --- what the template gets -----------------------------------------------------------

    def list_facts(self: Any, asked: Asked, page: keyset.Page) -> dict[str, Any]:
        """The variables of the list's template, by Flask-Admin's names where it has one."""
        actions, questions = self.get_actions_list()
        return {
            "data": page.rows,
            "list_columns": [(name, self.get_column_name(name)) for name in self.listed()],
            "list_row_actions": [],
            "get_value": self.get_list_value,
            "get_pk_value": self.get_pk_value,
            "row_class": self.row_class,
            "sort_column": self.sorted_by(asked),
            "sort_desc": self.order(asked).descending,
            "sort_url": partial(self._sort_url, self.order(asked).descending),
            "newer_url": self._address(sebelum=page.newer) if page.newer else None,
            "older_url": self._address(sesudah=page.older) if page.older else None,
            "count_text": self.count_text(asked),
            "tools": self._tools(asked),
            "clear_search_url": url_for(".index_view"),
            "return_url": self._address(),
            "actions": actions,
            "actions_confirmation": questions,
        }

    def _tools(self: Any, asked: Asked) -> dict[str, Any]:
        """The search box and the filters, as their template draws them."""
        values = asked.values()
        shown = [one for one in self.open_filters() if one.input_type != "hidden"]
        typed = {"page_size", *(one.parameter for one in shown)}
        hidden = {name: v for name, v in self._kept().items() if name not in typed}
        return {
            "term": asked.term,
            "narrowed": [one.told(self.model, values) for one, values in asked.narrowed],
            "search": bool(self.search),
            "search_url": self._address(".search_view", cari=None),
            "filters": [
                {
                    "name": one.parameter,
                    "label": one.titled(self.model),
                    "options": one.options(self.model),
                    "type": one.input_type or "text",
                    "several": one.several,
                    "values": values.get(one.parameter, []),
                }
                for one in shown
            ],
            "kept": [(name, v) for name, values in hidden.items() for v in values],
            "sizes": PAGE_SIZES,
            "size": asked.size,
        }

    def count_text(self: Any, asked: Asked) -> str:
        """How many rows, counted to a thousand."""
        key = getattr(self.model, inspect(self.model).primary_key[0].key)
        found = keyset.count(db.session(), self.likely_rows(asked), key, self.keep(asked))
        if found > keyset.COUNTED:
            return _("Lebih dari 1.000 baris")
        return _("%(n)s baris", n=found)

    def row_class(self: Any, row: Base) -> str:
        """An extra class of a row; screens with deadlines mark the late ones."""
        return ""

    def _address(self: Any, view: str = ".index_view", **changes: str | None) -> str:
        """This list again, on its first page unless `changes` say another."""
        return url_for(view, **self._kept() | changes)

    def _kept(self: Any) -> dict[str, Any]:
        """What the address says about the list, without what is no business of ours."""
        known = {*OWN, *(one.parameter for one in self.open_filters())}
        return {name: request.args.getlist(name) for name in request.args if name in known}

    def sorted_by(self: Any, asked: Asked) -> int | None:
        """The number of the column the list is sorted by, None if it is not shown."""
        name, listed = self.order(asked).column.key, self.listed()
        return listed.index(name) if name in listed else None

    def _sort_url(self: Any, descending: bool, column: int, invert: bool = False) -> str:
        """The list by another column, or by this one the other way round."""
        turned = "1" if invert and not descending else None
        return self._address(sort=str(column), desc=turned)

    def _get_list_value(self: Any, context: Any, model: Any, name: str, *formatters: Any) -> Any:
        return columns.show(model, name, columns.LIST)


def eager(model: type[Base], paths: Sequence[str]) -> list[Any]:
    """Loader options for the relations on the way to each column, and for what titles read."""
    chains: dict[str, Any] = {}
    for path in paths:
        owner, chain, walked = model, None, ""
        steps = path.split(".")
        while steps and (relation := inspect(owner).relationships.get(steps.pop(0))):
            walked = f"{walked}.{relation.key}"
            attribute = getattr(owner, relation.key)
            chain = chain.selectinload(attribute) if chain else selectinload(attribute)
            chains[walked] = chain
            owner = relation.mapper.class_
            steps = steps or [
                step for one in titles.READS.get(owner, ()) for step in one.split(".")
            ]
    return list(chains.values())
