"""One page for every act on a case, a report or a contact of the monitoring.

The row through the scope, else 404 → what stands in the way, as sentences → the act's form →
the function of the casework → one commit. What is refused changes nothing, is noted in the
log, and loses nothing that was typed. Several rows at once: `act_bulk`.
"""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import select
from werkzeug.wrappers import Response

from models import Case, CaseEvent, Conversation, Letter, Monitoring, Officer
from portal.access import scope
from portal.casework import identifying, talk_rules
from portal.indonesia import dates
from portal.protection.web import error_page
from portal.screens import act_bulk, act_table, clock_hints, edge, rights_acts, talk_desk, traces
from portal.screens.act import Act
from portal.screens.refusals import sentences
from portal.wording import _

TALK = Conversation.__tablename__
ACTS = {**act_table.ACTS, **rights_acts.ACTS, TALK: talk_desk.ACTS}
WORDS = {**act_table.WORDS, **rights_acts.WORDS, TALK: talk_desk.WORDS}
OBSTACLES: dict[Any, Any] = {**rights_acts.OBSTACLES, Conversation: talk_rules.obstacles}
NO_VERSION = -1
REFUSED, WRONG = 409, 422
TWICE = timedelta(minutes=10)


class Acting:
    """The pages of the acts. Mixed into the screens of `ACTS`."""

    table: str
    model: Any

    @expose("/tindakan/<act>/", methods=("GET", "POST"))
    def act_view(self: Any, act: str) -> Any:
        """The form of one act, and its doing; with several rows, `act_bulk` takes over."""
        known = ACTS[self.table].get(act)
        if known is None:
            abort(404)
        if "id" not in request.args and WORDS[self.table][act].bulk:
            return act_bulk.page(self, act, known)
        return self._one(act, known)

    def _one(self: Any, act: str, known: Act) -> Any:
        key, officer = edge.number(request.args.get("id")), edge.me()
        row = _visible(self.model, key)
        if row is None:
            return self._gone(key, act, officer)
        if act == "identify" and request.method == "GET":  # has a page of its own
            return redirect(url_for(".identify_view", id=key))
        stops = obstacles(row, act, officer)
        form = _form(known, row, officer)
        if request.method == "GET" or stops:
            return self._page(act, known, row, form, stops)
        if not form.validate():
            return self._page(act, known, row, form, []), WRONG
        return self._do(act, known, row, form, officer)

    def _do(self: Any, act: str, known: Act, row: Any, form: Any, officer: Officer) -> Any:
        key, version = row.id, form.version_id.data
        with sentences() as told:
            asked = NO_VERSION if version is None else version
            made = known.do(edge.session(), row, officer, edge.now(), form, asked)
            number = made.number if isinstance(made, Case) else ""
            edge.session().commit()
        if not told:
            return self._done(act, row, key, number)
        row = _visible(self.model, key)
        if row is None:
            return self._gone(key, act, officer)
        form.version_id.data = row.version_id
        form.form_errors = [*form.form_errors, *told]
        return self._page(act, known, row, form, obstacles(row, act, officer), told)

    def _done(self: Any, act: str, row: Any, key: int, number: str) -> Response:
        """Where one sees what was done; elsewhere once the row is out of this officer's sight.

        `number` is that of a case that was made: intake notes it, and meets the case no more.
        """
        words = WORDS[self.table][act]
        flash(_("%(done)s.", done=words.done), "success")
        if number:
            flash(_("Nomor kasus: %(number)s.", number=number), "success")
        if act != "explain_delay" and clock_hints.unexplained(row):
            flash(_("Keputusan ini lewat dari 30 menit: catat penyebabnya."), "warning")
        if act == "identify" and (letter := _form_to_sign(key)) is not None:
            flash(_("Formulir identifikasi terbit: cetak, tandatangani, unggah pindaian."), "info")
            return redirect(edge.page_of("letter", letter.id), 303)
        if edge.still_visible(row, key):
            return redirect(self._leads_to(row, key), 303)
        flash(_("Datanya kini tidak lagi terbuka untuk Anda."), "info")
        return redirect(url_for(".index_view"), 303)

    def _leads_to(self: Any, row: Any, key: int) -> str:
        """After monitoring its case is of interest, after identification the new case."""
        if isinstance(row, Monitoring):
            return edge.page_of("case", row.case_id)
        return edge.page_of(self.table, key)

    def _page(
        self: Any,
        act: str,
        known: Act,
        row: Any,
        form: Any,
        stops: list[str],
        told: list[str] | None = None,
    ) -> Any:
        """The page of the act; where something stands in the way, without a button."""
        officer = edge.me()
        posted = request.method == "POST"
        if posted and (stops or told):
            traces.refused(row, act)
            edge.session().commit()
        stops = [*stops, *_already(row, act)] if stops and posted else stops
        facts = {} if stops and not posted else known.facts(row, officer)
        page = self.render(
            known.template,
            row=row,
            form=form,
            stops=stops,
            act=known,
            words=WORDS[self.table][act],
            page_url=edge.page_of(self.table, row.id),
            **facts,
        )
        return (page, REFUSED) if posted and (stops or told) else page

    def _gone(self: Any, key: int, act: str, officer: Officer) -> Any:
        """Absent, forbidden, or out of sight by this officer's own doing a moment ago."""
        if request.method == "POST" and _just_did(self.table, key, act, officer):
            flash(_("Tindakan ini sudah Anda lakukan."), "info")
            return redirect(url_for(".index_view"), 303)
        return error_page(404, _("Halaman tidak ditemukan"), edge.not_there())


def obstacles(row: Any, act: str, officer: Officer) -> list[str]:
    """Why this officer may not do this now, whatever the row is."""
    ask = OBSTACLES.get(type(row), act_table.obstacles)
    return ask(row, act, officer)


def _visible(model: type[Any], key: int) -> Any:
    try:
        row = scope.fetch(edge.session(), model, key)
    except scope.NotVisible:
        traces.denied(model.__tablename__, key)
        return None
    traces.seen(row)
    return row


def _form_to_sign(report_id: int) -> Letter | None:
    """The form that this officer just issued with the identification of a report."""
    made = (Letter.kind == identifying.KIND, Letter.source_id == report_id)
    mine = (Letter.issued_by_id == edge.me().id, Letter.issued_at > edge.now() - TWICE)
    return edge.session().scalar(select(Letter).where(*made, *mine).order_by(Letter.id.desc()))


def _form(known: Act, row: Any, officer: Officer) -> Any:
    form = known.form(get_form_data(), version_id=row.version_id)
    form.prepare(row, officer)
    return form


def _already(row: Any, act: str) -> list[str]:
    """Who did the same before, for the second of two clicks."""
    if isinstance(row, Monitoring) or not getattr(row, "events", ()):
        return []
    last = row.events[-1]
    if last.kind != act or last.actor is None:
        return []
    when = dates.moment(last.at)
    return [_("Sudah dilakukan oleh %(name)s pada %(time)s.", name=last.actor.name, time=when)]


def _just_did(table: str, key: int, act: str, officer: Officer) -> bool:
    column = {"case": CaseEvent.case_id, "report": CaseEvent.report_id}.get(table)
    if column is None:
        return False
    mine = select(CaseEvent.id).where(
        column == key,
        CaseEvent.kind == act,
        CaseEvent.actor_id == officer.id,
        CaseEvent.at > edge.now() - TWICE,
    )
    with scope.system(edge.session()):
        return edge.session().scalar(mine.limit(1)) is not None
