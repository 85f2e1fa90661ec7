"""Which columns and rows outlive an erasure: closed by default.

Of the tables in `STAYS` a skeleton is left: the columns named here, and nothing else, so that a
column added later is emptied unless somebody says otherwise. Rows of other tables that hang on an
erased one are removed, but for `KEPT`: what is about officers, the office, or the log.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select, update
from sqlalchemy.orm import Session

import models as m
from models import Base

_ROW = frozenset({"id", "uuid", "created_at", "version_id"})
_RETAINED = _ROW | {"number", "retention_class", "erased_at"}
STAYS: dict[type[Base], frozenset[str]] = {
    m.Case: _RETAINED
    | {"status", "status_since", "risk", "opened_at", "closed_at", "identified_by_id"}
    | {"counsellor_id", "approved_by_id", "approved_at", "reviewed_by_id", "reviewed_at"},
    m.Report: _RETAINED
    | {"status", "channel", "received_at", "decided_at", "owner_id", "taken_at", "case_id"}
    | {"entered_by_id", "outcome_by_id", "clock_from", "decided_late", "delay_cause"},
    m.Person: _ROW | {"erased_at", "search_version"},
    m.ServiceComplaint: _RETAINED
    | {
        "search_version",
        "via",
        "status",
        "received_at",
        "answered_at",
        "answered_by_id",
        "entered_by_id",
        "processed_at",
        "closed_at",
    },
    m.DataRequest: _RETAINED
    | {"kind", "state", "person_id", "received_at", "due_at", "asked_by", "identity_check"}
    | {"officer_id", "refusal_ground", "file_given_at", "reminded_at", "closed_at"},
    m.Conversation: _ROW
    | {"number", "channel", "state", "report_id", "owner_id", "began_at", "last_at"}
    | {"merged_into_id", "split_from_id", "erased_at"},
    m.Visit: _ROW
    | {"day", "queue_number", "purpose", "urgent", "arrived_at", "called_at", "ended_at"}
    | {"outcome", "officer_id", "report_id"},
    m.Letter: _ROW
    | {"kind", "year", "number", "printed", "dated", "case_id", "issued_by_id", "issued_at"}
    | {"signatory_id", "addressee_id", "state", "voided_at", "voided_by_id", "report_id"}
    | {"source_id", "replaces_id", "verify_code", "signed_at"},
    m.LetterStep: _ROW
    | {"letter_id", "position", "part", "officer_id", "seen_at", "done_at", "method"}
    | {"sha256_before", "sha256_after", "certificate"},
}
# Never removed with what they point to: the log, fingerprints, the office's own tables.
KEPT: frozenset[str] = frozenset({"audit_entry", "audit_key", "letter_file", "erasure", "job"})
# These go by a rule of their own (`erasing_talks`): who is behind a chat, and raw deliveries.
ELSEWHERE = frozenset({"correspondent", "channel_delivery", "channel_item"})
# Where a row came from is not what it belongs to: a message that was moved stays where it is now.
POINTERS = frozenset({("message", "moved_from_id")})


def empty(session: Session, model: type[Base], keys: Collection[int], **values: Any) -> None:
    """Leave the skeleton of these rows, with `values` set; whoever has them open is stale.

    One statement past the objects: nothing of what is emptied is noted as a change.
    """
    if not keys:
        return
    row: Any = model
    gone = {name: _blank(model, name) for name in _emptied(model)} | values
    if "version_id" in STAYS[model] and hasattr(row, "version_id"):
        gone["version_id"] = row.version_id + 1
    wanted = update(model).where(row.id.in_(keys)).values(gone)
    session.execute(wanted, execution_options={"synchronize_session": False})


@cache
def _emptied(model: type[Base]) -> tuple[str, ...]:
    return tuple(set(model.__table__.columns.keys()) - STAYS[model])


def _blank(model: type[Base], name: str) -> Any:
    """Nothing; where there must be something, what a new row would have."""
    column = model.__table__.columns[name]
    if column.nullable:
        return None
    default: Any = column.default
    if default is None:
        raise LookupError(f"{model.__tablename__}.{name} can be neither emptied nor kept")
    return default.arg(None) if default.is_callable else default.arg


def remove_below(session: Session, model: type[Base], keys: Sequence[Any]) -> None:
    """Delete every row that hangs on these rows of `model`, the farthest first."""
    for other, column in _dependents(model):
        if other in STAYS or other.__tablename__ in KEPT | ELSEWHERE:
            continue
        hanging = column.in_(keys)
        if _dependents(other):
            key = inspect(other).primary_key[0]
            below = session.scalars(select(key).where(hanging)).all()
            if below:
                remove_below(session, other, below)
        wanted = delete(other).where(hanging)
        session.execute(wanted, execution_options={"synchronize_session": False})


@cache
def _dependents(model: type[Base]) -> tuple[tuple[type[Base], ColumnElement[Any]], ...]:
    """The tables with a foreign key to `model`, and that key."""
    return tuple(
        (mapper.class_, column)
        for mapper in Base.registry.mappers
        for column in mapper.class_.__table__.columns
        if any(key.column.table is model.__table__ for key in column.foreign_keys)
        and (mapper.class_.__tablename__, column.name) not in POINTERS
    )
