"""The compliance sheet of a month: on a page, on paper, and as a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import request, url_for
from flask_admin import expose

from models import Channel, Risk
from portal import labels
from portal.casework import compliance
from portal.casework.compliance import Cause, Line, Sheet
from portal.indonesia import dates
from portal.screens import codes, edge, figures
from portal.screens.guarded import GuardedView
from portal.wording import _
from portal.wording import lazy as _l

TABLE = "compliance"
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
NAME = _l("Lembar kepatuhan")
STEPS = {
    "processed_at": _l("Diproses (3 hari kerja)"),
    "answered_at": _l("Dijawab (5 hari kerja)"),
    "closed_at": _l("Ditutup (10 hari kerja)"),
}
COUNTER = {"visit": _l("Tamu di antrean"), "report": _l("Laporan datang langsung")}


@dataclass(frozen=True)
class Table:
    """A part of the sheet as it is shown: texts only."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Compliance(GuardedView):
    """For the supervisors and the head of the office."""

    permission = f"{TABLE}.list"
    permissions = {"export": f"{TABLE}.export"}

    @expose("/")
    def index(self) -> str:
        """The sheet of the month that was chosen, or of this one."""
        month = _month()
        page: str = self.render(
            "screens/compliance.html",
            page_title=_("Lembar kepatuhan %(month)s", month=dates.month_year(month)),
            month=f"{month:%Y-%m}",
            tables=_tables(compliance.sheet(edge.session(), month, edge.now())),
            made=dates.moment(edge.now()),
            kinds=figures.kinds(partial(_address, month)),
        )
        return page

    @expose("/export/<export_type>/", methods=("GET", "POST"))
    def export(self, export_type: str) -> Any:
        """What would leave, and the question why; with an answer to it, the file."""
        month = _month()
        found = compliance.sheet(edge.session(), month, edge.now())
        leaving = figures.Figures(
            table=TABLE,
            name=f"kepatuhan-{month:%Y-%m}",
            rows=list(_flat(_tables(found))),
            filters={"bulan": [f"{month:%Y-%m}"]},
            facts=[(_("Bulan"), dates.month_year(month))],
            back=url_for(".index", bulan=f"{month:%Y-%m}"),
        )
        return figures.export(self, export_type, leaving, partial(_address, month))


def _month() -> date:
    """The first day of the month in the address; of this month where it names none."""
    found = MONTH.fullmatch(request.args.get("bulan", ""))
    return date(int(found[1]), int(found[2]), 1) if found else dates.today().replace(day=1)


def _address(month: date, kind: str) -> str:
    return url_for(".export", export_type=kind, bulan=f"{month:%Y-%m}")


# --- as texts -----------------------------------------------------------------------------------


def _tables(found: Sheet) -> list[Table]:
    risks = {one.value: labels.label(one) for one in Risk}
    channels = {one.value: labels.label(one) for one in Channel} | {"": _("Semua saluran")}
    return [
        _lines(_("Keputusan atas laporan (30 menit)"), _("Saluran"), found.decisions, channels),
        _causes(_("Penyebab keterlambatan"), found.delays, "delay_cause"),
        _lines(_("Loket (10 menit)"), _("Yang menunggu"), found.counter, COUNTER),
        _lines(_("Respons menurut risiko"), _("Risiko"), found.responses, risks),
        _lines(_("Penerimaan laporan yang diteruskan"), _("Laporan"), found.forwards, {}),
        _lines(_("Jawaban pertama dalam percakapan"), _("Percakapan"), found.answers, {}),
        _lines(_("Pengaduan layanan"), _("Langkah"), found.complaints, STEPS),
        _causes(_("Jeda yang tidak dihitung"), found.pauses, "pause_cause"),
    ]


def _lines(title: str, first: str, lines: Sequence[Line], names: dict[str, Any]) -> Table:
    head = [
        *(first, _("Jumlah"), _("Tepat waktu"), _("Persen"), _("Lewat")),
        *(_("Masih berjalan"), _("Median"), _("Persentil 90")),
    ]
    return Table(title, head, [_cells(one, names) for one in lines])


def _cells(one: Line, names: dict[str, Any]) -> list[str]:
    ended = one.kept + one.over
    return [
        str(names.get(one.name, _("Semua"))),
        *map(str, (one.number, one.kept)),
        f"{round(100 * one.kept / ended)}%" if ended else "–",
        *map(str, (one.over, one.waiting)),
        *(dates.duration(length) if length is not None else "–" for length in _spread(one)),
    ]


def _spread(one: Line) -> tuple[timedelta | None, timedelta | None]:
    return one.median, one.ninetieth


def _causes(title: str, causes: Sequence[Cause], list_name: str) -> Table:
    timed = any(one.length for one in causes)
    head = [_("Penyebab"), _("Jumlah"), *([_("Lamanya")] if timed else [])]
    rows = [
        [
            codes.name(list_name, one.name) if one.name else _("Belum dicatat"),
            str(one.number),
            *([dates.duration(one.length)] if timed else []),
        ]
        for one in causes
    ]
    return Table(title, head, rows)


# --- as a file ----------------------------------------------------------------------------------


def _flat(tables: Sequence[Table]) -> Any:
    """Every part under its own headings, its title before each line."""
    for one in tables:
        yield [_("Bagian"), *one.head]
        for row in one.rows:
            yield [one.title, *row]
