"""What an entry of the log says to the auditor: words, names of fields and figures.

Never what a field about a person held: who reads the log need not know the story.
"""

import json
from collections.abc import Callable
from typing import Any

from flask import url_for
from markupsafe import Markup

import models as m
from portal import labels
from portal.casework.report_rules import REPORT_RULES
from portal.casework.rules import CASE_RULES
from portal.protection import audit
from portal.protection.sealing import sealed_columns
from portal.screens import computed, contact_columns, log_texts, log_values, texts
from portal.wording import _


def _actor(row: m.AuditEntry, style: str) -> Any:
    """Who it was; one click leads to everything this officer did."""
    if row.actor is None:
        return None
    return _narrowed(row.actor.name, style, actor=row.actor_id)


def _subject(row: m.AuditEntry, style: str) -> Any:
    """On which row; one click leads to everything that happened to it."""
    if not row.subject_table:
        return None
    text = (
        f"{computed.TABLE_LABELS.get(row.subject_table, row.subject_table)} {row.subject_id or ''}"
    )
    where = {"subject_table": row.subject_table, "subject_id": row.subject_id}
    return _narrowed(text.strip(), style, **where)


def _narrowed(text: str, style: str, **where: Any) -> Any:
    if style == computed.EXPORT:
        return text
    address = url_for("audit_entry.index_view", **where)
    return Markup('<a href="{}">{}</a>').format(address, text)


def _details(row: m.AuditEntry, style: str) -> Any:
    """The fields that changed; what was erased is told as such."""
    if audit.erased(row):
        return _("(dihapus)")
    said = audit.details_of(row)
    lines = [line for key, value in said.items() for line in _detail(row, key, value)]
    return "; ".join(lines) if style != "page" else Markup("<br>").join(lines) or None


def _detail(row: m.AuditEntry, key: str, value: Any) -> list[str]:
    if key == "fields" and isinstance(value, dict):
        return [_change(row, name, pair) for name, pair in value.items()]
    if key == "fields" and isinstance(value, list):
        return [", ".join(_field(row, name) for name in value)]
    return [f"{FACTS.get(key, key)}: {_fact(row, key, value)}"]


# What an act notes besides, and the codes it notes it in; "to" depends on what was acted on.
OF_THE_OFFICE = {"officer", "setting", "code_item", "day_off", "partner_institution"}
FACTS = {**log_texts.FACTS, **contact_columns.FACTS}
CODES: dict[str, type[Any]] = {"kind": m.LetterKind, "channel": m.Channel}
STATES: dict[str | None, type[Any]] = {
    "case": m.CaseStatus,
    "report": m.ReportStatus,
    "monitoring": m.MonitoringState,
    **dict.fromkeys((None, "order", "outreach", "termination"), m.CaseStatus),
}


def _fact(row: m.AuditEntry, key: str, value: Any) -> str:
    """A code by its label; what is no code as it stands."""
    if key == "table":
        return str(computed.TABLE_LABELS.get(value, value))
    if key == "page":
        return str(computed.TABLE_LABELS.get(str(value).partition(".")[0], value))
    if key == "filters" and isinstance(value, dict):
        return _filters(row, value)
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if key == "act" and (rule := CASE_RULES.get(value) or REPORT_RULES.get(value)):
        return str(rule.label)
    known = STATES.get(row.subject_table) if key == "to" else CODES.get(key)
    return labels.label(known(value)) if known and value in known.__members__ else value


def _filters(row: m.AuditEntry, value: dict[str, Any]) -> str:
    """What a list was narrowed by, as the list itself says it."""
    model = computed.TABLES.get(str(audit.details_of(row).get("table")))
    told = (f"{_named(model, name)} {log_values.told(model, name, value[name])}" for name in value)
    return ", ".join(told) or "–"


def _change(row: m.AuditEntry, name: str, pair: Any) -> str:
    """Who reads the log need not know the story: of personal tables only which fields changed."""
    model = computed.TABLES.get(row.subject_table or "")
    told = row.subject_table in OF_THE_OFFICE and name not in sealed_columns(model or m.Officer)
    return f"{_field(row, name)}: {_pair(model, name, pair)}" if told else _field(row, name)


def _field(row: m.AuditEntry, name: str) -> str:
    return _named(computed.TABLES.get(row.subject_table or ""), name)


def _named(model: type[Any] | None, name: str) -> str:
    try:
        return str(texts.of(model, name.removesuffix("_id"))) if model else name
    except KeyError:
        return name


def _pair(model: Any, name: str, pair: Any) -> str:
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    return f"{log_values.told(model, name, before)} → {log_values.told(model, name, after)}"


def _event(row: m.AuditEntry, style: str) -> str:
    return str(computed.EVENTS.get(row.event, row.event))


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "AuditEntry.event": _event,
    "AuditEntry.actor": _actor,
    "AuditEntry.subject": _subject,
    "AuditEntry.details": _details,
}
