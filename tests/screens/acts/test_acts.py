"""Every act through its page: who does it, what happens, what stands in the way."""

import io
from itertools import product
from typing import Any

import pytest
from flask_login import login_user
from sqlalchemy import func, select

from models import (
    Attachment,
    AuditEntry,
    Case,
    CaseEvent,
    CaseStatus,
    InterventionState,
    Letter,
    Officer,
    Order,
    Outreach,
    OutreachState,
    Risk,
    Role,
    Termination,
)
from portal.access.sign_in import hash_password
from portal.casework import cases
from portal.casework.rules import CASE_RULES
from portal.letters import LetterError, nota_terminasi, register
from portal.protection import audit
from portal.screens import missing_parts
from portal.screens.act_table import ACTS, WORDS
from portal.screens.sign_in import Account
from tests.protection.samples import picture
from tests.screens.acts.answers import CASE_ACTS, REASON, again, case_answers, page_of
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk, FormReader
from tests.support.cast import PASSWORD

ROLES = [role.value for role in Role]


def brought_to(house: House, state: CaseStatus) -> Case:
    """A case in this state; its letters are words known to print."""
    with register.untried():
        return house.office.case(state)


def ready(house: House, act: str) -> Case:
    """A case in which nothing stands in the way of `act`."""
    case = brought_to(house, CASE_ACTS[act][0])
    if act == "propose_termination":
        house.office.serve(case)
    if act == "close":
        for contact in case.monitorings:
            house.office.visit(contact)
    if act == "hand_over":
        add_counsellor(house)
    house.session.commit()
    return case


def add_counsellor(house: House) -> Officer:
    """Lestari counsels from now on, so that a case can be handed to her."""
    house.cast.lestari.role = Role.konselor
    house.session.commit()
    return house.cast.lestari


def count(house: House, model: type[Any]) -> int:
    house.session.rollback()
    return house.session.scalar(select(func.count()).select_from(model)) or 0


def refusals(house: House) -> list[str]:
    """The acts that the log says were refused."""
    house.session.rollback()
    entries = house.session.scalars(select(AuditEntry).where(AuditEntry.event == "refused"))
    return [audit.details_of(entry)["act"] for entry in entries]


# --- doing it -------------------------------------------------------------------------------------


def test_every_act_has_a_page() -> None:
    assert set(ACTS["case"]) == set(CASE_RULES) == {*CASE_ACTS, "review_emergency"}


@pytest.mark.parametrize("act", CASE_ACTS)
def test_an_act_is_done_once_by_whoever_usually_does_it(house: House, act: str) -> None:
    case, (_before, username, after) = ready(house, act), CASE_ACTS[act]
    desk, address = house.desk(username), page_of(case, act)
    shown = again(house, case).version_id
    form = FormReader(desk.get(address).text).filled(**case_answers(house, act))
    assert again(house, case).version_id == shown  # looking changes nothing
    answer = desk.send(address, form)
    assert answer.status_code == 303, answer.text
    assert again(house, case).status is after
    last = house.session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
    assert last and (last.kind, last.actor.username) == (act, username)
    assert f"{WORDS['case'][act].done}." in desk.get(answer.location).text
    clicked_twice(house, desk, address, form)


def clicked_twice(house: House, desk: Desk, address: str, form: Any) -> None:
    """The second of two clicks does nothing and says so."""
    letters, events = count(house, Letter), count(house, CaseEvent)
    second = desk.send(address, form)
    assert second.status_code in (303, 409), second.text
    said = second.text if second.status_code == 409 else desk.get(second.location).text
    assert "sudah" in said.lower()
    assert (count(house, Letter), count(house, CaseEvent)) == (letters, events)


def test_after_an_act_one_sees_its_case(house: House) -> None:
    case = ready(house, "approve")
    answer = house.desk("supervisor").fill(
        page_of(case, "approve"), **case_answers(house, "approve")
    )
    assert answer.location == f"/admin/case/details/?id={case.id}"


def test_a_case_that_is_handed_over_is_out_of_sight_and_the_list_says_so(house: House) -> None:
    case = ready(house, "hand_over")
    desk = house.desk("konselor")
    answer = desk.fill(page_of(case, "hand_over"), **case_answers(house, "hand_over"))
    assert answer.location == "/admin/case/"
    assert "tidak lagi terbuka untuk Anda" in desk.get(answer.location).text
    assert again(house, case).counsellor is house.cast.lestari


def test_the_order_is_kept_as_it_was_written(house: House) -> None:
    case = ready(house, "approve")
    answers = case_answers(house, "approve") | {"safe_meeting_point": "y"}
    house.desk("supervisor").fill(page_of(case, "approve"), **answers)
    again(house, case)
    order = house.session.scalars(select(Order)).one()
    assert [one.officer for one in order.assignments] == [house.cast.joko]
    assert (order.task, order.place) == (answers["task"], answers["place"])
    assert order.safe_meeting_point and order.basis == answers["basis"]
    assert case.counsellor is house.cast.maya


def test_the_form_of_the_order_begins_with_three_days_and_the_usual_basis(house: House) -> None:
    page = house.desk("supervisor").get(page_of(ready(house, "approve"), "approve")).text
    fields = dict(FormReader(page).fields)
    assert fields["starts_on"] < fields["ends_on"]
    assert "Undang-Undang Nomor 12 Tahun 2022" in fields["basis"]


def test_a_rejection_carries_the_words_of_the_list(house: House) -> None:
    case = ready(house, "reject")
    answers = {"kind": "di_luar_kewenangan", "reason": "Terjadi di kota lain"}
    house.desk("supervisor").fill(page_of(case, "reject"), **answers)
    reason = again(house, case).status_reason
    assert reason == "Di luar kewenangan UPT PPA. Terjadi di kota lain"


def test_an_outreach_is_reported_with_its_files(house: House) -> None:
    case = ready(house, "report_outreach")
    desk, address = house.desk("penjangkau"), page_of(case, "report_outreach")
    form = FormReader(desk.get(address).text).filled(**case_answers(house, "report_outreach"))
    form.setlist("files", [(io.BytesIO(picture("JPEG")), "rumah.jpg")])
    answer = desk.client.post(address, data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    again(house, case)
    [file] = house.session.scalars(select(Attachment))
    assert (file.case_id, file.outreach) == (case.id, house.session.scalars(select(Outreach)).one())
    assert file.uploaded_by is house.cast.joko


def test_a_refused_file_leaves_everything_typed_and_nothing_stored(house: House) -> None:
    case = ready(house, "report_outreach")
    desk, address = house.desk("penjangkau"), page_of(case, "report_outreach")
    form = FormReader(desk.get(address).text).filled(**case_answers(house, "report_outreach"))
    form.setlist("files", [(io.BytesIO(b"MZ\x90\x00 program"), "foto.jpg")])
    answer = desk.client.post(address, data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Jenis berkas ini tidak diterima" in answer.text
    assert "Korban aman di rumah kerabat" in answer.text
    assert again(house, case).status is CaseStatus.outreach


# --- who may not ----------------------------------------------------------------------------------


def test_nobody_else_does_it(house: House) -> None:
    for act, (before, _username, _after) in CASE_ACTS.items():
        case = brought_to(house, before)
        for role in {*ROLES} - {one.value for one in CASE_RULES[act].who}:
            desk = house.desk(role)
            assert desk.get(page_of(case, act)).status_code in (200, 403, 404)
            answer = desk.post(page_of(case, act), case_answers(house, act) | {"version_id": 1})
            assert answer.status_code in (403, 404, 409)
        assert again(house, case).status is before


def test_a_colleague_who_may_not_see_the_case_finds_nothing_there(house: House) -> None:
    case = ready(house, "correct")
    missing = page_of(case, "correct").replace(f"id={case.id}", "id=999999")
    for address in (page_of(case, "correct"), missing):
        assert house.desk("petugas2").get(address).status_code == 404
        assert house.desk("petugas2").post(address, {"note": "x"}).status_code == 404


NO_NUMBERS = ["", "0", "-1", "abc", "1,2", "1e3", "99999999999999999999", "%00", "٣"]


def test_a_hostile_number_is_a_page_that_does_not_exist(house: House) -> None:
    desk = house.desk("supervisor")
    acts = (("case", "approve"), ("report", "take"), ("monitoring", "record"))
    for number, (table, act) in product(NO_NUMBERS, acts):
        address = f"/admin/{table}/tindakan/{act}/?id={number}"
        assert desk.get(address).status_code in (400, 404)
        assert desk.post(address).status_code in (400, 404)


def test_an_unknown_act_is_a_page_that_does_not_exist(house: House) -> None:
    case = house.office.case()
    assert house.desk("supervisor").get(page_of(case, "abracadabra")).status_code == 404


def test_whoever_identified_the_case_reads_why_they_may_not_approve_it(house: House) -> None:
    case = house.office.case()
    case.identified_by = house.cast.budi
    house.session.commit()
    desk, address = house.desk("supervisor"), page_of(case, "approve")
    sentence = "Kasus yang Anda identifikasi sendiri harus disetujui supervisor lain."
    page = desk.get(address)
    assert (page.status_code, sentence in page.text) == (200, True)
    assert 'type="submit">Setujui' not in page.text
    assert sentence in desk.get(f"/admin/case/details/?id={case.id}").text
    answer = desk.post(address, case_answers(house, "approve"))
    assert (answer.status_code, sentence in answer.text) == (409, True)
    assert again(house, case).status is CaseStatus.identified
    assert refusals(house) == ["approve"]


def test_an_emergency_needs_a_reason_and_is_reviewed_by_another(house: House) -> None:
    case = house.office.case(risk=Risk.darurat)
    case.identified_by = house.cast.budi
    house.session.commit()
    desk, address = house.desk("supervisor"), page_of(case, "approve")
    answers = case_answers(house, "approve")
    silent = desk.fill(address, **answers)
    assert (silent.status_code, "Wajib diisi" in silent.text) == (422, True)
    assert desk.fill(address, emergency_reason=REASON, **answers).status_code == 303
    assert again(house, case).emergency_reason == REASON
    waiting = "menunggu peninjauan supervisor lain"
    assert waiting in desk.get(f"/admin/case/details/?id={case.id}").text
    own = desk.post(page_of(case, "review_emergency"), {"reason": REASON, "version_id": 9})
    assert (own.status_code, "ditinjau oleh supervisor lain" in own.text) == (409, True)
    other = house.desk("supervisor2")
    assert other.fill(page_of(case, "review_emergency"), reason=REASON).status_code == 303
    assert again(house, case).reviewed_by is house.cast.dewi
    assert waiting not in desk.get(f"/admin/case/details/?id={case.id}").text


def test_an_ordinary_approval_asks_for_no_emergency(house: House) -> None:
    case = house.office.case(risk=Risk.darurat)
    assert "emergency_reason" not in house.desk("supervisor").get(page_of(case, "approve")).text


# --- twice, too late, incomplete ------------------------------------------------------------------


def test_a_stale_form_says_so_keeps_its_text_and_can_be_sent_again(house: House) -> None:
    case = ready(house, "return")
    desk, address = house.desk("supervisor"), page_of(case, "return")
    form = FormReader(desk.get(address).text).filled(reason=REASON)
    case.risk = Risk.tinggi
    house.session.commit()
    stale = desk.send(address, form)
    assert (stale.status_code, REASON in stale.text) == (409, True)
    assert "baru saja diubah petugas lain" in stale.text
    assert again(house, case).status is CaseStatus.identified
    assert desk.send(address, FormReader(stale.text).filled()).status_code == 303
    assert again(house, case).status is CaseStatus.returned


def test_a_form_without_a_version_is_stale(house: House) -> None:
    case = ready(house, "return")
    answer = house.desk("supervisor").post(page_of(case, "return"), {"reason": REASON})
    assert answer.status_code == 409
    assert again(house, case).status is CaseStatus.identified


def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(house: House) -> None:
    case = ready(house, "approve")
    answers = case_answers(house, "approve") | {"officers": None, "task": "Tugas 😀 ‏rekaan"}
    answer = house.desk("supervisor").fill(page_of(case, "approve"), **answers)
    assert answer.status_code == 422
    assert 'href="#officers"' in answer.text
    assert "Tugas 😀" in answer.text and "Balai RW rekaan" in answer.text
    assert count(house, Letter) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_on", "2026-02-31"),
        ("ends_on", "1990-01-01"),
        ("officers", ["999999"]),
        ("officers", ["abc"]),
        ("counsellor", "0"),
        ("task", "x" * 20_001),
        ("task", "   "),
    ],
)
def test_bad_input_is_an_error_beside_its_field(house: House, field: str, value: Any) -> None:
    case = ready(house, "approve")
    answers = case_answers(house, "approve") | {field: value}
    answer = house.desk("supervisor").fill(page_of(case, "approve"), **answers)
    assert (answer.status_code, "field-error" in answer.text) == (422, True)
    assert again(house, case).status is CaseStatus.identified


def test_an_officer_of_another_role_cannot_be_ordered(house: House) -> None:
    case = ready(house, "approve")
    answers = case_answers(house, "approve") | {"officers": [house.cast.hadi.id]}
    assert house.desk("supervisor").fill(page_of(case, "approve"), **answers).status_code == 422


def test_a_letter_that_cannot_be_made_is_a_sentence(house: House, monkeypatch: Any) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> bytes:
        raise LetterError("Penandatangan tidak aktif.")

    monkeypatch.setattr(cases.register, "trial", refuse)
    case = ready(house, "approve")
    answer = house.desk("supervisor").fill(
        page_of(case, "approve"), **case_answers(house, "approve")
    )
    assert (answer.status_code, "Penandatangan tidak aktif." in answer.text) == (409, True)
    assert "Menemui korban" in answer.text
    assert again(house, case).status is CaseStatus.identified


# --- termination ----------------------------------------------------------------------------------


def test_the_termination_shows_what_is_missing_and_is_refused(house: House) -> None:
    case = ready(house, "terminate")
    house.cast.budi.position = None
    house.session.commit()
    desk = house.desk("supervisor")
    page = desk.get(page_of(case, "terminate")).text
    assert "Jabatan penandatangan belum diisi." in page
    answer = desk.fill(page_of(case, "terminate"))
    assert (answer.status_code, "Jabatan penandatangan" in answer.text) == (409, True)
    assert count(house, Letter) == 1


def test_what_a_nota_lacks_leads_to_where_it_can_be_completed(house: House) -> None:
    case = ready(house, "terminate")
    case.victims.clear()
    for service in case.interventions:
        service.state = InterventionState.cancelled
    for visit in case.outreaches:
        visit.state = OutreachState.cancelled
    house.cast.budi.position = None
    house.session.commit()
    proposal = case.terminations[-1]
    gaps = nota_terminasi.missing(house.session, proposal, house.cast.budi)
    with house.app.test_request_context():
        login_user(Account(house.cast.budi))
        parts = dict(missing_parts.with_links(gaps))
    assert parts["Korban belum dicatat."] == f"/admin/victim/new/?case={case.id}"
    services = parts["Pelayanan yang diberikan belum dicatat."]
    assert services == f"/admin/intervention/new/?case={case.id}"
    assert parts["Jabatan penandatangan belum diisi."] == ""  # the admin's, not a supervisor's


def test_the_termination_shows_the_summary_and_the_dates_to_come(house: House) -> None:
    page = house.desk("supervisor").get(page_of(ready(house, "terminate"), "terminate")).text
    assert "Korban pulih dan aman" in page
    assert page.count("Bunga Rekaan") >= 3


def test_without_consent_the_proposal_explains(house: House) -> None:
    case = ready(house, "propose_termination")
    desk, address = house.desk("konselor"), page_of(case, "propose_termination")
    answers = case_answers(house, "propose_termination") | {"agreement": "tidak_setuju"}
    assert "Jelaskan mengapa korban" in desk.fill(address, **answers).text
    assert desk.fill(address, agreement_note="Ingin tetap ditemani", **answers).status_code == 303
    again(house, case)
    proposal = house.session.scalars(select(Termination)).one()
    assert proposal.agreement_note == "Ingin tetap ditemani"


def test_the_final_nota_waits_for_every_contact(house: House) -> None:
    case = house.office.case(CaseStatus.monitoring)
    desk = house.desk("konselor")
    assert "Masih ada 3 monitoring yang belum selesai." in desk.get(page_of(case, "close")).text
    assert desk.post(page_of(case, "close"), {"version_id": case.version_id}).status_code == 409


# --- without a token, signed out ------------------------------------------------------------------


@pytest.mark.parametrize(("act", "signed_in"), [*product(("approve", "return"), (True, False))])
def test_without_token_or_sign_in_nothing_happens(house: House, act: str, signed_in: bool) -> None:
    case = ready(house, act)
    client = house.desk("supervisor").client if signed_in else house.app.test_client()
    answer = client.post(page_of(case, act), data=case_answers(house, act))
    assert answer.status_code in (302, 303, 400)
    assert again(house, case).status is CaseStatus.identified


def test_a_disabled_officer_does_nothing_any_more(house: House) -> None:
    case, desk = ready(house, "return"), house.desk("supervisor")
    form = FormReader(desk.get(page_of(case, "return")).text).filled(reason=REASON)
    house.cast.budi.active = False
    house.session.commit()
    assert desk.send(page_of(case, "return"), form).status_code in (302, 303, 400)
    assert again(house, case).status is CaseStatus.identified


def test_somebody_elses_password_ends_their_session(house: House) -> None:
    desk = Desk(house.app, "supervisor")
    house.cast.budi.password_hash = hash_password(PASSWORD + "x")
    house.session.commit()
    assert desk.get("/admin/case/").status_code == 302
