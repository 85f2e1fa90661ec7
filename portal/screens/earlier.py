"""Kasus baru atau lama: the search for earlier cases of the people of a report.

Of a case outside the officer's scope the answer is only that there is one and who handles it.
Names and numbers travel by POST, so that none stands in an address.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wtforms import StringField

from models import Case, Officer, Person, Report
from portal.casework import people
from portal.casework.people import Earlier, Wanted
from portal.indonesia import phone
from portal.screens import checks, edge, joining, texts, titles
from portal.screens.fields import ScreenForm
from portal.wording import _

TYPED = {"autocomplete": "off", "dir": "auto"}


def _line(name: str, **attributes: str) -> StringField:
    return StringField(
        texts.of(Person, name),
        [checks.NotLonger(checks.LINE)],
        filters=[checks.tidy],
        render_kw=TYPED | attributes,
    )


class SearchForm(ScreenForm):
    """Whom to look for; any of the three is enough."""

    name = _line("name")
    phone = _line("phone", inputmode="tel")
    nik = _line("nik", inputmode="numeric")

    def wanted(self) -> Wanted:
        """What was typed, as the search takes it."""
        given = {name: self[name].data or "" for name in ("name", "phone", "nik")}
        return Wanted(**given)


@dataclass
class Found:
    """An earlier case as the page shows it: for whom it was found, and how to join it.

    `case` is None outside the officer's scope; `reference` then is all there is.
    """

    case: Case | None
    handled_by: Officer | None
    reference: str = ""
    names: list[str] = field(default_factory=list)


def people_in(report: Report) -> list[Person]:
    """Everybody a report speaks of of whom something is known, the harmed first."""
    harmed = [victim.person for victim in report.victims]
    suspects = [suspect.person for suspect in report.suspects if suspect.person]
    teller = [report.reporter.person] if report.reporter else []
    known = [one for one in (*harmed, *suspects, *teller) if one.name or one.nik or one.phone]
    return list(dict.fromkeys(known))


def filled_for(report: Report) -> SearchForm:
    """The form with what is known of the first person."""
    known = people_in(report)
    if not known:
        return SearchForm()
    first = known[0]
    number = phone.display(first.phone) if first.phone else None
    return SearchForm(None, name=first.name or first.alias, phone=number, nik=first.nik)


def for_people(report: Report | None, wanted: Iterable[tuple[str, Wanted]]) -> list[Found]:
    """Earlier cases of several people, each case once with the names it was found for."""
    officer = edge.me()
    found: dict[int, Found] = {}
    for name, one in wanted:
        for earlier in people.search(edge.session(), officer, one):
            row = found.setdefault(earlier.case_id, _found(earlier, report, officer))
            row.names.append(name)
    return [one for key, one in found.items() if report is None or key != report.case_id]


def _found(earlier: Earlier, report: Report | None, officer: Officer) -> Found:
    sealed = ""
    if report is not None:
        sealed = joining.reference(earlier.case_id, report, officer, edge.now())
    return Found(earlier.case, earlier.handled_by, sealed)


def wanted_in(report: Report) -> list[tuple[str, Wanted]]:
    """Everybody in a report, as the search takes them."""
    return [
        (titles.of(one), Wanted(one.name or one.alias or "", one.nik or "", one.phone or ""))
        for one in people_in(report)
    ]


def wanted_by(form: SearchForm) -> list[tuple[str, Wanted]]:
    """What was typed into the form; nothing where nothing was typed."""
    one = form.wanted()
    if one == Wanted():
        return []
    return [(one.name or _("nomor yang dicari"), one)]
