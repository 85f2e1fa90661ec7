"""A missed call: may it be called back, and what came of it. Mixed into the screen of calls."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from werkzeug.wrappers import Response

from models import Call, Officer
from portal.access.permissions import may
from portal.casework import call_back, contact
from portal.casework.contact_words import CAUTIONS
from portal.casework.lifecycle import Refused
from portal.indonesia import phone
from portal.screens import edge, traces
from portal.screens.call_forms import LeaveForm, OutcomeForm, PermitForm
from portal.screens.refusals import sentences
from portal.wording import _

STEP = "langkah"
REFUSED, WRONG = 409, 422


def writing() -> Officer:
    """The officer of this request, if they may note calls; 403 otherwise."""
    officer = edge.me()
    return officer if may(officer, "call.create") else abort(403)


class CallBackPage:
    """Perlu dihubungi kembali: the gate, the number once it is open, and the end."""

    @expose("/hubungi/", methods=("GET", "POST"))
    def call_back_view(self: Any) -> Any:
        """What stands against calling back; then the number; then how it went."""
        officer, call = writing(), edge.fetch(Call, request.args.get("id"))
        if not call_back.is_waiting(call):
            return redirect(url_for(".details_view", id=call.id), 303)
        steps = {"izin": _ask, "hasil": _end, "tersambung": _talk, "tidak": _leave}
        step = steps.get(request.form.get(STEP, ""))
        forms: dict[str, Any] = {}
        answer = step(call, officer, forms) if step and request.method == "POST" else None
        return answer or (self._call_back(call, officer, forms), WRONG if forms else 200)

    def _call_back(self: Any, call: Call, officer: Officer, forms: dict[str, Any]) -> str:
        session, now = edge.session(), edge.now()
        made = call_back.attempt(session, call, officer, now)
        page: str = self.render(
            "screens/call_back.html",
            call=call,
            number=phone.display(call.number) if made and call.number else "",
            against=call_back.obstacles(session, call, now) if not made and call.number else [],
            caution=CAUTIONS["telepon"],
            permit_form=forms.get("izin") or PermitForm(),
            outcome_form=forms.get("hasil") or OutcomeForm(),
            leave_form=forms.get("tidak") or LeaveForm(),
        )
        return page


def _ask(call: Call, officer: Officer, forms: dict[str, Any]) -> Response | None:
    form = forms["izin"] = PermitForm(get_form_data())
    session, now = edge.session(), edge.now()
    if not form.validate():
        return None
    try:
        call_back.permit(session, call, officer, now, form.reason.data)
    except contact.NotPermitted as refusal:
        call_back.refuse(session, call, officer, now, refusal.obstacles)
        session.commit()
        form.tell(refusal.obstacles)
        return None
    except Refused as refusal:
        session.rollback()
        traces.turned_down()
        return _after(call, refusal.sentences)
    session.commit()
    return redirect(url_for(".call_back_view", id=call.id), 303)


def _end(call: Call, officer: Officer, forms: dict[str, Any]) -> Response | None:
    form = forms["hasil"] = OutcomeForm(get_form_data())
    if not form.validate():
        return None
    now, said = edge.now(), (form.outcome.data, form.note.data)
    with sentences() as told:
        call_back.conclude(edge.session(), call, officer, now, *said)
        edge.session().commit()
    return _after(call, told, _("Hasilnya dicatat."))


def _talk(call: Call, officer: Officer, forms: dict[str, Any]) -> Response | None:
    with sentences() as told:
        talk = call_back.reached(edge.session(), call, officer, edge.now())
        edge.session().commit()
    return _after(call, told) if told else redirect(url_for(".desk_view", id=talk.id), 303)


def _leave(call: Call, officer: Officer, forms: dict[str, Any]) -> Response | None:
    form = forms["tidak"] = LeaveForm(get_form_data())
    if not form.validate():
        return None
    with sentences() as told:
        call_back.leave(edge.session(), call, officer, edge.now(), form.why.data)
        edge.session().commit()
    return _after(call, told, _("Keputusannya dicatat."))


def _after(call: Call, told: list[str], done: str = "") -> Response:
    flash(" ".join(told) or done, "warning" if told else "success")
    return redirect(url_for(".details_view", id=call.id), 303)
