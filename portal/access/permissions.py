"""Which role may do what to which table: one table, closed by default.

The names are `<table>.<verb>`. What happens to a case or a report (approve,
propose termination, …) is not here: who may do that stands with the other
conditions of the act in `portal.casework.lifecycle`. Which rows a role meets
stands in `portal.access.scope`; both must agree before anything is shown.
"""

from models import LetterKind, Officer, Role

INTAKE = frozenset({Role.petugas, Role.supervisor})
CASEWORKERS = frozenset(
    {Role.petugas, Role.supervisor, Role.penjangkau, Role.konselor, Role.pendamping}
)
FIELD = frozenset({Role.penjangkau, Role.konselor, Role.pendamping})
HELPERS = frozenset({Role.konselor, Role.pendamping})
SUPERVISORS = frozenset({Role.supervisor})
ADMINS = frozenset({Role.admin})
AUDITORS = frozenset({Role.auditor})
READERS = CASEWORKERS | {Role.pimpinan}
EVERYBODY = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()

VERBS = ("list", "view", "create", "edit", "export")


def _rights(
    read: frozenset[Role],
    create: frozenset[Role] = NOBODY,
    edit: frozenset[Role] = NOBODY,
    export: frozenset[Role] | None = None,
) -> dict[str, frozenset[Role]]:
    return {
        "list": read,
        "view": read,
        "create": create,
        "edit": edit,
        "export": read if export is None else export,
    }


TABLES: dict[str, dict[str, frozenset[Role]]] = {
    "report": _rights(CASEWORKERS, create=INTAKE, edit=INTAKE),
    "reporter": _rights(CASEWORKERS, edit=INTAKE, export=NOBODY),
    "safe_contact": _rights(CASEWORKERS, create=CASEWORKERS, edit=CASEWORKERS, export=NOBODY),
    "contact_attempt": _rights(CASEWORKERS, create=CASEWORKERS, export=NOBODY),
    "message": _rights(CASEWORKERS, create=CASEWORKERS, export=NOBODY),
    "conversation": _rights(CASEWORKERS, create=CASEWORKERS, edit=CASEWORKERS, export=NOBODY),
    "call": _rights(CASEWORKERS, create=INTAKE, edit=INTAKE, export=INTAKE),
    "visit": _rights(INTAKE, create=INTAKE, edit=INTAKE),
    "canned_answer": _rights(CASEWORKERS | ADMINS, create=SUPERVISORS, edit=SUPERVISORS),
    "cue": _rights(INTAKE | ADMINS, create=SUPERVISORS, edit=SUPERVISORS),
    "cue_finding": _rights(SUPERVISORS, edit=CASEWORKERS, export=NOBODY),
    "channel_delivery": _rights(ADMINS, edit=ADMINS, export=NOBODY),
    "clock_pause": _rights(INTAKE, create=INTAKE, edit=INTAKE, export=NOBODY),
    "duty": _rights(EVERYBODY, create=SUPERVISORS, edit=SUPERVISORS),
    "hand_over": _rights(INTAKE, create=INTAKE, edit=INTAKE, export=NOBODY),
    "compliance": _rights(SUPERVISORS | {Role.pimpinan}),
    "survey": _rights(SUPERVISORS | {Role.pimpinan}),
    "case": _rights(CASEWORKERS, edit=CASEWORKERS),
    "person": _rights(CASEWORKERS, edit=CASEWORKERS),
    "victim": _rights(CASEWORKERS, create=CASEWORKERS, edit=CASEWORKERS),
    "suspect": _rights(CASEWORKERS, create=CASEWORKERS, edit=CASEWORKERS),
    "consent": _rights(CASEWORKERS, create=CASEWORKERS, edit=CASEWORKERS),
    "order": _rights(CASEWORKERS),
    "outreach": _rights(CASEWORKERS),
    "intervention": _rights(
        SUPERVISORS | FIELD, create=SUPERVISORS | HELPERS, edit=SUPERVISORS | HELPERS
    ),
    "referral": _rights(
        SUPERVISORS | FIELD, create=SUPERVISORS | HELPERS, edit=SUPERVISORS | HELPERS
    ),
    "termination": _rights(SUPERVISORS | FIELD),
    "monitoring": _rights(SUPERVISORS | FIELD),
    "letter": _rights(READERS, create=CASEWORKERS, edit=READERS),
    "invitation": _rights(
        SUPERVISORS | FIELD, create=SUPERVISORS | HELPERS, edit=SUPERVISORS | HELPERS
    ),
    "signatory": _rights(
        SUPERVISORS | ADMINS | {Role.pimpinan}, create=ADMINS, edit=ADMINS, export=ADMINS
    ),
    "signing_certificate": _rights(
        READERS | ADMINS, create=READERS, edit=READERS | ADMINS, export=NOBODY
    ),
    "attachment": _rights(CASEWORKERS, create=CASEWORKERS, export=NOBODY),
    "case_event": _rights(CASEWORKERS, export=NOBODY),
    "service_complaint": _rights(INTAKE | {Role.pimpinan}, create=INTAKE, edit=INTAKE),
    "data_request": _rights(INTAKE, create=INTAKE, edit=SUPERVISORS, export=SUPERVISORS),
    "legal_hold": _rights(SUPERVISORS, create=SUPERVISORS, export=NOBODY),
    "retention_class": _rights(SUPERVISORS | ADMINS, edit=ADMINS),
    "erasure": _rights(SUPERVISORS | ADMINS | AUDITORS),
    "breach": _rights(
        SUPERVISORS | ADMINS | {Role.pimpinan},
        create=SUPERVISORS | ADMINS,
        edit=SUPERVISORS | ADMINS,
        export=NOBODY,
    ),
    "notice": _rights(EVERYBODY, export=NOBODY),
    "officer": _rights(ADMINS, create=ADMINS, edit=ADMINS),
    "exclusion": _rights(SUPERVISORS, export=NOBODY),
    "access_grant": _rights(SUPERVISORS, create=CASEWORKERS, export=NOBODY),
    "role_change": _rights(ADMINS),
    "partner_institution": _rights(
        CASEWORKERS | ADMINS, create=ADMINS | SUPERVISORS, edit=ADMINS | SUPERVISORS
    ),
    "region": _rights(CASEWORKERS | ADMINS),
    "code_item": _rights(ADMINS | SUPERVISORS, create=ADMINS, edit=ADMINS),
    "day_off": _rights(CASEWORKERS | ADMINS, create=ADMINS, edit=ADMINS),
    "setting": _rights(ADMINS, edit=ADMINS),
    "job": _rights(ADMINS, export=NOBODY),
    "audit_entry": _rights(AUDITORS),
}

# Which letters a role meets in the cases it works on, beside those it signs or receives itself.
OPEN_TO: dict[LetterKind, frozenset[Role]] = {
    LetterKind.surat_perintah: CASEWORKERS,
    # What a visit found, and what identifies people, as `columns` has it.
    LetterKind.berita_acara: SUPERVISORS | FIELD,
    LetterKind.formulir_penerimaan: INTAKE | {Role.pendamping},
    LetterKind.formulir_identifikasi: CASEWORKERS,
    LetterKind.surat_persetujuan: CASEWORKERS,
    LetterKind.surat_rujukan: SUPERVISORS | FIELD,
    LetterKind.surat_undangan: SUPERVISORS | FIELD,
    LetterKind.nota_terminasi: SUPERVISORS | HELPERS,
    LetterKind.nota_akhir: SUPERVISORS | HELPERS,
    LetterKind.laporan_bulanan: SUPERVISORS | {Role.pimpinan},
}

PERMISSIONS: dict[str, frozenset[Role]] = {
    f"{table}.{verb}": roles for table, rights in TABLES.items() for verb, roles in rights.items()
}


def may(officer: Officer | None, permission: str) -> bool:
    """Whether `officer` has `permission` (`"<table>.<verb>"`).

    Nobody signed in and a disabled officer may nothing. Raises KeyError for a
    permission that does not exist, so that a misspelt one is never a silent yes.
    """
    roles = PERMISSIONS[permission]
    return officer is not None and officer.active and officer.role in roles
