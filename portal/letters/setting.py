"""How xhtml2pdf sets a letter here: the same pages as from its own `pisaDocument`, sooner.

The style sheet hardly changes from letter to letter, so what it means is worked out once in a
process: its rules, and which of them meet an element that stands under certain others. Nothing of
any letter is kept. Only what a policy allows is read, and one letter is set at a time, as
ReportLab's global state demands.
"""

import io
import threading
from functools import cache, lru_cache
from typing import Any
from xml.dom import Node

from markupsafe import Markup
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table
from xhtml2pdf.config.resources import ResourceAccessPolicy, render_budget, use_policy
from xhtml2pdf.context import pisaContext
from xhtml2pdf.default import DEFAULT_PAGE_NAME
from xhtml2pdf.document import pisaStory
from xhtml2pdf.files import cleanFiles
from xhtml2pdf.util import reset_caches
from xhtml2pdf.w3c.css import CSSCascadeStrategy
from xhtml2pdf.xhtml2pdf_reportlab import PmlBaseDoc

from portal.letters.text import FALLBACKS, FONTS

# Family → (bold, italic) → file. No letter asks for what is both, nor for a bold emoji.
STYLES = ((0, 0), (1, 0), (0, 1), (1, 1))
MAIN = ("Regular", "Bold", "Italic", "Bold")
FACES = {
    "naskah": {
        style: f"LiberationSans-{name}.ttf" for style, name in zip(STYLES, MAIN, strict=True)
    },
    **{family: dict.fromkeys(STYLES, file) for family, file in FALLBACKS.items()},
}
REGULAR, BOLD = "naskah-00", "naskah-10"
# A page for markup that says nothing of its own.
PLAIN = "<style>@page { size: a4; margin: 2cm }</style>"
# A place in the markup for a flowable of our own: a gap that no style sheet asks for.
PLACE = Markup('<pdf:spacer height="0.0713pt"></pdf:spacer>')
PLACE_HEIGHT = 0.0713
# Style sheets that are kept: one for each paper, set of scripts and kind with rules of its own.
SHEETS = 24

_one_at_a_time = threading.Lock()


def build(
    html: str, path: str, policy: ResourceAccessPolicy, placed: list[Flowable]
) -> tuple[bytes, int]:
    """The PDF of `html` with `placed` put where `PLACE` stands, and how many warnings.

    `path` is what addresses in it are relative to. Raises what xhtml2pdf and ReportLab raise.
    """
    with _one_at_a_time, use_policy(policy), render_budget(policy):
        try:
            return _build(html, path, policy, placed)
        finally:
            cleanFiles()
            reset_caches()


def _build(
    html: str, path: str, policy: ResourceAccessPolicy, placed: list[Flowable]
) -> tuple[bytes, int]:
    context = _Context(path)
    html = html if "@page" in html else PLAIN + html
    pisaStory(html, path, encoding="utf-8", context=context, resource_policy=policy)
    waiting = iter(placed)
    story = [next(waiting) if _is_place(one) else one for one in context.story]
    out = io.BytesIO()
    document = PmlBaseDoc(
        out,
        pagesize=context.pageSize,
        title=context.meta["title"].strip(),
        author=context.meta["author"].strip(),
        lang=context.lang_tag or None,
        keepTogetherClass=_Together,
    )
    first = context.templateList.pop(DEFAULT_PAGE_NAME)
    document.addPageTemplates([first, *context.templateList.values()])
    document.pisaPositioned = context.positioned
    document.build(story)
    return out.getvalue(), context.warn


def _is_place(flowable: Flowable) -> bool:
    return isinstance(flowable, Spacer) and abs(flowable.height - PLACE_HEIGHT) < 1e-6


class _Together(KeepTogether):
    """A title stays with what is below it; of what may be torn, with its beginning (`least`)."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        size: tuple[float, float] = super().wrap(width, height)
        self._H -= _tearable(self._content[-1])
        return size


def _tearable(last: Any) -> float:
    """How much of `last` (points, wrapped already) may go on on the next page.

    Of a table all but its head and its first row.
    """
    if isinstance(last, Table):
        return float(sum(last._rowHeights[last.repeatRows + 1 :]))
    return float(last.height - last.least) if hasattr(last, "least") else 0.0


@cache
def register() -> None:
    """Make the faces known to ReportLab; their files are read once in a process."""
    for family, faces in FACES.items():
        for (bold, italic), file in faces.items():
            name = f"{family}-{bold}{italic}"
            pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))
            addMapping(family, bold, italic, name)


def face(family: str) -> str:
    """The name by which ReportLab knows the upright face of `family`, once it is registered."""
    return f"{family}-00"


class _Cascade(CSSCascadeStrategy):
    """Remembers which rules met an element that stands under the same ones."""

    def __init__(self, userAgent: Any, user: Any) -> None:
        super().__init__(userAgent=userAgent, user=user)
        self.met: dict[tuple[Any, ...], dict[str, Any]] = {}

    def findStylesForElement(self, element: Any, attrNames: Any) -> dict[str, Any]:
        place = _standing(element.domElement)
        found = self.met.get(place)
        if found is None:
            found = self.met[place] = super().findStylesForElement(element, attrNames)
        return found


def _standing(node: Any) -> tuple[Any, ...]:
    """What the rules of our style sheets can know of an element: its kind, and what it is in."""
    known: tuple[Any, ...] | None = getattr(node, "standing", None)
    if known is None:
        kind = tuple(node.getAttribute(name) for name in ("class", "id", "dir"))
        above = node.parentNode
        outer = _standing(above) if above.nodeType == Node.ELEMENT_NODE else ()
        known = node.standing = (outer, node.tagName, kind)
    return known


@lru_cache(maxsize=SHEETS)
def _sheet(_texts: tuple[str, ...]) -> dict[str, Any]:
    """What is known of a style sheet: filled by the first letter that it is used for."""
    return {}


class _Context(pisaContext):
    """Works the rules of a style sheet out once; its pages belong to every document."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        register()
        for family in FACES:
            self.registerFont(family)

    def parseCSS(self) -> None:
        self.known = _sheet((self.cssDefaultText, *(text for text, _name in self.cssSources)))
        super().parseCSS()
        if self.cssPositionalTags or not self.cssAttributeNames <= {"dir"}:
            return
        if "cascade" not in self.known:
            self.known["cascade"] = _Cascade(self.cssDefault, self.css)
        self.cssCascade = self.known["cascade"]
        self.cssCascade.parser = self.cssParser

    def _parseCSSSource(self, text: str, sourceName: str) -> Any:
        # Pages are made for this document while their rules are read.
        if "@" in text:
            return super()._parseCSSSource(text, sourceName)
        if text not in self.known:
            self.known[text] = super()._parseCSSSource(text, sourceName)
        return self.known[text]
