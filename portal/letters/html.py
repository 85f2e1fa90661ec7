"""A letter as tagged HTML: what its screen shows to everybody, and reads out to those who listen.

PDFs of the typesetter carry no tags, so whoever uses a screen reader gets the letter here: the same
template, the same content, headings, lists and tables as such. No style and no script in it; the
style sheet of the portal knows its classes (`naskah`).
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from portal.letters import RenderError, templating
from portal.wording import _, speaking

DEEPEST = 4


def fragment(template: str, content: Mapping[str, Any], level: int = 2) -> Markup:
    """The letter as one `<article>` for a page of the portal, its title a heading of `level`.

    `level` is 1 to 4: under a title come two levels more. Raises RenderError where a value is
    missing, without repeating the letter.
    """
    return Markup(_rendered(template, content, level, style=None))  # noqa: S704 - Jinja escaped it


def page(template: str, content: Mapping[str, Any], style: str) -> str:
    """The letter as a document of its own; `style` is the address of its style sheet."""
    return _rendered(template, content, 1, style)


def _rendered(template: str, content: Mapping[str, Any], level: int, style: str | None) -> str:
    if not 1 <= level <= DEEPEST:
        raise ValueError("a heading has six levels, and a letter needs three of them")
    shown = templating.complete(content) | {"level": level, "style": style}
    try:
        with speaking("id"):
            return templating.on_screen(template).render(shown)
    except Exception as error:
        # The cause may quote the letter: only its kind is told.
        raise RenderError(
            _("Naskah tidak dapat ditampilkan (%(kind)s).", kind=type(error).__name__)
        ) from None
