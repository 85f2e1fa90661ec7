"""The life of a case as a table; that of a report stands in `report_rules`.

`CASE_RULES` and `REPORT_RULES` say which act leads from where to where, who may
do it and what must hold. Screens, actions, buttons, the timeline, the diagram
in the documentation and the tests are derived from them. The states are those
of the service contract; the acts follow steps 3 to 7 of the service standard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models import CaseStatus, Officer, ReportStatus, Role
from portal.casework.conditions import (
    all_monitoring_settled,
    awaits_review,
    danger_is_answered,
    has_a_victim,
    leads_or_supervises,
    leads_the_case,
    named_in_the_order,
    no_service_is_open,
    not_the_proposer,
    second_pair_of_eyes,
)
from portal.wording import lazy

C = CaseStatus
Status = CaseStatus | ReportStatus
Condition = Callable[[Any, Officer], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One act: from which states, to which (None: the state stays), by whom, on what terms."""

    act: str
    sources: frozenset[Status]
    target: Status | None
    who: frozenset[Role]
    label: Any
    done: Any
    requires: tuple[Condition, ...] = ()
    needs_reason: bool = False
    bulk: bool = False
    grave: bool = False
    quiet: bool = False  # not even offered while something stands in its way


def on(*states: Status) -> frozenset[Status]:
    """The states in which an act is possible."""
    return frozenset(states)


def table(*rules: Rule) -> dict[str, Rule]:
    """Rules by the name of their act."""
    return {rule.act: rule for rule in rules}


INTAKE = frozenset({Role.petugas, Role.supervisor})
SUPERVISORS = frozenset({Role.supervisor})
COUNSELLORS = frozenset({Role.konselor})
VISITORS = frozenset({Role.penjangkau, Role.konselor, Role.pendamping})
CASEWORKERS = INTAKE | VISITORS
OPEN_CASE = on(C.approved, C.outreach, C.handling, C.termination_proposed, C.monitoring)

CASE_RULES = table(
    Rule(
        "approve",
        on(C.identified),
        C.approved,
        SUPERVISORS,
        lazy("Setujui"),
        lazy("Kasus disetujui, surat perintah terbit"),
        requires=(second_pair_of_eyes, has_a_victim),
        bulk=True,
    ),
    Rule(
        "return",
        on(C.identified),
        C.returned,
        SUPERVISORS,
        lazy("Kembalikan"),
        lazy("Kasus dikembalikan untuk dilengkapi"),
        needs_reason=True,
    ),
    Rule(
        "reject",
        on(C.identified),
        C.rejected,
        SUPERVISORS,
        lazy("Tolak"),
        lazy("Kasus ditolak"),
        needs_reason=True,
        grave=True,
    ),
    Rule(
        "refer",
        on(C.identified),
        C.referred,
        SUPERVISORS,
        lazy("Rujuk ke lembaga lain"),
        lazy("Kasus dirujuk"),
        needs_reason=True,
    ),
    Rule(
        "correct",
        on(C.returned),
        C.identified,
        INTAKE,
        lazy("Kirim kembali untuk verifikasi"),
        lazy("Kasus dilengkapi dan menunggu verifikasi"),
    ),
    Rule(
        "reconsider",
        on(C.rejected, C.referred),
        C.identified,
        SUPERVISORS,
        lazy("Pertimbangkan kembali"),
        lazy("Kasus dibuka kembali untuk verifikasi"),
        needs_reason=True,
    ),
    Rule(
        "withdraw_order",
        on(C.approved, C.outreach),
        C.identified,
        SUPERVISORS,
        lazy("Batalkan surat perintah"),
        lazy("Surat perintah dibatalkan, kasus menunggu verifikasi"),
        needs_reason=True,
        grave=True,
    ),
    Rule(
        "review_emergency",
        OPEN_CASE | {C.closed},
        None,
        SUPERVISORS,
        lazy("Tinjau persetujuan darurat"),
        lazy("Persetujuan darurat ditinjau"),
        requires=(awaits_review,),
        needs_reason=True,
        quiet=True,
    ),
    Rule(
        "start_outreach",
        on(C.approved),
        C.outreach,
        VISITORS,
        lazy("Mulai penjangkauan"),
        lazy("Penjangkauan dimulai"),
        requires=(named_in_the_order,),
    ),
    Rule(
        "report_outreach",
        on(C.outreach),
        C.handling,
        VISITORS,
        lazy("Laporkan penjangkauan"),
        lazy("Hasil penjangkauan dilaporkan"),
        requires=(named_in_the_order,),
    ),
    Rule(
        "propose_termination",
        on(C.handling),
        C.termination_proposed,
        COUNSELLORS,
        lazy("Usulkan terminasi"),
        lazy("Terminasi diusulkan"),
        requires=(leads_the_case, has_a_victim, no_service_is_open),
    ),
    Rule(
        "terminate",
        on(C.termination_proposed),
        C.monitoring,
        SUPERVISORS,
        lazy("Buat nota terminasi"),
        lazy("Terminasi disetujui, nota terminasi terbit, monitoring dijadwalkan"),
        requires=(not_the_proposer, has_a_victim, no_service_is_open),
    ),
    Rule(
        "refuse_termination",
        on(C.termination_proposed),
        C.handling,
        SUPERVISORS,
        lazy("Tolak usulan terminasi"),
        lazy("Usulan terminasi ditolak, penanganan berlanjut"),
        requires=(not_the_proposer,),
        needs_reason=True,
    ),
    Rule(
        "close",
        on(C.monitoring),
        C.closed,
        SUPERVISORS | COUNSELLORS,
        lazy("Selesaikan dan buat nota akhir"),
        lazy("Kasus selesai, nota akhir dengan hasil monitoring terbit"),
        requires=(leads_or_supervises, all_monitoring_settled, danger_is_answered),
    ),
    Rule(
        "reopen",
        on(C.monitoring, C.closed),
        C.handling,
        SUPERVISORS,
        lazy("Buka kembali"),
        lazy("Kasus dibuka kembali untuk penanganan"),
        needs_reason=True,
    ),
    Rule(
        "hand_over",
        OPEN_CASE,
        None,
        SUPERVISORS | COUNSELLORS,
        lazy("Alihkan"),
        lazy("Kasus dialihkan kepada konselor lain"),
        requires=(leads_or_supervises,),
        needs_reason=True,
        bulk=True,
    ),
    Rule(
        "exclude",
        frozenset(C),
        None,
        CASEWORKERS,
        lazy("Kecualikan petugas"),
        lazy("Petugas dikecualikan"),
    ),
)
