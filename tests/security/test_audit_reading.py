"""Who looked, who changed what, and who was refused: in the log, and on the pages that show it."""

from datetime import date

import pytest
from sqlalchemy import select

from models import AuditEntry, Case, CaseStatus, Person
from portal.protection import audit, audit_check
from tests.screens.generated.conftest import House, house

__all__ = ["house"]


@pytest.fixture
def case(house: House) -> Case:
    """A case in handling: Maya leads, Joko was sent."""
    return house.office.case(CaseStatus.handling)


def entries(house: House, event: str, username: str) -> list[AuditEntry]:
    house.session.rollback()
    officer = {one.username: one for one in vars(house.cast).values()}[username]
    wanted = select(AuditEntry).filter_by(event=event, actor_id=officer.id)
    return list(house.session.scalars(wanted.order_by(AuditEntry.id)))


def subjects(found: list[AuditEntry]) -> list[tuple[str | None, int | None]]:
    return [(one.subject_table, one.subject_id) for one in found]


def test_every_page_that_shows_a_row_leaves_an_entry(house: House, case: Case) -> None:
    victim = case.victims[0]
    desk = house.desk("konselor")
    for address in (
        f"/admin/case/details/?id={case.id}",
        f"/admin/case/edit/?id={case.id}",
        f"/admin/case/tindakan/propose_termination/?id={case.id}",
        f"/admin/victim/details/?id={victim.id}",
        f"/admin/person/edit/?id={victim.person_id}",
    ):
        assert desk.get(address).status_code == 200
    seen = entries(house, "viewed", "konselor")
    assert subjects(seen) == [
        *[("case", case.id)] * 3,
        ("victim", victim.id),
        ("person", victim.person_id),
    ]
    assert [one.case_id for one in seen] == [case.id] * 4 + [None]


def test_a_list_is_noted_with_its_filters(house: House, case: Case) -> None:
    house.desk("konselor").get("/admin/case/?status=handling")
    entry = entries(house, "listed", "konselor")[-1]
    assert audit.details_of(entry) == {"table": "case", "filters": {"status": ["handling"]}}
    house.desk("konselor").get("/admin/case/")
    read = house.desk("auditor").get("/admin/audit_entry/?event=listed").text
    assert "saringan: Keadaan Penanganan" in read and "saringan: –" in read


def test_who_asks_for_what_is_not_theirs_is_noted_alike_whether_it_exists(
    house: House, case: Case
) -> None:
    answers = [
        house.desk("petugas2").get(f"/admin/case/details/?id={key}") for key in (case.id, 987)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data.count(b"<p") == answers[1].data.count(b"<p")
    assert house.desk("admin").get(f"/admin/case/details/?id={case.id}").status_code == 403
    assert subjects(entries(house, "denied", "petugas2")) == [("case", case.id), ("case", 987)]
    assert subjects(entries(house, "denied", "admin")) == [("case", case.id)]


def test_no_refusal_goes_without_an_entry_and_none_has_two(house: House, case: Case) -> None:
    letter, auditor, desk = case.letters[0], house.desk("auditor"), house.desk("supervisor")
    assert auditor.post("/admin/letter/meja/").status_code == 403  # no row is asked for
    assert auditor.get("/admin/impor/").status_code == 403
    pages = [audit.details_of(one)["page"] for one in entries(house, "denied", "auditor")]
    assert pages == ["signing_desk.index", "chat_import.index"]
    counsellor = house.desk("konselor")
    assert counsellor.post("/admin/case/action/", {"action": "approve"}).status_code == 404
    assert len(entries(house, "denied", "konselor")) == 1
    back = f"/admin/letter/meja/kembalikan/?id={letter.id}"  # it is not Budi's turn
    assert desk.post(back, {"reason": "Nama korban keliru"}).status_code == 409
    assert desk.post(f"/admin/case/tindakan/approve/?id={case.id}").status_code == 409
    acts = [audit.details_of(one)["act"] for one in entries(house, "refused", "supervisor")]
    assert acts == ["signing_desk.give_back", "approve"]


def test_an_act_leaves_old_and_new_values_field_by_field(house: House) -> None:
    case = house.office.case(CaseStatus.approved)
    house.office.start_outreach(case)
    house.session.commit()
    changed = entries(house, "changed", "penjangkau")
    fields = [audit.details_of(one)["fields"] for one in changed if one.subject_table == "case"]
    assert fields[-1]["status"] == ["approved", "outreach"]


def test_the_case_page_tells_who_looked_to_who_leads_and_to_supervisors(
    house: House, case: Case
) -> None:
    house.desk("penjangkau").get(f"/admin/case/details/?id={case.id}")
    title, name = "Siapa melihat kasus ini", house.cast.joko.name
    for username in ("konselor", "supervisor"):
        page = house.desk(username).get(f"/admin/case/details/?id={case.id}").text
        assert title in page
        assert f"{name}: 1 kali" in page
    assert title not in house.desk("penjangkau").get(f"/admin/case/details/?id={case.id}").text
    assert title not in house.desk("penjangkau").get(f"/admin/case/jejak/?id={case.id}").text


def test_the_history_shows_what_it_was_and_what_it_became(house: House, case: Case) -> None:
    house.desk("konselor").fill(f"/admin/case/edit/?id={case.id}", place="Di sekolah rekaan")
    page = house.desk("supervisor").get(f"/admin/case/jejak/?id={case.id}").text
    assert "– → Di sekolah rekaan" in page
    assert house.desk("petugas2").get(f"/admin/case/jejak/?id={case.id}").status_code == 404


def test_the_auditor_reads_which_fields_changed_and_no_word_of_the_story(
    house: House, case: Case
) -> None:
    person = case.victims[0].person_id
    house.desk("konselor").fill(f"/admin/case/edit/?id={case.id}", place="Di sekolah rekaan")
    house.desk("konselor").fill(f"/admin/person/edit/?id={person}", occupation="pelajar")
    desk = house.desk("auditor")
    me = house.cast.maya
    page = desk.get(f"/admin/audit_entry/?actor={me.id}&event=changed").text
    assert me.name in page
    assert "Pekerjaan" in page
    for untold in ("sekolah rekaan", "pelajar", "Bunga"):
        assert untold not in page
    for who in ("admin", "supervisor", "konselor"):
        assert house.desk(who).get("/admin/audit_entry/").status_code == 403


def test_one_click_leads_to_everything_an_officer_did(house: House, case: Case) -> None:
    desk = house.desk("auditor")
    address = f"/admin/audit_entry/?actor={house.cast.budi.id}"
    assert f'href="{address}"' in desk.get("/admin/audit_entry/").text
    assert desk.get(address).status_code == 200
    for wrong in (
        "event=teleported",
        "subject_table=x",
        "subject_id=1e9",
        "subject_id=99999999999",
    ):
        assert desk.get(f"/admin/audit_entry/?{wrong}").status_code == 200


def test_erasing_leaves_a_whole_chain_whose_details_nobody_can_read(
    house: House, case: Case
) -> None:
    victim = house.session.get_one(Person, case.victims[0].person_id)
    victim.occupation = "pelajar"
    case.place = "Di sekolah rekaan"
    house.session.commit()
    for row in (case, victim):
        audit.forget(house.session, row)
    case.place = None
    house.session.commit()
    case.risk, victim.birth_date = "tinggi", date(2015, 5, 5)
    house.session.commit()
    told = select(AuditEntry).filter_by(event="changed").order_by(AuditEntry.id)
    found = [one for one in house.session.scalars(told) if one.subject_table in ("case", "person")]
    assert all(audit.erased(one) for one in found[:-3])
    names = [audit.details_of(one)["fields"] for one in found[-3:]]
    assert sorted(names) == [["birth_date"], ["place"], ["risk"]], "names of fields, no values"
    house.session.rollback()
    assert audit_check.verify(house.session).whole


def test_the_command_tells_by_its_exit_code(house: House, case: Case) -> None:
    runner = house.app.test_cli_runner()
    assert runner.invoke(args=["worker", "--once"]).exit_code == 0
    whole = runner.invoke(args=["audit", "verify", "--json"])
    assert (whole.exit_code, '"whole": true' in whole.output) == (0, True)
    assert '"anchors": 1' in whole.output
    house.app.extensions["settings"].anchors.unlink()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 1
