"""The figures of a month for the laporan bulanan, counted over the whole office.

Whoever issues the report need not see the cases: they are counted past the scope, and no person is
named. A month is one of Malang. Reports count in the month they arrived, cases in the month they
were opened or closed, victims with their case, services when they were given, contacts when due.
Who said no to statistics is counted nowhere among the victims.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from models import (
    Case,
    CaseStatus,
    Decision,
    Intervention,
    InterventionState,
    Monitoring,
    MonitoringState,
    Outreach,
    OutreachState,
    Referral,
    Report,
    ReportStatus,
    Termination,
)
from portal import labels
from portal.access import scope
from portal.casework import compliance, survey
from portal.casework.compliance import Line
from portal.casework.monthly_victims import Harmed
from portal.casework.tallies import SUM, crossed, grouped, of_codes, single
from portal.indonesia.dates import local_date, start_of_day_utc
from portal.indonesia.workdays import add_months
from portal.letters.laporan_bulanan import Month, Tally
from portal.letters.office import Labels
from portal.protection import audit_writing
from portal.wording import speaking

FIRST_YEAR, LAST_YEAR = 2000, 2099
OUTCOMES = {
    ReportStatus.identified: "Kasus baru",
    ReportStatus.joined: "Kasus lama",
    ReportStatus.referred: "Dirujuk",
    ReportStatus.information: "Minta info",
    ReportStatus.duplicate: "Ganda",
    ReportStatus.spam: "Bukan aduan",
    ReportStatus.in_progress: "Belum putus",
}
TURNED_DOWN = (CaseStatus.rejected, CaseStatus.referred)
OUTREACH = "Penjangkauan korban"
KEPT = ("Jumlah", "Tepat waktu", "Persen", "Lewat", "Masih berjalan")


@dataclass(frozen=True)
class Span:
    """A month: its first day and that of the next, and when both begin (aware, UTC)."""

    first: date
    following: date
    begins: datetime
    ends: datetime

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """The condition that a time lies in the month."""
        return and_(moment >= self.begins, moment < self.ends)

    def has(self, day: Any) -> ColumnElement[bool]:
        """The condition that a day lies in the month."""
        return and_(day >= self.first, day < self.following)


def find(session: Session, key: int) -> Month | None:
    """The month with this key (202611) as it stands now; None for no month."""
    year, month = divmod(key, 100)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return counted(session, date(year, month, 1), audit_writing.now(session))


def counted(session: Session, first: date, now: datetime) -> Month:
    """The figures of the month that begins on `first`, as they stand at `now` (aware)."""
    following = add_months(first, 1)
    span = Span(first, following, start_of_day_utc(first), start_of_day_utc(following))
    today = local_date(now)
    key, provisional = first.year * 100 + first.month, first <= today < following
    if first > today:
        return Month(key, first)
    with scope.system(session), session.no_autoflush, speaking("id"):
        said = Labels(session)
        harmed = Harmed(session, span.holds(Case.opened_at), said)
        tallies = [
            _reports(session, span, said),
            *_kept(session, span, now),
            *_cases(session, span),
            *harmed.tallies,
            _services(session, span, said),
            _referrals(session, span, said),
            _terminations(session, span, said),
            _contacts(session, span, today),
            *_satisfaction(session, first),
        ]
        return Month(key, first, provisional, tallies, harmed.cases)


# --- reports and promises -----------------------------------------------------------------------


def _reports(session: Session, span: Span, said: Labels) -> Tally:
    found = grouped(session, Report.channel, Report.status, where=[span.holds(Report.received_at)])
    counts: Counter[Any] = Counter()
    for (channel, status), number in found.items():
        open_yet = ReportStatus.in_progress if status is ReportStatus.new else status
        counts[channel.value, open_yet] += number
    rows = of_codes(said, "channel", counts)
    return crossed("Pengaduan", "laporan yang masuk", "Saluran", rows, OUTCOMES, counts)


def _kept(session: Session, span: Span, now: datetime) -> list[Tally]:
    """The promises of time, as the compliance sheet has them."""
    sheet = compliance.sheet(session, span.first, now)
    said = Labels(session)
    parts: tuple[tuple[str, str, str, Sequence[Line], Callable[[str], str]], ...] = (
        (
            *("Keputusan dalam 30 menit", "laporan yang masuk", "Saluran", sheet.decisions),
            lambda code: said("channel", code) if code else "Semua saluran",
        ),
        (
            *("Respons menurut risiko", "kasus", "Risiko", sheet.responses),
            lambda code: said("risk", code),
        ),
    )
    return [
        Tally(
            heading,
            unit,
            [first, *KEPT],
            [_promise(name(one.name), one) for one in lines if one.number],
        )
        for heading, unit, first, lines, name in parts
    ]


def _promise(name: str, one: Line) -> list[str]:
    ended = one.kept + one.over
    share = f"{round(100 * one.kept / ended)}%" if ended else "-"
    return [name, str(one.number), str(one.kept), share, str(one.over), str(one.waiting)]


# --- cases --------------------------------------------------------------------------------------


def _cases(session: Session, span: Span) -> list[Tally]:
    closed = and_(Case.closed_at.is_not(None), Case.closed_at < span.ends)
    turned = and_(Case.status.in_(TURNED_DOWN), Case.status_since < span.ends)
    conditions = {
        "Dibuka bulan ini": span.holds(Case.opened_at),
        "Selesai bulan ini": span.holds(Case.closed_at),
        "Berjalan pada akhir bulan": and_(Case.opened_at < span.ends, not_(or_(closed, turned))),
    }
    rows = [
        [name, str(session.scalar(select(func.count(Case.id)).where(one)))]
        for name, one in conditions.items()
    ]
    found = grouped(session, Case.status, where=[span.holds(Case.opened_at)])
    states = {status: labels.label(status) for status in CaseStatus}
    return [
        Tally("Kasus", "kasus", ["Keadaan", "Jumlah"], rows),
        crossed(
            "Kasus yang dibuka bulan ini menurut keadaannya sekarang",
            *("kasus", "Keadaan", states, SUM, single(found)),
        ),
    ]


# --- acts ---------------------------------------------------------------------------------------


def _services(session: Session, span: Span, said: Labels) -> Tally:
    given = [Intervention.state == InterventionState.done, span.has(Intervention.done_on)]
    counts = single(grouped(session, Intervention.service, where=given))
    rows = of_codes(said, "jenis_pelayanan", counts)
    visited = [Outreach.state == OutreachState.reported, span.has(Outreach.visited_on)]
    counts[OUTREACH, ""] = session.scalar(select(func.count(Outreach.id)).where(*visited)) or 0
    rows = {OUTREACH: OUTREACH, **rows}
    heads = ("layanan yang diberikan", "Jenis layanan")
    return crossed("Pelayanan", *heads, rows, SUM, counts)


def _referrals(session: Session, span: Span, said: Labels) -> Tally:
    found = grouped(
        session, Referral.service, Referral.state, where=[span.has(Referral.referred_on)]
    )
    counts = Counter({(service, state.value): number for (service, state), number in found.items()})
    columns = {code: said("referral_state", code) for code in STATES_OF_REFERRAL}
    rows = of_codes(said, "jenis_pelayanan", counts)
    return crossed("Rujukan", "rujukan", "Jenis layanan", rows, columns, counts)


STATES_OF_REFERRAL = ("diajukan", "diterima", "ditolak", "selesai")


def _terminations(session: Session, span: Span, said: Labels) -> Tally:
    decided = [Termination.decision == Decision.approved, span.holds(Termination.decided_at)]
    counts = single(grouped(session, Termination.reason, where=decided))
    rows = of_codes(said, "termination_reason", counts)
    return crossed("Terminasi", "kasus", "Alasan", rows, SUM, counts)


def _contacts(session: Session, span: Span, today: date) -> Tally:
    """Contacts after termination that were due: made, excused, missed, still to come."""
    late = Monitoring.due_on < today
    found = grouped(session, Monitoring.state, late, where=[span.has(Monitoring.due_on)])
    counts: Counter[Any] = Counter()
    for (state, is_late), number in found.items():
        waits = state is MonitoringState.scheduled
        counts[("terlewat" if is_late else "menunggu") if waits else state.value, ""] += number
    return crossed("Monitoring", "kontak yang jatuh tempo", "Hasil", CONTACTS, SUM, counts)


CONTACTS = {
    "done": "Dilaksanakan",
    "excused": "Ditiadakan dengan alasan",
    "cancelled": "Dibatalkan",
    "terlewat": "Terlewat",
    "menunggu": "Belum jatuh tempo",
}


def _satisfaction(session: Session, first: date) -> list[Tally]:
    """The index of the month's opinions, if there are any."""
    found = survey.index(session, first.year, range(first.month, first.month + 1))
    if not found.answers:
        return []
    value = f"{found.value} ({found.quality})".replace(".", ",") if found.value else "belum cukup"
    rows = [["Jawaban", str(found.answers)], ["Indeks kepuasan (mutu)", value]]
    return [Tally("Survei kepuasan", "jawaban", ["Unsur", "Nilai"], rows)]
