"""Undangan and pemanggilan: nobody is endangered by a letter, and nobody's time is wasted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import models as m
from models import CaseStatus, ContactState
from portal.casework import letter_acts
from portal.casework.contact_words import DAY_CODES
from portal.indonesia import dates
from portal.letters import register
from tests.letters import paper
from tests.screens.generated.conftest import House, house
from tests.screens.generated.desk import FormReader

__all__ = ["house"]
NEW = "/admin/invitation/new/"
KIND = m.LetterKind.surat_undangan


@pytest.fixture
def case(house: House) -> m.Case:
    """Bunga's case in handling; nobody asked her yet about letters."""
    found = house.office.case(CaseStatus.handling)
    found.victims[0].person.safe_contact = m.SafeContact(channel="telepon", letter_allowed=False)
    house.session.commit()
    return found


def _next_tuesday() -> str:
    day = datetime.now(UTC).date() + timedelta(days=7)
    day += timedelta(days=(1 - day.weekday()) % 7)
    return f"{day}T09:00"


def answers(case: m.Case, **changes: Any) -> dict[str, Any]:
    """Bunga is asked to the office and gets the letter there."""
    plain = {
        "case": case.id,
        "form": "undangan",
        "victim": case.victims[0].id,
        "at": _next_tuesday(),
        "place": "Ruang pertemuan lantai 2",
        "purpose": "Pertemuan",
        "handing": "diserahkan",
    }
    return plain | changes


def fill_in(house: House, case: m.Case, **changes: Any) -> Any:
    desk = house.desk("konselor")
    return desk.send(NEW, FormReader(desk.get(NEW).text).filled(**answers(case, **changes)))


def invite(house: House, case: m.Case, **changes: Any) -> m.Invitation:
    done = fill_in(house, case, **changes)
    assert done.status_code == 302, done.text
    house.session.commit()
    return house.session.scalars(select(m.Invitation)).one()


def draft(house: House, row: m.Invitation) -> dict[str, Any]:
    return letter_acts.draft(house.session, KIND, row, house.cast.maya)


def test_a_victim_is_invited_by_a_letter_that_names_no_matter(house: House, case: m.Case) -> None:
    content = draft(house, invite(house, case, bring="Kartu identitas"))
    printed = paper.text(register.trial(house.session, KIND, content))
    for said in (
        "Yth. Bunga Rekaan di tempat",
        "Hal : Undangan",
        "Hari, tanggal : Selasa, ",
        "Pukul : 09.00 WIB",
        "Tempat : Ruang pertemuan lantai 2",
        "Acara : Pertemuan",
        "Yang dibawa : Kartu identitas",
    ):
        assert said in printed
    assert "kekerasan" not in printed.casefold()
    assert case.number not in json.dumps(content)


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("purpose", {"purpose": "Konseling kekerasan"}),
    ("place", {"place": "Ruang kasus"}),
    ("invitee", {"invitee": "Bunga, korban kekerasan"}),
    ("at", {"at": "2026-01-05T09:00"}),
    ("address", {"handing": "pos", "contact_reason": "Ia memintanya"}),
    ("contact_reason", {"handing": "pos", "address": "Jalan Rekaan 7"}),
    ("partner", {"handing": "lembaga", "contact_reason": "Ia memintanya"}),
    ("form", {"form": "pemanggilan"}),
    ("invitee", {"victim": None}),
]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    house: House, case: m.Case
) -> None:
    for field, changes in WRONG:
        page = fill_in(house, case, bring="Sapu tangan", **changes)
        assert page.status_code == 200
        assert f'id="{field}-error' in page.text, field
        assert "Sapu tangan" in page.text
    house.session.commit()
    assert house.session.scalar(select(m.Invitation.id)) is None
    assert house.session.scalar(select(m.ContactAttempt.id)) is None


def test_a_victim_is_not_invited_as_somebody_else_past_the_agreement(
    house: House, case: m.Case
) -> None:
    """Neither under her name nor by a letter for another to where she lives."""
    page = fill_in(house, case, victim=None, invitee="bunga rekaan", purpose="Perkara")
    assert 'id="invitee-error' in page.text
    case.victims[0].person.address = "Jalan Rekaan 7, Malang"
    house.session.commit()
    home = {"victim": None, "invitee": "Wali kelas", "handing": "pos"}
    home["address"] = "Jl.  rekaan No. 7 malang 65111"
    assert 'id="contact_reason-error' in fill_in(house, case, **home).text
    row = invite(house, case, **home, contact_reason="Ia tinggal di tempat lain sekarang.")
    [attempt] = house.session.scalars(select(m.ContactAttempt))
    assert (attempt.person, attempt.obstacles) == (case.victims[0].person, ["no_letter"])
    assert letter_acts.missing(house.session, KIND, row, house.cast.maya) == []


def test_of_two_victims_at_home_the_attempt_is_of_whose_agreement_is_against_it(
    house: House, case: m.Case
) -> None:
    bunga, agreed = case.victims[0].person, {"channel": "telepon", "letter_allowed": False}
    melati = m.Person(name="Melati Rekaan", safe_contact=m.SafeContact(**agreed))
    house.session.add(m.Victim(case=case, person=melati))
    bunga.address = melati.address = "Jalan Rekaan 7"
    bunga.safe_contact.letter_allowed = True
    house.session.commit()
    to = {"victim": None, "invitee": "Wali kelas", "handing": "pos", "address": "Jalan Rekaan 7"}
    invite(house, case, **to, contact_reason="Sudah disepakati lewat telepon.")
    [attempt] = house.session.scalars(select(m.ContactAttempt))
    assert attempt.person is melati


def test_an_hour_when_the_office_is_closed_must_be_meant(house: House, case: m.Case) -> None:
    late = _next_tuesday().replace("09:00", "20:00")
    page = fill_in(house, case, at=late)
    assert "di luar jam kerja" in page.text
    assert invite(house, case, at=late, outside_hours="y").place


def test_a_letter_to_a_home_that_is_closed_needs_a_reason_which_is_kept(
    house: House, case: m.Case
) -> None:
    row = invite(
        house, case, handing="pos", address="Jalan Rekaan 7", contact_reason="Ia meminta surat ini."
    )
    [attempt] = house.session.scalars(select(m.ContactAttempt))
    assert (attempt.channel, attempt.state) == ("surat", ContactState.overridden)
    assert attempt.override_reason == "Ia meminta surat ini."
    assert attempt.obstacles == ["no_letter"]
    assert letter_acts.missing(house.session, KIND, row, house.cast.maya) == []
    page = house.desk("konselor").get(f"/admin/invitation/details/?id={row.id}").text
    assert "amplop polos" in page


def test_a_home_that_opens_lets_the_letter_through_and_one_that_closes_holds_it(
    house: House, case: m.Case
) -> None:
    contact = case.victims[0].person.safe_contact
    assert contact is not None
    contact.letter_allowed = True
    house.session.commit()
    row = invite(house, case, handing="pos", address="Jalan Rekaan 7")
    [attempt] = house.session.scalars(select(m.ContactAttempt))
    assert attempt.state is ContactState.permitted
    assert letter_acts.missing(house.session, KIND, row, house.cast.maya) == []
    contact.letter_allowed = False
    house.session.commit()
    [gap] = letter_acts.missing(house.session, KIND, row, house.cast.maya)
    assert "tidak boleh dikirim ke rumah" in gap.sentence
    with pytest.raises(letter_acts.Refused):
        letter_acts.issue(house.session, KIND, row, house.cast.maya, house.office.tick())


def test_somebody_who_brings_it_keeps_to_the_safe_days(house: House, case: m.Case) -> None:
    contact = case.victims[0].person.safe_contact
    assert contact is not None
    contact.visit_allowed = True
    contact.days = [DAY_CODES[(dates.today().weekday() + 3) % 7]]
    house.session.commit()
    brought = {"handing": "diantar", "address": "Jalan Rekaan 7"}
    assert "di luar waktu yang aman" in fill_in(house, case, **brought).text
    invite(house, case, **brought, contact_reason="Diantar hari Kamis.")
    [attempt] = house.session.scalars(select(m.ContactAttempt))
    assert (attempt.channel, attempt.obstacles) == ("kunjungan", ["closed_window"])


def test_who_is_accused_is_summoned_and_reads_initials_alone(house: House, case: m.Case) -> None:
    summons = {"form": "pemanggilan", "victim": None, "suspect": case.suspects[0].id}
    case.suspects[0].same_household = True
    house.session.commit()
    page = fill_in(house, case, **summons, purpose="Klarifikasi tentang Bunga")
    assert "menyebut nama, nomor, atau alamat korban" in page.text
    row = invite(house, case, **summons, purpose="Klarifikasi")
    content = draft(house, row)
    assert content["subject"] == "Pemanggilan"
    assert content["addressee"][0] == "Yth. Tono Rekaan"
    told = json.dumps(content, ensure_ascii=False)
    assert "(korban: B.R.)" in told
    assert "Bunga" not in told
    page = house.desk("konselor").get(f"/admin/invitation/details/?id={row.id}")
    assert "serumah dengan korban" in page.text


def test_what_is_issued_is_changed_no_more_and_called_off_with_its_letter(
    house: House, case: m.Case
) -> None:
    row = invite(house, case)
    with register.untried():
        letter = letter_acts.issue(house.session, KIND, row, house.cast.maya, house.office.tick())
    house.session.commit()
    maya, budi = house.desk("konselor"), house.desk("supervisor")
    edit = maya.fill(f"/admin/invitation/edit/?id={row.id}", place="Tempat lain")
    assert "tidak dapat diubah" in edit.text
    act = f"/admin/invitation/tindakan/cancel/?id={row.id}"
    assert "hanya supervisor" in maya.get(act).text
    assert budi.fill(act, reason="Korban sakit").status_code == 303
    house.session.commit()
    assert letter.state is m.LetterState.void
    assert (row.cancel_reason, letter.void_reason) == ("Korban sakit", "Korban sakit")


def test_the_page_of_the_case_has_its_invitations_and_the_way_to_one_more(
    house: House, case: m.Case
) -> None:
    invite(house, case)
    page = house.desk("konselor").get(f"/admin/case/details/?id={case.id}").text
    assert f"/admin/invitation/new/?case={case.id}" in page
    assert "/admin/invitation/details/" in page
    assert "invitation" not in house.desk("petugas").get("/admin/").text
