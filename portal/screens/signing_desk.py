"""The page "Meja tanda tangan": what waits for this officer's paraf or signature.

Each letter is opened and read, then those that were ticked are initialled and signed together.
"""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from models import Letter, LetterState, LetterStep, StepPart
from portal.casework import (
    letter_acts,
    signing,
    signing_by_hand,
    signing_certificates,
    signing_held,
)
from portal.casework.letter_acts import next_step
from portal.letters import progress
from portal.protection import audit
from portal.screens import edge, missing_parts, uploads
from portal.screens.act_forms import ReasonForm
from portal.screens.guarded import GuardedView
from portal.screens.letter_page import text_of
from portal.screens.refusals import sentences
from portal.screens.signing_forms import ScanForm, SignForm
from portal.screens.signing_round import Round, needs_passphrase, run
from portal.wording import _
from portal.wording import lazy as _l

NAME = _l("Meja tanda tangan")
REFUSED, WRONG = 409, 422
MOST = 50
CHOSEN, READ = "letter", "read"
SCAN = "surat"


@dataclass(frozen=True)
class Waiting:
    """A letter on the desk: its step, and whether it may be ticked and is."""

    letter: Letter
    step: LetterStep
    seen: bool
    stops: list[str]
    chosen: bool
    by_hand: bool


@dataclass(frozen=True)
class Stuck:
    """A letter that waits for somebody in vain: why, what stands against replacing it, and whether
    the scan of a paper they signed before can still be added."""

    step: LetterStep
    why: str
    stops: list[str]
    scan: bool


class SigningDesk(GuardedView):
    """Read, tick, sign."""

    permission = "letter.edit"

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """What waits; sent, what came of it."""
        form, keys = SignForm(get_form_data()), _chosen()
        if request.method == "GET":
            return self._page(form)
        if not keys:
            flash(_("Centang dahulu sedikitnya satu surat."), "warning")
            return redirect(url_for(".index"), 303)
        if not form.validate():
            return self._page(form, keys), WRONG
        if not form.passphrase.data and needs_passphrase(keys):
            form.passphrase.errors = [_("Isi kata sandi sertifikat Anda.")]
            return self._page(form, keys), WRONG
        for text in request.form.getlist(READ):
            _see(edge.fetch(Letter, text))
        found = run(keys, form.passphrase.data or "")
        if found.wrong:
            form.passphrase.errors = [found.wrong]
        return self._page(form, keys, found), WRONG if found.wrong else 200

    def _page(self, form: SignForm, keys: list[int] | None = None, found: Any = None) -> str:
        waits = _waiting(set(keys or ()))
        page: str = self.render(
            "screens/signing_desk.html",
            page_title=NAME,
            form=form,
            waits=waits,
            stuck=_stuck(),
            found=found or Round(),
            certificate=signing_certificates.in_force(edge.session(), edge.me()),
            can_do=any(not one.stops for one in waits),
            asks=any(_is_electronic(one) for one in waits),
        )
        return page

    @expose("/baca/", methods=("GET", "POST"))
    def read(self) -> Any:
        """One letter as text that can be listened to, then its step; sent: it was read."""
        letter = _fetched()
        if request.method == "POST":
            _see(letter)
            return redirect(url_for(".index"), 303)
        audit.record(edge.session(), "letter_opened", edge.me(), letter)
        edge.session().commit()  # nosemgrep: commit-on-get
        return self._reading(letter, ReasonForm())

    @expose("/kembalikan/", methods=("POST",))
    def give_back(self) -> Any:
        """Refuse it with a reason."""
        letter, form = _fetched(), ReasonForm(get_form_data())
        if not form.validate():
            return self._reading(letter, form), WRONG
        with sentences() as told:
            signing.give_back(edge.session(), letter, edge.me(), edge.now(), form.why)
            edge.session().commit()
        if told:
            form.form_errors = told
            return self._reading(letter, form), REFUSED
        flash(_("Surat dikembalikan. Penerbitnya diberi tahu alasannya."), "success")
        return redirect(url_for(".index"), 303)

    def _reading(self, letter: Letter, form: ReasonForm) -> str:
        session, officer, step = edge.session(), edge.me(), next_step(letter)
        mine = step is not None and step.officer_id == officer.id
        stops = signing.obstacles(session, letter, officer, reading=True)
        gaps = signing.missing(session, letter, officer) if mine and stops else []
        gaps = [one for one in gaps if str(one) in stops]
        text, unreadable = text_of(letter)
        page: str = self.render(
            "screens/signing_read.html",
            page_title=_("Baca surat"),
            letter=letter,
            text=text,
            step=step if mine else None,
            by_hand=mine and _by_hand(letter),
            stops=[unreadable] if unreadable else [] if gaps else stops,
            gaps=missing_parts.with_links(gaps),
            form=form,
            sign_form=SignForm(),
            scan=not signing_by_hand.obstacles(letter, officer),
        )
        return page

    @expose("/pindaian/", methods=("GET", "POST"))
    def scan(self) -> Any:
        """The scan of what was signed by hand."""
        letter, form = _fetched(), ScanForm(get_form_data())
        stops = signing_by_hand.obstacles(letter, edge.me())
        if request.method == "GET" or stops:
            page = self._scanning(letter, form, stops)
            return (page, REFUSED) if request.method == "POST" else page
        if not form.validate():
            return self._scanning(letter, form, stops), WRONG
        told = _keep(letter, form)
        if told:
            form.files.errors = told
            return self._scanning(letter, form, []), REFUSED
        flash(_("Pindaian disimpan. Surat tercatat ditandatangani dengan pena."), "success")
        return redirect(edge.page_of("letter", letter.id), 303)

    def _scanning(self, letter: Letter, form: ScanForm, stops: list[str]) -> str:
        page: str = self.render(
            "screens/signing_scan.html",
            page_title=_("Unggah pindaian"),
            letter=letter,
            form=form,
            stops=stops,
            submit_label=_("Simpan pindaian"),
        )
        return page


def _fetched() -> Letter:
    letter: Letter = edge.fetch(Letter, request.args.get("id"))
    return letter if letter.state is not LetterState.erased else abort(404)


def _see(letter: Letter) -> None:
    """Looking at a letter marks nothing; that it was read is said by a form."""
    signing.see(edge.session(), letter, edge.me(), edge.now())
    edge.session().commit()


def _chosen() -> list[int]:
    keys = [edge.number(text) for text in request.form.getlist(CHOSEN)]
    return list(dict.fromkeys(keys)) if len(keys) <= MOST else abort(400)


def _waiting(chosen: set[int]) -> list[Waiting]:
    """What waits for this officer, oldest first."""
    together = (selectinload(Letter.steps), joinedload(Letter.issued_by))
    wanted = select(Letter).where(signing.waiting(edge.me())).options(*together)
    oldest = wanted.order_by(Letter.id).limit(MOST)
    return [_row(one, chosen) for one in edge.session().scalars(oldest)]


def _row(letter: Letter, chosen: set[int]) -> Waiting:
    session, officer, step = edge.session(), edge.me(), next_step(letter)
    seen = signing.seen(session, letter, step)
    return Waiting(
        letter,
        step,
        seen,
        signing.obstacles(session, letter, officer, reading=seen),
        letter.id in chosen,
        _by_hand(letter),
    )


def _stuck() -> list[Stuck]:
    """What waits in vain for others, if this officer is one who replaces letters."""
    session, officer, now = edge.session(), edge.me(), edge.now()
    found = signing_held.at_the_desk(session, officer, now)
    return [
        Stuck(
            one.step,
            why,
            letter_acts.obstacles(one.step.letter, "replace", officer),
            not signing_by_hand.obstacles(one.step.letter, officer),
        )
        for one, why in zip(found, signing_held.sentences(session, found, now), strict=True)
    ]


def _by_hand(letter: Letter) -> bool:
    """Whether it waits for a pen."""
    step = next_step(letter)
    return (
        step is not None and step.part is StepPart.tanda_tangan and not progress.electronic(letter)
    )


def _is_electronic(one: Waiting) -> bool:
    """Whether it waits for the officer's certificate; a paraf needs none."""
    return one.step.part is StepPart.tanda_tangan and not one.by_hand


def _keep(letter: Letter, form: ScanForm) -> list[str]:
    """The scan stored and the letter signed, or why not."""
    session, officer = edge.session(), edge.me()
    with sentences() as told:
        try:
            scans = uploads.attach(session, form.files.checked, officer, SCAN, letter=letter)
        except OSError:
            session.rollback()
            return [_("Berkas tidak dapat disimpan: tempat penyimpanan penuh. Beri tahu admin.")]
        signing_by_hand.add_scan(session, letter, officer, edge.now(), scans)
        session.commit()
    return told
