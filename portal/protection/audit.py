"""The audit log: who did what to which row, in the transaction of the act itself.

Every entry is written here, so that the log has one vocabulary: an event that is
not in `EVENTS`, or without the details it must carry, is a mistake of the program.
"""

import json
from typing import Any

from sqlalchemy.orm import Session

from models import AuditEntry, Case, Officer, Row

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
        "removed": (),
        "act": ("act", "to"),
        "refused": ("act",),
        "file_added": (),
        # files
        "file_infected": ("signature",),
        # reports and their conversation
        "report_received": ("channel",),
        "message_sent": (),
        "message_received": (),
        "note_written": (),
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
        # rights and retention
        "consent_withdrawn": ("purposes",),
        "request_moved": ("to",),
        "file_given": ("format", "texts", "why"),
        "hold_lifted": (),
        "erased": ("ground", "files"),
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


def record(
    session: Session, event: str, actor: Officer | None, subject: Row | None = None, **details: Any
) -> AuditEntry:
    """Add one entry to the transaction of `session`.

    `actor` is None for the public and for the system; `subject` is the row acted
    upon (flushed here if it has no id yet). `ValueError` for an unknown event or
    when `details` are not exactly those the event must carry.
    """
    _check(event, details)
    if subject is not None and subject.id is None:
        session.flush()
    entry = AuditEntry(
        event=event,
        actor_id=actor.id if actor else None,
        subject_table=getattr(subject, "__tablename__", None),
        subject_id=getattr(subject, "id", None),
        case_id=_case_id(subject),
        details=json.dumps(details, ensure_ascii=False, default=str) if details else None,
    )
    session.add(entry)
    return entry


def _check(event: str, details: dict[str, Any]) -> None:
    if event not in EVENTS:
        raise ValueError(f"{event} is no audit event: add it to EVENTS")
    if details.keys() != EVENTS[event]:
        raise ValueError(f"{event} carries exactly {sorted(EVENTS[event])}")


def _case_id(subject: Row | None) -> int | None:
    """The case an entry belongs to, for "who saw this case"."""
    return subject.id if isinstance(subject, Case) else getattr(subject, "case_id", None)


def details_of(entry: AuditEntry) -> dict[str, Any]:
    """The details of an entry as they were recorded."""
    return dict(json.loads(entry.details)) if entry.details else {}
