"""Who saw a case, and what was changed in it: read from the log, for those who may see the case.

The log itself is the auditor's. Here the case was fetched through the scope first; of its entries
each officer sees the changes in tables and columns that are open to them. Who looked is shown to
supervisors and to the counsellor who leads the case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from models import AuditEntry, Case, Officer, Role
from portal.access import scope
from portal.access.permissions import TABLES, may
from portal.indonesia import dates
from portal.protection import audit
from portal.screens import computed, edge, sight, texts
from portal.screens.log_values import told
from portal.wording import _

MOST = 200
LOOKED = ("viewed", "downloaded", "letter_opened", "denied")
CHANGED = ("created", "changed", "removed", "act")


@dataclass(frozen=True)
class Looker:
    """One officer who saw a case: how often, and when last."""

    name: str
    times: int
    last: str


def may_know_who_looked(case: Case, officer: Officer) -> bool:
    """Supervisors who see the case, and whoever leads it."""
    return officer.role is Role.supervisor or case.counsellor_id == officer.id


def _of(case: Case) -> ColumnElement[bool]:
    """Entries of the case, of its reports before it, and of the people who stand in it."""
    standing: list[Any] = [*case.victims, *case.suspects]
    people = {one.person_id for one in standing if one.person_id}
    tellers = {one.reporter.person_id for one in case.reports if one.reporter}
    return or_(
        AuditEntry.case_id == case.id,
        _rows("report", [one.id for one in case.reports]),
        _rows("person", people | tellers),
    )


def _rows(table: str, keys: Iterable[int]) -> ColumnElement[bool]:
    return and_(AuditEntry.subject_table == table, AuditEntry.subject_id.in_(list(keys)))


def lookers(case: Case) -> list[Looker]:
    """Everybody who opened something of the case, the latest first."""
    wanted = (
        select(Officer.name, func.count(), func.max(AuditEntry.at))
        .join(Officer, Officer.id == AuditEntry.actor_id)
        .where(_of(case), AuditEntry.event.in_(LOOKED[:3]))
        .group_by(Officer.id, Officer.name)
        .order_by(func.max(AuditEntry.at).desc())
    )
    with scope.system(edge.session()):
        found = edge.session().execute(wanted).all()
    return [Looker(name, times, dates.moment(last)) for name, times, last in found]


def looks(case: Case) -> list[list[str]]:
    """When who opened what, the latest first; refusals, too."""
    return [
        [dates.moment(one.at), _who(one), _event(one), _subject(one)] for one in _last(case, LOOKED)
    ]


def changes(case: Case) -> list[list[str]]:
    """When who changed what, field by field from what it was to what it became."""
    officer = edge.me()
    shown = (one for one in _last(case, CHANGED) if _open(officer, one.subject_table))
    return [
        [dates.moment(one.at), _who(one), _event(one), _subject(one), _told(one)] for one in shown
    ]


def _last(case: Case, events: Iterable[str]) -> list[AuditEntry]:
    of_case = _of(case)
    wanted = select(AuditEntry).where(of_case, AuditEntry.event.in_(list(events)))
    with scope.system(edge.session()):
        return list(edge.session().scalars(wanted.order_by(AuditEntry.id.desc()).limit(MOST)))


def _open(officer: Officer, table: str | None) -> bool:
    return table in TABLES and may(officer, f"{table}.view")


def _who(entry: AuditEntry) -> str:
    with scope.system(edge.session()):
        return entry.actor.name if entry.actor else _("sistem atau pelapor")


def _event(entry: AuditEntry) -> str:
    return str(computed.EVENTS.get(entry.event, entry.event))


def _subject(entry: AuditEntry) -> str:
    table = entry.subject_table or ""
    return f"{computed.TABLE_LABELS.get(table, table)} {entry.subject_id or ''}".strip()


# --- values ---------------------------------------------------------------------------------


def _told(entry: AuditEntry) -> str:
    """The changes of one entry, a line each; the act by its name."""
    if audit.erased(entry):
        return _("(dihapus)")
    said = audit.details_of(entry)
    fields = said.get("fields", {})
    if not isinstance(fields, dict):
        fields = dict.fromkeys(fields)
    model = computed.TABLES.get(entry.subject_table or "")
    lines = [_line(model, name, pair) for name, pair in _visible(model, fields).items()]
    return "\n".join(lines) or (computed.happened(said["act"]) if "act" in said else "")


def _visible(model: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """Those of the fields whose column this officer may see."""
    named = {name: name.removesuffix("_id") for name in fields}
    shown = set(sight.seen(model, list(named.values()))) if model else set()
    return {name: pair for name, pair in fields.items() if named[name] in shown}


def _line(model: Any, name: str, pair: Any) -> str:
    try:
        label = str(texts.of(model, name.removesuffix("_id")))
    except KeyError:
        label = name
    if not isinstance(pair, list) or len(pair) != 2:
        return label
    return f"{label}: {told(model, name, pair[0])} → {told(model, name, pair[1])}"
