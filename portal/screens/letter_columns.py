"""What a letter is about, how far its signature is, its versions and its address, as shown."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from models import Letter, LetterForm
from portal.indonesia import dates
from portal.letters import progress, verification
from portal.letters.progress import Progress
from portal.screens import links, titles
from portal.screens.letter_texts import PROGRESS
from portal.wording import _
from portal.wording import lazy as _l

EXPORT = "export"
TONES = {
    Progress.menunggu_paraf: "warning",
    Progress.menunggu_tanda_tangan: "warning",
    Progress.dikembalikan: "danger",
    Progress.elektronik: "success",
    Progress.pena: "success",
}
ISSUED, BEFORE, AFTER = (
    _l("naskah yang terbit"),
    _l("sebelum tanda tangan elektronik"),
    _l("sesudah tanda tangan elektronik"),
)


def _about(row: Letter, style: str) -> Any:
    """The case or the report it is filed with; a monthly report has neither."""
    subject = row.case or row.report
    if subject is None:
        return None
    return titles.of(subject) if style == EXPORT else links.link(subject, titles.of(subject))


def _signature(row: Letter, style: str) -> Any:
    """Who is waited for, or how it was signed."""
    found = progress.of(row)
    text = str(PROGRESS[found])
    return text if style == EXPORT else links.badge(text, TONES.get(found, "neutral"))


def _versions(row: Letter, style: str) -> Any:
    """Each stored PDF: which, since when, its fingerprint."""
    draft = BEFORE if any(one.form is LetterForm.bertanda_tangan for one in row.files) else ISSUED
    told = [
        _(
            "Versi %(n)s, %(form)s, %(when)s: %(sha)s",
            n=one.version,
            form=str(draft if one.form is LetterForm.naskah else AFTER),
            when=dates.moment(one.created_at),
            sha=one.sha256,
        )
        for one in row.files
    ]
    return "; ".join(told) if style == EXPORT else Markup("<br>").join(told) or None


def _address(row: Letter, style: str) -> Any:
    address = verification.address(row.verify_code)
    return address if style == EXPORT else Markup('<a href="{0}">{0}</a>').format(address)


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "Letter.about": _about,
    "Letter.signature": _signature,
    "Letter.versions": _versions,
    "Letter.verified_at": _address,
}
