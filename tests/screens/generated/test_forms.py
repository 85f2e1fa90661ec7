"""Changing rows through the generated forms: what is stored, refused, and noted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from models import (
    AuditEntry,
    Case,
    CaseStatus,
    CodeItem,
    DayOff,
    Intervention,
    InterventionState,
    Officer,
    PartnerInstitution,
    Person,
    Referral,
    Role,
    SafeContact,
    ServiceComplaint,
    Setting,
    Victim,
)
from portal.indonesia import dates
from portal.protection import audit
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import FormReader


@pytest.fixture
def case(house: House) -> Case:
    """A case in handling, led by Maya."""
    return house.office.case(CaseStatus.handling)


def edit_page(row: object) -> str:
    return f"/admin/{row.__tablename__}/edit/?id={row.id}"  # type: ignore[attr-defined]


def again(house: House, row: object) -> None:
    """See what was stored meanwhile."""
    house.session.rollback()
    house.session.refresh(row)


def entries(house: House, event: str) -> list[AuditEntry]:
    house.session.rollback()
    wanted = select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.id)
    return list(house.session.scalars(wanted))


# --- a case with its people -----------------------------------------------------------------


def test_a_case_is_changed_with_what_the_form_shows(house: House, case: Case) -> None:
    answer = house.desk("supervisor").fill(
        edit_page(case),
        narrative="Baris pertama\r\nbaris kedua 😀 ‏نص",
        incident_date="2026-02-01",
        violence_kinds=["fisik", "psikis"],
        place_kind="rumah_tangga",
        outside_city="y",
    )
    again(house, case)
    assert answer.status_code == 302
    assert f"/admin/case/details/?id={case.id}" in answer.location
    assert case.narrative == "Baris pertama\nbaris kedua 😀 ‏نص"
    assert (case.incident_date, case.violence_kinds) == (date(2026, 2, 1), ["fisik", "psikis"])
    assert (case.place_kind, case.outside_city) == ("rumah_tangga", True)


def test_what_was_changed_is_in_the_log_with_old_and_new_value(house: House, case: Case) -> None:
    house.desk("supervisor").fill(edit_page(case), place="Di sekolah", incident_time="malam")
    entry = entries(house, "changed")[-1]
    assert (entry.actor_id, entry.case_id) == (house.cast.budi.id, case.id)
    assert audit.details_of(entry)["fields"] == {
        "place": [None, "Di sekolah"],
        "incident_time": ["tidak_diketahui", "malam"],
    }


def test_a_form_sent_unchanged_changes_nothing(house: House, case: Case) -> None:
    version, before = case.version_id, len(entries(house, "changed"))
    assert house.desk("supervisor").fill(edit_page(case)).status_code == 302
    again(house, case)
    assert case.version_id == version
    assert len(entries(house, "changed")) == before


def test_the_form_of_a_case_cannot_move_its_status(house: House, case: Case) -> None:
    house.desk("supervisor").fill(
        edit_page(case), status="closed", counsellor="1", number="X", closed_at="2026-01-01"
    )
    again(house, case)
    assert (case.status, case.closed_at) == (CaseStatus.handling, None)
    assert case.counsellor_id == house.cast.maya.id


def test_the_person_of_a_victim_is_changed_on_the_case(house: House, case: Case) -> None:
    house.desk("supervisor").fill(
        edit_page(case),
        **{
            "incident_date": "2026-02-01",
            "victims-0-person__name": "Bunga Melati Rekaan",
            "victims-0-person__birth_date": "2014-02-02",
            "victims-0-person__phone": "0812 3456 78901",
            "victims-0-age_at_incident": "",
            "victims-0-gbvims_type": "physical_assault",
        },
    )
    again(house, case)
    victim = case.victims[0]
    assert (victim.person.name, victim.person.phone) == ("Bunga Melati Rekaan", "+62812345678901")
    assert victim.age_at_incident == 11, "twelve a day later"
    assert victim.gbvims_type == "physical_assault"


def test_a_new_victim_is_added_and_nobody_is_removed(house: House, case: Case) -> None:
    house.desk("supervisor").fill(
        edit_page(case),
        **{
            "del-victims-0": "y",
            "victims-1-person__name": "Melati Rekaan",
            "victims-1-person__sex": "perempuan",
            "victims-1-person__estimated_age": "9",
            "victims-1-violence_kinds": ["psikis"],
        },
    )
    again(house, case)
    added = case.victims[1]
    assert [victim.person.name for victim in case.victims] == ["Bunga Rekaan", "Melati Rekaan"]
    assert (added.case_id, added.age_at_incident, added.violence_kinds) == (case.id, 9, ["psikis"])
    assert {entry.subject_table for entry in entries(house, "created")} >= {"victim", "person"}


def test_a_suspect_of_whom_nothing_is_known_has_no_person(house: House, case: Case) -> None:
    house.desk("supervisor").fill(
        edit_page(case),
        **{"suspects-1-relation": "tetangga", "suspects-1-person__sex": "tidak_diketahui"},
    )
    again(house, case)
    stranger = case.suspects[1]
    assert (stranger.person_id, stranger.relation) == (None, "tetangga")
    desk, named = house.desk("supervisor"), f"Tidak dikenal ({stranger.id})"
    assert f">{named}</a>" in desk.get("/admin/suspect/").text
    assert f"Terlapor: {named}" in desk.get(f"/admin/suspect/details/?id={stranger.id}").text


def test_nobody_is_born_after_it_happened(house: House, case: Case) -> None:
    answer = house.desk("supervisor").fill(
        edit_page(case),
        **{"incident_date": "2020-02-01", "victims-0-person__birth_date": "2021-01-01"},
    )
    assert "Tanggal lahir tidak boleh sesudah tanggal kejadian" in answer.text
    again(house, case)
    assert case.incident_date is None


def test_a_strange_row_number_is_no_row(house: House, case: Case) -> None:
    answer = house.desk("supervisor").fill(
        edit_page(case),
        **{"victims-²-person__name": "x", "victims-99999999999999999999-condition": "x"},
    )
    again(house, case)
    assert (answer.status_code, len(case.victims)) == (302, 1)


def test_a_victim_of_another_case_cannot_be_changed_here(house: House, case: Case) -> None:
    other = house.office.case()
    answer = house.desk("supervisor").fill(
        edit_page(case), **{"victims-0-id": other.victims[0].id, "victims-0-condition": "x"}
    )
    assert "Belum disimpan" in answer.text
    again(house, other.victims[0])
    assert other.victims[0].condition is None


# --- somebody was faster --------------------------------------------------------------------


def test_a_stale_edit_changes_nothing_and_says_who_was_faster(house: House, case: Case) -> None:
    late = FormReader(house.desk("supervisor").get(edit_page(case)).text)
    house.desk("konselor").fill(edit_page(case), place="Dari Maya")
    answer = house.desk("supervisor").send(
        edit_page(case), late.filled(place="Dari Budi", narrative="Tulisan panjang Budi")
    )
    again(house, case)
    assert (case.place, answer.status_code) == ("Dari Maya", 200)
    assert "Maya Kusuma" in answer.text and "Tempat kejadian" in answer.text
    assert "Tulisan panjang Budi" in answer.text, "what was typed is still there"
    meant = FormReader(answer.text).filled()
    assert house.desk("supervisor").send(edit_page(case), meant).status_code == 302
    again(house, case)
    assert case.place == "Dari Budi", "having seen it, the officer means it"


def test_a_stale_victim_makes_the_whole_form_stale(house: House, case: Case) -> None:
    late = FormReader(house.desk("supervisor").get(edit_page(case)).text)
    house.desk("konselor").fill(edit_page(case.victims[0].person), alias="Mawar")
    answer = house.desk("supervisor").send(
        edit_page(case), late.filled(**{"victims-0-person__alias": "Anggrek", "place": "x"})
    )
    again(house, case)
    assert "Belum disimpan" in answer.text
    assert (case.place, case.victims[0].person.alias) == (None, "Mawar")


def test_a_form_without_its_version_is_stale(house: House, case: Case) -> None:
    page = FormReader(house.desk("supervisor").get(edit_page(case)).text)
    for version in (None, "", "abc", "-1", "99999999999"):
        answer = house.desk("supervisor").send(
            edit_page(case), page.filled(version_id=version, place="x")
        )
        assert "Belum disimpan" in answer.text
    again(house, case)
    assert case.place is None


def test_two_who_save_at_the_same_moment_are_told_apart(house: House, case: Case) -> None:
    """The version is right when the form is read and wrong when it is written."""
    page = FormReader(house.desk("supervisor").get(edit_page(case)).text).filled(place="Budi")
    again(house, case)
    case.place = "Lebih cepat"
    house.session.commit()
    assert "Belum disimpan" in house.desk("supervisor").send(edit_page(case), page).text


# --- one person -------------------------------------------------------------------------------


@pytest.fixture
def person(case: Case) -> Person:
    """Bunga."""
    return case.victims[0].person


def test_an_odd_nik_is_stored_and_pointed_out(house: House, person: Person) -> None:
    desk = house.desk("supervisor")
    desk.fill(edit_page(person), nik="3573 0112 0199 0001", birth_date="1990-01-13")
    again(house, person)
    assert person.nik == "3573011201990001"
    page = desk.get(f"/admin/person/details/?id={person.id}").text
    assert "berbeda dari yang diisi" in page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("phone", "12", "tidak dikenali"),
        ("phone", "nomor ibu", "tidak dikenali"),
        ("birth_date", "2026-02-31", "Tanggal ini tidak ada"),
        ("birth_date", "0001-01-01", "tidak mungkin"),
        ("birth_date", (dates.today() + timedelta(days=1)).isoformat(), "belum terjadi"),
        ("estimated_age", "900", "Isi angka dari 0 sampai 130"),
        ("estimated_age", "9" * 5000, "Isi dengan angka bulat"),
        ("estimated_age", "sebelas", "Isi dengan angka bulat"),
        ("email", "bukan surel", "tidak lengkap"),
        ("name", "a" * 301, "Paling banyak 300 karakter; sekarang 301"),
        ("notes", "a" * 20_001, "Paling banyak 20000 karakter"),
        ("sex", "x", "tidak ada dalam daftar"),
        ("disabilities", ["fisik", "x"], "tidak ada dalam daftar"),
        ("region", "99.99", "tidak dikenal"),
        ("guardian", "4711", "tidak dikenal"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    house: House, person: Person, field: str, typed: object, sentence: str
) -> None:
    before = person.version_id
    answer = house.desk("supervisor").fill(edit_page(person), **{field: typed, "alias": "Kenanga"})
    assert answer.status_code == 200
    assert sentence in answer.text and f'id="{field}-error"' in answer.text
    assert 'value="Kenanga"' in answer.text, "nothing typed is lost"
    again(house, person)
    assert person.version_id == before


def test_a_long_story_with_every_sign_is_kept(house: House, person: Person) -> None:
    story = "Cerita 😀 ‮kanan‬ <script>x</script> \x00 'quote\" " * 200
    answer = house.desk("supervisor").fill(edit_page(person), notes=story)
    again(house, person)
    assert answer.status_code == 302
    assert person.notes == story.replace("\x00", "").strip()
    assert "<script>x" not in house.desk("supervisor").get(edit_page(person)).text


def test_a_code_that_is_no_longer_offered_stays_where_it_was(house: House, person: Person) -> None:
    person.education = "sd"
    item = house.session.scalars(
        select(CodeItem).filter_by(list_name="pendidikan", code="sd")
    ).one()
    item.active = False
    house.session.commit()
    assert house.desk("supervisor").fill(edit_page(person), alias="Mawar").status_code == 302
    again(house, person)
    assert person.education == "sd"
    other = house.office.taken().victims[0].person
    house.session.commit()
    page = house.desk("supervisor").get(edit_page(other))
    assert page.status_code == 200 and 'name="education"' in page.text
    assert 'value="sd"' not in page.text


def test_an_office_may_leave_a_number_as_it_was(house: House, person: Person) -> None:
    person.phone = "tanya bu RT"
    house.session.commit()
    assert house.desk("supervisor").fill(edit_page(person), alias="Mawar").status_code == 302
    again(house, person)
    assert (person.phone, person.alias) == ("tanya bu RT", "Mawar")


# --- new rows -----------------------------------------------------------------------------------


def test_a_form_sent_twice_makes_one_row(house: House, case: Case) -> None:
    desk, page = house.desk("konselor"), "/admin/intervention/new/"
    form = FormReader(desk.get(page).text).filled(
        case=case.id,
        victim=case.victims[0].id,
        service="kesehatan",
        officer=house.cast.maya.id,
        state="planned",
    )
    first, second = desk.send(page, form), desk.send(page, form)
    house.session.rollback()
    rows = house.session.scalars(select(Intervention)).all()
    assert (len(rows), first.location, first.status_code) == (1, second.location, 302)
    assert rows[0].state is InterventionState.planned


def test_a_finished_service_needs_its_result_and_its_day(house: House, case: Case) -> None:
    answer = house.desk("konselor").fill(
        "/admin/intervention/new/",
        case=case.id,
        service="kesehatan",
        officer=house.cast.maya.id,
        state="done",
    )
    assert "Tuliskan hasil layanan" in answer.text and 'id="result-error"' in answer.text
    assert 'id="done_on-error"' in answer.text


def test_mediation_is_refused_after_sexual_violence(house: House, case: Case) -> None:
    case.violence_kinds = ["seksual"]
    house.session.commit()
    answer = house.desk("konselor").fill(
        "/admin/intervention/new/",
        case=case.id,
        service="mediasi",
        officer=house.cast.maya.id,
        state="planned",
    )
    assert "UU 12/2022" in answer.text
    assert house.session.scalars(select(Intervention)).all() == []


def test_no_referral_without_consent_or_legal_basis(house: House, case: Case) -> None:
    partner = house.session.scalars(select(PartnerInstitution)).first()
    assert partner
    facts = {
        "case": case.id,
        "victim": case.victims[0].id,
        "partner": partner.id,
        "service": "kesehatan",
        "state": "diajukan",
    }
    desk, page = house.desk("konselor"), "/admin/referral/new/"
    assert 'id="consent-error"' in desk.fill(page, **facts).text
    assert desk.fill(page, **facts, legal_basis="kewajiban_hukum").status_code == 302
    house.session.rollback()
    referral = house.session.scalars(select(Referral)).one()
    assert (referral.officer_id, referral.referred_on) == (house.cast.maya.id, dates.today())


def test_a_second_safe_contact_is_refused_in_words(house: House, case: Case) -> None:
    reporter = case.reports[0].reporter
    assert reporter and reporter.person.safe_contact
    answer = house.desk("supervisor").fill(
        "/admin/safe_contact/new/", person=reporter.person_id, channel="telepon"
    )
    assert "Kontak aman orang ini sudah ada" in answer.text
    assert len(house.session.scalars(select(SafeContact)).all()) == 1


def test_the_same_person_is_one_victim_of_a_case(house: House, case: Case) -> None:
    answer = house.desk("supervisor").fill(
        "/admin/victim/new/", person=case.victims[0].person_id, case=case.id
    )
    assert "sudah tercatat sebagai korban" in answer.text
    assert len(house.session.scalars(select(Victim).filter_by(case_id=case.id)).all()) == 1


def test_the_age_of_a_victim_follows_from_what_is_known(house: House, case: Case) -> None:
    person = case.victims[0].person
    person.birth_date, case.incident_date = date(2010, 5, 6), date(2026, 5, 5)
    house.session.commit()
    house.desk("supervisor").fill(edit_page(case.victims[0]), condition="Tenang")
    again(house, case.victims[0])
    assert case.victims[0].age_at_incident == 15


def test_a_victim_needs_a_case(house: House, case: Case) -> None:
    answer = house.desk("supervisor").fill("/admin/victim/new/", person=case.victims[0].person_id)
    assert "Pilih kasusnya" in answer.text


# --- complaints, lists, officers ----------------------------------------------------------------


def test_a_complaint_by_telephone_is_entered_answered_and_finished(house: House) -> None:
    desk = house.desk("petugas")
    assert ">Jawaban</h2>" not in desk.get("/admin/service_complaint/new/").text  # not yet
    desk.fill("/admin/service_complaint/new/", body="Antrean lama", via="telepon", name="Wati")
    house.session.rollback()
    row = house.session.scalars(select(ServiceComplaint)).one()
    assert row.number in desk.get("/admin/service_complaint/").text
    desk.fill(edit_page(row), answer="Loket ditambah.")
    again(house, row)
    assert (row.status.value, row.answered_by_id) == ("dijawab", house.cast.sari.id)
    desk.fill(edit_page(row), step="selesai")
    again(house, row)
    assert row.status.value == "selesai"


def test_codes_that_rules_depend_on_are_only_relabelled(house: House) -> None:
    desk = house.desk("admin")
    answer = desk.fill(
        "/admin/code_item/new/",
        list_name="risk",
        code="sangat",
        label="x",
        label_en="x",
        position="9",
    )
    assert "kodenya tidak dapat ditambah" in answer.text
    item = house.session.scalars(select(CodeItem).filter_by(list_name="risk", code="rendah")).one()
    page = house.desk("admin").get(f"/admin/code_item/details/?id={item.id}").text
    assert f"Daftar kode: {item.label}" in page
    assert "tidak dapat dinonaktifkan" in desk.fill(edit_page(item), active=None).text
    assert desk.fill(edit_page(item), label="Rendah sekali").status_code == 302
    again(house, item)
    assert (item.label, item.active) == ("Rendah sekali", True)


def test_a_new_code_is_offered_at_once_and_only_once(house: House, case: Case) -> None:
    desk = house.desk("admin")
    facts = {"list_name": "pekerjaan", "code": "ojek", "label": "Pengemudi ojek", "position": "35"}
    assert desk.fill("/admin/code_item/new/", **facts, label_en="Rider").status_code == 302
    again_refused = desk.fill("/admin/code_item/new/", **facts, label_en="Rider")
    assert "sudah ada dalam daftar" in again_refused.text
    page = house.desk("supervisor").get(edit_page(case.victims[0].person)).text
    assert "Pengemudi ojek" in page


def test_where_the_names_of_the_lists_were_not_loaded_codes_are_added_all_the_same(
    house: House,
) -> None:
    """An office that took over a newer version and has not run `seed reference` again."""
    house.session.execute(delete(CodeItem).where(CodeItem.list_name == "daftar_kode"))
    house.session.commit()
    desk = house.desk("admin")
    facts = {"list_name": "pekerjaan", "code": "ojek", "label": "Pengemudi ojek", "position": "35"}
    assert desk.fill("/admin/code_item/new/", **facts, label_en="Rider").status_code == 302
    assert "Pengemudi ojek" in desk.get("/admin/code_item/?list_name=pekerjaan").text


def test_a_day_off_is_added_once(house: House) -> None:
    desk, facts = house.desk("admin"), {"day": "2027-01-04", "name": "Hari rekaan", "source": "SK"}
    assert desk.fill("/admin/day_off/new/", **facts).status_code == 302
    assert "sudah tercatat" in desk.fill("/admin/day_off/new/", **facts).text
    house.session.rollback()
    assert len(house.session.scalars(select(DayOff).filter_by(day=date(2027, 1, 4))).all()) == 1


def test_a_setting_has_a_value_and_nothing_else_to_change(house: House) -> None:
    setting = house.session.scalars(select(Setting).filter_by(key="office_hours")).one()
    house.desk("admin").fill(edit_page(setting), value="Senin–Jumat", key="lain", label="lain")
    again(house, setting)
    assert (setting.value, setting.key) == ("Senin–Jumat", "office_hours")


def test_an_officer_is_added_without_a_password_and_waits_for_a_second_admin(house: House) -> None:
    desk = house.desk("admin")
    facts = {"username": "baru", "name": "Baru Rekaan", "role": "konselor", "password_hash": "x"}
    assert desk.fill("/admin/officer/new/", **facts).status_code == 302
    assert "sudah dipakai" in desk.fill("/admin/officer/new/", **facts).text
    house.session.rollback()
    new = house.session.scalars(select(Officer).filter_by(username="baru")).one()
    assert (new.role, new.password_hash, new.active) == (Role.konselor, None, False)
    desk.fill(edit_page(new), active="y", role="supervisor", position="Konselor Muda")
    again(house, new)
    assert (new.position, new.role, new.active) == ("Konselor Muda", Role.konselor, False)
