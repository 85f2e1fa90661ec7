"""Step 5: what may be written down as a service or a referral, and what may not."""

from datetime import date

import pytest

from models import (
    CaseStatus,
    Consent,
    Intervention,
    InterventionState,
    PartnerInstitution,
    Referral,
    ReferralState,
)
from portal.casework.services import intervention_faults, referral_faults
from tests.support.office import Office


@pytest.fixture
def case(session, cast):
    return Office(session, cast).case(CaseStatus.handling)


@pytest.fixture
def clinic(session):
    partner = PartnerInstitution(name="Klinik Rekaan")
    session.add(partner)
    session.flush()
    return partner


def service(case, **more):
    plain = {"service": "kesehatan", "state": InterventionState.planned}
    return Intervention(case=case, officer=case.counsellor, **(plain | more))


@pytest.mark.parametrize(
    "told", [{"violence_kinds": ["seksual"]}, {"tpks_kinds": ["x"]}, {"gbvims_type": "rape"}]
)
def test_mediation_is_refused_for_sexual_violence_with_the_law_named(session, case, told):
    [victim] = case.victims
    assert intervention_faults(service(case, service="mediasi", victim=victim)) == {}
    for name, value in told.items():
        setattr(victim, name, value)
    [sentence] = intervention_faults(service(case, service="mediasi", victim=victim)).values()
    assert "UU 12/2022" in sentence


def test_a_finished_service_says_when_and_with_what_result(session, case):
    faults = intervention_faults(service(case, state=InterventionState.done))
    assert set(faults) == {"result", "done_on"}


def test_services_belong_to_the_time_of_handling(session, cast):
    case = Office(session, cast).case(CaseStatus.monitoring)
    assert "case" in intervention_faults(service(case))


def referral(case, partner, **more):
    plain = {"service": "kesehatan", "referred_on": date(2026, 3, 3), "officer": case.counsellor}
    return Referral(case=case, victim=case.victims[0], partner=partner, **(plain | more))


def consent(case, **more):
    plain = {"given_by": "sendiri", "given_on": date(2026, 3, 2), "for_sharing": True}
    return Consent(victim=case.victims[0], **(plain | more))


def test_no_referral_without_consent_or_legal_basis(session, case, clinic):
    assert "consent" in referral_faults(referral(case, clinic))
    assert referral_faults(referral(case, clinic, legal_basis="kepentingan_vital")) == {}


@pytest.mark.parametrize("wrong", ["withdrawn", "no_sharing", "elsewhere"])
def test_a_consent_must_still_hold_and_reach_the_partner(session, case, clinic, wrong):
    good = consent(case)
    session.add(good)
    session.flush()
    assert referral_faults(referral(case, clinic, consent=good)) == {}
    if wrong == "withdrawn":
        good.withdrawn_at = case.opened_at
    elif wrong == "no_sharing":
        good.for_sharing = False
    else:
        good.partners = [PartnerInstitution(name="Lembaga Lain Rekaan")]
    assert "consent" in referral_faults(referral(case, clinic, consent=good))


def test_a_refused_referral_says_why(session, case, clinic):
    refused = referral(case, clinic, legal_basis="x", state=ReferralState.ditolak)
    assert set(referral_faults(refused)) == {"state_reason"}


@pytest.fixture
def sexual(case):
    case.victims[0].tpks_kinds = ["pelecehan_fisik"]
    return case


def test_mediation_is_refused_under_its_other_name_and_at_a_partner(session, sexual, clinic):
    named = service(sexual, service="pendampingan", uptd_function="mediasi")
    assert set(intervention_faults(named)) == {"uptd_function"}
    sent = referral(sexual, clinic, service="mediasi", legal_basis="kepentingan_vital")
    assert set(referral_faults(sent)) == {"service"}


def test_a_mediation_planned_before_the_violence_was_known_can_be_cancelled(session, sexual):
    planned = service(sexual, service="mediasi", state=InterventionState.cancelled)
    assert intervention_faults(planned) == {}
