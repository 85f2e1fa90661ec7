"""The conversation about a report: answers the reporter reads at `/lacak`, and internal notes
that nobody outside ever sees."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from werkzeug.wrappers import Response

from models import Direction, Message, Officer, Report
from portal.access.permissions import may
from portal.casework import intake
from portal.screens import act_forms, edge, uploads
from portal.screens.fields import ScreenForm
from portal.wording import _
from portal.wording import lazy as _l

TWICE = timedelta(minutes=2)
OUT, INSIDE = Direction.keluar, Direction.internal


class MessageForm(ScreenForm):
    """What is said, with files."""

    body = act_forms.story(_l("Pesan"), required=True, rows=4)
    files = uploads.FilesField(_l("Berkas (boleh kosong)"))


class Conversation:
    """Mixed into the screen of reports."""

    @expose("/pesan/", methods=("POST",))
    def talk_view(self: Any) -> Any:
        """Answer the reporter, or note something for colleagues alone."""
        report, officer = edge.fetch(Report, request.args.get("id")), edge.me()
        direction = {"keluar": OUT, "internal": INSIDE}.get(request.args.get("arah", ""))
        if direction is None:
            abort(404)
        if not may(officer, "message.create"):
            abort(403)
        form = MessageForm(get_form_data(), prefix=direction.value)
        if not form.validate():
            page = self.render("screens/message.html", model=report, form=form, direction=direction)
            return page, 422
        if not _just_said(report, officer, direction, form):
            _say(report, officer, direction, form)
        return _after(report, direction)

    @expose("/pesan/dibaca/", methods=("POST",))
    def read_view(self: Any) -> Response:
        """Somebody of the office has read what the reporter wrote."""
        report = edge.fetch(Report, request.args.get("id"))
        intake.mark_read(edge.session(), report, Direction.masuk, edge.now())
        edge.session().commit()
        return redirect(url_for(".details_view", id=report.id) + "#percakapan", 303)


def _say(report: Report, officer: Officer, direction: Direction, form: Any) -> None:
    say = intake.answer if direction is OUT else intake.note
    message = say(edge.session(), report, officer, form.body.data, edge.now())
    owners = {"report": report, "case": report.case, "message": message}
    uploads.attach(edge.session(), form.files.checked, officer, "lainnya", **owners)
    intake.mark_read(edge.session(), report, Direction.masuk, edge.now())
    edge.session().commit()


def _just_said(report: Report, officer: Officer, direction: Direction, form: Any) -> bool:
    """A second click says nothing twice."""
    said: list[Message] = [one for one in report.messages if one.author_id == officer.id]
    if not said or form.files.checked:
        return False
    last = said[-1]
    same = last.body == form.body.data and last.direction is direction
    return same and edge.now() - last.at < TWICE


def _after(report: Report, direction: Direction) -> Response:
    told = {
        OUT: _("Jawaban disimpan. Pelapor membacanya di halaman lacak."),
        INSIDE: _("Catatan intern disimpan. Pelapor tidak melihatnya."),
    }
    flash(told[direction], "success")
    return redirect(url_for(".details_view", id=report.id) + "#percakapan", 303)
