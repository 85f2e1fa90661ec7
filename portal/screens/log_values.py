"""How a value in the log reads: codes by their labels, times of this place, officers by name."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect

from models import Officer
from portal import labels
from portal.access import scope
from portal.indonesia import dates
from portal.screens import codes, edge, kinds
from portal.wording import _


def told(model: Any, name: str, value: Any) -> str:
    """`value` of the field `name` of `model` as a person reads it; unknown fields as written."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(told(model, name, one) for one in value)
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, int) and _leads_to(model, name) is Officer:
        return _officer(value)
    return _coded(model, name, value)


def _coded(model: Any, name: str, value: Any) -> str:
    try:
        kind = kinds.of(model, name)
    except (KeyError, AttributeError):
        return str(value)
    if kind.name in ("moment", "date") and isinstance(value, str):
        return _time(kind.name, value)
    if kind.enum and value in kind.enum.__members__:
        return labels.label(kind.enum(value))
    return codes.name(kind.list_name, str(value)) if kind.list_name else str(value)


def _time(kind: str, value: str) -> str:
    try:
        if kind == "date":
            return dates.short_date(date.fromisoformat(value))
        return dates.moment(datetime.fromisoformat(value))
    except ValueError:
        return value


def _leads_to(model: Any, name: str) -> Any:
    """The table that a field refers to, by its relation or by its key."""
    relations = inspect(model).relationships if model is not None else {}
    relation = relations.get(name.removesuffix("_id"))
    return relation.mapper.class_ if relation is not None else None


def _officer(key: int) -> str:
    with scope.system(edge.session()):
        officer = edge.session().get(Officer, key)
    return officer.name if officer else str(key)
