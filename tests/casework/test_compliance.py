"""The compliance sheet against a month that was counted by hand."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from models import (
    AuditEntry,
    ClockPause,
    DayOff,
    Report,
    Risk,
    ServiceComplaint,
    Visit,
)
from portal.casework import (
    cases,
    compliance,
    conversations,
    intake,
    outreach,
    pauses,
    reports,
    service_complaints,
)
from portal.casework.compliance import Cause
from portal.indonesia.dates import WIB
from portal.protection import audit
from tests.screens.generated.desk import Desk
from tests.support.databases import both_engines
from tests.support.office import Office

MINUTE = timedelta(minutes=1)
MARCH = date(2026, 3, 1)


def at(day, hour, minute=0, month=3):
    return datetime(2026, month, day, hour, minute, tzinfo=WIB).astimezone(UTC)


NOW = at(1, 12, month=4)


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def decided(office, begins, minutes, cause=None, **more):
    """A report that was ended by its outcome so many minutes after it came."""
    session, sari = office.session, office.cast.sari
    office.now = begins - MINUTE
    report = office.report(**more)
    reports.take(session, report, sari, begins + MINUTE)
    reports.dismiss(session, report, sari, begins + minutes * MINUTE, "information", "Bertanya")
    if cause:
        pauses.explain(session, report, sari, begins + timedelta(days=1), cause)
    return report


def a_month(office):
    """March: what stands in the tables below was counted on paper."""
    session, cast = office.session, office.cast
    for minutes in (5, 10, 20, 30, 31):  # five by the website, one of them late
        decided(office, at(2, 9), minutes, "kurang_petugas" if minutes > 30 else None)
    decided(office, at(6, 14, 20), 3 * 1440 - 6 * 60, channel="telepon")  # Friday to Monday, 08.20
    decided(office, at(7, 1), 45, channel="telepon", danger_now=True)  # at night, an emergency
    decided(office, at(28, 23, 30, month=2), 10)  # February
    decided(office, at(31, 23, 59), 10)  # the last minute of March
    office.now = at(31, 10) - MINUTE
    office.report()  # waits since

    office.now = at(9, 9) - MINUTE
    paused = office.taken()
    pauses.begin(session, paused, cast.sari, at(9, 9, 5), "menunggu_pelapor")
    pauses.end(session, paused, cast.sari, at(9, 11, 5))
    reports.dismiss(session, paused, cast.sari, at(9, 11, 20), "information", "Bertanya")
    for minutes, number in ((4, 1), (12, 2)):
        begins = at(10, 9)
        visit = Visit(day=begins.date(), queue_number=number, arrived_at=begins)
        visit.called_at = begins + minutes * MINUTE
        session.add(visit)
    session.commit()


def shown(lines):
    return {one.name: (one.number, one.kept, one.over, one.waiting) for one in lines if one.number}


def of_march(session):
    return compliance.sheet(session, MARCH, NOW)


@both_engines
def test_the_figures_are_those_counted_by_hand(office, session):
    a_month(office)
    found = of_march(session)
    assert shown(found.decisions) == {
        # 5, 10, 20, 30 and 31 minutes, 10 at midnight, 20 with a pause left out, one waiting
        "website": (8, 6, 2, 0),
        # ten minutes on Friday and twenty on Monday are thirty; the emergency took 45
        "telepon": (2, 1, 1, 0),
        "": (10, 7, 3, 0),
    }
    website = found.decisions[0]
    assert website.median == 20 * MINUTE  # 5 10 10 20 20 30 31
    assert website.ninetieth == 31 * MINUTE
    assert found.delays == [Cause("kurang_petugas", 1), Cause("", 1)]
    assert shown(found.counter) == {"visit": (2, 1, 1, 0)}
    assert found.counter[0].median == 8 * MINUTE
    assert found.pauses == [Cause("menunggu_pelapor", 1, timedelta(hours=2))]


def test_a_report_that_waits_within_its_limit_is_neither_kept_nor_over(office, session):
    office.now = at(31, 10) - MINUTE
    office.report()
    lines = compliance.sheet(session, MARCH, at(31, 10, 20)).decisions
    assert shown(lines)["website"] == (1, 0, 0, 1)


def test_the_response_is_counted_by_risk_and_not_for_what_was_turned_down(office, session, cast):
    for risk, minutes in ((Risk.darurat, 50), (Risk.darurat, 70), (Risk.sedang, None)):
        office.now = at(2, 9)
        case = office.case(risk=risk)
        if minutes is None:
            cases.decline(session, case, cast.budi, office.tick(), "refer", "Di luar kota")
            continue
        office.approve(case)
        outreach.start_outreach(session, case, cast.joko, case.opened_at + minutes * MINUTE)
    assert shown(of_march(session).responses) == {"darurat": (2, 1, 1, 0)}


def test_forwarding_and_first_answers_are_counted(office, session, cast):
    office.now = at(3, 9)
    report = office.taken()
    reports.forward(session, report, cast.sari, at(3, 9, 10), cast.ratna)
    reports.accept_forward(session, report, cast.ratna, at(3, 9, 20))
    intake.add_message(session, report, "Apa kabar laporan saya?", at(3, 10))
    conversations.speak(session, report.conversation, cast.ratna, "Sedang kami baca", at(3, 10, 40))
    session.commit()
    found = of_march(session)
    assert shown(found.forwards) == {"": (1, 1, 0, 0)}
    assert found.forwards[0].median == 10 * MINUTE
    assert shown(found.answers) == {"": (1, 0, 1, 0)}
    assert found.answers[0].median == 40 * MINUTE


def test_complaints_count_in_working_days(office, session, cast):
    """Received on Monday the 16th; Thursday the 19th is Nyepi."""
    session.add(DayOff(day=date(2026, 3, 19), name="Nyepi", source="uji"))
    service_complaints.receive(session, body="Antre lama", now=at(16, 9))
    row = session.scalars(select(ServiceComplaint)).one()
    service_complaints.process(session, row, cast.budi, at(20, 15))  # the third working day
    service_complaints.answer(session, row, cast.budi, "Kami perbaiki", at(25, 9))  # the sixth
    session.commit()
    found = of_march(session)
    assert shown(found.complaints) == {
        "processed_at": (1, 1, 0, 0),
        "answered_at": (1, 0, 1, 0),
        "closed_at": (1, 0, 1, 0),
    }


# --- the page -------------------------------------------------------------------------------------


def test_the_sheet_names_nobody_and_leaves_as_a_file_with_its_reason(app, session, cast):
    office = Office(session, cast)
    a_month(office)
    desk = Desk(app, "pimpinan")
    page = desk.get("/admin/kepatuhan/?bulan=2026-03").text
    assert "Lembar kepatuhan Maret 2026" in page and "Menunggu keterangan pelapor" in page
    assert "Kurang" not in page and "Petugas tidak cukup" in page
    assert not [name for name in ("Bunga", "Wati", "Sari W", "LP-2026") if name in page]
    address = "/admin/kepatuhan/export/{}/?bulan=2026-03"
    assert desk.post(address.format("csv"), {"why": "x"}).status_code == 422
    sheet = desk.post(address.format("csv"), {"why": "Laporan bulanan dinas"})
    rows = list(csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    first = next(
        row for row in rows if row[:2] == ["Keputusan atas laporan (30 menit)", "Situs web"]
    )
    assert first[2:] == ["8", "6", "75%", "2", "0", "20 menit", "31 menit"]
    book = desk.post(address.format("xlsx"), {"why": "Laporan bulanan dinas"})
    assert ZipFile(io.BytesIO(book.data)).testzip() is None
    session.rollback()
    noted = session.scalars(select(AuditEntry).filter_by(event="exported")).all()
    assert [audit.details_of(one)["why"] for one in noted] == ["Laporan bulanan dinas"] * 2


@pytest.mark.parametrize("month", ["2019-02", "2026-13", "', DROP", ""])
def test_an_empty_or_impossible_month_is_an_empty_sheet(app, session, cast, month):
    page = Desk(app, "supervisor").get("/admin/kepatuhan/", query_string={"bulan": month})
    assert page.status_code == 200 and "Tidak ada pada bulan ini" in page.text


def test_the_sheet_is_for_supervisors_and_the_head_alone(app, session, cast):
    for who, status in (("supervisor", 200), ("pimpinan", 200), ("petugas", 403), ("admin", 403)):
        desk = Desk(app, who)
        assert desk.get("/admin/kepatuhan/").status_code == status
        assert desk.get("/admin/kepatuhan/export/csv/").status_code == status


def test_a_pause_and_a_report_of_another_month_do_not_count(office, session, cast):
    office.now = at(28, 9, month=2)
    report = office.taken()
    pauses.begin(session, report, cast.sari, office.tick(), "bencana")
    session.commit()
    found = of_march(session)
    assert found.pauses == [] and shown(found.decisions) == {}
    assert session.scalars(select(ClockPause)).one().report.id == report.id
    assert session.scalar(select(Report.id)) == report.id
