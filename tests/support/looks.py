"""What a person with a phone, a keyboard or a screen reader would trip over on a page."""

from pathlib import Path
from typing import Any

import axe_core_python
from playwright.sync_api import Page

AXE = Path(axe_core_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a page keeps is not written down element by element: it takes longer than the rules.
RUN = f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})"


def violations(page: Page) -> list[str]:
    """The accessibility rules that the page breaks as it stands, with the elements."""
    page.wait_for_load_state()  # a click returns as soon as the next page has begun
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(f"{RUN}.then(found => found.violations)")
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many CSS pixels the page is wider than the window."""
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
