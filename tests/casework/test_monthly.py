"""The laporan bulanan: what is counted, when it counts, and that nobody can be found in it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

import models as m
from models import CaseStatus, Channel, LetterKind, MonitoringState, ReferralState
from portal.access import scope
from portal.casework import letter_acts, monthly
from portal.letters import laporan_bulanan, register
from portal.letters.laporan_bulanan import Month, Tally
from tests.letters import paper
from tests.support.cast import Cast
from tests.support.databases import both_engines
from tests.support.office import START, Office

MARCH = date(2026, 3, 1)
LATER = datetime(2026, 9, 1, tzinfo=UTC)
KIND = LetterKind.laporan_bulanan


def table(month: Month, heading: str) -> dict[str, list[str]]:
    """The rows of one table by their names."""
    return {row[0]: list(row[1:]) for row in tally(month, heading).rows}


def tally(month: Month, heading: str) -> Tally:
    return next(one for one in month.tallies if one.heading == heading)


@pytest.fixture
def busy(session: Session, cast: Cast) -> Office:
    """March: a case that ended, one in handling with a boy and a girl, a report that was spam."""
    office = Office(session, cast, START)
    session.add_all(
        [
            m.Region(code="35.73.01", name="Blimbing", level="kecamatan"),
            m.Region(code="35.73.01.1001", name="Arjosari", level="kelurahan"),
        ]
    )
    session.flush()
    done = office.case(CaseStatus.closed)
    session.refresh(done)
    office.now = START + timedelta(days=1)
    running = office.case(CaseStatus.handling)
    running.region_code, running.violence_kinds = "35.73.01.1001", ["fisik", "psikis"]
    girl, boy = running.victims[0], m.Victim(case=running, person=m.Person(name="Bintang Rekaan"))
    girl.age_at_incident, girl.violence_kinds = 9, ["seksual"]
    boy.age_at_incident, boy.person.sex = 17, "laki_laki"
    session.add(boy)
    office.report(channel="telepon")
    session.commit()
    return office


def march(session: Session, now: datetime = LATER) -> Month:
    return monthly.counted(session, MARCH, now)


def test_reports_cases_victims_and_acts_are_counted_apart(busy: Office) -> None:
    month = march(busy.session)
    assert table(month, "Pengaduan")["Jumlah"] == ["2", "0", "0", "0", "0", "0", "1", "3"]
    assert table(month, "Pengaduan")["telepon"] == ["0", "0", "0", "0", "0", "0", "1", "1"]
    assert table(month, "Kasus") == {
        "Dibuka bulan ini": ["2"],
        "Selesai bulan ini": ["0"],
        "Berjalan pada akhir bulan": ["2"],
    }
    assert table(month, "Korban anak dan dewasa") == {
        "Anak (0-17 tahun)": ["1", "1", "0", "2"],
        "Usia tidak diketahui": ["0", "1", "0", "1"],
        "Jumlah": ["1", "2", "0", "3"],
    }
    kinds = table(month, "Bentuk kekerasan")
    assert kinds["seksual"] == ["0", "1", "0", "0", "0", "1"]
    assert kinds["fisik"] == ["1", "0", "0", "0", "1", "2"]
    assert kinds["psikis"] == ["1", "0", "0", "0", "0", "1"]
    assert table(month, "Wilayah kejadian")["Blimbing"] == ["1", "2"]
    assert table(month, "Pelayanan") == {
        "Penjangkauan korban": ["2"],
        "kesehatan": ["1"],
        "Jumlah": ["3"],
    }
    assert table(month, "Terminasi") == {"tujuan_tercapai": ["1"], "Jumlah": ["1"]}
    assert [one.unit for one in month.tallies if not one.unit] == []


def test_contacts_count_in_the_month_they_were_due(busy: Office) -> None:
    due = busy.session.query(m.Monitoring).order_by(m.Monitoring.due_on).all()
    due[0].state, due[0].excuse_reason = MonitoringState.excused, "Pindah"
    due[1].state, due[1].done_on = MonitoringState.scheduled, None
    busy.session.commit()
    month = date(due[0].due_on.year, due[0].due_on.month, 1)
    told = table(monthly.counted(busy.session, month, LATER), "Monitoring")
    assert told["Ditiadakan dengan alasan"] == ["1"]
    month = date(due[1].due_on.year, due[1].due_on.month, 1)
    late = monthly.counted(busy.session, month, LATER)
    assert table(late, "Monitoring")["Terlewat"] == ["1"]


def test_a_month_begins_and_ends_at_midnight_in_malang(session: Session, cast: Cast) -> None:
    office = Office(session, cast)
    for moment in (
        datetime(2026, 2, 28, 16, 59, 59, tzinfo=UTC),
        datetime(2026, 2, 28, 17, 0, tzinfo=UTC),
        datetime(2026, 3, 31, 16, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 31, 17, 0, tzinfo=UTC),
    ):
        office.report().received_at = moment
    session.commit()
    assert table(march(session), "Pengaduan")["Jumlah"][-1] == "2"
    assert (
        table(monthly.counted(session, date(2026, 2, 1), LATER), "Pengaduan")["Jumlah"][-1] == "1"
    )


def test_who_said_no_to_statistics_is_counted_in_no_table_of_victims(busy: Office) -> None:
    girl = busy.session.query(m.Victim).filter_by(age_at_incident=9).one()
    no = m.Consent(victim=girl, given_by="sendiri", given_on=MARCH, for_services=True)
    busy.session.add(no)
    busy.session.commit()
    month = march(busy.session)
    assert table(month, "Korban anak dan dewasa")["Jumlah"] == ["1", "1", "0", "2"]
    assert "seksual" not in table(month, "Bentuk kekerasan")
    assert "1 korban tidak dihitung" in tally(month, "Korban anak dan dewasa").notes[0]
    assert [row[4] for row in month.cases] == ["?", "13_17"]


def test_the_annexe_has_a_row_a_case_and_nobody_in_it(busy: Office) -> None:
    month = march(busy.session)
    content = laporan_bulanan.content(busy.session, month, busy.cast.budi)
    printed = paper.text(register.trial(busy.session, KIND, content))
    assert [row[0] for row in content["sections"][-1]["table"]["rows"]] == ["1.", "2."]
    told = json.dumps(content, ensure_ascii=False)
    for name in ("Bunga", "Bintang", "Wati", "Tono", "Arjosari", "KS-2026"):
        assert name not in told
        assert name not in printed
    assert "Angka di bawah 5 tidak disamarkan" in printed
    assert "BULAN MARET 2026" in printed


def test_a_running_month_is_provisional_and_one_to_come_has_no_report(busy: Office) -> None:
    month = monthly.counted(busy.session, MARCH, START + timedelta(days=3))
    assert month.provisional
    content = laporan_bulanan.content(busy.session, month, busy.cast.budi)
    assert "sementara" in content["subtitle"]
    assert not march(busy.session).provisional
    ahead = monthly.find(busy.session, 209901)
    assert ahead is not None
    told = letter_acts.missing(busy.session, KIND, ahead, busy.cast.budi)
    assert [str(one) for one in told] == ["Bulan ini belum mulai."]
    assert [monthly.find(busy.session, key) for key in (0, 202613, 199912, 20261)] == [None] * 4


def test_a_supervisor_counts_cases_that_they_must_not_meet(busy: Office) -> None:
    seen = march(busy.session)
    for case in busy.session.query(m.Case):
        busy.exclude(case)
    busy.session.commit()
    scope.view_as(busy.session, busy.cast.ratna)
    assert busy.session.query(m.Case).count() == 0
    assert march(busy.session) == seen


@both_engines
def test_both_databases_count_alike(session: Session, cast: Cast) -> None:
    office = Office(session, cast)
    case = office.case(CaseStatus.handling)
    for state, number in ((ReferralState.diajukan, 2), (ReferralState.selesai, 1)):
        for _again in range(number):
            row = m.Referral(case=case, victim=case.victims[0], service="kesehatan", state=state)
            row.partner = m.PartnerInstitution(name=f"Lembaga {state} {_again}")
            row.referred_on, row.legal_basis, row.officer = MARCH, "x", cast.maya
            session.add(row)
    session.commit()
    month = march(session)
    assert table(month, "Rujukan")["Jumlah"] == ["2", "0", "0", "1", "3"]
    assert [one[1] for one in month.cases] == [Channel.website.value]


def test_nobody_but_a_supervisor_issues_one_and_it_is_replaced_by_a_new_count(
    busy: Office,
) -> None:
    month = march(busy.session)
    assert letter_acts.offered(busy.session, month, busy.cast.maya) == []
    with register.untried():
        letter = letter_acts.issue(busy.session, KIND, month, busy.cast.budi, LATER)
        assert (letter.source_id, letter.case, letter.report) == (202603, None, None)
        busy.session.commit()
        new = letter_acts.replace(busy.session, letter, "Salah hitung", busy.cast.budi, LATER)
    assert new.replaces is letter
