"""Telepon: the screen that opens in one key, with a running clock and notes kept as they are typed.

One step leads from it to a report; silence and hang-ups are noted with one button. What rings is
told to every officers' page by a small question it asks of itself (`ringing_view`).
"""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from werkzeug.wrappers import Response

from models import Call, CallState, Officer
from portal.access.permissions import may
from portal.casework import call_back, call_history, call_places, calls, contact_told, lists
from portal.casework.lifecycle import Refused
from portal.screens import edge, ringing_pages, titles
from portal.screens.call_back_page import CallBackPage, writing
from portal.screens.call_forms import CallForm, SupplementForm
from portal.screens.refusals import sentences
from portal.wording import _

NEXT = "lanjut"
REPORT, DONE = "laporan", "selesai"
REFUSED, WRONG = 409, 422


class CallPage(CallBackPage):
    """Mixed into the screen of calls."""

    details_template = "screens/call_details.html"
    list_template = "screens/calls.html"
    demands: Mapping[str, str] = {
        "start_view": "list",
        "ringing_view": "list",
        "take_view": "view",
        "desk_view": "view",
        "jot_view": "view",
        "history_view": "view",
        "supplement_view": "view",
        "call_back_view": "view",
    }

    def details_facts(self: Any, call: Call) -> dict[str, Any]:
        """A call that has ended: what was noted, what was added, what can be done with it."""
        officer, session = edge.me(), edge.session()
        return {
            "open_here": calls.is_open(call, officer),
            "can_take": call.officer_id is None and call.state is not CallState.missed,
            "missed": call_back.is_waiting(call),
            "supplements": calls.supplements(session, call),
            "supplement_form": SupplementForm() if may(officer, "call.create") else None,
            "becomes": _becomes(call) if call.report_id is None else "",
        }

    @expose("/mulai/", methods=("POST",))
    def start_view(self: Any) -> Response:
        """The telephone rings, one key: the call that goes on, the one that rings, or a new one."""
        officer = writing()
        call = calls.pick_up(edge.session(), officer, edge.now())
        edge.session().commit()
        return redirect(url_for(".desk_view", id=call.id), 303)

    @expose("/berdering/")
    def ringing_view(self: Any) -> Any:
        """What rings now, for the page that asks; nothing where nothing does."""
        return ringing_pages.answer(edge.session(), writing(), edge.now())

    @expose("/angkat/", methods=("POST",))
    def take_view(self: Any) -> Response:
        """Take a call that rings, or that was answered at a telephone of nobody's."""
        officer, call = writing(), edge.fetch(Call, request.args.get("id"))
        with sentences() as told:
            calls.take(edge.session(), call, officer, edge.now())
            edge.session().commit()
        if told:
            flash(" ".join(told), "warning")
            return redirect(url_for(".details_view", id=call.id), 303)
        return redirect(url_for(".desk_view", id=call.id), 303)

    @expose("/layar/", methods=("GET", "POST"))
    def desk_view(self: Any) -> Any:
        """The call as it goes on; sent, it ends or becomes a report."""
        officer, call = writing(), edge.fetch(Call, request.args.get("id"))
        if not calls.is_open(call, officer):
            return redirect(url_for(".details_view", id=call.id), 303)
        if request.method == "GET":
            return self._desk(call, CallForm.of(call))
        form = CallForm(get_form_data())
        if not form.validate():
            return self._desk(call, form), WRONG
        return self._go_on(call, form, officer, request.form.get(NEXT, ""))

    def _go_on(self: Any, call: Call, form: CallForm, officer: Officer, step: str) -> Any:
        if step in calls.SILENT:
            form.kind.data = step
        if step == DONE and not form.demand_kind():
            return self._desk(call, form), WRONG
        with sentences() as told:
            _jot(call, form, officer)
            if step in (DONE, *calls.SILENT):
                calls.close(edge.session(), call, officer, edge.now())
            edge.session().commit()
        if told:
            form.form_errors = [*form.form_errors, *told]
            return self._desk(call, form), REFUSED
        if step == REPORT:
            return redirect(_becomes(call), 303)
        if step not in (DONE, *calls.SILENT):
            return self._desk(call, form)
        flash(_("Panggilan dicatat."), "success")
        return redirect(url_for(".details_view", id=call.id), 303)

    def _desk(self: Any, call: Call, form: CallForm) -> str:
        numbers = lists.office(edge.session())["emergency_numbers"].splitlines()
        page: str = self.render(
            "screens/call.html",
            call=call,
            form=form,
            draft_url=url_for(".jot_view", id=call.id),
            history_url=url_for(".history_view", id=call.id),
            emergency=[line.partition(":")[::2] for line in numbers if line.strip()],
            **_history(call, form.number.data or ""),
        )
        return page

    @expose("/catat/", methods=("POST",))
    def jot_view(self: Any) -> Any:
        """Keep what is being typed."""
        officer, call = writing(), edge.fetch(Call, request.args.get("id"))
        form = CallForm(get_form_data())
        form.validate()
        if form.notes.errors:
            abort(413)
        try:
            _jot(call, form, officer)
        except Refused:
            edge.session().rollback()
            abort(REFUSED)
        edge.session().commit()
        return jsonify({"fields": {}})

    @expose("/riwayat/", methods=("POST",))
    def history_view(self: Any) -> str:
        """What is known of the number that was typed: a part of the page."""
        writing()
        call = edge.fetch(Call, request.args.get("id"))
        typed = request.form.get("number", "")[:40]
        part: str = self.render("screens/call_history.html", call=call, **_history(call, typed))
        edge.session().commit()
        return part

    @expose("/susulan/", methods=("POST",))
    def supplement_view(self: Any) -> Any:
        """Add to the notes of a call that has ended."""
        officer, call = writing(), edge.fetch(Call, request.args.get("id"))
        form = SupplementForm(get_form_data())
        if not form.validate():
            page = self.render("screens/call_supplement.html", model=call, form=form)
            return page, WRONG
        calls.supplement(edge.session(), call, officer, form.text.data, edge.now())
        edge.session().commit()
        flash(_("Catatan susulan disimpan."), "success")
        return redirect(url_for(".details_view", id=call.id), 303)


def _becomes(call: Call) -> str:
    return url_for("report.create_view", kanal="telepon", panggilan=call.id)


def _jot(call: Call, form: CallForm, officer: Officer) -> None:
    said = (form.notes.data or "", form.number.data or "", form.kind.data or "")
    calls.jot(edge.session(), call, officer, *said)
    if form.danger.data or call_places.alone(edge.session(), call):
        call.conversation.urgent = bool(form.danger.data)  # words of another day stay urgent


def _history(call: Call, typed: str) -> dict[str, Any]:
    """What the officer may know of the number, and how its people may be reached."""
    found = call_history.of_number(edge.session(), edge.me(), calls.spelt(typed), but=call)
    told = [(titles.of(one), contact_told.sentences(one.safe_contact)) for one in found.people]
    return {"history": found, "contacts": told, "typed": typed}
