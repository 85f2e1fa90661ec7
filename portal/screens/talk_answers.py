"""Writing in a conversation: answers, notes, their drafts, and messages that become a chronology.

What is refused loses nothing that was typed; what the agreement on safe contact is against is said
beside the field, and leaves only with a reason.
"""

from datetime import timedelta
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from models import Conversation, Direction, Message, Officer, Report
from portal.access.permissions import may
from portal.casework import (
    answering,
    chronicle,
    contact,
    intake,
    officer_drafts,
    receipts,
    talk_acts,
    talk_reading,
)
from portal.casework.threads import family
from portal.indonesia import dates
from portal.screens import edge, uploads
from portal.screens.refusals import sentences
from portal.screens.talk_forms import AnswerForm, NoteForm
from portal.wording import _

REFUSED, WRONG = 409, 422
TWICE = timedelta(minutes=2)
ANSWER, NOTE = officer_drafts.ANSWER, officer_drafts.NOTE
FILES = "lainnya"


class Answers:
    """Mixed into the screen of conversations."""

    @expose("/balas/", methods=("POST",))
    def reply_view(self: Any) -> Any:
        """An answer to the other side."""
        talk, officer = _writing()
        form = answer_form(talk, get_form_data())
        if not form.validate():
            return self.composed(talk, answer=form), WRONG
        if not just_said(talk, officer, form.words, Direction.keluar):
            told = _reply(talk, officer, form)
            if told is None:
                return self.composed(talk, answer=form), REFUSED
        _forget(talk, officer, ANSWER)
        flash(_sent(talk), "success")
        return redirect(after(talk), 303)

    @expose("/catatan/", methods=("POST",))
    def note_view(self: Any) -> Any:
        """A note that the other side never sees."""
        talk, officer = _writing()
        form = NoteForm(get_form_data(), prefix=NOTE)
        if not form.validate():
            return self.composed(talk, note=form), WRONG
        text = form.body.data or ""
        if form.files.checked or not just_said(talk, officer, text, Direction.internal):
            _note(talk, officer, form)
        _forget(talk, officer, NOTE)
        flash(_("Catatan intern disimpan. Pelapor tidak melihatnya."), "success")
        return redirect(after(talk), 303)

    @expose("/draf/", methods=("POST",))
    def typed_view(self: Any) -> Any:
        """Keep what is being typed; colleagues see that somebody writes."""
        talk, officer = _writing()
        kind = request.args.get("untuk", "")
        if kind not in (ANSWER, NOTE):
            abort(404)
        session, now = edge.session(), edge.now()
        way = Direction.keluar if kind == ANSWER else Direction.internal
        if just_said(talk, officer, request.form.get(f"{kind}-body", ""), way):
            return jsonify({"fields": {}})  # overtaken by the message itself: no draft any more
        fields = request.form.items(multi=True)
        if not officer_drafts.write(session, officer, draft_kind(talk, kind), fields, now):
            abort(413)
        talk_reading.is_writing(session, talk, officer, now)
        session.commit()
        return jsonify({"fields": {}})

    @expose("/belum-dibaca/", methods=("POST",))
    def unread_view(self: Any) -> Response:
        """Leave it for later, marked as not read."""
        talk = edge.fetch(Conversation, request.args.get("id"))
        talk_reading.mark_unread(edge.session(), talk, edge.me())
        edge.session().commit()
        flash(_("Ditandai belum dibaca."), "success")
        return redirect(url_for(".index_view"), 303)

    @expose("/kronologi/", methods=("POST",))
    def chronicle_view(self: Any) -> Response:
        """Chosen messages become the chronology of a new report, or are added to one."""
        talk, officer = _writing()
        keys = [edge.key_in(one) for one in request.form.getlist("pesan")[:200]]
        messages = chronicle.chosen(edge.session(), talk, filter(None, keys))
        if not messages:
            flash(_("Pilih pesan dahulu."), "warning")
            return redirect(after(talk), 303)
        if request.form.get("tujuan", "baru") == "baru":
            return _new_report(talk, officer, messages)
        return _append(talk, officer, messages)


def _writing() -> tuple[Conversation, Officer]:
    talk, officer = edge.fetch(Conversation, request.args.get("id")), edge.me()
    if not may(officer, "message.create"):
        abort(403)
    if talk.report is not None and talk.report.erased_at is not None:
        abort(404)
    return talk, officer


def after(talk: Conversation) -> str:
    """Where one sees what was written: the page it was written on."""
    back = request.values.get("url")
    return f"{back}#percakapan" if back else url_for(".details_view", id=talk.id) + "#akhir"


# --- answers --------------------------------------------------------------------------------------


def answer_form(talk: Conversation, given: Any = None) -> AnswerForm:
    """The composer of a conversation."""
    form = AnswerForm(given, prefix=ANSWER)
    form.prepare(part_answered(talk))
    return form


def part_answered(talk: Conversation) -> Conversation:
    """Through which of what was merged an answer leaves: where somebody wrote last."""
    parts = family(edge.session(), talk)
    members = {one.id: one for one in parts if answering.can_be_read(one)}
    heard = (Message.conversation_id.in_(members), Message.direction == Direction.masuk)
    last = select(Message.conversation_id).where(*heard)
    newest = edge.session().scalar(last.order_by(Message.at.desc(), Message.id.desc()).limit(1))
    return members.get(newest or 0, talk)


def _reply(talk: Conversation, officer: Officer, form: AnswerForm) -> Message | None:
    """The answer as it left; None where it was refused, with the reasons on the form."""
    session, now, message = edge.session(), edge.now(), None
    part = part_answered(talk)
    with sentences() as told:
        try:
            message = answering.reply(session, part, officer, form.answer(talk), now)
            _attach(talk, officer, form, message)
            if talk.report is not None:
                intake.mark_read(session, talk.report, Direction.masuk, now)
            session.commit()
        except contact.NotPermitted as refusal:
            session.rollback()
            _refused(part, officer, form, refusal)
            return None
        except answering.Overtaken:
            form.seen.data = str(answering.last_heard(session, talk))
            raise
    if told:
        form.body.errors = [*form.body.errors, *told]
        return None
    return message


def _refused(
    talk: Conversation, officer: Officer, form: AnswerForm, refusal: contact.NotPermitted
) -> None:
    wish = answering.wish(edge.session(), talk, officer, form.words, edge.now())
    contact.refuse(edge.session(), wish, refusal.obstacles)
    edge.session().commit()
    form.tell(refusal.obstacles)


def _attach(talk: Conversation, officer: Officer, form: Any, message: Message) -> None:
    if "files" not in form:
        return
    report = talk.report
    owners = {"report": report, "case": report.case if report else None, "message": message}
    uploads.attach(edge.session(), form.files.checked, officer, FILES, **owners)


def _note(talk: Conversation, officer: Officer, form: Any) -> None:
    session, now, text = edge.session(), edge.now(), form.body.data
    if talk.report is not None:
        message = intake.note(session, talk.report, officer, text, now)
    else:
        message = talk_acts.write_note(session, talk, officer, text, now)
    _attach(talk, officer, form, message)
    session.commit()


def just_said(talk: Conversation, officer: Officer, text: str, way: Direction) -> bool:
    """A second click says nothing twice. The same answer to the next question is another one."""
    members = [one.id for one in family(edge.session(), talk)]
    here = (Message.conversation_id.in_(members), Message.kind != "event")
    last = edge.session().scalar(select(Message).where(*here).order_by(Message.id.desc()).limit(1))
    if last is None or last.author_id != officer.id:
        return False
    if last.direction is not way or last.body != text:
        return False
    return edge.now() - last.at < TWICE


def _sent(talk: Conversation) -> str:
    if answering.travels(part_answered(talk)):
        return _("Jawaban sedang dikirim.")
    return _("Jawaban disimpan. Pelapor membacanya di halaman lacak.")


# --- drafts ---------------------------------------------------------------------------------------


def draft_kind(talk: Conversation, kind: str) -> str:
    """Under which name a draft is kept."""
    return officer_drafts.in_talk(kind, talk.id)


def drafted(talk: Conversation, kind: str) -> MultiDict[str, str] | None:
    """What was typed and not sent."""
    typed = officer_drafts.read(edge.session(), edge.me(), draft_kind(talk, kind), edge.now())
    return MultiDict(typed) if typed else None


def _forget(talk: Conversation, officer: Officer, kind: str) -> None:
    officer_drafts.discard(edge.session(), officer, draft_kind(talk, kind))
    edge.session().commit()


# --- a chronology -------------------------------------------------------------------------------


def _new_report(talk: Conversation, officer: Officer, messages: list[Message]) -> Response:
    """The quick form, filled; its clock starts when the first of them was written."""
    if not may(officer, "report.create") or talk.report is not None:
        abort(403)
    somebody = talk.correspondent
    received = dates.local(messages[0].at).strftime("%Y-%m-%dT%H:%M")
    fields = [
        ("token", receipts.new_token()),
        ("narrative", chronicle.quote(messages)),
        ("received_at", received),
        ("reporter_name", (somebody.name or "") if somebody else ""),
    ]
    kind = officer_drafts.of_report(talk.channel.value, talk.id)
    officer_drafts.write(edge.session(), officer, kind, fields, edge.now())
    edge.session().commit()
    address = url_for("report.create_view", kanal=talk.channel.value, percakapan=talk.id)
    return redirect(address, 303)


def _append(talk: Conversation, officer: Officer, messages: list[Message]) -> Response:
    if not may(officer, "report.edit"):
        abort(403)
    report = edge.fetch(Report, request.form.get("tujuan"))
    with sentences() as told:
        chronicle.append(edge.session(), talk, report, officer, edge.now(), messages)
        edge.session().commit()
    if told:
        flash(" ".join(told), "warning")
        return redirect(after(talk), 303)
    flash(_("Kronologi laporan dilengkapi."), "success")
    return redirect(edge.page_of("report", report.id), 303)
