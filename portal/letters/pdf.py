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
  the words "Ditandatangani secara elektronik" in place of that room; `belum` on a screen alone:
  those words are not true yet.
- `signatory`: `name`, `rank`, `nip`, `position`, and `capacity` (`Plh.`, `Plt.`, `a.n.`) before it.

A template extends `_letter.html` and takes its parts from `_parts.html` *with context*: `kop`,
`heading`, `section`, `verdict`, `prose`, `fields`, `points`, `people`, `listing`, `rule`, `ending`,
`two_signatures`. It writes no markup of its own where a part will do: the screen shows the same
templates with parts of its own (`html.py`).
"""

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup
from reportlab import rl_config
from reportlab.platypus import Flowable
from xhtml2pdf.config.resources import ResourceAccessPolicy

from portal.letters import RenderError, archive, emblem, qr, setting, templating
from portal.letters.long_table import Columns, LongTable
from portal.letters.text import FONTS, families
from portal.wording import _, speaking

HERE = Path(__file__).parent
IMAGES = HERE / "images"
SHARED = (
    *sorted(one.name for one in templating.TEMPLATES.glob("_*.html")),
    *("pages.css", "letter.css"),
)

# Tables of more rows are drawn by ReportLab itself, but for a script that it does not turn round.
MANY_ROWS = 25
WRITTEN_LEFTWARDS = "arab"
# Templates are written in lines; the typesetter would look at every end of a line.
BETWEEN_TAGS = re.compile(r">\s*\n\s*<")

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
        made, _warnings = _set(*_composed(template, content, logo))
        return archive.archived(made, content.get("dated"))
    except RenderError:
        raise
    except Exception as error:
        # The cause may quote the letter: only its kind is told.
        raise RenderError(
            _("Naskah tidak dapat dicetak (%(kind)s).", kind=type(error).__name__)
        ) from None


def markup(template: str, content: Mapping[str, Any], logo: bytes | None = None) -> str:
    """The letter as HTML for the typesetter, every text in it escaped and legible."""
    return _composed(template, content, logo)[0]


def typeset(html: str) -> tuple[bytes, int]:
    """The PDF of `html`, and how many warnings the typesetter gave."""
    return _set(html, [])


def _composed(
    template: str, content: Mapping[str, Any], logo: bytes | None
) -> tuple[str, list[Flowable]]:
    """The HTML, and what is not drawn by it but set into its places."""
    shown = templating.complete(content)
    needed = families(json.dumps(shown, ensure_ascii=False))
    tables: list[Flowable] = []
    placed = {
        "families": needed,
        "sheet": SHEETS[shown["paper"]],
        "emblem": emblem.of(shown["letterhead"].get("logo", ""), logo),
        "qr": qr.address(shown["verification"]),
        "is_long": lambda rows: len(rows) > MANY_ROWS and WRITTEN_LEFTWARDS not in needed,
        "long_table": partial(_place, tables),
    }
    with speaking("id"):
        html = templating.on_paper(template).render(shown | placed)
    return BETWEEN_TAGS.sub("><", html), tables


def _place(
    tables: list[Flowable],
    heads: list[str],
    widths: list[str],
    rows: list[list[str]],
    centred: list[int],
) -> Markup:
    tables.append(LongTable(Columns(heads, widths, centred), rows))
    return setting.PLACE


def _set(html: str, placed: list[Flowable]) -> tuple[bytes, int]:
    policy = ResourceAccessPolicy.server(FONTS, extra_roots=(IMAGES,), allow_remote=False)
    return setting.build(html, str(HERE / "letter.html"), policy, placed)
