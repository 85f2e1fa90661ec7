"""The page of a letter: what it is, what it says, what became of it, what can still be done."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_admin import expose

from models import Letter, Officer, Role, StepPart
from portal.access.permissions import may
from portal.casework import signing_by_hand, signing_held
from portal.casework.letter_acts import next_step
from portal.letters import LetterError, html, progress
from portal.protection import audit
from portal.screens import edge
from portal.screens.acted_page import ActedPage, doable
from portal.screens.related import sections_without
from portal.wording import _

# Of most letters there is nothing to say here.
ENDED = ("void_reason", "voided_by", "voided_at", "replaces", "replaced_by")


class LetterPage(ActedPage):
    """Mixed into the screen of letters."""

    details_template = "screens/letter.html"
    demands: Mapping[str, str] = {"act_view": "view", "read_view": "view"}

    def details_facts(self: Any, letter: Letter) -> dict[str, Any]:
        """The acts, for supervisors alone, and the way to the text."""
        officer = edge.me()
        shown = doable(self.table, letter, officer) if officer.role is Role.supervisor else []
        empty = {name for name in ENDED if getattr(letter, name) is None}
        return {
            "doable": shown,
            "held": _held(letter),
            "unsigned": _unsigned(letter),
            "read_url": url_for(".read_view", id=letter.id),
            "ways": _ways(letter, officer) if may(officer, "letter.edit") else [],
            "details_sections": sections_without(self.details_sections, empty),
        }

    @expose("/baca/")
    def read_view(self: Any) -> Any:
        """The letter itself, for everybody and for those who listen; noted in the log."""
        letter = self.get_one(request.args.get("id"))
        text, told = text_of(letter)
        audit.record(edge.session(), "letter_opened", edge.me(), letter)
        edge.session().commit()  # nosemgrep: commit-on-get
        shown = {"text": text, "told": told, "unsigned": _unsigned(letter)}
        page = self.render("screens/letter_read.html", letter=letter, **shown)
        return (page, 404) if told else page

    def _leads_to(self: Any, row: Letter, key: int) -> str:
        """After a letter was replaced the new one is of interest."""
        return edge.page_of("letter", row.replaced_by.id if row.replaced_by else key)


def _unsigned(letter: Letter) -> str:
    """That it is not signed yet, of what says that it is; "" otherwise."""
    if not progress.praises_itself(letter):
        return ""
    return _(
        "Surat ini belum ditandatangani. Berkas PDF-nya sudah memuat “Ditandatangani secara "
        "elektronik”, karena isinya tidak berubah lagi: jangan edarkan sebelum ditandatangani."
    )


def _held(letter: Letter) -> str:
    """Why it waits for somebody in vain, "" where it does not."""
    session, now = edge.session(), edge.now()
    found = signing_held.of_letter(session, letter, now)
    if found is None:
        return ""
    (why,) = signing_held.sentences(session, [found], now)
    return _("Surat ini menunggu yang tidak dapat menandatanganinya. %(why)s", why=why)


def _ways(letter: Letter, officer: Officer) -> list[tuple[str, str, str]]:
    """Icon, label and address of what this officer does next with the letter at the desk."""
    step, ways = next_step(letter), []
    if step is not None and step.officer_id == officer.id:
        is_paraf = step.part is StepPart.paraf
        if is_paraf or progress.electronic(letter):
            label = _("Baca dan paraf") if is_paraf else _("Baca dan tanda tangani")
            ways.append(("rubber-stamp", label, url_for("signing_desk.read", id=letter.id)))
    if not signing_by_hand.obstacles(letter, officer):
        scan = url_for("signing_desk.scan", id=letter.id)
        ways.append(("upload", _("Unggah pindaian bertanda tangan"), scan))
    return ways


def text_of(letter: Letter) -> tuple[Any, str]:
    """What the letter says as HTML, or why it cannot be shown."""
    if letter.content is None:
        return "", _("Isi surat ini sudah dihapus sesuai masa simpannya.")
    try:
        return html.fragment(letter.kind.value, progress.as_it_stands(letter)), ""
    except LetterError as error:
        return "", str(error)
