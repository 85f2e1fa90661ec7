"""The rights of people over their data: taking back, asking, seeing, being forgotten."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import models as m
from models import CaseStatus, RequestKind, RequestState
from portal.casework import breaches, conflicts, consents, conversations, redaction, requests
from portal.casework.file_fields import FIELDS
from portal.casework.lifecycle import Refused
from portal.casework.redaction import WORD
from portal.config import ROOT
from portal.protection import audit
from tests.letters import paper
from tests.screens.generated.conftest import House, house
from tests.support import chats
from tests.support.cast import Cast
from tests.support.databases import both_engines
from tests.support.office import Office

__all__ = ["house"]
MOMENTS = st.integers(0, 220_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
PURPOSES = list(consents.PURPOSES)


def consent_of(case: m.Case, **facts: Any) -> m.Consent:
    """The victim agreed to everything."""
    agreed = dict.fromkeys(consents.FLAGS.values(), True)
    said = {"given_by": "sendiri", "given_on": date(2026, 3, 2), **agreed, **facts}
    return m.Consent(victim=case.victims[0], **said)


def referral_of(case: m.Case, consent: m.Consent, officer: m.Officer) -> m.Referral:
    partner = m.PartnerInstitution(name="Lembaga Rekaan", services=[])
    return m.Referral(
        case=case,
        victim=case.victims[0],
        partner=partner,
        service="kesehatan",
        referred_on=date(2026, 3, 3),
        consent=consent,
        officer=officer,
    )


def request_of(
    person: m.Person | None, cast: Cast, kind: RequestKind, **facts: Any
) -> m.DataRequest:
    said: dict[str, Any] = {
        "number": f"PD-2026-{abs(hash((kind, len(facts)))) % 90000 + 10000}",
        "kind": kind,
        "person": person,
        "received_at": NOW,
        "due_at": NOW + timedelta(hours=72),
        "asked_by": "sendiri",
        "asker_name": "Bunga Rekaan",
        "identity_check": "kartu_identitas",
        "wish": "Minta salinan",
        "officer": cast.sari,
    }
    return m.DataRequest(**said | facts)


# --- consent taken back ---------------------------------------------------------------------------


@pytest.fixture
def agreed(house: House) -> m.Consent:
    """A case in handling, everything agreed to, one referral on its way."""
    case = house.office.case(CaseStatus.handling)
    consent = consent_of(case)
    house.session.add_all([consent, referral_of(case, consent, house.cast.maya)])
    house.session.commit()
    return consent


def withdraw(
    house: House, consent: m.Consent, *purposes: str, who: str = "konselor", **more: str
) -> Any:
    address = f"/admin/consent/tindakan/withdraw/?id={consent.id}"
    answers = {"told_by": "sendiri", "told_via": "telepon", "reason": "", **more}
    answer = house.desk(who).fill(address, purposes=list(purposes), **answers)
    house.session.rollback()
    return answer


def test_part_of_a_consent_is_taken_back_without_a_reason(house: House, agreed: m.Consent) -> None:
    assert withdraw(house, agreed, "sharing").status_code == 303
    assert (agreed.for_services, agreed.for_sharing, agreed.for_statistics) == (True, False, True)
    assert agreed.withdrawn == ["sharing"]
    assert agreed.withdrawn_at is None
    assert "telepon" in (agreed.withdrawal_note or "")
    assert withdraw(house, agreed, "services", "statistics").status_code == 303
    assert agreed.withdrawn_at is not None
    assert withdraw(house, agreed, "sharing").status_code == 409


def test_what_does_not_hold_cannot_be_taken_back(house: House, agreed: m.Consent) -> None:
    withdraw(house, agreed, "sharing")
    assert withdraw(house, agreed, "sharing").status_code == 422
    assert withdraw(house, agreed, "semua").status_code == 422
    assert withdraw(house, agreed).status_code == 422


def test_who_leads_the_case_is_told_and_the_pages_say_so(house: House, agreed: m.Consent) -> None:
    maya, case = house.desk("konselor"), agreed.victim.case
    said = consents.Withdrawal(["sharing"], date(2026, 3, 4), "Korban", "Telepon")
    consents.withdraw(house.session, agreed, house.cast.budi, NOW, said)
    house.session.commit()
    notices = select(m.Notice).where(m.Notice.kind == "consent_withdrawn")
    assert [one.officer for one in house.session.scalars(notices)] == [house.cast.maya]
    for page in (f"case/details/?id={case.id}", f"victim/details/?id={agreed.victim_id}"):
        assert "telah dicabut untuk: dibagikan kepada lembaga" in maya.get(f"/admin/{page}").text
    (referral,) = house.session.scalars(select(m.Referral))
    assert "kehilangan dasarnya" in maya.get(f"/admin/referral/details/?id={referral.id}").text
    assert "Persetujuan dicabut" in maya.get(f"/admin/case/details/?id={case.id}").text
    entry = house.session.scalars(select(m.AuditEntry).filter_by(event="consent_withdrawn")).one()
    assert audit.details_of(entry) == {"purposes": ["sharing"]}


def test_no_referral_rests_on_a_consent_taken_back_but_an_open_one_can_be_ended(
    house: House, agreed: m.Consent
) -> None:
    withdraw(house, agreed, "sharing")
    (referral,) = house.session.scalars(select(m.Referral))
    maya = house.desk("konselor")
    edit = f"/admin/referral/edit/?id={referral.id}"
    refused = maya.fill(edit, state="diterima")
    assert "Persetujuan ini sudah dicabut" in refused.text
    ended = maya.fill(edit, state="ditolak", state_reason="Persetujuan dicabut")
    assert ended.status_code == 302
    new = {"case": referral.case_id, "victim": referral.victim_id, "partner": referral.partner_id}
    told = maya.fill(
        "/admin/referral/new/", **new, service="kesehatan", consent=agreed.id, purpose="Periksa"
    )
    assert "Persetujuan ini sudah dicabut" in told.text


def test_a_consent_taken_back_does_not_come_back_by_an_edit(
    house: House, agreed: m.Consent
) -> None:
    withdraw(house, agreed, "sharing")
    told = house.desk("konselor").fill(f"/admin/consent/edit/?id={agreed.id}", for_sharing="y")
    assert "catat persetujuan baru" in told.text
    house.session.rollback()
    assert agreed.for_sharing is False


def test_no_service_is_begun_for_who_took_back_the_consent_to_services(
    house: House, agreed: m.Consent
) -> None:
    withdraw(house, agreed, "services")
    facts = {"case": agreed.victim.case_id, "victim": agreed.victim_id, "service": "kesehatan"}
    told = house.desk("konselor").fill(
        "/admin/intervention/new/", **facts, officer=house.cast.maya.id, state="planned"
    )
    assert "mencabut persetujuannya untuk layanan" in told.text


@both_engines
@pytest.mark.parametrize(
    ("given", "counted"),
    [((), True), ((True,), True), ((False,), False), ((False, True), True)],
    ids=["not asked", "agreed", "refused", "agreed later"],
)
def test_statistics_count_who_agreed_or_was_never_asked(
    session: Session, cast: Cast, reference: None, given: tuple[bool, ...], counted: bool
) -> None:
    case = Office(session, cast).case()
    session.add_all(consent_of(case, for_statistics=one) for one in given)
    session.commit()
    wanted = select(m.Victim).where(consents.counted_condition(), m.Victim.case_id == case.id)
    assert bool(session.scalars(wanted).all()) is counted
    assert consents.counted(case.victims[0]) is counted


# --- a request and its clock ----------------------------------------------------------------------


def test_a_request_gets_a_number_three_days_and_the_supervisors_attention(house: House) -> None:
    answer = house.desk("petugas").fill(
        "/admin/data_request/new/",
        kind="access",
        wish="Minta salinan data saya",
        asked_by="sendiri",
        asker_name="Bunga Rekaan",
        identity_check="belum",
    )
    assert answer.status_code == 302, answer.text
    row = house.session.scalars(select(m.DataRequest)).one()
    assert row.number.startswith(f"PD-{row.received_at.year}-")
    assert row.due_at == row.received_at + timedelta(hours=72)
    assert row.officer.username == "petugas"
    told = house.session.scalars(select(m.Notice).filter_by(kind="data_request")).all()
    assert {one.officer.username for one in told} == {"supervisor", "supervisor2"}
    assert (
        house.desk("petugas2").get(f"/admin/data_request/details/?id={row.id}").status_code == 404
    )


def test_a_late_request_stands_out_and_is_told_of_once(house: House) -> None:
    late = datetime.now(UTC) - timedelta(hours=80)
    house.session.add(
        request_of(None, house.cast, RequestKind.correction, received_at=late, due_at=late)
    )
    house.session.commit()
    page = house.desk("supervisor").get("/admin/data_request/?terlambat=ya").text
    assert "row-late" in page
    from_clock = requests_reminded(house)
    assert from_clock == {"supervisor", "supervisor2"}
    assert requests_reminded(house) == from_clock


def requests_reminded(house: House) -> set[str]:
    breaches_remind(house.session)
    told = house.session.scalars(select(m.Notice).filter_by(kind="data_request_due")).all()
    assert len(told) <= 2
    return {one.officer.username for one in told}


def breaches_remind(session: Session) -> None:
    breaches.remind(session, datetime.now(UTC))
    session.commit()


@given(MOMENTS)
def test_the_law_gives_seventy_two_hours_whatever_the_calendar_says(received: datetime) -> None:
    for kind in set(RequestKind) - {RequestKind.erasure}:
        due = requests.due(None, kind, received)  # type: ignore[arg-type]
        assert due - received == timedelta(hours=72)


def test_a_refusal_needs_a_ground_of_the_law_and_an_answer(house: House) -> None:
    row = request_of(None, house.cast, RequestKind.access)
    house.session.add(row)
    house.session.commit()
    address = f"/admin/data_request/tindakan/refuse/?id={row.id}"
    desk = house.desk("supervisor")
    assert desk.fill(address, ground="", answer="Tidak").status_code == 422
    assert desk.fill(address, ground="membahayakan", answer="").status_code == 422
    assert desk.fill(address, ground="membahayakan", answer="Pasal 33").status_code == 303
    house.session.rollback()
    assert (row.state, row.refusal_ground) == (RequestState.refused, "membahayakan")
    assert row.closed_at is not None
    assert desk.fill(address, ground="membahayakan", answer="lagi").status_code == 409


def test_only_supervisors_decide(house: House) -> None:
    row = request_of(None, house.cast, RequestKind.correction)
    house.session.add(row)
    house.session.commit()
    for act in ("start", "fulfil", "refuse"):
        answer = house.desk("petugas").post(f"/admin/data_request/tindakan/{act}/?id={row.id}")
        assert answer.status_code == 409
    assert house.desk("petugas").get(f"/admin/data_request/berkas/?id={row.id}").status_code == 403


def test_who_is_kept_from_a_case_does_not_meet_the_requests_of_its_people(house: House) -> None:
    case = house.office.case(CaseStatus.handling)
    row = request_of(case.victims[0].person, house.cast, RequestKind.access)
    other = request_of(None, house.cast, RequestKind.correction)
    house.session.add_all([row, other])
    house.session.commit()
    page = f"/admin/data_request/details/?id={row.id}"
    dewi = house.desk("supervisor2")
    assert dewi.get(page).status_code == 200
    who, why = m.Conflict.kerabat, "Saudara terlapor"
    conflicts.exclude(house.session, case, house.cast.budi, NOW, house.cast.dewi, who, reason=why)
    house.session.commit()
    assert dewi.get(page).status_code == 404
    listed = dewi.get("/admin/data_request/").text
    assert (row.number in listed, other.number in listed) == (False, True)
    assert house.desk("supervisor").get(page).status_code == 200


# --- the file -------------------------------------------------------------------------------------


@pytest.fixture
def told(house: House) -> m.Case:
    """A closed case whose story names everybody."""
    case = house.office.case(CaseStatus.closed)
    report, victim = case.reports[0], case.victims[0]
    victim.person.phone, victim.person.nik = "+6281234567890", "3573015506110001"
    case.narrative = "Bunga dipukul Tono. Bu Wati (0812-0000-001) melihat. HP Bunga 081234567890."
    victim.condition = "Pemulihan setelah kejadian oleh Toño"
    said = {"direction": "masuk", "body": "Saya Wati melihat Bunga"}
    house.session.add(m.Message(conversation=report.conversation, report=report, **said))
    house.session.commit()
    return case


def asked(house: House, person: m.Person, **facts: Any) -> m.DataRequest:
    row = request_of(person, house.cast, RequestKind.access, **facts)
    house.session.add(row)
    house.session.commit()
    return row


def give(house: House, row: m.DataRequest, **answers: Any) -> Any:
    return house.desk("supervisor").fill(
        f"/admin/data_request/berkas/?id={row.id}", **{"reason": "Permohonan", **answers}
    )


def test_the_file_tells_the_harmed_everything_about_them_and_nobody_else(
    house: House, told: m.Case
) -> None:
    row = asked(house, told.victims[0].person)
    answer = give(house, row, format="json")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=berkas-{row.number}.json"
    assert answer.headers["Cache-Control"] == "no-store"
    said = json.loads(answer.text)
    assert said["identity"][0]["nik"] == "3573015506110001"
    assert [one["number"] for one in said["cases"]] == [told.number]
    assert {one["printed"] for one in said["letters"]} == {one.printed for one in told.letters}
    assert (said["texts"], said["texts_withheld"] >= 3) == ([], True)
    assert not [name for name in ("Wati", "Tono", "Sari", "Budi", "0000001") if name in answer.text]
    house.session.rollback()
    assert row.file_given_at is not None
    entry = house.session.scalars(select(m.AuditEntry).filter_by(event="file_given")).one()
    assert audit.details_of(entry) == {"format": "json", "texts": 0, "why": "Permohonan"}


def test_the_file_tells_of_chats_with_the_person(house: House, told: m.Case) -> None:
    person = told.victims[0].person
    message = chats.write(house.session, "+6281234567890", "Bunga", "Halo Tono", NOW)
    behind = message.conversation.correspondent
    behind.person, behind.checked_at = person, NOW
    conversations.link(house.session, message.conversation, None, case=told)
    house.session.commit()
    row, chosen = asked(house, person), [f"message-{message.id}-body"]
    said = json.loads(give(house, row, format="json", texts=chosen).text)
    assert [one["value"] for one in said["known_as"]] == ["+6281234567890"]
    assert [one["channel"] for one in said["chats"]] == ["whatsapp"]
    assert [one["text"] for one in said["texts"]] == ["Halo [disamarkan]"]


def test_a_text_that_was_chosen_is_masked(house: House, told: m.Case) -> None:
    row = asked(house, told.victims[0].person)
    chosen = [f"case-{told.id}-narrative", f"victim-{told.victims[0].id}-condition"]
    said = json.loads(give(house, row, format="json", texts=chosen).text)
    story, condition = sorted((one["text"] for one in said["texts"]), key=len, reverse=True)
    assert "Bunga dipukul [disamarkan]" in story
    assert "081234567890" in story
    assert not [word for word in ("Tono", "Wati", "0000") if word in story]
    assert "Toño" not in condition


def test_the_file_is_a_document_too_with_who_looked_by_role(house: House, told: m.Case) -> None:
    house.desk("konselor").get(f"/admin/case/details/?id={told.id}")
    answer = give(house, asked(house, told.victims[0].person), format="pdf")
    text = paper.text(answer.data)
    assert "BERKAS DATA PRIBADI" in text
    assert "Bunga Rekaan" in text
    assert "Konselor" in text
    assert not [name for name in ("Maya", "Tono", "Wati") if name in text]


def test_the_reporter_learns_what_they_said_and_nothing_of_the_harmed(
    house: House, told: m.Case
) -> None:
    report = told.reports[0]
    assert report.reporter
    row = asked(house, report.reporter.person, asker_name="Wati Rekaan")
    keys = [f"message-{one.id}-body" for one in report.messages]
    said = give(house, row, format="json", texts=keys)
    assert report.number in said.text
    assert "Saya Wati melihat [disamarkan]" in said.text
    assert not [
        word for word in ("Bunga", "Tono", told.number, "081234567890") if word in said.text
    ]


def test_the_accused_get_no_file_and_learn_of_nobody(house: House, told: m.Case) -> None:
    person = told.suspects[0].person
    assert person
    row = asked(house, person, asker_name="Tono Rekaan")
    desk = house.desk("supervisor")
    page = desk.get(f"/admin/data_request/berkas/?id={row.id}")
    assert "Pasal 33" in page.text
    assert desk.post(f"/admin/data_request/berkas/?id={row.id}").status_code == 409
    assert "Bunga" not in page.text


@pytest.mark.parametrize("called", ["Tono Rekaan", "TONO  REKAAN", "Bpk. Tono Rekaan"])
def test_the_accused_do_not_get_the_file_of_a_child_they_speak_for(
    house: House, told: m.Case, called: str
) -> None:
    row = asked(house, told.victims[0].person, asked_by="wali", asker_name=called)
    page = house.desk("supervisor").get(f"/admin/data_request/berkas/?id={row.id}").text
    assert "sama dengan nama seorang terlapor" in page


def test_no_file_before_the_identity_was_checked(house: House, told: m.Case) -> None:
    row = asked(house, told.victims[0].person, identity_check="belum")
    page = house.desk("supervisor").get(f"/admin/data_request/berkas/?id={row.id}").text
    assert "Periksa dahulu identitas" in page
    fulfil = house.desk("supervisor").post(f"/admin/data_request/tindakan/fulfil/?id={row.id}")
    assert fulfil.status_code == 409


def test_an_access_request_is_fulfilled_once_the_file_was_given(house: House, told: m.Case) -> None:
    row = asked(house, told.victims[0].person)
    address = f"/admin/data_request/tindakan/fulfil/?id={row.id}"
    assert house.desk("supervisor").post(address, {"answer": "Ini"}).status_code == 409
    give(house, row, format="json")
    assert house.desk("supervisor").fill(address, answer="Berkas diserahkan").status_code == 303


def test_every_part_of_the_file_is_documented() -> None:
    text = (ROOT / "docs" / "person-file.md").read_text()
    fields = {one.name for part in FIELDS.values() for one in part}
    assert [name for name in (*FIELDS, *fields) if f"`{name}`" not in text] == []


WORDS = st.text(st.characters(categories=("Ll",), max_codepoint=0x17F), min_size=3, max_size=9)


@given(WORDS, WORDS, st.integers(10**9, 10**13))
def test_no_name_or_number_of_another_survives_the_mask(first: str, last: str, number: int) -> None:
    own = m.Person(name="Bunga Rekaan")
    other = m.Person(name=f"{first} {last}")
    text = f"Kata {first.upper()}, lalu {last} menelepon 0{number}."
    left = redaction.mask(text, own, [other])
    assert f"0{number}" not in left
    hidden = redaction._words(other) - redaction._words(own)
    assert not [word for word in WORD.findall(left) if redaction._respelt(word) & hidden]


# --- to be forgotten ------------------------------------------------------------------------------


def test_a_name_of_two_letters_is_masked_too() -> None:
    said = redaction.mask("Li dan Al di rumah", m.Person(), [m.Person(name="Li Mei", alias="Al")])
    assert said == "[disamarkan] dan [disamarkan] di rumah"


def erasure_of(house: House, person: m.Person) -> m.DataRequest:
    row = request_of(person, house.cast, RequestKind.erasure)
    house.session.add(row)
    house.session.commit()
    return row


def test_a_request_to_be_erased_waits_for_the_end_of_the_work(house: House) -> None:
    case = house.office.case(CaseStatus.handling)
    row = erasure_of(house, case.victims[0].person)
    with pytest.raises(Refused, match="masih berada dalam kasus"):
        requests.fulfil(house.session, row, house.cast.budi, NOW, "Ya")


def test_the_accused_cannot_have_themselves_erased(house: House) -> None:
    case = house.office.case(CaseStatus.closed)
    person = case.suspects[0].person
    assert person
    with pytest.raises(Refused, match="terlapor"):
        requests.fulfil(house.session, erasure_of(house, person), house.cast.budi, NOW, "Ya")


def test_a_case_before_the_court_is_kept(house: House) -> None:
    case = house.office.case(CaseStatus.closed)
    case.suspects[0].legal_process = "penyidikan"
    house.session.commit()
    with pytest.raises(Refused, match="proses hukum"):
        row = erasure_of(house, case.victims[0].person)
        requests.fulfil(house.session, row, house.cast.budi, NOW, "Ya")


@pytest.mark.parametrize("on", ["suspect", "reporter", "case"])
def test_a_hold_on_anybody_in_the_case_keeps_it_from_being_erased_on_request(
    house: House, on: str
) -> None:
    case = house.office.case(CaseStatus.closed)
    reporter = case.reports[0].reporter
    assert reporter
    held: dict[str, dict[str, Any]] = {
        "suspect": {"person": case.suspects[0].person},
        "reporter": {"person": reporter.person},
        "case": {"case": case},
    }
    house.session.add(m.LegalHold(**held[on], reason="Rekaan", placed_by=house.cast.budi))
    row = erasure_of(house, case.victims[0].person)
    with pytest.raises(Refused, match="penahanan hukum"):
        requests.fulfil(house.session, row, house.cast.dewi, NOW, "Ya")


@pytest.mark.parametrize("status", [CaseStatus.handling, CaseStatus.closed])
def test_a_guardian_is_not_erased_out_of_the_case_of_a_child(
    house: House, status: CaseStatus
) -> None:
    case = house.office.case(status)
    guardian = m.Person(name="Ibu Rekaan", sex="perempuan")
    case.victims[0].person.guardian = guardian
    house.session.add(guardian)
    house.session.commit()
    row = erasure_of(house, guardian)
    with pytest.raises(Refused) as refused:
        requests.fulfil(house.session, row, house.cast.dewi, NOW, "Ya")
    said = " ".join(refused.value.sentences)
    assert "wali orang lain" in said
    assert ("masih berada dalam kasus" in said) == (status is CaseStatus.handling)
    house.session.rollback()
    assert guardian.name == "Ibu Rekaan"


def test_a_guardian_of_who_was_erased_can_be_erased(house: House) -> None:
    case = house.office.case(CaseStatus.closed)
    guardian = m.Person(name="Ibu Rekaan", sex="perempuan")
    case.victims[0].person.guardian = guardian
    house.session.add(guardian)
    house.session.commit()
    row = erasure_of(house, case.victims[0].person)
    requests.fulfil(house.session, row, house.cast.dewi, NOW, "Ya")
    house.session.commit()
    assert guardian.erased_at is not None


def test_who_wrote_the_request_down_does_not_decide_on_erasing(house: House) -> None:
    case = house.office.case(CaseStatus.closed)
    row = erasure_of(house, case.victims[0].person)
    row.officer = house.cast.budi
    house.session.commit()
    assert requests.obstacles(row, "fulfil", house.cast.budi)
    assert requests.obstacles(row, "fulfil", house.cast.dewi) == []


def test_who_asks_to_be_forgotten_is_with_the_whole_case_that_is_about_them(house: House) -> None:
    case = house.office.case(CaseStatus.closed)
    person = case.victims[0].person
    row = erasure_of(house, person)
    address = f"/admin/data_request/tindakan/fulfil/?id={row.id}"
    assert house.desk("supervisor").fill(address, answer="Sudah dihapus").status_code == 303
    house.session.rollback()
    assert (row.state, person.name, person.erased_at is not None) == (RequestState.done, None, True)
    assert case.erased_at is not None
    grounds = house.session.scalars(select(m.Erasure.ground)).all()
    assert set(grounds) == {"permohonan"}


def test_another_victims_case_stays_without_who_was_forgotten(house: House) -> None:
    case = house.office.case(CaseStatus.closed)
    person = case.victims[0].person
    sister = m.Victim(case=case, person=m.Person(name="Adik Rekaan", sex="perempuan"))
    house.session.add(sister)
    house.session.commit()
    requests.fulfil(house.session, erasure_of(house, person), house.cast.budi, NOW, "Ya")
    house.session.commit()
    house.session.rollback()
    assert case.erased_at is None
    assert [one.person.name for one in case.victims] == ["Adik Rekaan"]
    assert person.name is None
    assert len(house.session.scalars(select(m.PastVictim)).all()) == 1


# --- a halt ---------------------------------------------------------------------------------------


def test_a_restriction_stops_passing_on_until_it_is_lifted(house: House, agreed: m.Consent) -> None:
    person = agreed.victim.person
    row = request_of(person, house.cast, RequestKind.restriction)
    house.session.add(row)
    house.session.commit()
    desk, maya = house.desk("supervisor"), house.desk("konselor")
    acts = "/admin/data_request/tindakan"
    assert desk.fill(f"{acts}/fulfil/?id={row.id}", answer="Dibatasi").status_code == 303
    (referral,) = house.session.scalars(select(m.Referral))
    edit = f"/admin/referral/edit/?id={referral.id}"
    assert "sedang dibatasi atas permohonannya" in maya.fill(edit, state="diterima").text
    assert "sedang dibatasi" in maya.get(f"/admin/person/details/?id={person.id}").text
    assert desk.fill(f"{acts}/lift/?id={row.id}").status_code == 303
    assert maya.fill(edit, state="diterima").status_code == 302
