"""The page "Impor": a chat that a telephone exported, or one mail as a file, into the inbox.

The file is kept for a day, sealed, until its officer has said who is who in it; what is imported is
kept byte for byte with what came out of it. What is counted beforehand is what the officer may see.
"""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from werkzeug.wrappers import Response

from models import Conversation
from portal.access import scope
from portal.casework import chat_imports, chat_lines, correspondents, deliveries, officer_drafts
from portal.casework.correspondents import KnownAs
from portal.channels import chat_export, chat_files, chat_in, mail_in
from portal.channels.chat_export import Export
from portal.indonesia import dates, phone
from portal.protection import files
from portal.screens import edge, traces
from portal.screens.chat_forms import UploadForm, WhoForm
from portal.screens.guarded import GuardedView
from portal.wording import _
from portal.wording import lazy as _l

NAME = _l("Impor percakapan")
DRAFT = "chat_import"
WRONG = 422
MOST_ODD = 20
LONGEST_ODD = 160
EML = ".eml"


@dataclass(frozen=True)
class Pending:
    """An uploaded export that waits for its officer's answers."""

    key: str
    data: bytes
    export: Export


class ChatImport(GuardedView):
    """Upload, look, import."""

    permission = "conversation.create"

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """Choose the file; it is opened at once, so that a wrong one is told here."""
        form = UploadForm(get_form_data())
        if request.method == "GET":
            return self._page(form)
        if not form.validate() or not _opens(form):
            return self._page(form), WRONG
        if form.given_name.lower().endswith(EML):
            return _bring_mail(form.given)
        _set_aside(form.given)
        return redirect(url_for(".check"), 303)

    @expose("/periksa/", methods=("GET", "POST"))
    def check(self) -> Any:
        """What is in it, what is new; then import."""
        pending = _pending(request.form.get("order"))
        if pending is None:
            return redirect(url_for(".index"), 303)
        form = WhoForm(get_form_data(), **_likely(pending.export))
        form.offer(pending.export)
        asked = request.method == "POST"
        wanted = asked and "import" in request.form and bool(pending.export.said)
        wrong = asked and not form.validate()
        if wrong or (wanted and _is_another(form, pending.export)):
            return self._page(form, pending), WRONG
        return _import(form, pending) if wanted else self._page(form, pending)

    def _page(self, form: Any, pending: Pending | None = None) -> str:
        page: str = self.render(
            "screens/chat_import.html",
            page_title=NAME,
            form=form,
            submit_label=_("Unggah") if pending is None else _("Periksa"),
            found=_found(form, pending.export) if pending else None,
            again=url_for(".index"),
        )
        return page


def _opens(form: UploadForm) -> bool:
    if form.given_name.lower().endswith(EML):
        return True
    try:
        chat_files.opened(form.given, chat_in.limits().size)
    except chat_files.Refused as refusal:
        form.file.errors = [refusal.sentence]
        return False
    return True


def _bring_mail(raw: bytes) -> Response:
    """A mail by hand goes the way of those in the mailbox."""
    session = edge.session()
    with scope.system(session):
        deliveries.store(session, mail_in.CHANNEL, raw, {}, edge.now(), by=edge.me())
    session.commit()
    flash(_("Surel disimpan dan segera tampil di kotak masuk."), "success")
    return redirect(url_for("conversation.index_view"), 303)


# --- set aside until it is understood -------------------------------------------------------------


def _set_aside(data: bytes) -> None:
    key, _fingerprint = files.store(data)  # named by no row: swept away in a day
    officer_drafts.write(edge.session(), edge.me(), DRAFT, [("key", key)], edge.now())
    edge.session().commit()


def _pending(order: str | None) -> Pending | None:
    kept = officer_drafts.read(edge.session(), edge.me(), DRAFT, edge.now())
    if kept is None:
        return None
    key = dict(kept)["key"]
    try:
        data = files.read(key)
    except FileNotFoundError:
        return None
    text = chat_files.opened(data, chat_in.limits().size).text
    chosen = order if order in chat_export.ORDERS else None
    return Pending(key, data, chat_export.parse(text, edge.now(), chosen))


# --- what is in it --------------------------------------------------------------------------------


def _likely(export: Export) -> dict[str, str]:
    """Who is who, as far as it shows: whoever wrote first writes to the office."""
    names = export.senders
    number = names[0] if names and _is_number(names[0]) else ""
    return {"other": "0", "office": "1" if len(names) == 2 else "", "phone": number}


def _is_number(name: str) -> bool:
    try:
        phone.normalise(name)
    except ValueError:
        return False
    return True


def _found(form: WhoForm, export: Export) -> dict[str, Any]:
    """Figures and doubts for the page; times of the first and the last message."""
    said = export.said
    talk = _known_talk(form, export)
    plan = chat_lines.plan(edge.session(), talk, said, _office(form, export))
    senders = [(name, sum(one.sender == name for one in said)) for name in export.senders]
    odd = [(line, text[:LONGEST_ODD]) for line, text in export.odd[:MOST_ODD]]
    return {
        "count": len(said),
        "first": dates.moment(min(one.at for one in said)) if said else "",
        "last": dates.moment(max(one.at for one in said)) if said else "",
        "new": len(plan.new),
        "changed": len(plan.changed),
        "known": plan.known,
        "senders": senders,
        "doubtful": len(export.orders) > 1,
        "odd": odd,
        "odd_more": len(export.odd) - len(odd),
    }


def _office(form: WhoForm, export: Export) -> str:
    return chat_in.office_in(export, form.office.data or "")


def _name(form: WhoForm, export: Export) -> str:
    """What the conversation is called: as the officer says, else as the telephone did."""
    place = edge.key_in(form.other.data or "") or 0
    names = export.senders
    return form.title.data or (names[place] if place < len(names) else "")


def _known_as(form: WhoForm, export: Export) -> KnownAs:
    if form.phone.data and _is_number(form.phone.data):
        return KnownAs(correspondents.PHONE, form.phone.data)
    return KnownAs(correspondents.CHAT, _name(form, export))


def _known_talk(form: WhoForm, export: Export) -> Conversation | None:
    """The conversation it would join, if this officer may see it."""
    session = edge.session()
    somebody = correspondents.find(session, _known_as(form, export))
    talks = somebody.conversations if somebody else []
    return next((one for one in talks if one.channel.value == "whatsapp"), None)


def _is_another(form: WhoForm, export: Export) -> bool:
    """Whether the name is somebody else's already; the form then says so, and the log that it did:
    by this one learns of a chat that one may not meet."""
    known_as, office = _known_as(form, export), _office(form, export)
    if not chat_imports.is_another(edge.session(), known_as, export.said, office):
        return False
    sentence = _(
        "Nama ini sudah dipakai percakapan lain tanpa satu pun pesan yang sama. Isi nomor "
        "teleponnya, atau beri nama yang membedakan."
    )
    form.title.errors = [sentence]
    traces.turned_down()
    return True


# --- imported -------------------------------------------------------------------------------------


def _import(form: WhoForm, pending: Pending) -> Response:
    export, session, officer = pending.export, edge.session(), edge.me()
    choices = {"office": form.office.data or "", "order": export.orders[0]}
    known_as, name = _known_as(form, export), _name(form, export)
    talk = chat_imports.keep(session, pending.data, known_as, name, choices, officer, edge.now())
    officer_drafts.discard(session, officer, DRAFT)
    seen, key = scope.sees(session, officer, talk), talk.id
    session.commit()
    files.remove(pending.key)
    flash(_("Percakapan disimpan; pesannya segera tampil."), "success")
    page = url_for("conversation.details_view", id=key) if seen else None
    return redirect(page or url_for("conversation.index_view"), 303)
