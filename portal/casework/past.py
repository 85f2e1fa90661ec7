"""What is left of a victim for statistics when a case is erased: a row that names nobody.

Year and quarter instead of a day, an age group, the kecamatan and never the kelurahan. Whoever
did not agree to be counted, or took that back, leaves no row.
"""

from models import Case, InterventionState, PastVictim, Victim
from portal.casework import consents
from portal.indonesia import dates

KECAMATAN = len("35.73.01")
UNKNOWN = "tidak_diketahui"


def rows(case: Case) -> list[PastVictim]:
    """A row for each victim who may be counted."""
    return [row(victim) for victim in case.victims if counts(victim)]


def counts(victim: Victim) -> bool:
    """Whether a victim leaves a row."""
    return victim.case is not None and consents.counted(victim)


def row(victim: Victim) -> PastVictim:
    """The row of a victim of a case."""
    case = victim.case
    if case is None:
        raise ValueError("statistics count the victims of cases")
    opened = dates.local_date(case.opened_at)
    relations = [one.relation for one in case.suspects if one.relation != UNKNOWN]
    return PastVictim(
        year=opened.year,
        quarter=(opened.month + 2) // 3,
        age_group=dates.age_group(victim.age_at_incident),
        sex=victim.person.sex,
        violence_kinds=sorted(victim.violence_kinds or case.violence_kinds),
        relation=relations[0] if relations else UNKNOWN,
        region_code=case.region_code[:KECAMATAN] if case.region_code else None,
        services=_services(case, victim),
        outcome=_outcome(case),
    )


def _services(case: Case, victim: Victim) -> list[str]:
    given = {
        one.service
        for one in case.interventions
        if one.state is InterventionState.done and one.victim_id in (None, victim.id)
    }
    sent = {one.service for one in case.referrals if one.victim_id == victim.id}
    return sorted(given | sent)


def _outcome(case: Case) -> str:
    """Why the handling ended; the state of a case that was never handled."""
    ended = [one for one in case.terminations if one.letter_id and one.reopened_at is None]
    return ended[-1].reason if ended else case.status.value
