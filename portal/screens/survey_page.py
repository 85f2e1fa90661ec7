"""`/admin/survei/`: the index of the satisfaction survey of a period, also as a file."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from flask import request, url_for
from flask_admin import expose

from portal.access.permissions import may
from portal.casework import survey
from portal.indonesia import dates
from portal.screens import edge, figures
from portal.screens.guarded import GuardedView
from portal.wording import _
from portal.wording import lazy as _l

TABLE = "survey_answer"
# Part of a year → its name and its months.
PARTS: dict[str, tuple[Any, range]] = {
    "tahun": (_l("Setahun"), range(1, 13)),
    "s1": (_l("Semester I"), range(1, 7)),
    "s2": (_l("Semester II"), range(7, 13)),
    "t1": (_l("Triwulan I"), range(1, 4)),
    "t2": (_l("Triwulan II"), range(4, 7)),
    "t3": (_l("Triwulan III"), range(7, 10)),
    "t4": (_l("Triwulan IV"), range(10, 13)),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A year and a part of it."""

    year: int
    part: str

    @property
    def months(self) -> range:
        """The months it is about."""
        return PARTS[self.part][1]

    def __str__(self) -> str:
        return f"{PARTS[self.part][0]} {self.year}"


class Survey(GuardedView):
    """Figures alone: no answer is shown by itself."""

    permission = "survey.list"
    permissions = {"export": "survey.export"}

    @expose("/")
    def index(self) -> str:
        """The nine elements and their index."""
        period, session = _period(), edge.session()
        found = survey.index(session, period.year, period.months)
        page: str = self.render(
            "screens/survey.html",
            page_title=_("Survei kepuasan"),
            period=period,
            found=found,
            rows=_rows(found),
            total=_total(found),
            years=sorted({*survey.years(session), period.year}, reverse=True),
            parts=[(code, name) for code, (name, _months) in PARTS.items()],
            kinds=figures.kinds(partial(_address, period))
            if may(edge.me(), "survey.export")
            else [],
        )
        return page

    @expose("/export/<export_type>/", methods=("GET", "POST"))
    def export(self, export_type: str) -> Any:
        """The same figures as a file."""
        period = _period()
        found = survey.index(edge.session(), period.year, period.months)
        leaving = figures.Figures(
            table=TABLE,
            name=f"survei-{period.year}-{period.part}",
            rows=[[*map(str, HEAD)], *_rows(found), [_("Indeks"), *_total(found)]],
            filters={"tahun": [str(period.year)], "bagian": [period.part]},
            facts=[(_("Masa"), str(period))],
            back=url_for(".index", **_asking(period)),
        )
        return figures.export(self, export_type, leaving, partial(_address, period))


def _asking(period: Period) -> dict[str, Any]:
    return {"tahun": period.year, "bagian": period.part}


def _address(period: Period, kind: str) -> str:
    return url_for(".export", export_type=kind, **_asking(period))


HEAD = [_l("Unsur"), _l("Jawaban"), _l("Nilai rata-rata"), _l("Nilai konversi"), _l("Mutu")]


def _period() -> Period:
    """As the address asks; this year where it asks nothing or nonsense."""
    said = request.args.get("tahun", "")
    year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else dates.today().year
    part = request.args.get("bagian", "tahun")
    return Period(year, part if part in PARTS else "tahun")


def _rows(found: survey.Index) -> list[list[str]]:
    return [
        [str(one.name), str(one.answers), *_said(one.mean, one.index, one.quality)]
        for one in found.figures
    ]


def _total(found: survey.Index) -> list[str]:
    mean = found.value / survey.STEP if found.value is not None else None
    rounded = mean.quantize(survey.PLACES) if mean is not None else None
    return [str(found.answers), *_said(rounded, found.value, found.quality)]


def _said(mean: Decimal | None, index: Decimal | None, letter: str) -> list[str]:
    """With a decimal comma; dashes where so few answered that nothing is shown."""
    if mean is None or index is None:
        return ["–", "–", "–"]
    told = f"{letter} ({survey.QUALITY[letter]})"
    return [f"{mean:.2f}".replace(".", ","), f"{index:.2f}".replace(".", ","), told]
