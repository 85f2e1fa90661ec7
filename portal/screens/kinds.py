"""What kind of thing a column holds: the one table that lists, forms, filters and exports ask.

The type of the column says most; `LISTS` names the code list of the rest and
`STORIES` the texts that need more than a line.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, String, Time, inspect
from sqlalchemy.orm import ColumnProperty, RelationshipProperty

from models import Sealed, SealedDate, SealedText, UtcDateTime
from portal import labels

# attribute (or Model.attribute) → the editable list its codes come from
LISTS: dict[str, str] = {
    "sex": "sex",
    "education": "pendidikan",
    "occupation": "pekerjaan",
    "religion": "agama",
    "marital_status": "status_perkawinan",
    "disabilities": "disabilitas",
    "citizenship": "kewarganegaraan",
    "guardian_relation": "hubungan_wali",
    "SafeContact.channel": "contact_channel",
    "ContactAttempt.channel": "contact_channel",
    "ContactAttempt.outcome": "contact_outcome",
    "days": "hari",
    "incident_precision": "date_precision",
    "incident_time": "time_of_day",
    "place_kind": "tempat_kejadian",
    "violence_kinds": "bentuk_kekerasan",
    "previously_reported": "previously_reported",
    "call_kind": "call_kind",
    "Call.kind": "call_kind",
    "Call.called_back_how": "contact_outcome",
    "Visit.purpose": "visit_purpose",
    "Visit.outcome": "visit_outcome",
    "Reporter.relation": "reporter_relation",
    "Suspect.relation": "hubungan_pelaku",
    "via": "complaint_via",
    "gbvims_type": "gbvims_type",
    "tppo_kinds": "jenis_tppo",
    "tpks_kinds": "jenis_tpks",
    "needs": "kebutuhan",
    "legal_process": "legal_process",
    "given_by": "consent_giver",
    "legal_basis": "legal_basis",
    "service": "jenis_pelayanan",
    "services": "jenis_pelayanan",
    "uptd_function": "fungsi_uptd",
    "Referral.answer": "referral_answer",
    "Termination.reason": "termination_reason",
    "method": "monitoring_method",
    "wellbeing": "wellbeing",
    "Attachment.kind": "attachment_kind",
    "asked_by": "request_asker",
    "identity_check": "identity_check",
    "refusal_ground": "refusal_ground",
    "data_kinds": "breach_data",
    "ClockPause.cause": "pause_cause",
    "delay_cause": "delay_cause",
    "labels": "label_percakapan",
    "Cue.category": "cue_category",
    "CueFinding.category": "cue_category",
    "Cue.language": "cue_language",
    "list_name": "daftar_kode",
}
# A closed code that is called otherwise here than in its list, where the words are of cases.
OWN_WORDS = {"Breach.risk"}
STORIES = {
    *("address", "notes", "narrative", "wishes", "outcome_reason", "identity_card_reason"),
    *("body", "answer", "condition", "description", "withhold", "status_reason", "review_note"),
    *("task", "basis", "assessment", "plan", "goal", "result", "purpose", "state_reason"),
    *("summary", "agreement_note", "decision_reason", "needs", "excuse_reason", "void_reason"),
    *("emergency_reason", "value", "help", "note"),
    *(
        "reason",
        "lifted_reason",
        "wish",
        "identity_note",
        "happened",
        "measures",
        "told_how",
        "lift_reason",
    ),
    *("withdrawal_note", "basis", "outcome"),
    "text",
    *("override_reason", "wording", "forward_return_reason", "bring", "cancel_reason"),
}


@dataclass(frozen=True)
class Kind:
    """One column. `name` is a key of the field and format tables.

    `list_name` is the code list of a code, `enum` the class of a closed one,
    `model` the table a relation leads to, `length` the longest text that fits.
    """

    name: str
    nullable: bool = True
    sealed: bool = False
    list_name: str = ""
    enum: type[StrEnum] | None = None
    model: type[Any] | None = None
    length: int | None = None


_known: dict[tuple[type[Any], str], Kind] = {}


def of(model: type[Any], name: str) -> Kind:
    """The kind of `model.name`. Raises KeyError for an attribute that is not mapped."""
    if (model, name) not in _known:
        _known[model, name] = _of(model, name)
    return _known[model, name]


def _of(model: type[Any], name: str) -> Kind:
    prop = inspect(model).attrs[name]
    if isinstance(prop, RelationshipProperty):
        return _relation(prop)
    if not isinstance(prop, ColumnProperty):
        raise KeyError(name)
    return _column(model, name, prop.columns[0])


def last(model: type[Any], path: str) -> tuple[type[Any], str]:
    """The table and attribute at the end of a path: `(Victim, "person.name")` → Person, name."""
    *steps, name = path.split(".")
    for step in steps:
        model = inspect(model).relationships[step].mapper.class_
    return model, name


def _relation(prop: RelationshipProperty[Any]) -> Kind:
    nullable = all(column.nullable for column in prop.local_columns)
    name = "relations" if prop.uselist else "relation"
    return Kind(name, nullable=nullable, model=prop.mapper.class_)


# type of the column → name of the kind; the first that fits.
TYPES: tuple[tuple[type[Any], str], ...] = (
    (UtcDateTime, "moment"),
    (SealedDate, "day"),
    (SealedText, "line"),
    (Date, "day"),
    (Time, "hour"),
    (Boolean, "yes"),
    (Integer, "whole"),
    (JSON, "data"),
    (String, "line"),
)


def _column(model: type[Any], name: str, column: Any) -> Kind:
    kind = column.type
    sealed = isinstance(kind, Sealed)
    enum = getattr(kind, "enum_class", None)
    place = f"{model.__name__}.{name}"
    if enum is not None:
        listed = "" if place in OWN_WORDS else labels.LISTS.get(enum, "")
        return Kind("enum", bool(column.nullable), False, listed, enum)
    list_name = "" if sealed else LISTS.get(place, LISTS.get(name, ""))
    if list_name:
        called = "codes" if isinstance(kind, JSON) else "code"
        return Kind(called, bool(column.nullable), list_name=list_name)
    called = next((known for type_, known in TYPES if isinstance(kind, type_)), "other")
    called = "story" if called == "line" and name in STORIES else called
    called = "maybe" if called == "yes" and column.nullable else called
    return Kind(called, bool(column.nullable), sealed, length=getattr(kind, "length", None))
