"""What must hold before an act: each condition answers with a sentence, or None.

The sentence stands under a grey button and in the refusal alike.
"""

from models import Case, InterventionState, MonitoringState, Officer, Report, Risk, Role, Safety
from portal.wording import _


def has_a_victim(case: Case, officer: Officer) -> str | None:
    return None if case.victims else _("Belum ada korban yang dicatat pada kasus ini.")


def second_pair_of_eyes(case: Case, officer: Officer) -> str | None:
    if officer.id != case.identified_by_id or case.risk is Risk.darurat:
        return None
    return _("Kasus yang Anda identifikasi sendiri harus disetujui supervisor lain.")


def named_in_the_order(case: Case, officer: Officer) -> str | None:
    orders = [order for order in case.orders if order.voided_at is None]
    if any(officer.id == one.officer_id for order in orders for one in order.assignments):
        return None
    return _("Hanya petugas yang disebut dalam surat perintah yang dapat melakukannya.")


def leads_the_case(case: Case, officer: Officer) -> str | None:
    if case.counsellor_id == officer.id:
        return None
    return _("Hanya konselor penanggung jawab kasus ini yang dapat melakukannya.")


def leads_or_supervises(case: Case, officer: Officer) -> str | None:
    return None if officer.role is Role.supervisor else leads_the_case(case, officer)


def no_service_is_open(case: Case, officer: Officer) -> str | None:
    running = {InterventionState.planned, InterventionState.ongoing}
    waiting = sum(one.state in running for one in case.interventions)
    if not waiting:
        return None
    return _("Masih ada %(n)s layanan yang belum selesai atau dibatalkan.", n=waiting)


def not_the_proposer(case: Case, officer: Officer) -> str | None:
    if not any(t.decision is None and t.proposed_by_id == officer.id for t in case.terminations):
        return None
    return _("Yang mengusulkan terminasi tidak boleh memutuskannya.")


def all_monitoring_settled(case: Case, officer: Officer) -> str | None:
    due = sum(one.state is MonitoringState.scheduled for one in case.monitorings)
    if due:
        return _("Masih ada %(n)s monitoring yang belum selesai.", n=due)
    contacts = [one for one in case.monitorings if one.state is not MonitoringState.cancelled]
    if {one.id for one in case.victims} <= {one.victim_id for one in contacts}:
        return None
    return _("Ada korban tanpa jadwal monitoring: minta supervisor membuka kembali kasus ini.")


def danger_is_answered(case: Case, officer: Officer) -> str | None:
    """Who was last found in danger is not closed away by the counsellor alone."""
    done = [one for one in case.monitorings if one.state is MonitoringState.done]
    last = {one.victim_id: one for one in sorted(done, key=lambda one: (one.done_on, one.id))}
    in_danger = any(one.safety is Safety.dalam_bahaya for one in last.values())
    if not in_danger or officer.role is Role.supervisor:
        return None
    return _("Kontak terakhir menemukan bahaya: supervisor yang memutuskan kelanjutan kasus ini.")


def awaits_review(case: Case, officer: Officer) -> str | None:
    if not case.emergency_reason or case.reviewed_at:
        return _("Kasus ini tidak menunggu peninjauan persetujuan darurat.")
    if case.approved_by_id == officer.id:
        return _("Persetujuan darurat ditinjau oleh supervisor lain.")
    return None


def owns_the_report(report: Report, officer: Officer) -> str | None:
    if report.owner_id == officer.id or officer.role is Role.supervisor:
        return None
    return _("Ambil laporan ini terlebih dahulu.")


def runs(report: Report, officer: Officer) -> str | None:
    return _("Waktu laporan ini sudah dijeda.") if report.paused_since else None


def is_paused(report: Report, officer: Officer) -> str | None:
    return None if report.paused_since else _("Waktu laporan ini tidak sedang dijeda.")


def no_emergency(report: Report, officer: Officer) -> str | None:
    return _("Keadaan darurat tidak dapat dijeda.") if report.danger_now else None


def late_without_cause(report: Report, officer: Officer) -> str | None:
    if report.decided_late and report.delay_cause is None:
        return None
    return _("Laporan ini tidak menunggu penyebab keterlambatan.")


def was_forwarded_here(report: Report, officer: Officer) -> str | None:
    if report.forwarded_to_id == officer.id and report.forward_accepted_at is None:
        return None
    return _("Laporan ini tidak sedang diteruskan kepada Anda.")
