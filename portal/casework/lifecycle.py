"""The life of a case and of a report, as two tables of rules.

`CASE_RULES` and `REPORT_RULES` say which act leads from where to where, who may
do it and what must hold. Screens, actions, buttons, the timeline, the diagram in
the documentation and the tests are derived from them, and `advance` is the only
code that changes a status. The states are those of the service contract; the
acts follow steps 3 to 7 of the service standard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import (
    Case,
    CaseEvent,
    CaseStatus,
    InterventionState,
    Letter,
    MonitoringState,
    Officer,
    Report,
    ReportStatus,
    Risk,
    Role,
)
from portal.protection import audit
from portal.wording import _, lazy

C, R = CaseStatus, ReportStatus
Status = CaseStatus | ReportStatus
Subject = Case | Report
Obstacle = Callable[[Any, Officer], str | None]


class Refused(Exception):
    """The act may not be done now; `sentences` say why, for the person who tried."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = list(sentences)


class Stale(Refused):
    """Somebody else changed the row since the form was opened."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One act: from which states, to which (None: the state stays), by whom, on what terms."""

    act: str
    sources: frozenset[Status]
    target: Status | None
    who: frozenset[Role]
    label: Any
    done: Any
    requires: tuple[Obstacle, ...] = ()
    needs_reason: bool = False
    bulk: bool = False
    grave: bool = False


def _rules(*rules: Rule) -> dict[str, Rule]:
    return {rule.act: rule for rule in rules}


# --- what must hold -------------------------------------------------------------------


def _has_a_victim(case: Case, officer: Officer) -> str | None:
    return None if case.victims else _("Belum ada korban yang dicatat pada kasus ini.")


def _second_pair_of_eyes(case: Case, officer: Officer) -> str | None:
    if officer.id != case.identified_by_id or case.risk is Risk.darurat:
        return None
    return _("Kasus yang Anda identifikasi sendiri harus disetujui supervisor lain.")


def _named_in_the_order(case: Case, officer: Officer) -> str | None:
    orders = [order for order in case.orders if order.voided_at is None]
    if any(officer.id == one.officer_id for order in orders for one in order.assignments):
        return None
    return _("Hanya petugas yang disebut dalam surat perintah yang dapat melakukannya.")


def _leads_the_case(case: Case, officer: Officer) -> str | None:
    if case.counsellor_id == officer.id:
        return None
    return _("Hanya konselor penanggung jawab kasus ini yang dapat melakukannya.")


def _some_service_was_given(case: Case, officer: Officer) -> str | None:
    if any(one.state is InterventionState.done for one in case.interventions) or case.referrals:
        return None
    return _("Belum ada layanan selesai atau rujukan yang dicatat dalam Penanganan.")


def _no_service_is_open(case: Case, officer: Officer) -> str | None:
    running = {InterventionState.planned, InterventionState.ongoing}
    waiting = sum(one.state in running for one in case.interventions)
    if not waiting:
        return None
    return _("Masih ada %(n)s layanan yang belum selesai atau dibatalkan.", n=waiting)


def _not_the_proposer(case: Case, officer: Officer) -> str | None:
    if not any(t.decision is None and t.proposed_by_id == officer.id for t in case.terminations):
        return None
    return _("Yang mengusulkan terminasi tidak boleh memutuskannya.")


def _all_monitoring_settled(case: Case, officer: Officer) -> str | None:
    due = sum(one.state is MonitoringState.scheduled for one in case.monitorings)
    return None if not due else _("Masih ada %(n)s monitoring yang belum selesai.", n=due)


def _awaits_review(case: Case, officer: Officer) -> str | None:
    if not case.emergency_reason or case.reviewed_at:
        return _("Kasus ini tidak menunggu peninjauan persetujuan darurat.")
    if case.approved_by_id == officer.id:
        return _("Persetujuan darurat ditinjau oleh supervisor lain.")
    return None


def _owns_the_report(report: Report, officer: Officer) -> str | None:
    if report.owner_id == officer.id or officer.role is Role.supervisor:
        return None
    return _("Ambil laporan ini terlebih dahulu.")


def _was_forwarded_here(report: Report, officer: Officer) -> str | None:
    if report.forwarded_to_id == officer.id and report.forward_accepted_at is None:
        return None
    return _("Laporan ini tidak sedang diteruskan kepada Anda.")


# --- the rules ------------------------------------------------------------------------

INTAKE = frozenset({Role.petugas, Role.supervisor})
SUPERVISORS = frozenset({Role.supervisor})
COUNSELLORS = frozenset({Role.konselor})
VISITORS = frozenset({Role.penjangkau, Role.konselor, Role.pendamping})
OPEN_CASE = frozenset({C.approved, C.outreach, C.handling, C.termination_proposed, C.monitoring})
ENDED_REPORT = frozenset({R.joined, R.referred, R.information, R.duplicate, R.spam})

CASE_RULES = _rules(
    Rule(
        act="approve",
        sources=frozenset({C.identified}),
        target=C.approved,
        who=SUPERVISORS,
        label=lazy("Setujui"),
        done=lazy("Kasus disetujui, surat perintah terbit"),
        requires=(_second_pair_of_eyes, _has_a_victim),
        bulk=True,
    ),
    Rule(
        act="return",
        sources=frozenset({C.identified}),
        target=C.returned,
        who=SUPERVISORS,
        label=lazy("Kembalikan"),
        done=lazy("Kasus dikembalikan untuk dilengkapi"),
        needs_reason=True,
    ),
    Rule(
        act="reject",
        sources=frozenset({C.identified}),
        target=C.rejected,
        who=SUPERVISORS,
        label=lazy("Tolak"),
        done=lazy("Kasus ditolak"),
        needs_reason=True,
        grave=True,
    ),
    Rule(
        act="refer",
        sources=frozenset({C.identified}),
        target=C.referred,
        who=SUPERVISORS,
        label=lazy("Rujuk ke lembaga lain"),
        done=lazy("Kasus dirujuk"),
        needs_reason=True,
    ),
    Rule(
        act="correct",
        sources=frozenset({C.returned}),
        target=C.identified,
        who=INTAKE,
        label=lazy("Kirim kembali untuk verifikasi"),
        done=lazy("Kasus dilengkapi dan menunggu verifikasi"),
    ),
    Rule(
        act="reconsider",
        sources=frozenset({C.rejected, C.referred}),
        target=C.identified,
        who=SUPERVISORS,
        label=lazy("Pertimbangkan kembali"),
        done=lazy("Kasus dibuka kembali untuk verifikasi"),
        needs_reason=True,
    ),
    Rule(
        act="withdraw_order",
        sources=frozenset({C.approved, C.outreach}),
        target=C.identified,
        who=SUPERVISORS,
        label=lazy("Batalkan surat perintah"),
        done=lazy("Surat perintah dibatalkan, kasus menunggu verifikasi"),
        needs_reason=True,
        grave=True,
    ),
    Rule(
        act="review_emergency",
        sources=OPEN_CASE | {C.closed},
        target=None,
        who=SUPERVISORS,
        label=lazy("Tinjau persetujuan darurat"),
        done=lazy("Persetujuan darurat ditinjau"),
        requires=(_awaits_review,),
        needs_reason=True,
    ),
    Rule(
        act="start_outreach",
        sources=frozenset({C.approved}),
        target=C.outreach,
        who=VISITORS,
        label=lazy("Mulai penjangkauan"),
        done=lazy("Penjangkauan dimulai"),
        requires=(_named_in_the_order,),
    ),
    Rule(
        act="report_outreach",
        sources=frozenset({C.outreach}),
        target=C.handling,
        who=VISITORS,
        label=lazy("Laporkan penjangkauan"),
        done=lazy("Hasil penjangkauan dilaporkan"),
        requires=(_named_in_the_order,),
    ),
    Rule(
        act="propose_termination",
        sources=frozenset({C.handling}),
        target=C.termination_proposed,
        who=COUNSELLORS,
        label=lazy("Usulkan terminasi"),
        done=lazy("Terminasi diusulkan"),
        requires=(_leads_the_case, _has_a_victim, _some_service_was_given, _no_service_is_open),
    ),
    Rule(
        act="terminate",
        sources=frozenset({C.termination_proposed}),
        target=C.monitoring,
        who=SUPERVISORS,
        label=lazy("Buat nota terminasi"),
        done=lazy("Terminasi disetujui, nota terminasi terbit, monitoring dijadwalkan"),
        requires=(_not_the_proposer, _has_a_victim),
    ),
    Rule(
        act="refuse_termination",
        sources=frozenset({C.termination_proposed}),
        target=C.handling,
        who=SUPERVISORS,
        label=lazy("Tolak usulan terminasi"),
        done=lazy("Usulan terminasi ditolak, penanganan berlanjut"),
        requires=(_not_the_proposer,),
        needs_reason=True,
    ),
    Rule(
        act="close",
        sources=frozenset({C.monitoring}),
        target=C.closed,
        who=SUPERVISORS | COUNSELLORS,
        label=lazy("Selesaikan dan buat nota akhir"),
        done=lazy("Kasus selesai, nota akhir dengan hasil monitoring terbit"),
        requires=(_all_monitoring_settled,),
    ),
    Rule(
        act="reopen",
        sources=frozenset({C.monitoring, C.closed}),
        target=C.handling,
        who=SUPERVISORS,
        label=lazy("Buka kembali"),
        done=lazy("Kasus dibuka kembali untuk penanganan"),
        needs_reason=True,
    ),
    Rule(
        act="hand_over",
        sources=OPEN_CASE,
        target=None,
        who=SUPERVISORS | COUNSELLORS,
        label=lazy("Alihkan"),
        done=lazy("Kasus dialihkan kepada konselor lain"),
        needs_reason=True,
        bulk=True,
    ),
)

REPORT_RULES = _rules(
    Rule(
        act="take",
        sources=frozenset({R.new}),
        target=R.in_progress,
        who=INTAKE,
        label=lazy("Ambil laporan"),
        done=lazy("Laporan diambil"),
        bulk=True,
    ),
    Rule(
        act="forward",
        sources=frozenset({R.new, R.in_progress}),
        target=R.in_progress,
        who=INTAKE,
        label=lazy("Teruskan ke UPT PPA"),
        done=lazy("Laporan diteruskan ke UPT PPA"),
    ),
    Rule(
        act="accept_forward",
        sources=frozenset({R.in_progress}),
        target=None,
        who=INTAKE,
        label=lazy("Terima penerusan"),
        done=lazy("Penerusan laporan diterima"),
        requires=(_was_forwarded_here,),
    ),
    Rule(
        act="identify",
        sources=frozenset({R.in_progress}),
        target=R.identified,
        who=INTAKE,
        label=lazy("Identifikasi: kasus baru"),
        done=lazy("Laporan diidentifikasi sebagai kasus baru"),
        requires=(_owns_the_report,),
    ),
    Rule(
        act="join",
        sources=frozenset({R.in_progress}),
        target=R.joined,
        who=INTAKE,
        label=lazy("Gabungkan ke kasus lama"),
        done=lazy("Laporan digabungkan ke kasus lama"),
        requires=(_owns_the_report,),
    ),
    *(
        Rule(
            act=f"dismiss_{status.value}",
            sources=frozenset({R.in_progress}),
            target=status,
            who=INTAKE,
            label=label,
            done=done,
            requires=(_owns_the_report,),
            needs_reason=True,
        )
        for status, label, done in (
            (R.referred, lazy("Rujuk ke luar"), lazy("Laporan dirujuk ke lembaga lain")),
            (
                R.information,
                lazy("Permintaan informasi"),
                lazy("Laporan dijawab sebagai informasi"),
            ),
            (R.duplicate, lazy("Laporan ganda"), lazy("Laporan ditandai sebagai laporan ganda")),
            (R.spam, lazy("Bukan pengaduan"), lazy("Laporan ditandai bukan pengaduan")),
        )
    ),
    Rule(
        act="resume",
        sources=ENDED_REPORT,
        target=R.in_progress,
        who=SUPERVISORS,
        label=lazy("Buka kembali laporan"),
        done=lazy("Laporan dibuka kembali"),
        needs_reason=True,
    ),
)


# --- asking and moving -----------------------------------------------------------------


def rules_for(subject: Subject) -> dict[str, Rule]:
    """The rules that apply to this kind of row."""
    return CASE_RULES if isinstance(subject, Case) else REPORT_RULES


def obstacles(subject: Subject, act: str, officer: Officer) -> list[str]:
    """Why `officer` may not do `act` to `subject` now; empty when they may.

    The same sentences stand under a grey button and in a refusal. Raises
    KeyError for an act that does not exist.
    """
    rule = rules_for(subject)[act]
    if not officer.active or officer.role not in rule.who:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if subject.status not in rule.sources:
        return [_("Tindakan ini tidak berlaku untuk keadaan sekarang.")]
    sentences = (require(subject, officer) for require in rule.requires)
    return [sentence for sentence in sentences if sentence]


@dataclass(frozen=True, slots=True)
class Offer:
    """An act this officer could do here, and what stands in the way (nothing: go ahead)."""

    rule: Rule
    obstacles: list[str]


def offers(subject: Subject, officer: Officer) -> list[Offer]:
    """The acts that belong to this state and this officer's role, in the order of the rules."""
    return [
        Offer(rule, obstacles(subject, rule.act, officer))
        for rule in rules_for(subject).values()
        if officer.role in rule.who and subject.status in rule.sources
    ]


def lock(session: Session, subject: Subject, version: int | None = None) -> None:
    """Lock the row until the end of the transaction; with `version`, refuse a stale form.

    Raises Stale when the row has changed since `version` was shown. Unflushed
    changes are flushed first, or the refresh would throw them away.
    """
    session.flush()
    session.refresh(subject, with_for_update=True)
    if version is not None and subject.version_id != version:
        raise Stale(_("Data ini baru saja diubah petugas lain. Periksa keadaan terbaru dahulu."))


def permit(
    session: Session, subject: Subject, act: str, actor: Officer, version: int | None = None
) -> Rule:
    """Lock `subject` and return the rule of `act`; raises Refused or Stale if it may not be."""
    lock(session, subject, version)
    sentences = obstacles(subject, act, actor)
    if sentences:
        raise Refused(*sentences)
    return rules_for(subject)[act]


def advance(
    session: Session,
    subject: Subject,
    rule: Rule,
    actor: Officer | None,
    now: datetime,
    *,
    note: str | None = None,
    letter: Letter | None = None,
) -> CaseEvent:
    """Move `subject` along `rule`: status, timeline and audit entry together.

    `note` is the written reason; a rule that needs one is refused without it.
    """
    if rule.needs_reason and not (note or "").strip():
        raise Refused(_("Tuliskan alasannya."))
    before = subject.status
    _set_status(subject, rule, now, note)
    event = CaseEvent(
        at=now,
        kind=rule.act,
        actor=actor,
        from_status=before.value,
        to_status=subject.status.value,
        note=note,
        letter=letter,
        case=subject if isinstance(subject, Case) else None,
        report=subject if isinstance(subject, Report) else None,
    )
    session.add(event)
    audit.record(session, "act", actor, subject, act=rule.act, to=subject.status.value)
    session.flush()
    return event


WITH_REASON = {C.returned, C.rejected, C.referred}


def _set_status(subject: Subject, rule: Rule, now: datetime, note: str | None) -> None:
    if rule.target is None:
        return
    if isinstance(subject, Case):
        subject.status = CaseStatus(rule.target)
        subject.status_since = now
        subject.status_reason = note if rule.target in WITH_REASON else None
        subject.closed_at = now if rule.target is C.closed else None
    else:
        subject.status = ReportStatus(rule.target)
