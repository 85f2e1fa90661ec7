"""What the formulir identifikasi kasus says: what a report turned out to be, and for whom.

Kinds as SIMFONI and GBVIMS have them, contexts computed; of a suspect the relation alone is told.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models import Case, CaseEvent, InterventionState, LetterKind, Officer, Report, Role, Victim
from portal.access.permissions import INTAKE
from portal.indonesia.dates import (
    age_group,
    date_as_known,
    is_child,
    local_date,
    long_date,
    moment,
    reporting_delay,
)
from portal.letters import LetterError, forms, office
from portal.letters.contexts import contexts
from portal.letters.entry import About, Entry
from portal.letters.forms import YES_NO, Names, Row, asked, listed, present, told
from portal.letters.gaps import Gap
from portal.letters.office import UNKNOWN, Labels
from portal.letters.said import lines, texts
from portal.letters.signatories import Signer, signer, today
from portal.wording import _, speaking

KIND = LetterKind.formulir_identifikasi
ACTS = ("identify", "join")
# What a victim needs → the service that answers it (`jenis_pelayanan`).
ANSWERED_BY = {
    "layanan_kesehatan": "kesehatan",
    "visum": "kesehatan",
    "konseling": "rehabilitasi_sosial",
    "bantuan_hukum": "bantuan_hukum",
    "pendampingan_hukum": "pendampingan",
    "tempat_aman": "penampungan_sementara",
    "perlindungan": "penegakan_hukum",
    "rehabilitasi_sosial": "rehabilitasi_sosial",
    "reintegrasi_sosial": "reintegrasi_sosial",
    "pemulangan": "pemulangan",
    "pendidikan": "reintegrasi_sosial",
    "ekonomi": "rehabilitasi_sosial",
    "dokumen_kependudukan": "pendampingan",
    "pendampingan_rohani": "pendampingan_tokoh_agama",
    "juru_bahasa": "pendampingan",
}


class Identified(NamedTuple):
    """Who identified a report, when, and what they wrote."""

    by: Officer
    at: datetime
    note: str


def content(session: Session, report: Report, actor: Officer) -> dict[str, Any]:
    """The form's content but for number and date, which `register.issue` adds.

    Raises LetterError for a report that led to no case, and where the list of signatories names
    nobody who may sign.
    """
    case = report.case
    if case is None:
        raise LetterError(_("Laporan ini belum menjadi kasus."))
    said, labels, found = texts(session, KIND), Labels(session), _identified(report, case)
    names, signs = Names.of(report, said), signing(session, case, found.by, actor)
    with speaking("id"):
        return office.common(said) | {
            "title": "Formulir identifikasi kasus",
            "opening": said["opening"],
            "outcome": _outcome(report, case, found, labels),
            "victims": [_victim(one, case, names, labels) for one in _harmed(report, case)],
            "incident": _incident(report, labels),
            "suspects": _suspects(report, labels),
            "risk": _risk(report, case, labels),
            "services": [labels("jenis_pelayanan", one) for one in _proposed(report, case)],
            "closing": said["closing"],
            "copy_to": lines(said["copies"]),
            "signatory": signs.printed() if signs else forms.signatory(found.by),
            "left": forms.side("Petugas identifikasi", found.by),
            "right": forms.side("Supervisor", signs.officer if signs else None),
            "signs_first": forms.able(session, case, found.by),
        }


def signing(session: Session, case: Case, by: Officer, actor: Officer) -> Signer | None:
    """The supervisor who signs beside whoever identified: who the list names, else who approved or
    reviewed the case or asks for the form. None, so that a line stays, where there is only one."""
    supervising = (case.approved_by, case.reviewed_by, actor)
    others = [one for one in supervising if one and one.role is Role.supervisor and one.id != by.id]
    named = signer(session, KIND, case, by, today(session))
    if named.officer.id != by.id:
        return named
    return Signer(forms.hand(session, case, others[-1], *others)) if others else None


def missing(session: Session, report: Report, actor: Officer) -> list[Gap]:
    """What the form lacks: a case, victims, what happened to each of them."""
    if report.case is None:
        return forms.erased(report) or [
            Gap(_("Laporan ini belum diidentifikasi sebagai kasus."), "report", "view", report.id)
        ]
    gaps = [
        Gap(
            _("Bentuk kekerasan terhadap korban ke-%(n)s belum dicatat.", n=place),
            *("victim", "edit", one.id),
        )
        for place, one in enumerate(_harmed(report, report.case), 1)
        if not _kinds(one, report.case)
    ]
    if not report.victims:
        gaps.append(Gap(_("Korban belum dicatat."), "victim", "create", report.case.id))
    return forms.erased(report) or gaps + _unsigned(session, report, actor)


def _unsigned(session: Session, report: Report, actor: Officer) -> list[Gap]:
    case = report.case
    try:
        if case is not None:
            signing(session, case, _identified(report, case).by, actor)
    except LetterError as error:
        return [Gap(str(error), "signatory", "list")]
    return []


# --- identification ------------------------------------------------------------------------------


def _identified(report: Report, case: Case) -> Identified:
    """The act that made the report a case or joined it to one, the last where it was reopened."""
    acts = [one for one in report.events if one.kind in ACTS and one.actor]
    return _said(acts[-1]) if acts else Identified(case.identified_by, case.opened_at, "")


def _said(event: CaseEvent) -> Identified:
    if event.actor is None:
        raise LookupError("an identification by nobody")
    return Identified(event.actor, event.at, event.note or "")


def _outcome(report: Report, case: Case, found: Identified, labels: Labels) -> list[Row]:
    return present(
        ["Nomor laporan", report.number],
        ["Laporan diterima", moment(report.received_at)],
        ["Cara laporan datang", labels("channel", report.channel.value)],
        ["Hasil identifikasi", labels("identification_outcome", report.status.value)],
        ["Nomor kasus", case.number],
        ["Kasus dibuka", long_date(local_date(case.opened_at))],
        ["Diidentifikasi oleh", found.by.name],
        ["Waktu identifikasi", moment(found.at)],
        told("Catatan", found.note),
    )


# --- what was found ------------------------------------------------------------------------------


def _victim(victim: Victim, case: Case, names: Names, labels: Labels) -> list[Row]:
    years = victim.age_at_incident
    kinds = _kinds(victim, case)
    seen = contexts(victim, kinds, case.suspects, years)
    return present(
        ["Nama", names(victim.person)],
        asked("Jenis kelamin", labels("sex", victim.person.sex)),
        ["Usia saat kejadian", _age(victim, labels)],
        ["Anak atau dewasa", UNKNOWN if years is None else _grown(years)],
        asked("Bentuk kekerasan", listed(labels, "bentuk_kekerasan", kinds)),
        asked("Jenis utama (GBVIMS)", listed(labels, "gbvims_type", _one(victim.gbvims_type))),
        told("Jenis TPKS", listed(labels, "jenis_tpks", victim.tpks_kinds)),
        told("Jenis TPPO", listed(labels, "jenis_tppo", victim.tppo_kinds)),
        ["Konteks", "; ".join(seen) or "tidak ada konteks khusus yang diketahui"],
        asked("Kebutuhan", listed(labels, "kebutuhan", victim.needs)),
    )


def _harmed(report: Report, case: Case) -> list[Victim]:
    """Those the report names; whom an old case knew already as it knows them."""
    known = {one.person_id: one for one in case.victims}
    return [known.get(one.person_id, one) for one in report.victims]


def _kinds(victim: Victim, case: Case) -> list[str]:
    return victim.violence_kinds or case.violence_kinds or []


def _one(code: str | None) -> Iterable[str]:
    return [code] if code else []


def _grown(years: int) -> str:
    return "anak" if is_child(years) else "dewasa"


def _age(victim: Victim, labels: Labels) -> str:
    years = victim.age_at_incident
    if years is None:
        return UNKNOWN
    return f"{years} tahun (kelompok {labels('age_group', age_group(years))})"


def _incident(report: Report, labels: Labels) -> list[Row]:
    reported = listed(labels, "previously_reported", report.previously_reported)
    return present(
        ["Waktu kejadian", date_as_known(report.incident_date, report.incident_precision)],
        told("Jarak ke laporan", _delay(report, labels)),
        ["Tempat kejadian", office.place(report, labels)],
        told("Alamat atau nama tempat", report.place),
        asked("Pernah dilaporkan ke", reported),
    )


def _delay(report: Report, labels: Labels) -> str:
    """How long it took to be told, where the day is known."""
    day = report.incident_date
    if day is None or report.incident_precision != "hari":
        return ""
    days = (local_date(report.received_at) - day).days
    return labels("reporting_delay", reporting_delay(days)) if days >= 0 else ""


def _suspects(report: Report, labels: Labels) -> list[Row]:
    return [
        [f"{place}.", labels("hubungan_pelaku", one.relation), YES_NO[one.same_household]]
        for place, one in enumerate(report.suspects, 1)
    ]


def _risk(report: Report, case: Case, labels: Labels) -> list[Row]:
    return [
        ["Tingkat risiko", labels("risk", case.risk.value)],
        ["Dalam bahaya sekarang", YES_NO[report.danger_now]],
    ]


def _proposed(report: Report, case: Case) -> list[str]:
    """The services that are planned; while nothing is, those that answer what is needed."""
    planned = [one.service for one in case.interventions if one.state is InterventionState.planned]
    needs = [need for victim in _harmed(report, case) for need in victim.needs or ()]
    answers = [ANSWERED_BY[need] for need in needs if need in ANSWERED_BY]
    return list(dict.fromkeys(planned or answers))


def _about(report: Report) -> About:
    return About(report.case, report)


ENTRY = Entry(KIND, Report, content, missing, _about, INTAKE)
