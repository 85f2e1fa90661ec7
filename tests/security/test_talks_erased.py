"""Conversations and erasure: what goes with a report, what stays for others, what goes alone."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select

import models as m
from models import CaseStatus, Channel, TalkState
from portal.casework import (
    conversations,
    correspondents,
    deliveries,
    erasing,
    intake,
    officer_drafts,
    old_talks,
    retention,
)
from portal.casework.conversations import Incoming
from portal.casework.correspondents import KnownAs
from portal.letters import register
from portal.protection import audit_keys, erasures, files
from tests.support.databases import both_engines
from tests.support.office import Office

STORY = "Cerita rekaan dalam obrolan"
PHONE = "+6281299990001"
NOW = datetime(2060, 1, 1, 20, tzinfo=UTC)  # 03.00 in Malang
numbers = count(1)


@pytest.fixture(autouse=True)
def folder(tmp_path):
    files.configure(tmp_path / "files")
    erasures.configure(tmp_path / "erasures.jsonl")


@pytest.fixture
def office(session, cast, reference):
    with register.untried():
        yield Office(session, cast)


def chat(office, phone=PHONE, about=(), text=STORY):
    """A WhatsApp chat that was answered, with a file, a reaction, and what it is about."""
    session, now = office.session, office.tick()
    somebody = correspondents.meet(session, [KnownAs(correspondents.PHONE, phone)], now, "Wati R.")
    talk = conversations.with_somebody(session, somebody, Channel.whatsapp, now)
    incoming = Incoming(f"{text}, dia bawa pisau", now, external_id=f"wamid.{next(numbers)}")
    message = conversations.take_in(session, talk, incoming, now)
    key, digest = files.store(b"isi rekaan")
    facts = {"mime": "image/jpeg", "size": 10, "sha256": digest, "storage_key": key}
    session.add(m.Attachment(message=message, kind="lainnya", filename=f"{text}.jpg", **facts))
    session.add(m.MessageMark(target_key=message.external_key, kind="edit", at=now, body=text))
    for row in about:
        name = "case" if isinstance(row, m.Case) else "report"
        conversations.link(session, talk, office.cast.sari, **{name: row})
    conversations.speak(session, talk, office.cast.sari, f"Jawaban {text}", office.tick())
    session.commit()
    return talk


def ended(office):
    """A report that ended long ago."""
    report = office.taken(narrative=STORY)
    intake.add_message(office.session, report, STORY, office.tick())
    intake.answer(office.session, report, office.cast.sari, STORY, office.tick())
    office.session.commit()
    return report


def erase(session, row):
    assert erasing.erase(session, row, "laporan_spam", NOW)
    session.commit()
    session.expire_all()


def told(session):
    """Everything in the tables of the channels, as whoever has the key reads it."""
    tables = (m.Conversation, m.Message, m.Correspondent, m.Alias, m.CueFinding, m.Attachment)
    tables += (m.MessageMark, m.Call, m.Visit, m.ContactAttempt, m.Sending, m.HandOver)
    return "\n".join(
        str(getattr(row, column.key))
        for table in tables
        for row in session.scalars(select(table))
        for column in table.__mapper__.column_attrs
    )


@both_engines
def test_a_chat_goes_with_the_last_matter_it_is_about(office, session):
    first, second = ended(office), office.case(CaseStatus.handling)
    talk = chat(office, about=(first, second))
    erase(session, first)
    assert talk.erased_at is None
    assert talk.correspondent
    assert {link.case_id for link in talk.links} == {second.id}
    erase(session, second)
    assert talk.erased_at is not None
    assert STORY not in told(session)
    assert PHONE not in told(session)
    assert session.scalar(select(func.count()).select_from(m.Correspondent)) == 0


def test_the_conversation_at_lacak_goes_with_its_report(office, session):
    report = ended(office)
    own = report.conversation
    erase(session, report)
    assert own.erased_at is not None
    assert own.number
    assert own.waiting_since is None
    assert STORY not in told(session)
    assert session.scalar(select(func.count()).select_from(m.CueFinding)) == 0


def test_a_conversation_merged_into_another_takes_nothing_with_it(office, session, cast):
    report = ended(office)
    other = chat(office, about=(office.case(CaseStatus.handling),), text="Tetap ada")
    report.conversation.merged_into = other
    session.commit()
    erase(session, report)
    assert other.erased_at is None
    assert "Tetap ada" in told(session)
    assert STORY not in told(session)


def test_a_message_that_was_moved_away_stays_where_it_is(office, session):
    report = ended(office)
    talk = chat(office, about=(report,))
    split = m.Conversation(
        number="PC-2026-999999",
        channel=Channel.whatsapp,
        state=TalkState.open,
        split_from=talk,
        began_at=office.now,
        last_at=office.now,
        labels=[],
    )
    session.add(split)
    session.flush()
    conversations.link(session, split, office.cast.sari, case=office.case(CaseStatus.handling))
    moved = m.Message(
        conversation=split, moved_from_id=talk.id, direction="masuk", body="Dipindahkan"
    )
    session.add(moved)
    session.commit()
    erase(session, report)
    assert talk.erased_at is not None
    assert split.erased_at is None
    assert "Dipindahkan" in told(session)


def test_nobody_who_waits_for_an_answer_is_forgotten(office, session):
    report = ended(office)
    talk = chat(office, about=(report,))
    later = office.tick()
    conversations.take_in(session, talk, Incoming("Halo, tolong", later), later)
    session.commit()
    erase(session, report)
    assert talk.erased_at is None
    assert talk.links == []
    assert talk.correspondent is not None


def test_of_a_visit_the_times_stay_and_the_note_goes(office, session):
    report = ended(office)
    visit = m.Visit(
        day=office.now.date(), queue_number=1, arrived_at=office.now, note=STORY, report=report
    )
    session.add(visit)
    session.commit()
    erase(session, report)
    assert (visit.note, visit.queue_number) == (None, 1)


def test_somebody_who_asks_is_taken_out_of_every_chat(office, session):
    report = ended(office)
    busy = office.case(CaseStatus.handling)
    person = report.reporter.person
    own, shared = chat(office), chat(office, "+6281299990002", (busy,), "Obrolan bersama")
    for talk in (own, shared):
        talk.correspondent.person = person
    session.commit()
    erase(session, person)
    assert own.erased_at is not None
    assert shared.erased_at is None
    assert shared.correspondent is None
    assert "+62812999900" not in told(session)
    assert "Obrolan bersama" in told(session)


def test_the_log_forgets_a_chat(office, session):
    report = ended(office)
    talk = chat(office, about=(report,))
    talk.snooze_until, talk.snooze_reason = office.tick(timedelta(days=1)), STORY
    session.commit()
    keys = select(m.AuditKey).where(m.AuditKey.subject_table == "conversation")
    assert audit_keys.place_of(session.connection(), "conversation", talk.id).row_id == talk.id
    own = report.conversation.id
    assert audit_keys.place_of(session.connection(), "conversation", own).table == "report"
    assert any(row.wrapped for row in session.scalars(keys))
    erase(session, report)
    assert not any(row.wrapped for row in session.scalars(keys))


def test_raw_deliveries_go_with_a_chat_once_they_were_understood(office, session):
    report = ended(office)
    talk = chat(office, about=(report,))
    read = deliveries.store(session, "whatsapp", b"isi satu", {}, office.tick())
    unread = deliveries.store(session, "whatsapp", b"isi dua", {}, office.tick())
    twice = deliveries.store(session, "whatsapp", b"isi tiga", {}, office.tick())
    read.processed_at = twice.processed_at = office.now
    twice.trouble = "conflict"
    typed = officer_drafts.in_talk(officer_drafts.ANSWER, talk.id)
    officer_drafts.write(session, office.cast.sari, typed, [("balas-body", STORY)], NOW)
    session.commit()
    erase(session, report)
    assert talk.erased_at
    assert (read.body, twice.body, unread.body) == (None, None, b"isi dua")
    assert officer_drafts.read(session, office.cast.sari, typed, NOW) is None
    assert read.sha256


# --- chats about nothing --------------------------------------------------------------------------


def quiet(office):
    """A chat that ended years before the tests are run."""
    talk = chat(office)
    talk.state, talk.last_at = TalkState.done, datetime(2020, 3, 2, tzinfo=UTC)
    office.session.commit()
    return talk


def night(session, now=NOW):
    found = old_talks.nightly(session, now)
    session.commit()
    jobs = session.scalars(select(m.Job).where(m.Job.kind == retention.JOB)).all()
    done = [retention.erase_due(session, job.payload) for job in jobs]
    session.commit()
    session.expire_all()
    return found, done


@both_engines
def test_a_chat_about_nothing_has_a_time_of_its_own(office, session):
    talk = quiet(office)
    assert night(session, talk.last_at + timedelta(days=600, hours=20)) == (0, [])
    assert old_talks.nightly(session, NOW.replace(hour=8)) == 0
    assert night(session) == (1, [True])
    assert talk.erased_at
    assert STORY not in told(session)
    line = session.scalars(select(m.Erasure)).one()
    assert (line.subject_table, line.ground) == ("conversation", old_talks.CLASS)


def test_a_chat_about_something_or_not_yet_done_is_kept(office, session):
    about = quiet(office)
    conversations.link(session, about, office.cast.sari, case=office.case(CaseStatus.handling))
    waiting = chat(office, "+6281299990003")
    session.commit()
    assert night(session) == (0, [])
    assert about.erased_at is None
    assert waiting.erased_at is None


def test_who_writes_again_before_the_erasure_is_kept(office, session):
    talk = quiet(office)
    assert old_talks.nightly(session, NOW) == 1
    conversations.take_in(session, talk, Incoming("Halo lagi", NOW), NOW)
    session.commit()
    job = session.scalars(select(m.Job).where(m.Job.kind == retention.JOB)).one()
    assert not retention.erase_due(session, job.payload)
    assert talk.erased_at is None


def test_a_restored_chat_is_erased_anew(office, session):
    talk = quiet(office)
    key = talk.uuid
    line = erasures.Line(
        "6f0e0c52-7d7a-4a57-9f4b-1d2c3e4f5a6b", "conversation", str(key), old_talks.CLASS,
        NOW.isoformat(),
    )  # fmt: skip
    erasures.note(line)
    assert erasing.replay(session, erasures.lines()) == 1
    session.commit()
    assert session.get(m.Conversation, talk.id).erased_at


def test_notes_of_shifts_and_visits_do_not_stay_for_ever(office, session, cast):
    session.add_all(
        [
            m.HandOver(by=cast.sari, at=office.now, items=[], note=STORY),
            m.Visit(day=office.now.date(), queue_number=7, arrived_at=office.now, note=STORY),
        ]
    )
    session.commit()
    old_talks.tidy(session, office.now + timedelta(days=300))
    session.commit()
    assert told(session).count(STORY) == 2
    old_talks.tidy(session, NOW)
    session.commit()
    session.expire_all()
    assert STORY not in told(session)
