"""Urgent words on the officers' side: the rules with what became of them, a box to try them, and
the two buttons with which an officer says whether words were urgent indeed."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_admin.helpers import get_form_data
from werkzeug.wrappers import Response

import models as m
from portal.casework import cue_words, cues
from portal.screens import edge
from portal.screens.act_forms import story
from portal.screens.fields import ScreenForm
from portal.screens.guarded import GuardedView
from portal.screens.screen import is_ours
from portal.wording import _
from portal.wording import lazy as _l

WRONG = 422
ANSWERS = {"ya": True, "tidak": False}


class TryForm(ScreenForm):
    """Any text: it is read, shown and forgotten."""

    text = story(_l("Teks untuk dicoba"), required=True, rows=6)


class CuePage:
    """Mixed into the screen of the rules."""

    list_template = "screens/cues.html"
    demands: Mapping[str, str] = {"try_view": "list"}

    @expose("/coba/", methods=("GET", "POST"))
    def try_view(self: Any) -> Any:
        """Which words of a text are found by the rules in force; nothing of it is kept."""
        form = TryForm(get_form_data())
        found: list[cue_words.Found] = []
        if request.method == "POST" and form.validate():
            found = cues.reader(edge.session()).read(form.text.data)
        page = self.render(
            "screens/cue_try.html",
            page_title=_("Coba kata mendesak"),
            form=form,
            tried=request.method == "POST" and not form.errors,
            pieces=cue_words.marked(form.text.data or "", [one.words for one in found]),
            found=found,
        )
        return (page, WRONG) if form.errors else page


class Judging(GuardedView):
    """Where an officer accepts or rejects the words that raised something."""

    permission = "cue_finding.edit"

    def is_visible(self) -> bool:
        """No page of its own."""
        return False

    @expose("/", methods=("POST",))
    def index(self) -> Response:
        """Note the answer (`mendesak=ya` or `tidak`) and go back to where it was given."""
        finding = edge.fetch(m.CueFinding, request.args.get("id"))
        answer = ANSWERS.get(request.form.get("mendesak", ""))
        back = edge.back(f"{self.admin.url}/")
        if answer is None or not is_ours(back):
            abort(400)
        cues.decide(edge.session(), finding, edge.me(), answer, edge.now())
        edge.session().commit()
        flash(_("Penilaian Anda dicatat."), "success")
        return redirect(back, 303)
