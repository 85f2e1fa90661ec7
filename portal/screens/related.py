"""The rows that belong to a case or a report, as small tables on its page."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

import models as m
from portal.access.permissions import may
from portal.casework import contact_acts
from portal.screens import columns, edge, links, sight, texts, titles
from portal.screens.sign_in import current_officer
from portal.wording import lazy_in as _in


@dataclass(frozen=True)
class Part:
    """A table of related rows: where they hang, which columns, whether some can be added."""

    title: Any
    model: type[Any]
    relation: str
    columns: Sequence[str]
    can_add: bool = False


ATTEMPTS = Part(
    _in("daftar", "Upaya menghubungi"),
    m.ContactAttempt,
    "contact_attempts",
    ("at", "person", "channel", "state", "override_reason", "outcome", "officer"),
)
LETTERS = Part(
    _in("daftar", "Surat"),
    m.Letter,
    "letters",
    ("printed", "kind", "dated", "state", "download"),
)
CASE_PARTS = (
    Part(
        _in("daftar", "Korban"),
        m.Victim,
        "victims",
        ("person", "age_at_incident", "violence_kinds"),
    ),
    Part(
        _in("daftar", "Terlapor"),
        m.Suspect,
        "suspects",
        ("person", "relation", "same_household"),
        True,
    ),
    Part(
        _in("daftar", "Laporan"),
        m.Report,
        "reports",
        ("number", "channel", "status", "received_at"),
    ),
    LETTERS,
    Part(
        _in("daftar", "Penjangkauan"),
        m.Outreach,
        "outreaches",
        ("order", "state", "officer", "visited_on", "victim_met", "risk"),
    ),
    Part(
        _in("daftar", "Layanan"),
        m.Intervention,
        "interventions",
        ("service", "victim", "state", "officer", "partner", "day"),
        True,
    ),
    Part(
        _in("daftar", "Rujukan"),
        m.Referral,
        "referrals",
        ("partner", "victim", "service", "state", "referred_on"),
        True,
    ),
    Part(
        _in("daftar", "Undangan"),
        m.Invitation,
        "invitations",
        ("invitee", "form", "at", "handing", "cancelled_at"),
        True,
    ),
    Part(
        _in("daftar", "Terminasi"),
        m.Termination,
        "terminations",
        ("reason", "proposed_by", "proposed_at", "decision", "decided_by"),
    ),
    Part(
        _in("daftar", "Monitoring"),
        m.Monitoring,
        "monitorings",
        ("victim", "sequence", "due_on", "state", "done_on", "safety"),
    ),
    Part(
        _in("daftar", "Persetujuan"),
        m.Consent,
        "consents",
        ("victim", "given_by", "given_on", "for_services", "for_sharing", "withdrawn_at"),
        True,
    ),
    ATTEMPTS,
    Part(
        _in("daftar", "Lampiran"),
        m.Attachment,
        "attachments",
        ("filename", "kind", "size", "uploaded_by", "created_at", "download"),
    ),
    Part(
        _in("daftar", "Pengecualian petugas"),
        m.Exclusion,
        "exclusions",
        ("officer", "kind", "automatic", "at", "lifted_at"),
    ),
    Part(
        _in("daftar", "Akses darurat dan serah terima"),
        m.AccessGrant,
        "accesses",
        ("officer", "kind", "at", "until", "ended_at"),
    ),
)
REPORT_PARTS = (
    ATTEMPTS,
    Part(
        _in("daftar", "Korban"),
        m.Victim,
        "victims",
        ("person", "age_at_incident", "violence_kinds"),
    ),
    Part(
        _in("daftar", "Terlapor"), m.Suspect, "suspects", ("person", "relation", "same_household")
    ),
    LETTERS,
    Part(
        _in("daftar", "Lampiran"),
        m.Attachment,
        "attachments",
        ("filename", "kind", "size", "uploaded_by", "created_at", "download"),
    ),
    Part(
        _in("daftar", "Pengecualian petugas"),
        m.Exclusion,
        "exclusions",
        ("officer", "kind", "automatic", "at", "lifted_at"),
    ),
)


@dataclass(frozen=True)
class Table:
    """A part as it stands on the page. `add` is the address of the form for another row."""

    name: str
    title: str
    head: list[str]
    rows: list[list[Any]]
    add: str = ""


def tables(holder: Any, parts: Sequence[Part], growing: Container[str] = ()) -> list[Table]:
    """The parts this officer may see, those that are empty and cannot grow left out.

    `growing` are those to which the page itself adds something.
    """
    shown = [_table(holder, part) for part in parts if _may(part, "list")]
    return [one for one in shown if one.rows or one.add or one.name in growing]


def _may(part: Part, verb: str) -> bool:
    return may(current_officer(), f"{part.model.__tablename__}.{verb}")


def _rows(holder: Any, part: Part) -> list[Any]:
    if part.relation == "consents":
        return [consent for victim in holder.victims for consent in victim.consents]
    if part is ATTEMPTS:
        return contact_acts.attempts_of(holder)
    if part is LETTERS:
        return _letters(holder)
    return list(getattr(holder, part.relation))


def _letters(holder: Any) -> list[m.Letter]:
    """Of a case also those that were issued while its reports were no case yet."""
    reports = holder.reports if isinstance(holder, m.Case) else []
    earlier = [one for report in reports for one in report.letters if one.case_id is None]
    return [*earlier, *holder.letters]


def _table(holder: Any, part: Part) -> Table:
    shown = sight.seen(part.model, part.columns)
    return Table(
        name=part.relation,
        title=str(part.title),
        head=[str(texts.of(part.model, name)) for name in shown],
        rows=[_cells(row, shown) for row in _rows(holder, part)],
        add=_address(holder, part),
    )


def _cells(row: Any, shown: Sequence[str]) -> list[Any]:
    """The first cell leads to the row itself, whatever it shows."""
    first = columns.show(row, shown[0], columns.LIST)
    text = titles.of(row) if "<a " in str(first) else first
    rest = [columns.show(row, name, columns.LIST) for name in shown[1:]]
    return [links.link(row, links.breaking(text or titles.of(row))), *rest]


def _address(holder: Any, part: Part) -> str:
    table = part.model.__tablename__
    endpoint = f"{table}.create_view"
    known = part.can_add and endpoint in current_app.view_functions and _may(part, "create")
    if not known:
        return ""
    origin = holder.__tablename__
    return url_for(endpoint, **{origin: holder.id, "url": edge.page_of(origin, holder.id)})


def sections_without(
    sections: Sequence[tuple[Any, Sequence[str]]], names: Container[str]
) -> list[tuple[Any, list[str]]]:
    """The sections of a page without the columns that stand in tables of their own."""
    left = [(title, [name for name in shown if name not in names]) for title, shown in sections]
    return [(title, shown) for title, shown in left if shown]
