"""The letters that can be issued for a case, as its page shows them."""

from dataclasses import dataclass
from typing import Any

import models as m
from portal import labels
from portal.casework import letter_offers
from portal.casework.letter_offers import LetterOffer
from portal.screens import edge, letter_issue, links, missing_parts
from portal.screens.missing_parts import Part


@dataclass(frozen=True)
class Choice:
    """One letter: what it is called, the row it is made from, what is missing, where it is issued.

    `source` is empty while there is no such row, `before` while none was issued from it, `address`
    while it cannot be issued. `again`: a valid one exists already.
    """

    name: str
    source: Any
    before: Any
    again: bool
    missing: list[Part]
    address: str


def of_case(case: m.Case) -> list[Choice]:
    """What this officer may issue for `case`: first what can be issued at once."""
    found = [_choice(case, one) for one in letter_offers.of_case(edge.session(), case, edge.me())]
    return sorted(found, key=lambda one: (not one.address, one.again))


def _choice(case: m.Case, offer: LetterOffer) -> Choice:
    here = edge.page_of("case", case.id)
    parts = missing_parts.with_links(offer.gaps)
    return Choice(
        name=letter_issue.name_of(offer.kind),
        source=_source(offer.row) if offer.row is not None else "",
        before=_before(offer.before) if offer.before else "",
        again=offer.before is not None and offer.before.state is m.LetterState.valid,
        missing=[(told, "" if address == here else address) for told, address in parts],
        address="" if offer.gaps else letter_issue.address_of(offer.kind, offer.row, here),
    )


def _before(letter: m.Letter) -> Any:
    return links.link(letter, f"{letter.printed} ({labels.label(letter.state)})")


def _source(row: Any) -> Any:
    return links.link(row, letter_issue.source_name(row))
