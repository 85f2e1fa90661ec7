"""What the list of signatories is called on its screen, and who of it signs today."""

from collections.abc import Callable
from typing import Any

from flask import g
from sqlalchemy.orm import object_session

import models as m
from portal import labels
from portal.indonesia import dates
from portal.letters import signatories, signatory_rules
from portal.letters.signatory_rules import Today
from portal.screens import links
from portal.wording import _
from portal.wording import lazy as _l

EXPORT = "export"
LABELS: dict[str, Any] = {
    "Signatory.kind": _l("Jenis surat"),
    "part": _l("Bagian"),
    "Signatory.position": _l("Urutan paraf"),
    "capacity": _l("Kedudukan"),
    "Signatory.title": _l("Jabatan yang dicetak"),
    "valid_from": _l("Mulai"),
    "valid_until": _l("Sampai"),
    "today": _l("Hari ini"),
}
HELPS: dict[str, Any] = {
    "Signatory.kind": _l(
        "Kosongkan untuk semua jenis. Penandatangan satu jenis didahulukan dari yang untuk semua."
    ),
    "Signatory.position": _l("Paraf dibubuhkan menurut urutan ini, sebelum tanda tangan."),
    "capacity": _l("Plt., plh., dan a.n. dicetak di depan jabatan."),
    "Signatory.title": _l(
        "Kosongkan untuk jabatan petugas itu sendiri. Untuk plt., plh., dan a.n.: jabatan yang "
        "diwakili."
    ),
    "valid_until": _l("Kosongkan bila tidak ditentukan; wajib untuk plh."),
}
TABLE_LABELS: dict[str, Any] = {"signatory": _l("Penandatangan"), "logo": _l("Logo kop")}
TONES = {
    Today.signs: "success",
    Today.initials: "success",
    Today.displaced: "warning",
    Today.inactive: "danger",
}
SAID: dict[Today, Any] = {
    Today.signs: _l("Menandatangani"),
    Today.initials: _l("Memaraf"),
    Today.to_come: _l("Belum mulai"),
    Today.over: _l("Sudah berakhir"),
    Today.inactive: _l("Petugas tidak aktif"),
}


def _today(row: m.Signatory, style: str) -> Any:
    """Who signs today: the lines of all kinds are read once for a list."""
    session = object_session(row)
    if session is None:
        return None
    day = signatories.today(session)
    if "signatories_today" not in g:
        g.signatories_today = signatory_rules.in_force(session, day)
    found, displacing = signatory_rules.meaning(row, g.signatories_today, day)
    text = _told(found, displacing)
    return text if style == EXPORT else links.badge(text, TONES.get(found, "neutral"))


def _told(found: Today, displacing: m.Signatory | None) -> str:
    if displacing is None:
        return str(SAID[found])
    until = displacing.valid_until
    if until is None:
        return _("Digantikan %(who)s", who=displacing.officer.name)
    day = dates.short_date(until)
    return _("Digantikan %(who)s sampai %(day)s", who=displacing.officer.name, day=day)


def _kind(row: m.Signatory, style: str) -> str:
    return labels.label(row.kind) if row.kind else _("Semua jenis")


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "Signatory.today": _today,
    "Signatory.kind": _kind,
}
