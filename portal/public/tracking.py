"""`/lacak`: number and code open a report for fifteen minutes; the address tells neither."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.casework import tracking
from portal.casework.receipts import LONGEST_INPUT
from portal.db import db
from portal.public import summary, uploads, visit
from portal.public.checks import clean
from portal.public.fields import Lists
from portal.public.forms import MessageForm
from portal.public.site import everything, site
from portal.wording import _

Answer = str | Response | tuple[str, int]
KIND = "report"


@site.get("/lacak")
def track() -> Answer:
    """Ask for number and code, unless a report is open already."""
    if visit.opened(KIND) is not None:
        return redirect(url_for("public.tracked"), 303)
    return _ask()


@site.post("/lacak")
def open_report() -> Answer:
    """Open a report, or say that nothing was found: the same for every wrong input."""
    number, code = (clean(request.form.get(name))[:LONGEST_INPUT] for name in ("nomor", "kode"))
    text = clean(request.form.get("text"))
    with everything() as session:
        report_id = tracking.open_with(session, number, code)
    if report_id is None:
        return _ask(number=number, text=text, wrong=True), 422
    visit.remember(KIND, report_id)
    if text:
        return _page(report_id, _form(text), unsent=True)
    return redirect(url_for("public.tracked"), 303)


@site.get("/lacak/laporan")
def tracked() -> Answer:
    """Status, what happened, and the messages."""
    report_id = visit.opened(KIND)
    if report_id is None:
        return redirect(url_for("public.track"), 303)
    visit.remember(KIND, report_id)
    return _page(report_id, _form(), sent=request.args.get("terkirim") == "1")


@site.post("/lacak/laporan")
def add_message() -> Answer:
    """Words or files from the reporter. Too late: the words wait until the report is open again."""
    report_id = visit.opened(KIND)
    form = _form(clean(request.form.get("text")))
    if report_id is None or not visit.is_own_track_form():
        return _ask(text=form["text"].data or "", late=True)
    visit.remember(KIND, report_id)
    kept: list[uploads.Kept] = []
    valid, text = form.validate(), form["text"].data
    refused = uploads.take(form, request.files, kept) if valid else {}
    if not (text or kept or refused):
        form["text"].errors = [_("Tulis pesan, atau pilih berkas.")]
    if form.errors:
        return _page(report_id, form)
    if text or kept:
        _send(report_id, text or _("Berkas terlampir."), kept)
    if refused:
        return _page(report_id, _refusing(refused), sent=bool(text or kept))
    return redirect(url_for("public.tracked", terkirim="1"), 303)


def _refusing(refused: uploads.Refusals) -> MessageForm:
    """An empty form that says which files were not taken: the words have arrived."""
    form = _form()
    for name, sentences in refused.items():
        form[name].errors = sentences
    return form


@site.post("/lacak/tutup")
def close() -> Answer:
    """Forget what was opened here."""
    return visit.forget_track(redirect(url_for("public.home"), 303))


def _send(report_id: int, text: str, kept: list[uploads.Kept]) -> None:
    with everything() as session:
        tracking.add(session, report_id, text, visit.now(), uploads.facts(kept))
        db.session.commit()


def _form(text: str = "") -> MessageForm:
    return MessageForm(MultiDict({"text": text}), Lists(db.session()))


def _ask(number: str = "", text: str = "", wrong: bool = False, late: bool = False) -> str:
    return render_template("public/track.html", number=number, text=text, wrong=wrong, late=late)


def _page(report_id: int, form: MessageForm, sent: bool = False, unsent: bool = False) -> Response:
    with everything() as session:
        track = tracking.track(session, report_id, visit.now())
        db.session.commit()
    if track is None:
        return visit.forget_track(redirect(url_for("public.track"), 303))
    page = render_template(
        "public/tracked.html",
        track=track,
        form=form,
        problems=summary.problems(form),
        sent=sent,
        unsent=unsent,
        csrf=visit.track_field(),
    )
    return make_response(page, 422 if form.errors else 200)
