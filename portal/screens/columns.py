"""How a value is shown: in a list, on the page of a row, in an export.

`LIST` is short and may carry a link, `PAGE` is complete, `EXPORT` is plain text:
labels instead of codes, dates that a spreadsheet sorts.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from markupsafe import Markup, escape

import models as m
from portal import labels
from portal.indonesia import dates
from portal.screens import codes, computed, kinds, log_columns, titles
from portal.screens.links import badge, link
from portal.wording import _

LIST, PAGE, EXPORT = "list", "page", "export"
SHORTENED = 80
SPECIAL = computed.COLUMNS | log_columns.COLUMNS

# Colour of a closed code; it only helps, the text says it all.
TONES: dict[type[Any], dict[str, str]] = {
    m.ReportStatus: {"new": "warning", "in_progress": "info", "identified": "success"},
    m.CaseStatus: {
        "identified": "warning",
        "returned": "warning",
        "approved": "info",
        "outreach": "info",
        "handling": "info",
        "termination_proposed": "warning",
        "monitoring": "info",
        "closed": "success",
    },
    m.Risk: {"sedang": "info", "tinggi": "warning", "darurat": "danger"},
    m.Safety: {"aman": "success", "khawatir": "warning", "dalam_bahaya": "danger"},
    m.InterventionState: {"planned": "warning", "ongoing": "info", "done": "success"},
    m.ReferralState: {"diajukan": "warning", "ditolak": "danger", "selesai": "success"},
    m.OutreachState: {"assigned": "warning", "started": "info", "reported": "success"},
    m.MonitoringState: {"scheduled": "warning", "done": "success"},
    m.Decision: {"approved": "success", "refused": "danger"},
    m.GrantKind: {"darurat": "danger", "serah_terima": "info"},
    m.LetterState: {"valid": "success", "void": "danger"},
    m.RequestState: {"received": "warning", "working": "info", "done": "success"},
    m.BreachState: {"found": "danger", "notified": "info", "closed": "success"},
    m.ComplaintStatus: {"diterima": "warning", "diproses": "info", "selesai": "success"},
    m.ContactState: {"refused": "danger", "permitted": "success", "overridden": "warning"},
    m.CallState: {
        "ringing": "warning",
        "talking": "info",
        "ended": "success",
        "missed": "danger",
    },
    m.JobState: {"waiting": "info", "running": "info", "done": "success", "failed": "danger"},
}


def show(row: Any, path: str, style: str) -> Any:
    """The value of `row` at `path` in one of the three styles; None where there is none.

    Links and badges are Markup, everything else is text (escaped by the template).
    """
    owner, name = _owner(row, path)
    if owner is None:
        return None
    special = SPECIAL.get(f"{type(owner).__name__}.{name}")
    if special:
        return special(owner, style)
    value = getattr(owner, name)
    if value is None or value == "":
        return None
    kind = kinds.of(type(owner), name)
    return FORMATS[kind.name](value, style, kind)


def _owner(row: Any, path: str) -> tuple[Any, str]:
    """The row at the end of the path, and the name of its attribute."""
    *steps, name = path.split(".")
    for step in steps:
        row = None if row is None else getattr(row, step)
    return row, name


# --- by kind of column --------------------------------------------------------------------


def _line(value: str, style: str, kind: kinds.Kind) -> str:
    return value if style != LIST or len(value) <= SHORTENED else f"{value[:SHORTENED]}…"


def _story(value: str, style: str, kind: kinds.Kind) -> Any:
    """Paragraphs stay paragraphs on the page."""
    if style != PAGE:
        return _line(value, style, kind)
    return Markup("<br>").join(escape(line) for line in value.split("\n"))


def _code(value: str, style: str, kind: kinds.Kind) -> str:
    return codes.name(kind.list_name, value)


def _codes(value: list[str], style: str, kind: kinds.Kind) -> str:
    return ", ".join(codes.name(kind.list_name, code) for code in value)


def _enum(value: Any, style: str, kind: kinds.Kind) -> Any:
    text = codes.names(kind.list_name).get(value.value) if kind.list_name else None
    text = text or labels.label(value)
    if style == EXPORT:
        return text
    short = text.partition(" (")[0] if style == LIST else text
    tones = TONES.get(type(value))
    return badge(short, tones.get(value.value, "neutral")) if tones else short


def _moment(value: datetime, style: str, kind: kinds.Kind) -> Any:
    if style == EXPORT:
        return f"{dates.local(value):%Y-%m-%d %H:%M}"
    if style == PAGE:
        return dates.moment(value)
    short = f"{dates.short_date(dates.local_date(value))} {dates.clock_time(value)}"
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), short)


def _day(value: date, style: str, kind: kinds.Kind) -> str:
    if style == EXPORT:
        return value.isoformat()
    return dates.long_date(value) if style == PAGE else dates.short_date(value)


def _hour(value: time, style: str, kind: kinds.Kind) -> str:
    return f"{value:%H.%M}"


def _yes(value: bool, style: str, kind: kinds.Kind) -> str:
    return _("Ya") if value else _("Tidak")


def _relation(value: Any, style: str, kind: kinds.Kind) -> Any:
    return titles.of(value) if style == EXPORT else link(value, titles.of(value))


def _relations(value: list[Any], style: str, kind: kinds.Kind) -> Any:
    if style == EXPORT:
        return ", ".join(titles.of(row) for row in value)
    return Markup(", ").join(escape(_relation(row, style, kind)) for row in value) or None


def _other(value: Any, style: str, kind: kinds.Kind) -> str:
    return str(value)


Format = Callable[[Any, str, kinds.Kind], Any]
FORMATS: dict[str, Format] = {
    "line": _line,
    "story": _story,
    "code": _code,
    "codes": _codes,
    "enum": _enum,
    "moment": _moment,
    "day": _day,
    "hour": _hour,
    "yes": _yes,
    "maybe": _yes,
    "relation": _relation,
    "relations": _relations,
    "whole": _other,
    "data": _other,
    "other": _other,
}
