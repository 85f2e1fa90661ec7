"""A letter's content and template in, the bytes of its PDF out.

The same content gives the same bytes on every machine: the date in the document is the letter's
own, and nothing random or local enters. Nothing is loaded but the fonts and pictures beside this
file. Whatever a reporter typed is text: Jinja escapes it, and no log line repeats it.

What every `content` may say beside its own words (`templating.DEFAULTS` where it does not: letters
frozen before these keys were known read as they did):

- `paper`: `A4` or `F4` (215 x 330 mm).
- `letterhead`: `government`, `office`, `unit`, `address`, `contact` (lines), and `logo`: empty for
  the placeholder, or the SHA-256 (hex) of the picture whose bytes come as `logo`.
- `classification`: stands at the foot of every page.
- `verification`: empty, or the whole address that the QR code leads to.
- `signed`: empty: room for a pen, and the QR code small at the end; `elektronik`: the QR code and
  the words "Ditandatangani secara elektronik" in place of that room.
- `signatory`: `name`, `rank`, `nip`, `position`, and `capacity` (`Plh.`, `Plt.`, `a.n.`) before it.

A template extends `_letter.html` and takes its parts from `_parts.html` *with context*: `kop`,
`heading`, `section`, `verdict`, `prose`, `fields`, `points`, `people`, `listing`, `rule`, `ending`,
`two_signatures`. It writes no markup of its own where a part will do: the screen shows the same
templates with parts of its own (`html.py`).
"""

import hashlib
import io
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab import rl_config
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from portal.letters import RenderError, archive, emblem, templating
from portal.letters.text import FONTS, families
from portal.wording import _, speaking

HERE = Path(__file__).parent
IMAGES = HERE / "images"
SHARED = ("_letter.html", "_parts.html", "letter.css")

# ReportLab stamps neither the hour nor a random id into a document.
rl_config.invariant = 1
# The archive packs every page once, at the end.
rl_config.pageCompression = rl_config.useA85 = 0
# Their warnings quote the text they stumble over.
for noisy in ("xhtml2pdf", "svglib", "reportlab"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Sheet:
    """A size of paper in centimetres, upright."""

    width: float
    height: float

    @property
    def text(self) -> float:
        """How wide the text stands between its margins (2.5 cm left, 2 cm right)."""
        return self.width - 4.5


SHEETS = {"A4": Sheet(21, 29.7), "F4": Sheet(21.5, 33)}


def template_version(template: str) -> str:
    """16 hex digits that change with the template, its shared parts or its style."""
    digest = hashlib.sha256()
    for name in (*SHARED, f"{template}.html"):
        digest.update((templating.TEMPLATES / name).read_bytes())
    return digest.hexdigest()[:16]


def render(template: str, content: Mapping[str, Any], logo: bytes | None = None) -> bytes:
    """The PDF of `content` in `template` (a name without `.html`), the same bytes each time.

    `content` is JSON-able; its `dated` (ISO), if it has one, is the date of the document. `logo` is
    the picture that its letterhead names. Raises RenderError where a value is missing, the picture
    is none or another one, or the document cannot be set.
    """
    try:
        return archive.archived(typeset(markup(template, content, logo))[0], content.get("dated"))
    except RenderError:
        raise
    except Exception as error:
        # The cause may quote the letter: only its kind is told.
        raise RenderError(
            _("Naskah tidak dapat dicetak (%(kind)s).", kind=type(error).__name__)
        ) from None


def markup(template: str, content: Mapping[str, Any], logo: bytes | None = None) -> str:
    """The letter as HTML for the typesetter, every text in it escaped and legible."""
    shown = templating.complete(content)
    needed = families(json.dumps(shown, ensure_ascii=False))
    placed = {
        "families": needed,
        "sheet": SHEETS[shown["paper"]],
        "emblem": emblem.of(shown["letterhead"].get("logo", ""), logo),
    }
    with speaking("id"):
        return templating.on_paper(template).render(shown | placed)


def typeset(html: str) -> tuple[bytes, int]:
    """The PDF of `html`, and how many warnings the typesetter gave."""
    out = io.BytesIO()
    result = pisa.CreatePDF(
        html,
        dest=out,
        encoding="utf-8",
        path=str(HERE / "letter.html"),
        resource_policy=ResourceAccessPolicy.server(
            FONTS, extra_roots=(IMAGES,), allow_remote=False
        ),
    )
    if result.err:
        raise RenderError(_("Naskah tidak dapat dicetak."))
    return out.getvalue(), result.warn
