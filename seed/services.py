"""What happens to a demo case between outreach and its end: consent, services, contacts."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from models import (
    Case,
    Consent,
    Intervention,
    InterventionState,
    LetterKind,
    Monitoring,
    MonitoringState,
    Officer,
    PartnerInstitution,
    Referral,
    ReferralState,
    Row,
    Safety,
    Victim,
)
from portal.casework import monitoring
from portal.indonesia.dates import is_child
from portal.protection import audit
from seed import letters, texts
from seed.stage import Stage, Story
from seed.texts import Theme

REFERRED = ("kesehatan", "penegakan_hukum", "bantuan_hukum")


def leader(case: Case) -> Officer:
    """The counsellor in charge; every case that was approved has one."""
    if case.counsellor is None:
        raise LookupError("a case without a counsellor")
    return case.counsellor


def classify(case: Case, theme: Theme) -> None:
    """What identification adds to each victim: the kinds of violence in every system."""
    for victim in case.victims:
        victim.gbvims_type = theme.gbvims
        victim.tpks_kinds = list(theme.tpks)
        victim.tppo_kinds = ["eksploitasi_seksual"] if "tppo" in theme.kinds else []
        victim.needs = list(theme.needs)


def given(stage: Stage, dice: Random, theme: Theme, case: Case, goes_on: bool) -> Story:
    """Consent, then the services of `theme`, days apart; with `goes_on` the last is not over."""
    for victim in case.victims:
        consent = _consent(stage, victim)
        _write(stage, consent, leader(case))
        letters.issue(stage, LetterKind.surat_persetujuan, consent, leader(case))
    chosen = _allowed(theme)
    for number, service in enumerate(chosen, 1):
        yield stage.at_work(dice, dice.randint(2, 7))
        running = goes_on and number == len(chosen)
        _write(stage, _intervention(stage, dice, case, service, running), leader(case))
        if service in REFERRED and dice.random() < 0.7:
            referral = _referral(stage, dice, case, service)
            _write(stage, referral, leader(case))
            letters.issue(stage, LetterKind.surat_rujukan, referral, leader(case))


def _allowed(theme: Theme) -> list[str]:
    sexual = texts.NO_MEDIATION in theme.kinds
    return [service for service in theme.services if not (sexual and service == "mediasi")]


def _write(stage: Stage, row: Row, officer: Officer) -> None:
    stage.session.add(row)
    stage.session.flush()
    audit.record(stage.session, "created", officer, row)


def _consent(stage: Stage, victim: Victim) -> Consent:
    child = victim.age_at_incident is not None and is_child(victim.age_at_incident)
    return Consent(
        victim=victim,
        given_by="wali" if child else "sendiri",
        given_on=stage.today,
        for_services=True,
        for_sharing=True,
        for_statistics=True,
        withhold="Alamat sementara korban tidak diberikan kepada keluarga pelaku.",
        partners=list(stage.session.scalars(select(PartnerInstitution))),
        recorded_by=victim.case.counsellor if victim.case else None,
    )


def _partner(stage: Stage, service: str) -> PartnerInstitution | None:
    name = texts.PARTNERS.get(service)
    query = select(PartnerInstitution).where(PartnerInstitution.name == name)
    return stage.session.scalar(query)


def _intervention(
    stage: Stage, dice: Random, case: Case, service: str, running: bool
) -> Intervention:
    goal, result = texts.SERVICES[service]
    state = InterventionState.ongoing if running else InterventionState.done
    helper = stage["pendamping"] if "hukum" in service else leader(case)
    return Intervention(
        case=case,
        victim=dice.choice(case.victims),
        service=service,
        uptd_function="mediasi" if service == "mediasi" else "pendampingan_korban",
        officer=helper,
        partner=_partner(stage, service),
        state=state,
        planned_on=stage.today - timedelta(days=1),
        done_on=None if running else stage.today,
        goal=goal,
        result=None if running else result,
    )


def _referral(stage: Stage, dice: Random, case: Case, service: str) -> Referral:
    victim = dice.choice(case.victims)
    state = dice.choice((ReferralState.selesai, ReferralState.diterima, ReferralState.diajukan))
    goal, result = texts.SERVICES[service]
    return Referral(
        case=case,
        victim=victim,
        partner=_partner(stage, service),
        service=service,
        answer="dirujuk",
        state=state,
        referred_on=stage.today,
        answered_on=None if state is ReferralState.diajukan else stage.today,
        consent=victim.consents[0],
        purpose=goal,
        result=result if state is ReferralState.selesai else None,
        officer=leader(case),
    )


# --- the contacts after termination ---------------------------------------------------------


def followed(stage: Stage, dice: Random, case: Case, careful: bool, danger: bool = False) -> Story:
    """The contacts on their days; without care some are missed, with `danger` the last is bad."""
    open_ones = (one for one in case.monitorings if one.state is MonitoringState.scheduled)
    contacts = sorted(open_ones, key=lambda one: (one.due_on, one.id))
    for contact in contacts:
        yield max(stage.on(dice, contact.due_on), stage.now)
        if not careful and dice.random() < 0.5:
            continue
        if dice.random() < 0.1:
            counsellor, reason = leader(case), texts.CONTACT_EXCUSE
            monitoring.excuse(stage.session, contact, counsellor, stage.now, reason)
        else:
            _visit(stage, dice, contact, bad=danger and contact is contacts[-1])


def _visit(stage: Stage, dice: Random, contact: Monitoring, bad: bool) -> None:
    seen = monitoring.Visit(
        done_on=stage.today,
        method=dice.choice(("kunjungan_rumah", "telepon", "kantor", "daring")),
        wellbeing="memburuk" if bad else dice.choice(("baik", "membaik", "membaik", "tetap")),
        safety=Safety.dalam_bahaya if bad else dice.choice((Safety.aman,) * 4 + (Safety.khawatir,)),
        needs="Pendampingan lanjutan" if bad else None,
        recurrence=bad,
        notes=texts.DANGER_NOTE if bad else dice.choice(texts.CONTACT_NOTES),
    )
    actor = leader(contact.case)
    why = texts.CONTACT_REASON
    monitoring.record(
        stage.session, contact, actor, stage.now, seen, stage.today, contact_reason=why
    )
