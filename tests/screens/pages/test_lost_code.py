"""A lost code is replaced once the identity was checked; a reporter is told of an answer."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from models import AuditEntry, CaseEvent, CaseStatus, Conflict, ContactAttempt, Report, SafeContact
from portal.casework import conflicts, intake, receipts, reissue, tracking
from tests.screens.generated.conftest import House

OLD = "AAAA-BBBB-CCCC-DDDD"
PRESENT = {"proof": "kartu", "way": "hadir", "note": "KTP dan wajah cocok"}


@pytest.fixture
def report(house: House):
    """Sari's report; Wati lost its code. She agreed to a call at any time, and a code word."""
    report = house.office.taken()
    report.receipt_hash = receipts.code_hash(OLD)
    agreed = report.reporter.person.safe_contact
    agreed.channel, agreed.code_word, agreed.shared_phone = "telepon", "melati", False
    house.session.commit()
    return report


def ask(desk, report, **claim):
    address = f"/admin/report/kode/?id={report.id}"
    token = re.search(r'name="token"[^>]*value="([^"]+)"', desk.get(address).text)
    version = {"version_id": report.version_id, "token": token[1] if token else "x" * 43}
    return desk.post(address, PRESENT | version | claim)


def code_on(answer):
    found = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", answer.text)
    return found[0] if found else None


def opens(house, report, code):
    house.session.rollback()
    return tracking.open_with(house.session, report.number, code)


def test_a_new_code_is_shown_once_and_the_old_one_is_dead(house, report):
    answer = ask(house.desk("petugas"), report)
    assert answer.status_code == 200
    assert opens(house, report, code_on(answer))
    assert not opens(house, report, OLD)
    event = house.session.scalars(select(CaseEvent).filter_by(kind=reissue.EVENT)).one()
    assert "KTP dan wajah cocok" in event.note
    assert house.session.scalars(select(AuditEntry).filter_by(event=reissue.EVENT)).one()
    page = house.desk("petugas").get(f"/admin/report/details/?id={report.id}").text
    assert code_on(answer) not in page


def test_the_second_click_shows_the_same_code(house, report):
    desk = house.desk("petugas")
    token = receipts.new_token()
    first, second = (ask(desk, report, token=token) for _click in range(2))
    assert code_on(first) == code_on(second)
    house.session.rollback()
    assert len(house.session.scalars(select(CaseEvent).filter_by(kind=reissue.EVENT)).all()) == 1


@pytest.mark.parametrize(
    ("claim", "field"),
    [
        ({"proof": "kartu", "way": "telepon"}, "way"),
        ({"proof": "telepon_balik", "way": "sms"}, "way"),
        ({"proof": "dukun"}, "proof"),
        ({"note": " "}, "note"),
    ],
)
def test_a_proof_that_proves_nothing_is_refused(house, report, claim, field):
    answer = ask(house.desk("petugas"), report, **claim)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert opens(house, report, OLD)


def test_a_code_word_that_was_never_agreed_proves_nothing(house, report):
    house.session.scalars(select(SafeContact)).first().code_word = None
    house.session.commit()
    answer = ask(house.desk("petugas"), report, proof="kata_sandi", way="telepon")
    assert answer.status_code == 422
    assert "belum disepakati" in answer.text


def test_the_code_is_told_by_an_agreed_way_only(house, report):
    answer = ask(house.desk("petugas"), report, proof="kata_sandi", way="sms")
    assert answer.status_code == 409
    assert opens(house, report, OLD)
    assert code_on(ask(house.desk("petugas"), report, proof="telepon_balik", way="telepon"))
    house.session.rollback()
    assert house.session.scalars(select(ContactAttempt)).one().channel == "telepon"


def test_it_cannot_be_done_again_and_again(house, report):
    desk = house.desk("petugas")
    answers = [ask(desk, report).status_code for _number in range(reissue.MOST_A_REPORT + 1)]
    assert answers == [200, 200, 200, 409]


def test_only_who_works_on_the_report_may(house, report):
    assert ask(house.desk("petugas2"), report).status_code == 404
    assert ask(house.desk("admin"), report).status_code == 403
    assert opens(house, report, OLD)


def test_whoever_has_a_conflict_of_interest_may_not(house, report):
    sari, now = house.cast.sari, datetime.now(UTC)
    conflicts.exclude(house.session, report, sari, now, sari, Conflict.kerabat, "Saudara")
    house.session.commit()
    assert ask(house.desk("petugas"), report).status_code == 404


def test_nobody_can_be_checked_where_nobody_was_named(house):
    report = house.office.taken(reporter=None, safe_contact=None)
    house.session.commit()
    page = house.desk("petugas").get(f"/admin/report/kode/?id={report.id}").text
    assert "tidak tercatat" in page
    assert ask(house.desk("petugas"), report).status_code in (409, 422)


def test_the_counsellor_replaces_the_code_of_a_closed_case(house):
    report = house.office.case(CaseStatus.closed).reports[0]
    house.session.commit()
    assert code_on(ask(house.desk("konselor"), report))


# --- telling that an answer waits -----------------------------------------------------------------


def test_an_officer_is_offered_the_way_the_reporter_chose(house, report):
    desk = house.desk("petugas")
    page_of = f"/admin/report/details/?id={report.id}"
    assert "Beri tahu lewat" not in desk.get(page_of).text
    intake.answer(house.session, report, house.cast.sari, "Sudah ada kabar.", house.office.tick())
    house.session.commit()
    page = desk.get(page_of).text
    assert "Beri tahu lewat telepon" in page
    assert house.session.scalars(select(ContactAttempt)).all() == []
    link = re.search(r'href="(/admin/contact_attempt/hubungi/[^"]+)"[^>]*>.{0,300}?Beri tahu', page)
    assert re.search(r'value="telepon"[^>]*checked|checked[^>]*value="telepon"',
                     desk.get(link[1].replace("&amp;", "&")).text)  # fmt: skip
    tracking.track(house.session, report.id, house.office.tick())
    house.session.commit()
    assert "Beri tahu lewat" not in desk.get(page_of).text


@pytest.mark.parametrize("channel", ["lewat_lacak", "jangan_dihubungi", "surat"])
def test_nothing_is_offered_where_no_such_way_was_chosen(house, report, channel):
    house.session.get(Report, report.id).reporter.person.safe_contact.channel = channel
    intake.answer(house.session, report, house.cast.sari, "Sudah ada kabar.", house.office.tick())
    house.session.commit()
    page = house.desk("petugas").get(f"/admin/report/details/?id={report.id}").text
    assert "Beri tahu lewat" not in page
