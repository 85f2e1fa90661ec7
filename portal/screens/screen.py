"""`Screen`: a table on the officers' side, closed by default.

A screen says which verbs it offers (view, create, edit, export); the permission table says
who may use them, and the scope of the session which rows exist for them. Rows are never
deleted here. What Flask-Admin would do by itself (pages by offset, whole exports, look-ups
around the scope, database errors with values) is replaced: `listing`, `export`, `saving`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from flask import Response, abort, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from markupsafe import escape
from sqlalchemy import inspect, select
from werkzeug.wrappers import Response as AnyResponse

from models import Base, Case, Consent, Person, Report, Suspect, Victim
from portal.access import scope
from portal.access.permissions import may
from portal.casework.report_rules import REPORT_RULES
from portal.casework.rules import CASE_RULES
from portal.casework.rules import Rule as Act
from portal.db import db
from portal.protection import audit
from portal.screens import columns, fields, lookups, one_case, rules, sight, texts, titles, traces
from portal.screens.export import Export
from portal.screens.listing import Listing
from portal.screens.saving import Saving
from portal.screens.sign_in import current_officer

# View function → what one must be allowed to do. What is not here is refused.
DEMANDS: Mapping[str, str] = {
    "index_view": "list",
    "search_view": "list",
    "action_view": "list",
    "details_view": "view",
    "create_view": "create",
    "edit_view": "edit",
    "export": "export",
    "ajax_lookup": "fill",
}
LOGGED_LOOKUPS = frozenset({Person, Victim, Suspect, Consent, Case, Report})
ACTS: Mapping[str, Mapping[str, Act]] = {"case": CASE_RULES, "report": REPORT_RULES}


class Screen(Listing, Export, Saving, ModelView):
    """One table. Subclasses are data: `model`, `title`, `verbs`, columns, filters, sections."""

    model: Any = None
    title: Any = ""
    icon = "table"
    verbs: Collection[str] = ("view",)
    personal = True
    demands: Mapping[str, str] = {}
    details_sections: Sequence[tuple[Any, Sequence[str]]] = ()

    can_delete = False
    can_set_page_size = False
    column_default_sort = ("id", True)
    column_sortable_list: Sequence[str] = ()
    column_list: Sequence[str] = ()
    list_template = "admin/model/screen_list.html"
    details_template = "admin/model/screen_details.html"

    def __init__(self, category: Any = None) -> None:
        self.table = self.model.__tablename__
        super().__init__(
            self.model,
            db,
            name=self.title,
            category=category,
            endpoint=self.table,
            menu_icon_type="icon",
            menu_icon_value=self.icon,
        )

    # --- who may --------------------------------------------------------------------------

    def allows(self, verb: str) -> bool:
        """Whether this screen offers `verb` and the officer of this request may use it."""
        if verb == "fill":
            return self.allows("create") or self.allows("edit")
        return self.offers(verb) and may(current_officer(), f"{self.table}.{verb}")

    def offers(self, verb: str) -> bool:
        """Whether there is such a page at all."""
        if verb == "fill":
            return self.offers("create") or self.offers("edit")
        return verb == "list" or verb in self.verbs

    def is_accessible(self) -> bool:
        """Whether it stands in the menu of this officer."""
        return self.allows("list")

    def _handle_view(self, name: str, **kwargs: Any) -> None:
        """Before every page: does it exist, may this officer open it, are its addresses ours."""
        verb = {**DEMANDS, **_demands(type(self))}.get(name)
        if verb is None or not self.offers(verb):
            abort(404)
        if not self.allows(verb):
            traces.denied(self.table, lookups.key_of(self.model, request.args.get("id")))
            abort(403)
        if not all(map(is_ours, request.values.getlist("url"))):
            abort(400)

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        """Once: a TypeError inside a view is a mistake, not another way to call it."""
        return fn(self, *args, **kwargs)

    @property
    def can_create(self) -> bool:
        """For the templates: whether this officer finds the button."""
        return self.allows("create")

    @property
    def can_edit(self) -> bool:
        """As `can_create`."""
        return self.allows("edit")

    @property
    def can_view_details(self) -> bool:
        """As `can_create`."""
        return self.allows("view")

    @property
    def can_export(self) -> bool:
        """As `can_create`."""
        return self.allows("export")

    # --- set up once ----------------------------------------------------------------------

    def get_sortable_columns(self) -> dict[str, str]:
        """Only what the screen names: columns that are indexed and never empty."""
        return {name: name for name in self.column_sortable_list}

    def get_column_name(self, field: str) -> Any:
        """The label of a column."""
        return texts.of(self.model, field)

    def scaffold_list_columns(self) -> list[str]:
        """Nothing is shown that a screen did not name."""
        return []

    def scaffold_form(self) -> type[Any]:
        """Nothing is editable that a screen did not name; see `Saving.get_edit_form`."""
        return fields.ScreenForm

    def _process_ajax_references(self) -> dict[str, Any]:
        """The look-ups of both forms, by the relation they fill."""
        forms = (self.get_create_form(), self.get_edit_form())
        return {name: one for form in forms for name, one in fields.loaders(form).items()}

    # --- rows -----------------------------------------------------------------------------

    def get_one(self, id: Any) -> Any:
        """The row with this key. One that does not exist for this officer is a 404."""
        key = inspect(self.model).primary_key[0]
        wanted = lookups.key_of(self.model, id)
        row = None
        if wanted is not None:
            row = db.session.scalar(select(self.model).where(key == wanted))
        if row is None:
            traces.denied(self.table, wanted)
            abort(404)
        if self.personal:
            traces.seen(row)
        return row

    def create_form(self, obj: Any = None) -> Any:
        """An empty form that knows the row it was opened from."""
        form = self.withheld(super().create_form(obj))
        if request.method == "GET":
            self.fill_from_address(form)
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """The form of a row, which stays in its case."""
        return one_case.about(obj, self.withheld(super().edit_form(obj)))

    def withheld(self, form: Any) -> Any:
        """`form` without the fields of columns that this officer may not see."""
        named = [name for name in form._fields if name in inspect(self.model).attrs]
        for name in set(named) - set(sight.seen(self.model, named)):
            del form[name]
        return form

    def get_pk_value(self, model: Any) -> Any:
        """The key as it stands in addresses."""
        return inspect(model).identity[0]

    def handle_view_exception(self, exc: Exception) -> NoReturn:
        """Errors are never flashed: their text may hold what somebody typed."""
        raise exc

    def delete_model(self, model: Any) -> NoReturn:
        """Rows stay."""
        abort(404)

    # --- pages ----------------------------------------------------------------------------

    @expose("/details/")
    def details_view(self) -> str:
        """The page of one row; whoever opens a personal one is noted."""
        row = self.get_one(request.args.get("id"))
        named = [name for _title, shown in self.details_sections for name in shown]
        names = sight.seen(self.model, named)
        facts: dict[str, Any] = {
            "model": row,
            "details_columns": [(name, self.get_column_name(name)) for name in names],
            "get_value": self.get_detail_value,
            "return_url": request.args.get("url") or url_for(".index_view"),
            "warnings": rules.warnings(row),
        }
        return self.render(self.details_template, **facts | self.details_facts(row))

    def details_facts(self, row: Any) -> dict[str, Any]:
        """More variables for the page of a row (timeline, acts); screens override it."""
        return {}

    def get_detail_value(self, model: Any, name: str) -> Any:
        """A value on the page of its row."""
        return columns.show(model, name, columns.PAGE)

    def get_list_value(self, model: Any, name: str) -> Any:
        """A value in the list."""
        return columns.show(model, name, columns.LIST)

    def row_name(self, model: Any) -> str:
        """What the list calls a row, for the heading of its own pages."""
        found = self.get_list_value(model, self.column_list[0])
        return escape(titles.stand_in(model) if found is None else found).striptags()

    def get_save_return_url(self, model: Base, is_created: bool = False) -> str:
        """After saving one sees what was saved."""
        back = request.values.get("url") or url_for(".index_view")
        if not self.can_view_details or not scope.sees(db.session(), current_officer(), model):
            return back
        return url_for(".details_view", id=self.get_pk_value(model), url=back)

    @expose("/ajax/lookup/", methods=("POST",))
    def ajax_lookup(self) -> Response:
        """Rows for a look-up of this screen's forms, within the scope; what is typed is posted."""
        name = request.args.get("name", "")
        loader = self._form_ajax_refs.get(name)
        if loader is None or not sight.seen(self.model, [name]):
            abort(404)
        offset = request.form.get("offset", 0, type=int)
        limit = request.form.get("limit", lookups.MOST, type=int)
        within = loader.within(lookups.key_of(Case, request.form.get(one_case.CASE, "")))
        rows = within.get_list(request.form.get("query", ""), offset, limit)
        found = [loader.format(row) for row in rows]
        self.note_lookup(loader.model, len(found))
        return jsonify(found)

    def note_lookup(self, model: type[Any], found: int) -> None:
        """Who looked for a row about people while filling in a form; not what was typed."""
        if model in LOGGED_LOOKUPS:
            table = model.__tablename__
            audit.record(db.session(), "searched", current_officer(), table=table, found=found)
            db.session.commit()

    # --- acts on several rows -------------------------------------------------------------

    def acts_for_list(self) -> list[Act]:
        """The acts that may be done to several rows at once, by this officer's role."""
        officer = current_officer()
        known = ACTS.get(self.table, {}).values()
        return [act for act in known if act.bulk and officer and officer.role in act.who]

    def get_actions_list(self) -> tuple[list[tuple[str, str]], dict[str, str]]:
        """As Flask-Admin wants them: names with labels, and no questions: the act's page asks."""
        return [(act.act, str(act.label)) for act in self.acts_for_list()], {}

    @expose("/action/", methods=("POST",))
    def action_view(self) -> AnyResponse:
        """Hand the chosen rows over to the page of the act, which fetches and judges them."""
        wanted = request.form.get("action")
        if wanted not in {act.act for act in self.acts_for_list()}:
            traces.denied(self.table, None)
            abort(404)
        return redirect(self.bulk_address(str(wanted)), 307)

    def bulk_address(self, act: str) -> str:
        """Where the page of an act on several rows expects their ids (`rowid`), by POST."""
        return f"{self.admin.url}/{self.table}/tindakan/{act}/"


def _demands(screen: type[Screen]) -> dict[str, str]:
    """What the views of all its mixins demand."""
    said = (vars(one).get("demands", {}) for one in reversed(screen.__mro__))
    return {name: verb for demands in said for name, verb in demands.items()}


def is_ours(address: str) -> bool:
    """Whether an address to return to stays on this side of the portal."""
    begins = address.startswith("/admin/") and "//" not in address.partition("?")[0]
    return not address or (begins and "\\" not in address and address.isprintable())
