"""Loket: giving out numbers, calling the next one, the ten minutes, and the end of a visit.

The waiting room's screen shows numbers alone. It is a page of the officers' side, for a second
monitor at the counter: nothing of the queue stands open to the street.
"""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import func, select
from wtforms import BooleanField

import models as m
from models import Officer, Visit
from portal.access.permissions import may
from portal.casework import visits
from portal.indonesia import dates
from portal.screens import act_forms, edge
from portal.screens.fields import ScreenForm, make
from portal.screens.refusals import sentences
from portal.wording import _
from portal.wording import lazy as _l

WRONG = 422
MOST = 60


class ArrivalForm(ScreenForm):
    """What may be said of somebody who comes; nothing must."""

    purpose = make(m.Visit, "purpose", required=False)
    urgent = BooleanField(_l("Mendesak: dipanggil lebih dahulu"))


class OutcomeForm(ScreenForm):
    """How a visit ended."""

    outcome = make(m.Visit, "outcome", required=True)
    note = act_forms.story(_l("Catatan"), help=_l("Boleh dikosongkan."), rows=2)


class VisitPage:
    """Mixed into the screen of visits."""

    details_template = "screens/visit.html"
    list_template = "screens/visits.html"
    demands: Mapping[str, str] = {
        "counter_view": "list",
        "call_next_view": "list",
        "end_view": "view",
        "ticket_view": "view",
        "board_view": "list",
        "numbers_view": "list",
    }

    @expose("/loket/", methods=("GET", "POST"))
    def counter_view(self: Any) -> Any:
        """The queue of today; sent, it gives out the next number."""
        officer = _serving()
        if request.method == "GET":
            return self._counter(ArrivalForm(None, purpose=visits.UNKNOWN))
        form = ArrivalForm(get_form_data())
        if not form.validate():
            return self._counter(form), WRONG
        facts = (form.purpose.data or visits.UNKNOWN, bool(form.urgent.data))
        visit = visits.arrive(edge.session(), officer, edge.now(), *facts)
        edge.session().commit()
        return redirect(url_for(".ticket_view", id=visit.id), 303)

    def _counter(self: Any, form: ArrivalForm) -> str:
        session, now = edge.session(), edge.now()
        waits = session.scalars(visits.waiting(now).limit(MOST)).all()
        page: str = self.render(
            "screens/counter.html",
            form=form,
            waiting=[(one, visits.clock_of(one, now)) for one in waits],
            served=session.scalars(visits.called(now).limit(MOST)).all(),
            today=dates.weekday_date(dates.local_date(now)),
        )
        return page

    @expose("/panggil/", methods=("POST",))
    def call_next_view(self: Any) -> Any:
        """Call the next number."""
        visit = visits.call_next(edge.session(), _serving(), edge.now())
        edge.session().commit()
        if visit is None:
            flash(_("Tidak ada yang menunggu."), "info")
            return redirect(url_for(".counter_view"), 303)
        return redirect(url_for(".details_view", id=visit.id), 303)

    @expose("/nomor-antrean/")
    def ticket_view(self: Any) -> Any:
        """The number that was just given out, large, to be read out or printed."""
        visit = edge.fetch(Visit, request.args.get("id"))
        ahead = select(func.count(Visit.id)).where(
            Visit.id.in_(visits.waiting(edge.now()).with_only_columns(Visit.id).order_by(None)),
            Visit.id < visit.id,
        )
        facts = {"visit": visit, "ahead": edge.session().scalar(ahead) or 0}
        return self.render("screens/ticket.html", **facts)

    @expose("/selesai/", methods=("POST",))
    def end_view(self: Any) -> Any:
        """How the visit ended."""
        officer, visit = _serving(), edge.fetch(Visit, request.args.get("id"))
        form = OutcomeForm(get_form_data())
        if not form.validate():
            return self.render("screens/visit_end.html", model=visit, form=form), WRONG
        said = (form.outcome.data, form.note.data)
        with sentences() as told:
            visits.finish(edge.session(), visit, officer, edge.now(), *said)
            edge.session().commit()
        flash(" ".join(told) or _("Kunjungan dicatat."), "warning" if told else "success")
        return redirect(url_for(".counter_view"), 303)

    @expose("/layar/")
    def board_view(self: Any) -> Any:
        """What the waiting room sees: numbers, and nothing of anybody."""
        return self.render("screens/board.html", numbers=_numbers())

    @expose("/layar/nomor/")
    def numbers_view(self: Any) -> str:
        """The numbers alone, for the board that asks."""
        return _numbers()

    def details_facts(self: Any, visit: Visit) -> dict[str, Any]:
        """The visit, its clock, and what can be done with it."""
        here = visit.ended_at is None and may(edge.me(), "visit.edit")
        becomes = url_for("report.create_view", kanal="datang_langsung", antrean=visit.id)
        return {
            "clock": visits.clock_of(visit, edge.now()),
            "end_form": OutcomeForm() if here else None,
            "becomes": becomes if here and visit.report_id is None else "",
        }


def _serving() -> Officer:
    officer = edge.me()
    return officer if may(officer, "visit.create") else abort(403)


def _numbers() -> str:
    session, now = edge.session(), edge.now()
    here = session.scalars(visits.called(now).limit(4)).all()
    waits = session.scalars(visits.waiting(now).limit(8)).all()
    facts = {"called": [one.queue_number for one in here]}
    return render_template(
        "screens/board_numbers.html", waiting=[one.queue_number for one in waits], **facts
    )
