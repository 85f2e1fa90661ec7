"""Choosing the month of a laporan bulanan: the last two years, and what was issued of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import select

from models import Letter, LetterKind, LetterState, Officer
from portal.access.permissions import may
from portal.indonesia import dates
from portal.indonesia.workdays import add_months
from portal.letters import laporan_bulanan
from portal.screens import edge, traces
from portal.wording import _

KIND = LetterKind.laporan_bulanan
SHOWN = 24
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Choice:
    """A month, where its report is issued, and the reports that are valid already."""

    name: str
    running: bool
    address: str
    letters: list[tuple[str, str]]


class MonthlyPage:
    """Mixed into the screen of letters."""

    demands: Mapping[str, str] = {"monthly_view": "view"}

    def list_facts(self: Any, asked: Any, page: Any) -> dict[str, Any]:
        """The way here, for who issues such a report."""
        facts: dict[str, Any] = super().list_facts(asked, page)  # type: ignore[misc]
        return facts | {"monthly_url": url_for(".monthly_view") if _issues(edge.me()) else ""}

    @expose("/bulanan/")
    def monthly_view(self: Any) -> Any:
        """The months; `?bulan=2026-11` leads to the draft of that one."""
        if not _issues(edge.me()):
            traces.denied("letter", None)
            abort(403)
        wanted = MONTH.fullmatch(request.args.get("bulan", ""))
        if wanted:
            return redirect(_address(date(int(wanted[1]), int(wanted[2]), 1)))
        this = dates.today().replace(day=1)
        return self.render(
            "screens/monthly.html",
            page_title=_("Laporan bulanan"),
            months=_choices(this),
            last=f"{this:%Y-%m}",
        )


def _issues(officer: Officer) -> bool:
    return officer.role in laporan_bulanan.ENTRY.issuers and may(officer, "letter.create")


def _choices(this: date) -> list[Choice]:
    months = [add_months(this, -back) for back in range(SHOWN)]
    issued = _issued([_key(one) for one in months])
    return [
        Choice(dates.month_year(one), one == this, _address(one), issued.get(_key(one), []))
        for one in months
    ]


def _key(month: date) -> int:
    return month.year * 100 + month.month


def _address(month: date) -> str:
    return url_for("letter.issue_view", kind=KIND.value, id=_key(month))


def _issued(keys: list[int]) -> dict[int, list[tuple[str, str]]]:
    """The valid reports of these months: number and address."""
    made = select(Letter.source_id, Letter.id, Letter.printed).where(
        Letter.kind == KIND, Letter.state == LetterState.valid, Letter.source_id.in_(keys)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for source, key, printed in edge.session().execute(made.order_by(Letter.id)):
        found.setdefault(source or 0, []).append((printed, edge.page_of("letter", key)))
    return found
