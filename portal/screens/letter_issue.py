"""The page on which a letter is issued: what it still lacks, else the very words; then the act."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from wtforms import HiddenField

import models as m
from models import Letter, LetterKind, Officer
from portal.access.permissions import may
from portal.casework import letter_acts
from portal.casework.lifecycle import Refused
from portal.letters import LetterError, html, register
from portal.letters.catalogue import CATALOGUE
from portal.screens import codes, edge, missing_parts, titles, traces
from portal.screens.fields import ScreenForm, VersionField
from portal.screens.refusals import sentences
from portal.wording import _

REFUSED = 409
TWICE = timedelta(minutes=10)


class IssueForm(ScreenForm):
    """Nothing to fill in. `shown` tells which draft was read, `after` which letter was there."""

    shown = HiddenField()
    after = VersionField()


class LetterIssue:
    """Mixed into the screen of letters."""

    demands: Mapping[str, str] = {"issue_view": "view"}

    @expose("/terbit/", methods=("GET", "POST"))
    def issue_view(self: Any) -> Any:
        """`?kind=&id=`: the draft of a letter from one row, and its issue."""
        if not may(edge.me(), "letter.create"):
            traces.denied("letter", None)
            abort(403)
        kind, row, officer = *_source(), edge.me()
        told: list[str] = []
        if request.method == "POST":
            form = IssueForm(get_form_data())
            letter = _issue(kind, row, officer, form, told)
            if letter is not None:
                return redirect(edge.page_of("letter", letter.id), 303)
            row = _row(kind, edge.number(request.args.get("id")))
        page = self.render("screens/letter_issue.html", **_facts(kind, row, officer, told))
        return (page, REFUSED) if told else page


def offers(row: Any) -> list[tuple[str, str]]:
    """Label and address for each kind of letter that the officer may issue from `row`."""
    if getattr(row, "erased_at", None) is not None:
        return []
    kinds = letter_acts.offered(edge.session(), row, edge.me())
    return [(name_of(kind), address_of(kind, row)) for kind in kinds]


def address_of(kind: LetterKind, row: Any, back: str | None = None) -> str:
    """The page where a letter of `kind` is issued from `row`; it leads back there, or to `back`."""
    return url_for("letter.issue_view", kind=kind.value, id=row.id, url=back)


def source_name(row: Any) -> str:
    """What a letter is made from, told apart from others of its kind in the same case."""
    return TOLD.get(type(row), titles.of)(row)


def _referral(row: m.Referral) -> str:
    service = codes.name("jenis_pelayanan", row.service)
    return f"{titles.of(row)}: {titles.of(row.victim)}, {service}"


# Where a case has several such rows, more than their title tells them apart.
TOLD: dict[type[Any], Callable[[Any], str]] = {
    m.Consent: lambda row: f"{titles.of(row.victim)}: {titles.of(row)}",
    m.Referral: _referral,
    m.Invitation: lambda row: f"{titles.of(row)}: {row.invitee}",
}


def name_of(kind: LetterKind) -> str:
    """What the office calls letters of this kind."""
    return codes.name("letter_kind", kind.value)


def _source() -> tuple[LetterKind, Any]:
    """The kind and row of the address; 404 for what this officer cannot issue from."""
    wanted = request.args.get("kind", "")
    kind = next((one for one in CATALOGUE if one.value == wanted), None)
    if kind is None:
        abort(404)
    row = _row(kind, edge.number(request.args.get("id")))
    if kind not in letter_acts.offered(edge.session(), row, edge.me()):
        abort(404)
    return kind, row


def _row(kind: LetterKind, key: int) -> Any:
    if kind not in letter_acts.VALUES:
        return edge.fetch(CATALOGUE[kind].source, str(key))
    return letter_acts.found(edge.session(), kind, key) or abort(404)


def _issue(
    kind: LetterKind, row: Any, officer: Officer, form: IssueForm, told: list[str]
) -> Letter | None:
    """The letter; None with the reasons in `told`. Who clicked twice is led to the first."""
    letter, after = None, form.after.data
    with sentences() as found:
        shown, known = form.shown.data or "", after or 0
        letter = letter_acts.issue(
            edge.session(), kind, row, officer, edge.now(), shown=shown, after=known
        )
        edge.session().commit()
    if not found:
        flash(_("Surat terbit."), "success")
        return letter
    told += found
    first = _just_issued(kind, edge.number(request.args.get("id")), officer, after)
    if first is not None:
        flash(_("Surat ini sudah Anda terbitkan."), "info")
        return first
    subject = CATALOGUE[kind].about(_row(kind, edge.number(request.args.get("id")))).subject
    traces.refused(subject, f"letter_{kind.value}")
    edge.session().commit()
    return None


def _just_issued(kind: LetterKind, key: int, officer: Officer, after: int | None) -> Letter | None:
    letter = letter_acts.latest(edge.session(), kind, _row(kind, key))
    mine = letter is not None and letter.issued_by_id == officer.id
    if letter is None or not mine or letter.id <= (after or 0):
        return None
    return letter if letter.issued_at > edge.now() - TWICE else None


def _facts(kind: LetterKind, row: Any, officer: Officer, told: list[str]) -> dict[str, Any]:
    """What the page shows: gaps, or the draft with the form that issues it."""
    session = edge.session()
    gaps = letter_acts.missing(session, kind, row, officer)
    before = letter_acts.latest(session, kind, row)
    draft, shown = None, ""
    if not gaps:
        draft, shown = _draft(kind, row, officer, told)
    return {
        "kind_name": name_of(kind),
        "source": source_name(row),
        "source_url": request.args.get("url") or _page_of(row),
        "missing": missing_parts.with_links(gaps),
        "before": before,
        "stops": told,
        "draft": draft,
        "form": IssueForm(None, shown=shown, after=before.id if before else 0),
    }


def _draft(kind: LetterKind, row: Any, officer: Officer, told: list[str]) -> tuple[Any, str]:
    try:
        content = letter_acts.draft(edge.session(), kind, row, officer)
        seen = html.fragment(kind.value, register.unnumbered(edge.session(), content))
    except Refused as refusal:
        told += refusal.sentences
        return None, ""
    except LetterError as error:
        told.append(str(error))
        return None, ""
    return seen, letter_acts.fingerprint(content)


def _page_of(row: Any) -> str:
    table = getattr(row, "__tablename__", "")
    known = table and may(edge.me(), f"{table}.view")
    return edge.page_of(table, row.id) if known else url_for("letter.index_view")
