"""The pages of consents, requests, holds and breaches: their acts, files and what falls due."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_admin import expose
from flask_admin.helpers import get_form_data
from werkzeug.wrappers import Response as Answer
from wtforms import RadioField

import models as m
from models import Breach, DataRequest, Officer
from portal.casework import breaches, holds, person_file, requests, retention
from portal.indonesia import dates
from portal.letters import LetterError, press
from portal.protection import audit
from portal.screens import case_field, columns, edge, narrow, one_case, rights_acts, titles
from portal.screens.act_forms import ActForm, story
from portal.screens.acts import Acting
from portal.screens.documents import NOTHING_RUNS
from portal.screens.links import link
from portal.screens.widgets import MultiCheckbox, offered
from portal.wording import _
from portal.wording import lazy as _l

REFUSED, WRONG = 409, 422
MOST = 100
HOLDABLE = {"case": "case", "report": "report", "service_complaint": "complaint"}


def download(name: str, mime: str, data: bytes) -> Response:
    """A file that leaves; nothing in it runs, nothing of it is kept on the way."""
    answer = Response(data, mimetype=mime)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    return answer


class ActingPage(Acting):
    """A page with the acts of its table beside the facts."""

    details_template = "screens/acting.html"
    demands: Mapping[str, str] = {"act_view": "view"}

    def details_facts(self: Any, row: Any) -> dict[str, Any]:
        """The buttons."""
        return {"offers": rights_acts.offers(row, edge.me())}


class ConsentPage(ActingPage):
    """Taking back what was agreed to: whoever may record a consent records this, too.

    The form asks for the case first: a consent is kept with its victim, and names occur twice.
    """

    demands: Mapping[str, str] = {"act_view": "edit"}

    def _field(self: Any, name: str) -> Any:
        """The case is asked, not stored: it says which victims are meant."""
        if name == one_case.CASE:
            return case_field.make()
        return super()._field(name)  # type: ignore[misc]


# --- requests -------------------------------------------------------------------------------------


class FileForm(ActForm):
    """Which texts go into a person's file, in what form, and what for."""

    format = RadioField(
        _l("Bentuk"), choices=offered([("pdf", "PDF"), ("json", "JSON")]), default="pdf"
    )
    texts = MultiCheckbox(_l("Keterangan yang diserahkan"), choices=[])
    reason = story(_l("Untuk keperluan apa"), required=True, rows=2)


class RequestPage(ActingPage):
    """A request about personal data: its number and clock, its acts, the file of a person."""

    demands: Mapping[str, str] = {"act_view": "view", "file_view": "edit"}

    def row_class(self, row: Any) -> str:
        """Whoever waits too long stands out."""
        return "row-late" if narrow.late_request(row, datetime.now(UTC)) else ""

    def details_facts(self: Any, row: DataRequest) -> dict[str, Any]:
        """The buttons, and the way to the file for a request that asks for it."""
        wants = row.kind is m.RequestKind.access and row.state in holds.OPEN_REQUESTS
        shown = wants and self.allows("edit")
        return {
            "offers": rights_acts.offers(row, edge.me()),
            "late": narrow.late_request(row, datetime.now(UTC)),
            "file_url": self.get_url(".file_view", id=row.id) if shown else "",
        }

    def _write(self: Any, form: Any, row: DataRequest, created: bool) -> None:
        if created:
            row.number = requests.number(edge.session(), edge.now())
        super()._write(form, row, created)  # type: ignore[misc]

    def before_save(self, form: Any, row: DataRequest, created: bool) -> None:
        """A new one starts its clock."""
        if created:
            requests.receive(edge.session(), row, edge.me())

    @expose("/berkas/", methods=("GET", "POST"))
    def file_view(self: Any) -> Any:
        """Read and choose the texts; then the file, noted in the log with its reason."""
        row, officer = edge.fetch(DataRequest, request.args.get("id")), edge.me()
        if row.kind is not m.RequestKind.access or row.state not in holds.OPEN_REQUESTS:
            abort(404)
        stops = requests.access_obstacles(edge.session(), row)
        if stops:
            page = self.render("screens/person_file.html", row=row, stops=stops, form=None)
            return (page, REFUSED) if request.method == "POST" else page
        found = person_file.build(edge.session(), row.person)
        form = FileForm(get_form_data(), version_id=row.version_id)
        form.texts.choices = offered((one.key, one.title) for one in found.stories)
        if request.method == "POST" and form.validate():
            try:
                return self._give(row, found, form, officer)
            except LetterError as error:
                form.form_errors = [str(error)]
        page = self.render("screens/person_file.html", row=row, found=found, form=form, stops=[])
        return (page, WRONG) if request.method == "POST" else page

    def _give(self: Any, row: DataRequest, found: Any, form: Any, officer: Officer) -> Response:
        session, now = edge.session(), edge.now()
        chosen, form_of = form.texts.data or [], form.format.data
        made = MAKERS[form_of](found, chosen, row.number, now)
        row.file_given_at = now
        facts = {"format": form_of, "texts": len(chosen), "why": form.reason.data}
        audit.record(session, "file_given", officer, found.person, **facts)
        session.commit()
        mime = {"pdf": "application/pdf", "json": "application/json"}[form_of]
        return download(f"berkas-{row.number}.{form_of}", mime, made)


def _as_json(found: Any, chosen: list[str], number: str, now: datetime) -> bytes:
    told = person_file.as_json(found, chosen, number, now)
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _as_pdf(found: Any, chosen: list[str], number: str, now: datetime) -> bytes:
    content = person_file.as_document(edge.session(), found, chosen, number, now)
    return press.render(person_file.TEMPLATE, content)


MAKERS = {"json": _as_json, "pdf": _as_pdf}


# --- retention ------------------------------------------------------------------------------------


class HoldPage(ActingPage):
    """Holds, and what falls due so that somebody can place one."""

    list_template = "screens/holds.html"
    demands: Mapping[str, str] = {"act_view": "view", "due_view": "list"}

    @expose("/jatuh-tempo/")
    def due_view(self: Any) -> str:
        """What will be erased within thirty days, of what this officer sees."""
        last = dates.today() + retention.NOTICE
        rows = [
            _falling_due(row)
            for kind in retention.KINDS
            for row in edge.session().scalars(retention.query(kind.model, last).limit(MOST))
        ]
        page: str = self.render("screens/falling_due.html", rows=rows)
        return page

    def class_of(self, row: Any) -> Any:
        """What the office calls the class of a record."""
        return columns.show(row, "retention_class", columns.LIST)


def _falling_due(row: Any) -> dict[str, Any]:
    field = HOLDABLE.get(row.__tablename__)
    return {
        "title": link(row, titles.of(row)),
        "row": row,
        "until": dates.long_date(row.retain_until),
        "held": holds.blocking(edge.session(), row),
        "field": field,
    }


# --- breaches -------------------------------------------------------------------------------------


class BreachPage(ActingPage):
    """A failure to protect data: clock, acts, and the drafts of the notices."""

    demands: Mapping[str, str] = {"act_view": "edit", "draft_view": "view"}

    def row_class(self, row: Any) -> str:
        """An overdue notice stands out."""
        return "row-late" if narrow.late_breach(row, datetime.now(UTC)) else ""

    def details_facts(self: Any, row: Breach) -> dict[str, Any]:
        """The buttons, and where the drafts are."""
        kinds = ((breaches.AGENCY, _("lembaga")), (breaches.PEOPLE, _("orangnya")))
        drafts = [
            (
                _("Rancangan untuk %(whom)s (%(form)s)", whom=whom, form=form.upper()),
                self.get_url(".draft_view", id=row.id, untuk=code, bentuk=form),
            )
            for code, whom in kinds
            for form in ("pdf", "teks")
        ]
        offers = rights_acts.offers(row, edge.me()) if self.allows("edit") else []
        left = row.due_at - datetime.now(UTC)
        late = narrow.late_breach(row, datetime.now(UTC))
        return {"offers": offers, "late": late, "drafts": drafts, "left": max(left, timedelta(0))}

    def _write(self: Any, form: Any, row: Breach, created: bool) -> None:
        if created:
            row.number = breaches.number(edge.session(), edge.now())
        super()._write(form, row, created)  # type: ignore[misc]

    def before_save(self, form: Any, row: Breach, created: bool) -> None:
        """A new one starts its clock."""
        if created:
            breaches.receive(edge.session(), row, edge.me())

    @expose("/pemberitahuan/")
    def draft_view(self: Any) -> Answer:
        """The draft of the notice, to the agency or to the people, as PDF or text."""
        row = edge.fetch(Breach, request.args.get("id"))
        audience, form = request.args.get("untuk", ""), request.args.get("bentuk", "")
        if audience not in breaches.ADDRESSEES or form not in ("pdf", "teks"):
            abort(404)
        today = dates.today().isoformat()
        content = breaches.draft(edge.session(), row, audience, today)
        audit.record(edge.session(), "breach_draft", edge.me(), row, audience=audience)
        edge.session().commit()
        name = f"pemberitahuan-{row.number}-{audience}"
        if form == "teks":
            text = breaches.as_text(content).encode()
            return download(f"{name}.txt", "text/plain; charset=utf-8", text)
        try:
            return download(
                f"{name}.pdf", "application/pdf", press.render(breaches.TEMPLATE, content)
            )
        except LetterError as error:
            flash(str(error), "error")
            return redirect(edge.page_of("breach", row.id), 303)
