"""The thirty minutes as the office keeps them: its hours, its channels, its pauses."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Channel, ClockPause, Conversation, DayOff, Report, Risk, Setting
from portal.casework import cases, clock, conversations, hearing, intake, pauses, reports, timing
from portal.casework.conversations import Incoming
from portal.casework.lifecycle import Refused
from portal.indonesia.dates import WIB
from tests.support.databases import both_engines
from tests.support.office import Office

MINUTE = timedelta(minutes=1)
FRIDAY = datetime(2026, 3, 6, 14, 20, tzinfo=WIB).astimezone(UTC)  # ten minutes before the end
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=WIB).astimezone(UTC)


@pytest.fixture
def office(session, cast):
    return Office(session, cast, FRIDAY - MINUTE)


def late(session, now, part=1):
    found = clock.overdue(timing.of(session), now, part)
    return set(session.scalars(select(Report.id).where(found)))


def set_to(session, key, value):
    session.add(Setting(key=key, value=value, label="Waktu", label_en="Clock"))
    session.commit()


# --- which minutes count ----------------------------------------------------------------------


def test_a_telephone_call_on_friday_evening_is_late_on_monday(office, session):
    call = office.report(channel="telepon")
    assert late(session, MONDAY + 20 * MINUTE) == set()
    assert late(session, MONDAY + 21 * MINUTE) == {call.id}
    assert clock.of_report(call, MONDAY + 20 * MINUTE).elapsed == 30 * MINUTE


def test_the_website_is_open_day_and_night(office, session):
    report = office.report()
    assert late(session, FRIDAY + 30 * MINUTE) == set()
    assert late(session, FRIDAY + 31 * MINUTE) == {report.id}


def test_of_an_emergency_every_minute_counts(office, session):
    call = office.report(channel="telepon", danger_now=True)
    assert late(session, FRIDAY + 31 * MINUTE) == {call.id}
    assert clock.of_report(call, FRIDAY + 31 * MINUTE).over


def test_identified_as_an_emergency_it_counts_like_one(office, session, cast):
    call = office.taken(channel="telepon")
    reports.identify(session, call, cast.sari, office.tick(), reports.Identification(Risk.darurat))
    assert clock.of_report(call, FRIDAY + 40 * MINUTE).over
    assert late(session, FRIDAY + 40 * MINUTE) == {call.id}


def test_a_day_off_does_not_count(office, session):
    office.report(channel="telepon")
    session.add(DayOff(day=MONDAY.date(), name="Libur rekaan", source="uji"))
    session.commit()
    assert late(session, MONDAY + 60 * MINUTE) == set()
    assert late(session, MONDAY + timedelta(days=1, minutes=21))


def test_other_hours_hold_from_the_next_moment_on(office, session):
    call = office.report(channel="telepon")
    set_to(session, timing.HOURS, "Senin-Minggu 08.00-20.00")
    assert late(session, FRIDAY + 31 * MINUTE) == {call.id}


def test_another_channel_can_be_open_day_and_night(office, session):
    call = office.report(channel="telepon")
    set_to(session, timing.CHANNELS, "Telepon, datang langsung")
    assert timing.of(session).open_always == {Channel.telepon, Channel.datang_langsung}
    assert late(session, FRIDAY + 31 * MINUTE) == {call.id}


@pytest.mark.parametrize("key", timing.DEFAULTS)
def test_what_cannot_be_read_is_as_it_was_delivered(session, key):
    set_to(session, key, "selalu buka")
    assert timing.of(session) == timing.made({})
    assert timing.faults(key, "selalu buka")
    assert timing.faults(key, timing.DEFAULTS[key]) is None


@both_engines
def test_the_list_and_the_row_agree_on_who_is_late(office, session, cast):
    channels = [one.value for one in Channel]
    for hours in range(0, 96, 7):
        office.now = FRIDAY - timedelta(hours=hours)
        office.report(channel=channels[hours % len(channels)], danger_now=hours % 3 == 0)
    paused = office.taken(channel="telepon")
    pauses.begin(session, paused, cast.sari, office.tick(), "gangguan_sistem")
    session.commit()
    for now in (FRIDAY + 45 * MINUTE, MONDAY + 15 * MINUTE, MONDAY + 2 * timedelta(hours=1)):
        rows = session.scalars(select(Report).where(Report.paused_since.is_(None)))
        assert late(session, now) == {row.id for row in rows if clock.of_report(row, now).over}


# --- pauses -----------------------------------------------------------------------------------


def test_a_pause_does_not_count_and_says_why(office, session, cast):
    report = office.taken()
    began = office.tick()
    pauses.begin(session, report, cast.sari, began, "menunggu_pelapor", "Menunggu alamat")
    shown = clock.of_report(report, began + 5 * timedelta(hours=1))
    assert (shown.elapsed, shown.counting) == (began - report.received_at, False)
    assert late(session, began + 5 * timedelta(hours=1)) == set()
    pauses.end(session, report, cast.sari, began + timedelta(hours=5))
    assert clock.of_report(report, began + timedelta(hours=5)).elapsed == began - report.received_at
    done = began + timedelta(hours=5, minutes=29)
    assert late(session, done - MINUTE) == set()
    assert late(session, done) == {report.id}
    kept = session.scalars(select(ClockPause)).one()
    assert (kept.cause, kept.until_at - kept.from_at) == ("menunggu_pelapor", timedelta(hours=5))


def test_there_is_one_pause_at_a_time_and_none_of_an_emergency(office, session, cast):
    report = office.taken()
    pauses.begin(session, report, cast.sari, office.tick(), "gangguan_sistem")
    with pytest.raises(Refused, match="sudah dijeda"):
        pauses.begin(session, report, cast.sari, office.tick(), "bencana")
    urgent = office.taken(danger_now=True)
    with pytest.raises(Refused, match="darurat"):
        pauses.begin(session, urgent, cast.sari, office.tick(), "menunggu_pelapor")


def test_a_word_of_the_reporter_ends_the_pause(office, session, cast):
    report = office.taken()
    pauses.begin(session, report, cast.sari, office.tick(), "menunggu_pelapor")
    intake.add_message(session, report, "Saya sudah aman", office.tick())
    assert report.paused_since is None
    assert session.scalars(select(ClockPause)).one().until_at == office.now


def test_so_does_a_word_in_a_chat_that_is_linked_to_it(office, session, cast):
    report = office.taken()
    pauses.begin(session, report, cast.sari, office.tick(), "menunggu_pelapor")
    other = conversations.of_report(session, office.report(), office.tick())
    conversations.link(session, other, cast.sari, report=report)
    conversations.take_in(session, other, Incoming("Halo", office.tick()), office.now)
    session.flush()
    session.refresh(report)
    assert report.paused_since is None


def test_no_machine_and_nothing_of_the_past_ends_it(office, session, cast):
    report = office.taken()
    pauses.begin(session, report, cast.sari, office.tick(), "menunggu_pelapor")
    talk = conversations.of_report(session, report, office.tick())
    hearing.file_away(session, talk, Incoming("Sedang cuti", office.tick()), office.now)
    session.refresh(report)
    assert report.paused_since is not None


@pytest.mark.parametrize("ending", ["identify", "dismiss"])
def test_an_act_that_moves_the_report_on_ends_the_pause(office, session, cast, ending):
    report = office.taken()
    pauses.begin(session, report, cast.sari, office.tick(), "gangguan_sistem")
    hours_later = office.tick(timedelta(hours=2))
    if ending == "identify":
        reports.identify(
            session, report, cast.sari, hours_later, reports.Identification(Risk.rendah)
        )
    else:
        reports.dismiss(session, report, cast.sari, hours_later, "information", "Hanya bertanya")
        assert report.decided_late is False
    assert report.paused_since is None
    assert session.scalars(select(ClockPause)).one().until_at == hours_later


# --- why it came late ---------------------------------------------------------------------------


def test_a_late_decision_asks_for_its_cause_and_a_timely_one_does_not(office, session, cast):
    late_one, timely = office.taken(), office.taken()
    for report, wait in ((timely, MINUTE), (late_one, timedelta(hours=1))):
        found = reports.Identification(Risk.rendah)
        case = reports.identify(session, report, cast.sari, office.tick(wait), found)
        cases.decline(session, case, cast.budi, office.tick(), "refer", "Di luar kota")
        session.refresh(report)
    assert (late_one.decided_late, timely.decided_late) == (True, False)
    pauses.explain(session, late_one, cast.budi, office.tick(), "kurang_petugas")
    assert late_one.delay_cause == "kurang_petugas"
    with pytest.raises(Refused, match="tidak menunggu"):
        pauses.explain(session, timely, cast.budi, office.tick(), "kurang_petugas")


def test_an_answer_is_awaited_by_the_same_hours(office, session, cast):
    report = office.taken(channel="telepon")
    reports.dismiss(session, report, cast.sari, office.tick(), "information", "Hanya bertanya")
    talk = report.conversation
    conversations.speak(session, talk, cast.sari, "Baik", office.tick())
    conversations.take_in(session, talk, Incoming("Masih ada lagi", office.tick()), office.now)
    session.commit()

    def waits(now):
        wanted = select(Conversation.id).where(clock.overdue_answer(timing.of(session), now))
        return session.scalars(wanted).all() == [talk.id]

    assert not waits(MONDAY + 15 * MINUTE)
    assert waits(MONDAY + 31 * MINUTE)
    assert clock.of_answer(talk, MONDAY + 31 * MINUTE).over
