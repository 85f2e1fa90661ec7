"""The audit log: who did what to which row, in the transaction of the act itself.

Every entry is asked for here, so that the log has one vocabulary: an event that is
not in `EVENTS`, or without the details it must carry, is a mistake of the program.
What was changed need not be told: the session notices it by itself (`audit_changes`).

`audit_writing` says when entries are written, `audit_chain` how they hang together,
`audit_keys` what seals their details, `audit_triggers` what keeps them as they are,
`audit_anchors` what keeps their end, and `audit_check` finds what was done to them.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, object_session

from models import AuditEntry, Case, Officer, Report, Row
from portal.protection import audit_keys, audit_triggers, audit_writing

__all__ = ["CLOCK", "EVENTS", "Pointer", "audit_triggers", "details_of", "forget", "record"]
CLOCK, EARLY = audit_writing.CLOCK, audit_writing.EARLY

# event → the details it must carry. Details are codes, names of columns and figures
# wherever that is enough; they are sealed all the same.
EVENTS: dict[str, frozenset[str]] = {
    event: frozenset(details)
    for event, details in {
        # signing in
        "sign_in": ("factor", "place"),
        "sign_in_failed": ("reason", "place"),
        "sign_out": (),
        "session_ended": ("reason",),
        "password_set": (),
        "link_issued": (),
        "link_used": (),
        "factor_failed": (),
        "factor_added": ("kind",),
        "factor_removed": ("kind",),
        "recovery_codes_made": (),
        "recovery_code_used": ("left",),
        # reading
        "viewed": (),
        "listed": ("table", "filters"),
        "searched": ("table", "found"),
        "people_searched": ("found",),
        "exported": ("table", "filters", "rows", "format", "why"),
        "downloaded": (),
        "letter_opened": (),
        # writing
        "created": (),
        "changed": ("fields",),
        "removed": ("fields",),
        "act": ("act", "to"),
        "refused": ("act",),
        "denied": ("page",),
        "file_added": (),
        # files
        "file_infected": ("signature",),
        # reports and their conversation
        "report_received": ("channel",),
        "message_sent": (),
        "message_received": (),
        "message_settled": ("to",),
        "channel_resumed": ("channel",),
        "delivery_read_again": (),
        "delivery_closed": ("trouble",),
        "job_run_again": ("kind",),
        "job_closed": ("kind",),
        "note_written": (),
        "chat_imported": (),
        "code_reissued": ("proof", "way"),
        "cue_decided": ("category", "accepted"),
        # conversations
        "talk_act": ("act",),
        # telephone and counter
        "call_taken": (),
        "call_ended": ("kind",),
        "called_back": ("how",),
        "visit_called": (),
        "visit_ended": ("outcome",),
        # complaints about the service
        "complaint_received": ("via",),
        "complaint_moved": ("to",),
        # keys
        "keys_rotation_begun": ("key",),
        "keys_rotation_ended": ("key", "left"),
        # need to know
        "excluded": ("officer", "kind"),
        "exclusion_lifted": ("officer",),
        "break_glass": ("until",),
        "break_glass_refused": (),
        "break_glass_ended": ("officer",),
        "case_entrusted": ("officer",),
        "officer_disabled": ("moved", "orphaned"),
        "role_asked": ("kind", "role"),
        "role_decided": ("kind", "role", "to"),
        # letters
        "letter_issued": ("kind", "number"),
        "letter_voided": ("kind", "number"),
        "invitation_cancelled": (),
        "letter_replaced": ("kind", "number"),
        "letter_initialled": ("kind", "number"),
        "letter_returned": ("kind", "number"),
        "letter_signed": ("kind", "number", "certificate", "before", "after"),
        "letter_scanned": ("kind", "number"),
        "letters_printed": ("format", "letters", "why"),
        "certificate_added": ("serial",),
        "certificate_withdrawn": ("officer", "serial"),
        "logo_uploaded": (),
        # rights and retention
        "consent_withdrawn": ("purposes",),
        "request_moved": ("to",),
        "file_given": ("format", "texts", "why"),
        "hold_lifted": (),
        "erased": ("ground", "files"),
        "forgotten": (),
        "breach_moved": ("to",),
        "breach_draft": ("audience",),
        # backups
        "backup_made": ("rows", "files"),
        "backup_restored": ("made_at", "rows", "files", "erased"),
        # safe contact: codes of the way and of what was against it
        "contact_permitted": ("channel", "obstacles"),
        "contact_overridden": ("channel", "obstacles"),
        "contact_refused": ("channel", "obstacles"),
        "contact_concluded": ("outcome",),
    }.items()
}


@dataclass(frozen=True)
class Pointer:
    """A row by table and key alone, whether or not there is one."""

    __tablename__: str
    id: int | None


def record(
    session: Session,
    event: str,
    actor: Officer | None,
    subject: Row | Pointer | None = None,
    **details: Any,
) -> None:
    """Add one entry to the transaction of `session`; it is written just before the commit.

    `actor` is None for the public and for the system; `subject` is the row acted
    upon (flushed here if it has no id yet). `ValueError` for an unknown event or
    when `details` are not exactly those the event must carry.
    """
    _check(event, details)
    if isinstance(subject, Row) and subject.id is None:
        session.flush()
    entry = audit_writing.Waiting(
        event=event,
        actor_id=actor.id if actor else None,
        table=getattr(subject, "__tablename__", None),
        row_id=getattr(subject, "id", None),
        details=details,
        at=audit_writing.now(session),
    )
    audit_writing.add(session, entry)


def _check(event: str, details: dict[str, Any]) -> None:
    if event not in EVENTS:
        raise ValueError(f"{event} is no audit event: add it to EVENTS")
    if details.keys() != EVENTS[event]:
        raise ValueError(f"{event} carries exactly {sorted(EVENTS[event])}")


def details_of(entry: AuditEntry) -> dict[str, Any]:
    """The details of an entry as they were recorded; empty when they were erased."""
    session = object_session(entry)
    if entry.details is None or entry.key_id is None or session is None:
        return {}
    key = audit_keys.by_id(session.connection(), entry.key_id)
    return dict(json.loads(audit_keys.unseal(key, entry.uuid, entry.details))) if key else {}


def erased(entry: AuditEntry) -> bool:
    """Whether the entry had details that nobody can read any more."""
    return entry.details is not None and not details_of(entry)


def forget(session: Session, row: Row) -> None:
    """Destroy the key of what the log tells about `row`, with the commit of this transaction.

    For a case (its reports included), a report, a person, a conversation, a correspondent or a
    complaint about the service. The
    entries stay and the chain stays whole; their details can never be read again. While
    anything is erased, the transaction keeps no value of any field in the log either.
    """
    key, table = row.id, inspect(row).mapper.local_table.name
    if table not in audit_keys.WITH_KEY:
        raise ValueError(f"{table} has no key of its own in the log")
    forgotten = audit_writing.batch_of(session).forgotten
    forgotten.append((table, key))
    if isinstance(row, Case):
        reports = select(Report.__table__.c.id).where(Report.__table__.c.case_id == key)
        forgotten.extend(("report", one) for one in session.connection().scalars(reports))
