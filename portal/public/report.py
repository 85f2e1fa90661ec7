"""The complaint form: one page a step, a sealed draft behind them, one report at the end.

Whatever is posted is kept first and judged afterwards. A page that was posted too late (the draft
is gone, the cookie is lost) is taken into a new draft and shown again, with a sentence about it.
"""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.casework import drafts, intake
from portal.channels import web
from portal.db import db
from portal.public import steps, summary, uploads, visit
from portal.public.fields import Lists, PlainForm
from portal.public.site import everything, site
from portal.public.steps import BY_SLUG, CHECK, STEPS, Step, Typed
from portal.public.summary import Problem
from portal.wording import _

Answer = str | Response | tuple[str, int]
KIND = drafts.REPORT


def _typed() -> Typed | None:
    """What this browser's draft holds."""
    with everything() as session:
        content = drafts.read(session, KIND, visit.form_token(), visit.now())
    return Typed(**content) if content is not None else None


def _touch() -> None:
    with everything() as session:
        drafts.touch(session, KIND, visit.form_token(), visit.now())
        db.session.commit()


def _keep(typed: Typed) -> None:
    with everything() as session:
        drafts.write(session, KIND, visit.form_token(), typed.content(), visit.now())
        db.session.commit()


def _unused_token() -> None:
    """A form that was sent is never sent again under the same token."""
    with everything() as session:
        if intake.was_sent(session, visit.form_token()):
            visit.new_form()


# --- beginning ------------------------------------------------------------------------------------


@site.get("/lapor")
def start() -> Answer:
    """What to expect, and where an unfinished form goes on."""
    typed = _typed()
    csrf = visit.field_for(visit.form_token())
    return render_template(
        "public/start.html", unfinished=typed is not None, total=steps.TOTAL, csrf=csrf
    )


@site.post("/lapor/ulang")
def start_again() -> Answer:
    """Throw the draft away and begin with an empty form."""
    if visit.is_own_form():
        with everything() as session:
            drafts.discard(session, KIND, visit.form_token())
            db.session.commit()
        visit.new_form()
    return redirect(_address(STEPS[0]), 303)


# --- one step -------------------------------------------------------------------------------------


@site.get("/lapor/<slug>")
@site.get("/lapor/<slug>/<int:number>")
def step(slug: str, number: int = 1) -> Answer:
    """A page of the form with what was typed in it before."""
    page, typed = _step(slug, number), _typed()
    if typed is None:
        _unused_token()
    else:
        _touch()
    typed = typed or Typed()
    if number > len(typed.people(page)) + 1:
        abort(404)
    form = steps.form_for(page, number, typed, typed.raw(page, number), Lists(db.session()))
    return _page(page, number, typed, form)


@site.post("/lapor/<slug>")
@site.post("/lapor/<slug>/<int:number>")
def answer(slug: str, number: int = 1) -> Answer:
    """Keep what was typed, then judge it, then go where the button says."""
    page, own, typed = _step(slug, number), visit.is_own_form(), _typed()
    late = not own or (typed is None and bool(request.form.get("lanjutan")))
    if typed is None:
        _unused_token()
    typed = typed or Typed()
    form = steps.form_for(page, number, typed, _posted(), Lists(db.session()))
    number = typed.put(page, number, _raw(form))
    valid = _judge(form, typed)
    _keep(typed)
    if late and _action() != "simpan":
        return _page(page, number, typed, form, late=True)
    return _go_on(page, number, typed, form, valid)


def _step(slug: str, number: int) -> Step:
    page = BY_SLUG.get(slug)
    if page is None or not 1 <= number <= (steps.MOST_PEOPLE if page.many else 1):
        abort(404)
    return page


def _posted() -> dict[str, list[str]]:
    return {name: request.form.getlist(name) for name in request.form}


def _raw(form: PlainForm) -> steps.Raw:
    """What was typed into the fields of this form, and nothing else of the request."""
    posted = {name: request.form.getlist(name) for name in form.names}
    return {name: texts for name, texts in posted.items() if texts}


def _judge(form: PlainForm, typed: Typed) -> bool:
    """Whether the answers can stand; files are taken on the way."""
    unloaded = _action().partition(":")
    if unloaded[0] == "buang":
        typed.files = uploads.drop(typed.files, unloaded[2])
    refused = uploads.take(form, request.files, typed.files)
    if hasattr(form, "has_card"):
        form.has_card = typed.has_card
    valid = form.validate()
    for name, sentences in refused.items():
        form[name].errors = [*form[name].errors, *sentences]
    return valid and not refused


def _action() -> str:
    return request.form.get("aksi", "lanjut")


def _go_on(page: Step, number: int, typed: Typed, form: PlainForm, valid: bool) -> Answer:
    action = _action().partition(":")[0]
    if action == "simpan":
        return "", 204
    if action == "kembali":
        return redirect(_back(page, number, typed), 303)
    if action == "hapus":
        typed.drop(page, number)
        _keep(typed)
        return redirect(_address(page, min(number, len(typed.people(page)))), 303)
    if action in ("unggah", "buang") and not form.errors.keys() & uploads.KINDS.keys():
        return redirect(_address(page), 303)
    if not valid:
        return _page(page, number, typed, form), 422
    if action == "tambah" and page.many:
        return redirect(_address(page, len(typed.people(page)) + 1), 303)
    return redirect(_onward(page, number, typed), 303)


def _onward(page: Step, number: int, typed: Typed) -> str:
    if request.args.get("dari") == CHECK:
        return url_for("public.check")
    if number < len(typed.people(page)):
        return _address(page, number + 1)
    following = steps.after(page)
    return _address(following) if following else url_for("public.check")


def _back(page: Step, number: int, typed: Typed) -> str:
    if request.args.get("dari") == CHECK:
        return url_for("public.check")
    if number > 1:
        return _address(page, number - 1)
    earlier = steps.before(page)
    if earlier is None:
        return url_for("public.start")
    return _address(earlier, len(typed.people(earlier)))


def _address(page: Step, number: int = 1, **query: Any) -> str:
    place: dict[str, Any] = {"number": number} if page.many and number > 1 else {}
    return url_for("public.step", **place, **query, slug=page.slug)


def _page(page: Step, number: int, typed: Typed, form: PlainForm, late: bool = False) -> str:
    return render_template(
        "public/step.html",
        step=page,
        number=number,
        people=len(typed.people(page)),
        form=form,
        problems=summary.problems(form),
        typed=typed,
        files=[(uploads.handle(file), file) for file in typed.files],
        place=steps.place(page),
        total=steps.TOTAL,
        late=late,
        goes_on=typed.answers or typed.files,
        csrf=visit.field_for(visit.form_token()),
    )


# --- checking and sending --------------------------------------------------------------------


@site.get("/lapor/periksa")
def check() -> Answer:
    """Every answer once more, each with a way to change it."""
    typed = _typed()
    if typed is None:
        return redirect(url_for("public.done"), 303)
    _touch()
    return _check_page(typed, list(steps.pages(typed, Lists(db.session()))))


@site.post("/lapor/periksa")
def send() -> Answer:
    """Make the report, once: a second click finds the first one's receipt."""
    typed = _typed()
    if typed is None:
        return redirect(url_for("public.done"), 303)
    read = list(steps.pages(typed, Lists(db.session())))
    problems = _missing(read)
    if problems or not visit.is_own_form():
        return _check_page(typed, read, problems, late=not problems), 422
    with everything() as session:
        arrival = web.arrival(steps.told(read), uploads.facts(typed.files))
        intake.receive(session, arrival, token=visit.form_token(), now=visit.now())
        drafts.discard(session, KIND, visit.form_token(), keep_files=True)
        db.session.commit()
    return redirect(url_for("public.done"), 303)


def _missing(read: list[tuple[Step, int, PlainForm]]) -> list[Problem]:
    wrong = [
        Problem(
            _("Perbaiki jawaban pada \u201c%(step)s\u201d.", step=page.title),
            _address(page, number, dari=CHECK),
        )
        for page, number, form in read
        if form.errors
    ]
    if wrong or web.enough(steps.told(read)):
        return wrong
    told = _address(BY_SLUG["kejadian"], dari=CHECK)
    sentence = _(
        "Tulis setidaknya satu kalimat tentang apa yang terjadi, atau cara aman menghubungi Anda."
        " Tanpa salah satunya kami tidak dapat membantu."
    )
    return [Problem(sentence, told)]


def _check_page(
    typed: Typed, read: list[Any], problems: list[Problem] | None = None, late: bool = False
) -> str:
    return render_template(
        "public/check.html",
        pages=[summary.answered(page, number, form) for page, number, form in read],
        change=lambda one: _address(one.step, one.number, dari=CHECK),
        problems=problems or [],
        typed=typed,
        total=steps.TOTAL,
        late=late,
        csrf=visit.field_for(visit.form_token()),
    )


@site.get("/lapor/selesai")
def done() -> Answer:
    """The receipt, shown again for fifteen minutes to the browser that sent the form."""
    with everything() as session:
        receipt = intake.receipt_again(session, visit.form_token(), visit.now())
        sent = receipt is not None or intake.was_sent(session, visit.form_token())
    if receipt is None:
        return render_template("public/gone.html", sent=sent), 410
    return render_template("public/receipt.html", receipt=receipt)
