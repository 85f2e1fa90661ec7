"""The services of a case as the rows of a table: outreach, interventions, referrals, by date."""

from datetime import date

from models import Case, Intervention, InterventionState, Outreach, OutreachState, Referral
from portal.letters.office import Labels, day, victim_name
from portal.letters.said import Said

EVERYONE = "Semua korban"
COUNTED = (InterventionState.done, InterventionState.ongoing)
RUNNING = "Masih berjalan."

# When (unknown comes first), then what is printed: date, service, for whom, by whom, result.
Row = tuple[date, list[str]]


def given(case: Case, labels: Labels, said: Said) -> list[list[str]]:
    """Numbered rows `[no., date, service, victim, officer or institution, result]`, oldest first.

    What was only planned or was cancelled is no service given.
    """
    rows = [_outreach(one) for one in _reported(case)]
    rows += [_service(one, labels, said) for one in _rendered(case)]
    rows += [_referral(one, labels, said) for one in case.referrals]
    in_order = sorted(rows, key=lambda row: row[0])
    return [[f"{number}.", *cells] for number, (_, cells) in enumerate(in_order, 1)]


def some_given(case: Case) -> bool:
    """Whether `given` has anything to tell."""
    return bool(_reported(case) or _rendered(case) or case.referrals)


def _reported(case: Case) -> list[Outreach]:
    return [one for one in case.outreaches if one.state is OutreachState.reported]


def _rendered(case: Case) -> list[Intervention]:
    return [one for one in case.interventions if one.state in COUNTED]


def _outreach(outreach: Outreach) -> Row:
    by = outreach.officer.name if outreach.officer else "-"
    met = {True: "Korban ditemui.", False: "Korban tidak ditemui."}
    result = _joined(met.get(bool(outreach.victim_met)), outreach.assessment)
    when = outreach.visited_on
    return when or date.min, [day(when), "Penjangkauan korban", EVERYONE, by, result]


def _service(one: Intervention, labels: Labels, said: Said) -> Row:
    when = one.done_on or one.planned_on
    whom = victim_name(one.victim, said) if one.victim else EVERYONE
    by = "\n".join(str(who) for who in (one.officer, one.partner) if who) or "-"
    running = RUNNING if one.state is InterventionState.ongoing else None
    result = _joined(running, one.result)
    return when or date.min, [day(when), labels("jenis_pelayanan", one.service), whom, by, result]


def _referral(one: Referral, labels: Labels, said: Said) -> Row:
    service = f"Rujukan: {labels('jenis_pelayanan', one.service)}"
    state = f"{labels('referral_state', one.state.value)}."
    result = _joined(state, one.state_reason, one.result)
    who = victim_name(one.victim, said)
    return one.referred_on, [day(one.referred_on), service, who, str(one.partner), result]


def _joined(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part) or "-"
