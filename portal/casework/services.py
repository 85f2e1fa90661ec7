"""What must hold before a service or a referral is written down.

Mediation is refused for sexual violence (UU 12/2022 art. 23); no referral without
a consent that reaches the partner, or a recorded legal basis (UU 27/2022 art. 20);
services belong to the time of handling.
"""

from collections.abc import Container

from models import (
    Case,
    CaseStatus,
    Intervention,
    InterventionState,
    Referral,
    ReferralState,
    Victim,
)
from portal.casework import consents
from portal.letters import sharing
from portal.wording import _
from portal.wording import lazy as _l

BEGUN = {InterventionState.planned, InterventionState.ongoing}
WORKING = {CaseStatus.outreach, CaseStatus.handling}
REFERRALS_CLOSED = _l("Rujukan dicatat selama penjangkauan atau penanganan.")
SEXUAL, MEDIATION = "seksual", "mediasi"
SEXUAL_TYPES = {"rape", "sexual_assault"}


def is_sexual(case: Case, victim: Victim | None = None) -> bool:
    """Whether the violence in `case` (or against `victim` alone) is sexual, in any of its codes."""
    victims = [victim] if victim else list(case.victims)
    return SEXUAL in case.violence_kinds or any(
        SEXUAL in one.violence_kinds or bool(one.tpks_kinds) or one.gbvims_type in SEXUAL_TYPES
        for one in victims
    )


def intervention_faults(row: Intervention, kept_out: Container[int] = ()) -> dict[str, str]:
    """What is wrong with a service: field name → sentence; empty when it may be stored.

    `kept_out` are the officers excluded from the case (`conflicts.kept_out`).
    """
    faults: dict[str, str] = {}
    if row.case.status not in WORKING:
        faults["case"] = _("Layanan dicatat selama penjangkauan atau penanganan.")
    if row.victim is not None and row.victim.case_id != row.case.id:
        faults["victim"] = _("Korban ini bukan bagian dari kasus tersebut.")
    elif row.state in BEGUN and row.victim and consents.stopped(row.victim, consents.SERVICES):
        faults["victim"] = _("Korban ini mencabut persetujuannya untuk layanan.")
    if row.state is not InterventionState.cancelled:
        faults |= _mediation_fault(row, row.uptd_function)
    if row.officer is None and row.partner is None:
        faults["officer"] = _("Pilih petugas atau lembaga yang memberi layanan.")
    if row.officer is not None and row.officer.id in kept_out:
        faults["officer"] = _("Petugas ini dikecualikan dari kasus ini.")
    if row.state is InterventionState.done:
        faults |= _done_faults(row)
    return faults


def _mediation_fault(row: Intervention | Referral, function: str | None = None) -> dict[str, str]:
    """Refused here and elsewhere, under either name; what was planned before may be cancelled."""
    if MEDIATION not in (row.service, function) or not is_sexual(row.case, row.victim):
        return {}
    field = "service" if row.service == MEDIATION else "uptd_function"
    return {field: _("Mediasi tidak boleh dilakukan pada kekerasan seksual (UU 12/2022 pasal 23).")}


def _done_faults(row: Intervention) -> dict[str, str]:
    faults = {}
    if not (row.result or "").strip():
        faults["result"] = _("Tuliskan hasil layanan yang sudah selesai.")
    if row.done_on is None:
        faults["done_on"] = _("Isi tanggal layanan diberikan.")
    return faults


def referral_faults(row: Referral) -> dict[str, str]:
    """What is wrong with a referral: field name → sentence; empty when it may be stored."""
    faults: dict[str, str] = {}
    if row.case.status not in WORKING:
        faults["case"] = str(REFERRALS_CLOSED)
    if row.victim.case_id != row.case.id:
        faults["victim"] = _("Korban ini bukan bagian dari kasus tersebut.")
    if row.state is not ReferralState.ditolak:
        faults |= _mediation_fault(row)
    if not row.legal_basis and (fault := _consent_fault(row)):
        faults["consent"] = fault
    if row.state is ReferralState.ditolak and not (row.state_reason or "").strip():
        faults["state_reason"] = _("Tuliskan alasan penolakan.")
    return faults


def _consent_fault(row: Referral) -> str | None:
    """Why a referral cannot rest on its consent; one that is over may end what was begun on it."""
    consent = row.consent
    if consent is None:
        return _("Pilih persetujuan korban, atau isi dasar hukum tanpa persetujuan.")
    if consent.victim_id != row.victim.id:
        return _("Persetujuan ini milik korban lain.")
    if row.state not in consents.OPEN_REFERRALS and row.id is not None:
        return None
    return sharing.against(consent, row.partner) or None
