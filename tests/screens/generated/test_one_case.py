"""A form that was opened from a case offers and takes only what belongs to that case."""

from typing import Any

import pytest
from sqlalchemy import func, select

import models as m
from models import CaseStatus
from portal.letters import register
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk, FormReader


@pytest.fixture
def cases(house: House) -> list[m.Case]:
    """Two victims of one name, each with a service, in the two cases that Maya leads."""
    with register.untried():
        made = [house.office.case(CaseStatus.handling) for _ in range(2)]
    for case in made:
        house.office.serve(case)
        consent = m.Consent(victim=case.victims[0], given_by="sendiri", legal_basis="persetujuan")
        consent.recorded_by = house.cast.maya
        house.session.add(consent)
    house.session.commit()
    return made


def looked_up(desk: Desk, field: str, query: str, case: m.Case | None = None) -> list[int]:
    """What a look-up of a form (`referral.victim`) finds."""
    table, name = field.split(".")
    asked = {"query": query, "case": case.id if case else ""}
    found = desk.post(f"/admin/{table}/ajax/lookup/?name={name}", asked).json
    return [key for key, _text in found]


def test_a_look_up_shows_the_people_and_services_of_the_case_alone(
    house: House, cases: list[m.Case]
) -> None:
    maya, (case, other) = house.desk("konselor"), cases
    own = {
        "consent.victim": case.victims[0].id,
        "referral.victim": case.victims[0].id,
        "intervention.victim": case.victims[0].id,
        "invitation.suspect": case.suspects[0].id,
        "referral.consent": case.victims[0].consents[0].id,
        "attachment.intervention": case.interventions[0].id,
    }
    for field, key in own.items():
        assert looked_up(maya, field, "", case) == [key], field
        assert looked_up(maya, field, "") == [], field
    name = case.victims[0].person.name or ""
    assert looked_up(maya, "consent.victim", name, case) == [case.victims[0].id]
    both = {case.victims[0].id, other.victims[0].id}
    assert set(looked_up(maya, "consent.victim", name)) == both


def test_where_no_case_was_named_it_stands_beside_each_name(
    house: House, cases: list[m.Case]
) -> None:
    maya, name = house.desk("konselor"), cases[0].victims[0].person.name
    for table, field in (("consent", "victim"), ("referral", "consent"), ("invitation", "victim")):
        asked = {"query": name}
        found = maya.post(f"/admin/{table}/ajax/lookup/?name={field}", asked).json
        texts = sorted(text for _key, text in found)
        assert len(texts) == 2
        assert all(f", {case.number}" in text for case, text in zip(cases, texts, strict=True))


def refused(desk: Desk, address: str, field: str, **answers: Any) -> str:
    """The page on which a form comes back, with what it says beside `field`."""
    form = FormReader(desk.get(address).text).filled(**answers)
    page = desk.send(address, form)
    assert page.status_code == 200
    assert f'id="{field}-error"' in page.text
    said: str = page.text.partition(f'id="{field}-error"')[2].partition("</div>")[0]
    return said


def test_a_namesake_of_another_case_is_refused_beside_the_field(
    house: House, cases: list[m.Case]
) -> None:
    maya, (case, other) = house.desk("konselor"), cases
    stranger, before = other.victims[0].id, _counted(house)
    new = f"?case={case.id}"
    said = "Korban ini bukan bagian dari kasus tersebut."
    given = {"given_by": "sendiri", "given_on": "2026-03-02"}
    assert said in refused(maya, f"/admin/consent/new/{new}", "victim", victim=stranger, **given)
    for table in ("referral", "intervention", "invitation"):
        assert said in refused(maya, f"/admin/{table}/new/{new}", "victim", victim=stranger)
    service = case.interventions[0].id
    assert said in refused(
        maya, f"/admin/intervention/edit/?id={service}", "victim", victim=stranger
    )
    other_service, said = other.interventions[0].id, "Layanan ini bukan bagian dari kasus tersebut."
    assert said in refused(
        maya, f"/admin/attachment/new/{new}", "intervention", intervention=other_service
    )
    assert _counted(house) == before


def _counted(house: House) -> list[int]:
    house.session.rollback()
    tables = (m.Consent, m.Referral, m.Intervention, m.Invitation, m.Attachment)
    return [house.session.scalar(select(func.count(one.id))) or 0 for one in tables]


def test_the_form_names_its_case_and_takes_nobody_else_from_the_address(
    house: House, cases: list[m.Case]
) -> None:
    case, other = cases
    page = house.desk("konselor").get(
        f"/admin/consent/new/?case={case.id}&victim={other.victims[0].id}"
    )
    form = FormReader(page.text).filled()
    assert (form["case"], form["victim"]) == (str(case.id), str(case.victims[0].id))
    assert case.number in page.text and other.number not in page.text
