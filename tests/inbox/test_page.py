"""The page of a conversation: taken, answered, noted, and never in two hands unseen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    ContactAttempt,
    Conversation,
    Direction,
    Message,
    Sending,
    SendState,
    TalkState,
)
from portal.casework import conversations, talk_acts
from portal.casework.conversations import Incoming
from tests.inbox.conftest import Write
from tests.screens.generated.desk import Desk
from tests.support.cast import Cast

INBOX = "/admin/conversation/"
At = Callable[..., Desk]


def page_of(talk: Conversation) -> str:
    return f"{INBOX}details/?id={talk.id}"


def act(desk: Desk, talk: Conversation, name: str, **answers: Any) -> Any:
    return desk.fill(f"{INBOX}tindakan/{name}/?id={talk.id}", **answers)


def say(desk: Desk, talk: Conversation, text: str, **more: Any) -> Any:
    data = {"balas-body": text, "balas-seen": "0", **more}
    return desk.post(f"{INBOX}balas/?id={talk.id}", data)


def fresh(session: Session, talk: Conversation) -> Conversation:
    session.rollback()
    session.refresh(talk)
    return talk


def test_sari_takes_it_answers_and_ends_it(session: Session, write: Write, desk: At) -> None:
    talk, at = write("Aman untuk membalas?"), desk()
    assert "Ambil" in at.get(page_of(talk)).text
    assert act(at, talk, "take").status_code == 303
    assert fresh(session, talk).owner.username == "petugas" and talk.state is TalkState.open
    answer = say(at, talk, "Terima kasih, kami membaca pesan ini.")
    assert answer.status_code == 303
    assert fresh(session, talk).state is TalkState.waiting and talk.waiting_since is None
    assert session.scalars(select(Sending)).one().status is SendState.queued
    assert act(at, talk, "finish").status_code == 303
    page = at.get(page_of(talk)).text
    assert fresh(session, talk).state is TalkState.done
    assert "Menunggu dikirim" in page and "Diambil Sari Wulandari." in page


def test_an_attempt_in_a_conversation_has_a_page(session: Session, write: Write, desk: At) -> None:
    """Though it is about no report or case yet, where somebody is reached again."""
    talk, at = write(), desk()
    act(at, talk, "take")
    say(at, talk, "Terima kasih, kami membaca pesan ini.")
    session.rollback()
    attempt = session.scalars(select(ContactAttempt)).one()
    page = at.get(f"/admin/contact_attempt/details/?id={attempt.id}")
    assert page.status_code == 200 and "Hubungi lagi" not in page.text
    done = at.post(f"/admin/contact_attempt/hasil/?id={attempt.id}", {"outcome": "terkirim"})
    assert done.location == page_of(talk) or done.status_code == 422


def test_only_whoever_has_it_answers(session: Session, write: Write, desk: At) -> None:
    talk = write()
    act(desk(), talk, "take")
    budi = desk("supervisor")
    answer = say(budi, talk, "Saya jawab saja")
    assert answer.status_code == 409 and "Ambil alih percakapan ini" in answer.text
    assert "Saya jawab saja" in answer.text  # what was typed is not lost
    assert act(budi, talk, "take_over", reason="Sari sedang cuti").status_code == 303
    assert say(budi, talk, "Saya teruskan, ya").status_code == 303
    notices = desk().get("/admin/notice/").text
    assert "Percakapan Anda diambil alih rekan" in notices and "cuti" not in notices


def test_a_message_that_came_meanwhile_is_shown_before_the_answer_leaves(
    session: Session, write: Write, desk: At
) -> None:
    talk, at = write("Halo"), desk()
    act(at, talk, "take")
    seen = session.scalar(select(Message.id).where(Message.conversation_id == talk.id))
    write("Jangan balas, dia di sini")
    answer = say(at, talk, "Baik, kami jelaskan", **{"balas-seen": str(seen)})
    assert answer.status_code == 409
    assert "Ada pesan baru sejak halaman ini dibuka" in answer.text
    assert "Jangan balas, dia di sini" in answer.text and "Baik, kami jelaskan" in answer.text
    assert session.scalar(select(Sending)) is None


def test_against_the_agreement_only_with_a_reason(session: Session, write: Write, desk: At) -> None:
    talk, at = write(at=datetime.now(UTC) - timedelta(hours=2)), desk()
    act(at, talk, "take")
    text = "Laporan kekerasan Ibu sudah kami terima di kantor kami"
    answer = say(at, talk, text)
    assert answer.status_code == 409 and "Tuliskan alasannya bila tetap perlu." in answer.text
    assert text in answer.text
    assert say(at, talk, text, **{"balas-reason": "Ia meminta lewat telepon"}).status_code == 303


def test_after_a_day_only_a_template_leaves(session: Session, write: Write, desk: At) -> None:
    talk, at = write(at=datetime.now(UTC) - timedelta(hours=25)), desk()
    act(at, talk, "take")
    page = at.get(page_of(talk)).text
    assert "hanya templat yang dapat dikirim" in page
    assert say(at, talk, "Halo lagi").status_code == 409


def test_a_note_is_never_part_of_what_the_other_side_reads(
    session: Session, write: Write, desk: At
) -> None:
    talk, at = write(), desk()
    answer = at.post(f"{INBOX}catatan/?id={talk.id}", {"catatan-body": "Suaminya polisi"})
    assert answer.status_code == 303
    session.rollback()
    note = session.scalars(select(Message).where(Message.author_id.is_not(None))).one()
    assert note.direction is Direction.internal and session.scalar(select(Sending)) is None
    assert fresh(session, talk).waiting_since is not None  # a note answers nobody


def test_looking_again_by_itself_is_no_new_look(session: Session, write: Write, desk: At) -> None:
    talk, at = write(), desk()
    at.get(page_of(talk))
    before = looks(session, talk)
    for _once in range(3):
        assert at.get(f"{INBOX}percakapan/?id={talk.id}").status_code == 200
    assert looks(session, talk) == before == 1


def looks(session: Session, talk: Conversation) -> int:
    session.rollback()
    wanted = (AuditEntry.subject_table == "conversation", AuditEntry.subject_id == talk.id)
    return len(
        session.scalars(select(AuditEntry).where(*wanted, AuditEntry.event == "viewed")).all()
    )


def test_asking_for_the_thread_without_having_opened_it_is_noted(
    session: Session, write: Write, desk: At
) -> None:
    talk = write()
    desk().get(f"{INBOX}percakapan/?id={talk.id}")
    assert looks(session, talk) == 1


def test_what_was_put_off_wakes_when_somebody_writes_or_the_time_comes(
    session: Session, write: Write, desk: At, cast: Cast
) -> None:
    talk, at = write(), desk()
    act(at, talk, "take")
    assert act(at, talk, "snooze", later="3", reason="Menunggu berkas").status_code == 303
    assert talk.number not in at.get(f"{INBOX}?tampilan=menunggu").text
    assert talk.number in at.get(f"{INBOX}?tampilan=ditunda").text
    write("Berkasnya sudah ada")
    assert fresh(session, talk).snooze_until is None
    act(at, talk, "snooze", later="1", reason="Rapat")
    fresh(session, talk)
    assert talk_acts.wake_due(session, datetime.now(UTC)) == 0
    assert talk_acts.wake_due(session, datetime.now(UTC) + timedelta(hours=2)) == 1
    assert talk.snooze_until is None and session.scalar(select(Sending)) is None


def test_two_agree_that_it_is_no_complaint_and_a_word_brings_it_back(
    session: Session, write: Write, desk: At
) -> None:
    talk, sari, ratna = write("Jual pulsa murah"), desk(), desk("petugas2")
    act(sari, talk, "dismiss", reason="Iklan")
    assert talk.number in sari.get(INBOX).text
    assert act(sari, talk, "agree").status_code == 409  # not oneself
    assert act(ratna, talk, "agree").status_code == 303
    assert talk.number not in sari.get(INBOX).text
    assert talk.number in sari.get(f"{INBOX}?tampilan=bukan").text
    write("Tolong saya")
    assert talk.number in sari.get(INBOX).text
    assert fresh(session, talk).dismissed_at is None


def test_a_late_message_says_when_it_was_written(session: Session, write: Write, desk: At) -> None:
    talk = write()
    long_ago = datetime.now(UTC) - timedelta(days=6)
    conversations.take_in(session, talk, Incoming("Tolong", long_ago), datetime.now(UTC))
    session.commit()
    assert "terlambat diterima" in desk().get(page_of(talk)).text
