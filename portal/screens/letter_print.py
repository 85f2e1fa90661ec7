"""Chosen letters as one zip or one PDF for the printer: asked why, noted, then sent.

What the disk no longer has, or has otherwise, is named instead of left out without a word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, flash, redirect, request, stream_with_context, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Letter
from portal.access import scope
from portal.indonesia import dates
from portal.letters import bundle, progress, versions
from portal.letters.bundle import Read
from portal.protection import audit
from portal.screens import edge, traces
from portal.screens.documents import NOTHING_RUNS
from portal.screens.export import WRONG, ExportForm, snapshot
from portal.screens.refusals import sentences
from portal.wording import _
from portal.wording import lazy as _l

REFUSED = 409
CARRIED, CHOSEN, DRAFTS = "row", "rowid", "drafts"
Part = tuple[str, Read]


@dataclass(frozen=True)
class Form:
    """One way to take several letters along; `marked`: what is not signed yet says so there."""

    label: Any
    mime: str
    ending: str
    pieces: Callable[[Sequence[Part]], Iterator[bytes]]
    marked: bool


FORMS = {
    "zip": Form(_l("Unduh ZIP"), "application/zip", "zip", bundle.zipped, marked=True),
    "cetak": Form(
        _l("Cetak gabungan (satu PDF)"),
        "application/pdf",
        "pdf",
        lambda parts: bundle.merged(read() for _name, read in parts),
        marked=False,
    ),
}


class LetterPrint:
    """Mixed into the screen of letters."""

    demands: Mapping[str, str] = {"print_view": "export"}

    def get_actions_list(self: Any) -> tuple[list[tuple[str, str]], dict[str, str]]:
        """Both ways, for those who may export; their page asks."""
        ways = FORMS.items() if self.allows("export") else ()
        return [(name, str(form.label)) for name, form in ways], {}

    @expose("/action/", methods=("POST",))
    def action_view(self: Any) -> Any:
        """Hand the chosen letters over to the page that asks why."""
        wanted = request.form.get("action", "")
        return redirect(url_for(".print_view", way=wanted), 307) if wanted in FORMS else abort(404)

    @expose("/cetak/<way>/", methods=("POST",))
    def print_view(self: Any, way: str) -> Any:
        """Which letters, which not and why, and what for; with an answer to that, the file."""
        form, known = ExportForm(get_form_data()), FORMS.get(way) or abort(404)
        asked = request.form.getlist(CARRIED)
        letters = _letters(asked or request.form.getlist(CHOSEN))
        if not letters:
            flash(_("Pilih dahulu sedikitnya satu baris."), "warning")
            return redirect(url_for(".index_view"), 303)
        faults = {one.id: why for one in letters if (why := _fault(known, one))}
        if not asked:
            return self._print_page(known, ExportForm(None), letters, faults)
        if faults or not form.validate():
            return self._print_page(known, form, letters, faults), REFUSED if faults else WRONG
        return self._leave(known, way, form, [one.id for one in letters])

    def _leave(self: Any, known: Form, way: str, form: Any, keys: Sequence[int]) -> Any:
        """The file: read in a session of its own, so that no lock is held meanwhile."""
        viewer = scope.viewer_of(edge.me())
        edge.session().rollback()
        session = snapshot(viewer)
        with sentences() as told:
            parts = _parts(session, keys)
            pieces = known.pieces(parts)
        if told:
            session.close()
            form.form_errors = told
            return self._print_page(known, form, _letters(keys), {}), WRONG
        _note(_letters(keys), way, form.why.data)
        answer = _answer(known, pieces)
        answer.call_on_close(session.close)
        return answer

    def _print_page(
        self: Any, known: Form, form: Any, letters: Sequence[Letter], faults: dict[int, str]
    ) -> str:
        page: str = self.render(
            "screens/letter_print.html",
            way=known,
            form=form,
            letters=[one for one in letters if one.id not in faults],
            left_out=[(one, faults[one.id]) for one in letters if one.id in faults],
            unsigned={one.id for one in letters if progress.praises_itself(one)},
            drafts=DRAFTS in request.form,
        )
        return page


def _fault(known: Form, letter: Letter) -> str:
    """Why this letter does not come along, "" where it does.

    On paper nothing tells that its electronic signature is still to come: it is asked for by name.
    """
    fault = bundle.fault(edge.session(), letter)
    if fault or known.marked or DRAFTS in request.form or not progress.praises_itself(letter):
        return fault
    return _("Belum ditandatangani.")


def _letters(keys: Sequence[Any]) -> list[Letter]:
    """The letters of these keys in the order of the books; 404 if one is not this officer's."""
    wanted = {edge.number(str(key)) for key in keys}
    if len(wanted) > bundle.MOST:
        abort(400)
    found = _in_order(edge.session(), wanted)
    for missing in wanted - {one.id for one in found}:
        traces.denied("letter", missing)
        abort(404)
    return found


def _in_order(session: Session, keys: Iterable[int]) -> list[Letter]:
    order = (Letter.kind, Letter.year, Letter.number)
    return list(session.scalars(select(Letter).where(Letter.id.in_(keys)).order_by(*order)))


def _parts(session: Session, keys: Sequence[int]) -> list[Part]:
    """A name for each letter, and what reads its file when its turn comes."""
    letters = _in_order(session, keys)
    bundle.refuse_too_large(session, letters)
    return [(name, _reader(session, key)) for key, name in bundle.names(letters).items()]


def _reader(session: Session, key: int) -> Read:
    def read() -> bytes:
        letter = session.get_one(Letter, key)
        data = versions.shown(session, letter)
        session.expunge_all()
        return data

    return read


def _note(letters: Sequence[Letter], way: str, why: str) -> None:
    """Committed before the answer begins: nothing leaves without a trace."""
    session, officer = edge.session(), edge.me()
    audit.record(session, "letters_printed", officer, format=way, letters=len(letters), why=why)
    for one in letters:
        audit.record(session, "letter_opened", officer, one)
    session.commit()


def _answer(known: Form, pieces: Iterator[bytes]) -> Response:
    answer = Response(stream_with_context(pieces), mimetype=known.mime)
    name = f"surat-{dates.local(datetime.now(UTC)):%Y%m%d-%H%M}.{known.ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Accel-Buffering"] = "no"
    return answer
