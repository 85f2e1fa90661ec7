"""How files are shown: a link where one may have them, else why not; what is odd about them."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from markupsafe import Markup

import models as m
from portal import labels
from portal.casework import attachments
from portal.protection import flags
from portal.screens import links
from portal.wording import _

EXPORT = "export"
TONES = {m.Scan.quarantined: "warning", m.Scan.infected: "danger", m.Scan.clean: "success"}


def _letter_file(row: m.Letter, style: str) -> Any:
    return _download("letter.download", row, _("Unduh PDF"), style)


def _attached_file(row: m.Attachment, style: str) -> Any:
    """The link, or the reason why there is none; and what to mind before opening it."""
    why = attachments.why_kept_back(row)
    if why or style == EXPORT:
        return why or None
    parts = [_download("attachment.download", row, _("Unduh"), style), *_minds(row)]
    return Markup("<br>").join(parts)


def _download(endpoint: str, row: Any, text: str, style: str) -> Any:
    if style == EXPORT:
        return None
    return Markup('<a href="{}">{}</a>').format(url_for(endpoint, id=row.id), text)


def _minds(row: m.Attachment) -> list[str]:
    return [str(flags.SENTENCES[code]) for code in row.flags or () if code in flags.SENTENCES]


def _flags(row: m.Attachment, style: str) -> Any:
    found = _minds(row)
    return "; ".join(found) if style == EXPORT else Markup("<br>").join(found) or None


def _scan(row: m.Attachment, style: str) -> Any:
    text = labels.label(row.scan)
    return text if style == EXPORT else links.badge(text, TONES.get(row.scan, "neutral"))


def _size(row: m.Attachment, style: str) -> str:
    return str(row.size) if style == EXPORT else _("%(n)s KB", n=max(1, row.size // 1000))


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "Letter.download": _letter_file,
    "Attachment.download": _attached_file,
    "Attachment.size": _size,
    "Attachment.scan": _scan,
    "Attachment.flags": _flags,
}
