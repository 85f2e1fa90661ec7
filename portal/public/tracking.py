"""`/lacak`: number and code open a report for fifteen minutes; the address tells neither."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.casework import attachments, survey, tracking
from portal.casework.receipts import LONGEST_INPUT
from portal.db import db
from portal.protection import audit
from portal.protection.vault import VaultError
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
    if _opened() is not None:
        return redirect(url_for("public.tracked"), 303)
    return _ask()


@site.post("/lacak")
def open_report() -> Answer:
    """Open a report, or say that nothing was found: the same for every wrong input."""
    number, code = (clean(request.form.get(name))[:LONGEST_INPUT] for name in ("nomor", "kode"))
    text = clean(request.form.get("text"))
    with everything() as session:
        found = tracking.open_with(session, number, code)
    if found is None:
        return _ask(number=number, text=text, wrong=True), 422
    visit.remember(KIND, *found)
    if text:
        return _page(found[0], _form(text), unsent=True)
    return redirect(url_for("public.tracked"), 303)


@site.get("/lacak/laporan")
def tracked() -> Answer:
    """Status, what happened, and the messages."""
    report_id = _opened()
    if report_id is None:
        return redirect(url_for("public.track"), 303)
    said = request.args
    return _page(
        report_id, _form(), sent=said.get("terkirim") == "1", thanked=said.get("dinilai") == "1"
    )


@site.post("/lacak/laporan")
def add_message() -> Answer:
    """Words or files from the reporter. Too late: the words wait until the report is open again."""
    report_id = _opened()
    form = _form(clean(request.form.get("text")))
    if report_id is None:
        return _ask(text=form["text"].data or "", late=True)
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


@site.post("/lacak/berkas")
def fetch_file() -> Answer:
    """A file of the office for whoever holds the receipt, noted in the log.

    Asked for by a form: no address of it stays in the browser.
    """
    report_id = _opened(stays=True)
    if report_id is None:
        return _ask(late=True)
    with everything() as session:
        file = tracking.office_file(session, report_id, clean(request.form.get("berkas")))
        if file is None or attachments.why_kept_back(file):
            return _page(report_id, _form(), missing=True)
        try:
            data = attachments.content(file)
        except (FileNotFoundError, VaultError):
            return _page(report_id, _form(), missing=True)
        audit.record(session, "downloaded", None, file)
        answer = _as_download(data, file.mime, file.filename)
        db.session.commit()
    return answer


def _as_download(data: bytes, mime: str, name: str) -> Response:
    """It is saved, never shown; nothing in it runs."""
    answer = make_response(data)
    answer.mimetype = mime
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@site.route("/lacak/penilaian", methods=["GET", "POST"])
def opinion() -> Answer:
    """What the reporter thinks of the service, once, if they want to say it."""
    report_id = _opened()
    if report_id is None:
        return redirect(url_for("public.track"), 303)
    if request.method == "GET":
        return _questions(report_id)
    scores = survey.read(request.form)
    if not any(scores):
        return _questions(report_id, nothing=True)
    with everything() as session:
        survey.answer(session, report_id, scores, visit.now())
        db.session.commit()
    return redirect(url_for("public.tracked", dinilai="1"), 303)


def _questions(report_id: int, nothing: bool = False) -> Answer:
    with everything() as session:
        asked = survey.asks(session, report_id)
    if not asked:
        return redirect(url_for("public.tracked"), 303)
    page = render_template(
        "public/opinion.html",
        elements=survey.ELEMENTS,
        nothing=nothing,
        csrf=visit.track_field(),
    )
    return (page, 422) if nothing else page


@site.post("/lacak/tutup")
def close() -> Answer:
    """Forget what was opened here."""
    return visit.forget_track(redirect(url_for("public.home"), 303))


def _opened(stays: bool = False) -> int | None:
    """The report that is open in this browser, and for another fifteen minutes from now.

    None for a form that we did not show: its token belongs to the cookie before it is renewed.
    Where the page `stays` as it is, so does its cookie: the other forms on it must still work.
    """
    found = visit.opened(KIND)
    if request.method == "POST" and not visit.is_own_track_form():
        return None
    with everything() as session:
        if found is None or not tracking.still_open(session, *found):
            return None
    if not stays:
        visit.remember(KIND, *found)
    return found[0]


def _send(report_id: int, text: str, kept: list[uploads.Kept]) -> None:
    with everything() as session:
        tracking.add(session, report_id, text, visit.now(), uploads.facts(kept))
        db.session.commit()


def _form(text: str = "") -> MessageForm:
    return MessageForm(MultiDict({"text": text}), Lists(db.session()))


def _ask(number: str = "", text: str = "", wrong: bool = False, late: bool = False) -> str:
    return render_template("public/track.html", number=number, text=text, wrong=wrong, late=late)


def _page(report_id: int, form: MessageForm, **told: bool) -> Response:
    """The page of a report; `told` is what happened just now (sent, unsent, thanked, missing)."""
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
        told=told,
        csrf=visit.track_field(),
    )
    return make_response(page, 422 if form.errors or told.get("missing") else 200)
