"""What an officer decides about an answer on its way: take it back, send it anew, it arrived."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from sqlalchemy import select
from werkzeug.wrappers import Response

from models import Conversation, Message, Sending, SendState
from portal.access.permissions import may
from portal.casework import sending_acts
from portal.casework.threads import family
from portal.screens import edge
from portal.screens.refusals import sentences
from portal.screens.talk_answers import after
from portal.wording import _
from portal.wording import lazy as _l

ACTS: Mapping[str, Callable[..., Any]] = {
    "batal": sending_acts.cancel,
    "sampai": sending_acts.settle_unknown,
    "ulang": sending_acts.resend,
}
CANCEL = ("batal", _l("Batalkan"))
ARRIVED, AGAIN = ("sampai", _l("Sudah sampai")), ("ulang", _l("Kirim ulang"))
OFFERED: Mapping[SendState, tuple[tuple[str, Any], ...]] = {
    SendState.queued: (CANCEL,),
    SendState.unknown: (ARRIVED, AGAIN),
    SendState.failed: (AGAIN,),
}


class Sendings:
    """Mixed into the screen of conversations."""

    @expose("/kiriman/", methods=("POST",))
    def sending_view(self: Any) -> Response:
        """One of the acts, on one message of the thread."""
        talk, officer = edge.fetch(Conversation, request.args.get("id")), edge.me()
        if not may(officer, "message.create"):
            abort(403)
        act = ACTS.get(request.form.get("apa", "")) or abort(404)
        sending = _sending(talk, edge.number(request.form.get("pesan")))
        with sentences() as told:
            act(edge.session(), sending, officer, edge.now())
            edge.session().commit()
        flash(" ".join(told) or _("Dicatat."), "warning" if told else "success")
        # The page of a row in sight, made by url_for.
        # nosemgrep: redirect-from-the-request
        return redirect(after(talk), 303)


def _sending(talk: Conversation, key: int) -> Sending:
    members = [one.id for one in family(edge.session(), talk)]
    wanted = select(Sending).join(Sending.message).where(Message.conversation_id.in_(members))
    return edge.session().scalar(wanted.where(Message.id == key)) or abort(404)
