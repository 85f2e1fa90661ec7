"""Columns that no table stores: clocks, links to files, what an audit entry says."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import object_session

import models as m
from portal import labels
from portal.casework import clock, intake, timing
from portal.casework.report_rules import REPORT_RULES
from portal.casework.rules import CASE_RULES
from portal.indonesia import dates
from portal.screens import (
    channel_texts,
    clock_texts,
    contact_columns,
    cue_columns,
    file_columns,
    letter_columns,
    letter_texts,
    links,
    log_texts,
    people,
    phone_texts,
    rights_columns,
    rights_texts,
    sight,
    signatory_texts,
    signing_columns,
    signing_texts,
    talk_texts,
    titles,
)
from portal.wording import _
from portal.wording import lazy as _l

EXPORT = "export"
TABLES: dict[str, type[Any]] = {
    mapper.class_.__tablename__: mapper.class_ for mapper in m.Base.registry.mappers
}
TABLE_LABELS: dict[str, Any] = {
    "officer": _l("Petugas"),
    "person": _l("Orang"),
    "safe_contact": _l("Kontak aman"),
    "report": _l("Laporan"),
    "reporter": _l("Pelapor"),
    "message": _l("Pesan"),
    "service_complaint": _l("Pengaduan layanan"),
    "case": _l("Kasus"),
    "victim": _l("Korban"),
    "suspect": _l("Terlapor"),
    "consent": _l("Persetujuan"),
    "intervention": _l("Layanan"),
    "referral": _l("Rujukan"),
    "monitoring": _l("Monitoring"),
    "letter": _l("Surat"),
    "attachment": _l("Lampiran"),
    "partner_institution": _l("Lembaga mitra"),
    "code_item": _l("Daftar kode"),
    "day_off": _l("Hari libur"),
    "setting": _l("Pengaturan"),
    **rights_texts.TABLE_LABELS,
    **phone_texts.TABLE_LABELS,
    **talk_texts.TABLE_LABELS,
    **channel_texts.TABLE_LABELS,
    **clock_texts.TABLE_LABELS,
    **log_texts.TABLE_LABELS,
    **signing_texts.TABLE_LABELS,
    **signatory_texts.TABLE_LABELS,
}
EVENTS: dict[str, Any] = {
    "sign_in": _l("Masuk"),
    "sign_in_failed": _l("Gagal masuk"),
    "sign_out": _l("Keluar"),
    "session_ended": _l("Sesi diakhiri"),
    "password_set": _l("Kata sandi diganti"),
    "link_issued": _l("Tautan kata sandi dibuat"),
    "link_used": _l("Tautan kata sandi dipakai"),
    "factor_failed": _l("Langkah kedua gagal"),
    "factor_added": _l("Langkah kedua ditambahkan"),
    "factor_removed": _l("Langkah kedua dihapus"),
    "recovery_codes_made": _l("Kode pemulihan dibuat"),
    "recovery_code_used": _l("Kode pemulihan dipakai"),
    "viewed": _l("Dilihat"),
    "listed": _l("Daftar dibuka"),
    "searched": _l("Dicari"),
    "people_searched": _l("Pencarian kasus lama"),
    "exported": _l("Diekspor"),
    "downloaded": _l("Diunduh"),
    "letter_opened": _l("Surat dibuka"),
    "created": _l("Dibuat"),
    "changed": _l("Diubah"),
    "removed": _l("Dihapus"),
    "act": _l("Tindakan"),
    "refused": _l("Tindakan ditolak"),
    "denied": _l("Akses ditolak"),
    "file_added": _l("Berkas ditambahkan"),
    "file_infected": _l("Virus ditemukan"),
    "report_received": _l("Laporan diterima"),
    "message_sent": _l("Pesan dikirim"),
    "message_received": _l("Pesan diterima"),
    "note_written": _l("Catatan ditulis"),
    "chat_imported": _l("Percakapan diimpor"),
    "complaint_received": _l("Pengaduan layanan diterima"),
    "complaint_moved": _l("Pengaduan layanan diproses"),
    **log_texts.EVENTS,
    "letter_issued": _l("Surat terbit"),
    "letter_voided": _l("Surat dibatalkan"),
    **letter_texts.EVENTS,
    "logo_uploaded": _l("Logo kop diunggah"),
    **signing_texts.EVENTS,
    **rights_texts.EVENTS,
    "backup_made": _l("Cadangan dibuat"),
    "backup_restored": _l("Dipulihkan dari cadangan"),
    **contact_columns.EVENTS,
    **phone_texts.EVENTS,
    **talk_texts.EVENTS,
    **channel_texts.EVENTS,
}
JOBS: dict[str, Any] = {
    "render_letter": _l("Menyimpan PDF surat"),
    **log_texts.JOBS,
    **channel_texts.JOBS,
    "scan_file": _l("Pemeriksaan virus"),
    "read_export": _l("Impor percakapan"),
    "mail_notice": _l("Pemberitahuan lewat surel"),
    "destroy_infected": _l("Menghapus berkas bervirus"),
    **rights_texts.JOBS,
}


HAPPENED: dict[str, Any] = {
    **intake.EVENTS,
    "monitoring_done": _l("Monitoring dilakukan"),
    "monitoring_excused": _l("Monitoring ditiadakan dengan alasan"),
}


def happened(kind: str) -> str:
    """What a line of the timeline says, from the kind of its event."""
    rule = CASE_RULES.get(kind) or REPORT_RULES.get(kind)
    return str(rule.done if rule else HAPPENED.get(kind, kind))


# --- clocks -------------------------------------------------------------------------------


def _report_clock(row: m.Report, style: str) -> Any:
    return _shown(clock.of_report(row, datetime.now(UTC)), style)


def _complaint_due(row: m.ServiceComplaint, style: str) -> Any:
    """The next step of a complaint and its last day; coloured when that has passed."""
    session, now = object_session(row), datetime.now(UTC)
    due = clock.complaint_due(row, timing.of(session)) if session else None
    if due is None:
        return None
    step, end = due
    day = dates.short_date(dates.local_date(end - dates.MINUTE))
    text = _("%(step)s paling lambat %(day)s", step=str(COMPLAINT_STEPS[step]), day=day)
    return links.badge(text, "danger") if end <= now and style != EXPORT else text


COMPLAINT_STEPS = {
    "processed_at": _l("diproses"),
    "answered_at": _l("dijawab"),
    "closed_at": _l("ditutup"),
}


def _response_clock(row: m.Case, style: str) -> Any:
    found = clock.response(row, datetime.now(UTC))
    return _shown(found, style) if found else None


def _shown(one: clock.Clock, style: str) -> Any:
    """The time that passed; a running clock goes on in the browser."""
    text = dates.duration(one.elapsed)
    text = _("%(time)s (lewat waktu)", time=text) if one.over else text
    if style == EXPORT or not one.running:
        return text
    if not one.counting:
        return _("%(time)s, tidak berjalan", time=text)
    minutes = int(one.limit.total_seconds() // 60)
    macro = get_template_attribute("admin/lib.html", "clock")
    return macro(one.since.isoformat(), minutes, text)


def _danger(row: m.Report, style: str) -> Any:
    """A yes stands out: somebody may be hurt while the list is read."""
    if row.danger_now is None:
        return None
    said = _("Ya") if row.danger_now else _("Tidak")
    return links.badge(said, "danger") if row.danger_now and style != EXPORT else said


def _involved(row: m.Person, style: str) -> Any:
    """The cases and reports this person stands in, as far as this officer meets them."""
    session = object_session(row)
    if session is None:
        return None
    found = [
        one
        for model in (m.Case, m.Report)
        for one in session.scalars(select(model).where(people.belonging(model, [row.id])))
    ]
    if style == EXPORT:
        return ", ".join(titles.of(one) for one in found)
    return Markup(", ").join(links.link(one, titles.of(one)) for one in found) or None


def _service_day(row: m.Intervention, style: str) -> str | None:
    """When a service was given; before that, for when it is planned."""
    day = row.done_on or row.planned_on
    return dates.short_date(day) if day else None


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    **file_columns.COLUMNS,
    **letter_columns.COLUMNS,
    **phone_texts.COLUMNS,
    "Report.clock": _report_clock,
    "Case.response": _response_clock,
    "ServiceComplaint.due": _complaint_due,
    "HandOver.open_count": lambda row, style: len(row.items),
    "Report.danger_now": _danger,
    "Intervention.day": _service_day,
    "Person.involved": _involved,
    **contact_columns.COLUMNS,
    **cue_columns.COLUMNS,
    **channel_texts.COLUMNS,
    **signing_columns.COLUMNS,
    **signatory_texts.COLUMNS,
    "CaseEvent.note": lambda row, style: sight.note(row),
    "CaseEvent.kind": lambda row, style: happened(row.kind),
    "CaseEvent.from_status": lambda row, style: _status(row, row.from_status),
    "CaseEvent.to_status": lambda row, style: _status(row, row.to_status),
    **rights_columns.COLUMNS,
    "Job.kind": lambda row, style: str(JOBS.get(row.kind, row.kind)),
    "Region.level": lambda row, style: row.level.capitalize(),
    "Setting.label": lambda row, style: titles.labelled(row),
    "Job.payload": lambda row, style: json.dumps(row.payload),
}


def _status(row: m.CaseEvent, code: str | None) -> str | None:
    if code is None:
        return None
    kinds = (m.ReportStatus, m.CaseStatus) if row.report_id and not row.case_id else (m.CaseStatus,)
    members = [kind(code) for kind in (*kinds, m.ReportStatus) if code in kind.__members__]
    return labels.label(members[0]) if members else code
