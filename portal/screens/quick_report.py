"""The pages of the quick form: opening it, its draft, saving, and the receipt to read out."""

from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask import session as cookie
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from models import Channel, Officer, Report
from portal import labels
from portal.access import gate, scope
from portal.casework import intake, officer_drafts, receipts, reports, social
from portal.casework.people import Wanted
from portal.indonesia import phone
from portal.screens import earlier, edge, quick_origin
from portal.screens.earlier import Found
from portal.screens.quick_arrival import arrival, post
from portal.screens.quick_form import SECTIONS, QuickForm
from portal.screens.quick_origin import Origin
from portal.screens.refusals import sentences
from portal.wording import _

PARAMETER, SEARCH, RECEIPT = "kanal", "_cari", "receipt"
CHANNELS = tuple(one for one in Channel if one is not Channel.website)


class QuickReport:
    """Mixed into the screen of reports: its form for a new row is the quick form."""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self: Any) -> Any:
        """The form: what was typed before is back; sent, it becomes one report."""
        channel, officer = _channel(), edge.me()
        if (made := _made_already(quick_origin.of(channel))) is not None:
            return redirect(url_for(".details_view", id=made), 303)
        if request.method == "GET":
            form, restored = _opened(channel, officer)
            return self._quick_page(form, channel, restored=restored)
        form = QuickForm(get_form_data())
        form.prepare(channel, officer)
        if SEARCH in request.form:
            return self._searched(form, channel, officer)
        if not form.validate():
            return self._quick_page(form, channel), 422
        return self._received(form, channel, officer)

    @expose("/new/draf/", methods=("POST",))
    def draft_view(self: Any) -> Any:
        """Keep what is being typed; what was sent meanwhile is not kept again."""
        channel, officer, session = _channel(), edge.me(), edge.session()
        with scope.system(session):
            sent = intake.was_sent(session, request.form.get("token", ""))
        if not sent:
            fields = request.form.items(multi=True)
            if not officer_drafts.write(session, officer, _kind(channel), fields, edge.now()):
                abort(413)
            session.commit()
        return jsonify({"fields": {}})

    @expose("/new/buang/", methods=("POST",))
    def discard_view(self: Any) -> Response:
        """Throw the draft away and begin anew."""
        channel = _channel()
        officer_drafts.discard(edge.session(), edge.me(), _kind(channel))
        edge.session().commit()
        return redirect(url_for(".create_view", **_address(channel)), 303)

    @expose("/tersimpan/")
    def receipt_view(self: Any) -> Any:
        """Number and code of a report just typed in, for who told it; for fifteen minutes."""
        key, token = edge.number(request.args.get("id")), cookie.get(RECEIPT, "")
        with scope.system(edge.session()):
            receipt = intake.receipt_again(edge.session(), token, edge.now()) if token else None
        if receipt is None or receipt.report_id != key:
            return redirect(url_for(".details_view", id=key))
        report = edge.session().scalar(select(Report).where(Report.id == key))
        return self.render("screens/receipt.html", model=report, receipt=receipt)

    # --- parts ------------------------------------------------------------------------------

    def _quick_page(
        self: Any,
        form: QuickForm,
        channel: Channel,
        restored: bool = False,
        found: list[Found] | None = None,
    ) -> str:
        moment = form.received_at.data or edge.now()
        page: str = self.render(
            "screens/quick.html",
            form=form,
            channel=channel,
            channels=[(one.value, labels.label(one)) for one in CHANNELS],
            restored=restored,
            found=found,
            since=moment.isoformat(),
            form_sections=_sections(form),
            draft_url=url_for(".draft_view", **_address(channel)),
            discard_url=url_for(".discard_view", **_address(channel)),
        )
        return page

    def _searched(self: Any, form: QuickForm, channel: Channel, officer: Officer) -> str:
        """Earlier cases of the people typed so far; everything typed stays, kept as a draft."""
        fields = [pair for pair in request.form.items(multi=True) if pair[0] != SEARCH]
        officer_drafts.write(edge.session(), officer, _kind(channel), fields, edge.now())
        found = earlier.for_people(None, _wanted(form))
        edge.session().commit()
        page: str = self._quick_page(form, channel, found=found)
        return page

    def _received(self: Any, form: QuickForm, channel: Channel, officer: Officer) -> Any:
        token = form.token.data or receipts.new_token()
        with sentences() as told:
            key = _receive(form, channel, officer, token)
            officer_drafts.discard(edge.session(), officer, _kind(channel))
            edge.session().commit()
        if told:
            form.form_errors = [*form.form_errors, *told]
            return self._quick_page(form, channel), 409
        cookie[RECEIPT] = token
        flash(_("Laporan disimpan."), "success")
        return redirect(url_for(".receipt_view", id=key), 303)


def _sections(form: QuickForm) -> list[tuple[Any, list[str], Any]]:
    """The sections without the fields that this channel does not need."""
    return [(title, [n for n in names if n in form], told) for title, names, told in SECTIONS]


def _channel() -> Channel:
    """The channel in the address; the telephone where it says none, 404 for nonsense."""
    text = request.args.get(PARAMETER, Channel.telepon.value)
    known = {one.value: one for one in CHANNELS}
    return known[text] if text in known else abort(404)


def _address(channel: Channel) -> dict[str, Any]:
    """The channel, and what the report is typed from, as the addresses of the form carry them."""
    origin = quick_origin.of(channel)
    return {PARAMETER: channel.value, **(origin.address if origin else {})}


def _kind(channel: Channel) -> str:
    """The draft: of each call and each visitor one of its own."""
    origin = quick_origin.of(channel)
    return origin.draft(channel) if origin else officer_drafts.of_report(channel.value)


def _made_already(origin: Origin | None) -> int | None:
    """The report that was made of this call or visit before; the same form sent twice goes on."""
    return origin.made if origin and request.method == "GET" else None


def _opened(channel: Channel, officer: Officer) -> tuple[QuickForm, bool]:
    """The form as it was left, or an empty one with what is usual."""
    typed = officer_drafts.read(edge.session(), officer, _kind(channel), edge.now())
    form = QuickForm(MultiDict(typed) if typed is not None else None)
    form.prepare(channel, officer)
    if typed is None:
        form.token.data, form.received_at.data = receipts.new_token(), edge.now()
        form.fill_usual(channel)
        if origin := quick_origin.of(channel):
            origin.fill(form)
    return form, typed is not None


def _receive(form: QuickForm, channel: Channel, officer: Officer, token: str) -> int:
    """Store the report and do what was chosen with it; the key of the report."""
    session, now, origin = edge.session(), edge.now(), quick_origin.of(channel)
    with scope.system(session):
        receipt = intake.receive(
            session, arrival(form, channel, now), token=token, officer=officer, now=now
        )
        report = session.get_one(Report, receipt.report_id)
        if not receipt.repeated:
            _go_on(form, report, officer)
            social.tell(session, report, post(form), officer, now)
            if origin is not None:
                origin.became(session, origin.row, report, officer, now)
        return report.id


def _go_on(form: QuickForm, report: Report, officer: Officer) -> None:
    """Forwarded, closed at once, taken, or left in the inbox."""
    session, now = edge.session(), edge.now()
    if officer.id in gate.kept_out(session, report):
        return  # somebody in it bears the name of who typed: it waits for a colleague
    if form.outcome.data:
        reports.take(session, report, officer, now)
        reason = form.outcome_reason.data or ""
        reports.dismiss(session, report, officer, now, form.outcome.data, reason)
    elif form.forward_to.data:
        reports.forward(session, report, officer, now, form.forward_to.chosen)
    elif form.mine.data:
        reports.take(session, report, officer, now)


def _wanted(form: QuickForm) -> list[tuple[str, Wanted]]:
    """Everybody typed so far of whom something can be searched."""
    teller = (form.reporter_name.data, form.reporter_nik.data, form.reporter_phone.data)
    harmed = [(e.form.name.data, e.form.nik.data, e.form.phone.data) for e in form.victims]
    suspects = [(entry.form.name.data, None, None) for entry in form.suspects]
    typed = [one for one in (teller, *harmed, *suspects) if any(one)]
    return [_want(name, nik, number) for name, nik, number in typed]


def _want(name: str | None, nik: str | None, number: str | None) -> tuple[str, Wanted]:
    shown = name or (phone.display(number) if number else nik) or ""
    return shown, Wanted(name or "", nik or "", number or "")
