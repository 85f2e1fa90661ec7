"""Safe contact: what was never asked is not allowed, and a closed window is closed."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    CaseStatus,
    ContactAttempt,
    ContactState,
    MonitoringState,
    Person,
    SafeContact,
    Safety,
)
from portal.casework import cases, contact, contact_text, contact_told, contact_words, monitoring
from portal.casework.arrival import ContactFacts
from portal.casework.lifecycle import Refused
from portal.indonesia import dates
from portal.protection import audit
from portal.wording import speaking
from tests.support.cast import Cast, make_cast
from tests.support.databases import both_engines
from tests.support.office import Office

MONDAY_TEN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # 10.00 in Malang
MOMENTS = st.datetimes(timezones=st.just(UTC))
CHANNELS = st.sampled_from([*contact_words.CHANNELS, "telegram"])


def agreed(**columns: object) -> SafeContact:
    return SafeContact(**({"channel": "telepon", "days": []} | columns))


@given(channel=CHANNELS, at=MOMENTS)
def test_nothing_agreed_means_nothing_allowed_but_waiting(channel: str, at: datetime) -> None:
    assert contact.allowed(None, channel, at) is (channel == contact_words.FETCHED)


@given(chosen=CHANNELS, channel=CHANNELS, at=MOMENTS)
def test_only_the_chosen_channel_is_allowed(chosen: str, channel: str, at: datetime) -> None:
    allowed = contact.allowed(agreed(channel=chosen), channel, at)
    agreed_way = channel == chosen and chosen not in (contact_words.NEVER, contact_words.UNKNOWN)
    assert allowed is (agreed_way or channel == contact_words.FETCHED)


@pytest.mark.parametrize(("channel", "column"), contact_words.TO_THE_HOME.items())
@pytest.mark.parametrize("answer", [True, False, None])
def test_home_is_reached_only_with_a_yes(channel: str, column: str, answer: bool | None) -> None:
    assert contact.allowed(agreed(**{column: answer}), channel, MONDAY_TEN) is (answer is True)


@pytest.mark.parametrize(
    ("days", "start", "end", "allowed"),
    [
        ([], None, None, True),
        (["senin"], None, None, True),
        (["selasa"], None, None, False),
        ([], time(9), time(11), True),
        ([], time(10), time(10), True),
        ([], time(11), time(15), False),
        ([], time(22), time(6), False),
        ([], time(22), time(11), True),
        ([], None, time(9), False),
        ([], time(9), None, True),
    ],
)
def test_the_window_is_kept_in_local_time(
    days: list[str], start: time | None, end: time | None, allowed: bool
) -> None:
    window = agreed(days=days, from_time=start, until_time=end)
    assert contact.allowed(window, "telepon", MONDAY_TEN) is allowed


@given(start=st.times(), end=st.times(), at=MOMENTS)
def test_a_window_and_the_one_turned_round_are_never_both_closed(
    start: time, end: time, at: datetime
) -> None:
    assume(start != end)
    windows = [(start, end), (end, start)]
    open_now = [
        contact.allowed(agreed(from_time=first, until_time=last), "telepon", at)
        for first, last in windows
    ]
    assert any(open_now)


def test_an_obstacle_says_what_was_agreed() -> None:
    window = agreed(days=["selasa"], from_time=time(9), until_time=time(12))
    (sentence,) = contact.obstacles(window, "telepon", MONDAY_TEN)
    assert "Selasa" in sentence
    assert "09.00\u201312.00 WIB" in sentence


WHOLE = {
    "address": "+628123456789",
    "code_word": "melati",
    "shared_phone": True,
    "who_may_answer": "kakak, Siti",
    "letter_allowed": False,
    "visit_allowed": True,
    "notes": "Jangan malam hari",
}


def test_the_sentences_say_what_was_agreed_but_neither_number_nor_code_word() -> None:
    told = " ".join(contact_told.sentences(agreed(**WHOLE)))
    for part in ("dipakai bersama", "kakak, Siti", "Surat tidak boleh", "Petugas boleh datang"):
        assert part in told
    assert "Jangan malam hari" in told and "Ada kata sandi" in told
    assert "melati" not in told and "3456" not in told


def test_number_and_code_word_are_told_to_whom_the_gate_let_through() -> None:
    person = Person(phone="+628120000009", safe_contact=agreed(**WHOLE))
    assert contact_told.secrets(person, "telepon") == [
        "Hubungi: 0812-3456-789.",
        "Sebutkan kata sandi ini lebih dahulu: \u201cmelati\u201d.",
    ]
    assert "0812-0000-009" in contact_told.secrets(person, "sms")[0]
    assert "belum dicatat" in contact_told.secrets(person, "surat")[0]


def test_an_unasked_contact_says_so() -> None:
    assert contact_told.sentences(None) == ["Cara menghubungi yang aman belum ditanyakan."]


def test_who_asked_not_to_be_reached_is_reached_by_no_way() -> None:
    never = agreed(channel="jangan_dihubungi", letter_allowed=True, visit_allowed=True)
    for channel in contact_words.OUTGOING:
        assert [one.code for one in contact.found(never, channel, MONDAY_TEN)] == ["never"]


def test_a_no_closes_the_home_even_to_the_agreed_way() -> None:
    assert not contact.allowed(agreed(channel="kunjungan", visit_allowed=False), "kunjungan", None)


def test_a_visit_keeps_to_the_hours_and_a_letter_waits_in_its_box() -> None:
    evening = agreed(from_time=time(18), visit_allowed=True, letter_allowed=True)
    assert not contact.allowed(evening, "kunjungan", MONDAY_TEN)
    assert contact.allowed(evening, "surat", MONDAY_TEN)


def test_of_a_contact_that_has_been_only_the_day_is_judged() -> None:
    evenings = agreed(days=["senin"], from_time=time(18))
    monday = dates.local_date(MONDAY_TEN)
    assert contact.allowed(evenings, "telepon", monday)
    assert not contact.allowed(evenings, "telepon", monday + timedelta(days=1))


def test_the_days_begin_on_monday() -> None:
    monday = dates.local(MONDAY_TEN)
    assert contact_words.DAY_CODES[monday.weekday()] == "senin"


# --- what is written ------------------------------------------------------------------------------

GIVEN_AWAY = (
    "Ini dari Dinas Sosial",
    "UPT PPA ingin bertemu",
    "Soal kekerasan yang Ibu alami",
    "tentang KDRT itu",
    "laporannya sudah kami baca",
    "Pelaporan Ibu diterima",
    "KASUS Anda",
    "k a s u s anda",
    "k.d.r.t",
    "k4su5 ibu",
    "l4p0r4n",
    "kasuuusnya bagaimana",
    "hasil v-i-s-u-m",
    "dari pol\u00edsi",
    "pol\u200bisi",
    "buka ruangaman.example.id",
    "https://contoh.test/lacak",
    "nomor LP-2026-000123",
    "konselornya menunggu",
    "your case worker",
)
HARMLESS = (
    "Halo, kapan ada waktu?",
    "Jam berapa enaknya, pukul empat?",
    "Transaksi arisan sudah bijaksana, paduan suara jadi hari Sabtu",
    "Kue pesanan sudah siap diambil",
    "Sapa tahu bisa bertemu, saya kerasan di sini",
    "Jangan lupa, kasurnya dijemur",
)


@pytest.mark.parametrize("text", GIVEN_AWAY)
@pytest.mark.parametrize("shared", [True, None])
def test_on_a_phone_that_others_may_read_the_text_gives_nothing_away(
    text: str, shared: bool | None
) -> None:
    assert contact.text_obstacles(agreed(shared_phone=shared), text), text
    assert contact.text_obstacles(None, text), text


@pytest.mark.parametrize("text", [*HARMLESS, *map(str, contact_text.NEUTRAL.values())])
def test_everyday_words_pass(text: str) -> None:
    assert contact.text_obstacles(None, text) == []


def test_the_neutral_texts_are_neutral_in_english_too() -> None:
    with speaking("en"):
        for text in map(str, contact_text.NEUTRAL.values()):
            assert contact.text_obstacles(None, text) == []


def test_on_a_phone_of_her_own_anything_may_be_written() -> None:
    assert contact.text_obstacles(agreed(shared_phone=False), GIVEN_AWAY[0]) == []


def test_the_offices_own_names_and_numbers_are_known_however_written() -> None:
    own = ["(0341) 717744", "Balai Rekaan"]
    for text in ("telepon 0341-717744", "ke +62 341 717744", "di BALAI  rekaan"):
        assert contact.text_obstacles(None, text, own), text
    assert contact.text_obstacles(None, "telepon 0341-555111", own) == []


@given(
    words=st.sampled_from(contact_text.MATTER), gap=st.sampled_from(["", " ", ".", "-", "\u200b"])
)
def test_a_word_set_apart_or_in_capitals_is_still_the_word(words: str, gap: str) -> None:
    disguised = gap.join(words.upper()) if " " not in words else words.upper()
    assert contact.text_obstacles(None, f"soal {disguised} itu")


# --- the gate -------------------------------------------------------------------------------------


@both_engines
def test_what_was_agreed_is_let_through_and_kept(session: Session, reference: None) -> None:
    office = Office(session, make_cast(session))
    report = office.taken(safe_contact=ContactFacts(channel="whatsapp", shared_phone=True))
    person = report.reporter.person
    sari, now = office.cast.sari, office.tick()
    attempt = contact.permit(session, person, "whatsapp", sari, now, about=report, text="Halo")
    assert (attempt.state, attempt.obstacles) == (ContactState.permitted, [])
    assert (attempt.override_reason, attempt.wording) == (None, "Halo")
    contact.conclude(session, attempt, sari, "terkirim", "Dibaca")
    session.commit()
    session.expire_all()
    kept = session.scalars(select(ContactAttempt)).one()
    assert (kept.outcome, kept.note, kept.report_id) == ("terkirim", "Dibaca", report.id)
    with pytest.raises(Refused):
        contact.conclude(session, attempt, sari, "terkirim", None)


def test_without_a_reason_nothing_leaves_and_with_one_it_is_kept_and_audited(
    session: Session, cast: Cast, reference: None
) -> None:
    office = Office(session, cast)
    report = office.taken()
    person, now = report.reporter.person, office.tick()
    for reason in (None, "", "   "):
        with pytest.raises(contact.NotPermitted) as refusal:
            contact.permit(session, person, "telepon", cast.sari, now, reason, about=report)
        assert [one.code for one in refusal.value.obstacles] == ["other_channel"]
    assert session.scalars(select(ContactAttempt)).all() == []
    attempt = contact.permit(
        session, person, "telepon", cast.sari, now, "Nyawa terancam", about=report
    )
    assert attempt.state is ContactState.overridden
    assert (attempt.obstacles, attempt.override_reason) == (["other_channel"], "Nyawa terancam")
    session.commit()
    noted = session.scalars(select(AuditEntry).where(AuditEntry.event == "contact_overridden"))
    assert audit.details_of(noted.one()) == {"channel": "telepon", "obstacles": ["other_channel"]}


def test_the_portal_itself_has_no_reasons(session: Session, cast: Cast, reference: None) -> None:
    report = Office(session, cast).taken()
    person, now = report.reporter.person, MONDAY_TEN
    with pytest.raises(contact.NotPermitted):
        contact.permit(session, person, "sms", None, now, "Alasan apa pun", about=report)


def test_number_and_code_word_close_with_the_outcome_and_after_an_hour(
    session: Session, cast: Cast, reference: None
) -> None:
    office = Office(session, cast)
    report = office.taken()
    now = office.tick()
    attempt = contact.permit(
        session, report.reporter.person, "whatsapp", cast.sari, now, about=report
    )
    assert contact.is_open(attempt, cast.sari, now)
    assert not contact.is_open(attempt, cast.ratna, now)
    assert not contact.is_open(attempt, cast.sari, now + contact.OPEN_FOR)
    contact.conclude(session, attempt, cast.sari, "terkirim", None)
    assert not contact.is_open(attempt, cast.sari, now)


def test_an_order_to_the_home_needs_a_yes_or_a_reason(
    session: Session, cast: Cast, reference: None
) -> None:
    office = Office(session, cast)
    case = office.case()
    home = replace(office.plan(), safe_meeting_point=False)
    with pytest.raises(contact.NotPermitted):
        cases.approve(session, case, cast.budi, office.tick(), home)
    session.rollback()
    why = replace(home, contact_reason="Korban minta dijemput")
    cases.approve(session, case, cast.budi, office.tick(), why)
    (attempt,) = case.contact_attempts
    assert (attempt.channel, attempt.override_reason) == ("kunjungan", "Korban minta dijemput")


def test_an_order_to_a_home_that_is_open_needs_none(
    session: Session, cast: Cast, reference: None
) -> None:
    office = Office(session, cast)
    case = office.case()
    case.victims[0].person.safe_contact = agreed(visit_allowed=True)
    home = replace(office.plan(), safe_meeting_point=False)
    cases.approve(session, case, cast.budi, office.tick(), home)
    assert (case.status, case.contact_attempts) == (CaseStatus.approved, [])


def test_a_contact_of_the_monitoring_keeps_to_the_agreement(
    session: Session, cast: Cast, reference: None
) -> None:
    office = Office(session, cast)
    case = office.case(CaseStatus.monitoring)
    one = case.monitorings[0]
    seen = monitoring.Visit(one.due_on, "telepon", "baik", Safety.aman)
    told = (session, one, cast.maya, office.tick(), seen, one.due_on)
    with pytest.raises(contact.NotPermitted):
        monitoring.record(*told)
    assert one.state is MonitoringState.scheduled
    monitoring.record(*told, contact_reason="Ia sendiri yang menelepon")
    assert one.state is MonitoringState.done
    assert case.contact_attempts[0].override_reason == "Ia sendiri yang menelepon"


def test_what_the_gate_let_through_that_day_needs_no_second_reason(
    session: Session, cast: Cast, reference: None
) -> None:
    office = Office(session, cast)
    case = office.case(CaseStatus.monitoring)
    one = case.monitorings[0]
    noon = dates.start_of_day_utc(one.due_on) + timedelta(hours=12)
    person = one.victim.person
    contact.permit(session, person, "telepon", cast.maya, noon, "Darurat", about=case)
    seen = monitoring.Visit(one.due_on, "telepon", "baik", Safety.aman)
    monitoring.record(session, one, cast.maya, noon, seen, one.due_on)
    assert len(case.contact_attempts) == 1
