"""The first page of each role: what waits for this officer, oldest first, and what is late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models import CaseStatus, Job, JobState, Notice, Risk, Role
from portal.letters import register
from portal.screens.home_desks import DESKS
from tests.screens.generated.conftest import House

USERS = [role.value for role in Role]


def home(house: House, username: str) -> str:
    return str(house.desk(username).get("/admin/").text)


def figure(page: str, label: str) -> int:
    """The number above a label."""
    before = page.split(label)[0]
    return int(before.rsplit('class="fact-number">', 1)[1].split("<")[0])


def test_every_role_has_a_desk() -> None:
    assert set(DESKS) == set(Role)


@pytest.mark.parametrize("username", USERS)
def test_an_empty_office_keeps_nobody_busy(house: House, username: str) -> None:
    answer = house.desk(username).get("/admin/")
    assert answer.status_code == 200
    assert "row-late" not in answer.text and "queue-late" not in answer.text


def test_every_figure_leads_to_its_list_with_as_many_rows(full_house: House) -> None:
    for username in USERS:
        page = home(full_house, username)
        for part in page.split('class="card fact ')[1:]:
            address = part.split('href="')[1].split('"')[0].replace("&amp;", "&")
            count = int(part.split('class="fact-number">')[1].split("<")[0])
            listed = full_house.desk(username).get(address)
            assert listed.status_code == 200, address
            assert "tidak mengenal nilai itu" not in listed.text, address
            if "?" in address and "status=handling&counsellor" not in address:
                assert f"{count} baris" in listed.text, address


def test_intake_sees_what_nobody_took_oldest_first_and_what_is_late(house: House) -> None:
    now = datetime.now(UTC)
    late = house.office.report(received_at=now - timedelta(minutes=45))
    fresh = house.office.report(received_at=now)
    page = home(house, "petugas")
    assert figure(page, "Laporan belum diambil") == 2
    assert figure(page, "Laporan lewat 30 menit") == 1
    assert page.index(late.number) < page.rindex(fresh.number)
    assert "queue-late" in page and 'data-limit="30"' in page


def test_a_report_forwarded_to_me_stands_on_my_page_alone(house: House) -> None:
    report = house.office.taken()
    house.session.commit()
    desk = house.desk("petugas")
    facts = {"to": house.cast.ratna.id, "version_id": report.version_id}
    assert desk.post(f"/admin/report/tindakan/forward/?id={report.id}", facts).status_code == 303
    assert figure(home(house, "petugas2"), "Diteruskan kepada saya") == 1
    assert figure(home(house, "petugas"), "Diteruskan kepada saya") == 0
    assert figure(home(house, "petugas"), "Sedang saya identifikasi") == 1


def test_a_supervisor_sees_what_waits_for_a_decision(house: House) -> None:
    with register.untried():
        house.office.case()
        house.office.case(CaseStatus.termination_proposed)
        hasty = house.office.case(CaseStatus.approved, Risk.darurat)
    hasty.emergency_reason = "Korban dalam bahaya"
    house.session.commit()
    page = home(house, "supervisor2")
    for label in ("Menunggu verifikasi", "Usulan terminasi", "Persetujuan darurat untuk ditinjau"):
        assert figure(page, label) == 1
    assert figure(page, "Kasus lewat waktu respons") == 2
    assert figure(home(house, "supervisor"), "Persetujuan darurat untuk ditinjau") == 0


def test_whoever_is_ordered_sees_the_order(house: House) -> None:
    with register.untried():
        case = house.office.case(CaseStatus.approved)
    page = home(house, "penjangkau")
    assert figure(page, "Surat perintah untuk dimulai") == 1 and case.number in page
    assert figure(home(house, "pendamping"), "Surat perintah untuk dimulai") == 0


def test_a_counsellor_sees_a_refused_proposal(house: House) -> None:
    with register.untried():
        case = house.office.case(CaseStatus.termination_proposed)
    house.office.refuse_termination(case)
    house.session.commit()
    assert figure(home(house, "konselor"), "Usulan terminasi ditolak") == 1


def test_the_head_sees_numbers_and_letters_but_no_case(house: House) -> None:
    case = house.office.case(CaseStatus.monitoring)
    page = home(house, "pimpinan")
    assert "Angka seluruh kantor" in page and "Terminasi, monitoring 3 bulan" in page
    assert "Bunga" not in page and case.number not in page
    assert figure(page, "Surat untuk atau dari Anda") >= 1


def test_admin_sees_what_failed_and_auditor_what_was_done(house: House) -> None:
    house.session.add(Job(kind="render_letter", state=JobState.failed, error="RenderError"))
    house.session.commit()
    page = home(house, "admin")
    assert figure(page, "Pekerjaan latar yang gagal") == 1 and "RenderError" in page
    assert "Masuk" in home(house, "auditor")


def test_only_intake_is_offered_to_type_reports_in(house: House) -> None:
    assert "/admin/report/new/?kanal=telepon" in home(house, "petugas")
    assert "/admin/report/new/" not in home(house, "konselor")


# --- notices ------------------------------------------------------------------------------------


def notices(house: House, username: str) -> list[Notice]:
    house.session.rollback()
    officer = next(one for one in house.cast if one.username == username)
    wanted = select(Notice).where(Notice.officer_id == officer.id).order_by(Notice.id)
    return list(house.session.scalars(wanted))


def test_notices_are_read_when_their_officer_says_so(house: House) -> None:
    house.office.report()
    house.office.report()
    desk = house.desk("petugas")
    assert "Laporan baru menunggu di kotak masuk" in home(house, "petugas")
    assert "2 belum dibaca" in desk.get("/admin/notice/").text
    assert all(one.read_at is None for one in notices(house, "petugas"))
    first = notices(house, "petugas")[0]
    assert desk.post(f"/admin/notice/dibaca/?id={first.id}").status_code == 303
    assert [bool(one.read_at) for one in notices(house, "petugas")] == [True, False]
    assert desk.post("/admin/notice/dibaca/").status_code == 303
    assert all(one.read_at for one in notices(house, "petugas"))
    assert not any(one.read_at for one in notices(house, "petugas2"))


def test_nobody_reads_the_notices_of_others(house: House) -> None:
    house.office.report()
    foreign = notices(house, "petugas2")[0]
    assert house.desk("petugas").post(f"/admin/notice/dibaca/?id={foreign.id}").status_code == 404
    assert foreign.read_at is None
